"""Events as bars on an axis of time."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from ilocal.dates import Days, Month, Year
from ilocal.event import Event
from ilocal.views.axis import Axis, ticks, whole_months
from ilocal.views.cells import Look, printed, width
from ilocal.views.timeline import extent, rows, timeline_page
from tests.conftest import SHIPPED, Ilocal
from tests.support import strategies
from tests.terminal.test_tables import plain, screen

MADE = [
    Event("Đại hội", start=Year(2020)),
    Event("Chiến dịch", start=date(2019, 11, 1), end=date(2020, 1, 20)),
    Event("Tập huấn", start=date(2020, 1, 20), end=date(2020, 3, 5)),
    Event("Công bố báo cáo", start=Month(2020, 4), status="tentative"),
    Event("Họp", start=date(2020, 5, 4)),
    Event("Hội nghị quốc gia", start=date(2020, 6, 20), end=date(2020, 7, 3), status="cancelled"),
]
HALF = Days(date(2020, 1, 1), date(2020, 6, 30))


def page(columns: int, events: list[Event] = MADE, span: Days = HALF) -> str:
    return "".join(printed(timeline_page(rows(events), span, Look(columns, "vi", date(2020, 2, 20)))))


# ------------------------------------------------------------------------------------------------------------- screens


@pytest.mark.parametrize("days", [3, 30, 90, 365])
def test_one_day_is_a_point_however_wide_the_axis(days: int) -> None:
    begin = date(2020, 2, 1)
    events = [Event("A", start=begin + timedelta(n)) for n in range(days)]
    lines = page(60, events, Days(begin, begin + timedelta(days - 1))).split("\n")
    assert len([line for line in lines if "◆" in line]) == days
    assert not [line for line in lines if "┣" in line]


def test_bars_points_broken_lines_and_what_goes_on() -> None:
    assert (
        page(60)
        == """\
2020      T2       T3         T4       T5         T6
┼─────────┼─────▼──┼──────────┼────────┼──────────┼─────────
╍ ● Đại hội ╍╍╍╍┃╍╍╍╍╍╍╍╍╍╍╍╍╍╍╍╍╍╍╍╍╍╍╍╍╍╍╍╍╍╍╍╍╍╍╍╍╍╍╍╍╍╍▸
◂━━━━━┫ Chiến dịch
      ┣ ● Tập huấn ━━┫
                │             ╍╍╍╍╍╍╍╍╍╍ ? Công bố báo cáo
                │                       ◆ Họp
                │                   ✗ Hội nghị quốc gia ┣━━▸
                │ hôm nay 2020/02/20
"""
    )


def test_a_year_on_eighty_columns(tmp_path: Path) -> None:
    text = plain(screen(tmp_path, 80, "-r", str(SHIPPED), "timeline", "--year", "2020"))
    assert (
        text
        == """\
2020  T2     T3    T4     T5     T6    T7     T8     T9    T10    T11    T12
┼─────┼───▼──┼─────┼──────┼──────┼─────┼──────┼──────┼─────┼──────┼──────┼──────
◂━━━━━━━━━┃━━━━━━━━━━━━━━━┫ ● Nhân rộng phương pháp SCREAM trong các hoạt động…
◂━━━━━━━━━┃━┫ ● Khảo sát cuối kì của Dự án ENHANCE
◆ ? Xuất bản kết quả Khảo sát quốc gia về Lao động Trẻ em 2018
┣━━━━━━━━━┃━━━━━━━━━━━━━━━┫ ● Dự án ENHANCE xây dựng cơ chế giấy chứng nhận khô…
      ┣━┫ Hội thảo tổng kết chiến dịch thanh tra lao động toàn quốc về tăng cườ…
         ◆│ Hội thảo Kỹ thuật "Thực hiện Trách nhiệm Xã hội tại doanh nghiệp -…
          ◆ ● Họp khởi động "Nhóm cố vấn CSR" thúc đẩy thực hiện CSR trong chuỗ…
          │ ◆ Khảo sát cuối kì về kiến thức, thái độ và hành vi về lao động trẻ…
          │ hôm nay 2020/02/20
8 sự kiện
"""
    )


def test_all_around_today_on_sixty_columns(tmp_path: Path) -> None:
    text = plain(screen(tmp_path, 60, "-r", str(SHIPPED), "--lang", "en", "timeline"))
    assert (
        text
        == """\
Aug   Sep    Oct    Nov   Dec    2020   Feb   Mar    Apr
┼─────┼──────┼──────┼─────┼──────┼──────┼───▼─┼──────┼──────
 ◆ Hội thảo đối thoại chính sách về các tiêu chuẩn lao động…
 ◆ Hội nghị tổng kết thí điểm thu thập dữ liệu chỉ số quan…
   ◆ Cuộc họp quốc gia chuẩn bị cho Diễn đàn lao động di cư…
     ◆ 100 năm ILO – Con đường đến Công bằng Xã hội: “Tư tư…
        ┣┫ Xây dựng năng lực quốc gia trong phân tích dữ li…
        ◆ Hội thảo hoạt động mạng lưới công đoàn các khu cô…
         ◆ Hội thảo chia sẻ kinh nghiệm quốc gia của dự án…
           ┣┫ Đào tạo đào tạo quốc gia (tot) về bộ tài liệu…
            ◆ Tọa đàm báo chí về EVFTA, các công ước cơ bản…
               ◆ SCORE Việt Nam tiếp tục hỗ trợ mạng lưới t…
                         ◆ Diễn đàn Lao động – "Tương lai v…
                         ┣┫ SCORE - Tập huấn cho các doanh…
                            ┣ ● Nhân rộng phương pháp SCR… ┫
● Khảo sát cuối kì của Dự án EN… ┣━━━━━━━━━━┃━┫
? Xuất bản kết quả Khảo sát quố… ◆          │
● Dự án ENHANCE xây dựng cơ chế… ┣━━━━━━━━━━┃━━━━━━━━━━━━━━┫
Hội thảo tổng kết chiến dịch thanh tra… ┣┫  │
Hội thảo Kỹ thuật "Thực hiện Trách nhiệm… ┣┫│
● Họp khởi động "Nhóm cố vấn CSR" thúc đẩy… ◆
Khảo sát cuối kì về kiến thức, thái độ và…  │┣┫
┼─────┼──────┼──────┼─────┼──────┼──────┼───▼─┼──────┼──────
Aug   Sep    Oct    Nov   Dec    2020   Feb   Mar    Apr
                           today 2020/02/20 │
20 events
"""
    )


def test_what_recurs_is_one_line_with_a_bar_each_time(ilocal: Ilocal, tmp_path: Path) -> None:
    (tmp_path / "events.toml").write_text(
        """\
[[event]]
id = "giao-ban"
title = "Giao ban"
start = 2020-01-06T09:00:00
timezone = "Asia/Ho_Chi_Minh"
rrule = "FREQ=MONTHLY;UNTIL=20200506T090000"

[[event.override]]
recurrence_id = 2020-03-06T09:00:00
title = "Giao ban mở rộng"

[[event]]
id = "hoi-nghi"
title = "Hội nghị"
start = 2020-04-20
end = 2020-05-10
""",
        encoding="utf-8",
    )
    asked = ("--today", "2020-02-20", "--lang", "vi", "timeline", "--to", "2020-06")
    assert (
        ilocal(*asked).out
        == """\
2020         T2           T3            T4           T5           T6
┼────────────┼───────▼────┼─────────────┼────────────┼────────────┼─────────────
  ◆ Giao ban   ◆     │      ◆             ◆            ◆
                     │                          ┣━━━━━━━━┫ Hội nghị
                     │ hôm nay 2020/02/20
"""
    )
    assert json.loads(ilocal(*asked, "--month", "2020-05", "-f", "json").out) == {
        "from": "2020-05-01",
        "to": "2020-05-31",
        "events": [
            {
                "id": "hoi-nghi",
                "title": "Hội nghị",
                "bars": [{"from": "2020-04-20", "to": "2020-05-10"}],
            },
            {"id": "giao-ban", "title": "Giao ban", "bars": [{"from": "2020-05-06", "to": "2020-05-06"}]},
        ],
    }


def test_years_later_the_last_year_with_events_is_shown(ilocal: Ilocal) -> None:
    done = ilocal("-r", str(SHIPPED), "--today", "2026-11-26", "timeline", "--project", "enhance")
    assert (
        done.out
        == """\
T9 2019  T10        T11      T12        2020      T2       T3         T4
┼────────┼──────────┼────────┼──────────┼─────────┼────────┼──────────┼─────────
   ◆ 1 Hội thảo chia sẻ kinh nghiệm quốc gia của dự án Hỗ trợ kỹ thuật giúp nân…
                                ┣ 2 Nhân rộng phương pháp SCREAM trong các ho… ┫
  3 Khảo sát cuối kì của Dự án ENHANCE ┣━━━━━━━━━━━━━━━━━━━┫
4 Dự án ENHANCE xây dựng cơ chế giấy c… ┣━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┫
5 Khảo sát cuối kì về kiến thức, thái độ và hành vi về l… ┣┫

 1. 2019/09/12 - 2019/09/13  Hội thảo chia sẻ kinh nghiệm quốc gia của dự án Hỗ trợ kỹ thuật giúp nâng cao năng lực quốc gia về phòng ngừa và giảm lao động trẻ em tại Việt Nam (ENHANCE)
 2. 2019/12/09 - 2020/04/30  Nhân rộng phương pháp SCREAM trong các hoạt động phòng ngừa Lao động Trẻ em
 3. 2019/12/30 - 2020/02/29  Khảo sát cuối kì của Dự án ENHANCE
 4. 2020/01/01 - 2020/04/30  Dự án ENHANCE xây dựng cơ chế giấy chứng nhận không có Lao động Trẻ em
 5. 2020/02/25 - 2020/02/29  Khảo sát cuối kì về kiến thức, thái độ và hành vi về lao động trẻ em (KAP) cho dự án ENHANCE
"""
    )
    assert done.err == ""


@pytest.mark.parametrize("columns", [20, 40, 120])
def test_every_screen_fits(tmp_path: Path, columns: int) -> None:
    text = plain(screen(tmp_path, columns, "-r", str(SHIPPED), "timeline"))
    assert max(map(cell_len, text.split("\n"))) <= columns


def test_running_events_and_today_are_marked_with_and_without_colour(tmp_path: Path) -> None:
    text = screen(tmp_path, 80, "-r", str(SHIPPED), "timeline")
    assert "\x1b[1;32m● " in text
    assert "\x1b[1;31m▼" in text
    text = screen(tmp_path, 80, "-r", str(SHIPPED), "timeline", NO_COLOR="1")
    assert "\x1b" not in text
    assert text.count("● ") == 4
    assert "hôm nay 2020/02/20" in text


def test_a_plain_terminal_gets_plain_signs_and_its_own_width(tmp_path: Path) -> None:
    text = screen(tmp_path, 60, "-r", str(SHIPPED), "--lang", "en", "timeline", TERM="dumb")
    assert not set("─┼▼┣━┫◆●│┃…") & set(text)
    assert {len(line) for line in text.split("\n") if set(line) == set("+-v")} == {60}


# ------------------------------------------------------------------------------------------------------- which events


def test_the_days_asked_for_are_the_axis_and_open_ends_the_events_own(ilocal: Ilocal) -> None:
    def scale(*arguments: str) -> str:
        return ilocal("-r", str(SHIPPED), "timeline", *arguments).out.split("\n")[0]

    assert scale("--from", "2019-12-01", "--to", "2020-05-31").split() == [
        "T12",
        "2019",
        "2020",
        "T2",
        "T3",
        "T4",
        "T5",
    ]
    assert scale("--from", "2020-01-01").split() == ["2020", "T2", "T3", "T4"]
    assert scale("--month", "2020-02").split() == ["03/02/2020", "10/02", "17/02", "24/02"]
    assert scale("--from", "2020-02-03", "--to", "2020-02-08").split() == [
        "03/02/2020", *(f"{day:02}/02" for day in range(4, 9))
    ]  # fmt: skip


def test_few_or_only_long_ones(ilocal: Ilocal) -> None:
    lines = ilocal("-r", str(SHIPPED), "timeline", "--min-days", "30").out.split("\n")
    assert [line[4:27] for line in lines if line.startswith((" 1.", " 2.", " 3."))] == [
        "2019/12/09 - 2020/04/30", "2019/12/30 - 2020/02/29", "2020/01/01 - 2020/04/30",
    ]  # fmt: skip
    assert ilocal("-r", str(SHIPPED), "timeline", "-n", "1").out.count("◆") == 1


def test_undated_events_are_named_below(ilocal: Ilocal, tmp_path: Path) -> None:
    text = "".join(f'[[event]]\ntitle = "Việc {n:02}"\n\n' for n in range(12))
    (tmp_path / "events.toml").write_text(text + '[[event]]\ntitle = "Họp"\nstart = 2020-02-20\n', encoding="utf-8")
    assert ilocal("--lang", "vi", "timeline").out.split("\n")[4:] == [
        "", "Chưa định ngày", *(f" · Chưa định ngày  Việc {n:02}" for n in range(10)), "  +2", ""
    ]  # fmt: skip
    assert "Chưa định" not in ilocal("--lang", "vi", "timeline", "--year", "2020").out


def test_nothing_to_show(ilocal: Ilocal) -> None:
    done = ilocal("-r", str(SHIPPED), "timeline", "--year", "1999")
    assert done == (0, "", "Không có sự kiện nào khớp.\n")


# ---------------------------------------------------------------------------------------------------------------- laws

some_days = st.dates(date(1, 1, 1), date(9999, 12, 31))
spans = st.tuples(some_days, some_days).map(lambda pair: Days(min(pair), max(pair)))
widths = st.integers(10, 150)


@given(spans, widths, some_days, some_days)
def test_later_days_never_stand_before_earlier_ones(span: Days, columns: int, one: date, other: date) -> None:
    axis = Axis(*span, columns)
    one, other = min(one, other), max(one, other)
    assert 0 <= axis.cell(one) <= axis.cell(other) < columns
    assert axis.cell(one) <= axis.end_cell(one) <= axis.end_cell(other)
    assert (axis.cell(span.first), axis.end_cell(span.last)) == (0, columns - 1)


@given(st.integers(1, 60), st.integers(60, 150))
def test_days_part_the_cells_among_them(length: int, columns: int) -> None:
    some = [date(2020, 2, 1) + timedelta(days=n) for n in range(length)]
    axis = Axis(some[0], some[-1], columns)
    cells = [cell for day in some for cell in range(axis.cell(day), axis.end_cell(day) + 1)]
    assert cells == list(range(columns))


@given(spans, widths, st.sampled_from(["vi", "en"]))
def test_ticks_are_in_order_and_their_labels_apart(span: Days, columns: int, lang: str) -> None:
    axis = Axis(*span, columns)
    found = ticks(axis, lang)
    assert [tick.day for tick in found] == sorted({tick.day for tick in found})
    at = -2
    for tick in found:
        assert span.first <= tick.day <= span.last
        assert axis.cell(tick.day) >= at + 2
        at = axis.cell(tick.day) + len(tick.label)


@pytest.mark.parametrize(
    ("first", "last", "labels"),
    [
        (date(2020, 2, 3), date(2020, 2, 9), "03/02 04/02 05/02 06/02 07/02 08/02 09/02"),
        (date(2020, 2, 1), date(2020, 3, 31), "03/02 10/02 17/02 24/02 02/03 09/03 16/03 23/03 30/03"),
        (date(2020, 1, 1), date(2020, 12, 31), "2020 T2 T3 T4 T5 T6 T7 T8 T9 T10 T11 T12"),
        (date(2018, 6, 1), date(2020, 12, 31), "T7 T10 2019 T4 T7 T10 2020 T4 T7 T10"),
        (date(1990, 1, 1), date(2030, 12, 31), "1990 1995 2000 2005 2010 2015 2020 2025 2030"),
        (date(1, 1, 1), date(9999, 12, 31), "1000 2000 3000 4000 5000 6000 7000 8000 9000"),
    ],
)  # fmt: skip
def test_ticks_are_as_fine_as_there_is_room(first: date, last: date, labels: str) -> None:
    assert " ".join(tick.label for tick in ticks(Axis(first, last, 80), "vi")) == labels


@given(st.lists(strategies.placed, min_size=1, max_size=8), widths, st.booleans())
def test_every_line_is_as_wide_as_the_axis_and_each_event_has_one(
    events: list[Event], columns: int, is_wrapped: bool
) -> None:
    dated = [event for event in events if event.days is not None]
    span = extent(rows(dated), Days(date.min, date.max))
    if span is None:
        assert dated == []
        return
    look = Look(columns, "vi", date(2019, 6, 1), is_wrapped=is_wrapped)
    lines = [line for line in timeline_page(rows(dated), span, look) if line]
    bars = [line for line in lines[2:] if any(piece.style.startswith("line") for piece in line)]
    assert len(bars) == len(dated)
    for line in (*lines[:2], *bars):
        assert sum(width(text) for text, _ in line) == columns
    for event, line in zip(dated, bars, strict=True):
        text = "".join(text for text, _ in line)
        assert ("┣" in text or "◆" in text or "◂" in text or "▸" in text) or "╍" in text or "◇" in text, event


def test_whole_months_are_the_extent_within_what_is_asked() -> None:
    assert whole_months(Days(date(2020, 2, 20), date(2020, 3, 3))) == (date(2020, 2, 1), date(2020, 3, 31))
    within = Days(date(2020, 2, 10), date(2020, 12, 31))
    assert extent(rows([Event("a", start=date(2020, 2, 20), end=date(2020, 3, 3))]), within) == (
        date(2020, 2, 10), date(2020, 3, 31),
    )  # fmt: skip
    assert extent(rows([Event("a")]), within) is None
