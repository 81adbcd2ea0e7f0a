"""Workbooks: written for people, read under limits, and the same events after a round trip."""

from __future__ import annotations

import shutil
import subprocess
import time
import zipfile
from dataclasses import replace
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet

from ilocal import formats
from ilocal.errors import Diagnostic, UsageError
from ilocal.formats.base import ImportedEvent, ReadOptions, WriteOptions
from ilocal.formats.xlsx.layout import CUT_MARK, MAX_CELL_LENGTH
from ilocal.model.dates import Month, Year
from ilocal.model.event import Event
from ilocal.model.safe_text import make_text_safe
from tests.support import strategies
from tests.support.cli import Ilocal
from tests.support.formats import READING
from tests.support.paths import SHIPPED_REGISTRY

EVENT_PAYLOADS = [
    '=HYPERLINK("http://a.example","x")', "=1+1", "+1", "-1", "@SUM(A1)", "=cmd|' /C calc'!A0", "\t=1", "{=1}", "'=1",
    '"=1', "=1\n+2", "＝1", "=IMPORTXML(1)", "http://a.example", "javascript:alert(1)", "00012", "1e5", "TRUE", "#N/A!",
    "_x0041_",
]  # fmt: skip


def write_workbook(events: list[Event], **options: Any) -> bytes:
    return b"".join(formats.get_format("xlsx").dump_bytes(events, WriteOptions(**options)))


def read_workbook(data: bytes, options: ReadOptions = READING) -> list[Event | Diagnostic]:
    found = formats.get_format("xlsx").load_bytes(data, options)
    return [item.event if isinstance(item, ImportedEvent) else item for item in found]


def make_sheet(rows: list[list[Any]], merges: list[str] = [], title: str = "Lịch") -> bytes:  # noqa: B006
    """Return a workbook with one sheet, as another program writes it."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = title
    for row in rows:
        sheet.append(row)
    for one in merges:
        sheet.merge_cells(one)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def get_refusal(data: bytes) -> str:
    with pytest.raises(UsageError) as error:
        read_workbook(data)
    return error.value.message


clean = strategies.texts.map(make_text_safe)
clean_events = strategies.events(text=clean, title=strategies.titles.map(make_text_safe))
clean_series = strategies.series(text=clean, title=strategies.titles.map(make_text_safe))


@pytest.mark.long
@settings(max_examples=40)  # each starts a process
@given(st.lists(st.one_of(clean_events, clean_series), min_size=1, max_size=4), st.sampled_from(["en", "vi"]))
def test_a_workbook_is_read_back(events: list[Event], lang: str) -> None:
    found = [item for item in read_workbook(write_workbook(events, lang=lang)) if isinstance(item, Event)]
    assert [replace(event, source_line=0) for event in found] == events


def test_the_same_events_give_the_same_bytes_whenever_they_are_written() -> None:
    events = [Event("Họp", start=date(2020, 2, 25), url="https://example.org/a")]
    first = write_workbook(events)
    with zipfile.ZipFile(BytesIO(first)) as archive:  # no clock is in it
        assert {one.date_time for one in archive.infolist()} == {(1980, 1, 31, 0, 0, 0)}
        assert b"2000-01-01T00:00:00Z" in archive.read("docProps/core.xml")
    assert write_workbook(events) == first


def test_a_sheet_is_as_people_want_it() -> None:
    events = [
        Event("Hội thảo", id="a", start=date(2020, 2, 25), end=date(2020, 2, 26), topics=("CSR", "gỗ"), status="tentative"),
        Event("Họp", id="b", start=datetime(2020, 2, 25, 8, 30), url="https://example.org/x"),
        Event("Khảo sát", id="c", start=Month(2020, 3)),
        Event("Diễn đàn", id="d", start=Year(2020)),
    ]  # fmt: skip
    book = openpyxl.load_workbook(BytesIO(write_workbook(events, lang="vi")))
    assert book.sheetnames == ["Sự kiện", "Hướng dẫn"]
    sheet = book["Sự kiện"]
    assert [cell.value for cell in sheet[1]] == [
        "Sự kiện", "Bắt đầu", "Kết thúc", "Địa điểm", "Đơn vị tổ chức", "Dự án", "Chủ đề", "Loại", "Trạng thái",
        "Thành phần tham dự", "Liên kết", "Tóm tắt", "Mô tả", "Mã", "Sửa lúc", "Số lần sửa",
    ]  # fmt: skip
    cells = [[(cell.value, cell.number_format) for cell in row[:3]] for row in sheet.iter_rows(min_row=2)]
    assert cells == [
        [("Hội thảo", "General"), (datetime(2020, 2, 25), "dd/mm/yyyy"), (datetime(2020, 2, 26), "dd/mm/yyyy")],
        [("Họp", "General"), (datetime(2020, 2, 25, 8, 30), "dd/mm/yyyy hh:mm"), (None, "@")],
        [("Khảo sát", "General"), ("2020-03", "@"), (None, "@")],
        [("Diễn đàn", "General"), ("2020", "@"), (None, "@")],
    ]
    assert (sheet.freeze_panes, sheet.auto_filter.ref, sheet.print_title_rows) == ("B2", "A1:P5", "$1:$1")
    assert sheet.page_setup.orientation == "landscape"
    assert 17 < sheet.column_dimensions["B"].width < 18
    assert sheet["G2"].value == "CSR; gỗ"
    assert sheet["I2"].value == "dự kiến"
    link = sheet["K3"].hyperlink
    assert (sheet["K3"].value, link and link.target) == ("https://example.org/x", "https://example.org/x")
    lists = [(str(one.sqref).split(":")[0], one.formula1) for one in sheet.data_validations.dataValidation]
    assert [place for place, _values in lists] == ["H2", "I2"]
    assert lists[1][1] == '"dự kiến,đã xác nhận,đã hủy,đã hoãn"'


def test_no_text_becomes_a_formula_or_anything_else() -> None:
    events = [Event("x" + text, description=text, location=text) for text in EVENT_PAYLOADS]
    data = write_workbook(events)
    sheet = openpyxl.load_workbook(BytesIO(data))["Events"]
    assert {cell.data_type for row in sheet.iter_rows(min_row=2) for cell in row if cell.value is not None} == {"s"}
    with zipfile.ZipFile(BytesIO(data)) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")
    found = [item for item in read_workbook(data) if isinstance(item, Event)]
    assert [event.description for event in found] == [make_text_safe(text) for text in EVENT_PAYLOADS]


def test_a_text_that_no_cell_can_hold_is_cut_and_left_alone_by_an_import() -> None:
    options = WriteOptions()
    event = Event("Họp", id="a", description="ă" * (MAX_CELL_LENGTH + 1), location="Huế")
    data = b"".join(formats.get_format("xlsx").dump_bytes([event], options))
    assert options.notes == [
        "1 text is too long for a cell and was truncated; importing the workbook does not change that field"
    ]
    sheet = openpyxl.load_workbook(BytesIO(data))["Events"]
    assert str(sheet["M2"].value) == "ă" * (MAX_CELL_LENGTH - len(CUT_MARK)) + CUT_MARK
    (item,) = formats.get_format("xlsx").load_bytes(data, READING)
    assert "description" not in item.stated_fields
    assert "location" in item.stated_fields


# ---------------------------------------------------------------------------------------------------- made by people


def test_a_list_that_was_made_by_hand_is_read_row_by_row_or_named() -> None:
    data = make_sheet(
        [
            ["LỊCH SỰ KIỆN QUÝ I NĂM 2020"],
            ["(Kèm theo Công văn số 15/CV)"],
            [],
            ["STT", "Tên sự kiện", "Thời gian", "", "Địa điểm", "Đơn vị chủ trì", "Trạng thái"],
            ["", "", "Từ ngày", "Đến ngày", "", "", ""],
            [1, "Hội thảo khởi động", datetime(2020, 2, 25), datetime(2020, 2, 26), "Hà Nội", "ILO; VCCI", "dự kiến"],
            [2, "Họp nhóm kỹ thuật", "27/02/2020", "", "", "ILO", ""],
            [3, "Khảo sát", "tháng 3/2020", None, "Huế", "", "đã hủy"],
            ["Tháng 4"],
            [4, "Tập huấn", 43936, None, "Cần Thơ", "", ""],
            [5, "Tọa đàm", True, None, "Cần Thơ", "", ""],
            [6, "Lễ ký", "32/03/2020", None, "Cần Thơ", "", ""],
            [8, "Diễn đàn", 2020, None, 12, "", ""],
            ["", "Người lập biểu", "", "", "", "", ""],
        ],
        ["A1:G1", "A4:A5", "B4:B5", "C4:D4", "E4:E5", "F4:F5", "G4:G5", "E6:E7", "A9:G9"],
    )
    found = read_workbook(data)
    assert [
        (one.title, str(one.start), str(one.end), one.location, one.organizers, one.status)
        for one in found
        if isinstance(one, Event)
    ] == [
        ("Hội thảo khởi động", "2020-02-25", "2020-02-26", "Hà Nội", ("ILO", "VCCI"), "tentative"),
        ("Họp nhóm kỹ thuật", "2020-02-27", "None", "Hà Nội", ("ILO",), ""),
        ("Khảo sát", "2020-03", "None", "Huế", (), "cancelled"),
        ("Diễn đàn", "2020", "None", "12", (), ""),
        ("Người lập biểu", "None", "None", "", (), ""),
    ]
    assert [(one.place, one.severity, one.message) for one in found if isinstance(one, Diagnostic)] == [
        ("Lịch!1", "note", "ignored text that is not part of an event: LỊCH SỰ KIỆN QUÝ I NĂM 2020"),
        ("Lịch!2", "note", "ignored text that is not part of an event: (Kèm theo Công văn số 15/CV)"),
        ("Lịch!5", "warning", 'the column "stt" is not a field and was skipped'),
        ("Lịch!E6", "note", "merged with the cells down to E7; the value applies to each of these rows"),
        ("Lịch!9", "note", "ignored text that is not part of an event: Tháng 4"),
        (
            "Lịch!C10",
            "error",
            "expected a date, found the number 43936, which may mean 2020-04-15; format the cell as a date",
        ),
        ("Lịch!C11", "error", "expected text, found TRUE"),
        ("Lịch!C12", "error", 'cannot read "32/03/2020" as a date: March 2020 has 31 days'),
        ("Lịch!C14", "warning", "no date; the event is imported without a date"),
    ]


def test_a_day_and_its_time_may_stand_in_two_columns() -> None:
    from datetime import time as clock

    rows: list[list[Any]] = [
        ["Nội dung", "Ngày", "Giờ", "Nơi tổ chức"],
        ["Họp", datetime(2020, 2, 20), clock(8, 30), "Huế"],
        ["Tọa đàm", "21/02/2020", "14h00 – 16h30", ""],
        ["Hội chợ", "22/02/2020", "Cả ngày", ""],
    ]
    assert [
        (one.title, str(one.start), str(one.end)) for one in read_workbook(make_sheet(rows)) if isinstance(one, Event)
    ] == [
        ("Họp", "2020-02-20 08:30:00", "None"),
        ("Tọa đàm", "2020-02-21 14:00:00", "2020-02-21 16:30:00"),
        ("Hội chợ", "2020-02-22", "None"),
    ]


@pytest.mark.parametrize("shown", ["mmm-yy", "mm/yyyy", "[$-42A]mmmm\\\\ yyyy;@"])
def test_a_date_that_is_shown_as_a_month_is_one_if_it_is_its_first_day(shown: str) -> None:
    book = openpyxl.load_workbook(BytesIO(make_sheet([["Title", "Start"], ["A", date(2027, 3, 1)], ["B", date(2027, 3, 2)],
                                                      ["C", date(2027, 3, 1)], ["D", "Mar-2027"]])))  # fmt: skip
    for place in ("B2", "B3"):
        book.worksheets[0][place].number_format = shown
    out = BytesIO()
    book.save(out)
    starts = [item.start for item in read_workbook(out.getvalue()) if isinstance(item, Event)]
    assert starts == [Month(2027, 3), date(2027, 3, 2), date(2027, 3, 1), Month(2027, 3)]


def test_sheets_are_read_that_are_seen_or_the_one_that_is_named() -> None:
    book = openpyxl.Workbook()
    for name, title, state in (("Quý 1", "A", "visible"), ("Nháp", "B", "hidden"), ("Ghi chú", "", "visible")):
        sheet = book.create_sheet(name)
        sheet.sheet_state = state
        sheet.append(["Tên sự kiện", "Ngày"] if title else ["Không có bảng"])
        if title:
            sheet.append([title, "20/02/2020"])
    del book["Sheet"]
    out = BytesIO()
    book.save(out)
    found = read_workbook(out.getvalue())
    assert [one.title for one in found if isinstance(one, Event)] == ["A"]
    assert [one.message for one in found if isinstance(one, Diagnostic)] == [
        "sheet Nháp is hidden and was skipped; to import it, use --sheet",
        "sheet Ghi chú has no header row and was skipped",
    ]
    named = read_workbook(out.getvalue(), replace(READING, sheet="Nháp"))
    assert [one.title for one in named if isinstance(one, Event)] == ["B"]
    with pytest.raises(UsageError, match='there is no sheet "x"'):
        read_workbook(out.getvalue(), replace(READING, sheet="x"))


def test_cells_of_an_old_font_are_told_and_read_on_request() -> None:
    data = make_sheet([["Tªn sù kiÖn", "Title", "Start"], ["", "Héi th¶o vÒ lao ®éng trÎ em", "2020-02-20"]])
    found = read_workbook(data)
    assert next(one.message for one in found if isinstance(one, Diagnostic)) == (
        "this looks like Vietnamese in an old font; to read the text, use --encoding tcvn3"
    )
    data = make_sheet([["Tªn sù kiÖn", "Ngµy"], ["Héi th¶o vÒ lao ®éng trÎ em", "2020-02-20"]])
    (event,) = read_workbook(data, replace(READING, encoding="tcvn3"))
    assert isinstance(event, Event)
    assert (event.title, event.start) == ("Hội thảo về lao động trẻ em", date(2020, 2, 20))


# ----------------------------------------------------------------------------------------------------------- bad files


@pytest.mark.promise("P22")
def test_a_workbook_that_asks_for_hundreds_of_gigabytes_is_refused() -> None:
    small = make_sheet([["title", "start"]])
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(small)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "xl/worksheets/sheet1.xml":
                far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
                data = data.replace(b"</sheetData>", far)
            new.writestr(name, data)
    started = time.monotonic()
    assert get_refusal(out.getvalue()) == "the workbook is too large to read, or it expands to too much data"
    assert time.monotonic() - started < 35


@pytest.mark.long
@pytest.mark.promise("P22")
def test_an_archive_that_unpacks_to_gigabytes_is_refused() -> None:
    small = make_sheet([["title", "start"]])
    out = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(small)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new,
    ):
        for name in old.namelist():
            if name == "xl/worksheets/sheet1.xml":
                with new.open(name, "w", force_zip64=True) as file:
                    file.write(b'<worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>')
                    for _n in range(1_500):
                        file.write(b"x" * (1 << 20))
                    file.write(b"</t></is></c></row></sheetData></worksheet>")
            else:
                new.writestr(name, old.read(name))
    assert len(out.getvalue()) < 20 << 20
    assert get_refusal(out.getvalue()) == "the workbook is too large to read, or it expands to too much data"


def make_archive(**members: bytes) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in members.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), data)
    return out.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2_000)


@pytest.mark.promise("P22")
@pytest.mark.parametrize(
    ("data", "message"),
    [
        (make_archive(word__document_xml=b"<x/>"), "this is a document of Word, not a workbook"),
        (make_archive(a=b"x"), "this is an archive, not a workbook"),
        (make_archive(mimetype=b"application/vnd.oasis.opendocument.text"),
         "this is a document of application/vnd.oasis.opendocument.text, not a workbook"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "the workbook is protected with a password"),
        (OLE + "WordDocument".encode("utf-16-le"), "this is a document of Word, not a workbook"),
        (b"<html><table><tr><td>title", "this is a web page, but the file name is that of a workbook"),
        (b"title,start\na,2020\n", "this is a text file, but the file name is that of a workbook"),
        (b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">',
         "this is an Excel 2003 XML spreadsheet"),
        (b"\x00\x01\x02", "this is not a workbook"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_workbook_is_told_for_what_it_is(data: bytes, message: str) -> None:
    assert get_refusal(data) == message


@pytest.mark.long
@pytest.mark.promise("P22")
@given(st.integers(0, 4_000), st.binary(max_size=40))
@settings(max_examples=10)
def test_a_damaged_workbook_is_refused_or_read(at: int, noise: bytes) -> None:
    data = make_sheet([["title", "start"], ["a", "2020"]])
    damaged = data[:at] + noise + data[at + len(noise) :]
    try:
        assert read_workbook(damaged) is not None
    except UsageError as error:
        assert error.message


# ---------------------------------------------------------------------------------------------------- with the program


def test_a_registry_that_nobody_edited_changes_no_byte(ilocal: Ilocal, registry: Path) -> None:
    registry.write_bytes(SHIPPED_REGISTRY.read_bytes())
    assert ilocal("export", "e.xlsx").code == 0
    result = ilocal("--lang", "en", "import", "--update", "e.xlsx")
    assert (result.code, result.out, result.err) == (0, "", "0 new, 0 updated, 21 unchanged, 0 rejected\n")
    assert registry.read_bytes() == SHIPPED_REGISTRY.read_bytes()


def test_an_error_names_its_cell_and_a_registry_stays(ilocal: Ilocal, registry: Path) -> None:
    before = registry.read_bytes()
    Path("a.xlsx").write_bytes(make_sheet([["Tên sự kiện", "Ngày"], ["Họp", 43886]]))
    assert ilocal("--lang", "en", "import", "a.xlsx") == (
        2,
        "",
        "a.xlsx:Lịch!B2: when: skipped: expected a date, found the number 43886, which may mean 2020-02-25; format the cell as a date\n"
        "ilocal: nothing could be read; nothing was imported\n",
    )
    assert registry.read_bytes() == before
    result = ilocal("--lang", "en", "import", "a.xlsx", "--encoding", "cp1258")
    assert (
        result.err.splitlines()[0]
        == "ilocal: a.xlsx: --encoding cp1258 cannot be used with a workbook, whose text is Unicode"
    )


def test_a_formula_that_failed_is_named_and_takes_nothing_out(ilocal: Ilocal, registry: Path) -> None:
    before = registry.read_bytes()
    ids = ilocal("list", "--where-missing", "summary", "-n", "1", "-f", "ids").out.strip()
    Path("a.xlsx").write_bytes(make_sheet([["id", "title", "location"], [ids, "Họp", "#N/A"]]))
    assert ilocal("--lang", "en", "import", "--update", "a.xlsx") == (
        2,
        "",
        "a.xlsx:Lịch!C2: location: skipped: the formula in this cell returns the error #N/A\n"
        "ilocal: nothing could be read; nothing was imported\n",
    )
    assert registry.read_bytes() == before


def test_columns_that_an_office_always_has_are_named_once_in_the_config(
    ilocal: Ilocal, registry: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "mine.toml"
    config.write_text('map = ["Việc=title", "Hôm nào=when"]\n', encoding="utf-8")
    monkeypatch.setenv("ILOCAL_CONFIG", str(config))
    Path("a.csv").write_text("Việc;Hôm nào\nHọp giao ban;3/3/2020\n", encoding="utf-8")
    assert ilocal("import", "a.csv").out == "new 2020-hop-giao-ban\n"
    Path("b.csv").write_text("title,start\nKhác,2020\n", encoding="utf-8")  # without such columns
    assert ilocal("import", "b.csv").out == "new 2020-khac\n"


def convert_with_libreoffice(path: Path, suffix: str, folder: Path) -> Path:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice (soffice) is not installed")
    profile = f"-env:UserInstallation=file://{folder}/profile"
    command = [office, profile, "--headless", "--convert-to", suffix, "--outdir", str(folder / suffix), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    return folder / suffix / f"{path.stem}.{suffix}"


@pytest.mark.long
@pytest.mark.process
def test_a_workbook_comes_back_whole_through_libreoffice(ilocal: Ilocal, registry: Path, tmp_path: Path) -> None:
    registry.write_bytes(SHIPPED_REGISTRY.read_bytes())
    ilocal("export", "e.xlsx")
    ods = convert_with_libreoffice(Path("e.xlsx"), "ods", tmp_path)
    again = convert_with_libreoffice(ods, "xlsx", tmp_path)
    old = convert_with_libreoffice(ods, "xls", tmp_path)
    for path in (ods, again, old):
        result = ilocal("--lang", "en", "import", "--update", str(path))
        assert (result.code, result.err) == (0, "0 new, 0 updated, 21 unchanged, 0 rejected\n")
    assert registry.read_bytes() == SHIPPED_REGISTRY.read_bytes()


@pytest.mark.long
@pytest.mark.process
def test_merged_cells_of_ods_count_for_their_rows(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    rows = [
        ["Title", "Start", "Location"],
        ["A", "2020-02-20", "Huế"],
        ["B", "2020-02-21", ""],
        ["C", "2020-02-22", ""],
    ]
    path.write_bytes(make_sheet(rows, ["C2:C3"]))
    ods = convert_with_libreoffice(path, "ods", tmp_path)
    found = read_workbook(ods.read_bytes())
    assert [one.location for one in found if isinstance(one, Event)] == ["Huế", "Huế", ""]
