"""`ilocal timeline`: events as bars on an axis of time, on screens of several widths."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from rich.cells import cell_len

from tests.support.cli import Ilocal
from tests.support.paths import SHIPPED_REGISTRY
from tests.support.terminal import run_on_terminal, strip_escapes


@pytest.mark.process
def test_a_year_on_eighty_columns(tmp_path: Path) -> None:
    text = strip_escapes(run_on_terminal(tmp_path, 80, "-r", str(SHIPPED_REGISTRY), "timeline", "--year", "2020"))
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
8 events
"""
    )


@pytest.mark.process
def test_all_around_today_on_sixty_columns(tmp_path: Path) -> None:
    text = strip_escapes(run_on_terminal(tmp_path, 60, "-r", str(SHIPPED_REGISTRY), "--lang", "en", "timeline"))
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
1 event is outside these days; choose other days with --from
and --to
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
    done = ilocal("-r", str(SHIPPED_REGISTRY), "--today", "2026-11-26", "timeline", "--project", "enhance")
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


@pytest.mark.process
@pytest.mark.parametrize("columns", [20, 40, 120])
def test_every_screen_fits(tmp_path: Path, columns: int) -> None:
    text = strip_escapes(run_on_terminal(tmp_path, columns, "-r", str(SHIPPED_REGISTRY), "timeline"))
    assert max(map(cell_len, text.split("\n"))) <= columns


@pytest.mark.process
def test_running_events_and_today_are_marked_with_and_without_colour(tmp_path: Path) -> None:
    text = run_on_terminal(tmp_path, 80, "-r", str(SHIPPED_REGISTRY), "timeline")
    assert "\x1b[1;32m● " in text
    assert "\x1b[1;31m▼" in text
    text = run_on_terminal(tmp_path, 80, "-r", str(SHIPPED_REGISTRY), "timeline", NO_COLOR="1")
    assert "\x1b" not in text
    assert text.count("● ") == 4
    assert "hôm nay 2020/02/20" in text


@pytest.mark.process
def test_a_plain_terminal_gets_plain_signs_and_its_own_width(tmp_path: Path) -> None:
    text = run_on_terminal(tmp_path, 60, "-r", str(SHIPPED_REGISTRY), "--lang", "en", "timeline", TERM="dumb")
    assert not set("─┼▼┣━┫◆●│┃…") & set(text)
    assert {len(line) for line in text.split("\n") if set(line) == set("+-v")} == {60}


def test_the_days_asked_for_are_the_axis_and_open_ends_the_events_own(ilocal: Ilocal) -> None:
    def scale(*arguments: str) -> str:
        return ilocal("-r", str(SHIPPED_REGISTRY), "timeline", *arguments).out.split("\n")[0]

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
    lines = ilocal("-r", str(SHIPPED_REGISTRY), "timeline", "--min-days", "30").out.split("\n")
    assert [line[4:27] for line in lines if line.startswith((" 1.", " 2.", " 3."))] == [
        "2019/12/09 - 2020/04/30", "2019/12/30 - 2020/02/29", "2020/01/01 - 2020/04/30",
    ]  # fmt: skip
    assert ilocal("-r", str(SHIPPED_REGISTRY), "timeline", "-n", "1").out.count("◆") == 1


def test_undated_events_are_named_below(ilocal: Ilocal, tmp_path: Path) -> None:
    text = "".join(f'[[event]]\ntitle = "Việc {n:02}"\n\n' for n in range(12))
    (tmp_path / "events.toml").write_text(text + '[[event]]\ntitle = "Họp"\nstart = 2020-02-20\n', encoding="utf-8")
    assert ilocal("--lang", "vi", "timeline").out.split("\n")[4:] == [
        "", "Chưa có ngày", *(f" · Chưa có ngày  Việc {n:02}" for n in range(10)), "  +2", ""
    ]  # fmt: skip
    assert "Chưa định" not in ilocal("--lang", "vi", "timeline", "--year", "2020").out


def test_nothing_to_show(ilocal: Ilocal) -> None:
    done = ilocal("-r", str(SHIPPED_REGISTRY), "timeline", "--year", "1999")
    assert done == (0, "", "No events match.\n")


def test_events_outside_of_the_axis_are_counted_with_the_way_to_them(ilocal: Ilocal, registry: Path) -> None:
    assert ilocal("add", "Tổng kết", "2026-05-01").code == 0
    assert ilocal("--today", "2020-02-20", "timeline").err == (
        "1 event is outside these days; choose other days with --from and --to\n"
    )
    assert ilocal("--lang", "vi", "--today", "2026-02-20", "timeline").err == (
        "3 sự kiện nằm ngoài những ngày này; chọn ngày khác bằng --from và --to\n"
    )
    assert ilocal("timeline", "--from", "2019").err == ilocal("timeline", "--min-days", "2").err == ""
    assert ilocal("timeline", "--year", "2020", "-n", "1").err == "1 more event is not shown\n"
    assert ilocal("--today", "2026-02-20", "timeline", "--topic", "lao động trẻ em").err == ""  # the axis is around it
