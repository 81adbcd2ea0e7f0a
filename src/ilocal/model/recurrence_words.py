"""Recurrence rules in words, as lists and event pages show them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ilocal.errors import DateError
from ilocal.i18n.messages import N_, translate, translate_plural
from ilocal.model.date_names import get_weekday_name_of_date
from ilocal.model.dates import PartialDate, format_iso_date

if TYPE_CHECKING:
    from ilocal.model.event import Event
    from ilocal.model.rule_expansion import Rule

_EVERY_UNIT_MESSAGES = {
    "DAILY": N_("every day"), "WEEKLY": N_("every week"), "MONTHLY": N_("every month"), "YEARLY": N_("every year"),
    "HOURLY": N_("every hour"),
}  # fmt: skip
_NTH_WEEKDAY_MESSAGES = {
    1: N_("the first {weekday}"), 2: N_("the second {weekday}"), 3: N_("the third {weekday}"),
    4: N_("the fourth {weekday}"), 5: N_("the fifth {weekday}"), -1: N_("the last {weekday}"),
}  # fmt: skip


def describe_recurrence(text: str, lang: str, date_format: str = "ymd") -> str:
    """Return a rule in words, or as it is written if there are no words for it; `date_format` is of its last day."""
    from ilocal.model.recurrence import parse_rrule

    try:
        rule = parse_rrule(text)
    except DateError:
        return text
    said = _describe_days(rule, lang)
    if not said:
        return text
    if rule.until is not None:
        until = _format_last_day(rule.until, date_format)
        said = translate(N_("{rule} until {day}"), lang).format(rule=said, day=until)
    return (
        translate_plural("{rule}, {n} time", "{rule}, {n} times", rule.count, lang, rule=said) if rule.count else said
    )


def _format_last_day(point: PartialDate, date_format: str) -> str:
    day, _separator, clock = format_iso_date(point).partition("T")
    parts = day.split("-")
    shown = day if date_format == "iso" else "/".join(reversed(parts) if date_format == "dmy" else parts)
    return f"{shown} {clock}".rstrip()


def describe_series(event: Event, lang: str, date_format: str = "ymd") -> str:
    """Return how a series recurs, in words: its rule, or that it takes place on several days."""
    if not event.rrule:
        return translate(N_("on several days"), lang)
    return describe_recurrence(event.rrule, lang, date_format)


def _describe_interval(frequency: str, n: int, lang: str) -> str:
    if n == 1:
        return translate(_EVERY_UNIT_MESSAGES[frequency], lang)
    return {
        "DAILY": lambda: translate_plural("every {n} day", "every {n} days", n, lang),
        "WEEKLY": lambda: translate_plural("every {n} week", "every {n} weeks", n, lang),
        "MONTHLY": lambda: translate_plural("every {n} month", "every {n} months", n, lang),
        "YEARLY": lambda: translate_plural("every {n} year", "every {n} years", n, lang),
        "HOURLY": lambda: translate_plural("every {n} hour", "every {n} hours", n, lang),
    }[frequency]()


def _describe_days(rule: Rule, lang: str) -> str:
    """Return how often and on which days a rule applies, in words that parse to it again; "" if there are none."""
    parts = rule.frequency, *rule.by
    if len(parts) == 1:
        return _describe_interval(rule.frequency, rule.interval, lang)
    if parts == ("WEEKLY", "BYDAY"):
        names = ", ".join(get_weekday_name_of_date(day, lang) for day, _which in rule.by["BYDAY"])
        often = _describe_interval(rule.frequency, rule.interval, lang)
        return translate(N_("{rule} on {days}"), lang).format(rule=often, days=names)
    if rule.interval > 1 or parts not in (("MONTHLY", "BYDAY"), ("MONTHLY", "BYMONTHDAY")):
        return ""
    day = _describe_day_of_month(rule, lang)
    return translate(N_("{day} of every month"), lang).format(day=day) if day else ""


def _describe_day_of_month(rule: Rule, lang: str) -> str:
    """Return the one day of each month that a rule has, such as `the last Friday`; "" if there are several."""
    ((name, (found, *others)),) = rule.by.items()
    if others:
        return ""
    if name == "BYDAY":
        weekday, which = found
        if which not in _NTH_WEEKDAY_MESSAGES:
            return ""
        return translate(_NTH_WEEKDAY_MESSAGES[which], lang).format(weekday=get_weekday_name_of_date(weekday, lang))
    if found == -1:
        return translate(N_("the last day"), lang)
    return translate(N_("day {number}"), lang).format(number=found) if found > 0 else ""
