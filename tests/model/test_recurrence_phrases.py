"""Recurrence as people say it: read as a rule, and a rule in words."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ilocal import formats
from ilocal.errors import UsageError
from ilocal.formats.csv.event_rows import format_people_cell
from ilocal.model.event import Event
from ilocal.model.recurrence import find_first_date_of_rule
from ilocal.model.recurrence_phrases import UnfitStartError, is_rrule_text, parse_recurrence
from ilocal.model.recurrence_words import describe_recurrence
from tests.support.formats import READING


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
        ("first monday of the month", "FREQ=MONTHLY;BYDAY=1MO"), ("the last Friday of every month", "FREQ=MONTHLY;BYDAY=-1FR"),
        ("thứ hai đầu tiên hằng tháng", "FREQ=MONTHLY;BYDAY=1MO"), ("thứ ba thứ hai của tháng", "FREQ=MONTHLY;BYDAY=2TU"),
        ("thứ 6 cuối cùng mỗi tháng", "FREQ=MONTHLY;BYDAY=-1FR"), ("ngày 15 hằng tháng", "FREQ=MONTHLY;BYMONTHDAY=15"),
        ("last day of the month", "FREQ=MONTHLY;BYMONTHDAY=-1"), ("ngày cuối tháng", "FREQ=MONTHLY;BYMONTHDAY=-1"),
        ("third wednesday of the month until 2030", "FREQ=MONTHLY;BYDAY=3WE;UNTIL=20301231"),
        ("every 2 weeks on friday, monday", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR"),
        ("hằng tuần vào thứ hai đến 6/2020", "FREQ=WEEKLY;BYDAY=MO;UNTIL=20200630"),
        ("freq=monthly;byday=1mo", "FREQ=MONTHLY;BYDAY=1MO"), ("RRULE:FREQ=DAILY;COUNT=2", "FREQ=DAILY;COUNT=2"),
    ],
)  # fmt: skip
def test_rules_are_read_as_people_say_them(said: str, rule: str) -> None:
    start = find_first_date_of_rule(date(2020, 2, 20), rule)
    assert parse_recurrence(said, start, date(2020, 2, 20)) == rule


@pytest.mark.parametrize("said", ["hourly", "every hour", "hằng giờ"])
def test_a_rule_of_hours_is_read(said: str) -> None:
    assert parse_recurrence(said, datetime(2020, 2, 20, 8, 30), date(2020, 2, 20)) == "FREQ=HOURLY"


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
         "hằng tuần vào thứ Hai, thứ Năm đến 2020/12/31"),
        ("FREQ=MONTHLY;BYDAY=1MO", "the first Monday of every month", "thứ Hai đầu tiên hằng tháng"),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", "the last day of every month", "ngày cuối cùng hằng tháng"),
        ("FREQ=MONTHLY;BYMONTHDAY=15", "day 15 of every month", "ngày 15 hằng tháng"),
        ("FREQ=MONTHLY;BYDAY=-1FR;INTERVAL=2", "FREQ=MONTHLY;BYDAY=-1FR;INTERVAL=2", "FREQ=MONTHLY;BYDAY=-1FR;INTERVAL=2"),
        ("FREQ=MONTHLY;BYDAY=6MO", "FREQ=MONTHLY;BYDAY=6MO", "FREQ=MONTHLY;BYDAY=6MO"),
        ("FREQ=MONTHLY;BYDAY=MO", "FREQ=MONTHLY;BYDAY=MO", "FREQ=MONTHLY;BYDAY=MO"),
    ],
)  # fmt: skip
def test_rules_are_told_in_words_where_they_fit(rule: str, en: str, vi: str) -> None:
    assert (describe_recurrence(rule, "en"), describe_recurrence(rule, "vi")) == (en, vi)


@pytest.mark.parametrize("lang", ["en", "vi"])
@pytest.mark.parametrize("which", [1, 2, 3, 4, 5, -1])
@pytest.mark.parametrize("weekday", ["MO", "TU", "WE", "TH", "FR", "SA", "SU"])
def test_a_weekday_of_the_month_is_read_as_it_is_told(weekday: str, which: int, lang: str) -> None:
    rule = f"FREQ=MONTHLY;BYDAY={which}{weekday}"
    start = find_first_date_of_rule(date(2020, 2, 20), rule)
    assert parse_recurrence(describe_recurrence(rule, lang), start, date(2020, 2, 20)) == rule


rules = st.builds(
    "{};{};{};{}".format,
    st.sampled_from(["FREQ=DAILY", "FREQ=WEEKLY", "FREQ=MONTHLY", "FREQ=YEARLY"]),
    st.sampled_from(["", "INTERVAL=1", "INTERVAL=2", "INTERVAL=3"]),
    st.sampled_from(["", "BYDAY=TU", "BYDAY=MO,FR", "BYDAY=FR,MO", "BYDAY=1MO", "BYDAY=-1SU", "BYMONTHDAY=-1", "BYMONTHDAY=15",
                     "BYMONTH=3", "BYMONTH=3;BYDAY=TU"]),
    st.sampled_from(["", "COUNT=1", "COUNT=12", "UNTIL=20301231", "UNTIL=20301231T080000", "WKST=SU"]),
).map(lambda text: ";".join(filter(None, text.split(";"))))  # fmt: skip


@given(rules, st.dates(date(2020, 1, 1), date(2022, 12, 31)), st.sampled_from(["en", "vi"]))
def test_words_in_a_cell_are_read_as_the_very_rule_and_else_the_rule_is_written(
    rule: str, start: date, lang: str
) -> None:
    try:
        event = Event("A", start=start, rrule=rule)
    except UsageError:
        return
    text = format_people_cell(event, "rrule", lang)
    if text != rule:
        assert not is_rrule_text(text)
        assert parse_recurrence(text, start, date(1999, 1, 1)) == rule
    table = f"title;start;rrule\nA;{start};{text}\n" if ";" not in text else f'title;start;rrule\nA;{start};"{text}"\n'
    (item,) = formats.get_format("csv").load(table, READING)
    assert item.event.rrule == rule


@given(rules, st.dates(date(2020, 1, 1), date(2022, 12, 31)))
def test_a_start_is_refused_unless_the_rule_gives_it_and_the_next_one_is_named(rule: str, start: date) -> None:
    """The rule alone decides: the same rule from the date that is named has that date, and no date between."""
    try:
        given_rule = parse_recurrence(rule, start, date(1999, 1, 1))
    except UnfitStartError as error:
        other = error.next_start
        assert isinstance(other, date) and other > start
        assert find_first_date_of_rule(other, rule) == other
        if rule.startswith(("FREQ=MONTHLY;BY", "FREQ=WEEKLY;BYDAY")):  # which take nothing from the start
            between = [start + timedelta(days=n) for n in range(min((other - start).days, 40))]
            assert not [day for day in between if find_first_date_of_rule(day, rule) == day]
    except UsageError:
        return
    else:
        assert given_rule == rule
        days = {day.weekday() for day in (start,)}
        assert "BYDAY=TU" not in rule or days == {1}
