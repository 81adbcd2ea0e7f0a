"""What a date lacks that cannot be read, and how it would be written whole."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from ilocal.i18n.messages import N_
from ilocal.model.date_forms import EN_MONTH_NAME, VI_MONTH_NAME
from ilocal.model.dates import Month, PartialDate, Period, format_iso_date

_NO_YEAR, _SHORT_YEAR, _NO_DAY = (
    N_("the year is missing: {date}?"), N_("the year has four digits: {date}?"), N_("the day is missing: {date}?")
)  # fmt: skip
# The end of what a year belongs to.
_YEARLESS = re.compile(
    rf"(?<![0-9/.])[0-9]{{1,2}}(?P<s>[/.-])[0-9]{{1,2}}(?![0-9/.:]|-[0-9])"
    rf"|{VI_MONTH_NAME}(?![0-9/])|{EN_MONTH_NAME} [0-9]{{1,2}}(?![0-9:/])"
    r"|(?<![a-z])" + EN_MONTH_NAME.replace("?P<en>", "?:") + r"(?![a-z]| ?[0-9])|(?:quy|q) ?(?:[1-4]|iv|i{1,3})$"
)
_SHORT = re.compile(r"(?<![0-9/.-])(?P<day>[0-9]{1,2}(?P<s>[/.-])[0-9]{1,2}(?P=s))(?P<year>[0-9]{2})(?![0-9/.-])")


def suggest_completions(source: str, today: date) -> Iterator[tuple[str, str]]:
    """Yield ways to write `source` whole, the nearest to today first, each with a message about what was missing.

    The message has a place for the `date`.
    """
    if re.search("[0-9]{4}", source):
        return
    if short := _SHORT.search(source):
        century = f"{today.year // 100:02}"
        yield source[: short.start("year")] + century + source[short.start("year") :], _SHORT_YEAR
        return
    places = [*_YEARLESS.finditer(source)]
    if places:
        at, sign = places[-1].end(), places[-1]["s"] or " "
        for year in _list_nearest_years(source[:at], today):
            yield f"{source[:at]}{sign}{year:04}{source[at:]}", _NO_YEAR
    elif re.match("(?:tu |from )?[0-9]", source):
        yield f"{source} {today:%d}/{today:%m}/{today.year:04}", _NO_DAY


def _list_nearest_years(source: str, today: date) -> list[int]:
    """Return this year, the next and the last, in the order of how near the date is in them."""
    years = [year for year in (today.year, today.year + 1, today.year - 1) if 1 <= year <= 9999]
    found = re.search(r"([0-9]{1,2})[/.-]([0-9]{1,2})$", source)
    if found is None:
        return years

    def distance(year: int) -> timedelta:
        try:
            return abs(date(year, int(found[2]), int(found[1])) - today)
        except ValueError:
            return timedelta.max

    return sorted(years, key=distance)


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
