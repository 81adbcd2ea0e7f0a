"""Reading dates as people write them, in Vietnamese and English, given today; nothing is ever guessed.

Every reading that the grammar allows is tried, and there must be exactly one. Apart from `dates`, because the patterns
take longer to prepare than most questions take to answer.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta, timezone
from unicodedata import normalize

from ilocal.errors import DateError
from ilocal.i18n import third_party
from ilocal.i18n.messages import _, current_language, n_
from ilocal.model.date_names import MONTH_NAMES, WEEKDAY_NAMES, format_month_heading, weekday_name
from ilocal.model.dates import (
    Month,
    PartialDate,
    Period,
    Year,
    days_in_month,
    format_iso_date,
    parse_iso_date,
    unreadable_date_error,
)
from ilocal.model.text_folding import strip_accents

_VI_MONTHS = {
    "mot": 1, "hai": 2, "ba": 3, "tu": 4, "bon": 4, "nam": 5, "sau": 6, "bay": 7, "tam": 8, "chin": 9, "muoi": 10,
    "muoi mot": 11, "muoi hai": 12,
}  # fmt: skip
_EN_MONTHS = {
    name: number
    for number, full in enumerate(MONTH_NAMES["en"], 1)
    for name in {full.lower(), full[:3].lower(), *(["sept"] if number == 9 else [])}
}
_WEEKDAY_NUMBERS = {
    name: number
    for lang in WEEKDAY_NAMES
    for number, full in enumerate(WEEKDAY_NAMES[lang])
    for name in {strip_accents(full), *([strip_accents(full)[:3]] if lang == "en" else [])}
}

MAX_DATE_LENGTH = 200  # characters of a date: of each, every way to cut it is tried


def _join_alternatives(names: Iterable[str]) -> str:
    return "|".join(sorted(names, key=len, reverse=True))


_EN_MONTH_NAME = rf"(?P<en>{_join_alternatives(_EN_MONTHS)})\.?"
_VI_MONTH_NAME = rf"(?:thang|thg) (?P<vi>0?[1-9](?![0-9])|1[0-2]|{_join_alternatives(_VI_MONTHS)})"
_DAY = "(?P<d>[0-9]{1,2})"
_ORDINAL_DAY = f"{_DAY}(?:st|nd|rd|th)?"
_MONTH_NUMBER = "(?P<m>[0-9]{1,2})"
_YEAR = "(?P<y>[0-9]{4})"
_YEAR_SUFFIX = f"(?:(?:, ?| )(?:nam )?| ?[/-] ?){_YEAR}"

_DATE_PATTERNS = [
    re.compile(pattern)
    for pattern in (
        rf"{_YEAR}(?P<s>[-/.]){_MONTH_NUMBER}(?P=s){_DAY}",
        rf"(?:ngay )?{_DAY}(?P<s>[-/.]){_MONTH_NUMBER}(?P=s){_YEAR}",
        rf"{_ORDINAL_DAY}(?: of)?[ -]{_EN_MONTH_NAME}(?:,? |-){_YEAR}",
        rf"{_EN_MONTH_NAME} {_ORDINAL_DAY},? {_YEAR}",
        rf"(?:ngay )?{_DAY} {_VI_MONTH_NAME}{_YEAR_SUFFIX}",
        rf"{_YEAR}[-/]{_MONTH_NUMBER}",
        rf"(?:thang )?{_MONTH_NUMBER}[-/.]{_YEAR}",
        rf"{_EN_MONTH_NAME},? {_YEAR}",
        rf"{_VI_MONTH_NAME}{_YEAR_SUFFIX}",
        rf"(?:nam )?{_YEAR}",
    )
]
# The first half of a range, where the second half says the rest.
_RANGE_START_PATTERNS = [
    re.compile(pattern)
    for pattern in (
        rf"(?:ngay )?{_ORDINAL_DAY}",
        rf"(?:ngay )?{_DAY}[/.]{_MONTH_NUMBER}",
        rf"{_ORDINAL_DAY}(?: of)? {_EN_MONTH_NAME}",
        rf"{_EN_MONTH_NAME} {_ORDINAL_DAY}",
        rf"(?:ngay )?{_DAY} {_VI_MONTH_NAME}",
        _EN_MONTH_NAME,
        _VI_MONTH_NAME,
    )
]
_MONTH_FIRST_RANGE = re.compile(rf"{_EN_MONTH_NAME} (?P<d>[0-9]{{1,2}}) ?- ?(?P<d2>[0-9]{{1,2}}),? {_YEAR}")
_WEEKDAY_PREFIX = re.compile(rf"(?P<weekday>{_join_alternatives(_WEEKDAY_NUMBERS)})\.?,? (?P<rest>.+)")
_CLOCK_TIME = re.compile(
    r"(?P<h>[0-9]{1,2})"
    r"(?::(?P<min>[0-9]{2})(?::(?P<sec>[0-9]{2})(?P<us>\.[0-9]{1,6})?)?|h(?P<hmin>[0-9]{2})?|(?= ?[ap]m))"
    r"(?: ?(?P<half>[ap]m))?(?: ?(?P<zone>z|(?:utc)?[+-][0-9]{2}:?[0-9]{2}|utc))?"
)
_TIME_AFTER_DAY = re.compile(r"(?P<day>.*?[0-9a-z])(?P<by>t|,? (?:at |luc )?)(?P<time>[0-9]{1,2}(?:[:h]| ?[ap]m).*)")
_TIME_BEFORE_DAY = re.compile(r"(?P<time>[0-9]{1,2}(?::[0-9]{2}|h[0-9]{0,2})),?(?: ngay)? (?P<day>.+)")
_OFFSET_FROM_TODAY = re.compile(r"(?P<sign>[+-])(?P<n>[0-9]{1,5})(?P<unit>[dwmyh])")
_START_AND_DURATION = re.compile(r"(?P<start>.+?) ?\+(?P<n>[0-9]{1,5})(?P<unit>[dwmyh])")
_RANGE_SEPARATOR = re.compile(r" ?\.\. ?| ?(?<!utc)- ?| to | den (?:het )?")


def parse_period(text: str, today: date) -> Period:
    """Return the period that `text` means in Vietnamese or English, if `today` is the present day.

    Every reading that the grammar allows is tried, and exactly one must succeed. Raises DateError with the reason.
    """
    if len(text) > MAX_DATE_LENGTH:
        raise unreadable_date_error(text, n_("{n} character is no date", "{n} characters are no date", len(text)))
    if "T" in text:  # ISO 8601 is certain, also where a range could be read into it (T08:30-05:00)
        with suppress(DateError):
            return Period(parse_iso_date(text.strip()))
    source = _normalize_date_text(text)
    found: list[Period] = []
    reasons: list[str] = []
    for attempt in _candidate_parsers(source, today):
        try:
            span = attempt()
        except (DateError, ValueError, OverflowError) as error:
            reasons.append(error.message if isinstance(error, DateError) else _explain_failure(error))
            continue
        if span is not None and span not in found:
            found.append(span)
    if len(found) == 1:
        return found[0]
    if found:
        raise unreadable_date_error(text, _("it may mean {spans}", spans=_(" or ").join(map(str, found))))
    raise unreadable_date_error(text, next(filter(None, reasons), ""))


def parse_date(text: str, today: date) -> PartialDate:
    """Return the single day, time, month or year that `text` means; see `parse_period`. Raises DateError."""
    span = parse_period(text, today)
    if span.end is not None:
        raise unreadable_date_error(text, _("that is a range, and one date is wanted here"))
    return span.start


def _explain_failure(error: Exception) -> str:
    if "range" in str(error) or isinstance(error, OverflowError):
        return _("no such day")
    return str(third_party.translate_library_message(str(error)))


def _normalize_date_text(text: str) -> str:
    """Lower case without accents, every dash a hyphen, single blanks."""
    return " ".join(re.sub("[\u2010-\u2015\u2212]", "-", strip_accents(_replace_vietnamese_day_words(text))).split())


def _replace_vietnamese_day_words(text: str) -> str:
    """The text with Vietnamese words for days near today in English: with their marks, `tháng sau` is not `tháng sáu`.

    Typed without any marks they are read as well, but for `thang sau`, which may be either.
    """
    text = " ".join(normalize("NFC", text).lower().split())
    if strip_accents(text) == text:
        return _UNACCENTED_DAY_PATTERN.sub(lambda found: _UNACCENTED_DAY_WORDS[found.group()], text)
    return _VIETNAMESE_DAY_PATTERN.sub(lambda found: _VIETNAMESE_DAY_WORDS[found.group()], text)


def _candidate_parsers(source: str, today: date) -> Iterator[Callable[[], Period | None]]:
    """The ways to read `source`, each a function that returns a span, or None where that way does not fit at all."""
    yield lambda: _parse_relative_week(source, today)
    yield lambda: _parse_single_date(source, today)
    yield lambda: _parse_start_and_duration(source, today)
    yield lambda: _parse_month_first_range(source)
    body = re.sub("^(?:from|tu) ", "", source)
    for cut in _RANGE_SEPARATOR.finditer(body):
        left, right = body[: cut.start()], body[cut.end() :]
        yield lambda left=left, right=right: _parse_range(left, right, today)  # type: ignore[misc]


def _parse_single_date(source: str, today: date) -> Period | None:
    point = _parse_partial_date(source, today)
    return None if point is None else Period(point)


def _parse_range(left: str, right: str, today: date) -> Period | None:
    start = _parse_partial_date(left, today)
    if isinstance(start, datetime) and (clock := _parse_clock_time(right)) is not None:
        return Period(start, datetime.combine(start.date(), clock.replace(tzinfo=clock.tzinfo or start.tzinfo)))
    end = _parse_partial_date(right, today)
    if end is None:
        return None
    if start is not None and _OFFSET_FROM_TODAY.fullmatch(right) and _parse_relative_date(left, today) is None:
        raise DateError(_("{step} counts from today, and the range begins on another day", step=right))
    if start is None:
        start = _parse_abbreviated_start(left, end)
    return None if start is None else Period(start, end)


def _parse_partial_date(source: str, today: date) -> PartialDate | None:
    """The point that the whole of `source` names, or None. Raises ValueError for a day that does not exist."""
    named = _parse_relative_date(source, today)
    if named is not None:
        return named
    if found := _WEEKDAY_PREFIX.fullmatch(source):
        day = _verify_weekday(found, _parse_partial_date(found["rest"], today))
        if day is not None:
            return day
    for pattern in _DATE_PATTERNS:
        if found := pattern.fullmatch(source):
            return _build_partial_date(found)
    return _parse_date_and_time(source, today)


def _verify_weekday(found: re.Match[str], point: PartialDate | None) -> date | None:
    """A day whose weekday is given as well, and must be right."""
    if not isinstance(point, date):
        return None
    if point.weekday() != _WEEKDAY_NUMBERS[found["weekday"]]:
        raise DateError(
            _(
                "{day} is a {weekday}",
                day=format_iso_date(point),
                weekday=weekday_name(point.weekday(), current_language()),
            )
        )
    return point


def _build_partial_date(found: re.Match[str]) -> PartialDate:
    parts = found.groupdict()
    year, month, day = int(parts["y"]), _month_number(parts), parts.get("d")
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
        heading = format_month_heading(Month(year, month), current_language(), "")
        raise DateError(n_("{month} has {n} day", "{month} has {n} days", length, month=heading))
    return date(year, month, int(day))


def _month_number(parts: dict[str, str | None]) -> int | None:
    if parts.get("m"):
        return int(str(parts["m"]))
    if parts.get("en"):
        return _EN_MONTHS[str(parts["en"])]
    if parts.get("vi"):
        name = str(parts["vi"])
        return int(name) if name.isdigit() else _VI_MONTHS[name]
    return None


def _parse_abbreviated_start(left: str, end: PartialDate) -> PartialDate | None:
    """`25` before `29 February 2020`, `30 Sep` before `2 Oct 2020`, `Feb` before `Apr 2020`: the end says the rest."""
    if weekday := _WEEKDAY_PREFIX.fullmatch(left):
        return _verify_weekday(weekday, _parse_abbreviated_start(weekday["rest"], end))
    for pattern in _RANGE_START_PATTERNS:
        if found := pattern.fullmatch(left):
            parts = found.groupdict()
            month, day = _month_number(parts), parts.get("d")
            if day is None and month is not None and isinstance(end, Month):
                return Month(end.year, month)
            if day is not None and isinstance(end, date) and not isinstance(end, datetime):
                return date(end.year, month or end.month, int(day))
    return None


def _parse_month_first_range(source: str) -> Period | None:
    """`February 25 - 29, 2020`."""
    found = _MONTH_FIRST_RANGE.fullmatch(source)
    if not found:
        return None
    year, month = int(found["y"]), _EN_MONTHS[found["en"]]
    return Period(date(year, month, int(found["d"])), date(year, month, int(found["d2"])))


def _parse_date_and_time(source: str, today: date) -> datetime | None:
    """A day with a time after it (`2020-02-20 08:30`) or before it (`8h30 ngày 20/02/2020`)."""
    if found := _TIME_AFTER_DAY.fullmatch(source):
        # After a blank, "08:30-10:30" is a range of times; "T08:30-05:00" has an offset, as ISO 8601 writes it.
        clock = (
            None
            if found["by"] != "t" and re.search("(?<!utc)-[0-9:]+$", found["time"])
            else _parse_clock_time(found["time"])
        )
        day = _parse_partial_date(found["day"], today) if clock else None
        if clock and isinstance(day, date) and not isinstance(day, datetime):
            return datetime.combine(day, clock)
    if found := _TIME_BEFORE_DAY.fullmatch(source):
        clock, day = _parse_clock_time(found["time"]), _parse_partial_date(found["day"], today)
        if clock and isinstance(day, date) and not isinstance(day, datetime):
            return datetime.combine(day, clock)
    return None


def _parse_clock_time(source: str) -> time | None:
    found = _CLOCK_TIME.fullmatch(source)
    if not found:
        return None
    hour = int(found["h"])
    if found["half"]:
        if not 1 <= hour <= 12:
            raise DateError(_("there is no {hour} {half}", hour=hour, half=found["half"]))
        hour = hour % 12 + (12 if found["half"] == "pm" else 0)
    minute, second = int(found["min"] or found["hmin"] or 0), int(found["sec"] or 0)
    if hour > 23 or minute > 59 or second > 59:
        raise DateError(_("there is no time {time}", time=source))
    return time(
        hour, minute, second, int((found["us"] or ".0")[1:].ljust(6, "0")), tzinfo=_parse_utc_offset(found["zone"])
    )


def _parse_utc_offset(source: str | None) -> timezone | None:
    if source is None:
        return None
    source = source.removeprefix("utc")
    if source in ("z", ""):
        return UTC
    offset = timedelta(hours=int(source[1:3]), minutes=int(source[-2:]))
    return timezone(-offset if source[0] == "-" else offset)


def _parse_start_and_duration(source: str, today: date) -> Period | None:
    """`2020-02-25 +5d`: five days, both ends counted. After a time, `+2h` ends two hours later."""
    found = _START_AND_DURATION.fullmatch(source)
    start = _parse_partial_date(found["start"], today) if found else None
    if not found or not isinstance(start, date) or int(found["n"]) == 0:
        return None
    if isinstance(start, datetime):
        return Period(start, start + timedelta(hours=int(found["n"]))) if found["unit"] == "h" else None
    return (
        None
        if found["unit"] == "h"
        else Period(start, _add_calendar_units(start, int(found["n"]), found["unit"]) - timedelta(days=1))
    )


def _add_calendar_units(day: date, n: int, unit: str) -> date:
    from dateutil.relativedelta import relativedelta  # 5 ms at start-up, needed for steps alone

    steps = {"d": relativedelta(days=n), "w": relativedelta(weeks=n), "m": relativedelta(months=n)}
    result = day + steps.get(unit, relativedelta(years=n))
    assert isinstance(result, date)
    return result


def _parse_relative_date(source: str, today: date) -> PartialDate | None:
    """`today`, `ngày mai`, `monday`, `next month`, `+30d`."""
    if found := _OFFSET_FROM_TODAY.fullmatch(source):
        if found["unit"] == "h":
            return None
        return _add_calendar_units(today, int(found["n"]) * (1 if found["sign"] == "+" else -1), found["unit"])
    if source in _WEEKDAY_NUMBERS:  # the coming one; today, when it is today
        return today + timedelta(days=(_WEEKDAY_NUMBERS[source] - today.weekday()) % 7)
    if (offset := _DAY_OFFSETS.get(source)) is not None:
        return today + timedelta(days=offset)
    if (offset := _MONTH_OFFSETS.get(source)) is not None:
        months = today.year * 12 + today.month - 1 + offset
        return Month(months // 12, months % 12 + 1)
    if (offset := _YEAR_OFFSETS.get(source)) is not None:
        return Year(today.year + offset)
    if re.fullmatch(f"next (?:{_join_alternatives(_WEEKDAY_NUMBERS)})", source):
        raise DateError(_("people read that in two ways"))
    return None


_VIETNAMESE_DAY_WORDS = {
    "hôm nay": "today", "ngày mai": "tomorrow", "hôm qua": "yesterday", "ngày kia": "in two days",
    "hôm kia": "two days ago",
    **{
        f"{unit} {when}": f"{english} {name}"
        for unit, name in (("tuần", "week"), ("tháng", "month"), ("năm", "year"))
        for when, english in (("này", "this"), ("sau", "next"), ("tới", "next"), ("trước", "last"))
    },
    "năm nay": "this year", "sang năm": "next year", "năm ngoái": "last year",
}  # fmt: skip
_UNACCENTED_DAY_WORDS = {
    strip_accents(name): english for name, english in _VIETNAMESE_DAY_WORDS.items() if name != "tháng sau"
}
_VIETNAMESE_DAY_PATTERN = re.compile(rf"(?<!\w)(?:{_join_alternatives(_VIETNAMESE_DAY_WORDS)})(?!\w)")
_UNACCENTED_DAY_PATTERN = re.compile(rf"(?<!\w)(?:{_join_alternatives(_UNACCENTED_DAY_WORDS)})(?!\w)")
_DAY_OFFSETS = {"today": 0, "tomorrow": 1, "in two days": 2, "yesterday": -1, "two days ago": -2}
_MONTH_OFFSETS = {"this month": 0, "next month": 1, "last month": -1}
_YEAR_OFFSETS = {"this year": 0, "next year": 1, "last year": -1}
_WEEK_OFFSETS = {"this week": 0, "next week": 1, "last week": -1}


def _parse_relative_week(source: str, today: date) -> Period | None:
    """`next week`: Monday to Sunday."""
    weeks = _WEEK_OFFSETS.get(source)
    if weeks is None:
        return None
    monday = today + timedelta(weeks=weeks, days=-today.weekday())
    return Period(monday, monday + timedelta(days=6))
