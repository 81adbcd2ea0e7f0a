"""Absolute forms of dates: those with day, month and year, or with the parts that the other end of a range supplies.

All texts here are as `date_parser` prepares them: lower case, without accents, every dash a hyphen.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta

from ilocal.errors import DateError
from ilocal.i18n.messages import _, current_language, n_
from ilocal.model.date_names import MONTH_NAMES, name_month_in_sentence
from ilocal.model.dates import Month, PartialDate, Period, Year, days_in_month
from ilocal.model.relative_dates import join_names_of_relative_dates, make_quarter_period

_VI_MONTHS = {
    "mot": 1, "hai": 2, "ba": 3, "tu": 4, "bon": 4, "nam": 5, "sau": 6, "bay": 7, "tam": 8, "chin": 9, "muoi": 10,
    "muoi mot": 11, "muoi hai": 12,
}  # fmt: skip
_EN_MONTHS = {
    name: number
    for number, full in enumerate(MONTH_NAMES["en"], 1)
    for name in {full.lower(), full[:3].lower(), *(["sept"] if number == 9 else [])}
}

EN_MONTH_NAME = rf"(?P<en>{join_names_of_relative_dates(_EN_MONTHS)})\.?"
VI_MONTH_NAME = rf"(?:thang |thg ?)(?P<vi>0?[1-9](?![0-9])|1[0-2]|{join_names_of_relative_dates(_VI_MONTHS)})"
_ON = "(?:(?:vao |trong |ca |on )?ngay |on )?"
_DAY = "(?P<d>[0-9]{1,2})"
_ORDINAL_DAY = f"{_DAY}(?:st|nd|rd|th)?"
_MONTH_NUMBER = "(?P<m>[0-9]{1,2})"
_YEAR = "(?P<y>[0-9]{4})"
_YEAR_SUFFIX = f"(?:(?:, ?| )(?:nam )?| ?[/-] ?){_YEAR}"

_DATE_PATTERNS = [
    re.compile(pattern)
    for pattern in (
        "(?P<y>[0-9]{4})(?P<m>[0-9]{2})(?P<d>[0-9]{2})",
        rf"{_YEAR}(?P<s>[-/.]){_MONTH_NUMBER}(?P=s){_DAY}",
        rf"{_ON}{_DAY}(?P<s>[-/.]){_MONTH_NUMBER}(?:(?P=s)|,? nam ){_YEAR}",
        rf"(?:on )?(?:the )?{_ORDINAL_DAY}(?: of)?[ -]{EN_MONTH_NAME}(?:,? |-){_YEAR}",
        rf"(?:on )?{EN_MONTH_NAME} {_ORDINAL_DAY},? {_YEAR}",
        rf"{_ON}{_DAY},? {VI_MONTH_NAME}{_YEAR_SUFFIX}",
        rf"{_YEAR}[-/]{_MONTH_NUMBER}",
        rf"(?:thang )?{_MONTH_NUMBER}[-/.]{_YEAR}",
        rf"(?:t|th)\.?{_MONTH_NUMBER}[-/]{_YEAR}",
        rf"{EN_MONTH_NAME}(?:,? |-){_YEAR}",
        rf"{VI_MONTH_NAME}{_YEAR_SUFFIX}",
        rf"(?:nam )?{_YEAR}",
    )
]
# The first half of a range whose second half has the missing parts.
_RANGE_START_PATTERNS = [
    re.compile(pattern)
    for pattern in (
        rf"{_ON}{_ORDINAL_DAY}",
        rf"{_ON}{_DAY}[/.]{_MONTH_NUMBER}",
        rf"{_ON}(?P<dash>{_DAY}-){_MONTH_NUMBER}",  # not before a bare hyphen, which may be another of these
        rf"{_ORDINAL_DAY}(?: of)? {EN_MONTH_NAME}",
        rf"{EN_MONTH_NAME} {_ORDINAL_DAY}",
        rf"{_ON}{_DAY},? {VI_MONTH_NAME}",
        EN_MONTH_NAME,
        VI_MONTH_NAME,
    )
]
MONTH_FIRST_RANGE = re.compile(rf"{EN_MONTH_NAME} (?P<d>[0-9]{{1,2}}) ?- ?(?P<d2>[0-9]{{1,2}}),? {_YEAR}")
_WITHIN_PATTERN = re.compile("(?:trong|in) (?P<rest>.+)")  # some time in a month or a year
_QUARTER_NUMBERS = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "mot": 1, "nhat": 1, "hai": 2, "ba": 3, "tu": 4, "bon": 4,
             "1st": 1, "2nd": 2, "3rd": 3, "4th": 4, "first": 1, "second": 2, "third": 3, "fourth": 4}  # fmt: skip
_QUARTER = "[1-4]|iv|i{1,3}"
_VI_QUARTER = f"(?P<q>{_QUARTER}|mot|nhat|hai|ba|tu|bon)"
_AND = "(?: ?- ?| den | toi | to |,? va |,? and | ?& ?|, ?)"
_PERIOD_PATTERNS = [
    re.compile(pattern)
    for pattern in (
        rf"(?:trong )?(?:quy|q|quarter) ?{_VI_QUARTER}"
        rf"(?:{_AND}(?:quy |q)?(?P<q2>{_QUARTER}|mot|hai|ba|tu|bon))?{_YEAR_SUFFIX}",
        rf"{_YEAR}[ -]?q(?P<q>[1-4])",
        rf"(?:the )?(?P<q>first|second|third|fourth|[1-4](?:st|nd|rd|th)) quarter(?: of)? {_YEAR}",
        rf"(?P<n>[1-9]|1[01]) thang (?P<side>dau|cuoi)(?: nam|,)? {_YEAR}",
        rf"(?P<half>nua dau|nua cuoi|first half(?: of)?|second half(?: of)?)(?: nam)? {_YEAR}",
        rf"thang (?P<m>[0-9]{{1,2}})(?:{_AND}(?:thang )?(?P<m2>[0-9]{{1,2}})){_YEAR_SUFFIX}",
    )
]

_WEEK_PATTERN = re.compile(
    rf"{_YEAR}-?w(?P<w>[0-9]{{2}})"
    r"|(?:trong )?(?:tuan |week |w)(?P<w2>[0-9]{1,2})(?: of)?" + _YEAR_SUFFIX.replace("?P<y>", "?P<y2>")
)


def parse_absolute_date(source: str, parse_relative: Callable[[str], PartialDate | None]) -> PartialDate | None:
    """Return the day, month or year that a text means; None if it is not an absolute date.

    `parse_relative` reads what may follow `trong` (in), such as `tháng này`. Raises DateError for a day that does not
    exist.
    """
    for pattern in _DATE_PATTERNS:
        if found := pattern.fullmatch(source):
            return build_date(found)
    if found := _WITHIN_PATTERN.fullmatch(source):
        point = parse_relative(found["rest"]) or parse_absolute_date(found["rest"], parse_relative)
        return point if isinstance(point, (Month, Year)) else None
    return None


def parse_month_period(source: str) -> Period | None:
    """Return the months of a quarter or of a part of a year: `quý IV/2020`, `Q1 2020`, `6 tháng đầu năm 2020`."""
    for pattern in _PERIOD_PATTERNS:
        if not (found := pattern.fullmatch(source)):
            continue
        parts, year = found.groupdict(), int(found["y"])
        if first := parts.get("q"):
            last = parts.get("q2") or first
            return make_quarter_period(year, _parse_quarter_name(first), _parse_quarter_name(last))
        if number := parts.get("n"):
            months = (1, int(number)) if parts["side"] == "dau" else (13 - int(number), 12)
        elif half := parts.get("half"):
            months = (1, 6) if half.startswith(("nua dau", "first")) else (7, 12)
        else:
            months = int(str(parts["m"])), int(str(parts["m2"]))
        return Period(Month(year, months[0]), Month(year, months[1]))
    return None


def parse_week_period(source: str) -> Period | None:
    """Return a week of ISO 8601, Monday to Sunday: `2020-W08`, `tuần 8/2020`, `week 8 of 2020`.

    Raises DateError for a week that the year does not have.
    """
    if not (found := _WEEK_PATTERN.fullmatch(source)):
        return None
    year, week = int(found["y"] or found["y2"]), int(found["w"] or found["w2"])
    try:
        monday = date.fromisocalendar(year, week, 1)
    except ValueError:
        raise DateError(_("{year} has no week {week}", year=f"{year:04}", week=week)) from None
    return Period(monday, monday + timedelta(days=6))


def _parse_quarter_name(name: str) -> int:
    return int(name) if name.isdigit() else _QUARTER_NUMBERS[name]


def build_date(found: re.Match[str], day_name: str = "d") -> PartialDate:
    """Return the date built from the named groups of a match. Raises DateError if it does not exist."""
    parts = found.groupdict()
    year, month, day = int(parts["y"]), get_month_number(parts), parts.get(day_name)
    if month is None:
        return Year(year)
    if not 1 <= month <= 12:
        if day is not None and found.start("d") < found.start("m") and 1 <= int(day) <= 12:  # as Americans write it
            right = f"{month:02}/{int(day):02}/{year}"
            raise DateError(_("there is no month {month}; the day comes first: {date}", month=month, date=right))
        raise DateError(_("there is no month {month}", month=month))
    if day is None:
        return Month(year, month)
    length = days_in_month(Month(year, month))
    if not 1 <= int(day) <= length:
        said = name_month_in_sentence(Month(year, month), current_language())
        raise DateError(n_("{month} has {n} day", "{month} has {n} days", length, month=said))
    return date(year, month, int(day))


def get_month_number(parts: dict[str, str | None]) -> int | None:
    """Return the month in the named groups of a match, by its number or its name; None if it has none."""
    if parts.get("m"):
        return int(str(parts["m"]))
    if parts.get("en"):
        return _EN_MONTHS[str(parts["en"])]
    if parts.get("vi"):
        name = str(parts["vi"])
        return int(name) if name.isdigit() else _VI_MONTHS[name]
    return None


def parse_range_start(left: str, end: PartialDate, *, is_bare: bool) -> PartialDate | None:
    """Return the start of a range whose end is `end`, taking missing parts from `end`; None if `left` does not fit."""
    for pattern in _RANGE_START_PATTERNS:
        if found := pattern.fullmatch(left):
            parts = found.groupdict()
            month, day = get_month_number(parts), parts.get("d")
            if parts.get("dash") and is_bare:
                continue
            if day is None and month is not None and isinstance(end, Month):
                return Month(end.year, month)
            if day is not None and isinstance(end, date) and not isinstance(end, datetime):
                return date(end.year, month or end.month, int(day))
    return None
