"""Relative dates: `hôm nay`, `thứ sáu tuần sau`, `in 3 days`, `+30d`, `next month`, `quý này`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta
from unicodedata import normalize

from ilocal.errors import DateError
from ilocal.i18n.messages import _
from ilocal.model.date_names import WEEKDAY_NAMES
from ilocal.model.dates import Month, PartialDate, Period, Year
from ilocal.model.text_folding import strip_accents

WEEKDAY_NUMBERS = {
    name: number
    for lang in WEEKDAY_NAMES
    for number, full in enumerate(WEEKDAY_NAMES[lang])
    for name in {strip_accents(full), *([strip_accents(full)[:3]] if lang == "en" else [])}
}
WEEKDAY_NUMBERS |= {name: day - 2 for day in range(2, 8) for name in (f"thu {day}", f"t{day}", f"t.{day}")}
WEEKDAY_NUMBERS |= dict.fromkeys(("cn", "chua nhat"), 6)
_WHEN = (("này", "this"), ("sau", "next"), ("tới", "next"), ("trước", "last"))
_DAY_PARTS = ("rạng sáng", "sáng", "trưa", "chiều", "tối", "đêm")

# Replacements of Vietnamese words by English ones before parsing; `tới` by itself is "to", and `tối` a part
# of the day.
_ENGLISH_BY_VIETNAMESE = {
    "hôm nay": "today", "ngày mai": "tomorrow", "mai": "tomorrow", "hôm qua": "yesterday", "ngày kia": "in two days",
    "ngày mốt": "in two days", "hôm kia": "two days ago",
    **{
        f"{unit} {when}": f"{english} {name}"
        for unit, name in (("tuần", "week"), ("tháng", "month"), ("quý", "quarter"), ("năm", "year"))
        for when, english in _WHEN
    },
    "năm nay": "this year", "sang năm": "next year", "năm ngoái": "last year", "tới": "to",
    **{f"{part} nay": f"{part} today" for part in _DAY_PARTS},
    **{f"{part} qua": f"{part} yesterday" for part in _DAY_PARTS},
}  # fmt: skip
_ENGLISH_BY_UNMARKED = {
    strip_accents(name): english for name, english in _ENGLISH_BY_VIETNAMESE.items() if name not in ("tháng sau", "tới")
}


def join_names_of_relative_dates(names: Iterable[str]) -> str:
    """Return a pattern for any of these names, the longer ones first."""
    return "|".join(sorted(map(re.escape, names), key=len, reverse=True))


_MARKED = re.compile(rf"(?<!\w)(?:{join_names_of_relative_dates(_ENGLISH_BY_VIETNAMESE)})(?!\w)")
_UNMARKED = re.compile(rf"(?<!\w)(?:{join_names_of_relative_dates(_ENGLISH_BY_UNMARKED)})(?!\w)")
_DAY_NAMES = {"today": 0, "tomorrow": 1, "in two days": 2, "yesterday": -1, "two days ago": -2}
_STEPS = {"this": 0, "next": 1, "last": -1}
STEP_PATTERN = re.compile(r"(?P<sign>[+-])(?P<n>[0-9]{1,5})(?P<unit>[dwmyh])")
_UNITS = {"day": "d", "week": "w", "month": "m", "year": "y", "ngay": "d", "tuan": "w", "thang": "m", "nam": "y"}
_COUNTED = re.compile(
    r"in (?:(?P<n>[0-9]{1,5})|an?|one) (?P<unit>day|week|month|year)s?"
    r"|(?:(?P<n2>[0-9]{1,5})|an?|one) (?P<unit2>day|week|month|year)s? (?P<when>from now|ago)"
    r"|(?:trong |sau |cach day )?(?P<n3>[0-9]{1,5}) (?P<unit3>ngay|tuan|thang|nam) (?P<when3>nua|truoc)"
)
_WEEKDAYS = join_names_of_relative_dates(WEEKDAY_NUMBERS)
_WEEKDAY = rf"(?P<weekday>{_WEEKDAYS})\.?"
_IN_WEEK = re.compile(
    rf"{_WEEKDAY},? (?:of )?(?P<week>this|next|last) week"
    rf"|(?P<week2>this|next|last) week,? (?:on )?(?P<weekday2>{_WEEKDAYS})\.?"
)
_UNCERTAIN = re.compile(
    rf"(?P<when>next|this) (?P<weekday>{join_names_of_relative_dates(WEEKDAY_NUMBERS)})"
    rf"|(?P<weekday2>{_WEEKDAYS}) (?P<when2>nay|toi|to)"
)
_OF_MONTH = re.compile(r"(?:ngay )?(?P<d>[0-9]{1,2})(?:st|nd|rd|th)?,? (?:of )?(?P<month>this|next|last) month")
_PERIOD = re.compile("(?P<when>this|next|last) (?P<unit>week|month|quarter|year)")
_OF_YEAR = re.compile("(?<=[^ ,])(?:, ?| )(?:of )?(this|next|last) year$")


def normalize_relative_date_words(text: str, today: date) -> str:
    """Return a text with Vietnamese words for days near today in English, and the year that `this year` means.

    With accents, `tháng sau` differs from `tháng sáu`; words without accents are understood as well, except for `thang
    sau`, which is ambiguous.
    """
    text = " ".join(normalize("NFC", text).lower().split())
    if _COUNTED.fullmatch(strip_accents(text)):
        return text
    if strip_accents(text) == text:
        text = _UNMARKED.sub(lambda found: _ENGLISH_BY_UNMARKED[found.group()], text)
    else:
        text = _MARKED.sub(lambda found: _ENGLISH_BY_VIETNAMESE[found.group()], text)
    return _OF_YEAR.sub(lambda found: f" năm {today.year + _STEPS[found[1]]:04}", text)


def parse_relative_date(source: str, today: date) -> PartialDate | None:
    """Return the day, month or year relative to today; None for any other text."""
    if found := STEP_PATTERN.fullmatch(source):
        if found["unit"] == "h":
            return None
        return add_time_units(today, int(found["n"]) * (1 if found["sign"] == "+" else -1), found["unit"])
    if source in WEEKDAY_NUMBERS:  # the coming one; today, when it is today
        return today + timedelta(days=(WEEKDAY_NUMBERS[source] - today.weekday()) % 7)
    if (offset := _DAY_NAMES.get(source)) is not None:
        return today + timedelta(days=offset)
    if found := _PERIOD.fullmatch(source):
        months = today.year * 12 + today.month - 1 + _STEPS[found["when"]]
        if found["unit"] == "month":
            return Month(months // 12, months % 12 + 1)
        return Year(today.year + _STEPS[found["when"]]) if found["unit"] == "year" else None
    if found := _UNCERTAIN.fullmatch(source):
        is_this = (found["when"] or found["when2"]) in ("this", "nay")
        raise _uncertain_weekday_error(WEEKDAY_NUMBERS[found["weekday"] or found["weekday2"]], today, is_this=is_this)
    return _parse_counted_units(source, today) or _parse_day_within(source, today)


def _uncertain_weekday_error(weekday: int, today: date, *, is_this: bool) -> DateError:
    """Return the error for `next friday` or `this friday`, with the two days that it may mean."""
    days = weekday - today.weekday()
    coming = today + timedelta(days=days % 7)
    others = (today + timedelta(days=days), coming) if is_this and days < 0 else (coming, coming + timedelta(weeks=1))
    first, second = (f"{day:%d/%m}/{day.year:04}" for day in others)
    return DateError(_("ambiguous: {first} or {second}?", first=first, second=second))


def _parse_counted_units(source: str, today: date) -> date | None:
    """Return the day of `in 3 days`, `2 weeks ago`, `3 ngày nữa`; None for any other text."""
    found = _COUNTED.fullmatch(source)
    if found is None:
        return None
    number = int(found["n"] or found["n2"] or found["n3"] or 1)
    is_past = found["when"] == "ago" or found["when3"] == "truoc"
    unit = found["unit"] or found["unit2"] or found["unit3"]
    return add_time_units(today, -number if is_past else number, _UNITS[unit])


def _parse_day_within(source: str, today: date) -> date | None:
    """Return the day of `thứ sáu tuần sau`, `ngày 20 tháng này`; None for any other text."""
    if found := _IN_WEEK.fullmatch(source):
        monday = today + timedelta(weeks=_STEPS[found["week"] or found["week2"]], days=-today.weekday())
        return monday + timedelta(days=WEEKDAY_NUMBERS[found["weekday"] or found["weekday2"]])
    if found := _OF_MONTH.fullmatch(source):
        month = parse_relative_date(f"{found['month']} month", today)
        assert isinstance(month, Month)
        return date(month.year, month.month, int(found["d"]))
    return None


def parse_relative_period(source: str, today: date) -> Period | None:
    """Return the period of `next week` (Monday to Sunday) or `next quarter` (three months); None for any other text."""
    found = _PERIOD.fullmatch(source)
    if found is None or found["unit"] not in ("week", "quarter"):
        return None
    offset = _STEPS[found["when"]]
    if found["unit"] == "week":
        monday = today + timedelta(weeks=offset, days=-today.weekday())
        return Period(monday, monday + timedelta(days=6))
    quarter = today.year * 4 + (today.month - 1) // 3 + offset
    return make_quarter_period(quarter // 4, quarter % 4 + 1, quarter % 4 + 1)


def make_quarter_period(year: int, first: int, last: int) -> Period:
    """Return the months of some make_quarter_period of a year, 1 to 4."""
    return Period(Month(year, first * 3 - 2), Month(year, last * 3))


def add_time_units(day: date, n: int, unit: str) -> date:
    """Return the day `n` days, weeks, months or years (d, w, m, y) after another one."""
    from dateutil.relativedelta import relativedelta  # 5 ms at start-up, needed for steps alone

    steps = {"d": relativedelta(days=n), "w": relativedelta(weeks=n), "m": relativedelta(months=n)}
    result = day + steps.get(unit, relativedelta(years=n))
    assert isinstance(result, date)
    return result
