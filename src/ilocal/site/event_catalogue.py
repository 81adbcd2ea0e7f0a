"""Catalogue of all events, built before pages are made: their days, names, languages and places in lists."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache, cached_property
from hashlib import blake2b
from sys import intern

from ilocal import progress
from ilocal.i18n.messages import n_, supported_languages
from ilocal.model.dates import DateRange, Month, PartialDate, Year, compute_date_range, date_sort_key, to_date_range
from ilocal.model.event import Event
from ilocal.model.registry_info import RegistryInfo
from ilocal.model.text_folding import fold_text
from ilocal.site.file_names import is_plain_page_name, make_file_stem

NAME_KINDS = {"topic": "topics", "project": "projects", "organizer": "organizers", "location": "location"}
DIGEST_BYTES = 12


@dataclass(slots=True)
class EventSummary:
    """The data of an event that lists, feeds and plans need, so that its texts need not be kept in memory."""

    id: str
    digest: bytes  # of all that its pages show of it
    stem: str  # of its files
    start: PartialDate | None
    first: date | None  # of all known occurrences
    last: date | None
    tags: tuple[str, ...]  # languages that it has, as site languages know them; its own is the first
    languages: tuple[str, ...]  # in which it has a page
    names: tuple[tuple[str, ...], ...]  # folded, by kind in the order of NAME_KINDS
    stamp: date | None  # when it was changed last
    is_recurring: bool
    occurrences: tuple[PartialDate, ...] = ()  # when those of a series begin or would begin; up to the horizon

    @property
    def is_exact(self) -> bool:
        """Return whether its exact day is known, so that a calendar can show it."""
        return is_exact_date_for_page(self.start)

    @property
    def year(self) -> int:
        """Return the year in which it begins; it has a date."""
        assert self.start is not None
        return self.start.year


@dataclass(slots=True)
class ListEntry:
    """A line of a list by month: an event, or the occurrences of a series in a month that are alike."""

    index: int  # of the event
    start: PartialDate  # by which it is placed
    occurrences: tuple[PartialDate, ...] = ()  # those of a series, by when they would begin


@dataclass(slots=True)
class SiteName:
    """A topic, project, organizer or place: its page, its spellings and its events."""

    key: str  # folded
    stem: str = ""
    label: str = ""  # the spelling that most events have
    spellings: Counter[str] = field(default_factory=Counter)
    members: list[int] = field(default_factory=list)  # indexes of events, newest first

    def choose_label(self) -> None:
        """Set the label when all spellings are known."""
        self.label = min(self.spellings, key=lambda name: (-self.spellings[name], name))


class EventCatalogue:
    """All events of a site in the order of its lists, newest first and those without a date last."""

    def __init__(self, info: RegistryInfo, languages: tuple[str, ...] = ()) -> None:
        """Initialize an empty catalogue; `languages` are those of the pages, if configured."""
        self.info = info
        self.events: list[EventSummary] = []
        self.names: dict[str, dict[str, SiteName]] = {kind: {} for kind in NAME_KINDS}
        self.languages = languages
        self.horizon = date.min  # the last day up to which series are listed
        self.years: dict[int, list[ListEntry]] = {}  # newest first; so are the entries
        self._series: dict[int, Event] = {}
        self._taken: set[str] = set()
        self._folded: dict[str, str] = {}

    def fill(self, events: Iterable[Event], digests: Mapping[str, bytes]) -> None:
        """Take in all events, newest first; `digests` are those of their texts by their ids."""
        with progress.track_progress(
            lambda n: n_("Planning the pages: {n} event …", "Planning the pages: {n} events …", n)
        ):
            for event in events:
                progress.advance_progress()
                self._add_event(event, digests.get(event.id, b""))
        for kind in self.names.values():
            self._name_pages(kind.values())
        self._choose_languages()
        self._expand_series()
        self._list_years()
        links = {
            kind: {key: f"{name.stem}\0{name.label}" for key, name in names.items()}
            for kind, names in self.names.items()
        }
        for summary in self.events:
            summary.digest = _compute_digest(summary, links)

    def _add_event(self, event: Event, digest: bytes) -> None:
        index = len(self.events)
        days = event.date_range
        if event.is_recurring:
            from ilocal.model.occurrences import possible_date_range

            days = possible_date_range(event)
            self._series[index] = event
        self.events.append(
            EventSummary(
                event.id, digest, self._make_stem(event.id), event.start,
                days.first if days else None, days.last if days else None,
                _list_page_languages_of_event(event, self.info.language), (),
                tuple(self._add_names(index, kind, getattr(event, name)) for kind, name in NAME_KINDS.items()),
                event.updated or event.created, event.is_recurring,
            )
        )  # fmt: skip

    def _make_stem(self, id: str) -> str:
        stem = make_file_stem(id)
        while stem in self._taken:  # another event has the made name for its id
            stem = make_file_stem(f"{stem} {id}")
        self._taken.add(stem)
        return stem

    def _add_names(self, index: int, kind: str, value: str | tuple[str, ...]) -> tuple[str, ...]:
        keys = []
        for name in dict.fromkeys([value] if isinstance(value, str) else value):
            key = self._folded.get(name)
            if key is None:
                key = self._folded[name] = intern(fold_text(name))
            if not key:
                continue
            page = self.names[kind].get(key)
            if page is None:
                page = self.names[kind][key] = SiteName(key)
            page.spellings[intern(" ".join(name.split()))] += 1
            if not page.members or page.members[-1] != index:
                page.members.append(index)
                keys.append(key)
        return tuple(keys)

    def _name_pages(self, names: Iterable[SiteName]) -> None:
        """Assign a page to each name; names with equal stems get distinct ones."""
        taken: set[str] = set()
        for name in sorted(names, key=lambda name: name.key):
            plain = name.key.replace(" ", "-")
            name.stem = plain if is_plain_page_name(plain) and plain not in taken else make_file_stem(f"{name.key} ")
            taken.add(name.stem)
            name.choose_label()

    def _choose_languages(self) -> None:
        """Settle the languages of the site, and in which of them each event has a page."""
        counts = Counter(tag for summary in self.events for tag in summary.tags)
        if not self.languages:
            known = [lang for lang in supported_languages() if counts[lang]]
            root = next(
                (lang for lang in supported_languages() if lang == _get_primary_subtag_for_page(self.info.language)), ""
            )
            root = root or max(known, key=lambda lang: counts[lang], default="en")
            self.languages = tuple(dict.fromkeys([root, *known]))
        chosen: dict[tuple[str, ...], tuple[str, ...]] = {}
        for summary in self.events:
            if summary.tags not in chosen:
                found = tuple(lang for lang in self.languages if lang in summary.tags)
                chosen[summary.tags] = found or self.languages[:1]
            summary.languages = chosen[summary.tags]

    def _expand_series(self) -> None:
        """Expand series up to the end of the year after the newest date in the registry."""
        if not self._series:
            return
        from ilocal.model.occurrences import list_occurrences_or_self

        points = [
            point
            for summary in self.events
            for point in (summary.start, summary.stamp, None if summary.is_recurring else summary.last)
            if point is not None
        ]
        newest = max(to_date_range(point).last.year for point in points)
        self.horizon = date(min(newest + 1, date.max.year), 12, 31)
        for index, event in self._series.items():
            summary = self.events[index]
            assert summary.first is not None
            window = DateRange(min(summary.first, self.horizon), self.horizon)
            found = list_occurrences_or_self(event, window)
            summary.occurrences = tuple(at for one in found if (at := one.recurrence_id or one.start) is not None)

    def _list_years(self) -> None:
        entries: list[tuple[int, int, ListEntry]] = []
        for index, summary in enumerate(self.events):
            if summary.start is None:
                continue
            if index not in self._series:
                entries.append((-date_sort_key(summary.start), index, ListEntry(index, summary.start)))
            for entry in (
                _group_occurrences_on_page(index, self._series[index], summary) if index in self._series else ()
            ):
                entries.append((-date_sort_key(entry.start), index, entry))
        entries.sort(key=lambda one: one[:2])
        for _key, _index, entry in entries:
            self.years.setdefault(to_date_range(entry.start).first.year, []).append(entry)
        self._series.clear()

    @cached_property
    def undated(self) -> Sequence[int]:
        """Return the indexes of the events without a date."""
        return [index for index, summary in enumerate(self.events) if summary.start is None]

    def count_events_out_of_calendars(self) -> int:
        """Return the number of events without an exact day, which no calendar can show."""
        return sum(not summary.is_exact for summary in self.events)


def _compute_digest(summary: EventSummary, links: Mapping[str, Mapping[str, str]]) -> bytes:
    """Return a digest of what pages show of an event: its text, and the targets of its names."""
    targets = [links[kind][key] for kind, keys in zip(NAME_KINDS, summary.names, strict=True) for key in keys]
    dates = [str(point) for point in summary.occurrences]
    told = "\n".join((summary.id, summary.stem, *summary.languages, *targets, *dates)).encode("utf-8", "replace")
    return blake2b(summary.digest + told, digest_size=DIGEST_BYTES).digest()


def _group_occurrences_on_page(index: int, series: Event, summary: EventSummary) -> list[ListEntry]:
    """Return the entries of a series: one for equal occurrences within a month."""
    from ilocal.model.occurrences import find_override

    groups: dict[tuple[object, ...], list[tuple[PartialDate, PartialDate]]] = {}
    for at in summary.occurrences:
        override = find_override(series, at)
        one = series.build_occurrence(at, override)
        if one.start is None:
            continue
        first = to_date_range(one.start).first
        key = (first.year, isinstance(one.start, Year) or first.month, one.title, one.location, one.status)
        groups.setdefault(key, []).append((one.start, at))
    return [ListEntry(index, group[-1][0], tuple(at for _, at in group)) for group in groups.values()]


def _list_page_languages_of_event(event: Event, registry_language: str) -> tuple[str, ...]:
    """Return the languages that an event has: its own, and those it is translated into."""
    own = _get_primary_subtag_for_page(event.language or registry_language)
    if not event.translations:
        return (own,) if own else ()
    others = (
        _get_primary_subtag_for_page(one.language)
        for one in event.translations
        if (one.title + one.description).strip()
    )
    return tuple(intern(tag) for tag in dict.fromkeys([own, *others]) if tag)


@cache
def _get_primary_subtag_for_page(tag: str) -> str:
    """Return `en` of `en-GB`."""
    return intern(tag.strip().replace("_", "-").partition("-")[0].lower())


def compute_entry_days(event: Event) -> tuple[date, date] | None:
    """Return the first and last day of an event or occurrence; None if it has no date."""
    if event.start is None:
        return None
    days = compute_date_range(event.start, event.end)
    return days.first, days.last


def is_exact_date_for_page(point: PartialDate | None) -> bool:
    """Return whether a point is a day or a time, and not only a month or a year."""
    return point is not None and not isinstance(point, (Month, Year))
