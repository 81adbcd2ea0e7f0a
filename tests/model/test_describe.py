"""Fields of an event in words."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from ilocal.i18n import messages
from ilocal.model.dates import Month, Period, Year
from ilocal.model.describe import describe_period

pytestmark = pytest.mark.long


@pytest.mark.parametrize(
    ("span", "en", "vi"),
    [
        (Period(date(2020, 2, 25)), "Tuesday 25 February 2020, 1 day", "Thứ Ba ngày 25 tháng 2 năm 2020, 1 ngày"),
        (Period(datetime(2020, 2, 25, 8, 30)), "Tuesday 25 February 2020 at 08:30", "08:30, Thứ Ba ngày 25 tháng 2 năm 2020"),
        (Period(Month(2020, 2)), "some time in February 2020", "Tháng Hai 2020, chưa rõ ngày"),
        (Period(Year(2020)), "some time in 2020", "Năm 2020, chưa rõ ngày"),
        (Period(Month(2019, 12), Month(2020, 1)), "December 2019 to January 2020, 62 days", "từ Tháng Mười Hai 2019 đến Tháng Một 2020, 62 ngày"),
    ],
)  # fmt: skip
def test_dates_in_words(span: Period, en: str, vi: str) -> None:
    for lang, wanted in (("en", en), ("vi", vi)):
        with messages.use_language(lang):
            assert describe_period(span) == wanted
