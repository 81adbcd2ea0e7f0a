"""An event's text in the user's editor: whatever happens while it is open, the text is not lost."""

from __future__ import annotations

import json
import os
import re
import signal
import time
from functools import partial
from itertools import count
from pathlib import Path
from types import SimpleNamespace

import pytest

from ilocal.terminal import editor
from tests.support.cli import Ilocal
from tests.support.editor import read_kept_text, write_editor
from tests.support.processes import start_command, wait_for_result
from tests.support.registry import FOUR_EVENTS
from tests.support.terminal import Talk

HEARS = r"""
signal.signal(signal.SIGINT, lambda *_: os.write(1, b"HEARD\n"))
signal.signal(signal.SIGQUIT, lambda *_: os.write(1, b"HEARD\n"))
print("OPEN")
while not pathlib.Path("go").exists():
    time.sleep(0.01)
text = text.replace("Hà Nội", "Huế")
"""


@pytest.fixture
def talk(talk: Talk) -> Talk:
    """On a terminal that is wide enough for the path of a temporary file."""
    return partial(talk, COLUMNS="400")


@pytest.mark.long
@pytest.mark.parametrize("key", ["\x03", "\x1c"])
def test_ctrl_c_is_the_editors_own(registry: Path, tmp_path: Path, talk: Talk, key: str) -> None:
    dialogue = talk("edit", "hop", editor=HEARS)
    dialogue.see("OPEN\n")
    for _ in range(3):
        dialogue.press(key)
        dialogue.see("HEARD\n")
    (tmp_path / "go").touch()
    assert dialogue.end() == (0, "", "2020-hop: changed location (Hà Nội → Huế)\n")
    assert 'location = "Huế"' in registry.read_text(encoding="utf-8")
    assert not list(tmp_path.glob("ilocal-*"))


@pytest.mark.long
def test_an_editor_that_ctrl_c_ends_leaves_its_text_and_that_is_said(
    registry: Path, tmp_path: Path, talk: Talk
) -> None:
    dialogue = talk(
        "edit", "hop", editor="path.write_text('half'); signal.signal(2, signal.SIG_DFL); print('OPEN'); time.sleep(60)"
    )
    dialogue.see("OPEN\n")
    dialogue.press("\x03")
    code, _, said = dialogue.end()
    assert code == 130
    assert said.startswith("^Cilocal: the editor was interrupted; nothing was changed; your text is in ")
    assert read_kept_text(tmp_path) == "half"
    assert registry.read_text(encoding="utf-8") == FOUR_EVENTS


@pytest.mark.long
def test_what_ctrl_c_does_afterwards_is_as_before(registry: Path, tmp_path: Path, talk: Talk) -> None:
    dialogue = talk("edit", "hop", editor="text = text.replace('confirmed', 'sure')")
    dialogue.see("[e]dit again, or [k]eep the text in a file and stop? ")
    dialogue.interrupt()
    code, _, said = dialogue.end()
    assert code == 130
    assert "nothing was changed; your text is in " in said
    assert '"sure"' in read_kept_text(tmp_path)


@pytest.mark.long
@pytest.mark.parametrize(("what", "code"), [("int", 130), ("EIO", 3)])
def test_a_save_that_is_broken_off_leaves_the_text(
    process: Ilocal, registry: Path, tmp_path: Path, what: str, code: int
) -> None:
    editor = write_editor(tmp_path, "text = text.replace('12', '13')")
    env = {"EDITOR": editor, "TMPDIR": str(tmp_path), "ILOCAL_FAILPOINT": f"synced:{what}"}
    result = process("edit", "hop", env=env)
    assert (result.code, "your text is in " in result.err) == (code, True), result.err
    assert "room = 13" in read_kept_text(tmp_path)
    assert registry.read_text(encoding="utf-8") == FOUR_EVENTS


@pytest.mark.long
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_that_ends_ilocal_leaves_the_editor_open_and_names_its_text(
    registry: Path, tmp_path: Path, talk: Talk, number: int
) -> None:
    dialogue = talk(
        "edit",
        "hop",
        editor="signal.signal(1, signal.SIG_IGN); print('OPEN', os.getpid(), '.')\nwhile not pathlib.Path('go').exists(): time.sleep(0.01)\ntext = 'mine'",
    )
    editor = int(dialogue.see(" .\n").split()[1])
    dialogue.process.send_signal(number)
    dialogue.see("ilocal: ilocal stopped while the editor is still open; your text is in ")
    assert dialogue.process.wait(30) == 128 + number
    os.kill(editor, 0)  # it lives
    (tmp_path / "go").touch()
    until = time.monotonic() + 60
    while read_kept_text(tmp_path) != "mine":
        assert time.monotonic() < until
        time.sleep(0.01)
    assert registry.read_text(encoding="utf-8") == FOUR_EVENTS


@pytest.mark.long
def test_a_closed_window_leaves_the_text_that_was_saved(registry: Path, tmp_path: Path, talk: Talk) -> None:
    dialogue = talk("edit", "hop", editor="path.write_text('saved'); print('OPEN'); time.sleep(60)")
    dialogue.see("OPEN\n")
    dialogue.hang_up()
    assert dialogue.process.wait(30) != 0
    assert read_kept_text(tmp_path) == "saved"
    assert registry.read_text(encoding="utf-8") == FOUR_EVENTS


@pytest.mark.long
@pytest.mark.parametrize(
    ("command", "message"),
    [
        ("/no/such/editor", "/no/such/editor: no such file or directory"),
        ("no-such-editor -w", "no-such-editor -w: no such file or directory"),
        ("/", "/: permission denied"),
    ],
)
def test_an_editor_that_cannot_be_started(
    process: Ilocal, registry: Path, tmp_path: Path, command: str, message: str
) -> None:
    result = process("edit", "hop", env={"EDITOR": command, "TMPDIR": str(tmp_path)})
    assert result == (2, "", f"ilocal: {message}\nhint: set the environment variable VISUAL or EDITOR to your editor\n")
    assert not list(tmp_path.glob("ilocal-*"))


@pytest.mark.long
def test_the_command_line_of_an_editor_may_have_arguments_and_quotes(
    process: Ilocal, registry: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "my editors"
    folder.mkdir()
    where = write_editor(folder, "assert sys.argv[1:-1] == ['-n', 'a b'], sys.argv\ntext = text.replace('12', '13')")
    command = where.replace(str(folder), f"'{folder}") + '\' -n "a b"'
    assert process("edit", "hop", env={"VISUAL": command, "EDITOR": "false"}).err == "2020-hop: changed extra\n"
    assert process("edit", "hop", env={"VISUAL": " ", "EDITOR": ""}).err.startswith("ilocal: no editor found\n")


@pytest.mark.long
def test_an_editor_may_replace_the_file_and_leave_others_beside_it(
    process: Ilocal, registry: Path, tmp_path: Path
) -> None:
    code = (
        "new = path.with_name('new')\nnew.write_bytes(b'\\xef\\xbb\\xbf' + text.replace('12', '13').encode())\n"
        "path.with_name(path.name + '~').write_text(text)\nnew.replace(path)\nsys.exit()"
    )
    env = {"EDITOR": write_editor(tmp_path, code), "TMPDIR": str(tmp_path)}
    assert process("edit", "hop", env=env) == (0, "", "2020-hop: changed extra\n")
    assert registry.read_text(encoding="utf-8").count("room = 13") == 1
    assert not list(tmp_path.glob("ilocal-*"))


@pytest.mark.long
@pytest.mark.parametrize("code", ["text = ''", "text = ' \\n'", "path.unlink(); sys.exit()"])
@pytest.mark.parametrize("command", [("edit", "hop"), ("add", "Mới", "--edit")])
def test_an_empty_text_is_refused(
    process: Ilocal, registry: Path, tmp_path: Path, code: str, command: tuple[str, ...]
) -> None:
    assert process(*command, env={"EDITOR": write_editor(tmp_path, code), "TMPDIR": str(tmp_path)}) == (
        2,
        "",
        "ilocal: the text is empty; nothing was changed\n",
    )
    assert registry.read_text(encoding="utf-8") == FOUR_EVENTS
    assert not list(tmp_path.glob("ilocal-*"))


@pytest.mark.long
@pytest.mark.promise("P11")
@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("path.mkdir()", "expected a file, found a folder"),
        ("os.mkfifo(path)", "not a regular file"),
        ("path.symlink_to('/dev/zero')", "not a regular file"),
        ("path.symlink_to('/dev/null')", "not a regular file"),
    ],
)
@pytest.mark.parametrize("command", [("edit", "hop"), ("add", "Mới", "--edit")])
def test_what_is_no_file_any_more_is_said_with_its_place(
    process: Ilocal, registry: Path, tmp_path: Path, code: str, said: str, command: tuple[str, ...]
) -> None:
    code = f"path.rename(path.with_name('mine.txt'))\n{code}\nsys.exit()"
    result = process(*command, env={"EDITOR": write_editor(tmp_path, code), "TMPDIR": str(tmp_path)})
    (path,) = tmp_path.glob("ilocal-*/*.toml")
    hint = f"hint: nothing was changed; your text is in {path}"
    assert result == (2, "", f"ilocal: {path}: {said}\n{hint}\n")
    assert path.with_name("mine.txt").exists()
    assert registry.read_text(encoding="utf-8") == FOUR_EVENTS


@pytest.mark.process
@pytest.mark.long
@pytest.mark.parametrize(
    ("blocks", "said"),
    [
        (
            "0",
            "there is no writable folder for temporary files\nhint: set the environment variable TMPDIR to a writable folder",
        ),
        ("1", "PATH: file too large"),
    ],
)
def test_where_there_is_no_room_for_the_text_no_editor_is_opened(
    registry: Path, tmp_path: Path, blocks: str, said: str
) -> None:
    registry.write_text(FOUR_EVENTS.replace('"Hà Nội"', f'"{"Hà Nội, " * 300}"'), encoding="utf-8")
    (tmp_path / "t").mkdir()
    env = {"EDITOR": write_editor(tmp_path, "print('OPEN')"), "TMPDIR": str(tmp_path / "t")}
    full = ("sh", "-c", f'ulimit -f {blocks}; exec "$@"', "sh")
    code, out, err = wait_for_result(start_command(tmp_path, "edit", "hop", wrapper=full, env=env))
    assert (code, out) == (2, "")
    assert re.sub(r"/\S+/t/ilocal-\w+/2020-hop\.toml", "PATH", err) == f"ilocal: {said}\n"
    assert list((tmp_path / "t").iterdir()) == []


AT_ONCE = 'hint: the editor exited immediately; if it opens a window of its own, make it wait: VISUAL="code --wait"\n'


def set_editing_time(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    """Let the clock of the editor say that it was open so long, however fast this machine is."""
    monkeypatch.setattr(editor, "time", SimpleNamespace(monotonic=partial(next, count(0.0, seconds))))


def test_an_editor_that_comes_back_at_once_and_changed_nothing(
    ilocal: Ilocal, registry: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDITOR", "true")
    set_editing_time(monkeypatch, 0.9)
    assert ilocal("edit", "hop") == (0, "", AT_ONCE + "2020-hop: nothing to change\n")
    set_editing_time(monkeypatch, 1.1)
    assert ilocal("edit", "hop") == (0, "", "2020-hop: nothing to change\n")
    assert registry.read_text(encoding="utf-8") == FOUR_EVENTS


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_who_leaves_vi_without_a_change_is_told_how_to_save(
    ilocal: Ilocal, registry: Path, tmp_path: Path, lang: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    vi = tmp_path / "vi"
    vi.write_text("#!/bin/sh\n", encoding="utf-8")
    vi.chmod(0o755)
    monkeypatch.setenv("EDITOR", str(vi))
    set_editing_time(monkeypatch, 1.1)
    said = {
        "en": "2020-hop: nothing to change\nhint: vi saves and ends with :wq; for another editor: export EDITOR=nano\n",
        "vi": "2020-hop: không có gì để sửa\n"
        "gợi ý: trong vi, gõ :wq để lưu và thoát; để dùng trình soạn thảo khác: export EDITOR=nano\n",
    }[lang]
    assert ilocal("--lang", lang, "edit", "hop") == (0, "", said)


@pytest.mark.long
def test_what_an_editor_prints_is_no_answer_of_ours(process: Ilocal, registry: Path, tmp_path: Path) -> None:
    editor = write_editor(tmp_path, "print('noise')\ntext = text.replace('title = \"\"', 'title = \"Mới\"')")
    assert process("add", "--edit", env={"EDITOR": editor}) == (0, "tba-moi\n", "noise\n")


@pytest.mark.long
def test_at_a_terminal_a_usual_editor_is_taken_where_none_is_named(registry: Path, tmp_path: Path, talk: Talk) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "nano").write_text(
        f'#!/bin/sh\nexec {write_editor(tmp_path, "text = text.replace(chr(49), chr(50))")} "$@"\n'
    )
    (tmp_path / "bin" / "nano").chmod(0o755)
    dialogue = talk("edit", "hop", PATH=str(tmp_path / "bin"))
    assert dialogue.end() == (0, "", "2020-hop: changed extra\n")


BROKEN = "text = text.replace('\"confirmed\"', '\"sure\"')"


@pytest.mark.long
def test_a_wrong_text_is_opened_again_with_the_error_above_it_until_it_is_right(
    registry: Path, tmp_path: Path, talk: Talk
) -> None:
    code = """
(pathlib.Path(__file__).parent / f"seen{len(list(pathlib.Path(__file__).parent.glob('seen*')))}").write_text(text)
if 'ilocal' not in text: text = text.replace('Hà Nội', 'Huế').replace('"confirmed"', '"sure')
elif 'quote' in text: text = text.replace('status = "sure\\n', 'status = "sure"\\n')
elif 'unknown' in text: text = text.replace('"sure"\\n', '"tentative"\\n').replace('2020-hop', '2020-khao-sat')
else: text = text.replace('2020-khao-sat', '2020-hop')
"""
    dialogue = talk("edit", "hop", editor=code)
    asked = "[e]dit again, or [k]eep the text in a file and stop? "
    errors = [
        'line 9: status: the closing quote is missing: status = "sure"',
        'line 9: status: unknown status "sure" (tentative, confirmed, cancelled, postponed)',
        'there is already an event "2020-khao-sat"',
    ]
    for error in errors:
        assert dialogue.see(asked).endswith(f"ilocal: {error}\n{asked}")
        dialogue.type("e")
    assert dialogue.end()[::2] == (0, "e\n2020-hop: changed location (Hà Nội → Huế), status (confirmed → tentative)\n")
    for n, error in enumerate(errors, 1):
        seen = (tmp_path / f"seen{n}").read_text(encoding="utf-8")
        assert seen.startswith(f"# ilocal: {error}\n# Attached to the meeting.\n[[event]]\n")
        assert seen.count("# ilocal") == 1
    text = registry.read_text(encoding="utf-8")
    stamps = "updated = 2020-02-20T00:00:00+07:00\nrevision = 1\n"
    assert text == FOUR_EVENTS.replace("Hà Nội", "Huế").replace('"confirmed"\n', f'"tentative"\n{stamps}')


@pytest.mark.long
def test_the_text_can_be_kept_in_a_file(registry: Path, tmp_path: Path, talk: Talk) -> None:
    dialogue = talk("edit", "hop", editor=BROKEN)
    dialogue.see("stop? ")
    dialogue.type("x")  # neither of both: it asks again
    dialogue.see("stop? ")
    dialogue.type("keep")
    code, _, said = dialogue.end()
    (path,) = tmp_path.glob("ilocal-*/2020-hop.toml")
    assert (code, said) == (2, f"keep\nilocal: nothing was changed\nhint: your text is in {path}\n")
    assert read_kept_text(tmp_path).startswith("# ilocal: line 9: status: unknown status")
    assert '"sure"' in read_kept_text(tmp_path)
    assert registry.read_text(encoding="utf-8") == FOUR_EVENTS


@pytest.mark.long
@pytest.mark.promise("P8")
def test_where_there_is_no_room_for_the_error_the_text_stays_as_it_was_saved(
    registry: Path, tmp_path: Path, talk: Talk
) -> None:
    editor = f"{BROKEN}; (path.parent / f'.{{path.name}}.new').mkdir()"  # where the text with the error would go
    code, _, said = talk("edit", "hop", editor=editor).end()
    (path,) = tmp_path.glob("ilocal-*/*.toml")
    assert code == 2
    assert said.startswith(f"ilocal: {path}: is a directory\nilocal: line 9: status: unknown status")
    assert f"\nhint: nothing was changed; your text is in {path}\n" in said
    assert "# ilocal" not in read_kept_text(tmp_path)
    assert '"sure"' in read_kept_text(tmp_path)
    assert registry.read_text(encoding="utf-8") == FOUR_EVENTS


@pytest.mark.long
@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("[[event]]\ntitle = 'A'\n", "expected one [[event]] block and nothing else"),
        ("[registry]\ntitle = 'A'\n", "expected one [[event]] block and nothing else"),
        ("[[event]]\ntitle =\n", "line 10: title: the field has no value; leave the line out"),
    ],
)
@pytest.mark.parametrize("command", [("edit", "hop"), ("add", "Mới", "--edit")])
def test_more_than_one_event_is_a_wrong_text_like_any_other(
    process: Ilocal, registry: Path, tmp_path: Path, more: str, said: str, command: tuple[str, ...]
) -> None:
    editor = write_editor(tmp_path, f"text += {more!r}")
    result = process(*command, env={"EDITOR": editor, "TMPDIR": str(tmp_path)})
    assert (result.code, result.out) == (2, "")
    assert re.sub(r"line \d+", "line 10", result.err).startswith(f"ilocal: {said}")
    assert "nothing was changed; your text is in " in result.err
    assert more in read_kept_text(tmp_path)
    assert registry.read_text(encoding="utf-8") == FOUR_EVENTS


@pytest.mark.long
def test_in_vietnamese_the_letters_are_those_of_its_words(registry: Path, tmp_path: Path, talk: Talk) -> None:
    dialogue = talk("--lang", "vi", "edit", "hop", editor=BROKEN)
    dialogue.see("[s]ửa tiếp, hay [g]iữ văn bản trong một tệp rồi dừng? ")
    dialogue.type("s")
    dialogue.see("dừng? ")
    dialogue.type("g")
    assert dialogue.end()[0] == 2
    assert '"sure"' in read_kept_text(tmp_path)


@pytest.mark.long
def test_a_text_that_is_not_utf8_is_not_lost(registry: Path, tmp_path: Path, talk: Talk) -> None:
    code = "if 'ilocal' in path.read_bytes().decode('latin-1'): sys.exit()\npath.write_bytes(path.read_bytes().replace('Hà'.encode(), b'H\\xe0'))\nsys.exit()"
    dialogue = talk("edit", "hop", editor=code.replace("if ", "if ", 1), PYTHONUTF8="1")
    dialogue.see("ilocal: the text is not UTF-8; nothing was changed\n")
    dialogue.see("stop? ")
    dialogue.type("k")
    assert dialogue.end()[0] == 2
    (path,) = tmp_path.glob("ilocal-*/*.toml")
    assert b"H\xe0 N" in path.read_bytes()


@pytest.mark.long
def test_a_comment_of_the_owners_that_looks_like_ours_stays(registry: Path, tmp_path: Path, talk: Talk) -> None:
    registry.write_text(FOUR_EVENTS.replace("# Attached", "# ilocal: ours\n# Attached"), encoding="utf-8")
    code = (
        "text = text.replace('\"confirmed\"', '\"sure\"') if 'sure' not in text else text.replace('sure', 'tentative')"
    )
    dialogue = talk("edit", "hop", editor=code)
    dialogue.see("stop? ")
    dialogue.type("e")
    assert dialogue.end()[0] == 0
    assert registry.read_text(encoding="utf-8").count("# ilocal: ours\n# Attached") == 1


@pytest.mark.long
def test_a_text_whose_event_was_changed_meanwhile_is_kept(registry: Path, tmp_path: Path, talk: Talk) -> None:
    code = f"p = pathlib.Path({str(registry)!r}); p.write_text(p.read_text().replace('Hà Nội', 'Huế'))\ntext = text.replace('12', '13')"
    code_, _, said = talk("edit", "hop", editor=code).end()
    assert code_ == 5
    assert said.startswith(
        'ilocal: "2020-hop" was changed by another program; nothing was changed\nhint: nothing was changed; your text is in '
    )
    assert "room = 13" in read_kept_text(tmp_path)


@pytest.mark.long
def test_add_in_the_editor_asks_again_as_well(registry: Path, tmp_path: Path, talk: Talk) -> None:
    code = "text = text.replace('title = \"\"', 'title = \"Diễn đàn lao động\"\\nstart = 2019-11-05') if 'ilocal' not in text else text.replace('2019-11-05', '2019-12-05')"
    dialogue = talk("add", "--edit", editor=code, piped=True)
    assert 'ilocal: a similar event already exists: "2019-dien-dan"' in dialogue.see("stop? ")
    dialogue.type("e")
    assert dialogue.end() == (0, "2019-dien-dan-lao-dong\n", "e\n")


def test_edit_without_options_opens_the_editor_on_the_events_own_lines(
    process: Ilocal, registry: Path, tmp_path: Path
) -> None:
    code = "assert text.startswith('# Attached'), text\ntext = text.replace('Hà Nội', 'Huế').replace('room = 12', 'room = 13')"
    assert process("edit", "hop", env={"EDITOR": write_editor(tmp_path, code)}) == (
        0,
        "",
        "2020-hop: changed location (Hà Nội → Huế), extra\n",
    )
    stamps = "updated = 2020-02-20T00:00:00+07:00\nrevision = 1\n"
    assert registry.read_text(encoding="utf-8") == FOUR_EVENTS.replace("Hà Nội", "Huế").replace(
        "room = 12", f"{stamps}room = 13"
    )


@pytest.mark.parametrize("code", ["text = text.replace('\"confirmed\"', '\"sure\"')", "text += 'x = '", "sys.exit(1)"])
def test_what_does_not_parse_is_refused_and_the_text_kept(
    process: Ilocal, registry: Path, tmp_path: Path, code: str
) -> None:
    result = process("edit", "hop", env={"EDITOR": write_editor(tmp_path, code), "TMPDIR": str(tmp_path)})
    assert result.code in (2, 3)
    assert "your text is in" in result.err
    assert registry.read_text(encoding="utf-8") == FOUR_EVENTS
    (kept,) = tmp_path.glob("ilocal-*/2020-hop.toml")
    assert str(kept) in result.err


def test_a_change_while_the_editor_was_open_is_not_lost(process: Ilocal, registry: Path, tmp_path: Path) -> None:
    other = f"import subprocess\nsubprocess.run([sys.executable, '-m', 'ilocal', 'edit', 'hop', '--location', 'Huế'], cwd={str(tmp_path)!r})"
    result = process(
        "edit",
        "hop",
        env={"EDITOR": write_editor(tmp_path, other + "\ntext = text.replace('12', '13')"), "TMPDIR": str(tmp_path)},
    )
    assert result.code == 5
    assert "was changed by another program" in result.err
    assert "your text is in" in result.err
    text = registry.read_text(encoding="utf-8")
    assert 'location = "Huế"' in text
    assert "room = 12" in text


def test_an_editor_keeps_the_id_and_comments_count(process: Ilocal, registry: Path, tmp_path: Path) -> None:
    assert (
        process(
            "edit", "hop", env={"EDITOR": write_editor(tmp_path, "text = text.replace('id = \"2020-hop\"\\n', '')")}
        ).code
        == 2
    )
    assert registry.read_text(encoding="utf-8") == FOUR_EVENTS
    assert process(
        "edit", "hop", env={"EDITOR": write_editor(tmp_path, "text = text.replace('Attached', 'Belongs')")}
    ).err == ("2020-hop: changed comments\n")
    assert registry.read_text(encoding="utf-8") == FOUR_EVENTS.replace("Attached", "Belongs")
    assert process("edit", "hop", env={"EDITOR": 'vi "'}).err == 'ilocal: vi ": no closing quotation\n'
    assert "nothing was added" in process("add", "Mới", "--edit", env={"EDITOR": "true"}).err


def test_add_in_the_editor(process: Ilocal, registry: Path, tmp_path: Path) -> None:
    code = "text = text.replace('title = \"\"', 'title = \"Mới\"').replace('# location =', 'location = \"Huế\"')"
    assert process("add", "--edit", env={"EDITOR": write_editor(tmp_path, code)}) == (0, "tba-moi\n", "")
    assert json.loads(process("show", "tba-moi", "-f", "jsonl").out)["location"] == "Huế"
    assert process("add", "--edit").err.startswith("ilocal: no editor found\n")
