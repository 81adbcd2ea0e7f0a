"""Texts that contradict the date of their event, if this is certain.

A title, or the first sentence of a description, counts if it has exactly one complete date and nothing else that may be
a date: neither a day without a year nor a year. It is ignored if it has words that refer to another date (published,
decree, until).
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from unicodedata import normalize

from ilocal.checks.base import make_check_warning
from ilocal.errors import DateError, Diagnostic
from ilocal.i18n.messages import _
from ilocal.model.dates import DateRange
from ilocal.model.describe import format_period
from ilocal.model.event import Event
from ilocal.model.safe_text import escape_single_line
from ilocal.model.text_folding import fold_text
from ilocal.storage.loader import ParsedRegistry

CODES = ("other-date",)

_VI_MONTH = "(?:[0-9]{1,2}|một|hai|ba|tư|bốn|năm|sáu|bảy|tám|chín|mười(?: một| hai)?)"
_EN_MONTH = (
    "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    "|nov(?:ember)?|dec(?:ember)?)"
)
_DAY = "[0-9]{1,2}"
_ORDINAL_DAY = f"{_DAY}(?:st|nd|rd|th)?"
_RANGE_SEPARATOR = "(?: ?[-–—] ?| đến (?:hết )?| tới | to )"
_COMPLETE_DATE = (
    rf"(?:{_DAY}([/.-]){_DAY}\1[0-9]{{4}}|[0-9]{{4}}-{_DAY}-{_DAY}"
    rf"|{_DAY} tháng {_VI_MONTH}(?:,? năm |,? |/){'[0-9]{4}'}"
    rf"|{_ORDINAL_DAY}(?: of)? {_EN_MONTH},? [0-9]{{4}}"
    rf"|{_EN_MONTH} {_ORDINAL_DAY}(?: ?[-–] ?{_ORDINAL_DAY})?,? [0-9]{{4}})"
)
_RANGE_START = rf"(?:{_DAY}(?:[/.]{_DAY}(?:[/.][0-9]{{4}})?| tháng {_VI_MONTH}(?: năm [0-9]{{4}})?| {_EN_MONTH})?)"
# Other text that may be a date, or part of one.
_DATE_LIKE_TEXT = re.compile(
    rf"\b(?:19|20)[0-9]{{2}}\b|(?<![:\w]){_DAY}[/.-]{_DAY}\b(?!:)|ngày {_DAY}\b|\b{_ORDINAL_DAY} {_EN_MONTH}\b"
    rf"|\b{_EN_MONTH}\.? {_DAY}|tháng {_VI_MONTH}\b"
)
# Right before a date: it is where something begins or ends, or a part of a list.
_TEXT_BEFORE_DATE = re.compile(
    r"(?:(?:[0-9]|\b(?:tháng|thg) \w+) ?(?:[-–—,;/&.]|và|and|or|hoặc|hay|đến|tới|to)"
    r"|\b(?:từ|đến|tới|hết|trước|sau|from|to|by|until|till|before|after|since|as of|as at)) ?(?:ngày )?$"
)
_TEXT_AFTER_DATE = re.compile(r" ?(?:[-–—,;/&]|và|and|or|hoặc|hay|đến|tới|to) ?(?:ngày )?[0-9]|[0-9]")
_SENTENCE_END = re.compile(r"[.!?…](?=\s+\S)|\n")
_MAX_DISTANCE = timedelta(days=366)
# Words, without accents, by which the date of a sentence is that of something else.
_UNRELATED_DATE_WORDS = (
    "bao cao|xuat ban|cong bo|ban hanh|phat hanh|cap nhat|dang tai|ke tu|han|cham nhat|dang ki|hieu luc|ki ket"
    "|thanh lap|ki niem|tuyen bo|phien ban|so|nghi dinh|quyet dinh|luat|thong tu|cong van|nghi quyet|hop dong|chi thi"
    "|hoan|doi sang|doi lich|doi ngay|chuyen sang|huy|ban dau|tiep noi|tiep theo|vua qua|lan truoc|truoc do|theo"
    "|reports?|reported|publish\\w*|issued?|updated?|posted|deadline|due|registration|register|submi\\w+|postponed"
    "|moved|rescheduled|cancel\\w*|originally|formerly|founded|established|launched|signed|adopted|effective|decree"
    "|decision|law|circular|resolution|anniversary|declaration|version|born|follow\\w*|last|previous\\w*|earlier|was|were|had"
)


def check(registry: ParsedRegistry, today: date) -> Iterator[Diagnostic]:
    for event in registry.events.values():
        if event.start is None or event.is_recurring or event.status in ("cancelled", "postponed"):
            continue
        for field in ("title", "description"):
            text = getattr(event, field)
            if text and (said := check_date_in_text(text)) and _contradicts_event_dates(said[1], event):
                is_on = format_period(event.start, event.end)
                message = _(
                    'the text says "{said}", but the date is {date}', said=escape_single_line(said[0]), date=is_on
                )
                yield make_check_warning(registry, event, field, message, "other-date")


def _contradicts_event_dates(said: DateRange, event: Event) -> bool:
    """Return whether a day in a text is outside the event's days, or a range in a text differs from them."""
    days = event.date_range
    assert days is not None
    if said.first - days.last > _MAX_DISTANCE or days.first - said.last > _MAX_DISTANCE:
        return False  # of something else: an event is rarely postponed by a year, and a mistyped year is off by less
    is_day = said.first == said.last
    if type(event.start) is date and not is_day:
        return said != days
    return said.last < days.first or said.first > days.last


def check_date_in_text(text: str) -> tuple[str, DateRange] | None:
    """Return the date in a text, as written and as days; None if it has no certain one."""
    if not re.search("[0-9]{4}", text):
        return None
    text = normalize("NFC", text).lower()
    text = re.sub(r"[^\S\n]+", " ", text)
    end = _SENTENCE_END.search(text)
    sentence = text[: end.start()] if end else text
    found = list(_compile_pattern_of_date_check().finditer(sentence))
    if len(found) != 1 or _compile_unchecked_words().search(fold_text(sentence)) or re.search(r"\bđã\b", sentence):
        return None
    before, after = text[: found[0].start()], text[found[0].end() :]
    if (
        _TEXT_BEFORE_DATE.search(before)
        or _TEXT_AFTER_DATE.match(after)
        or _DATE_LIKE_TEXT.search(before)
        or _DATE_LIKE_TEXT.search(after)
    ):
        return None
    days = _check_date_range_in_text(found[0].group())
    return None if days is None else (found[0].group(), days)


@cache
def _compile_pattern_of_date_check() -> re.Pattern[str]:
    return re.compile(
        rf"(?<![\w/.-])(?:(?:từ |from )?(?:ngày )?{_RANGE_START}{_RANGE_SEPARATOR}(?:ngày )?)?"
        rf"{_COMPLETE_DATE}(?![\w/-])"
    )


@cache
def _compile_unchecked_words() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{_UNRELATED_DATE_WORDS})\b")


def _check_date_range_in_text(text: str) -> DateRange | None:
    from ilocal.model.date_parser import parse_period

    try:
        return parse_period(text, date.min).date_range
    except DateError:
        return None
