"""Recurrence rules as people say them ("every 2 weeks"), read into an RRULE of RFC 5545."""

from __future__ import annotations

import re
from datetime import date

from ilocal.errors import DateError, UsageError
from ilocal.i18n.messages import N_, _, n_
from ilocal.model.date_names import WEEKDAYS as DAY_NAMES
from ilocal.model.dates import Point, days, iso
from ilocal.model.recurrence import WEEKDAYS, check, parse
from ilocal.model.safe_text import safe
from ilocal.model.text_folding import slug

EXAMPLES = N_(
    'write yearly, "every 2 weeks", "every monday", "hằng tháng", "yearly until 2030" or FREQ=MONTHLY;BYDAY=1MO'
)

_LONGEST = 1000  # characters of a rule, however it is written
_UNITS = {
    "DAILY": ("day", "days", "daily", "ngay"),
    "WEEKLY": ("week", "weeks", "weekly", "tuan"),
    "MONTHLY": ("month", "months", "monthly", "thang"),
    "YEARLY": ("year", "years", "yearly", "annually", "nam"),
}
_UNIT = {word: frequency for frequency, words in _UNITS.items() for word in words}
_PHRASES = {
    "biweekly": "FREQ=WEEKLY;INTERVAL=2", "fortnightly": "FREQ=WEEKLY;INTERVAL=2",
    "quarterly": "FREQ=MONTHLY;INTERVAL=3", "every quarter": "FREQ=MONTHLY;INTERVAL=3",
    "hang quy": "FREQ=MONTHLY;INTERVAL=3", "moi quy": "FREQ=MONTHLY;INTERVAL=3",
    "every weekday": "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
}  # fmt: skip


def _plain(text: str) -> str:
    """The words of a text, without marks, each y as it is written."""
    return " ".join(slug(text))


_DAYS = {_plain(name): code for names in DAY_NAMES.values() for name, code in zip(names, WEEKDAYS, strict=True)}
_DAYS |= {name[:3].lower(): code for name, code in zip(DAY_NAMES["en"], WEEKDAYS, strict=True)}
_DAYS |= {f"thu {number}": code for number, code in zip(range(2, 8), WEEKDAYS, strict=False)}
_EVERY = "(?:every|each|hang|moi)"
_INTERVALS = (
    rf"{_EVERY} (?P<unit>[a-z]+)",
    rf"{_EVERY} (?:(?P<number>[0-9]{{1,4}})|other|second) (?P<unit>[a-z]+)",
    "(?P<number>[0-9]{1,4}) (?P<unit>[a-z]+) (?:mot|1) lan",
)
_END = re.compile(r"(.+?)\s+(?:until|till|đến hết|đến|den)\s+(\S.*)", re.IGNORECASE | re.DOTALL)
_TIMES = re.compile(r"(.+?)[\s,]+([0-9]{1,6})\s+(?:times|lần|lan)", re.IGNORECASE | re.DOTALL)


def read(text: str, start: Point | None, today: date) -> str:
    """The rule that a person wrote, for an event that begins at `start`. Raises UsageError or DateError."""
    if start is None:
        raise UsageError(_("what recurs needs a start"), hint=_("give the event a date first"))
    rule = _rule(text.strip(), today)
    check(rule, start)
    until = parse(rule).until
    if until is not None and days(until).last < days(start).first:
        last = days(until).last
        raise DateError(_("until {day} is before the start ({start})", day=last, start=iso(start)))
    return rule


def _rule(text: str, today: date) -> str:
    if len(text) > _LONGEST:
        said = n_("{n} character is no rule of recurrence", "{n} characters are no rule of recurrence", len(text))
        raise UsageError(said, hint=_(EXAMPLES))
    typed = text.upper().removeprefix("RRULE:")
    if typed.startswith("FREQ=") or re.match("[A-Z]+=", typed):
        parse(typed)
        return typed
    if found := _TIMES.fullmatch(text):
        return f"{_simple(found.group(1), text)};COUNT={found.group(2)}"
    if found := _END.fullmatch(text):
        from ilocal.model.date_parser import read_point

        last = days(read_point(found.group(2), today)).last
        return f"{_simple(found.group(1), text)};UNTIL={last:%Y%m%d}"
    return _simple(text, text)


def _simple(text: str, whole: str) -> str:
    said = _plain(text)
    if said in _PHRASES:
        return _PHRASES[said]
    if said in _UNIT and said.endswith("ly"):
        return f"FREQ={_UNIT[said]}"
    for pattern in _INTERVALS:
        if (found := re.fullmatch(pattern, said)) and found.group("unit") in _UNIT:
            number = found.groupdict().get("number") or ("2" if "number" in found.groupdict() else "1")
            return f"FREQ={_UNIT[found.group('unit')]};INTERVAL={int(number)}".removesuffix(";INTERVAL=1")
    if found := re.fullmatch(rf"{_EVERY} (.+)|(.+) (?:hang|moi) tuan", said):
        names = _weekdays((found.group(1) or found.group(2)).removesuffix(" hang tuan"))
        if names:
            return "FREQ=WEEKLY;BYDAY=" + ",".join(sorted(names, key=WEEKDAYS.index))
    raise UsageError(_('cannot read "{text}" as a rule of recurrence', text=safe(whole)), hint=_(EXAMPLES))


def _weekdays(said: str) -> list[str]:
    """The days of the week in `monday and friday`, `thứ hai, thứ sáu`, folded; none where anything else is said."""
    names = "|".join(sorted(_DAYS, key=len, reverse=True))
    if not re.fullmatch(rf"(?:{names})(?: (?:(?:and|va) )?(?:{names}))*", said):
        return []
    return list(dict.fromkeys(_DAYS[name] for name in re.findall(names, said)))
