"""Time and memory end on any input: what is counted here grows as the input does, and what has no end is refused."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
import tomli

from ilocal.cli import input_files
from ilocal.errors import DateError, IlocalError
from ilocal.formats.ics import reader
from ilocal.formats.ics.from_vevent import vevent_to_override
from ilocal.model.ids import make_event_id
from ilocal.storage import files
from ilocal.storage.toml.document import TomlSyntaxError, parse_document
from ilocal.storage.toml.scanner import NestingIndex
from tests.support.cli import Ilocal, make_environment

pytestmark = pytest.mark.promise("P16")
BLOCK = '[[event]]\ntitle = "a"\n'
OPEN = [
    "x = [\n",
    "x = {\n",
    "x = '''\n\"\n",
    'x = """\n',
    "x = '''\n",
    'x = [\n[\\"""\n',
    'x = [\n["""\n',
    "x = [ '''\n[]\n",
]


def limit_resources() -> None:
    """In a child: no more than a minute of processor time, and two gigabytes of memory."""
    resource.setrlimit(resource.RLIMIT_CPU, (60, 60))
    resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))


def run_limited(folder: Path, *command: str, stdin: int = subprocess.DEVNULL) -> tuple[int, str]:
    """Exit code and errors of a command that is killed where it takes too much."""
    done = subprocess.run(
        [sys.executable, "-m", "ilocal", *command], env=make_environment(folder), cwd=folder, stdin=stdin,
        capture_output=True, check=False, timeout=120, preexec_fn=limit_resources,
    )  # fmt: skip
    return done.returncode, done.stderr.decode()


# -------------------------------------------------------------------------------------------------- what never ends


@pytest.mark.parametrize("unfinished", OPEN)
def test_unfinished_events_are_looked_at_a_few_times_however_many_they_are(
    unfinished: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (parsed, calls), (parsed_of_more, calls_of_more) = (count_work(unfinished, n, monkeypatch) for n in (100, 400))
    assert parsed_of_more < 5 * parsed
    assert calls_of_more < 5 * calls


def count_work(unfinished: str, n: int, monkeypatch: pytest.MonkeyPatch) -> tuple[int, int]:
    """Return how many characters are parsed, and how many functions called, for a text of so many unfinished events."""
    parsed = calls = 0
    loads = tomli.loads

    def count_characters(text: str) -> dict[str, Any]:
        nonlocal parsed
        parsed += len(text)
        sys.setprofile(None)
        try:
            return loads(text)
        finally:
            sys.setprofile(count_call)

    def count_call(frame: FrameType, event: str, argument: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    before = sys.getprofile()
    with monkeypatch.context() as patch:
        patch.setattr(tomli, "loads", count_characters)
        sys.setprofile(count_call)
        try:
            parse_document(((BLOCK + unfinished) * n).encode())
        except TomlSyntaxError as error:
            assert error.diagnostic.line
        finally:
            sys.setprofile(before)
    return parsed, calls


def test_a_piece_reaches_to_the_first_place_outside_of_its_brackets_and_strings() -> None:
    text = b"x = [\n]\ny\n"
    assert NestingIndex(text, [0, 6, 8, 10]).find_next_unnested(0) == 2
    text = b'x = """\ny = """\nz = """\n'
    reach = NestingIndex(text, [0, 8, 16, 24])
    assert (reach.find_next_unnested(0), reach.find_next_unnested(1), reach.find_next_unnested(2)) == (2, 3, None)


@pytest.mark.process
def test_a_pipe_that_nobody_writes_to_is_not_waited_for(tmp_path: Path, registry: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    assert run_limited(tmp_path, "import", "pipe.csv") == (
        2, "ilocal: pipe.csv: the pipe is empty, or no program writes to it\n",
    )  # fmt: skip


@pytest.mark.process
def test_a_pipe_that_somebody_writes_to_late_is_read_to_its_end(tmp_path: Path, registry: Path) -> None:
    script = f"{sys.executable} -m ilocal import -f csv <(sleep 0.3; printf 'title\\nA'; sleep 0.3; printf 'b\\n')"
    done = subprocess.run(
        ["bash", "-c", script],
        env=make_environment(tmp_path),
        cwd=tmp_path,
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stdout) == (0, b"new tba-ab\n")


@pytest.mark.process
@pytest.mark.long
def test_an_input_without_an_end_is_refused(tmp_path: Path, registry: Path) -> None:
    before = registry.read_bytes()
    refused = f"more than {input_files.MAX_INPUT_BYTES:,} bytes\nhint: split the file, and import the parts\n"
    assert run_limited(tmp_path, "import", "-f", "csv", "/dev/zero") == (2, "ilocal: /dev/zero: " + refused)
    with open("/dev/zero", "rb") as zero:
        assert run_limited(tmp_path, "import", "-", stdin=zero.fileno()) == (2, "ilocal: stdin: " + refused)
        assert run_limited(tmp_path, "add", "--jsonl", "-", stdin=zero.fileno()) == (2, "ilocal: stdin: " + refused)
    assert registry.read_bytes() == before


def test_an_input_that_is_too_large_is_refused(ilocal: Ilocal, registry: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("a.csv").write_text("title\nA\n", encoding="utf-8")
    monkeypatch.setattr(input_files, "MAX_INPUT_BYTES", 7)
    assert ilocal("import", "a.csv") == (
        2,
        "",
        "ilocal: a.csv: more than 7 bytes\nhint: split the file, and import the parts\n",
    )
    monkeypatch.setattr(input_files, "MAX_INPUT_BYTES", 8)
    assert ilocal("import", "a.csv").out == "new tba-a\n"


def test_a_registry_that_is_too_large_is_refused(
    ilocal: Ilocal, registry: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "MAX_REGISTRY_FILE_BYTES", registry.stat().st_size - 1)
    hint = "hint: split the registry into a folder with one file per year\n"
    for command in (("list",), ("add", "A")):
        refused = f"ilocal: events.toml: more than {files.MAX_REGISTRY_FILE_BYTES:,} bytes\n{hint}"
        assert ilocal(*command) == (3, "", refused)
    monkeypatch.setattr(files, "MAX_REGISTRY_FILE_BYTES", registry.stat().st_size)
    assert ilocal("list").code == 0


# ------------------------------------------------------------------------------------------------- what would be slow


def test_a_text_of_a_megabyte_is_no_date_and_is_not_repeated(ilocal: Ilocal, registry: Path) -> None:
    for text in ("2020-" * 200_000, "1 " * 500_000, " " * 1_000_000 + "x" * 1000):
        result = ilocal("dates", text)
        assert (result.code, result.out) == (2, "")
        assert "characters are too long for a date" in result.err
        assert len(result.err) < 400


def test_a_rule_of_a_megabyte_is_refused_at_once(ilocal: Ilocal, registry: Path) -> None:
    for text in ("every " * 200_000, "FREQ=DAILY;BYDAY=" + "MO," * 300_000, "thứ hai " * 100_000 + "hằng tuần"):
        result = ilocal("add", "A", "2020-02-20", "--repeat", text)
        assert (result.code, result.out) == (2, "")
        assert len(result.err) < 400


class Counted(set[str]):
    """Ids that are taken, and how often one was asked for."""

    asked = 0

    def __contains__(self, id: object) -> bool:
        self.asked += 1
        return super().__contains__(id)


def test_the_ids_of_many_events_with_one_title_are_made_without_counting_anew() -> None:
    taken, last = Counted(), dict[str, int]()
    for _ in range(1000):
        taken.add(make_event_id("Họp", None, taken, counters=last))
    assert "tba-hop-1000" in taken
    assert taken.asked < 3000


def test_occurrences_of_a_calendar_are_each_checked_once(ilocal: Ilocal, monkeypatch: pytest.MonkeyPatch) -> None:
    checked = 0

    def counted(*arguments: object) -> object:
        nonlocal checked
        checked += 1
        return vevent_to_override(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(reader, "vevent_to_override", counted)
    events = "".join(
        f"BEGIN:VEVENT\nUID:1\nRECURRENCE-ID:202001{day:02}\nDTSTART:20300101\nEND:VEVENT\n" for day in range(1, 32)
    )
    head = "BEGIN:VEVENT\nUID:1\nDTSTART:20200101\nRRULE:FREQ=DAILY\nEND:VEVENT\n"
    Path("a.ics").write_text(f"BEGIN:VCALENDAR\n{head}{events}END:VCALENDAR\n", encoding="utf-8")
    ilocal("init")
    assert ilocal("import", "a.ics").code == 0
    assert checked == 31
    assert ilocal("list", "-f", "jsonl").out.count('"recurrence_id"') == 31


DEEP = "[" * 100_000
INPUTS: dict[str, tuple[str, str, tuple[str, ...], int]] = {
    "nested lists": ("events.toml", f"{BLOCK}x = {DEEP}", ("list",), 3),
    "nested lists that end": ("events.toml", f"{BLOCK}x = {DEEP}{']' * 100_000}\n", ("list",), 3),
    "a nested key": ("events.toml", BLOCK + ".".join("a" * 20_000) + " = 1\n", ("check",), 3),
    "a nested table": ("events.toml", BLOCK + f"[event.{'.'.join('a' * 20_000)}]\n", ("check",), 3),
    "a long number": ("events.toml", f"{BLOCK}x = {'9' * 5000}\n", ("list",), 3),
    "nested JSON": ("a.json", '[{"title":"a","x":' + DEEP, ("import", "a.json"), 2),
    "nested JSON lines": ("a.jsonl", '{"title":"a","x":' + DEEP, ("import", "a.jsonl"), 2),
    "a long number in JSON": ("a.json", '[{"title":"a","x":' + "9" * 5000 + "}]", ("import", "a.json"), 2),
    "a long number in a table": ("a.csv", f"title,revision\na,{'9' * 5000}\n", ("import", "a.csv"), 2),
    "nested JSON in a table": ("a.csv", f"title,extra\na,{DEEP}\n", ("import", "a.csv"), 2),
    "a long number in a rule": ("events.toml", f'{BLOCK}start = 2020-01-01\nrrule = "FREQ=DAILY;INTERVAL={"9" * 5000}"\n', ("list",), 3),
    "every second": ("events.toml", f'{BLOCK}start = 2020-01-01T08:00:00\nrrule = "FREQ=SECONDLY"\n', ("list",), 3),
    "a day there never is": ("events.toml", f'{BLOCK}start = 2020-01-01\nrrule = "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"\n', ("list",), 3),
    "a line that a calendar folds": ("a.ics", "BEGIN:VCALENDAR\nSUMMARY:" + "a" * 1_000_000, ("import", "a.ics"), 2),
    "an open quote": ("a.csv", 'title\n"' + "a\n" * 500_000, ("import", "a.csv"), 2),
    "a page of one line": ("a.txt", "a" + " " * 1_000_000 + "b", ("import", "a.txt"), 2),
    "a page with a long line": ("a.txt", "1. a\n\n2020/02/20\n\na" + " " * 1_000_000 + "b", ("import", "a.txt"), 0),
    "many columns": ("a.csv", "title," + ",".join(f"c{n}" for n in range(5000)) + "\na" + "," * 5000, ("import", "a.csv"), 0),
    "a long title": ("events.toml", f'[[event]]\ntitle = "{"hội thảo " * 100_000}"\n', ("list",), 0),
    "a long word": ("events.toml", f'[[event]]\ntitle = "{"ộ" * 500_000}"\n', ("search", "o*"), 0),
    "many sections": ("events.toml", BLOCK + '[[event.section]]\nheading = "h"\n' * 20_000, ("show", "a"), 0),
    "many words": ("events.toml", BLOCK, ("search", *["a*"] * 2000), 0),
    "a query like a pattern": ("events.toml", BLOCK, ("search", "(a+)+$" * 2000), 1),
}  # fmt: skip


@pytest.mark.process
@pytest.mark.long
@pytest.mark.parametrize("name", INPUTS)
def test_what_was_made_to_be_slow_ends_with_the_right_exit_code(name: str, tmp_path: Path) -> None:
    file, text, command, code = INPUTS[name]
    (tmp_path / "events.toml").write_text("", encoding="utf-8")
    (tmp_path / file).write_text(text, encoding="utf-8")
    ended, errors = run_limited(tmp_path, *command)
    assert ended == code, errors[:500]
    assert "Traceback" not in errors


def test_errors_of_ours_are_short(figure: Callable[[str, int], None]) -> None:
    from ilocal.model.dates import parse_iso_date

    with pytest.raises(DateError) as raised:
        parse_iso_date("9" * 1_000_000)
    assert isinstance(raised.value, IlocalError)
    assert len(raised.value.message) < 200
    figure("inputs made to be slow", len(INPUTS) + len(OPEN))
