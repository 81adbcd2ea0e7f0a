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
from ilocal.i18n.messages import _, n_, spoken
from ilocal.model.date_names import MONTHS, WEEKDAYS, month_heading, weekday_name
from ilocal.model.dates import Month, Point, Span, Year, from_iso, iso, last_of, unreadable
from ilocal.model.text_folding import unmarked

_VI_MONTHS = {
    "mot": 1, "hai": 2, "ba": 3, "tu": 4, "bon": 4, "nam": 5, "sau": 6, "bay": 7, "tam": 8, "chin": 9, "muoi": 10,
    "muoi mot": 11, "muoi hai": 12,
}  # fmt: skip
_EN_MONTHS = {
    name: number
    for number, full in enumerate(MONTHS["en"], 1)
    for name in {full.lower(), full[:3].lower(), *(["sept"] if number == 9 else [])}
}
_WEEKDAY_NAMES = {
    name: number
    for lang in WEEKDAYS
    for number, full in enumerate(WEEKDAYS[lang])
    for name in {unmarked(full), *([unmarked(full)[:3]] if lang == "en" else [])}
}

LONGEST = 200  # characters of a date: of each, every way to cut it is tried


def _any_of(names: Iterable[str]) -> str:
    return "|".join(sorted(names, key=len, reverse=True))


_EN = rf"(?P<en>{_any_of(_EN_MONTHS)})\.?"
_VI = rf"(?:thang|thg) (?P<vi>0?[1-9](?![0-9])|1[0-2]|{_any_of(_VI_MONTHS)})"
_DAY = "(?P<d>[0-9]{1,2})"
_NTH = f"{_DAY}(?:st|nd|rd|th)?"
_NUMBER = "(?P<m>[0-9]{1,2})"
_YEAR = "(?P<y>[0-9]{4})"
_OF_YEAR = f"(?:(?:, ?| )(?:nam )?| ?[/-] ?){_YEAR}"

_POINTS = [
    re.compile(pattern)
    for pattern in (
        rf"{_YEAR}(?P<s>[-/.]){_NUMBER}(?P=s){_DAY}",
        rf"(?:ngay )?{_DAY}(?P<s>[-/.]){_NUMBER}(?P=s){_YEAR}",
        rf"{_NTH}(?: of)?[ -]{_EN}(?:,? |-){_YEAR}",
        rf"{_EN} {_NTH},? {_YEAR}",
        rf"(?:ngay )?{_DAY} {_VI}{_OF_YEAR}",
        rf"{_YEAR}[-/]{_NUMBER}",
        rf"(?:thang )?{_NUMBER}[-/.]{_YEAR}",
        rf"{_EN},? {_YEAR}",
        rf"{_VI}{_OF_YEAR}",
        rf"(?:nam )?{_YEAR}",
    )
]
# The first half of a range, where the second half says the rest.
_HALVES = [
    re.compile(pattern)
    for pattern in (
        rf"(?:ngay )?{_NTH}",
        rf"(?:ngay )?{_DAY}[/.]{_NUMBER}",
        rf"{_NTH}(?: of)? {_EN}",
        rf"{_EN} {_NTH}",
        rf"(?:ngay )?{_DAY} {_VI}",
        _EN,
        _VI,
    )
]
_MONTH_FIRST = re.compile(rf"{_EN} (?P<d>[0-9]{{1,2}}) ?- ?(?P<d2>[0-9]{{1,2}}),? {_YEAR}")
_WEEKDAY = re.compile(rf"(?P<weekday>{_any_of(_WEEKDAY_NAMES)})\.?,? (?P<rest>.+)")
_TIME = re.compile(
    r"(?P<h>[0-9]{1,2})"
    r"(?::(?P<min>[0-9]{2})(?::(?P<sec>[0-9]{2})(?P<us>\.[0-9]{1,6})?)?|h(?P<hmin>[0-9]{2})?|(?= ?[ap]m))"
    r"(?: ?(?P<half>[ap]m))?(?: ?(?P<zone>z|(?:utc)?[+-][0-9]{2}:?[0-9]{2}|utc))?"
)
_TIME_AFTER = re.compile(r"(?P<day>.*?[0-9a-z])(?P<by>t|,? (?:at |luc )?)(?P<time>[0-9]{1,2}(?:[:h]| ?[ap]m).*)")
_TIME_BEFORE = re.compile(r"(?P<time>[0-9]{1,2}(?::[0-9]{2}|h[0-9]{0,2})),?(?: ngay)? (?P<day>.+)")
_STEP = re.compile(r"(?P<sign>[+-])(?P<n>[0-9]{1,5})(?P<unit>[dwmyh])")
_LENGTH = re.compile(r"(?P<start>.+?) ?\+(?P<n>[0-9]{1,5})(?P<unit>[dwmyh])")
_BETWEEN = re.compile(r" ?\.\. ?| ?(?<!utc)- ?| to | den (?:het )?")


def read(text: str, today: date) -> Span:
    """What `text` says, in Vietnamese or English, given today's date.

    Every reading that the grammar allows is tried; there must be exactly one. Raises DateError, which says why.
    """
    if len(text) > LONGEST:
        raise unreadable(text, n_("{n} character is no date", "{n} characters are no date", len(text)))
    if "T" in text:  # ISO 8601 is certain, also where a range could be read into it (T08:30-05:00)
        with suppress(DateError):
            return Span(from_iso(text.strip()))
    source = _normal(text)
    found: list[Span] = []
    reasons: list[str] = []
    for attempt in _readings(source, today):
        try:
            span = attempt()
        except (DateError, ValueError, OverflowError) as error:
            reasons.append(error.message if isinstance(error, DateError) else _reason(error))
            continue
        if span is not None and span not in found:
            found.append(span)
    if len(found) == 1:
        return found[0]
    if found:
        raise unreadable(text, _("it may mean {spans}", spans=_(" or ").join(map(str, found))))
    raise unreadable(text, next(filter(None, reasons), ""))


def read_point(text: str, today: date) -> Point:
    """Like `read`, for a single day, time, month or year."""
    span = read(text, today)
    if span.end is not None:
        raise unreadable(text, _("that is a range, and one date is wanted here"))
    return span.start


def _reason(error: Exception) -> str:
    if "range" in str(error) or isinstance(error, OverflowError):
        return _("no such day")
    return third_party.told(str(error))


def _normal(text: str) -> str:
    """Lower case without accents, every dash a hyphen, single blanks."""
    return " ".join(re.sub("[\u2010-\u2015\u2212]", "-", unmarked(_in_english(text))).split())


def _in_english(text: str) -> str:
    """The text with Vietnamese words for days near today in English: with their marks, `tháng sau` is not `tháng sáu`.

    Typed without any marks they are read as well, but for `thang sau`, which may be either.
    """
    text = " ".join(normalize("NFC", text).lower().split())
    if unmarked(text) == text:
        return _UNMARKED.sub(lambda found: _UNMARKED_NAMES[found.group()], text)
    return _MARKED.sub(lambda found: _VIETNAMESE[found.group()], text)


def _readings(source: str, today: date) -> Iterator[Callable[[], Span | None]]:
    """The ways to read `source`, each a function that returns a span, or None where that way does not fit at all."""
    yield lambda: _named_span(source, today)
    yield lambda: _single(source, today)
    yield lambda: _length(source, today)
    yield lambda: _month_first(source)
    body = re.sub("^(?:from|tu) ", "", source)
    for cut in _BETWEEN.finditer(body):
        left, right = body[: cut.start()], body[cut.end() :]
        yield lambda left=left, right=right: _range(left, right, today)  # type: ignore[misc]


def _single(source: str, today: date) -> Span | None:
    point = _point(source, today)
    return None if point is None else Span(point)


def _range(left: str, right: str, today: date) -> Span | None:
    start = _point(left, today)
    if isinstance(start, datetime) and (clock := _clock_time(right)) is not None:
        return Span(start, datetime.combine(start.date(), clock.replace(tzinfo=clock.tzinfo or start.tzinfo)))
    end = _point(right, today)
    if end is None:
        return None
    if start is not None and _STEP.fullmatch(right) and _named_point(left, today) is None:
        raise DateError(_("{step} counts from today, and the range begins on another day", step=right))
    if start is None:
        start = _half(left, end)
    return None if start is None else Span(start, end)


def _point(source: str, today: date) -> Point | None:
    """The point that the whole of `source` names, or None. Raises ValueError for a day that does not exist."""
    named = _named_point(source, today)
    if named is not None:
        return named
    if found := _WEEKDAY.fullmatch(source):
        day = _on_weekday(found, _point(found["rest"], today))
        if day is not None:
            return day
    for pattern in _POINTS:
        if found := pattern.fullmatch(source):
            return _build(found)
    return _timed(source, today)


def _on_weekday(found: re.Match[str], point: Point | None) -> date | None:
    """A day whose weekday is given as well, and must be right."""
    if not isinstance(point, date):
        return None
    if point.weekday() != _WEEKDAY_NAMES[found["weekday"]]:
        raise DateError(_("{day} is a {weekday}", day=iso(point), weekday=weekday_name(point.weekday(), spoken())))
    return point


def _build(found: re.Match[str]) -> Point:
    parts = found.groupdict()
    year, month, day = int(parts["y"]), _month_of(parts), parts.get("d")
    if month is None:
        return Year(year)
    if not 1 <= month <= 12:
        if day is not None and found.start("d") < found.start("m") and 1 <= int(day) <= 12:  # as Americans write it
            right = f"{month:02}/{int(day):02}/{year}"
            raise DateError(_("there is no month {month}; the day comes first: {date}", month=month, date=right))
        raise DateError(_("there is no month {month}", month=month))
    if day is None:
        return Month(year, month)
    length = last_of(Month(year, month))
    if not 1 <= int(day) <= length:
        heading = month_heading(Month(year, month), spoken(), "")
        raise DateError(n_("{month} has {n} day", "{month} has {n} days", length, month=heading))
    return date(year, month, int(day))


def _month_of(parts: dict[str, str | None]) -> int | None:
    if parts.get("m"):
        return int(str(parts["m"]))
    if parts.get("en"):
        return _EN_MONTHS[str(parts["en"])]
    if parts.get("vi"):
        name = str(parts["vi"])
        return int(name) if name.isdigit() else _VI_MONTHS[name]
    return None


def _half(left: str, end: Point) -> Point | None:
    """`25` before `29 February 2020`, `30 Sep` before `2 Oct 2020`, `Feb` before `Apr 2020`: the end says the rest."""
    if weekday := _WEEKDAY.fullmatch(left):
        return _on_weekday(weekday, _half(weekday["rest"], end))
    for pattern in _HALVES:
        if found := pattern.fullmatch(left):
            parts = found.groupdict()
            month, day = _month_of(parts), parts.get("d")
            if day is None and month is not None and isinstance(end, Month):
                return Month(end.year, month)
            if day is not None and isinstance(end, date) and not isinstance(end, datetime):
                return date(end.year, month or end.month, int(day))
    return None


def _month_first(source: str) -> Span | None:
    """`February 25 - 29, 2020`."""
    found = _MONTH_FIRST.fullmatch(source)
    if not found:
        return None
    year, month = int(found["y"]), _EN_MONTHS[found["en"]]
    return Span(date(year, month, int(found["d"])), date(year, month, int(found["d2"])))


def _timed(source: str, today: date) -> datetime | None:
    """A day with a time after it (`2020-02-20 08:30`) or before it (`8h30 ngày 20/02/2020`)."""
    if found := _TIME_AFTER.fullmatch(source):
        # After a blank, "08:30-10:30" is a range of times; "T08:30-05:00" has an offset, as ISO 8601 writes it.
        clock = (
            None if found["by"] != "t" and re.search("(?<!utc)-[0-9:]+$", found["time"]) else _clock_time(found["time"])
        )
        day = _point(found["day"], today) if clock else None
        if clock and isinstance(day, date) and not isinstance(day, datetime):
            return datetime.combine(day, clock)
    if found := _TIME_BEFORE.fullmatch(source):
        clock, day = _clock_time(found["time"]), _point(found["day"], today)
        if clock and isinstance(day, date) and not isinstance(day, datetime):
            return datetime.combine(day, clock)
    return None


def _clock_time(source: str) -> time | None:
    found = _TIME.fullmatch(source)
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
    return time(hour, minute, second, int((found["us"] or ".0")[1:].ljust(6, "0")), tzinfo=_zone(found["zone"]))


def _zone(source: str | None) -> timezone | None:
    if source is None:
        return None
    source = source.removeprefix("utc")
    if source in ("z", ""):
        return UTC
    offset = timedelta(hours=int(source[1:3]), minutes=int(source[-2:]))
    return timezone(-offset if source[0] == "-" else offset)


def _length(source: str, today: date) -> Span | None:
    """`2020-02-25 +5d`: five days, both ends counted. After a time, `+2h` ends two hours later."""
    found = _LENGTH.fullmatch(source)
    start = _point(found["start"], today) if found else None
    if not found or not isinstance(start, date) or int(found["n"]) == 0:
        return None
    if isinstance(start, datetime):
        return Span(start, start + timedelta(hours=int(found["n"]))) if found["unit"] == "h" else None
    return (
        None if found["unit"] == "h" else Span(start, _step(start, int(found["n"]), found["unit"]) - timedelta(days=1))
    )


def _step(day: date, n: int, unit: str) -> date:
    from dateutil.relativedelta import relativedelta  # 5 ms at start-up, needed for steps alone

    steps = {"d": relativedelta(days=n), "w": relativedelta(weeks=n), "m": relativedelta(months=n)}
    result = day + steps.get(unit, relativedelta(years=n))
    assert isinstance(result, date)
    return result


def _named_point(source: str, today: date) -> Point | None:
    """`today`, `ngày mai`, `monday`, `next month`, `+30d`."""
    if found := _STEP.fullmatch(source):
        if found["unit"] == "h":
            return None
        return _step(today, int(found["n"]) * (1 if found["sign"] == "+" else -1), found["unit"])
    if source in _WEEKDAY_NAMES:  # the coming one; today, when it is today
        return today + timedelta(days=(_WEEKDAY_NAMES[source] - today.weekday()) % 7)
    if (offset := _DAY_NAMES.get(source)) is not None:
        return today + timedelta(days=offset)
    if (offset := _MONTH_NAMES.get(source)) is not None:
        months = today.year * 12 + today.month - 1 + offset
        return Month(months // 12, months % 12 + 1)
    if (offset := _YEAR_NAMES.get(source)) is not None:
        return Year(today.year + offset)
    if re.fullmatch(f"next (?:{_any_of(_WEEKDAY_NAMES)})", source):
        raise DateError(_("people read that in two ways"))
    return None


_VIETNAMESE = {
    "hôm nay": "today", "ngày mai": "tomorrow", "hôm qua": "yesterday", "ngày kia": "in two days",
    "hôm kia": "two days ago",
    **{
        f"{unit} {when}": f"{english} {name}"
        for unit, name in (("tuần", "week"), ("tháng", "month"), ("năm", "year"))
        for when, english in (("này", "this"), ("sau", "next"), ("tới", "next"), ("trước", "last"))
    },
    "năm nay": "this year", "sang năm": "next year", "năm ngoái": "last year",
}  # fmt: skip
_UNMARKED_NAMES = {unmarked(name): english for name, english in _VIETNAMESE.items() if name != "tháng sau"}
_MARKED = re.compile(rf"(?<!\w)(?:{_any_of(_VIETNAMESE)})(?!\w)")
_UNMARKED = re.compile(rf"(?<!\w)(?:{_any_of(_UNMARKED_NAMES)})(?!\w)")
_DAY_NAMES = {"today": 0, "tomorrow": 1, "in two days": 2, "yesterday": -1, "two days ago": -2}
_MONTH_NAMES = {"this month": 0, "next month": 1, "last month": -1}
_YEAR_NAMES = {"this year": 0, "next year": 1, "last year": -1}
_WEEK_NAMES = {"this week": 0, "next week": 1, "last week": -1}


def _named_span(source: str, today: date) -> Span | None:
    """`next week`: Monday to Sunday."""
    weeks = _WEEK_NAMES.get(source)
    if weeks is None:
        return None
    monday = today + timedelta(weeks=weeks, days=-today.weekday())
    return Span(monday, monday + timedelta(days=6))
