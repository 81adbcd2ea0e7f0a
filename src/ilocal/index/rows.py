"""An event as the index keeps it: the row it is found by, the record it is told from, the words it is searched by."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import Any, NamedTuple

from ilocal.model import occurrences
from ilocal.model.dates import Point, days, from_iso, iso, sort_number
from ilocal.model.event import Event
from ilocal.model.fields import LISTS
from ilocal.model.query import updated_number
from ilocal.model.search_terms import texts
from ilocal.model.serialization import from_plain, to_plain
from ilocal.model.text_folding import fold, for_index, slug

# Fields that are narrowed by name; a location is asked for by a part of it.
NAMED = (*LISTS, "kind", "status", "language")


class Keys(NamedTuple):
    """What events are found and ordered by. Days are ordinals, moments are as `dates.sort_number` has them."""

    first: int | None  # of all occurrences
    last: int | None
    date: int | None
    updated: int | None
    title: str  # folded
    recurs: bool


def keys(event: Event) -> Keys:
    """What the event is found and ordered by."""
    title, updated = fold(event.title), updated_number(event)
    if event.start is None:
        return Keys(None, None, None, updated, title, False)
    first, last, number = _numbers(event.start, event.end)
    if event.recurs:
        bounds = occurrences.bounds(event)
        return Keys(bounds.first.toordinal(), bounds.last.toordinal(), number, updated, title, True)
    return Keys(first, last, number, updated, title, False)


@lru_cache(maxsize=1 << 14)  # the same days stand in many events
def _numbers(start: Point, end: Point | None) -> tuple[int, int, int]:
    return days(start).first.toordinal(), days(end or start).last.toordinal(), sort_number(start)


# -------------------------------------------------------------------------------------------------------------- record

Record = tuple[str, str, str]  # the fields; what does not fit there, as JSON; keys of the owner's own, as TOML

# ASCII's own separators, of fields and of items in a list: quicker than JSON by half, and seldom in anybody's text.
FIELD, _ITEM = "\x1f", "\x1e"
_COUNT = 18  # fields between separators


def record(event: Event) -> Record:
    """The event without its id, as `event_of` reads it back."""
    line = FIELD.join((
        event.title,
        iso(event.start) if event.start is not None else "",
        iso(event.end) if event.end is not None else "",
        event.location,
        _ITEM.join(event.organizers),
        _ITEM.join(event.projects),
        _ITEM.join(event.topics),
        event.kind,
        event.status,
        event.language,
        event.participants,
        event.url,
        event.source,
        iso(event.created) if event.created is not None else "",
        iso(event.updated) if event.updated is not None else "",
        str(event.revision),
        event.summary,
        event.description,
    ))  # fmt: skip
    lists = (event.organizers, event.projects, event.topics)
    fits = not event.recurs and not event.timezone and not event.uid and event.recurrence_id is None
    fits = (
        fits
        and line.count(FIELD) == _COUNT - 1
        and line.count(_ITEM) == sum([len(items) - 1 for items in lists if items])
    )
    if fits and not event.sections and not event.translations and not event.extra:
        return line, "", ""
    own = _own_values(event)
    extra = ""
    if own:
        import tomli_w

        extra = tomli_w.dumps(own)
    plain = {name: value for name, value in to_plain(event).items() if name not in own and name != "id"}
    if fits:
        plain = {name: plain[name] for name in ("sections", "translations") if name in plain}
    return line if fits else "", json.dumps(plain, ensure_ascii=False) if plain else "", extra


def _own_values(event: Event) -> dict[str, Any]:
    """What holds keys of the owner's own, as TOML has it: their dates and numbers keep their types."""
    own = dict(event.extra)
    if any(section.extra for section in event.sections):
        own["sections"] = [{"heading": s.heading, "body": s.body, **s.extra} for s in event.sections]
    if any(translation.extra for translation in event.translations):
        own["translations"] = {
            t.language: {"title": t.title, "description": t.description, **t.extra} for t in event.translations
        }
    if any(override.extra for override in event.overrides):
        own["overrides"] = [
            {**plain, **override.extra}
            for plain, override in zip(to_plain(event)["overrides"], event.overrides, strict=True)
        ]
    return own


_point = lru_cache(maxsize=1 << 14)(from_iso)  # the same days stand in many events


def event_of(id: str, kept: Record, file: str, line: int) -> Event:
    """The event of a record. Raises ValueError or IlocalError for a record that is damaged."""
    fields, rest, extra = kept
    more = _rest(rest, extra) if rest or extra else {}
    if not fields:
        return from_plain({"id": id, **more}, source_file=file, source_line=line)
    (title, start, end, location, organizers, projects, topics, kind, status, language, participants, url, source,
     created, updated, revision, summary, description) = fields.split(FIELD)  # fmt: skip
    told = from_plain({"title": title, **more}) if more else None
    return Event(
        title,
        id,
        _point(start) if start else None,
        _point(end) if end else None,
        "",
        "",
        (),
        (),
        location,
        tuple(organizers.split(_ITEM)) if organizers else (),
        tuple(projects.split(_ITEM)) if projects else (),
        tuple(topics.split(_ITEM)) if topics else (),
        kind,
        status,
        language,
        participants,
        url,
        "",
        source,
        _point(created) if created else None,  # type: ignore[arg-type]  # of the record's own form
        _point(updated) if updated else None,  # type: ignore[arg-type]
        int(revision),
        summary,
        description,
        told.sections if told else (),
        told.translations if told else (),
        (),
        None,
        told.extra if told else {},
        file,
        line,
    )


def _rest(rest: str, extra: str) -> dict[str, Any]:
    plain: dict[str, Any] = json.loads(rest) if rest else {}
    if extra:
        import tomli

        plain |= tomli.loads(extra)
    return plain


# --------------------------------------------------------------------------------------------------------------- words


def searched(event: Event) -> str:
    """All that a search may look into. The texts are one here: `Query.matches` tells them apart."""
    found = [
        event.title, event.location, *event.organizers, *event.projects, *event.topics, event.kind, event.status,
        event.language, event.participants, event.url, event.source, event.summary, event.description,
    ]  # fmt: skip
    if event.sections or event.translations:
        found += (*texts(event, "sections"), *texts(event, "translations"))
    for override in event.overrides:
        found += (text for value in override.values.values() for text in _as_texts(value))
    return for_index("\n".join(filter(None, found)))


def _as_texts(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    return value if isinstance(value, tuple) else ()


def labels(event: Event) -> str:
    """Words for what the event is filtered by: one for each name in each field, one for each field without any."""
    lists = zip(LISTS, (event.organizers, event.projects, event.topics), strict=True)
    texts = (("kind", event.kind), ("status", event.status), ("language", event.language))
    found = [
        *[_label(field, item) for field, items in lists for item in items or ("",)],
        *[_label(field, item) for field, item in texts],
    ]
    for override in event.overrides:
        for field, value in override.values.items():
            if field in NAMED:
                found += [_label(field, item) for item in _as_texts(value) or ("",)]
    if event.uid:
        found.append(uid_label(event.uid))
    return " ".join(found)


def uid_label(uid: str) -> str:
    """One word for the UID of an event that has one of its own."""
    from hashlib import sha256  # 2 ms that most questions can do without

    return f"uid{sha256(uid.encode()).hexdigest()[:16]}"


@lru_cache(maxsize=1 << 14)  # the same few names stand in many events
def _label(field: str, item: str) -> str:
    return label(field, fold(item))


def label(field: str, name: str) -> str:
    """One word for a folded name in a field. (Two names may have one word: then more is asked of `Query.matches`.)"""
    return field + "".join([letter for letter in name if letter.isascii() and letter.isalnum()])


_PLAIN_ID = re.compile("[a-z0-9-]*")


def handle_words(id: str) -> str:
    """The words by which an id is found."""
    return id if _PLAIN_ID.fullmatch(id) else " ".join(slug(id))
