"""Recurrence rules as people write them ("every 2 weeks"), parsed into an RRULE of RFC 5545."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

from ilocal.errors import DateError, UsageError
from ilocal.i18n.messages import N_, _, current_language, n_
from ilocal.model.date_names import WEEKDAY_NAMES as DAY_NAMES
from ilocal.model.date_names import get_weekday_name_of_date
from ilocal.model.dates import PartialDate, format_iso_date, to_date_range
from ilocal.model.recurrence import WEEKDAY_CODES, find_first_date_of_rule, parse_rrule, validate_rrule
from ilocal.model.safe_text import make_text_safe
from ilocal.model.text_folding import slugify_words

RECURRENCE_EXAMPLES = N_(
    'write yearly, "every 2 weeks", "every monday", "first monday of the month", "hằng tháng", "yearly until 2030" '
    "or FREQ=MONTHLY;BYDAY=1MO"
)

_MAX_PHRASE_LENGTH = 1000  # characters of a rule, however it is written
_UNIT_WORDS = {
    "HOURLY": ("hour", "hours", "hourly", "gio"),
    "DAILY": ("day", "days", "daily", "ngay"),
    "WEEKLY": ("week", "weeks", "weekly", "tuan"),
    "MONTHLY": ("month", "months", "monthly", "thang"),
    "YEARLY": ("year", "years", "yearly", "annually", "nam"),
}
_FREQUENCY_BY_WORD = {word: frequency for frequency, words in _UNIT_WORDS.items() for word in words}
_RRULE_BY_PHRASE = {
    "biweekly": "FREQ=WEEKLY;INTERVAL=2", "fortnightly": "FREQ=WEEKLY;INTERVAL=2",
    "quarterly": "FREQ=MONTHLY;INTERVAL=3", "every quarter": "FREQ=MONTHLY;INTERVAL=3",
    "hang quy": "FREQ=MONTHLY;INTERVAL=3", "moi quy": "FREQ=MONTHLY;INTERVAL=3",
    "every weekday": "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
}  # fmt: skip


def _fold_phrase(text: str) -> str:
    """Return the words of a text without accents, each y as it is written."""
    return " ".join(slugify_words(text))


_WEEKDAY_CODE_BY_NAME = {
    _fold_phrase(name): code for names in DAY_NAMES.values() for name, code in zip(names, WEEKDAY_CODES, strict=True)
}
_WEEKDAY_CODE_BY_NAME |= {name[:3].lower(): code for name, code in zip(DAY_NAMES["en"], WEEKDAY_CODES, strict=True)}
_WEEKDAY_CODE_BY_NAME |= {f"thu {number}": code for number, code in zip(range(2, 8), WEEKDAY_CODES, strict=False)}
_EVERY_WORD = "(?:every|each|hang|moi)"
_INTERVAL_PATTERNS = (
    rf"{_EVERY_WORD} (?P<unit>[a-z]+)",
    rf"{_EVERY_WORD} (?:(?P<number>[0-9]{{1,4}})|other|second) (?P<unit>[a-z]+)",
    "(?P<number>[0-9]{1,4}) (?P<unit>[a-z]+) (?:mot|1) lan",
)
_UNTIL_PHRASE = re.compile(r"(.+?)\s+(?:until|till|đến hết|đến|den)\s+(\S.*)", re.IGNORECASE | re.DOTALL)
_COUNT_PHRASE = re.compile(r"(.+?)[\s,]+([0-9]{1,6})\s+(?:times|lần|lan)", re.IGNORECASE | re.DOTALL)


class UnfitStartError(DateError):
    """A start that is not a date of its rule; `next_start` is the first date of the rule after it."""

    def __init__(self, start: PartialDate, rule: str, next_start: PartialDate) -> None:
        from ilocal.model.recurrence_words import describe_recurrence

        words = describe_recurrence(rule, current_language())
        super().__init__(
            _(
                '{start} is not a date of the rule "{rule}"; the next one is {day}',
                start=_describe_start(start), rule=words, day=_describe_start(next_start),
            )
        )  # fmt: skip
        self.next_start = next_start


def _describe_start(start: PartialDate) -> str:
    """Return a date as ISO text, with the weekday of a day."""
    text = format_iso_date(start)
    if not isinstance(start, date):
        return text
    return f"{text} ({get_weekday_name_of_date(start.weekday(), current_language())})"


def require_start_on_rule(start: PartialDate | None, rule: str) -> None:
    """Raise UnfitStartError if a series begins on a date that its rule does not give."""
    found = find_first_date_of_rule(start, rule) if start is not None and rule else None
    if start is not None and found is not None and found != start:
        raise UnfitStartError(start, rule, found)


def format_recurrence_phrase(rule: str, start: PartialDate | None, lang: str) -> str:
    """Return a rule in words that are read as this very rule for an event that begins at `start`, else the rule."""
    words = _find_exact_phrase(rule, lang)
    if not words or start is None:
        return rule
    try:
        _require_rule_of_start(rule, start)
    except UsageError:
        return rule
    return words


@lru_cache(maxsize=1 << 8)
def _find_exact_phrase(rule: str, lang: str) -> str:
    """Return a rule in words that are read as this very rule; "" if there are none."""
    from ilocal.model.recurrence_words import describe_recurrence

    words = describe_recurrence(rule, lang)
    try:
        return words if words != rule and _parse_rule_text(words, date.max) == rule else ""
    except UsageError:
        return ""


def is_rrule_text(text: str) -> bool:
    """Return whether a text is written as iCalendar writes rules, and not in words."""
    return re.match("(?:RRULE:)?[A-Z-]+=", text.strip(), re.IGNORECASE) is not None


def parse_recurrence(text: str, start: PartialDate | None, today: date) -> str:
    """Return the rule that a text means for an event that begins at `start`. Raises UsageError or DateError."""
    if start is None:
        raise UsageError(_("a recurring event must have a start"), hint=_("set the date of the event first"))
    rule = _parse_rule_text(text.strip(), today)
    _require_rule_of_start(rule, start)
    return rule


def _require_rule_of_start(rule: str, start: PartialDate) -> None:
    """Raise DateError unless a series with this rule can begin at `start`."""
    validate_rrule(rule, start)
    until = parse_rrule(rule).until
    if until is not None and to_date_range(until).last < to_date_range(start).first:
        last = to_date_range(until).last
        raise DateError(
            _("the end of the recurrence ({day}) is before the start ({start})", day=last, start=format_iso_date(start))
        )
    require_start_on_rule(start, rule)


def _parse_rule_text(text: str, today: date) -> str:
    if len(text) > _MAX_PHRASE_LENGTH:
        said = n_(
            "{n} character is not a recurrence rule", "{n} characters are too long for a recurrence rule", len(text)
        )
        raise UsageError(said, hint=_(RECURRENCE_EXAMPLES))
    typed = text.upper().removeprefix("RRULE:")
    if typed.startswith("FREQ=") or re.match("[A-Z]+=", typed):
        parse_rrule(typed)
        return typed
    if found := _COUNT_PHRASE.fullmatch(text):
        return f"{_parse_interval_phrase(found.group(1), text)};COUNT={found.group(2)}"
    if found := _UNTIL_PHRASE.fullmatch(text):
        from ilocal.model.date_parser import parse_date

        last = to_date_range(parse_date(found.group(2), today)).last
        return f"{_parse_interval_phrase(found.group(1), text)};UNTIL={last:%Y%m%d}"
    return _parse_interval_phrase(text, text)


def _parse_interval_phrase(text: str, whole: str) -> str:
    said = _fold_phrase(text)
    if said in _RRULE_BY_PHRASE:
        return _RRULE_BY_PHRASE[said]
    if said in _FREQUENCY_BY_WORD and said.endswith("ly"):
        return f"FREQ={_FREQUENCY_BY_WORD[said]}"
    for pattern in _INTERVAL_PATTERNS:
        if (found := re.fullmatch(pattern, said)) and found.group("unit") in _FREQUENCY_BY_WORD:
            number = found.groupdict().get("number") or ("2" if "number" in found.groupdict() else "1")
            return f"FREQ={_FREQUENCY_BY_WORD[found.group('unit')]};INTERVAL={int(number)}".removesuffix(";INTERVAL=1")
    if rule := _parse_day_of_month(said) or _parse_weeks_and_days(said):
        return rule
    if found := re.fullmatch(rf"{_EVERY_WORD} (.+)|(.+) (?:hang|moi) tuan", said):
        names = _parse_weekday_list((found.group(1) or found.group(2)).removesuffix(" hang tuan"))
        if names:
            return "FREQ=WEEKLY;BYDAY=" + ",".join(sorted(names, key=WEEKDAY_CODES.index))
    raise UsageError(
        _('cannot read "{text}" as a recurrence rule', text=make_text_safe(whole)), hint=_(RECURRENCE_EXAMPLES)
    )


_ORDINALS = {
    "first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4, "fifth": 5, "5th": 5,
    "last": -1, "dau tien": 1, "dau": 1, "thu nhat": 1, "thu hai": 2, "thu nhi": 2, "thu 2": 2, "thu ba": 3, "thu 3": 3,
    "thu tu": 4, "thu 4": 4, "thu nam": 5, "thu 5": 5, "cuoi cung": -1, "cuoi": -1,
}  # fmt: skip
_ORDINAL = "|".join(sorted(_ORDINALS, key=len, reverse=True))
_WEEKDAY = "|".join(sorted(_WEEKDAY_CODE_BY_NAME, key=len, reverse=True))
_OF_MONTH = (
    rf"(?: (?:cua|trong|of|in|on))?(?: the)?(?: (?:{_EVERY_WORD[3:-1]}))? (?:month|thang)|(?: of)?(?: the)? monthly"
)
_DAY_OF_MONTH_PATTERNS = (
    rf"(?:{_EVERY_WORD} )?(?P<day>{_WEEKDAY}|ngay) (?P<which>{_ORDINAL})(?:{_OF_MONTH})",
    rf"(?:the |{_EVERY_WORD} )?(?P<which>{_ORDINAL}) (?P<day>{_WEEKDAY}|day)(?:{_OF_MONTH})",
    rf"(?:the )?(?P<number>[0-9]{{1,2}})(?:st|nd|rd|th)(?: day)?(?:{_OF_MONTH})",
    rf"(?:on )?(?:the )?(?:day|ngay|mung|mong) (?P<number>[0-9]{{1,2}})(?:{_OF_MONTH})",
)


def _parse_day_of_month(said: str) -> str:
    """Return the rule for `first monday of the month`, `ngày 15 hằng tháng`, folded; "" for any other text."""
    found = next(filter(None, (re.fullmatch(pattern, said) for pattern in _DAY_OF_MONTH_PATTERNS)), None)
    if found is None:
        return ""
    named = found.groupdict()
    if number := named.get("number"):
        return f"FREQ=MONTHLY;BYMONTHDAY={int(number)}" if 1 <= int(number) <= 31 else ""
    which = _ORDINALS[named["which"]]
    if named["day"] in ("day", "ngay"):
        return f"FREQ=MONTHLY;BYMONTHDAY={which}"
    return f"FREQ=MONTHLY;BYDAY={which}{_WEEKDAY_CODE_BY_NAME[named['day']]}"


def _parse_weeks_and_days(said: str) -> str:
    """Return the rule for `every 2 weeks on Monday`, folded; "" for any other text."""
    found = re.fullmatch(r"(.+?) (?:on|vao) (.+)", said)
    days = _parse_weekday_list(found.group(2)) if found else []
    if found is None or not days:
        return ""
    weeks = _parse_interval_phrase(found.group(1), said)
    return f"{weeks};BYDAY={','.join(sorted(days, key=WEEKDAY_CODES.index))}" if weeks.startswith("FREQ=WEEKLY") else ""


def _parse_weekday_list(said: str) -> list[str]:
    """Return the weekday codes of `monday and friday`, `thứ hai, thứ sáu`, folded; an empty list for any other text."""
    names = "|".join(sorted(_WEEKDAY_CODE_BY_NAME, key=len, reverse=True))
    if not re.fullmatch(rf"(?:{names})(?: (?:(?:and|va) )?(?:{names}))*", said):
        return []
    return list(dict.fromkeys(_WEEKDAY_CODE_BY_NAME[name] for name in re.findall(names, said)))
