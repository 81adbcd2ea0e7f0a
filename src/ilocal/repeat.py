"""Rules of recurrence as people say them: read (`every 2 weeks until 2021-06-30`, `hằng năm`), and told again."""

from __future__ import annotations

import re
from datetime import date

from ilocal.dates import WEEKDAYS as DAY_NAMES
from ilocal.dates import Point, days, iso
from ilocal.errors import DateError, UsageError
from ilocal.recurrence import WEEKDAYS, Rule, check, parse
from ilocal.text import safe, slug

EXAMPLES = 'write yearly, "every 2 weeks", "every monday", "hằng tháng", "yearly until 2030" or FREQ=MONTHLY;BYDAY=1MO'

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
        raise UsageError("what recurs needs a start", hint="give the event a date first")
    rule = _rule(text.strip(), today)
    check(rule, start)
    until = parse(rule).until
    if until is not None and days(until).last < days(start).first:
        raise DateError(f"until {days(until).last} is before the start ({iso(start)})")
    return rule


def _rule(text: str, today: date) -> str:
    if len(text) > _LONGEST:
        raise UsageError(f"{len(text):,} characters are no rule of recurrence", hint=EXAMPLES)
    typed = text.upper().removeprefix("RRULE:")
    if typed.startswith("FREQ=") or re.match("[A-Z]+=", typed):
        parse(typed)
        return typed
    if found := _TIMES.fullmatch(text):
        return f"{_simple(found.group(1), text)};COUNT={found.group(2)}"
    if found := _END.fullmatch(text):
        from ilocal.grammar import read_point

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
    raise UsageError(f'cannot read "{safe(whole)}" as a rule of recurrence', hint=EXAMPLES)


def _weekdays(said: str) -> list[str]:
    """The days of the week in `monday and friday`, `thứ hai, thứ sáu`, folded; none where anything else is said."""
    names = "|".join(sorted(_DAYS, key=len, reverse=True))
    if not re.fullmatch(rf"(?:{names})(?: (?:(?:and|va) )?(?:{names}))*", said):
        return []
    return list(dict.fromkeys(_DAYS[name] for name in re.findall(names, said)))


# ---------------------------------------------------------------------------------------------------------------- tell

_TOLD = {
    "en": {
        "DAILY": ("every day", "every {n} days"), "WEEKLY": ("every week", "every {n} weeks"),
        "MONTHLY": ("every month", "every {n} months"), "YEARLY": ("every year", "every {n} years"),
        "HOURLY": ("every hour", "every {n} hours"), "on": " on {days}", "until": " until {day}",
        "times": ", {n} times",
    },
    "vi": {
        "DAILY": ("hằng ngày", "{n} ngày một lần"), "WEEKLY": ("hằng tuần", "{n} tuần một lần"),
        "MONTHLY": ("hằng tháng", "{n} tháng một lần"), "YEARLY": ("hằng năm", "{n} năm một lần"),
        "HOURLY": ("hằng giờ", "{n} giờ một lần"), "on": " vào {days}", "until": " đến {day}", "times": ", {n} lần",
    },
}  # fmt: skip


def told(text: str, lang: str) -> str:
    """A rule in words where they can say it, and else as it is written."""
    try:
        rule = parse(text)
    except DateError:
        return text
    words = _TOLD[lang]
    days = _plain_days(rule, lang)
    if rule.by and not days:
        return text
    said = str(words[rule.frequency][rule.interval > 1]).format(n=rule.interval)
    said += str(words["on"]).format(days=", ".join(days)) if days else ""
    if rule.until is not None:
        said += str(words["until"]).format(day=iso(rule.until).replace("-", "/").replace("T", " "))
    return said + (str(words["times"]).format(n=rule.count) if rule.count else "")


def _plain_days(rule: Rule, lang: str) -> list[str]:
    if set(rule.by) != {"BYDAY"} or rule.frequency != "WEEKLY":
        return []
    return [DAY_NAMES[lang][day] for day, _ in rule.by["BYDAY"]]
