"""Completion: what the program tells the scripts of the shells, and what real shells make of it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ilocal import cli
from ilocal.completion.quotes import quoted, split
from ilocal.completion.shells import cells, names, script
from ilocal.text import fold, slug
from ilocal.workspace import Workspace
from tests.conftest import FOUR, Ilocal, environment
from tests.index.test_index import fresh_folder
from tests.support import strategies
from tests.support.shells import needs, shell

pytestmark = [pytest.mark.usefixtures("registry"), pytest.mark.long]


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def offered(*words: str) -> list[str]:
    """What zsh is told, the last word being typed: its kind, then each word, `|` and how it is shown."""
    return cli.completed("zsh", ["100", *words]).replace("\t", "|").splitlines()


def values(*words: str) -> list[str]:
    return [line.partition("\t")[0] for line in cli.completed("zsh", ["100", *words]).splitlines()[1:]]


# ------------------------------------------------------------------------------------------------ commands and options


def test_commands_stand_beside_their_help() -> None:
    assert [line for line in offered("") if line[:2] in ("va", "li", "un")] == [
        "values",
        "list|list      List events by month, newest first",
        "undo|undo      Take back the last thing that ilocal wrote, or the one with a number; an undo can be und…",
    ]
    assert values("s") == [name for name in sorted(cli.modules()) if name.startswith("s")]


def test_help_is_in_the_language_of_the_line(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "cancelled|cancelled" in offered("list", "--status", "c")
    assert "cancelled|cancelled  đã hủy" in offered("--lang", "vi", "list", "--status", "c")
    assert "cancelled|cancelled  đã hủy" in offered("--lang=vi", "list", "--status", "c")
    monkeypatch.setenv("ILOCAL_LANG", "vi")
    assert "2020-02|2020-02  Tháng Hai 2020" in offered("list", "--month", "")


def test_what_stats_counts_by_is_said_in_the_language_of_the_line() -> None:
    assert offered("stats", "--by", "") == ["values", *(f"{name}|{name}" for name in values("stats", "--by", ""))]
    assert [line.split("|")[1].split(maxsplit=1) for line in offered("--lang", "vi", "stats", "--by", "")[1:]] == [
        ["month", "Tháng"], ["year", "Năm"], ["kind", "Loại"], ["project", "Dự án"], ["topic", "Chủ đề"],
        ["organizer", "Đơn vị tổ chức"], ["location", "Địa điểm"], ["status", "Tình trạng"],
    ]  # fmt: skip


def test_options_are_offered_until_they_are_given() -> None:
    assert offered("list", "--on") == [
        "values",
        "--on|--on    On this day, or in these days",
        "--once|--once  What recurs as one event, and not each time",
    ]
    assert values("list", "--once", "--on") == ["--on"]
    assert values("list", "--topic", "CSR", "--top") == ["--topic"]
    assert values("-r") == ["-r"]
    assert {"-n", "--limit", "-h", "--help"} <= set(values("list", "-"))
    assert "-n" not in values("list", "--")
    assert "--from" in values("list", "")  # a command without arguments goes on with options
    assert offered("list", "--", "--o") == ["values"]
    assert "--topic" not in values("--")


def test_values_of_options() -> None:
    assert values("--lang", "") == ["vi", "en"]
    assert values("--color=a") == ["--color=auto", "--color=always"]
    assert values("list", "--sort", "") == ["date", "title", "id", "updated"]
    assert values("list", "--status", "") == ["tentative", "confirmed", "cancelled", "postponed"]
    assert values("list", "-f", "j") == ["json", "jsonl"]
    assert values("list", "-fj") == ["-fjson", "-fjsonl"]  # joined to its name
    assert "table" in values("list", "-f", "")
    assert "md" in values("export", "x", "-f", "")
    assert values("import", "-f", "") == ["csv", "ics", "json", "jsonl", "page", "toml"]
    assert values("list", "--where-missing", "lo") == ["location"]
    assert "title" not in values("edit", "hop", "--unset", "")
    assert offered("list", "--columns", "title,st") == ["values nospace", "title,start|start", "title,status|status"]
    assert values("list", "--columns", "start,when,st") == ["start,when,status"]
    assert values("list", "--month", "") == ["2020-02", "2019-11"]
    assert values("list", "--year", "20") == ["2020", "2019"]
    assert offered("search", "ti") == ["values nospace", "title:|title:  Event"]
    assert values("add", "x", "--timezone", "ho_chi") == ["Asia/Ho_Chi_Minh"]
    assert values("check", "--skip", "past") == ["past-tentative"]
    assert values("config", "la") == ["language"]
    assert values("config", "color", "a") == ["auto", "always"]
    assert values("--show-completion", "") == ["bash", "zsh", "fish"]
    assert values("add", "") == values("add", "x", "--id", "") == values("list", "--from", "") == []


def test_files_and_folders_are_left_to_the_shell() -> None:
    for words in (
        ["-r", ""],
        ["list", "-o", "x"],
        ["list", "--output=x"],
        ["import", "a.csv", ""],
        ["export", ""],
        ["add", "--jsonl", ""],
    ):
        assert offered(*words) == ["files"], words
    assert offered("split", "") == ["folders"]


# ---------------------------------------------------------------------------------------------- what the registry says


def test_names_come_from_the_registry_with_their_numbers() -> None:
    assert offered("list", "--topic", "") == [
        "values",
        "CSR|CSR              1 event",
        "lao động trẻ em|lao động trẻ em  1 event",
        "thủy sản|thủy sản         1 event",
    ]
    assert offered("list", "--topic", "THUY s") == ["values replace", "thủy sản|thủy sản  1 event"]
    assert values("list", "--topic=dong") == ["--topic=lao động trẻ em"]  # a word in it
    assert values("list", "--organizer", "bo") == values("add", "X", "--organizer", "bộ") == ["Bộ LĐTBXH"]
    assert values("list", "--location", "h") == ["Hà Nội"]
    assert values("list", "--topic", "x") == values("list", "--kind", "") == []


def test_of_names_that_are_one_to_a_filter_the_most_frequent_is_offered(registry: Path) -> None:
    more = "".join(f'[[event]]\ntitle = "{n}"\ntopics = ["Csr"]\n' for n in range(2))
    registry.write_text(FOUR + more, encoding="utf-8")
    assert offered("list", "--topic", "c") == ["values replace", "Csr|Csr  3 events"]


def test_a_topic_that_is_to_go_is_one_of_the_event() -> None:
    assert values("edit", "hop", "--add-topic", "") == ["CSR", "lao động trẻ em", "thủy sản"]
    assert values("edit", "hop", "--remove-topic", "") == ["CSR", "thủy sản"]
    assert values("edit", "hop", "--remove-topic", "t") == ["thủy sản"]
    assert values("edit", "hop", "khao", "--remove-topic", "") == ["CSR", "thủy sản", "lao động trẻ em"]
    assert values("edit", "--year", "2020", "--remove-topic", "t") == ["thủy sản"]


def test_what_is_set_is_a_field_and_what_events_have_in_it() -> None:
    assert offered("edit", "hop", "--set", "lo") == ["values nospace", "location=|location="]
    assert offered("edit", "hop", "--set", "location=ha") == ["values replace", "location=Hà Nội|Hà Nội  1 event"]
    assert values("edit", "hop", "--set=status=p") == ["--set=status=postponed"]
    assert told_bash("ilocal edit hop --set topic=lao") == ["values", "lao\\ động\\ trẻ\\ em"]


def test_handles_are_offered_with_titles_newest_first() -> None:
    assert offered("show", "") == [
        "values",
        "2020-khao-sat|2020-khao-sat  Khảo sát cuối kì về lao động trẻ em",
        '2020-hop|2020-hop       Họp "Nhóm cố vấn CSR"',
        "2019-dien-dan|2019-dien-dan  Diễn đàn Lao động",
        "tba-hoi-nghi|tba-hoi-nghi   Hội nghị Thanh tra",
    ]


@pytest.mark.parametrize(
    "typed", ["2020-k", "2020 khảo", "khao", "khảo s", "KHẢO SÁT", "sat", "sát", "trẻ em", "cuối kỳ", "lao dong tre"]
)
def test_handles_are_found_by_what_find_takes(typed: str) -> None:
    assert values("show", typed)[:1] == ["2020-khao-sat"]


def test_several_handles_are_each_named_once() -> None:
    assert values("show", "2020-hop", "20") == ["2020-khao-sat", "2019-dien-dan"]
    assert values("remove", "--yes", "2020-hop", "tba-hoi-nghi", "h") == []
    assert values("edit", "2020-hop", "k") == ["2020-khao-sat"]
    assert values("edit", "2020-hop", "2020") == ["2020-khao-sat"]


def test_the_registry_is_the_one_of_the_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "other").mkdir()
    other = tmp_path / "other" / "my events.toml"
    other.write_text('[[event]]\nid = "2021-x"\ntitle = "X"\n', encoding="utf-8")
    assert values("-r", str(other), "show", "") == ["2021-x"]
    assert values(f"--registry={other}", "show", "") == ["2021-x"]
    monkeypatch.setenv("HOME", str(tmp_path / "other"))
    assert (
        values("-r", "~/my events.toml", "show", "") == values("-r", "$HOME/my events.toml", "show", "") == ["2021-x"]
    )
    monkeypatch.setenv("ILOCAL_REGISTRY", str(other))
    assert values("show", "") == ["2021-x"]


def test_at_most_two_hundred_candidates(registry: Path) -> None:
    registry.write_text(
        "".join(f'[[event]]\ntitle = "Việc {n}"\ntopics = ["{n}"]\n' for n in range(300)), encoding="utf-8"
    )
    assert len(values("show", "")) == len(values("list", "--topic", "")) == len(values("show", "viec")) == 200


HOSTILE = ["a\tb", "a\nb", "a\u001b[31mb", "a\u202eb", "a$(touch x)`y`'\"\\!*?~#;&|<>{}[]()b", "a: b=c,%d"]


def hostile(registry: Path) -> None:
    import json

    topics = json.dumps(HOSTILE, ensure_ascii=True)
    registry.write_text(
        f'[[event]]\nid = "2020-x"\ntitle = "A\\u001b[31m\\nb\\tc"\ntopics = {topics}\n', encoding="utf-8"
    )


def test_no_control_character_is_offered(registry: Path) -> None:
    hostile(registry)
    assert values("list", "--topic", "") == [HOSTILE[5], HOSTILE[4]]
    assert offered("show", "") == ["values", "2020-x|2020-x  A\\x1b[31m b c"]


# -------------------------------------------------------------------------------------------------------- of each shell


def told_bash(line: str, mode: str = "9", width: int = 60) -> list[str]:
    return cli.completed("bash", [line, mode, " \t\n\"'@><=;|&(:", str(width)]).splitlines()


def test_bash_replaces_the_word_as_readline_sees_it() -> None:
    assert told_bash("ilocal list --topic lao") == ["values", "lao\\ động\\ trẻ\\ em"]
    assert told_bash('ilocal list --topic "lao') == ["values", "lao động trẻ em"]
    assert told_bash("ilocal list --topic='lao đ") == ["values", "lao động trẻ em"]
    assert told_bash("ilocal list --topic=lao\\ d") == ["values", "lao\\ động\\ trẻ\\ em"]
    assert told_bash("ilocal list --columns=title,st") == ["values nospace", "title,start", "title,status"]
    assert told_bash("ilocal --lang vi li") == ["values", "list"]


def test_long_ids_leave_room_for_titles(registry: Path) -> None:
    registry.write_text(f'[[event]]\nid = "2020-{"dai-" * 12}x"\ntitle = "{"Dài " * 20}"\n' * 2, encoding="utf-8")
    registry.write_text(registry.read_text().replace("x", "y", 1), encoding="utf-8")
    assert [line.rstrip() for line in told_bash("ilocal show 2020", "63", 61)] == [
        "values",
        "2020-dai-dai-dai-dai-dai-dai-dai-da…  Dài Dài Dài Dài Dài D…",
        "2020-dai-dai-dai-dai-dai-dai-dai-da…  Dài Dài Dài Dài Dài D…",
    ]


def test_bash_lists_help_and_keeps_what_was_typed() -> None:
    assert told_bash("ilocal show h") == ["values", "tba-hoi-nghi", "2020-hop", "…"]  # or readline would cut the h off
    assert told_bash("ilocal show h", "37") == ["values", "tba-hoi-nghi", "2020-hop"]
    assert told_bash("ilocal show 20") == ["values", "2020-khao-sat", "2020-hop", "2019-dien-dan"]
    assert [line.rstrip() for line in told_bash("ilocal show 20", "63", 40)] == [
        "values",
        "2020-khao-sat  Khảo sát cuối kì về lao…",
        '2020-hop       Họp "Nhóm cố vấn CSR"',
        "2019-dien-dan  Diễn đàn Lao động",
    ]
    assert all(20 <= cells(line) < 40 for line in told_bash("ilocal show 20", "63", 40)[1:])


def test_fish_is_offered_what_it_will_keep() -> None:
    def told(*words: str) -> list[str]:
        return cli.completed("fish", words).replace("\t", "|").splitlines()

    assert told("list", "--topic", "lao\\ đ") == ["values|", "lao động trẻ em|1 event"]
    assert told("list", "--topic=lao\\ d") == ["values|--topic=", "--topic=lao dong tre em|lao động trẻ em, 1 event"]
    filtered = told("edit", "--topic=lao\\ d")  # which finds events; what is to be written has its accents
    assert filtered == ["values|--topic=", "--topic=lao dong tre em|lao động trẻ em, 1 event"]
    for line in (("edit", "hop", "--topic=lao\\ d"), ("edit", "--year=2020", "--add-topic=lao\\ d")):
        assert "lao dong" not in "".join(told(*line))
    assert told("add", "X", "--topic", "'lao d") == ["values|"]  # what is written must have its accents
    assert told("show", "'họp") == ["values|", 'họp|2020-hop, Họp "Nhóm cố vấn CSR"']
    assert told("list", "-o", "x") == ["files|"]
    assert told("list", "--output=x") == ["files|--output="]


# ------------------------------------------------------------------------------------------------------------- promises


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("bash", []), ("fish", []), ("tcsh", ["100", ""]), ("zsh", ["x", "show", ""]), ("zsh", ["100", "show", "\udcff"]),
        ("zsh", ["100", "-r", "/nowhere", "show", ""]), ("zsh", ["100", "nix", ""]),
    ],
)  # fmt: skip
def test_whatever_goes_wrong_is_not_said(process: Ilocal, name: str, arguments: list[str]) -> None:
    code, out, err = process(*arguments, env={"_ILOCAL_COMPLETE": name})
    assert (code, err) == (0, "")
    assert out in ("", "nothing\n", "values\n") or arguments == ["x", "show", ""]


@pytest.mark.parametrize("text", ["[[event\n", "\0", "", "[registry]\nlanguage = 5\n"])
def test_a_registry_that_cannot_be_read_offers_nothing(process: Ilocal, registry: Path, text: str) -> None:
    registry.write_text(text, encoding="utf-8")
    code, out, err = process("100", "show", "", env={"_ILOCAL_COMPLETE": "zsh"})
    assert (code, out.splitlines()[1:], err) == (0, [], "")


def test_what_must_be_said_of_the_registry_is_left_to_the_next_command(process: Ilocal, registry: Path) -> None:
    process("list")
    old = registry.read_bytes()
    assert process("add", "Mới", "2020-03-01").code == 0
    registry.write_bytes(old)  # an editor saved over it
    for _ in range(2):
        assert process("100", "show", "", env={"_ILOCAL_COMPLETE": "zsh"}).err == ""
    assert "is not in it any more" in process("--lang", "en", "list", "-n", "1").err
    assert process("--lang", "en", "list", "-n", "1").err == ""


@given(strategies.registry_texts(), st.data())
def test_every_id_and_name_is_offered_for_each_of_its_beginnings(text: str, data: st.DataObject) -> None:
    with fresh_folder() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(folder / "cache"))
        registry = folder / "events.toml"
        registry.write_text(text, encoding="utf-8", newline="")
        workspace = Workspace(registry)
        for id in workspace._index.connection.execute("SELECT id FROM event WHERE hidden = 0").fetchall()[:5]:
            begin = id[0][: data.draw(st.integers(0, len(id[0])))]
            assert id[0] in dict(workspace.offers.handles(begin, 10_000))
            words = slug(id[0])[1:]
            if words and id[0] == "-".join(slug(id[0])):
                assert id[0] in dict(workspace.offers.handles("-".join(words), 10_000))
        for name in list(workspace.names("topics"))[:5]:
            begin = fold(name)[: data.draw(st.integers(0, len(fold(name))))]
            assert fold(name) in {fold(found) for found, _ in workspace.offers.names("topics", begin, 10_000)}


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0\n"), max_size=20), st.sampled_from(["", "'", '"']))
def test_what_is_quoted_is_read_back(text: str, quote: str) -> None:
    assert split(f"ilocal {quote}{quoted(text, quote)}")[-1].text == text


def test_bash_reads_back_what_is_quoted() -> None:
    texts = [*HOSTILE[3:], "lao động", "~", "#x", "a=b", "-x", "'", '"', "\\", "$HOME", "{a,b}", "a^b", "100%"]
    words = [quote + quoted(text, quote) + quote for text in texts for quote in ("", "'", '"')]
    said = subprocess.run(
        ["bash", "--norc", "-c", "printf '%s\\n' " + " ".join(words)], capture_output=True, check=True
    )
    assert said.stdout.decode().splitlines() == [text for text in texts for _ in range(3)]


def test_nothing_of_completion_is_loaded_by_other_commands(tmp_path: Path) -> None:
    code = (
        "import sys; from ilocal.cli import run; run(['list']); print([m for m in sys.modules if 'ilocal.comp' in m])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, cwd=tmp_path, env=environment(tmp_path), check=True
    )
    assert done.stdout.decode().splitlines()[-1] == "[]"


# -------------------------------------------------------------------------------------------------------------- install


@pytest.mark.parametrize("name", ["bash", "zsh", "fish"])
def test_installing_twice_is_installing_once(process: Ilocal, tmp_path: Path, name: str) -> None:
    startup = tmp_path / f".{name}rc"
    startup.write_bytes(b"# mine \xff, without an end of line")
    first = process("--lang", "en", "--install-completion", name)
    after = startup.read_bytes()
    second = process("--lang", "en", "--install-completion", name)
    assert (first.code, first.out, second.code, second.out) == (0, "", 0, "")
    assert startup.read_bytes() == after
    if name == "fish":
        path = tmp_path / "config" / "fish" / "completions" / "ilocal.fish"
        assert (
            first.err
            == second.err
            == f"{path}: completion for fish\nit is there in each new terminal; in this one, type: source {path}\n"
        )
    else:
        path = tmp_path / "data" / "ilocal" / f"completion.{name}"
        assert (
            after
            == b"# mine \xff, without an end of line\n"
            + f"[ ! -r {path} ] || source {path}  # completion of ilocal\n".encode()
        )
        assert first.err == (
            f"{path}: completion for {name}\n{startup}: one line was added, which loads it\n"
            f"it is there in each new terminal; in this one, type: source {path}\n"
        )
        assert f"{startup} loads it already\n" in second.err
    assert path.read_text(encoding="utf-8") == script(name) == process("--show-completion", name).out


def state(folder: Path) -> dict[str, bytes]:
    """The files of a folder, with what is in them."""
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.promise("P10")
def test_where_the_startup_file_is_read_only_nothing_is_installed(
    ilocal: Ilocal, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Path(os.environ["HOME"])
    startup = home / ".bashrc"
    startup.write_text("# mine\n", encoding="utf-8")
    startup.chmod(0o444)
    if os.access(startup, os.W_OK):  # root may write anything: say what the system would say to others
        monkeypatch.setattr(os, "access", lambda *_: False)
    before = state(home)
    assert ilocal("--install-completion", "bash") == (
        2, "", f"ilocal: {startup}: read-only; nothing was changed\n",
    )  # fmt: skip
    assert state(home) == before


@pytest.mark.promise("P8")
@pytest.mark.parametrize("place", ["written", "synced"])
def test_a_startup_file_is_whole_or_as_it_was(process: Ilocal, tmp_path: Path, place: str) -> None:
    startup, link = tmp_path / "dotfiles", tmp_path / ".bashrc"
    startup.write_text("# mine\n", encoding="utf-8")
    link.symlink_to(startup)
    before = state(tmp_path)
    assert process("--install-completion", "bash", env={"ILOCAL_FAILPOINT": f"{place}:ENOSPC"}) == (
        2, "", f"ilocal: {link}: no space left on device; nothing was changed\n",
    )  # fmt: skip
    assert state(tmp_path) == before
    assert process("--install-completion", "bash").code == 0
    assert link.is_symlink()
    assert startup.read_text(encoding="utf-8").startswith("# mine\n[ ! -r ")


@pytest.mark.promise("P11")
def test_no_installation_waits_for_a_fifo(process: Ilocal, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / ".bashrc")
    said = f"ilocal: {tmp_path}/.bashrc: not a regular file\n"
    assert process("--install-completion", "bash") == (2, "", said)
    path = tmp_path / "config" / "fish" / "completions" / "ilocal.fish"
    path.parent.mkdir(parents=True)
    os.mkfifo(path)
    assert process("--install-completion", "fish") == (2, "", f"ilocal: {path}: not a regular file\n")


def test_nothing_is_installed_for_nobody(process: Ilocal, tmp_path: Path) -> None:
    before = state(tmp_path)
    for home in ("", "re/lative"):
        assert process("--install-completion", "zsh", env={"HOME": home, "ZDOTDIR": str(tmp_path)}) == (
            2, "", "ilocal: your home folder is not known; nothing was changed\nhint: set HOME\n",
        )  # fmt: skip
    assert state(tmp_path) == before


def test_the_shell_is_found(tmp_path: Path) -> None:
    command = f"'{sys.executable}' -m ilocal --show-completion; exit $?"  # or bash would let the program take its place
    done = subprocess.run(
        ["bash", "--norc", "-c", command], capture_output=True, cwd=tmp_path, env=environment(tmp_path), check=True
    )
    assert done.stdout.decode() == script("bash")


def test_a_shell_that_is_not_known_is_refused(ilocal: Ilocal) -> None:
    assert ilocal("--install-completion", "tcsh") == (
        2,
        "",
        'ilocal: there is no completion for "tcsh"\nhint: one of bash, fish, zsh\n',
    )
    assert ilocal("add", "x", "--description", "--show-completion").code == 0  # a text, and no option


def test_every_script_can_be_read_by_its_shell() -> None:
    assert names() == ["bash", "fish", "zsh"]
    for name in names():
        if shutil.which(name):
            subprocess.run([name, "-n"], input=script(name).encode(), check=True)


# ---------------------------------------------------------------------------------------------------------- real shells

REAL = [pytest.param(name, marks=needs[name]) for name in ("bash", "zsh", "fish")]


@pytest.mark.parametrize("name", REAL)
def test_a_real_shell_completes(name: str, tmp_path: Path) -> None:
    with shell(name, tmp_path) as typed:
        assert typed.words("ilocal li\t", "list ") == ["list"]
        assert typed.words("ilocal list --rev\t", "--reverse ") == ["list", "--reverse"]
        assert typed.words("ilocal show khao\t", "2020-khao-sat ") == ["show", "2020-khao-sat"]
        assert typed.words("ilocal list --topic lao\t", "em ") == ["list", "--topic", "lao động trẻ em"]
        assert typed.words("ilocal list --topic 'lao đ\t", "em' ") == ["list", "--topic", "lao động trẻ em"]
        assert typed.words("ilocal list --topic=lao\t", "em ") == ["list", "--topic=lao động trẻ em"]
        assert typed.words("ilocal list -o ev\t", "events.toml ") == ["list", "-o", "events.toml"]
        assert typed.words("ilocal search ti\t", "title:") == ["search", "title:"]


@pytest.mark.parametrize("name", REAL)
def test_a_real_shell_shows_titles_beside_handles(name: str, tmp_path: Path) -> None:
    with shell(name, tmp_path) as typed:
        typed.type("ilocal show 2020-\t")
        if name == "bash":
            typed.wait("2020-")
            typed.type("\t")
        seen = typed.wait("Họp.*Khảo sát|Khảo sát.*Họp")
        assert "2020-khao-sat" in seen


@pytest.mark.parametrize("name", REAL)
def test_accents_may_be_left_out(name: str, tmp_path: Path) -> None:
    with shell(name, tmp_path) as typed:
        place = {"bash": "Hà\\\\ Nội ", "zsh": "Hà\\\\ Nội ", "fish": "ha\\\\ noi "}[name]
        assert fold(typed.words("ilocal list --location ha\t", place)[-1]) == "ha noi"


@pytest.mark.parametrize("name", REAL)
def test_no_name_is_run_by_a_shell(name: str, tmp_path: Path, registry: Path) -> None:
    hostile(registry)
    with shell(name, tmp_path) as typed:
        assert typed.words("ilocal list --topic 'a$\t", "b' ")[2:] == [HOSTILE[4]]
        assert typed.words("ilocal list --topic a:\t", "d ") == ["list", "--topic", HOSTILE[5]]
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize("name", REAL)
def test_an_installed_script_works_in_a_new_shell(name: str, process: Ilocal, tmp_path: Path) -> None:
    process("--install-completion", name)
    with shell(name, tmp_path, installed=True) as typed:
        assert typed.words("ilocal li\t", "list ") == ["list"]
