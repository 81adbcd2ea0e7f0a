"""Recurrence as people say it: read as a rule, and a rule in words."""

from __future__ import annotations

from datetime import date

import pytest

from ilocal.errors import UsageError
from ilocal.model.describe import describe_recurrence
from ilocal.model.recurrence_phrases import parse_recurrence


@pytest.mark.parametrize(
    ("said", "rule"),
    [
        ("yearly", "FREQ=YEARLY"), ("every year", "FREQ=YEARLY"), ("hằng năm", "FREQ=YEARLY"),
        ("hàng năm", "FREQ=YEARLY"), ("moi thang", "FREQ=MONTHLY"), ("every 2 weeks", "FREQ=WEEKLY;INTERVAL=2"),
        ("every other day", "FREQ=DAILY;INTERVAL=2"), ("2 tuần một lần", "FREQ=WEEKLY;INTERVAL=2"),
        ("every monday", "FREQ=WEEKLY;BYDAY=MO"), ("every Thursday and Monday", "FREQ=WEEKLY;BYDAY=MO,TH"),
        ("thứ hai hằng tuần", "FREQ=WEEKLY;BYDAY=MO"), ("mỗi thứ 5, chủ nhật", "FREQ=WEEKLY;BYDAY=TH,SU"),
        ("every weekday", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"), ("hằng quý", "FREQ=MONTHLY;INTERVAL=3"),
        ("yearly until 2030", "FREQ=YEARLY;UNTIL=20301231"), ("hằng tháng đến 31/12/2020", "FREQ=MONTHLY;UNTIL=20201231"),
        ("weekly 10 times", "FREQ=WEEKLY;COUNT=10"), ("hằng tuần 4 lần", "FREQ=WEEKLY;COUNT=4"),
        ("freq=monthly;byday=1mo", "FREQ=MONTHLY;BYDAY=1MO"), ("RRULE:FREQ=DAILY;COUNT=2", "FREQ=DAILY;COUNT=2"),
    ],
)  # fmt: skip
def test_rules_are_read_as_people_say_them(said: str, rule: str) -> None:
    assert parse_recurrence(said, date(2020, 2, 20), date(2020, 2, 20)) == rule


@pytest.mark.parametrize(
    "said",
    ["", "often", "every", "every blue moon", "yearly until never", "yearly until 2019", "FREQ=DAILY;UNTIL=20190101"],
)
def test_what_is_no_rule_is_refused(said: str) -> None:
    with pytest.raises(UsageError):
        parse_recurrence(said, date(2020, 2, 20), date(2020, 2, 20))


@pytest.mark.parametrize(
    ("rule", "en", "vi"),
    [
        ("FREQ=YEARLY", "every year", "hằng năm"),
        ("FREQ=WEEKLY;INTERVAL=2;COUNT=3", "every 2 weeks, 3 times", "2 tuần một lần, 3 lần"),
        ("FREQ=WEEKLY;BYDAY=MO,TH;UNTIL=20201231", "every week on Monday, Thursday until 2020/12/31",
         "hằng tuần vào Thứ Hai, Thứ Năm đến 2020/12/31"),
        ("FREQ=MONTHLY;BYDAY=1MO", "FREQ=MONTHLY;BYDAY=1MO", "FREQ=MONTHLY;BYDAY=1MO"),
    ],
)  # fmt: skip
def test_rules_are_told_in_words_where_they_fit(rule: str, en: str, vi: str) -> None:
    assert (describe_recurrence(rule, "en"), describe_recurrence(rule, "vi")) == (en, vi)
