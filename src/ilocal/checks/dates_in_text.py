"""Texts that say another date than their event, where that can be read for certain.

A title, or the first sentence of a description, says a date when it has one that is complete, and nothing else in the
text may be a date: neither a day without a year nor a year. Words by which the date is that of something else
(published, decree, until) make it say nothing.
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from unicodedata import normalize

from ilocal.checks.base import doubt
from ilocal.errors import DateError, Problem
from ilocal.i18n.messages import _
from ilocal.model.dates import Days
from ilocal.model.describe import label
from ilocal.model.event import Event
from ilocal.model.safe_text import shown
from ilocal.model.text_folding import fold
from ilocal.storage.loader import Registry

CODES = ("other-date",)

_VI = "(?:[0-9]{1,2}|một|hai|ba|tư|bốn|năm|sáu|bảy|tám|chín|mười(?: một| hai)?)"
_EN = (
    "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    "|nov(?:ember)?|dec(?:ember)?)"
)
_DAY = "[0-9]{1,2}"
_NTH = f"{_DAY}(?:st|nd|rd|th)?"
_TO = "(?: ?[-–—] ?| đến (?:hết )?| tới | to )"
_FULL = (
    rf"(?:{_DAY}([/.-]){_DAY}\1[0-9]{{4}}|[0-9]{{4}}-{_DAY}-{_DAY}|{_DAY} tháng {_VI}(?:,? năm |,? |/){'[0-9]{4}'}"
    rf"|{_NTH}(?: of)? {_EN},? [0-9]{{4}}|{_EN} {_NTH}(?: ?[-–] ?{_NTH})?,? [0-9]{{4}})"
)
_HALF = rf"(?:{_DAY}(?:[/.]{_DAY}(?:[/.][0-9]{{4}})?| tháng {_VI}(?: năm [0-9]{{4}})?| {_EN})?)"
# What else may be a date, or a part of one.
_DATELIKE = re.compile(
    rf"\b(?:19|20)[0-9]{{2}}\b|(?<![:\w]){_DAY}[/.-]{_DAY}\b(?!:)|ngày {_DAY}\b|\b{_NTH} {_EN}\b"
    rf"|\b{_EN}\.? {_DAY}|tháng {_VI}\b"
)
# Right before a date: it is where something begins or ends, or a part of a list.
_BEFORE = re.compile(
    r"(?:(?:[0-9]|\b(?:tháng|thg) \w+) ?(?:[-–—,;/&.]|và|and|or|hoặc|hay|đến|tới|to)"
    r"|\b(?:từ|đến|tới|hết|trước|sau|from|to|by|until|till|before|after|since|as of|as at)) ?(?:ngày )?$"
)
_AFTER = re.compile(r" ?(?:[-–—,;/&]|và|and|or|hoặc|hay|đến|tới|to) ?(?:ngày )?[0-9]|[0-9]")
_SENTENCE = re.compile(r"[.!?…](?=\s+\S)|\n")
_FAR = timedelta(days=366)
# Words, without accents, by which the date of a sentence is that of something else.
_OTHERWISE = (
    "bao cao|xuat ban|cong bo|ban hanh|phat hanh|cap nhat|dang tai|ke tu|han|cham nhat|dang ki|hieu luc|ki ket"
    "|thanh lap|ki niem|tuyen bo|phien ban|so|nghi dinh|quyet dinh|luat|thong tu|cong van|nghi quyet|hop dong|chi thi"
    "|hoan|doi sang|doi lich|doi ngay|chuyen sang|huy|ban dau|tiep noi|tiep theo|vua qua|lan truoc|truoc do|theo"
    "|reports?|reported|publish\\w*|issued?|updated?|posted|deadline|due|registration|register|submi\\w+|postponed"
    "|moved|rescheduled|cancel\\w*|originally|formerly|founded|established|launched|signed|adopted|effective|decree"
    "|decision|law|circular|resolution|anniversary|declaration|version|born|follow\\w*|last|previous\\w*|earlier|was|were|had"
)


def doubts(registry: Registry, today: date) -> Iterator[Problem]:
    for event in registry.events.values():
        if event.start is None or event.recurs or event.status in ("cancelled", "postponed"):
            continue
        for field in ("title", "description"):
            text = getattr(event, field)
            if text and (said := says(text)) and _is_other(said[1], event):
                is_on = label(event.start, event.end)
                message = _('says "{said}", and the date is {date}', said=shown(said[0]), date=is_on)
                yield doubt(registry, event, field, message, "other-date")


def _is_other(said: Days, event: Event) -> bool:
    """Whether a day in a text is none of the event's, or days in a text are not just those of the event."""
    days = event.days
    assert days is not None
    if said.first - days.last > _FAR or days.first - said.last > _FAR:
        return False  # that of something else: an event is hardly put off by a year, and a year mistyped by one
    is_day = said.first == said.last
    if type(event.start) is date and not is_day:
        return said != days
    return said.last < days.first or said.first > days.last


def says(text: str) -> tuple[str, Days] | None:
    """The date that a text says, as it stands there and as days; None where it says none for certain."""
    if not re.search("[0-9]{4}", text):
        return None
    text = normalize("NFC", text).lower()
    text = re.sub(r"[^\S\n]+", " ", text)
    end = _SENTENCE.search(text)
    sentence = text[: end.start()] if end else text
    found = list(_pattern().finditer(sentence))
    if len(found) != 1 or _otherwise().search(fold(sentence)) or re.search(r"\bđã\b", sentence):
        return None
    before, after = text[: found[0].start()], text[found[0].end() :]
    if _BEFORE.search(before) or _AFTER.match(after) or _DATELIKE.search(before) or _DATELIKE.search(after):
        return None
    days = _read(found[0].group())
    return None if days is None else (found[0].group(), days)


@cache
def _pattern() -> re.Pattern[str]:
    return re.compile(rf"(?<![\w/.-])(?:(?:từ |from )?(?:ngày )?{_HALF}{_TO}(?:ngày )?)?{_FULL}(?![\w/-])")


@cache
def _otherwise() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{_OTHERWISE})\b")


def _read(text: str) -> Days | None:
    from ilocal.model.date_parser import read

    try:
        return read(text, date.min).days
    except DateError:
        return None
