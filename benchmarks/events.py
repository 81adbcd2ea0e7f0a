"""The events of the benchmark: made, always the same for the same number, in order of time.

Twenty-one core events lie around `TODAY` and are the same in every size; they alone hold the word and the phrase that
are searched for, so that those answers do not grow with the registry. All others are spread evenly over 1990 to 2030.
"""

from __future__ import annotations

import heapq
import random
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import vocabulary as say

TODAY = date(2020, 2, 20)
MONTH = "2020-02"
MONTH_FIRST, MONTH_LAST = date(2020, 2, 1), date(2020, 2, 29)
WINDOW = 60  # days from TODAY with always ten events, for programs that need an end
FIRST, LAST = date(1990, 1, 1), date(2030, 12, 31)

# The core: days from TODAY, and how many days each lasts.
_CORE = (
    (-330, 1), (-240, 2), (-140, 1), (-60, 3), (-45, 1), (-18, 2), (-12, 1), (-7, 1), (-1, 3), (0, 1), (1, 2),
    (3, 1), (5, 5), (7, 1), (12, 1), (15, 2), (20, 1), (28, 1), (35, 4), (44, 1), (55, 2),
)  # fmt: skip
_EACH = 12  # as many core events hold the word, and as many the phrase


@dataclass(frozen=True, slots=True)
class Event:
    """One event; `end` is its last day, and absent where it lasts one."""

    id: str
    title: str
    start: date
    end: date | None
    location: str
    organizers: tuple[str, ...]
    projects: tuple[str, ...]
    topics: tuple[str, ...]
    kind: str
    description: str

    @property
    def last(self) -> date:
        return self.end or self.start


def made(count: int) -> Iterator[Event]:
    """Yield `count` events (21 or more), oldest first; no title or id appears twice in a year."""
    taken: Counter[str] = Counter()
    year = 0
    for event in heapq.merge(_core(), _others(count - len(_CORE)), key=lambda event: event.start):
        if event.start.year != year:
            year = event.start.year
            taken.clear()
        yield _unique(event, taken)


# Added to the others: in the requested month, with a unique title.
NEW = Event(
    id="",
    title="Họp bổ sung về kế hoạch quý hai",
    start=date(2020, 2, 25),
    end=None,
    location="Hà Nội",
    organizers=("ILO",),
    projects=(),
    topics=("kế hoạch",),
    kind="meeting",
    description="Góp ý cho kế hoạch chung; dự kiến ba mươi người tham dự.",
)


def _core() -> Iterator[Event]:
    pick = random.Random(1)
    for n, (days, length) in enumerate(_CORE):
        kind = pick.choice(list(say.OPENINGS))
        subject = (say.CORE_SUBJECT, "sinh kế") if n < _EACH else pick.choice(say.SUBJECTS)
        text = say.CORE_TEXT if n >= len(_CORE) - _EACH else ""
        yield _event(pick, TODAY + timedelta(days=days), length, kind, subject, text)


def _others(count: int) -> Iterator[Event]:
    pick = random.Random(1)
    days = (LAST - FIRST).days - 4  # the last one may go on for some days
    kinds = list(say.OPENINGS)
    for n in range(count):
        start = FIRST + timedelta(days=int((n + pick.random()) * days / count))
        length = pick.choice((1, 1, 1, 1, 1, 2, 2, 3, 4, 5))
        yield _event(pick, start, length, pick.choice(kinds), pick.choice(say.SUBJECTS))


def _event(pick: random.Random, start: date, length: int, kind: str, subject: tuple[str, str], text: str = "") -> Event:
    about, topic = subject
    place = pick.choice(say.PLACES)
    title = f"{pick.choice(say.OPENINGS[kind])} về {about} cho {pick.choice(say.AUDIENCES)}"
    sector = pick.choice(("", *say.SECTORS))
    return Event(
        id="",
        title=f"{title}, {sector}" if sector else title,
        start=start,
        end=start + timedelta(days=length - 1) if length > 1 else None,
        location=place if pick.random() < 0.9 else "",
        organizers=tuple(pick.sample(say.ORGANIZERS, pick.choice((1, 1, 2)))),
        projects=(pick.choice(say.PROJECTS),) if pick.random() < 0.5 else (),
        topics=(topic, sector.removeprefix("ngành ")) if sector else (topic,),
        kind=kind,
        description=_description(pick, text),
    )


def _description(pick: random.Random, text: str) -> str:
    """Return two or three sentences, or two paragraphs."""
    chosen = [*([text] if text else []), *pick.sample(say.SENTENCES, pick.choice((1, 2, 2, 3)))]
    if len(chosen) < 3:
        return " ".join(chosen)
    return f"{chosen[0]} {chosen[1]}\n\n{' '.join(chosen[2:])}"


def _unique(event: Event, taken: Counter[str]) -> Event:
    title = event.title
    taken[title] += 1
    if taken[title] > 1:
        title = f"{title} (đợt {taken[title]})"
    stem = f"{event.start.year}-{slug(title)}"
    taken[stem] += 1
    id = stem if taken[stem] == 1 else f"{stem}-{taken[stem]}"
    return Event(
        id, title, event.start, event.end, event.location, event.organizers, event.projects, event.topics, event.kind,
        event.description,
    )  # fmt: skip


def slug(title: str) -> str:
    """Return the first words of a title in plain letters, joined by hyphens."""
    plain = unicodedata.normalize("NFD", title.lower().replace("đ", "d")).encode("ascii", "ignore").decode()
    words = "".join(letter if letter.isalnum() else " " for letter in plain).split()
    return "-".join(words[:10])
