"""`ilocal calendar`: a month as a grid and a year at a glance, on screens, in pipes and as data."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from rich.cells import cell_len

from ilocal.terminal.text_width import measure_width
from tests.support.cli import Ilocal
from tests.support.paths import SHIPPED_REGISTRY
from tests.support.terminal import ESCAPES, run_on_terminal, strip_escapes

MADE = """\
[registry]
language = "vi"
[[event]]
id = "giao-ban"
title = "Họp giao ban"
start = 2020-02-03T08:30:00
rrule = "FREQ=WEEKLY;UNTIL=20200330T000000"
[[event]]
id = "quoc-gia"
title = "Hội thảo quốc gia"
start = 2020-02-28
end = 2020-03-03
status = "cancelled"
[[event]]
id = "bao-cao"
title = "Công bố báo cáo"
start = "2020-02"
[[event]]
id = "dai-hoi"
title = "Đại hội"
start = "2020"
[[event]]
id = "tap-huan"
title = "Tập huấn"
start = 2020-01-20
end = 2020-02-05
"""


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """Return a small registry: a series, a time, a month, a year, a cancelled event, an event over two months."""
    path = tmp_path / "events.toml"
    path.write_text(MADE, encoding="utf-8")
    return path


# ------------------------------------------------------------------------------------------------------------ screens


@pytest.mark.process
def test_a_month_on_eighty_columns(tmp_path: Path) -> None:
    text = strip_escapes(
        run_on_terminal(tmp_path, 80, "-r", str(SHIPPED_REGISTRY), "--today", "2018-09-27", "calendar")
    )
    assert (
        text
        == """\
Tháng Chín 2018
  T2         T3         T4         T5         T6         T7         CN
┌──────────┬──────────┬──────────┬──────────┬──────────┬──────────┬──────────┐
│ 27       │ 28       │ 29       │ 30       │ 31       │ 1        │ 2        │
│          │          │          │          │          │          │          │
├──────────┼──────────┼──────────┼──────────┼──────────┼──────────┼──────────┤
│ 3        │ 4        │ 5        │ 6        │ 7        │ 8        │ 9        │
│          │          │          │          │          │          │          │
├──────────┼──────────┼──────────┼──────────┼──────────┼──────────┼──────────┤
│ 10       │ 11       │ 12       │ 13       │ 14       │ 15       │ 16       │
│          │          │          │          │          │          │          │
├──────────┼──────────┼──────────┼──────────┼──────────┼──────────┼──────────┤
│ 17       │ 18       │ 19       │ 20       │ 21       │ 22       │ 23       │
│          │          │          │          │          │          │          │
├──────────┼──────────┼──────────┼──────────┼──────────┼──────────┼──────────┤
│ 24       │ 25       │ 26       │[27]      │ 28       │ 29       │ 30       │
│          │          │          │┣1 Hội nghị Thanh t…┫│          │          │
└──────────┴──────────┴──────────┴──────────┴──────────┴──────────┴──────────┘

 1. 2018/09/27 - 2018/09/28  Hội nghị Thanh tra Lao động Châu Á lần thứ 7: Chiến
                             lược thanh tra lao động đối với việc làm bền vững
                             trong chuỗi cung ứng toàn cầu [đang diễn ra]
1 event
"""
    )


@pytest.mark.process
def test_a_month_on_sixty_columns_in_english(tmp_path: Path) -> None:
    text = strip_escapes(
        run_on_terminal(tmp_path, 60, "-r", str(SHIPPED_REGISTRY), "--lang", "en", "calendar", "Feb", "2020")
    )
    assert (
        text
        == """\
February 2020
  Mon     Tue     Wed     Thu     Fri     Sat     Sun
┌───────┬───────┬───────┬───────┬───────┬───────┬───────┐
│ 27    │ 28    │ 29    │ 30    │ 31    │ 1     │ 2     │
│       │       │       │       │       │◂1 Nhân rộng… ▸│
│       │       │       │       │       │◂2 Khảo sát c…▸│
│       │       │       │       │       │◂3 Dự án ENHA…▸│
│       │       │       │       │       │┣4 Hội thảo t…▸│
├───────┼───────┼───────┼───────┼───────┼───────┼───────┤
│ 3     │ 4     │ 5     │ 6     │ 7     │ 8     │ 9     │
│◂1 Nhân rộng phương pháp SCREAM trong các hoạt động p…▸│
│◂2 Khảo sát cuối kì của Dự án ENHANCE ━━━━━━━━━━━━━━━━▸│
│◂3 Dự án ENHANCE xây dựng cơ chế giấy chứng nhận khôn…▸│
│◂4 Hội thảo tổng kết chiến dịch thanh…┫│       │       │
├───────┼───────┼───────┼───────┼───────┼───────┼───────┤
│ 10    │ 11    │ 12    │ 13    │ 14    │ 15    │ 16    │
│◂1 Nhân rộng phương pháp SCREAM trong các hoạt động p…▸│
│◂2 Khảo sát cuối kì của Dự án ENHANCE ━━━━━━━━━━━━━━━━▸│
│◂3 Dự án ENHANCE xây dựng cơ chế giấy chứng nhận khôn…▸│
│       │       │       │┣5 Hội thảo K…┫│       │       │
├───────┼───────┼───────┼───────┼───────┼───────┼───────┤
│ 17    │ 18    │ 19    │[20]   │ 21    │ 22    │ 23    │
│◂1 Nhân rộng phương pháp SCREAM trong các hoạt động p…▸│
│◂2 Khảo sát cuối kì của Dự án ENHANCE ━━━━━━━━━━━━━━━━▸│
│◂3 Dự án ENHANCE xây dựng cơ chế giấy chứng nhận khôn…▸│
│       │       │       │6 Họp… │       │       │       │
├───────┼───────┼───────┼───────┼───────┼───────┼───────┤
│ 24    │ 25    │ 26    │ 27    │ 28    │ 29    │ 1     │
│◂1 Nhân rộng phương pháp SCREAM trong các hoạ…▸│       │
│◂2 Khảo sát cuối kì của Dự án ENHANCE ━━━━━━━━┫│       │
│◂3 Dự án ENHANCE xây dựng cơ chế giấy chứng n…▸│       │
│       │┣7 Khảo sát cuối kì về kiến thức, thá…┫│       │
└───────┴───────┴───────┴───────┴───────┴───────┴───────┘

 1. Nhân rộng phương pháp SCREAM trong các hoạt động phòng
    ngừa Lao động Trẻ em [vi]
    2019/12/09 - 2020/04/30 [running]
 2. Khảo sát cuối kì của Dự án ENHANCE [vi]
    2019/12/30 - 2020/02/29 [running]
 3. Dự án ENHANCE xây dựng cơ chế giấy chứng nhận không có
    Lao động Trẻ em [vi]
    2020/01/01 - 2020/04/30 [running]
 4. Hội thảo tổng kết chiến dịch thanh tra lao động toàn
    quốc về tăng cường tuân thủ trong ngành chế biến gỗ năm
    2019 [vi]
    2020/02/01 - 2020/02/07
 5. Hội thảo Kỹ thuật "Thực hiện Trách nhiệm Xã hội tại
    doanh nghiệp - vai trò và sự tham gia của người lao
    động” dành cho các nhà hoạch định chính sách [vi]
    2020/02/13 - 2020/02/14
 6. Họp khởi động "Nhóm cố vấn CSR" thúc đẩy thực hiện CSR
    trong chuỗi cung ứng thủy sản tại Việt Nam [vi]
    2020/02/20 [today]
 7. Khảo sát cuối kì về kiến thức, thái độ và hành vi về lao
    động trẻ em (KAP) cho dự án ENHANCE [vi]
    2020/02/25 - 2020/02/29
7 events
"""
    )


@pytest.mark.process
def test_a_month_on_a_hundred_and_twenty_columns(made: Path, tmp_path: Path) -> None:
    """Times, what is cancelled, what goes on, and what has no day."""
    text = strip_escapes(run_on_terminal(tmp_path, 120, "-r", str(made), "calendar"))
    assert (
        text
        == """\
Tháng Hai 2020
  T2               T3               T4               T5               T6               T7               CN
┌────────────────┬────────────────┬────────────────┬────────────────┬────────────────┬────────────────┬────────────────┐
│ 27             │ 28             │ 29             │ 30             │ 31             │ 1              │ 2              │
│                │                │                │                │                │◂1 Tập huấn ━━━━━━━━━━━━━━━━━━━━▸│
├────────────────┼────────────────┼────────────────┼────────────────┼────────────────┼────────────────┼────────────────┤
│ 3              │ 4              │ 5              │ 6              │ 7              │ 8              │ 9              │
│◂1 Tập huấn ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┫│                │                │                │                │
│2 08:30 Họp gia…│                │                │                │                │                │                │
├────────────────┼────────────────┼────────────────┼────────────────┼────────────────┼────────────────┼────────────────┤
│ 10             │ 11             │ 12             │ 13             │ 14             │ 15             │ 16             │
│3 08:30 Họp gia…│                │                │                │                │                │                │
├────────────────┼────────────────┼────────────────┼────────────────┼────────────────┼────────────────┼────────────────┤
│ 17             │ 18             │ 19             │[20]            │ 21             │ 22             │ 23             │
│4 08:30 Họp gia…│                │                │                │                │                │                │
├────────────────┼────────────────┼────────────────┼────────────────┼────────────────┼────────────────┼────────────────┤
│ 24             │ 25             │ 26             │ 27             │ 28             │ 29             │ 1              │
│5 08:30 Họp gia…│                │                │                │┣6 ✗ Hội thảo quốc gia ━━━━━━━━━▸│                │
└────────────────┴────────────────┴────────────────┴────────────────┴────────────────┴────────────────┴────────────────┘

 1. 2020/01/20 - 2020/02/05  Tập huấn
 2. 2020/02/03 08:30         Họp giao ban
 3. 2020/02/10 08:30         Họp giao ban
 4. 2020/02/17 08:30         Họp giao ban
 5. 2020/02/24 08:30         Họp giao ban
 6. 2020/02/28 - 2020/03/03  Hội thảo quốc gia [đã hủy]

Chưa rõ ngày
 · 2020     Đại hội [đang diễn ra]
 · 2020/02  Công bố báo cáo [đang diễn ra]
8 events
"""
    )


def test_a_translated_event_is_called_so_and_another_is_marked(ilocal: Ilocal, tmp_path: Path) -> None:
    (tmp_path / "events.toml").write_text(
        """\
[registry]
language = "vi"
[[event]]
title = "Hội thảo quốc gia về thanh tra"
start = 2020-02-20
[event.translations.en]
title = "National workshop"
[[event]]
title = "Họp"
start = 2020-02-21
""",
        encoding="utf-8",
    )
    month = ilocal("--lang", "en", "calendar").out
    assert "│1 Nationa…│2 Họp     │" in month
    assert month.endswith("\n 1. 2020/02/20  National workshop  [today]\n 2. 2020/02/21  Họp [vi]\n")
    line = ilocal("--lang", "en", "timeline").out.split("\n")[2]
    assert ("● National workshop" in line, "Hội thảo" in line) == (True, False)


def test_where_all_can_be_read_in_the_grid_nothing_is_numbered(tmp_path: Path, ilocal: Ilocal) -> None:
    (tmp_path / "events.toml").write_text(
        '[[event]]\ntitle = "Họp"\nstart = 2020-02-20\n\n[[event]]\ntitle = "Hội thảo"\nstart = 2020-02-22\nend = 2020-02-24\n',
        encoding="utf-8",
    )
    assert (
        ilocal("--lang", "vi", "calendar").out
        == """\
Tháng Hai 2020
  T2         T3         T4         T5         T6         T7         CN
┌──────────┬──────────┬──────────┬──────────┬──────────┬──────────┬──────────┐
│ 27       │ 28       │ 29       │ 30       │ 31       │ 1        │ 2        │
│          │          │          │          │          │          │          │
├──────────┼──────────┼──────────┼──────────┼──────────┼──────────┼──────────┤
│ 3        │ 4        │ 5        │ 6        │ 7        │ 8        │ 9        │
│          │          │          │          │          │          │          │
├──────────┼──────────┼──────────┼──────────┼──────────┼──────────┼──────────┤
│ 10       │ 11       │ 12       │ 13       │ 14       │ 15       │ 16       │
│          │          │          │          │          │          │          │
├──────────┼──────────┼──────────┼──────────┼──────────┼──────────┼──────────┤
│ 17       │ 18       │ 19       │[20]      │ 21       │ 22       │ 23       │
│          │          │          │Họp       │          │┣Hội thảo ━━━━━━━━━━▸│
├──────────┼──────────┼──────────┼──────────┼──────────┼──────────┼──────────┤
│ 24       │ 25       │ 26       │ 27       │ 28       │ 29       │ 1        │
│◂Hội thảo┫│          │          │          │          │          │          │
└──────────┴──────────┴──────────┴──────────┴──────────┴──────────┴──────────┘
"""
    )


@pytest.mark.process
def test_a_year_on_eighty_columns(tmp_path: Path) -> None:
    text = run_on_terminal(tmp_path, 80, "-r", str(SHIPPED_REGISTRY), "calendar", "2020", NO_COLOR="1")
    assert (
        text
        == """\
Năm 2020

Tháng Một         (4)   Tháng Hai         (7)   Tháng Ba          (2)
T2 T3 T4 T5 T6 T7 CN    T2 T3 T4 T5 T6 T7 CN    T2 T3 T4 T5 T6 T7 CN
       1█ 2▅ 3▅ 4▅ 5▅                   1█ 2█                      1▃
 6▅ 7▅ 8▅ 9▅10▅11▅12▅    3█ 4█ 5█ 6█ 7█ 8▅ 9▅    2▃ 3▃ 4▃ 5▃ 6▃ 7▃ 8▃
13▅14▅15▅16▅17▅18▅19▅   10▅11▅12▅13█14█15▅16▅    9▃10▃11▃12▃13▃14▃15▃
20▅21▅22▅23▅24▅25▅26▅   17▅18▅19▅20◂21▅22▅23▅   16▃17▃18▃19▃20▃21▃22▃
27▅28▅29▅30▅31▅         24▅25█26█27█28█29█      23▃24▃25▃26▃27▃28▃29▃
                                                30▃31▃

Tháng Tư          (2)   Tháng Năm               Tháng Sáu
T2 T3 T4 T5 T6 T7 CN    T2 T3 T4 T5 T6 T7 CN    T2 T3 T4 T5 T6 T7 CN
       1▃ 2▃ 3▃ 4▃ 5▃                1  2  3     1  2  3  4  5  6  7
 6▃ 7▃ 8▃ 9▃10▃11▃12▃    4  5  6  7  8  9 10     8  9 10 11 12 13 14
13▃14▃15▃16▃17▃18▃19▃   11 12 13 14 15 16 17    15 16 17 18 19 20 21
20▃21▃22▃23▃24▃25▃26▃   18 19 20 21 22 23 24    22 23 24 25 26 27 28
27▃28▃29▃30▃            25 26 27 28 29 30 31    29 30

Tháng Bảy               Tháng Tám               Tháng Chín
T2 T3 T4 T5 T6 T7 CN    T2 T3 T4 T5 T6 T7 CN    T2 T3 T4 T5 T6 T7 CN
       1  2  3  4  5                    1  2        1  2  3  4  5  6
 6  7  8  9 10 11 12     3  4  5  6  7  8  9     7  8  9 10 11 12 13
13 14 15 16 17 18 19    10 11 12 13 14 15 16    14 15 16 17 18 19 20
20 21 22 23 24 25 26    17 18 19 20 21 22 23    21 22 23 24 25 26 27
27 28 29 30 31          24 25 26 27 28 29 30    28 29 30
                        31

Tháng Mười              Tháng Mười Một          Tháng Mười Hai
T2 T3 T4 T5 T6 T7 CN    T2 T3 T4 T5 T6 T7 CN    T2 T3 T4 T5 T6 T7 CN
          1  2  3  4                       1        1  2  3  4  5  6
 5  6  7  8  9 10 11     2  3  4  5  6  7  8     7  8  9 10 11 12 13
12 13 14 15 16 17 18     9 10 11 12 13 14 15    14 15 16 17 18 19 20
19 20 21 22 23 24 25    16 17 18 19 20 21 22    21 22 23 24 25 26 27
26 27 28 29 30 31       23 24 25 26 27 28 29    28 29 30 31
                        30

Số sự kiện mỗi ngày: ▁ 1   ▃ 2   ▅ 3   █ 4   ◂ hôm nay: 4 sự kiện
8 events
"""
    )


@pytest.mark.process
def test_the_days_of_a_year_have_a_colour_behind_them_in_the_place_of_signs(tmp_path: Path) -> None:
    text = run_on_terminal(tmp_path, 80, "-r", str(SHIPPED_REGISTRY), "calendar", "2020")
    assert not set("▁▃▅█◂") & set(text)
    assert "\x1b[1;7m20\x1b[0m 21" not in strip_escapes(text)
    assert "\x1b[1;7m20\x1b[0m" in text
    styles = re.findall(r"\x1b\[([0-9;]+)m( [1-4] |1[0-9])\x1b\[0m", text)
    assert {style for style, day in styles if day == " 4 "} == {"1;38;5;231;48;5;124"}


@pytest.mark.process
@pytest.mark.parametrize(("columns", "across"), [(60, 2), (80, 3), (120, 4), (200, 4)])
def test_as_many_small_months_stand_side_by_side_as_fit(tmp_path: Path, columns: int, across: int) -> None:
    lines = strip_escapes(
        run_on_terminal(tmp_path, columns, "-r", str(SHIPPED_REGISTRY), "--lang", "en", "calendar", "2019")
    ).split("\n")
    assert max(map(cell_len, lines)) <= columns
    assert [line.count("Mo Tu We Th Fr Sa Su") for line in lines if "Mo Tu" in line] == [across] * (12 // across)


@pytest.mark.process
@pytest.mark.parametrize("columns", [20, 40, 120])
@pytest.mark.parametrize("period", ["2020-02", "2020"])
def test_every_screen_fits(tmp_path: Path, made: Path, columns: int, period: str) -> None:
    text = strip_escapes(run_on_terminal(tmp_path, columns, "-r", str(SHIPPED_REGISTRY), "calendar", period))
    assert max(map(cell_len, text.split("\n"))) <= max(columns, 23 if period == "2020" else 0)


def test_a_pipe_gets_whole_titles_on_one_line(ilocal: Ilocal) -> None:
    lines = ilocal("-r", str(SHIPPED_REGISTRY), "calendar", "tháng 2/2020").out.split("\n")
    assert {measure_width(line) for line in lines if line.startswith(("│", "├"))} == {78}
    assert (
        " 7. 2020/02/25 - 2020/02/29  Khảo sát cuối kì về kiến thức, thái độ và hành vi về lao động trẻ em (KAP) cho dự án ENHANCE"
        in lines
    )


@pytest.mark.process
@pytest.mark.parametrize("env", [{"TERM": "dumb"}, {"LC_ALL": "vi_VN.TCVN"}])
def test_plain_terminals_get_plain_signs(tmp_path: Path, env: dict[str, str]) -> None:
    for period in ("2020-02", "2020"):
        text = strip_escapes(
            run_on_terminal(tmp_path, 60, "-r", str(SHIPPED_REGISTRY), "--lang", "en", "calendar", period, **env)
        )
        assert max(map(cell_len, text.split("\n"))) <= 60
        assert not set("│─┼┣━┫▸◂…▁▃▅█") & set(text)
    assert ("26*" in text) == ("TERM" in env)  # other terminals have colours for that


@pytest.mark.process
def test_today_is_marked_with_and_without_colour(tmp_path: Path) -> None:
    assert "\x1b[1;7m[20]" in run_on_terminal(tmp_path, 80, "-r", str(SHIPPED_REGISTRY), "calendar")
    text = run_on_terminal(tmp_path, 80, "-r", str(SHIPPED_REGISTRY), "calendar", NO_COLOR="1")
    assert "[20]" in text
    assert "\x1b" not in text
    assert (
        "["
        not in ESCAPES.sub("", run_on_terminal(tmp_path, 80, "-r", str(SHIPPED_REGISTRY), "calendar", "2020-03"))
        .split("╰")[0]
        .split("1.")[0]
    )


@pytest.mark.process
def test_an_event_has_the_same_colour_in_every_month(tmp_path: Path) -> None:
    def styles(month: str) -> set[str]:
        lines = run_on_terminal(tmp_path, 120, "-r", str(SHIPPED_REGISTRY), "calendar", month).split("\n")
        return {
            line.rpartition("Nhân rộng")[0].rpartition("\x1b")[2].partition("m")[0]
            for line in lines
            if "│\x1b" in line and "Nhân rộng" in line
        }

    assert len(styles("2020-01") | styles("2020-02") | styles("2020-03")) == 1


# --------------------------------------------------------------------------------------------------------- which month


@pytest.mark.parametrize(
    ("words", "heading"),
    [
        ([], "Tháng Hai 2020"), (["tháng", "9/2018"], "Tháng Chín 2018"), (["Feb 2020"], "Tháng Hai 2020"),
        (["next", "month"], "Tháng Ba 2020"), (["2020-01-31"], "Tháng Một 2020"), (["25-29/02/2020"], "Tháng Hai 2020"),
        (["next week"], "Tháng Hai 2020"), (["2019"], "Năm 2019"), (["--month", "2019-12"], "Tháng Mười Hai 2019"),
        (["--year", "2019"], "Năm 2019"), (["9999-12"], "Tháng Mười Hai 9999"), (["0001-01"], "Tháng Một 0001"),
    ],
)  # fmt: skip
def test_a_month_is_named_as_any_date(ilocal: Ilocal, words: list[str], heading: str) -> None:
    done = ilocal("-r", str(SHIPPED_REGISTRY), "calendar", *words)
    assert (done.code, done.out.split("\n")[0]) == (0, heading)


def test_more_than_a_month_is_refused(ilocal: Ilocal) -> None:
    done = ilocal("-r", str(SHIPPED_REGISTRY), "calendar", "2020-01..2020-03")
    assert done == (
        2, "", 'ilocal: "2020-01..2020-03" spans several months\nhint: use a month or a year, such as 2020-02 or 2020\n'
    )  # fmt: skip


def test_filters_narrow_a_month(ilocal: Ilocal) -> None:
    done = ilocal("-r", str(SHIPPED_REGISTRY), "calendar", "2020-02", "--topic", "csr", "-f", "json")
    found = {id for day in json.loads(done.out)["days"] for id in day["events"]}
    assert found == {
        "2020-hop-khoi-dong-nhom-co-van-csr-thuc-day-thuc-hien-csr",
        "2020-hoi-thao-ky-thuat-thuc-hien-trach-nhiem-xa-hoi-tai",
    }
    done = ilocal("-r", str(SHIPPED_REGISTRY), "calendar", "2020-02", "--topic", "không có")
    assert (done.code, done.err) == (0, 'No events match.\n--topic: no event has "không có"\n')


def test_json_has_each_day_with_its_events(ilocal: Ilocal, made: Path) -> None:
    found = json.loads(ilocal("calendar", "2020-02", "-f", "json").out)
    assert (found["from"], found["to"], len(found["days"])) == ("2020-02-01", "2020-02-29", 29)
    assert {day["date"]: day["events"] for day in found["days"] if day["events"]} == {
        "2020-02-01": ["tap-huan"], "2020-02-02": ["tap-huan"], "2020-02-03": ["tap-huan", "giao-ban"],
        "2020-02-04": ["tap-huan"], "2020-02-05": ["tap-huan"], "2020-02-10": ["giao-ban"], "2020-02-17": ["giao-ban"],
        "2020-02-24": ["giao-ban"], "2020-02-28": ["quoc-gia"], "2020-02-29": ["quoc-gia"],
    }  # fmt: skip
    assert found["without_day"] == ["dai-hoi", "bao-cao"]


def test_a_file_gets_the_picture_or_the_data(ilocal: Ilocal, made: Path, tmp_path: Path) -> None:
    for name in ("a.txt", "a.json"):
        assert ilocal("calendar", "-o", name) == (0, "", "")
    assert (tmp_path / "a.txt").read_text(encoding="utf-8") == ilocal("calendar").out
    assert (tmp_path / "a.json").read_text(encoding="utf-8") == ilocal("calendar", "-f", "json").out
    assert (
        ilocal("calendar", "-f", "csv").err
        == 'ilocal: ilocal cannot write the format "csv"\nhint: use one of table, json\n'
    )


@pytest.mark.parametrize(
    ("start", "names", "first"),
    [
        ("monday", "T2 T3 T4 T5 T6 T7 CN", 27),
        ("sunday", "CN T2 T3 T4 T5 T6 T7", 26),
        ("wednesday", "T4 T5 T6 T7 CN T2 T3", 29),
    ],
)
def test_a_week_begins_where_it_is_told_to(ilocal: Ilocal, made: Path, start: str, names: str, first: int) -> None:
    lines = ilocal("calendar", "--week-start", start).out.split("\n")
    assert (lines[1].split(), lines[3].split()[1]) == (names.split(), str(first))
