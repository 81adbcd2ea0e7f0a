"""Arguments that replace filters: dates, spans and words of `list` and `upcoming`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from ilocal.cli.session import Session
from ilocal.errors import DateError, UsageError
from ilocal.i18n.messages import _
from ilocal.model.dates import DateRange, Period
from ilocal.model.safe_text import make_text_safe
from ilocal.model.text_folding import strip_accents

_MAX_DATE_WORDS = 12  # shell words that may be one date together
_SPAN_UNITS = {
    "d": "d", "day": "d", "days": "d", "ngay": "d",
    "w": "w", "week": "w", "weeks": "w", "tuan": "w",
    "m": "m", "month": "m", "months": "m", "thang": "m",
    "y": "y", "year": "y", "years": "y", "nam": "y",
}  # fmt: skip
_SPAN_PATTERN = re.compile(r"(?P<n>[0-9]{1,5}) ?(?P<unit>[a-z]+)")


class FreeArguments(NamedTuple):
    """Arguments without an option, by their meaning."""

    date_texts: tuple[str, ...] = ()  # those that are dates, as they were typed
    periods: tuple[Period, ...] = ()
    words: tuple[str, ...] = ()  # to be searched


def split_free_arguments(session: Session, arguments: Sequence[str]) -> FreeArguments:
    """Return which arguments are dates or periods and which are words; several may be one date: `tháng 2/2020`.

    Raises DateError for an incomplete or ambiguous date, such as `20/2`.
    """
    texts: list[str] = []
    periods: list[Period] = []
    words: list[str] = []
    at = 0
    while at < len(arguments):
        length, period = _find_longest_date_argument(session, arguments[at : at + _MAX_DATE_WORDS])
        if period is None:
            words.append(arguments[at])
        else:
            texts.append(" ".join(arguments[at : at + length]))
            periods.append(period)
        at += length
    return FreeArguments(tuple(texts), tuple(periods), tuple(words))


def _find_longest_date_argument(session: Session, arguments: Sequence[str]) -> tuple[int, Period | None]:
    """Return how many of the first arguments are a date together, and which; else 1 and None. Raises DateError."""
    for length in range(len(arguments), 0, -1):
        text = " ".join(arguments[:length])
        try:
            return length, session.parse_certain_period(text)
        except DateError as error:
            if error.reason and _looks_like_date_argument(text):
                hint = error.hint or _(
                    "to search for these words, run: ilocal search {text}", text=make_text_safe(text)
                )
                raise DateError(error.message, hint=hint) from None
    return 1, None


def _looks_like_date_argument(text: str) -> bool:
    """Return whether an incomplete date is meant as one: `20/2`, `next friday`, not `10` or `may`."""
    return " " in text or (any(map(str.isdecimal, text)) and not text.isdecimal())


def is_span_argument(text: str) -> bool:
    """Return whether a text is a number of days, weeks, months or years: `7d`, `2 tuần`."""
    return _match_span(text) is not None


def _match_span(text: str) -> re.Match[str] | None:
    found = _SPAN_PATTERN.fullmatch(strip_accents(text.strip().removeprefix("+").lower()))
    return found if found is not None and found["unit"] in _SPAN_UNITS else None


def parse_span_argument(session: Session, arguments: Sequence[str]) -> DateRange:
    """Return the days that the argument of `upcoming` means: so many days from today (`7d`, `2 tuần`), or a period.

    Raises UsageError.
    """
    text = " ".join(arguments)
    if (found := _match_span(text)) is not None:
        return make_span_from_today(session.today, int(found["n"]), _SPAN_UNITS[found["unit"]])
    if re.fullmatch("[0-9]{1,3}", text):
        hint = _("write {n}d for {n} days, {n}w for {n} weeks, {n}m for {n} months", n=int(text))
        raise UsageError(_('"{text}" is not a time span', text=text), hint=hint)
    try:
        return session.parse_period(text).date_range
    except DateError as error:
        if error.reason:
            raise
        raise UsageError(
            _('"{text}" is not a time span', text=make_text_safe(text)),
            hint=_('write 7d, 2w, 1m or "next week"; to find events with these words, run: ilocal list WORDS'),
        ) from None


def make_span_from_today(today: date, n: int, unit: str) -> DateRange:
    """Return `n` days, weeks, months or years (d, w, m, y), of which today is the first. Raises UsageError for 0."""
    from ilocal.model.relative_dates import add_time_units

    if n < 1:
        raise UsageError(_("a time span must have at least one day"))
    try:
        last = add_time_units(today, n, unit) - timedelta(days=1)
    except (OverflowError, ValueError):  # beyond the year 9999
        last = date.max
    return DateRange(today, last)
