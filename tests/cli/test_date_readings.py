"""How dates are shown to people, and that add and edit say on a terminal how they read one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.cli import Ilocal
from tests.support.terminal import Talk


@pytest.mark.parametrize(
    ("date_format", "day", "span", "month"),
    [
        ("ymd", "2020/02/20 08:30", "2020/02/25 - 2020/02/29", "2019/11"),
        ("dmy", "20/02/2020 08:30", "25/02/2020 - 29/02/2020", "11/2019"),
        ("iso", "2020-02-20 08:30", "2020-02-25 - 2020-02-29", "2019-11"),
    ],
)
def test_people_see_dates_in_the_format_of_their_config(
    ilocal: Ilocal, monkeypatch: pytest.MonkeyPatch, date_format: str, day: str, span: str, month: str
) -> None:
    Path("mine.toml").write_text(f'date_format = "{date_format}"\n', encoding="utf-8")
    monkeypatch.setenv("ILOCAL_CONFIG", "mine.toml")
    for when in ("2020-02-20 08:30", "25-29/02/2020", "11/2019"):
        assert ilocal("-r", "e.toml", "init", "e.toml").code in (0, 5)
        assert ilocal("-r", "e.toml", "add", "Họp", when).code == 0
    shown = ilocal("-r", "e.toml", "list", "--columns", "when").out.splitlines()
    assert [line.split(". ")[1] for line in shown if ". " in line] == [span, day, month]
    assert ilocal("-r", "e.toml", "edit", "2019-hop", "--when", "12/2019").err == (
        f"2019-hop: changed start ({month} → {month.replace('11', '12')})\n"
    )
    assert [event["start"] for event in json.loads(ilocal("-r", "e.toml", "list", "-f", "json").out)] == [
        "2020-02-25", "2020-02-20T08:30", "2019-12",
    ]  # fmt: skip
    assert "  2020/02/25 - 2020/02/29\n" in ilocal("-r", "e.toml", "list", "-f", "page").out  # what import reads back


@pytest.mark.process
def test_on_a_terminal_add_and_edit_say_how_they_read_a_date(registry: Path, talk: Talk) -> None:
    assert talk("add", "Họp tuần", "thứ sáu 8h30", "--repeat", "every week").end() == (
        0, "", "Friday 21 February 2020 at 08:30; every week\n2020-hop-tuan\n",
    )  # fmt: skip
    assert talk("--lang", "vi", "edit", "hop-tuan", "--when", "mai").end() == (
        0, "",
        "2020-hop-tuan: đã sửa bắt đầu (2020/02/21 08:30 → 2020/02/21)\nthứ Sáu ngày 21 tháng 2 năm 2020; hằng tuần\n",
    )  # fmt: skip


def test_the_end_of_a_rule_is_in_the_format_of_the_config_and_in_pages_as_always(
    ilocal: Ilocal, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("mine.toml").write_text('date_format = "dd/mm/yyyy"\n', encoding="utf-8")
    monkeypatch.setenv("ILOCAL_CONFIG", "mine.toml")
    assert ilocal("-r", "e.toml", "init", "e.toml").code == 0
    assert ilocal("-r", "e.toml", "add", "Họp", "2020-02-20", "--repeat", "FREQ=WEEKLY;UNTIL=20200630").code == 0
    assert ilocal("-r", "e.toml", "list").out == (
        "February 2020\n  1. 20/02/2020               Họp  [every week until 30/06/2020]\n"
    )
    assert "every week until 30/06/2020\n" in ilocal("-r", "e.toml", "show", "hop").out
    assert "every week until 2020/06/30" in ilocal("-r", "e.toml", "list", "-f", "md").out


def test_a_status_that_has_a_column_is_not_said_again(ilocal: Ilocal, registry: Path) -> None:
    assert ilocal("edit", "2020-hop", "--status", "tentative").code == 0
    for columns, line in (
        ("title", 'Họp "Nhóm cố vấn CSR"  [dự kiến]'),
        ("title,status", 'Họp "Nhóm cố vấn CSR"  dự kiến'),
    ):
        assert ilocal("list", "họp", "--columns", columns, "--sort", "id").out == f"  1. {line}\n"


@pytest.mark.parametrize("text", ["tba", "TBD", "Đang cập nhật", "chưa xác định", "(thông báo sau)"])
def test_a_date_that_is_not_known_yet_is_left_out(ilocal: Ilocal, tmp_path: Path, text: str) -> None:
    assert ilocal("-r", "e.toml", "init", "e.toml").code == 0
    assert ilocal("-r", "e.toml", "add", "Họp", text) == (0, "tba-hop\n", "")
    assert ilocal("-r", "e.toml", "add", "Hội thảo", "2020-02-25").code == 0
    assert ilocal("-r", "e.toml", "edit", "hoi-thao", "--when", text).err == (
        "2020-hoi-thao: changed start (2020/02/25 → –)\n"
    )
    for name, content in (
        ("a.csv", f"title,start\nLễ,{text}\n"),
        ("a.jsonl", f'{{"title": "Tết", "start": "{text}"}}\n'),
    ):
        (tmp_path / name).write_text(content, encoding="utf-8")
        assert ilocal("-r", "e.toml", "import", name).code == 0
    assert [event.get("start") for event in json.loads(ilocal("-r", "e.toml", "list", "-f", "json").out)] == [None] * 4


def test_a_date_that_is_not_known_yet_is_no_filter(ilocal: Ilocal, registry: Path) -> None:
    assert ilocal("list", "--on", "tba") == (
        2, "", 'ilocal: cannot read "tba" as a date: that is no date yet; leave it out, or look for such events with --undated\n',
    )  # fmt: skip
    assert ilocal("--lang", "vi", "list", "--on", "Chưa xác định").err == (
        'ilocal: không hiểu ngày "Chưa xác định": đây chưa phải là ngày; không cần ghi, hoặc tìm các sự kiện chưa có ngày'
        " bằng --undated\n"
    )
