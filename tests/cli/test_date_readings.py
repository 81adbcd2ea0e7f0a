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
        "2020-hop-tuan: đã sửa bắt đầu (2020/02/21 08:30 → 2020/02/21)\nThứ Sáu ngày 21 tháng 2 năm 2020, 1 ngày; hằng tuần\n",
    )  # fmt: skip
