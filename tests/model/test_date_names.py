"""Names of months and weekdays."""

from __future__ import annotations

from ilocal.model.date_names import MONTH_NAMES
from ilocal.terminal.charts.month_grid import abbreviate_weekday_headings


def test_the_months_have_their_names() -> None:
    assert [f"Tháng {name}" for name in MONTH_NAMES["vi"]] == [
        "Tháng Một", "Tháng Hai", "Tháng Ba", "Tháng Tư", "Tháng Năm", "Tháng Sáu", "Tháng Bảy", "Tháng Tám",
        "Tháng Chín", "Tháng Mười", "Tháng Mười Một", "Tháng Mười Hai",
    ]  # fmt: skip


def test_weekdays_are_short_in_both_languages() -> None:
    assert abbreviate_weekday_headings("vi", 6) == ["CN", "T2", "T3", "T4", "T5", "T6", "T7"]
    assert abbreviate_weekday_headings("en") == ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
