"""Reading dates: all that the contract lists is read, and nothing is guessed."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ilocal.errors import DateError
from ilocal.i18n.messages import _, use_language
from ilocal.model import date_parser, recurrence_phrases
from ilocal.model.date_names import MONTH_NAMES, WEEKDAY_NAMES, describe_month_of_date
from ilocal.model.date_parser import parse_date, parse_period
from ilocal.model.dates import DATE_EXAMPLES, Month, Period, Year
from ilocal.model.describe import format_period
from tests.support import strategies
from tests.support.cli import Ilocal

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
    "2020-02-29 - 2020-02-25": "the end (2020-02-25) is before the start (2020-02-29)",
    "2020-02-25 - 2020-03": "the end (a month) must have the same form as the start (a day)",
    "Thứ Hai, 25/02/2020": "2020-02-25 is a Tuesday",
    "năm sáu": "",
    "thang sau": "ambiguous: tháng sau, tháng sáu",
    "30/2": "February 2020 has 29 days",
    "2/20": "there is no month 20; the day comes first: 20/02/2020",
    "32": "",
    "2020-W54": "2020 has no week 54",
    "2020-02-01..+5d": "+5d counts from today, but the range begins on another day",
    "2020-02-21T01:00+07:00..2020-02-20T20:00Z": "the end (2020-02-20T20:00:00+00:00) is before the start (2020-02-21T01:00:00+07:00)",
    **dict.fromkeys(
        ["next friday", "thứ sáu tới", "thứ sáu này"], "ambiguous: 21/02/2020 or 28/02/2020?"
    ),
    "thứ hai này": "ambiguous: 17/02/2020 or 24/02/2020?",
    "2020-02-20 25:00": "25:00 is not a valid time",
    "0000": "no such day",
    "+99999y": "no such day",
    "20201301": "there is no month 13",
    "T13/2020": "there is no month 13",
    "2020-02-20 08:30 utc+25": "unknown time zone UTC+25",
    "24h ngày 20/2/2020": "24h is not a valid time",
    "20, 22/2/2020": "the days are not consecutive",
    "trong 3 ngày 20-21/2/2020": "the dates span 2 days",
    "20/2/2020 (âm lịch)": "lunar calendar dates are not supported",
    # A weekday the dates span wrong, and hours that are in no such part of the day: of which day is midnight?
    "thứ 5, 21/2/2020": "2020-02-21 is a Friday",
    "12 giờ đêm 20/2/2020": "the hour does not match the part of the day",
    "1 giờ đêm 20/2/2020": "the hour does not match the part of the day",
    "3 giờ tối 20/2/2020": "the hour does not match the part of the day",
    "8h chiều 20/2/2020": "the hour does not match the part of the day",
    "22h - 2h ngày 20/2/2020": "the end (2020-02-20T02:00) is before the start (2020-02-20T22:00)",
    "thứ sáu - 17/4/2020": "ambiguous: 2020-04-17 or 2020-02-21..2020-04-17",
    **dict.fromkeys(
        [
            "", "-", "..", "1-3/2020", "soon", "\x1b", "2020-02-25..", "25 (26) February 2020", "25022020x",
            "khoảng tháng 2/2020", "mùng 5 tháng Giêng", "20/2/2020 hoặc 21/2/2020",
            "8h-11h ngày 17-18/4/2020", "sáng, chiều 20/2/2020 lúc 2h", "quý 5/2020", "8 sáng 20/2/2020",
        ],
        "",
    ),
}  # fmt: skip

# Vietnamese newspapers and invitations (dateutil issue 1161 for the one with GMT+7, dateparser issue 581 for "thứ 5"):
# the case vietnamese-dates, and more of its kind. All weekdays here are true.
VIETNAMESE = {
    "Thứ 6, 17/04/2020": "2020-04-17", "T6, 17/04/2020": "2020-04-17", "T.6, 17/4/2020": "2020-04-17",
    "14 giờ 30 ngày 17/4/2018": "2018-04-17T14:30", "9 giờ ngày 17/4/2018": "2018-04-17T09:00",
    "8h00-11h30 ngày 17/04/2020": "2020-04-17T08:00..2020-04-17T11:30",
    "từ 8h đến 11h ngày 17/4/2020": "2020-04-17T08:00..2020-04-17T11:00",
    "Thứ sáu, 6/8/2021, 01:08 (GMT+7)": "2021-08-06T01:08:00+07:00",
    "quý IV/2020": "2020-10..2020-12", "quý 1/2020": "2020-01..2020-03", "Quý II năm 2020": "2020-04..2020-06",
    "quý ba 2020": "2020-07..2020-09", "Q1 2020": "2020-01..2020-03", "Q4/2020": "2020-10..2020-12",
    "2020-Q3": "2020-07..2020-09", "quý I-II/2020": "2020-01..2020-06", "first quarter of 2020": "2020-01..2020-03",
    "6 tháng đầu năm 2020": "2020-01..2020-06", "9 tháng đầu năm 2020": "2020-01..2020-09",
    "6 tháng cuối năm 2020": "2020-07..2020-12", "nửa đầu năm 2020": "2020-01..2020-06",
    # days
    "NGÀY 20 THÁNG 2 NĂM 2020": "2020-02-20", "20-2-2020": "2020-02-20", "20 / 2 / 2020": "2020-02-20",
    "ngày 20, tháng 2, năm 2020": "2020-02-20", "ngày 20/2 năm 2020": "2020-02-20", "vào ngày 20/2/2020": "2020-02-20",
    "20/2/2020 (thứ Năm)": "2020-02-20", "Thứ Năm (20/2/2020)": "2020-02-20", "Thứ Năm ngày 20-2-2020": "2020-02-20",
    "thứ Năm, ngày 20/2/2020": "2020-02-20", "CN 23/2/2020": "2020-02-23", "Chúa nhật, 23/2/2020": "2020-02-23",
    "Thu 5 March 2020": "2020-03-05", "20/2/2020.": "2020-02-20", "20\u200b/2/2020": "2020-02-20",
    "20/2/2020 (dương lịch)": "2020-02-20", "20200225": "2020-02-25", "20200225T083000": "2020-02-25T08:30",
    "T2/2020": "2020-02", "T12/2020": "2020-12", "tháng 2-2020": "2020-02",
    # ranges
    "từ 20 đến 25 tháng 2/2020": "2020-02-20..2020-02-25", "từ 20-2 đến 25-2-2020": "2020-02-20..2020-02-25",
    "từ ngày 20 đến hết ngày 25 tháng 2 năm 2020": "2020-02-20..2020-02-25", "20–25/2/2020": "2020-02-20..2020-02-25",
    "từ ngày 20 tới ngày 25/2/2020": "2020-02-20..2020-02-25", "từ 20/2 - 25/2/2020": "2020-02-20..2020-02-25",
    "trong hai ngày 20 và 21/2/2020": "2020-02-20..2020-02-21", "các ngày 20, 21, 22/2/2020": "2020-02-20..2020-02-22",
    "trong 2 ngày 20-21/2/2020": "2020-02-20..2020-02-21", "29/2 và 1/3/2020": "2020-02-29..2020-03-01",
    "20 and 21 February 2020": "2020-02-20..2020-02-21",
    "từ tháng 2 đến tháng 4/2020": "2020-02..2020-04", "tháng 2 và 3/2020": "2020-02..2020-03",
    "trong tháng 2/2020": "2020-02", "in 2020": "2020",
    # times
    "8h sáng 20/2/2020": "2020-02-20T08:00", "2 giờ chiều ngày 20/2/2020": "2020-02-20T14:00",
    "chiều 20/2/2020, lúc 2h": "2020-02-20T14:00", "thứ Năm, chiều 20/2/2020, lúc 2h": "2020-02-20T14:00",
    "7 giờ 30 tối thứ Năm, ngày 20/2/2020": "2020-02-20T19:30", "14 giờ chiều 20/2/2020": "2020-02-20T14:00",
    "2 giờ rạng sáng 20/2/2020": "2020-02-20T02:00", "12 giờ trưa 20/2/2020": "2020-02-20T12:00",
    "1 giờ trưa 20/2/2020": "2020-02-20T13:00", "11 giờ đêm 20/2/2020": "2020-02-20T23:00",
    "8 giờ rưỡi ngày 20/2/2020": "2020-02-20T08:30", "8 giờ kém 15 ngày 20/2/2020": "2020-02-20T07:45",
    "8 giờ 5 phút ngày 20/2/2020": "2020-02-20T08:05", "9g30 ngày 20/2/2020": "2020-02-20T09:30",
    "Vào hồi 14 giờ 00 phút, thứ Năm ngày 20/2/2020": "2020-02-20T14:00", "8h30’ ngày 20/2/2020": "2020-02-20T08:30",
    "Thời gian: 8h00 – 11h30, ngày 20/2/2020 (thứ Năm)": "2020-02-20T08:00..2020-02-20T11:30",
    "Thứ năm, 20/02/2020 - 14:30": "2020-02-20T14:30", "20/02/2020 2:30 CH": "2020-02-20T14:30",
    "20/02/2020 14:30 GMT+7": "2020-02-20T14:30:00+07:00", "14:30 ngày 20/2/2020 (GMT+7)": "2020-02-20T14:30:00+07:00",
    "8h30 (giờ Việt Nam) ngày 20/2/2020": "2020-02-20T08:30:00+07:00", "2020-02-20 8:30 p.m.": "2020-02-20T20:30",
    "14:30 20/2/2020 UTC−5": "2020-02-20T14:30:00-05:00",
    "8h-11h30 sáng thứ Năm, 20/2/2020": "2020-02-20T08:00..2020-02-20T11:30",
    "8-11h ngày 20/2/2020": "2020-02-20T08:00..2020-02-20T11:00", "20/2/2020 (8h-11h30)": "2020-02-20T08:00..2020-02-20T11:30",
    "từ 2h đến 4h chiều 20/2/2020": "2020-02-20T14:00..2020-02-20T16:00",
    "8h sáng đến 5h chiều ngày 20/2/2020": "2020-02-20T08:00..2020-02-20T17:00",
    "2020-02-20 8:30 - 10:30 pm": "2020-02-20T20:30..2020-02-20T22:30",
    "11am-1pm 20 Feb 2020": "2020-02-20T11:00..2020-02-20T13:00", "2-4pm 20 Feb 2020": "2020-02-20T14:00..2020-02-20T16:00",
    "2pm 20 Feb 2020 - 4pm": "2020-02-20T14:00..2020-02-20T16:00", "8h 20/2/2020 - 10h": "2020-02-20T08:00..2020-02-20T10:00",
    "08:00-11:30 (GMT+7) 20/2/2020": "2020-02-20T08:00:00+07:00..2020-02-20T11:30:00+07:00",
    "từ 8h ngày 17 đến 17h ngày 18/4/2020": "2020-04-17T08:00..2020-04-18T17:00",
    # from today
    "thứ 2": "2020-02-24", "T2": "2020-02-24", "CN": "2020-02-23", "thứ sáu tuần sau": "2020-02-28",
    "thu sau tuan sau": "2020-02-28", "T6 tuần này": "2020-02-21", "chủ nhật tuần sau": "2020-03-01",
    "friday next week": "2020-02-28", "in 3 days": "2020-02-23", "in a week": "2020-02-27", "2 weeks ago": "2020-02-06",
    "3 ngày nữa": "2020-02-23", "2 tuần trước": "2020-02-06", "mai": "2020-02-21",
    "8h tối nay": "2020-02-20T20:00", "tối nay 8h": "2020-02-20T20:00", "tối thứ sáu tuần sau lúc 7h30": "2020-02-28T19:30",
    "2020-W08": "2020-02-17..2020-02-23", "tuần 8/2020": "2020-02-17..2020-02-23", "week 53 of 2020": "2020-12-28..2021-01-03",
    "8:30 - 11:30, 20/02/2020": "2020-02-20T08:30..2020-02-20T11:30", "từ 25/02/2020 tới 01/03/2020": "2020-02-25..2020-03-01",
    "tuần sau": "2020-02-24..2020-03-01", "quý này": "2020-01..2020-03", "next quarter": "2020-04..2020-06",
    "ngày 25 tháng này": "2020-02-25", "25/2 năm nay": "2020-02-25", "tháng 2 năm sau": "2021-02",
}  # fmt: skip

# What is missing is said, with the nearest reading.
INCOMPLETE = {
    "20/2": "the year is missing: 20/02/2020?", "15/11": "the year is missing: 15/11/2019?",
    "Thứ bảy 20/2": "the year is missing: 20/02/2021?", "25-29/2": "the year is missing: 25/02/2020 - 29/02/2020?",
    "8h30 ngày 25/2": "the year is missing: 25/02/2020 08:30?", "25/2 8h30": "the year is missing: 25/02/2020 08:30?",
    "25 Feb": "the year is missing: 25/02/2020?", "Feb 25": "the year is missing: 25/02/2020?", "Feb": "the year is missing: 02/2020?",
    "ngày 25 tháng 2": "the year is missing: 25/02/2020?", "Tháng Sáu": "the year is missing: 06/2020?",
    "quý 1": "the year is missing: 01/2020 - 03/2020?", "25/02/20": "the year must have four digits: 25/02/2020?",
    "10": "the month and the year are missing: 10/02/2020?", "ngày 5": "the month and the year are missing: 05/03/2020?",
    "30/12 - 2/1": "the year is missing: 30/12/2019 - 02/01/2020?", "29/2 - 1/3": "the year is missing: 29/02/2020 - 01/03/2020?",
    "30 December - 2 January 2020": "the year is missing: 30/12/2019 - 02/01/2020?",
    "từ 28/12 đến 3/1/2027": "the year is missing: 28/12/2026 - 03/01/2027?",
    "12:30": "the day is missing: 20/02/2020 12:30?", "8h-11h": "the day is missing: 20/02/2020 08:00 - 11:00?",
}  # fmt: skip

# A word that a date cannot keep is named with the reading without it, in both languages; nothing is read in part.
VAGUE = (
    'a date is a day, a month or a year, without "{}": {}?',
    'ngày chỉ ghi được đến ngày, tháng hoặc năm, không ghi được "{}": {}?',
)
NO_HOUR = ('the hour of "{}" is missing; for the whole day: {}?', '"{}" chưa có giờ; nếu là cả ngày: {}?')
UNKEPT = {
    "cuối tháng 3": (VAGUE, "cuối", "03/2020"), "đầu tháng 2/2020": (VAGUE, "đầu", "02/2020"),
    "giữa tháng Hai năm 2020": (VAGUE, "giữa", "02/2020"), "cuối tháng này": (VAGUE, "cuối", "02/2020"),
    "cuối năm 2020": (VAGUE, "cuối", "2020"), "early February 2020": (VAGUE, "early", "02/2020"),
    "mid-March": (VAGUE, "mid", "03/2020"), "the end of March": (VAGUE, "the end of", "03/2020"),
    "cuối tuần này": (VAGUE, "cuối", "17/02/2020 - 23/02/2020"),
    "sáng mai": (NO_HOUR, "sáng", "21/02/2020"), "tối nay": (NO_HOUR, "tối", "20/02/2020"),
    "sáng 20/2/2020": (NO_HOUR, "sáng", "20/02/2020"), "Rạng sáng 20/2": (NO_HOUR, "Rạng sáng", "20/02/2020"),
    "sáng, chiều ngày 20/2/2020": (NO_HOUR, "sáng, chiều", "20/02/2020"),
    "buổi sáng thứ Năm, ngày 20/2/2020": (NO_HOUR, "buổi sáng", "20/02/2020"),
    "20 February 2020, in the evening": (NO_HOUR, "in the evening", "20/02/2020"),
    "đêm 20, rạng sáng 21/2/2020": (NO_HOUR, "đêm, rạng sáng", "20/02/2020 - 21/02/2020"),
    "từ sáng 20 đến chiều 21/2/2020": (NO_HOUR, "sáng, chiều", "20/02/2020 - 21/02/2020"),
}  # fmt: skip


@pytest.mark.parametrize("text", UNKEPT)
def test_a_word_that_a_date_cannot_keep_is_named_with_the_date_without_it(text: str) -> None:
    messages, words, proposal = UNKEPT[text]
    for lang, message in zip(("en", "vi"), messages, strict=True):
        with use_language(lang), pytest.raises(DateError) as error:
            parse_period(text, TODAY)
        assert (error.value.reason, error.value.hint) == (message.format(words, proposal), "")
    assert parse_period(proposal, TODAY)


@pytest.mark.parametrize(
    ("text", "en", "vi"),
    [
        ("khoảng tháng 2/2020", 'not understood: "khoảng"; without that: 02/2020', 'không hiểu "khoảng"; phần còn lại là 02/2020'),
        ("Ngày 25/02/2020 tại Hà Nội", 'not understood: "tại Hà Nội"; without that: 25/02/2020', 'không hiểu "tại Hà Nội"; phần còn lại là 25/02/2020'),
        ("dự kiến 25-29/02/2020 (lùi)", 'not understood: "dự kiến", "(lùi)"; without that: 25/02/2020 - 29/02/2020', 'không hiểu "dự kiến", "(lùi)"; phần còn lại là 25/02/2020 - 29/02/2020'),
    ],
)  # fmt: skip
def test_words_before_and_behind_a_date_are_named_with_the_date(ilocal: Ilocal, text: str, en: str, vi: str) -> None:
    assert ilocal("dates", text) == (2, "", f'ilocal: cannot read "{text}" as a date\nhint: {en}\n')
    assert ilocal("--lang", "vi", "dates", text).err == f'ilocal: không hiểu ngày "{text}"\ngợi ý: {vi}\n'


@pytest.mark.parametrize("text", READ | VIETNAMESE)
def test_reads(text: str) -> None:
    assert str(parse_period(text, TODAY)) == (READ | VIETNAMESE)[text]


@pytest.mark.parametrize("text", READ | VIETNAMESE)
def test_case_decomposed_letters_dashes_and_look_alikes_change_nothing(text: str) -> None:
    said = (READ | VIETNAMESE)[text]
    for other in (
        text.upper(), unicodedata.normalize("NFD", text), text.replace("đ", "ð").replace("Đ", "Ð"), f" {text}\u00a0",
        text.replace(" - ", " – "), text.replace("/", " / "),
    ):  # fmt: skip
        assert str(parse_period(other, TODAY)) == said, other


@pytest.mark.parametrize("text", INCOMPLETE)
def test_what_is_missing_is_said_with_the_nearest_reading_which_can_be_typed(text: str) -> None:
    with pytest.raises(DateError) as error:
        parse_period(text, TODAY)
    assert error.value.message == f'cannot read "{text}" as a date: {INCOMPLETE[text]}'
    assert error.value.hint == ""  # what is proposed is what to type
    assert parse_period(INCOMPLETE[text].partition(": ")[2].rstrip("?"), TODAY)


@given(st.dates(date(1900, 1, 1)), st.times(), st.booleans())
def test_a_time_is_read_on_either_side_of_its_day_however_both_are_written(day: date, at: time, is_after: bool) -> None:
    said = datetime.combine(day, at.replace(second=0, microsecond=0))
    weekday = WEEKDAY_NAMES["vi"][day.weekday()]
    for clock in (
        f"{at.hour}h{at.minute:02}",
        f"{at:%H:%M}",
        f"{at.hour} giờ {at.minute:02} phút",
        f"lúc {at.hour}g{at.minute:02}",
    ):
        for written in (f"{day:%d/%m}/{day.year}", f"ngày {day.day} tháng {day.month} năm {day.year}",
                        f"{weekday}, {day:%d/%m}/{day.year}", f"{day:%d/%m}/{day.year} ({weekday})"):  # fmt: skip
            text = f"{written}, {clock}" if is_after else f"{clock} {written}"
            assert parse_period(text, TODAY) == Period(said), text


@given(st.dates(date(1900, 1, 1), date(9998, 1, 1)), st.integers(1, 5))
def test_days_that_follow_one_another_are_a_range_and_others_are_refused(first: date, more: int) -> None:
    days = [first + timedelta(days=n) for n in range(more + 1)]
    last = f"{days[-1]:%d/%m}/{days[-1].year}"
    if days[0].year == days[-1].year:
        text = ", ".join(f"{day:%d/%m}" for day in days[:-1]) + f" và {last}"
        assert parse_period(text, TODAY) == Period(first, days[-1])
        if more > 1:
            with pytest.raises(DateError, match="are not consecutive"):
                parse_period(f"{first:%d/%m}, {last}", TODAY)


@given(st.dates(date(1996, 1, 1), date(2200, 1, 1)), st.dates(date(1996, 1, 1), date(2200, 1, 1)))
def test_of_a_day_without_a_year_the_nearest_is_proposed(day: date, today: date) -> None:
    """Today and the same day of another year are equally far only for a few days: any of the nearest will do."""
    with pytest.raises(DateError) as error:
        parse_period(f"{day.day}/{day.month}", today)
    proposed = parse_date(error.value.message.rpartition(": ")[2].rstrip("?"), today)
    assert isinstance(proposed, date)
    assert (proposed.day, proposed.month) == (day.day, day.month)
    if (day.day, day.month) != (29, 2):
        assert abs(proposed - today) <= timedelta(days=183)


def test_a_quarter_is_a_period_of_a_filter(ilocal: Ilocal) -> None:
    Path("events.toml").write_text(
        "".join(f'[[event]]\nid = "{month}"\ntitle = "Họp"\nstart = "2020-{month:02}"\n' for month in range(1, 13)),
        encoding="utf-8",
    )
    for option in (
        ("--on", "quý 2/2020"),
        ("--month", "Q2 2020"),
        ("--from", "Quý II/2020", "--to", "quý II năm 2020"),
    ):
        assert ilocal("list", *option, "--reverse", "-f", "ids").out == "4\n5\n6\n"


@pytest.mark.parametrize("text", REFUSED)
def test_refuses(text: str) -> None:
    with pytest.raises(DateError) as error:
        parse_period(text, TODAY)
    shown = text.replace("\x1b", "\\x1b")
    assert error.value.message == f'cannot read "{shown}" as a date' + (f": {REFUSED[text]}" if REFUSED[text] else "")
    assert ("2020-02-25" in error.value.hint) == (not REFUSED[text])  # examples help where no reason is known


def test_of_a_month_as_a_filter_only_the_year_is_missing(ilocal: Ilocal) -> None:
    assert ilocal("list", "--month", "12").err == (
        'ilocal: cannot read "12" as a date: the year is missing: 12/2019?\n'
    )


def test_a_range_is_no_single_date() -> None:
    with pytest.raises(DateError, match="expected one date, found a range"):
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
        assert parse_period(describe_month_of_date(Month(2020, month), lang, ""), TODAY) == Period(Month(2020, month))
    assert parse_period(describe_month_of_date(Year(2020), lang, ""), TODAY) == Period(Year(2020))


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
        ("30/02/2020", "tháng Hai 2020 chỉ có 29 ngày"),
        ("02/25/2020", "không có tháng 25; phải viết ngày trước, tháng sau: 25/02/2020"),
        ("monday 25/02/2020", "2020-02-25 là thứ Ba"),
        ("2020-02-25 - 2020-02-01", "lúc kết thúc (2020-02-01) không được sớm hơn lúc bắt đầu (2020-02-25)"),
        ("2020-02-25 - 2020", "bắt đầu ghi một ngày thì kết thúc cũng phải ghi một ngày, không phải một năm"),
        ("2020-02-20 25:00", "không có giờ 25:00"),
        ("x" * 1234, "có 1.234 ký tự, quá dài để là ngày"),
    ],
)
def test_why_a_date_cannot_be_read_is_said_in_vietnamese(vietnamese: None, text: str, why: str) -> None:
    shown = text if len(text) <= 100 else text[:100] + "…"
    assert explain_refusal(text) == f'không hiểu ngày "{shown}": {why}'


def test_the_examples_in_a_hint_can_be_read(vietnamese: None) -> None:
    found = _(DATE_EXAMPLES).removeprefix("hãy viết ").replace(" hoặc ", ", ").split(", ")
    assert [str(date_parser.parse_period(text.strip('"'), TODAY)) for text in found] == [
        "2020-02-25", "2020-02-25", "2020-02-25..2020-02-29", "2020-02", "2020-02", "2020-03-21", "2020-02-20",
    ]  # fmt: skip
    rules = _(recurrence_phrases.RECURRENCE_EXAMPLES).removeprefix("hãy viết ").replace(" hoặc ", ", ").split(", ")
    monday = date(2020, 6, 1)
    assert [recurrence_phrases.parse_recurrence(text.strip('"'), monday, TODAY) for text in rules] == [
        "FREQ=YEARLY", "FREQ=WEEKLY;INTERVAL=2", "FREQ=WEEKLY;BYDAY=MO", "FREQ=MONTHLY;BYDAY=1MO", "FREQ=MONTHLY",
        "FREQ=YEARLY;UNTIL=20301231",
        "FREQ=MONTHLY;BYDAY=1MO",
    ]  # fmt: skip


@given(st.integers(1, 31), st.integers(1, 12), st.sampled_from(["{}/{}/{}", "{:02}/{:02}/{}"]))
def test_a_plain_day_is_what_the_grammar_says(day: int, month: int, form: str) -> None:
    """`ngày` before it makes the whole grammar read it."""
    text = form.format(day, month, 2021)

    def read(text: str) -> str:
        try:
            return str(date_parser.parse_period(text, TODAY))
        except DateError as error:
            return error.message.replace("ngày ", "")

    assert read(text) == read(f"ngày {text}")
