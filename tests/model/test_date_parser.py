"""Reading dates: all that the contract lists is read, and nothing is guessed."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ilocal.errors import DateError
from ilocal.i18n.messages import _
from ilocal.model import date_parser, recurrence_phrases
from ilocal.model.date_names import MONTH_NAMES, format_month_heading
from ilocal.model.date_parser import parse_date, parse_period
from ilocal.model.dates import DATE_EXAMPLES, Month, Period, Year
from ilocal.model.describe import format_period
from tests.support import strategies

TODAY = date(2020, 2, 20)  # a Thursday

READ = {
    "2020-02-25": "2020-02-25", "2020/02/25": "2020-02-25", "25/02/2020": "2020-02-25", "25.2.2020": "2020-02-25",
    "25-02-2020": "2020-02-25", "25 Feb 2020": "2020-02-25", "25th of February, 2020": "2020-02-25",
    "February 25, 2020": "2020-02-25", "25-Feb-2020": "2020-02-25", "25 tháng 2 2020": "2020-02-25",
    "ngày 25 tháng 2 năm 2020": "2020-02-25", "25 thang Hai 2020": "2020-02-25", "Thứ Ba, 25/02/2020": "2020-02-25",
    "Tuesday 25 February 2020": "2020-02-25", "29/02/2020": "2020-02-29",
    "2020-02": "2020-02", "02/2020": "2020-02", "2/2020": "2020-02", "tháng 2/2020": "2020-02",
    "Tháng Hai 2020": "2020-02", "THÁNG HAI 2020": "2020-02", "thang hai nam 2020": "2020-02", "Feb 2020": "2020-02",
    "Tháng Mười Hai 2019": "2019-12", "Tháng Mười Một 2019": "2019-11", "Tháng Mười 2019": "2019-10",
    "Tháng Năm 2020": "2020-05", "tháng năm năm 2020": "2020-05", "May 2020": "2020-05", "Sept. 2020": "2020-09",
    "2020": "2020", "năm 2020": "2020",
    "today": "2020-02-20", "hôm nay": "2020-02-20", "hom nay": "2020-02-20", "tomorrow": "2020-02-21",
    "ngày mai": "2020-02-21", "yesterday": "2020-02-19", "monday": "2020-02-24", "thứ hai": "2020-02-24",
    "thursday": "2020-02-20", "chủ nhật": "2020-02-23", "next week": "2020-02-24..2020-03-01",
    "this week": "2020-02-17..2020-02-23", "next month": "2020-03", "tháng trước": "2020-01", "sang năm": "2021",
    "+30d": "2020-03-21", "-2w": "2020-02-06", "+3m": "2020-05-20", "+1y": "2021-02-20",
    "2020-02-20 08:30": "2020-02-20T08:30", "2020-02-20T08:30:15": "2020-02-20T08:30:15",
    "20/02/2020 8:30 pm": "2020-02-20T20:30", "8h30 ngày 20/2/2020": "2020-02-20T08:30",
    "2020-02-20T08:30+07:00": "2020-02-20T08:30:00+07:00", "2020-02-20T08:30:00-05:00": "2020-02-20T08:30:00-05:00", "2020-02-20T01:30Z": "2020-02-20T01:30:00+00:00",
    "2020/02/25 - 2020/02/29": "2020-02-25..2020-02-29", "25-29/02/2020": "2020-02-25..2020-02-29",
    "25 - 29 February 2020": "2020-02-25..2020-02-29", "25–29 tháng 2 năm 2020": "2020-02-25..2020-02-29",
    "30 Sep - 2 Oct 2020": "2020-09-30..2020-10-02", "30/09 - 02/10/2020": "2020-09-30..2020-10-02",
    "23 October - 3 November 2020": "2020-10-23..2020-11-03", "February 25 - 29, 2020": "2020-02-25..2020-02-29",
    "2020-02-25..2020-02-29": "2020-02-25..2020-02-29", "2020-02-25 to 2020-02-29": "2020-02-25..2020-02-29",
    "từ 25/02/2020 đến 29/02/2020": "2020-02-25..2020-02-29", "2020-02-25 +5d": "2020-02-25..2020-02-29",
    "2020-02-25 +1w": "2020-02-25..2020-03-02", "2020-02-20 08:30 +2h": "2020-02-20T08:30..2020-02-20T10:30",
    "2020-02-20 08:30 - 10:30": "2020-02-20T08:30..2020-02-20T10:30",
    "2020-02-20 08:30-10:30": "2020-02-20T08:30..2020-02-20T10:30",
    "Monday 2 - Friday 6 March 2020": "2020-03-02..2020-03-06", "2020-02 - 2020-04": "2020-02..2020-04", "Feb - Apr 2020": "2020-02..2020-04",
    "Tháng Sáu - Tháng Bảy 2020": "2020-06..2020-07", "tháng sau": "2020-03", "Tháng Tới": "2020-03", "thang truoc": "2020-01",
    "tuan sau": "2020-02-24..2020-03-01", "ngày kia": "2020-02-22", "monday 08:30": "2020-02-24T08:30", "2019-2020": "2019..2020",
    "today..+7d": "2020-02-20..2020-02-27",
}  # fmt: skip

REFUSED = {
    "2020-13-01": "there is no month 13",
    "31/02/2020": "February 2020 has 29 days",
    "02/25/2020": "there is no month 25; the day comes first: 25/02/2020",
    "10": "",
    "2020-02-29 - 2020-02-25": "the end (2020-02-25) is before the start (2020-02-29)",
    "30 December - 2 January 2020": "the end (2020-01-02) is before the start (2020-12-30)",
    "2020-02-25 - 2020-03": "the end (a month) must have the form of the start (a day)",
    "Thứ Hai, 25/02/2020": "2020-02-25 is a Tuesday",
    **dict.fromkeys(["Tháng Sáu", "tháng sáu", "năm sáu", "thang sau"], ""),
    "2020-02-01..+5d": "+5d counts from today, and the range begins on another day",
    "2020-02-21T01:00+07:00..2020-02-20T20:00Z": "the end (2020-02-20T20:00:00+00:00) is before the start (2020-02-21T01:00:00+07:00)",
    "next friday": "people read that in two ways",
    "2020-02-20 25:00": "there is no time 25:00",
    "0000": "no such day",
    "+99999y": "no such day",
    **dict.fromkeys(
        [
            "",
            "-",
            "..",
            "25/02/20",
            "20200225",
            "Feb",
            "25 Feb",
            "1-3/2020",
            "Tháng Hai",
            "T2/2020",
            "12:30",
            "soon",
            "\x1b",
        ],
        "",
    ),
}


@pytest.mark.parametrize("text", READ)
def test_reads(text: str) -> None:
    assert str(parse_period(text, TODAY)) == READ[text]


@pytest.mark.parametrize("text", REFUSED)
def test_refuses(text: str) -> None:
    with pytest.raises(DateError) as error:
        parse_period(text, TODAY)
    shown = text.replace("\x1b", "\\x1b")
    assert error.value.message == f'cannot read "{shown}" as a date' + (f": {REFUSED[text]}" if REFUSED[text] else "")
    assert "2020-02-25" in error.value.hint


def test_a_range_is_no_single_date() -> None:
    with pytest.raises(DateError, match="that is a range"):
        parse_date("25-29/02/2020", TODAY)


@given(strategies.spans().filter(lambda pair: pair[0] is not None))
def test_what_ilocal_prints_it_reads_back(pair: tuple[object, object]) -> None:
    span = Period(*pair)  # type: ignore[arg-type]
    assert parse_period(str(span), TODAY) == Period(span.start, None if span.end is None else span.end)
    shown = parse_period(format_period(span.start, span.end), TODAY)
    assert shown.date_range == span.date_range


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_every_month_heading_is_read_back(lang: str) -> None:
    for month in range(1, 13):
        assert parse_period(format_month_heading(Month(2020, month), lang, ""), TODAY) == Period(Month(2020, month))
    assert parse_period(format_month_heading(Year(2020), lang, ""), TODAY) == Period(Year(2020))


@given(st.text(max_size=30))
def test_whatever_is_typed_there_is_a_date_or_a_date_error(text: str) -> None:
    try:
        span = parse_period(text, TODAY)
    except DateError:
        return
    assert span.date_range.first <= span.date_range.last


@given(st.dates(date(1000, 1, 1)))
def test_every_day_is_read_however_it_is_written(day: date) -> None:
    vi, en = MONTH_NAMES["vi"][day.month - 1], MONTH_NAMES["en"][day.month - 1]
    for text in (
        f"{day:%Y/%m/%d}", f"{day:%d/%m/%Y}", f"{day.day}.{day.month}.{day.year}", f"{day.day} {en} {day.year}",
        f"{en[:3]} {day.day}, {day.year}", f"{day.day} tháng {day.month} năm {day.year}", f"{day.day} tháng {vi} {day.year}",
    ):  # fmt: skip
        assert parse_period(text, TODAY) == Period(day), text


def explain_refusal(text: str) -> str:
    with pytest.raises(DateError) as error:
        date_parser.parse_period(text, TODAY)
    return error.value.message


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("30/02/2020", "Tháng Hai 2020 chỉ có 29 ngày"),
        ("02/25/2020", "không có tháng 25; ngày đứng trước: 25/02/2020"),
        ("monday 25/02/2020", "2020-02-25 là Thứ Ba"),
        ("2020-02-25 - 2020-02-01", "lúc kết thúc (2020-02-01) sớm hơn lúc bắt đầu (2020-02-25)"),
        ("2020-02-25 - 2020", "lúc kết thúc (một năm) phải cùng dạng với lúc bắt đầu (một ngày)"),
        ("2020-02-20 25:00", "không có giờ 25:00"),
        ("x" * 1234, "1.234 ký tự thì không phải là ngày"),
    ],
)
def test_why_a_date_cannot_be_read_is_said_in_vietnamese(vietnamese: None, text: str, why: str) -> None:
    shown = text if len(text) <= 100 else text[:100] + "…"
    assert explain_refusal(text) == f'không đọc được "{shown}" như một ngày: {why}'


def test_the_examples_in_a_hint_can_be_read(vietnamese: None) -> None:
    found = _(DATE_EXAMPLES).removeprefix("hãy viết ").replace(" hoặc ", ", ").split(", ")
    assert [str(date_parser.parse_period(text.strip('"'), TODAY)) for text in found] == [
        "2020-02-25", "2020-02-25", "2020-02-25..2020-02-29", "2020-02", "2020-02", "2020-03-21", "2020-02-20",
    ]  # fmt: skip
    rules = _(recurrence_phrases.RECURRENCE_EXAMPLES).removeprefix("hãy viết ").replace(" hoặc ", ", ").split(", ")
    assert [recurrence_phrases.parse_recurrence(text.strip('"'), TODAY, TODAY) for text in rules] == [
        "FREQ=YEARLY", "FREQ=WEEKLY;INTERVAL=2", "FREQ=WEEKLY;BYDAY=MO", "FREQ=MONTHLY", "FREQ=YEARLY;UNTIL=20301231",
        "FREQ=MONTHLY;BYDAY=1MO",
    ]  # fmt: skip
