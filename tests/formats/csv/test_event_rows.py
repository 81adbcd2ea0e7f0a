"""Tables of events as CSV: read from any header, written without formulas, and read back."""

from __future__ import annotations

import csv
import json
import re
import shutil
import subprocess
from contextlib import suppress
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ilocal import formats
from ilocal.errors import Diagnostic, UsageError
from ilocal.formats.base import ReadOptions, WriteOptions
from ilocal.formats.csv.event_rows import COLUMNS
from ilocal.formats.csv.rows import escape_cell_formula, unescape_cell_formula
from ilocal.model.event import Event
from ilocal.model.name_lists import split_names
from ilocal.model.safe_text import make_text_safe
from tests.support import strategies
from tests.support.cli import Ilocal
from tests.support.corpora import download_npm_package, find_corpora
from tests.support.formats import dump_events, load_events
from tests.support.registry import VIETNAMESE_HEAD, read_stored_events
from tests.support.tables import read_rows


def test_a_cell_of_any_length_is_read_and_the_limit_of_the_process_stays() -> None:
    title = "x" * (csv.field_size_limit() + 1)
    before = csv.field_size_limit()
    (event,) = load_events("csv", f"title\n{title}\n")
    assert isinstance(event, Event)
    assert (event.title, csv.field_size_limit()) == (title, before)


def test_a_file_all_of_whose_rows_are_rejected_is_an_error(ilocal: Ilocal, registry: Path) -> None:
    Path("a.csv").write_text("id,location\nnone,Huế\n", encoding="utf-8")
    assert ilocal("import", "--update", "a.csv") == (
        2,
        "",
        'a.csv:2: id: skipped: there is no event "none", and a new event requires a title\n'
        "ilocal: nothing could be read; nothing was imported\n",
    )


cells = st.one_of(
    st.sampled_from(
        ["", "a", "2020-02-25", "25/02/2020", "02/13/2020", "9:00", "true", "remove", '[{"a": 1}]', "{}", "a; b", '"']
    ),
    st.text(max_size=6),
)
headers = st.one_of(
    st.lists(st.sampled_from([*formats.get_format("csv").COLUMNS, "when", "action", "x"]), max_size=5).map(
        lambda more: ["title", *more]
    ),
    st.lists(
        st.sampled_from(["Start Time", "End Date", "End Time", "All Day Event", "Private", "Categories"]), unique=True
    ).map(lambda more: ["Subject", "Start Date", *more]),
)


@given(headers, st.lists(st.lists(cells, max_size=7), max_size=4), st.booleans(), st.sampled_from(",;\t"))
def test_whatever_stands_in_a_file_is_an_event_or_said(
    header: list[str], rows: list[list[str]], even: bool, delimiter: str
) -> None:
    out = StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerows([header, *([*row, *[""] * 7][: len(header)] if even else row for row in rows)])
    with suppress(UsageError):
        for item in formats.get_format("csv").load(out.getvalue(), ReadOptions(date(2020, 2, 20))):
            assert item.message if isinstance(item, Diagnostic) else item.event.title


def test_any_header_after_a_mapping(ilocal: Ilocal, registry: Path) -> None:
    registry.write_text(VIETNAMESE_HEAD, encoding="utf-8")
    Path("a.csv").write_text(
        'Tên sự kiện;NGÀY;"Nơi, phòng";Chủ đề;Số công văn\nHọp;25-26/02/2020;Huế;CSR;x\n', encoding="utf-8"
    )
    result = ilocal(
        "import", "a.csv", "--map", 'ten su kien=title,Ngày=when,"Nơi, phòng=location"', "--map", "Chủ đề=topic"
    )
    assert result.err == (
        'a.csv:1: the column "số công văn" is not a field and was skipped\n1 new, 0 updated, 0 unchanged, 0 rejected\n'
    )
    (event,) = read_stored_events(ilocal)
    assert [event[key] for key in ("title", "start", "end", "location", "topics")] == [
        "Họp", "2020-02-25", "2020-02-26", "Huế", ["CSR"],
    ]  # fmt: skip


# Case csv-sep-line: Excel reads a delimiter from a first line, and many programs write it for Excel (PapaParse issue 951,
# rainbow_csv issue 108). Saved anew it may stand in quotes, or be filled up with separators.
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize(
    ("first", "sign"),
    [
        ("sep=;", ";"), ("sep=,", ","), ("sep=\t", "\t"), ("sep=\\t", "\t"), ("SEP=|", "|"), ('"sep=;"', ";"),
        ("sep=;;", ";"), ("sep=,,,", ","), ("sep=", ","),
    ],
)  # fmt: skip
def test_a_first_line_for_excel_says_the_delimiter(
    ilocal: Ilocal, registry: Path, first: str, sign: str, mark: str, newline: str
) -> None:
    registry.write_text(VIETNAMESE_HEAD, encoding="utf-8")
    lines = [first, f"title{sign}start{sign}location", f'"Họp; một, hai"{sign}2020-03-03{sign}Huế', f"B{sign}x{sign}"]
    Path("a.csv").write_bytes((mark + newline.join(lines) + newline).encode())
    result = ilocal("import", "a.csv")
    assert result.err.startswith('a.csv:4: start: skipped: cannot read "x" as a date')  # lines as the file has them
    (event,) = read_stored_events(ilocal)
    assert [event[key] for key in ("title", "start", "location")] == ["Họp; một, hai", "2020-03-03", "Huế"]
    assert formats.find_format_by_content(mark + newline.join(lines)) is formats.get_format("csv")


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("sep=;\n", "a.csv:2: the file is empty; expected a header"),
        ("sep=;\nSTT;start\n", "a.csv:2: there is no title column"),
        ("sep=;\ntitle;title\n", "a.csv:2: two columns have the name title"),
        ("sep=;\ntitle;start\nHọp\n", "a.csv:3: the row has 1 cells, but the header has 2 columns"),
        ('sep=;\ntitle;start\n"Họp;x\n', "a.csv:3: not valid CSV: unexpected end of data"),
        ("sep=;\ntitle;start\n\nA\0\n", "a.csv:4: the text contains a NUL character"),
    ],
)
def test_below_it_what_is_wrong_has_its_own_line(ilocal: Ilocal, registry: Path, text: str, error: str) -> None:
    Path("a.csv").write_text(text, encoding="utf-8")
    assert ilocal("import", "a.csv").err.startswith(f"ilocal: {error}")


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (("--map", "Tên=titel"), 'unknown field "titel"'),
        (("--map", "Ten=title,Ngay thang=start"), 'a.csv:1: there is no column "Ngay thang"'),
        (("--map", "title"), 'expected NAME=FIELD, found "title"'),
        (("--map", "Tên=title,Ngày=title"), "a.csv:1: two columns have the name title"),
        (("--map", "Tên=title,Tên=start"), 'the column "Tên" is mapped twice'),
        (("--map", "Tên=title,ten=start"), "a.csv:1: the same column is mapped twice"),
        (("--map", "Tên=location"), "a.csv:1: there is no title column"),
        (("--map", "Tên=title", "-f", "ics"), "a.csv: --map can only be used with tables and JSON"),
        (("--encoding", "klingon"), 'unknown encoding "klingon"'),
        (("--encoding", "base64"), 'unknown encoding "base64"'),
        (("--encoding", "ascii"), "a.csv:1: not ascii text"),
    ],
)
def test_what_is_said_wrongly_is_refused(
    ilocal: Ilocal, registry: Path, arguments: tuple[str, ...], error: str
) -> None:
    before = registry.read_bytes()
    Path("a.csv").write_text("Tên,Ngày\nHọp,2020\n", encoding="utf-8")
    result = ilocal("import", "a.csv", *arguments)
    assert (result.code, result.out) == (2, "")
    assert result.err.splitlines()[0] == f"ilocal: {error}"
    assert registry.read_bytes() == before


@pytest.mark.process
def test_libreoffice_reads_what_is_written_for_excel(ilocal: Ilocal, registry: Path, tmp_path: Path) -> None:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice (soffice) is not installed")
    ilocal("add", "=1+1", "2020-05-01", "--description", 'dòng một\n"dòng hai", ba')
    ilocal("--lang", "en", "list", "--excel", "-o", "a.csv")
    profile = f"-env:UserInstallation=file://{tmp_path}/office"
    command = [office, profile, "--headless", "--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false",
               "--infilter=CSV:44,34,76,1,,0,false,false", "--outdir", "out", "a.csv"]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=120, cwd=tmp_path)
    ours = read_rows(Path("a.csv").read_bytes().decode())
    theirs = read_rows(Path("out/a.csv").read_bytes().decode())
    assert [{key: row[key] for key in ("Id", "Event", "Location", "Description")} for row in theirs] == [
        {key: row[key] for key in ("Id", "Event", "Location", "Description")} for row in ours
    ]


@pytest.fixture
def spectrum(pytestconfig: pytest.Config) -> Path:
    """Return the files of csv-spectrum, a collection of odd CSV with the meaning of each as JSON."""
    return download_npm_package(find_corpora(pytestconfig), "csv-spectrum") / "package"


@pytest.mark.process
@pytest.mark.corpus
def test_every_row_of_csv_spectrum_is_read_as_its_json_says(spectrum: Path) -> None:
    files = sorted((spectrum / "csvs").glob("*.csv"))
    assert len(files) > 10
    fields = ("title", "location", "description", "summary", "participants")
    for file in files:
        text = file.read_bytes().decode().replace("\r\n", "\n")
        wanted = json.loads((spectrum / "json" / f"{file.stem}.json").read_text(encoding="utf-8"))
        wanted = wanted if isinstance(wanted, list) else [wanted]
        if file.stem == "location_coordinates":  # whose JSON has another number than its CSV
            wanted[0]["Contact Phone Number"] = "2095257564"
        columns = dict(zip(wanted[0], fields, strict=False))
        found = list(formats.get_format("csv").load(text, ReadOptions(date(2020, 2, 20), columns=columns)))
        got = [{name: getattr(item.event, field) for name, field in columns.items()} for item in found]
        lines = [{name: value.replace("\r\n", "\n") for name, value in row.items()} for row in wanted]
        assert got == lines, file.name


clean = strategies.texts.map(make_text_safe)
clean_events = strategies.events(text=clean, title=strategies.titles.map(make_text_safe))
clean_series = strategies.series(text=clean, title=strategies.titles.map(make_text_safe))


@given(
    events=st.lists(st.one_of(clean_events, clean_series), max_size=3),
    how=st.builds(WriteOptions, st.just(COLUMNS), excel=st.booleans(), lang=st.sampled_from(["en", "vi"])),
)
def test_csv_is_read_back_but_for_control_characters(events: list[Event], how: WriteOptions) -> None:
    assert load_events("csv", dump_events("csv", events, how)) == events


@given(st.lists(strategies.events(), max_size=3))
def test_no_csv_cell_is_a_formula(events: list[Event]) -> None:
    rows = list(csv.reader(StringIO(dump_events("csv", events)), strict=True))
    assert len(rows) == len(events) + 1
    assert not [cell for row in rows[1:] for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\n"))]


def test_csv_looks_as_the_contract_says() -> None:
    event = Event("=1+1", id="a", start=date(2020, 2, 20), topics=("CSR", "thủy; sản"), description='một\n"hai", ba')
    how = WriteOptions(("id", "title", "start", "topics", "description", "when"))
    assert dump_events("csv", [event], how) == (
        "id,title,start,topics,description,when\n"
        'a,\'=1+1,2020-02-20,"CSR; ""thủy; sản""","một\n""hai"", ba",2020/02/20\n'
    )  # fmt: skip
    assert dump_events("csv", [event], WriteOptions(("title",), keep_formulas=True)) == "title\n=1+1\n"
    assert dump_events("csv", [event], WriteOptions(("title",), excel=True)) == "\ufeffEvent\r\n'=1+1\r\n"
    assert dump_events("ids", [event]) == "a\n"


def test_csv_as_people_have_it() -> None:
    text = '\ufeffTitle;Start;Topics;Ngày\r\nHọp;25-29/02/2020;"CSR ; gỗ";x\r\n;;;\r\nKhảo sát;31/02/2020;;\r\nb;"tháng 2/2020";;\r\n'
    found = load_events("csv", text.removeprefix("\ufeff"))
    assert [item if isinstance(item, str) else (type(item).__name__, getattr(item, "line", 0)) for item in found] == [
        ("Diagnostic", 1), ("Event", 0), ("Diagnostic", 4), ("Event", 0),
    ]  # fmt: skip
    assert [str(item.message) for item in found if isinstance(item, Diagnostic)] == [
        'the column "ngày" is not a field and was skipped',
        'cannot read "31/02/2020" as a date: February 2020 has 29 days',
    ]
    (event,) = load_events("csv", "title,start,topics\r\nHọp,25-29/02/2020,CSR ; gỗ\r\n")
    assert event == Event("Họp", start=date(2020, 2, 25), end=date(2020, 2, 29), topics=("CSR", "gỗ"))


@pytest.mark.parametrize(
    ("text", "items"),
    [("a; b", ["a", "b"]), ("a;b ;; ", ["a", "b"]), (r"a\; b; c\\", ["a; b", "c\\"]), ("", []), ("\\", ["\\"])],
)
def test_lists_in_a_cell(text: str, items: list[str]) -> None:
    assert split_names(text) == items


@pytest.mark.promise("P17")
@given(st.text(st.sampled_from("'\"=+-@＝＠ \t\r\na\u00a0")))
def test_a_guard_is_undone_whatever_is_guarded(cell: str) -> None:
    assert unescape_cell_formula(escape_cell_formula(cell)) == cell.replace("\r\n", "\n")
    assert not re.match('[\\s"]*[=+\\-@＝＠]|[\t\r\n]', escape_cell_formula(cell))


def test_a_month_with_two_digits_may_be_two_things_and_both_are_named(ilocal: Ilocal, registry: Path) -> None:
    Path("a.csv").write_text("title,start\nA,Mar-27\nB,Thg3-27\nC,Feb-30\nD,20-Dec-26\nE,thg3-2027\n", encoding="utf-8")
    result = ilocal("import", "a.csv")
    assert (result.out, result.err) == (
        "new 2027-e\n",
        'a.csv:2: start: skipped: cannot read "Mar-27" as a date: it may be a day or a month of a year: '
        "27/03/2020 or 03/2027?\n"
        'a.csv:3: start: skipped: cannot read "Thg3-27" as a date: it may be a day or a month of a year: '
        "27/03/2020 or 03/2027?\n"
        'a.csv:4: start: skipped: cannot read "Feb-30" as a date: the year must have four digits: 02/2030?\n'
        'a.csv:5: start: skipped: cannot read "20-Dec-26" as a date: the year must have four digits: 20/12/2026?\n'
        "1 new, 0 updated, 0 unchanged, 4 rejected\n",
    )
    assert ilocal("--lang", "vi", "import", "a.csv").err.splitlines()[0] == (
        'a.csv:2: bắt đầu: không đọc được: không hiểu ngày "Mar-27": có thể là một ngày hoặc một tháng của năm: 27/03/2020 hay 03/2027?'
    )
