"""Diagnosis of dates that cannot be read: the part that is missing, vague or unknown, and a proposal."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from itertools import islice
from unicodedata import normalize

from ilocal.errors import DateError
from ilocal.i18n.messages import N_, _
from ilocal.model.clock_times import DAY_PART
from ilocal.model.date_forms import EN_MONTH_NAME, VI_MONTH_NAME, get_month_number
from ilocal.model.dates import Month, PartialDate, Period, days_in_month, format_iso_date
from ilocal.model.safe_text import make_text_safe
from ilocal.model.text_folding import strip_accents

NO_YEAR_MESSAGE, _SHORT_YEAR, _NO_DAY, _NO_MONTH = (
    N_("the year is missing: {date}?"), N_("the year must have four digits: {date}?"),
    N_("the day is missing: {date}?"), N_("the month and the year are missing: {date}?"),
)  # fmt: skip
# Words around a date that its precision cannot express, with the messages about them.
_VAGUE_WORDS = re.compile(
    r"(?<![a-z])(?:dau|giua|cuoi|thuong tuan|trung tuan|ha tuan|early|mid|late|(?:the )?(?:beginning|middle|end) of)"
    "(?: |(?<=mid)-)"
)
_DAY_PARTS = re.compile(
    rf"(?<![a-z])(?:(?:in the |buoi )?{DAY_PART})(?:(?:,| va| and| ?-)? (?:buoi )?{DAY_PART})*(?![a-z])"
)
_UNKEPT_WORDS = (
    (_VAGUE_WORDS, N_('a date is a day, a month or a year, without "{words}": {date}?')),
    (_DAY_PARTS, N_('the hour of "{words}" is missing; for the whole day: {date}?')),
)
_MAX_UNREAD_WORDS = 4  # words before and behind a date that are named
_NEAREST_YEARS = 3  # the nearest date within so many years is proposed; a later one only if none of them has such a day
_LAST_YEAR_OFFSET = 8  # years: February has 29 days at least so often
# The end of the part to which a year can be added.
_YEARLESS = re.compile(
    rf"(?<![0-9/.])[0-9]{{1,2}}(?P<s>[/.-])[0-9]{{1,2}}(?![0-9/.:]|-[0-9])"
    rf"|{VI_MONTH_NAME}(?![0-9/])|{EN_MONTH_NAME} [0-9]{{1,2}}(?![0-9:/])"
    r"|(?<![a-z])" + EN_MONTH_NAME.replace("?P<en>", "?:") + r"(?![a-z]| ?[0-9])|(?:quy|q) ?(?:[1-4]|iv|i{1,3})$"
)
_DAY_ALONE = re.compile("(?:vao |on )?(?:ngay |the )?(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?")
_SHORT = re.compile(
    rf"(?<![0-9/.-])(?P<day>[0-9]{{1,2}}(?P<s>[/.-])(?:[0-9]{{1,2}}|{EN_MONTH_NAME})(?P=s))(?P<year>[0-9]{{2}})(?![0-9/.-])"
)
# As Excel shows a day or a month in its short formats: Mar-27, Thg3-27.
_MONTH_AND_NUMBER = re.compile(rf"(?:{EN_MONTH_NAME}|{VI_MONTH_NAME}|t(?P<m>[1-9]|1[0-2]))-(?P<number>[0-9]{{2}})")


Collect = Callable[[str], tuple[list[Period], list[str]]]  # the readings of a text, and why others fail


def describe_missing_part(text: str, source: str, today: date, collect: Collect) -> str:
    """Return why `text` is not a date, with the nearest reading; "" if unknown.

    Arguments:
        text: the text as it was typed.
        source: the text as `date_parser` prepares it.
        today: the present day; the proposal is the nearest to it.
        collect: returns the readings of such a text, and why others fail.
    """
    if re.search(r"\bam lich\b|\b[0-9] al\b", source):
        return _("lunar calendar dates are not supported")
    if found_month := _MONTH_AND_NUMBER.fullmatch(source):
        return _describe_month_and_number(found_month, today)
    for words, message in _UNKEPT_WORDS:
        if found := [*words.finditer(source)]:
            rest = " ".join(words.sub(" ", source).split()).strip(" ,")
            nearest, _reason = _find_nearest_reading(rest, today, collect)
            if nearest is not None and not isinstance(nearest.start, datetime):
                typed = ", ".join(_quote_typed_words(text, one.group().strip(" -")) for one in found)
                return _(message, words=typed, date=format_typed_period(nearest))
    message = _list_completions_of_date(source, today)[1]
    nearest, reason = _find_nearest_reading(source, today, collect)
    return reason if nearest is None else _(message, date=format_typed_period(nearest))


def _find_nearest_reading(source: str, today: date, collect: Collect) -> tuple[Period | None, str]:
    """Return what `source` means, completed to the nearest date if it is incomplete; else None and why it fails."""
    spans, why = collect(source)
    if len(spans) == 1:
        return spans[0], ""
    candidates = iter(_list_completions_of_date(source, today)[0])
    why = []
    while some := [*islice(candidates, _NEAREST_YEARS)]:
        readings = [collect(whole) for whole in some]
        if found := [spans[0] for spans, _reasons in readings if len(spans) == 1]:
            return min(found, key=lambda span: _count_days_between(span, today)), ""
        why = why or [reason for _spans, reasons in readings for reason in reasons if reason]
    return None, next(iter(why), "")


def _quote_typed_words(text: str, source: str) -> str:
    """Return the words of a typed text that `source` is without case and accents."""
    typed = normalize("NFC", text)
    folded = strip_accents(typed).lower()
    at = folded.find(source) if len(folded) == len(typed) else -1
    return make_text_safe(source if at < 0 else typed[at : at + len(source)])


def describe_unread_words(text: str, read: Callable[[str], Period]) -> str:
    """Return a hint that names the words before and behind a date in `text`, and the date; "" if there is none.

    `read` returns the period of a text, or raises DateError.
    """
    words = text.split()
    for count in range(1, min(_MAX_UNREAD_WORDS, len(words) - 1) + 1):
        for before in range(count + 1):
            end = len(words) - count + before
            try:
                span = read(" ".join(words[before:end]))
            except DateError:
                continue
            unread = ", ".join(f'"{make_text_safe(" ".join(some))}"' for some in (words[:before], words[end:]) if some)
            return _("not understood: {words}; without that: {date}", words=unread, date=format_typed_period(span))
    return ""


def propose_earlier_start(start: PartialDate, end: PartialDate) -> Period | None:
    """Return the range across the end of a year that is meant if a start without a year is in a later month."""
    if not isinstance(start, date) or not isinstance(end, date) or start.month <= end.month or start.year != end.year:
        return None
    if type(start) is not type(end) or start.year == 1 or (start.month, start.day) == (2, 29):
        return None
    return Period(start.replace(year=start.year - 1), end)


def has_month_and_number(source: str) -> bool:
    """Return whether a prepared text is a month with two digits, as Excel shows days and months: `mar-27`."""
    return _MONTH_AND_NUMBER.fullmatch(source) is not None


def _describe_month_and_number(found: re.Match[str], today: date) -> str:
    """Return what a month with two digits may be: a day of it, or the month of a year."""
    month, number = get_month_number(found.groupdict()) or 1, int(found["number"])
    whole_month = f"{month:02}/{today.year // 100:02}{number:02}"
    years = [today.year + offset for offset in (0, 1, -1) if 1 <= today.year + offset <= 9999]
    days = [date(year, month, number) for year in years if 1 <= number <= days_in_month(Month(year, month))]
    if not days:
        return _(_SHORT_YEAR, date=whole_month)
    nearest = min(days, key=lambda day: abs(day - today))
    day = f"{nearest:%d/%m}/{nearest.year:04}"
    return _("it may be a day or a month of a year: {day} or {month}?", day=day, month=whole_month)


def _count_days_between(span: Period, today: date) -> int:
    """Return how many days a period is away; 0 where today is one of its days."""
    first, last = span.date_range
    return max((first - today).days, (today - last).days, 0)


def _list_completions_of_date(source: str, today: date) -> tuple[Iterable[str], str]:
    """Return complete forms of `source`, and a message about the missing part with a placeholder for the `date`."""
    if re.search("[0-9]{4}", source):
        return (), ""
    if short := _SHORT.search(source):
        century = f"{today.year // 100:02}"
        return [source[: short.start("year")] + century + source[short.start("year") :]], _SHORT_YEAR
    if places := [*_YEARLESS.finditer(source)]:
        return _complete_year(source, places, today), NO_YEAR_MESSAGE
    if (alone := _DAY_ALONE.fullmatch(source)) and 1 <= int(alone["day"]) <= 31:
        return _complete_month(int(alone["day"]), today), _NO_MONTH
    if alone is None and re.match("(?:tu |from )?[0-9]", source):
        return [f"{source} {today:%d}/{today:%m}/{today.year:04}"], _NO_DAY
    return (), ""


def _complete_year(source: str, places: list[re.Match[str]], today: date) -> Iterator[str]:
    """Yield a text with a year behind its last day or month, then the same across the end of a year."""
    at = places[-1].end()
    near = [year for year in (today.year, today.year + 1, today.year - 1) if 1 <= year < 9999]
    for year in near:
        yield _insert_year(source, at, places[-1], year)
    for year in near if len(places) > 1 else ():
        later = _insert_year(source, at, places[-1], year + 1)
        yield _insert_year(later, places[-2].end(), places[-2], year)
    for offset in range(2, _LAST_YEAR_OFFSET + 1):
        if today.year + offset <= 9999:
            yield _insert_year(source, at, places[-1], today.year + offset)


def _insert_year(source: str, at: int, place: re.Match[str], year: int) -> str:
    return f"{source[:at]}{place['s'] or ' '}{year:04}{source[at:]}"


def _complete_month(day: int, today: date) -> Iterator[str]:
    """Yield the day in this month, the next and the last."""
    for offset in (0, 1, -1):
        months = today.year * 12 + today.month - 1 + offset
        if 12 <= months < 120_000:
            yield f"{day}/{months % 12 + 1}/{months // 12:04}"


def format_typed_period(span: Period) -> str:
    """Return a span as a person would write it, in a way that can be read."""
    start, end = span.start, span.end
    if isinstance(start, datetime) and isinstance(end, datetime) and start.date() == end.date() and not end.tzinfo:
        return f"{_format_typed_date(start)} - {end:%H:%M}"
    return _format_typed_date(start) if end is None else f"{_format_typed_date(start)} - {_format_typed_date(end)}"


def _format_typed_date(point: PartialDate) -> str:
    if isinstance(point, datetime):
        return f"{_format_typed_date(point.date())} {point:%H:%M}" if point.tzinfo is None else format_iso_date(point)
    if isinstance(point, date):
        return f"{point:%d/%m}/{point.year:04}"
    return f"{point.month:02}/{point.year:04}" if isinstance(point, Month) else str(point)
