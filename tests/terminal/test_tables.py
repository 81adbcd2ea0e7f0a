"""What a person sees, on a real terminal (a pty) of several widths."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import pytest
from rich.cells import cell_len

from tests.support.paths import SHIPPED_REGISTRY
from tests.support.registry import parse_registry
from tests.support.terminal import run_on_terminal, strip_escapes

pytestmark = pytest.mark.process

WIDTHS = [40, 60, 80, 120, 200]


@pytest.mark.parametrize("width", WIDTHS)
def test_tables_fit_and_no_letter_is_broken(tmp_path: Path, width: int) -> None:
    text = strip_escapes(run_on_terminal(tmp_path, width, "-r", str(SHIPPED_REGISTRY), "list"))
    lines = text.split("\n")
    assert max(map(cell_len, lines)) <= width
    assert not [line for line in lines if line.strip("│ ")[:1] and unicodedata.combining(line.strip("│ ")[0])]
    months = [line for line in lines if re.match(r"(Tháng|Chưa|Năm)", line)]
    assert months == [
        "Tháng Hai 2020", "Tháng Một 2020", "Tháng Mười Hai 2019", "Tháng Mười Một 2019", "Tháng Mười 2019",
        "Tháng Chín 2019", "Tháng Tám 2019", "Tháng Chín 2018",
    ]  # fmt: skip
    seen = set(re.split(r"[\s│]+", text))
    titles = [event.title for event in parse_registry(SHIPPED_REGISTRY.read_text(encoding="utf-8")).events.values()]
    assert [word for title in titles for word in title.split() if word not in seen and len(word) < width - 12] == []
    assert text.count("2020/02/25 - 2020/02/29") == 1


@pytest.mark.parametrize("width", [60, 80, 120])
def test_chosen_columns_share_the_width(tmp_path: Path, width: int) -> None:
    text = strip_escapes(
        run_on_terminal(
            tmp_path, width, "-r", str(SHIPPED_REGISTRY), "list", "--year", "2020", "--columns", "title,kind,when,id",
            ILOCAL_CONFIG=set_frames(tmp_path),
        )
    )  # fmt: skip
    rows = [line.split("│")[1:-1] for line in text.split("\n") if line.startswith("│")]
    assert max(map(cell_len, text.split("\n"))) <= width
    assert {len(row) for row in rows} == {5}
    assert [row[0].strip() for row in rows if row[0].strip()] == ["1", "2", "3", "4", "1", "2", "1", "2"]
    assert len(rows[0][1]) >= 18
    assert "2020/02/25" in text
    assert text.split("\n")[0].split() == ["Sự", "kiện", "Loại", "Ngày", "Mã"]


def set_frames(folder: Path) -> str:
    path = folder / "config.toml"
    path.write_text('table = "box"\n', encoding="utf-8")
    return str(path)


TABLES = {
    (80, "quiet"): """\
● Đang diễn ra
 1  đến 2020/04/30           Nhân rộng phương pháp SCREAM trong các hoạt động
                             phòng ngừa Lao động Trẻ em
                             Toàn quốc · lao động trẻ em, quyền trẻ em, giáo dục

● Hôm nay
 1  2020/02/20               Họp khởi động "Nhóm cố vấn CSR" thúc đẩy thực hiện
                             CSR trong chuỗi cung ứng thủy sản tại Việt Nam
                             Hà Nội · CSR, chuỗi cung ứng, thủy sản
2 events
""",
    (60, "quiet"): """\
● Đang diễn ra
 1  Nhân rộng phương pháp SCREAM trong các hoạt động phòng
    ngừa Lao động Trẻ em
    đến 2020/04/30 · Toàn quốc · lao động trẻ em, quyền trẻ…

● Hôm nay
 1  Họp khởi động "Nhóm cố vấn CSR" thúc đẩy thực hiện CSR
    trong chuỗi cung ứng thủy sản tại Việt Nam
    2020/02/20 · Hà Nội · CSR, chuỗi cung ứng, thủy sản
2 events
""",
    (80, "box"): """\
● Đang diễn ra
╭───┬─────────────────────────┬────────────────────────────────────────────────╮
│ 1 │ đến 2020/04/30          │ Nhân rộng phương pháp SCREAM trong các hoạt    │
│   │                         │ động phòng ngừa Lao động Trẻ em                │
│   │                         │ Toàn quốc · lao động trẻ em, quyền trẻ em…     │
╰───┴─────────────────────────┴────────────────────────────────────────────────╯

● Hôm nay
╭───┬─────────────────────────┬────────────────────────────────────────────────╮
│ 1 │ 2020/02/20              │ Họp khởi động "Nhóm cố vấn CSR" thúc đẩy thực  │
│   │                         │ hiện CSR trong chuỗi cung ứng thủy sản tại     │
│   │                         │ Việt Nam                                       │
│   │                         │ Hà Nội · CSR, chuỗi cung ứng, thủy sản         │
╰───┴─────────────────────────┴────────────────────────────────────────────────╯
2 events
""",
}


@pytest.mark.parametrize(("width", "table"), TABLES)
def test_a_table_looks_like_this(tmp_path: Path, width: int, table: str) -> None:
    asked = ["upcoming", "--topic", "CSR", "--topic", "giáo dục"]
    env = {"ILOCAL_CONFIG": set_frames(tmp_path)} if table == "box" else {}
    text = run_on_terminal(tmp_path, width, "-r", str(SHIPPED_REGISTRY), *asked, **env)
    assert strip_escapes(text) == TABLES[width, table]


def test_what_a_list_marks_and_what_stands_below_a_title(tmp_path: Path) -> None:
    (tmp_path / "events.toml").write_text(
        '[[event]]\ntitle = "Class"\nstart = 2020-02-10\nend = 2020-02-28\n'
        '[[event]]\ntitle = "Meeting"\nstart = 2020-02-20T08:30:00\nlocation = "Huế"\n'
        '[[event]]\ntitle = "Talk"\nstart = 2020-02-20\nstatus = "cancelled"\ntopics = ["CSR", "wood"]\n'
        '[[event]]\ntitle = "Call"\nstart = 2020-02-03\nrrule = "FREQ=WEEKLY;COUNT=3"\nlocation = "Huế"\n',
        encoding="utf-8",
    )
    text = run_on_terminal(tmp_path, 80, "list")
    assert (
        strip_escapes(text)
        == """\
February 2020
 1  2020/02/20 08:30         Meeting
    ● today                  Huế
 2  2020/02/20               Talk
    ! cancelled              CSR, wood
 3  2020/02/17               Call
                             ↻ every week, 3 times · Huế
 4  2020/02/10 - 2020/02/28  Class
    ● running
4 events
"""
    )
    assert (
        re.findall(r"\x1b\[[0-9]+m2020/02/20\x1b\[0m", text)[0],
        re.findall(r"\x1b\[[0-9]+mHuế\x1b\[0m", text)[0],
    ) == ("\x1b[36m2020/02/20\x1b[0m", "\x1b[2mHuế\x1b[0m")


def test_what_was_searched_for_stands_out(tmp_path: Path) -> None:
    text = run_on_terminal(tmp_path, 80, "-r", str(SHIPPED_REGISTRY), "search", "cuoi ky", "khoảng trống")
    assert re.findall(r"\x1b\[1;7m(.*?)\x1b", text) == ["cuối kì"]
    assert re.findall(r"\x1b\[1;2;7m(.*?)\x1b", text) == ["khoảng trống"]


@pytest.mark.parametrize("env", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_no_colours_where_they_are_not_wanted(tmp_path: Path, env: dict[str, str]) -> None:
    text = run_on_terminal(tmp_path, 80, "-r", str(SHIPPED_REGISTRY), "list", **env)
    assert "\x1b" not in text
    assert "Tháng Hai 2020" in text
    assert "\x1b" not in run_on_terminal(tmp_path, 80, "-r", str(SHIPPED_REGISTRY), "--color", "never", "list")


@pytest.mark.parametrize("columns", [60, 120])
def test_a_terminal_without_signs_gets_tables_of_its_own_width(tmp_path: Path, columns: int) -> None:
    for command in (["list"], ["search", "phòng ngừa", "khoảng trống"], ["show", "2018"]):
        text = run_on_terminal(tmp_path, columns, "-r", str(SHIPPED_REGISTRY), *command, TERM="dumb")
        widest = max(map(cell_len, text.split("\n")))
        assert columns - 25 <= widest <= columns
        assert not set("╭─┬│╰●•…") & set(text)


@pytest.mark.parametrize("term", ["dumb", "xterm-256color"])
def test_the_width_can_be_said(tmp_path: Path, term: str) -> None:
    for said, columns in (("50", 50), ("0", 100), ("wide", 100), ("9" * 5000, 100)):
        text = strip_escapes(
            run_on_terminal(tmp_path, 100, "-r", str(SHIPPED_REGISTRY), "list", TERM=term, COLUMNS=said)
        )
        assert columns - 9 <= max(map(cell_len, text.split("\n"))) <= columns


@pytest.mark.parametrize("width", [40, 80, 120])
def test_a_page_fits_and_has_all_its_text(tmp_path: Path, width: int) -> None:
    text = strip_escapes(run_on_terminal(tmp_path, width, "-r", str(SHIPPED_REGISTRY), "show", "2018"))
    assert max(map(cell_len, text.split("\n"))) <= width
    event = parse_registry(SHIPPED_REGISTRY.read_text(encoding="utf-8")).events[
        "2018-hoi-nghi-thanh-tra-lao-dong-chau-a-lan-thu-7-chien-luoc"
    ]
    seen = set(re.split(r"\s+", text))
    for part in (event.title, event.summary, *(s.heading for s in event.sections), *(s.body for s in event.sections)):
        assert {word for word in part.split() if word != "-"} <= seen


HOSTILE = "[/] [red]x[/red] :smile: \x1b[31mred\x1b[0m \u009b31m \u202eabc \x07 {0} %s"


def test_no_text_of_an_event_is_obeyed(tmp_path: Path) -> None:
    from ilocal.model.event import Event, Section
    from ilocal.storage.toml.event_writer import format_event_block

    event = Event(
        HOSTILE, location=HOSTILE, description=HOSTILE, sections=(Section(HOSTILE, HOSTILE),), extra={"k": HOSTILE}
    )
    (tmp_path / "events.toml").write_text(format_event_block(event), encoding="utf-8")
    for command in (["list"], ["upcoming"], ["show", "tba"], ["search", "red"], ["remove", "--undated", "--yes"]):
        text = run_on_terminal(tmp_path, 200, "--color", "never", *command)
        assert "[/] [red]x[/red] :smile: " in text
        assert not [letter for letter in text if unicodedata.category(letter) == "Cc" and letter != "\n"]
        assert "\u202e" not in text
