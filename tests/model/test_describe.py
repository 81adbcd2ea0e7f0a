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
        (Period(date(2020, 2, 25)), "Tuesday 25 February 2020", "thứ Ba ngày 25 tháng 2 năm 2020"),
        (Period(date(2020, 2, 29), date(2020, 3, 1)), "Saturday 29 February 2020 to Sunday 1 March 2020, 2 days",
         "từ thứ Bảy ngày 29 tháng 2 năm 2020 đến chủ nhật ngày 1 tháng 3 năm 2020, 2 ngày"),
        (Period(datetime(2020, 2, 25, 8, 30)), "Tuesday 25 February 2020 at 08:30", "08:30, thứ Ba ngày 25 tháng 2 năm 2020"),
        (Period(datetime(2020, 2, 25, 8, 30), datetime(2020, 2, 25, 10)), "Tuesday 25 February 2020, 08:30 to 10:00",
         "từ 08:30 đến 10:00, thứ Ba ngày 25 tháng 2 năm 2020"),
        (Period(Month(2020, 2)), "some time in February 2020", "tháng Hai 2020, chưa rõ ngày"),
        (Period(Year(2020)), "some time in 2020", "năm 2020, chưa rõ ngày"),
        (Period(Month(2019, 12), Month(2020, 1)), "December 2019 to January 2020", "từ tháng Mười Hai 2019 đến tháng Một 2020"),
    ],
)  # fmt: skip
def test_dates_in_words(span: Period, en: str, vi: str) -> None:
    for lang, wanted in (("en", en), ("vi", vi)):
        with messages.use_language(lang):
            assert describe_period(span) == wanted
