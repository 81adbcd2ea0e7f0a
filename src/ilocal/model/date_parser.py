"""Parser for dates as people write them, in Vietnamese and English, relative to today; it never guesses.

Every reading that the grammar allows is tried, and exactly one must succeed. Separate from `dates` because compiling
the patterns takes longer than most commands.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date, datetime, timedelta
from itertools import pairwise

from ilocal.errors import DateError
from ilocal.i18n import third_party
from ilocal.i18n.messages import _, current_language, n_
from ilocal.model.clock_times import DAY_PART, parse_clock_range, parse_clock_time
from ilocal.model.date_forms import (
    MONTH_FIRST_RANGE,
    build_date,
    parse_absolute_date,
    parse_month_period,
    parse_range_start,
    parse_week_period,
)
from ilocal.model.date_names import get_weekday_name_of_date
from ilocal.model.dates import PartialDate, Period, format_iso_date, parse_iso_date, unreadable_date_error
from ilocal.model.incomplete_dates import (
    NO_YEAR_MESSAGE,
    describe_missing_part,
    format_typed_period,
    has_month_and_number,
    propose_earlier_start,
)
from ilocal.model.relative_dates import (
    STEP_PATTERN,
    WEEKDAY_NUMBERS,
    add_time_units,
    join_names_of_relative_dates,
    normalize_relative_date_words,
    parse_relative_date,
    parse_relative_period,
)
from ilocal.model.text_folding import strip_accents
from ilocal.model.undated_words import is_undated_text

MAX_DATE_LENGTH = 200  # characters of a date: of each, every way to cut it is tried

_PLAIN_DAY = re.compile("([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")  # what tables are full of
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")  # pages are full of them
_START_AND_DURATION = re.compile(r"(?P<start>.+?) ?\+(?P<n>[0-9]{1,5})(?P<unit>[dwmyh])")
_RANGE_SEPARATOR = re.compile(r" ?\.\. ?| ?(?<!utc)- ?| to | (?:cho )?(?:den|toi) (?:het )?| ?→ ?")
_WEEKDAY_PREFIX = f"(?P<weekday>{join_names_of_relative_dates(WEEKDAY_NUMBERS)})"
_WEEKDAY_BEFORE = re.compile(rf"{_WEEKDAY_PREFIX}(?: - |: ?|\.?,? )")
_WEEKDAY_AFTER = re.compile(rf"(?P<rest>.+?),? {_WEEKDAY_PREFIX}")
_DAY_PART_BEFORE = re.compile(rf"(?:buoi )?(?P<part>{DAY_PART}),? (?:of )?(?P<rest>.+)")
_DAY_PART_AFTER = re.compile(rf"(?P<rest>.+?),? (?:in the )?(?:buoi )?(?P<part>{DAY_PART})")
_ISO_TIME = re.compile(r"(?P<day>.*?[0-9a-z])t(?P<time>[0-9]{1,2}:.*|[0-9]{4}(?:[0-9]{2})?z?)")
_HALF_NAME = re.compile(rf"(?<![a-z])(?:am|pm|sa|ch|{DAY_PART})(?![a-z])")
_ZONE_AFTER = re.compile(r",? (?P<zone>utc(?:[+-][0-9:]+)?)$")
_BEFORE_CLOCK = re.compile("^(?:vao |dien ra )?(?:luc|hoi|at|vao) ")
_CLOCKLIKE = re.compile("(?:(?:vao |dien ra )?(?:luc|hoi|at|vao) )?(?:tu |from )?[0-9]{1,2}(?![0-9/.])")
_ANY_DAY_PART = re.compile(rf"\b{DAY_PART}\b")
_ANY_WEEKDAY = re.compile(rf"(?<![a-z]){_WEEKDAY_PREFIX}(?![a-z0-9])")
_LABEL = re.compile("(?:thoi gian|ngay|date|time|when) ?: ?")
_LIST_ITEM = r"(?:ngay )?[0-9]{1,2}(?:/[0-9]{1,2})?(?:st|nd|rd|th)?"
_DAY_LIST = re.compile(
    rf"(?P<items>{_LIST_ITEM}(?:(?:, ?| ?& ?|,? va |,? and ){_LIST_ITEM})*)(?:, ?| ?& ?|,? va |,? and )(?P<last>.+)"
)
_NUMBERS = {"mot": 1, "hai": 2, "ba": 3, "bon": 4, "nam": 5, "sau": 6, "bay": 7, "tam": 8, "chin": 9, "muoi": 10}
_DAY_COUNT = re.compile(
    rf"(?:trong )?(?:(?P<n>[0-9]{{1,2}}|{join_names_of_relative_dates(_NUMBERS)}) ngay|cac ngay)[,:]? "
    r"(?P<rest>(?:[0-9]|ngay |tu |from ).*)"
)


def parse_period(text: str, today: date) -> Period:
    """Return the period that `text` means in Vietnamese or English, if `today` is the present day.

    Every reading that the grammar allows is tried, and exactly one must succeed. Raises DateError with the reason and,
    if it is known, the missing part.
    """
    if len(text) > MAX_DATE_LENGTH:
        raise unreadable_date_error(
            text, n_("{n} character is not a date", "{n} characters are too long for a date", len(text))
        )
    if text[:4].isdecimal():  # ISO 8601 is certain, also where a range could be read into it (T08:30-05:00)
        with suppress(DateError):
            return Period(parse_iso_date(text.strip()))
    if (plain := _PLAIN_DAY.fullmatch(text)) is not None:
        with suppress(ValueError):
            return Period(date(int(plain[3]), int(plain[2]), int(plain[1])))
    source = _normalize_date_text(text, today)
    found, reasons = _collect_readings(source, today)
    if len(found) == 1:
        return found[0]
    if found:
        raise unreadable_date_error(text, _("ambiguous: {spans}", spans=_(" or ").join(map(str, found))))
    if (reason := next(filter(None, reasons), "")) and not has_month_and_number(source):
        raise unreadable_date_error(text, reason)
    if is_undated_text(text):
        raise unreadable_date_error(
            text, _("that is no date yet; leave it out, or look for such events with --undated")
        )
    if "thang sau" in text.lower():  # next month, or June: ambiguous without accents
        raise unreadable_date_error(text, _("ambiguous: {spans}", spans="tháng sau, tháng sáu"))
    reason = describe_missing_part(text, source, today, lambda whole: _collect_readings(whole, today))
    raise unreadable_date_error(text, reason)


def parse_date(text: str, today: date) -> PartialDate:
    """Return the single day, time, month or year that `text` means; see `parse_period`. Raises DateError."""
    span = parse_period(text, today)
    if span.end is not None:
        raise unreadable_date_error(text, _("expected one date, found a range"))
    return span.start


def find_certain_period(text: str) -> Period | None:
    """Return the period that `text` means regardless of the present day; None if it has no such meaning."""
    found = set()
    for today in (date(1972, 2, 29), date(2095, 8, 17)):  # days that differ in every part, including the weekday
        try:
            found.add(parse_period(text, today))
        except DateError:
            return None
    return found.pop() if len(found) == 1 else None


def _collect_readings(source: str, today: date) -> tuple[list[Period], list[str]]:
    """Return the distinct readings of a prepared text, and the reasons why other readings fail."""
    found: list[Period] = []
    reasons: list[str] = []
    for attempt in _candidate_parsers(source, today):
        try:
            span = attempt()
        except (DateError, ValueError, OverflowError) as error:
            reasons.append(error.message if isinstance(error, DateError) else _explain_unparsed_date(error))
            continue
        if span is not None and span not in found:
            found.append(span)
    return found, reasons


def _explain_unparsed_date(error: Exception) -> str:
    if "range" in str(error) or isinstance(error, OverflowError):
        return _("no such day")
    return str(third_party.translate_library_message(str(error)))


def _normalize_date_text(text: str, today: date) -> str:
    """Return `text` in lower case without accents, every dash a hyphen, single blanks, brackets as commas."""
    source = strip_accents(normalize_relative_date_words(_INVISIBLE.sub("", text), today))
    source = " ".join(re.sub("[\u2010-\u2015\u2212]", "-", source).split())
    source = re.sub(r"\b([ap])\.m\.?", r"\1m", source)
    source = re.sub(r"\bgio (?:viet nam|vn|ha noi)\b", "utc+7", source)
    source = re.sub(r"\b(?:utc|gmt)(?: ?([+-]) ?(?=[0-9]))?", r"utc\1", source)
    source = re.sub(r",? \((?![0-9]+\))([^()]+)\)(?=$|[ ,])", r", \1", f" {source}").strip(" ,")
    source = re.sub(" ?/ ?", "/", source)
    source = re.sub(",? ?duong lich$", "", source)
    return _LABEL.sub("", re.sub("(?<=[^.,;])[.,;]$", "", source), count=1)


def _candidate_parsers(source: str, today: date) -> Iterator[Callable[[], Period | None]]:
    """Yield the ways to read `source`: functions that return a period, or None if that way does not apply."""
    if counted := _DAY_COUNT.fullmatch(source):
        yield lambda: _parse_counted_days(counted, today)
    yield lambda: parse_relative_period(source, today)
    yield lambda: parse_month_period(source)
    yield lambda: parse_week_period(source)
    yield lambda: _parse_single_date(source, today)
    yield lambda: _parse_start_date_and_duration(source, today)
    yield lambda: _parse_month_first_range(source)
    yield lambda: _parse_day_list(source, today)
    yield lambda: _parse_hours(source, today)
    body = re.sub("^(?:from|tu) ", "", source)
    for cut in _RANGE_SEPARATOR.finditer(body):
        left, right = body[: cut.start()], body[cut.end() :]
        is_bare = cut.group() == "-"
        yield lambda left=left, right=right, is_bare=is_bare: _parse_range(  # type: ignore[misc]
            left, right, today, is_bare=is_bare
        )


def _parse_single_date(source: str, today: date) -> Period | None:
    point = _parse_partial_date(source, today)
    return None if point is None else Period(point)


def _parse_counted_days(found: re.Match[str], today: date) -> Period | None:
    """Return the period of `trong 2 ngày 20 và 21/2/2020`, whose stated length must be right."""
    spans, reasons = _collect_readings(found["rest"], today)
    if len(spans) != 1:
        raise DateError(next(iter(reasons), ""))
    first, last = spans[0].date_range
    number = found["n"] and (_NUMBERS.get(found["n"]) or int(found["n"]))
    if number and (last - first).days + 1 != number:
        raise DateError(n_("the dates span {n} day", "the dates span {n} days", (last - first).days + 1))
    return spans[0]


def _parse_range(left: str, right: str, today: date, *, is_bare: bool) -> Period | None:
    start = _parse_partial_date(left, today)
    # In "8:30 - 10:30 pm" the "pm" at the end applies to both times: see `_parse_hours`.
    is_alone = bool(_HALF_NAME.search(left)) or not _HALF_NAME.search(right)
    if isinstance(start, datetime) and is_alone and (clock := parse_clock_time(right)) is not None:
        return Period(start, datetime.combine(start.date(), clock.replace(tzinfo=clock.tzinfo or start.tzinfo)))
    end = _parse_partial_date(right, today)
    if end is None:
        return None
    if start is not None and STEP_PATTERN.fullmatch(right) and parse_relative_date(left, today) is None:
        raise DateError(_("{step} counts from today, but the range begins on another day", step=right))
    if start is None:
        start = _parse_abbreviated_start_date(left, end, is_bare=is_bare)
        if start is not None and (whole := propose_earlier_start(start, end)):
            raise DateError(_(NO_YEAR_MESSAGE, date=format_typed_period(whole)))
    return None if start is None else Period(start, end)


# --------------------------------------------------------------------------------------------------------------- point


def _parse_partial_date(source: str, today: date) -> PartialDate | None:
    """Return the date that the whole of `source` means, or None. Raises ValueError for a day that does not exist."""
    point = _parse_day_with_weekday(source, today)
    return _parse_date_and_time(source, today) if point is None else point


def _parse_day_with_weekday(source: str, today: date) -> PartialDate | None:
    return _verify_weekday(source, lambda inner: _parse_bare_date(inner, today))


def _parse_bare_date(source: str, today: date) -> PartialDate | None:
    if (point := parse_relative_date(source, today)) is not None:
        return point
    return parse_absolute_date(source, lambda inner: parse_relative_date(inner, today))


def _is_day(point: PartialDate | None) -> bool:
    return isinstance(point, date) and not isinstance(point, datetime)


def _verify_weekday(source: str, read_day: Callable[[str], PartialDate | None]) -> PartialDate | None:
    """Return what `read_day` reads from a text that may have a weekday at either end.

    Raises DateError if it is wrong.
    """
    point = read_day(source)
    if point is not None:
        return point
    error: DateError | None = None
    for weekday, rest in _iterate_weekday_splits(source):
        day = read_day(rest)
        if not _is_day(day) or not isinstance(day, date):
            continue
        if day.weekday() == WEEKDAY_NUMBERS[weekday]:
            return day
        error = DateError(
            _(
                "{day} is a {weekday}",
                day=format_iso_date(day),
                weekday=get_weekday_name_of_date(day.weekday(), current_language()),
            )
        )
    if error:
        raise error
    return None


def _iterate_weekday_splits(source: str) -> Iterator[tuple[str, str]]:
    """Yield each weekday that a text may begin or end with, and the rest: `thu 5 march` is Thursday, or thứ 5."""
    if not _ANY_WEEKDAY.search(source):
        return
    source = re.sub("^(?:vao|on|trong) ", "", source)
    if found := _WEEKDAY_BEFORE.match(source):
        yield found["weekday"], source[found.end() :]
        if found["weekday"].startswith("thu "):
            yield "thu", source[len("thu ") :]
    if found := _WEEKDAY_AFTER.fullmatch(source):
        yield found["weekday"], found["rest"]


def _split_day_part(source: str) -> tuple[str, str]:
    """Return the part of the day at an end of a text or after its weekday, and the rest; "" if there is none."""
    if not _ANY_DAY_PART.search(source):
        return "", source
    source = re.sub("^(?:vao|on|in the) ", "", source)
    for pattern in (_DAY_PART_BEFORE, _DAY_PART_AFTER):
        if found := pattern.fullmatch(source):
            return found["part"], found["rest"]
    if (weekday := _WEEKDAY_BEFORE.match(source)) and (found := _DAY_PART_BEFORE.fullmatch(source[weekday.end() :])):
        return found["part"], weekday.group() + found["rest"]
    return "", source


def _parse_abbreviated_start_date(left: str, end: PartialDate, *, is_bare: bool = False) -> PartialDate | None:
    """Return the start of a range, taking missing parts from its end: `25` before `29 February 2020`.

    Other examples are `30 Sep` before `2 Oct 2020` and `Feb` before `Apr 2020`.
    """
    if isinstance(end, datetime):
        return _parse_start_date_with_time(left, end)
    left = re.sub(r"[,.]$", "", left)
    return _verify_weekday(left, lambda inner: parse_range_start(inner, end, is_bare=is_bare))


def _parse_start_date_with_time(left: str, end: datetime) -> datetime | None:
    """Return the start of a range whose end has a time: `8h ngày 17/4` before `17h ngày 18/4/2020`."""
    for clock, part, day_text in _iterate_clock_splits(left):
        day = _parse_abbreviated_start_date(day_text, end.date())
        if _is_day(day) and isinstance(day, date) and (time := parse_clock_time(clock, part)) is not None:
            return datetime.combine(day, time.replace(tzinfo=time.tzinfo or end.tzinfo))
    return None


def _parse_month_first_range(source: str) -> Period | None:
    """Return the period of an American range: `February 25 - 29, 2020`."""
    found = MONTH_FIRST_RANGE.fullmatch(source)
    return Period(build_date(found), build_date(found, "d2")) if found else None


def _parse_day_list(source: str, today: date) -> Period | None:
    """Return the period of a list of consecutive days: `20 và 21/2/2020`, `20, 21, 22/2/2020`."""
    found = _DAY_LIST.fullmatch(source)
    last = _parse_day_with_weekday(found["last"], today) if found else None
    if found is None or not _is_day(last):
        return None
    assert isinstance(last, date)
    items = re.split(", ?| ?& ?|,? va |,? and ", found["items"])
    days = [*(_parse_abbreviated_start_date(item, last) for item in items), last]
    for before, after in pairwise(days):
        if not isinstance(before, date) or not isinstance(after, date):
            return None
        if after - before != timedelta(days=1):
            raise DateError(_("the days are not consecutive"))
    assert isinstance(days[0], date)
    return Period(days[0], last)


# ---------------------------------------------------------------------------------------------------------------- time


def _iterate_clock_splits(source: str) -> Iterator[tuple[str, str, str]]:
    """Yield the ways to split a text into a time, the part of the day next to the day, and the day."""
    zone = _ZONE_AFTER.search(source)
    for text, end in ((source, ""), *([(source[: zone.start()], f" {zone['zone']}")] if zone else [])):
        for blank in re.finditer(" ", text):
            left, right = text[: blank.start()].rstrip(" ,-|"), text[blank.end() :].lstrip(" ,-|")
            for clock, day in ((left, right), (right, left)):
                if not _CLOCKLIKE.match(clock):
                    continue
                part, rest = _split_day_part(day)
                yield _BEFORE_CLOCK.sub("", clock) + end, part, rest


def _parse_date_and_time(source: str, today: date) -> datetime | None:
    """Return a day with a time after it (`2020-02-20 08:30`) or before it (`8h30 sáng ngày 20/02/2020`)."""
    ways = (
        []
        if (found := _ISO_TIME.fullmatch(source)) is None
        else [(_normalize_time_of_day(found["time"]), "", found["day"])]
    )
    # After a blank, "08:30-10:30" is a range of times; "T08:30-05:00" has an offset, as ISO 8601 writes it.
    ways += [way for way in _iterate_clock_splits(source) if not re.search("(?<!utc)-[0-9:]+$", way[0])]
    for clock, part, day_text in ways:
        time = parse_clock_time(clock, part)
        day = _parse_day_with_weekday(day_text, today) if time is not None else None
        if time is not None and _is_day(day) and isinstance(day, date):
            return datetime.combine(day, time)
    return None


def _normalize_time_of_day(digits: str) -> str:
    """Return `083000` as `08:30:00`, the extended time format of ISO 8601."""
    return re.sub("^([0-9]{2})([0-9]{2})([0-9]{2})?", lambda at: ":".join(filter(None, at.groups())), digits)


def _parse_hours(source: str, today: date) -> Period | None:
    """Return a day with two times before or after it: `8h00-11h30 ngày 17/04/2020`, `17/4/2020, từ 2h đến 4h chiều`."""
    for clocks, part, day_text in _iterate_clock_splits(source):
        pair = parse_clock_range(clocks, part)
        day = _parse_day_with_weekday(day_text, today) if pair else None
        if pair and _is_day(day) and isinstance(day, date):
            return Period(datetime.combine(day, pair[0]), datetime.combine(day, pair[1]))
    return None


def _parse_start_date_and_duration(source: str, today: date) -> Period | None:
    """Return the period of a start and a duration: `2020-02-25 +5d` lasts five days, both ends included.

    After a time, `+2h` ends two hours later.
    """
    found = _START_AND_DURATION.fullmatch(source)
    start = _parse_partial_date(found["start"], today) if found else None
    if not found or not isinstance(start, date) or int(found["n"]) == 0:
        return None
    if isinstance(start, datetime):
        return Period(start, start + timedelta(hours=int(found["n"]))) if found["unit"] == "h" else None
    if found["unit"] == "h":
        return None
    return Period(start, add_time_units(start, int(found["n"]), found["unit"]) - timedelta(days=1))
