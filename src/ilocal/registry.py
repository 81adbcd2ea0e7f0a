"""The registry: its header, its events by id, and drafts of changes that are proved before anything is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from ilocal import block
from ilocal.document import Document, NotToml, Piece, Table, read, same
from ilocal.errors import ConflictError, Problem, RecordError, RegistryError
from ilocal.event import Event, changed_fields, from_plain, kind_of, make_id
from ilocal.header import KEYS, Header
from ilocal.text import fold


@dataclass(frozen=True, slots=True)
class Registry:
    """A registry as read: its events in the order of the text, and what could not be read."""

    document: Document
    header: Header
    events: Mapping[str, Event]
    pieces: Mapping[str, int]  # which piece of the document an event is, by id
    problems: tuple[Problem, ...]


def load(text: str, file: str) -> Registry:
    """Read a registry's text; `file` is its name in messages. Raises RegistryError where it is no registry at all."""
    try:
        return loaded(text)
    except NotToml as error:
        raise RegistryError(error.problem.at(file)) from None


def loaded(text: str) -> Registry:
    """Read a registry's text. Raises NotToml.

    An event without an id gets one that depends on the text alone; one with the id of an earlier event is a problem.
    """
    document = read(text)
    problems = [piece.problem for piece in document.pieces if piece.problem]
    header = _header(document, problems)
    events: dict[str, Event] = {}
    pieces: dict[str, int] = {}
    taken = _given_ids(document)
    for n, piece in enumerate(document.pieces):
        if piece.table is None:
            continue
        event = _event(piece, taken, problems)
        if event is None:
            continue
        if event.id in events:
            line = piece.line + block.field_line(piece.text, "id") if piece.text else 0
            first = events[event.id].source_line
            problems.append(Problem(line, f'"{event.id}" is already the id of the event in line {first}', "id"))
            continue
        taken.add(event.id)
        events[event.id], pieces[event.id] = event, n
    problems.sort(key=lambda problem: problem.line)
    return Registry(document, header, events, pieces, tuple(problems))


def _given_ids(document: Document) -> set[str]:
    """The ids that stand in the text, also those of events that cannot be read."""
    ids = (piece.table.get("id") for piece in document.pieces if piece.table)
    return {id for id in ids if isinstance(id, str) and id}


def _event(piece: Piece, taken: set[str], problems: list[Problem]) -> Event | None:
    assert piece.table is not None
    try:
        event = from_plain(piece.table, source_line=piece.header_line)
    except RecordError as error:
        problems.append(_record_problem(error, piece))
        return None
    return event if event.id else replace(event, id=make_id(event.title, event.start, taken))


def _record_problem(error: RecordError, piece: Piece) -> Problem:
    line = piece.line + block.field_line(piece.text, error.field) if piece.text else 0
    return Problem(line, error.reason, error.field, text=piece.text)


def _header(document: Document, problems: list[Problem]) -> Header:
    registry = document.head.get("registry", {})
    aliases = document.head.get("aliases", {})
    values: dict[str, str] = {}
    for key in KEYS if isinstance(registry, dict) else ():
        value = registry.get(key, "")
        if isinstance(value, str):
            values[key] = value
        else:
            problems.append(_head_problem(document, key, f"text is wanted here, not {kind_of(value)}"))
    both: dict[str, tuple[str, ...]] = {}
    for short, long in aliases.items() if isinstance(aliases, dict) else ():
        longs = tuple([long] if isinstance(long, str) else long if isinstance(long, list) else [None])
        if all(isinstance(other, str) for other in longs):
            both[short] = longs
        else:
            problems.append(_head_problem(document, short, "text, or a list of texts, is wanted here"))
    return Header(**values, aliases=both)


def _head_problem(document: Document, key: str, message: str) -> Problem:
    for piece in document.pieces:
        if not piece.is_event and (line := block.field_line(piece.text, key)):
            return Problem(piece.line + line, message, key, "warning")
    return Problem(0, message, key, "warning")


# ------------------------------------------------------------------------------------------------------------- change


class Draft:
    """Changes to a registry, collected and then written as one new text. The registry itself stays as it was read."""

    def __init__(self, registry: Registry, file: str) -> None:
        if registry.document.locked:
            raise RegistryError(
                f"{file}: cannot be changed: {registry.document.locked}", hint="write each event as an [[event]] block"
            )
        broken = next((piece.problem for piece in registry.document.pieces if piece.problem), None)
        if broken:
            raise RegistryError(broken.at(file), hint="mend that first; nothing was changed")
        self.registry = registry
        self.events: dict[str, Event] = dict(registry.events)
        self._file = file
        self._taken = {*registry.events, *_given_ids(registry.document)}
        self._changed: dict[int, str | None] = {}
        self._wanted: dict[int, Event] = {}
        self._added: dict[str, Event] = {}
        self._by_title: dict[str, list[str]] | None = None

    @property
    def is_empty(self) -> bool:
        return not self._changed and not self._added

    def add(self, event: Event) -> Event:
        """Add an event at the end; returns it with its id. Raises ConflictError for an id that is taken."""
        if event.id in self._taken:
            raise ConflictError(f'there is already an event "{event.id}"')
        event = event if event.id else replace(event, id=make_id(event.title, event.start, self._taken))
        self._taken.add(event.id)
        self.events[event.id] = event
        self._added[event.id] = event
        if self._by_title is not None:
            self._by_title.setdefault(fold(event.title), []).append(event.id)
        return event

    def twin(self, event: Event) -> str | None:
        """The id of an event with the same id, or the same title (folded) and dates that touch."""
        if event.id in self.events:
            return event.id
        if self._by_title is None:
            self._by_title = {}
            for old in self.events.values():
                self._by_title.setdefault(fold(old.title), []).append(old.id)
        ids = self._by_title.get(fold(event.title), [])
        return next((id for id in ids if id in self.events and touch(self.events[id], event)), None)

    def put(self, id: str, event: Event) -> None:
        """Change the event `id` into `event`, which may have another id."""
        if id in self._added:
            self._rename(id, event)
            self._added = {
                event.id if key == id else key: event if key == id else old for key, old in self._added.items()
            }
            return
        n = self.registry.pieces[id]
        piece = self.registry.document.pieces[n]
        assert piece.table is not None
        before = from_plain(piece.table)
        self._rename(id, event)
        # An event whose id is not in the text gets it written with its first change, and keeps it from then on.
        self._changed[n] = block.change(piece.text, before, event, self.registry.document.newline)
        self._wanted[n] = event

    def put_block(self, id: str, text: str, now: datetime) -> Event:
        """Put a block that a person wrote in the place of the event `id`; stamped, where it says something else.

        Raises RecordError or RegistryError.
        """
        event = read_block(text)
        before = self.events[id]
        if changed_fields(before, replace(event, id=event.id or id)):
            stamped = replace(event, updated=now, revision=before.revision + 1)
            text = block.change(text, event, stamped, self.registry.document.newline)
            event = stamped
        n = self.registry.pieces[id]
        tail = block.split_tail(self.registry.document.pieces[n].text)[1]
        document = self.registry.document
        end = document.newline if document.pieces[n].text.endswith("\n") else ""
        self._changed[n] = text.rstrip("\r\n") + end + tail
        self._wanted[n] = event
        event = event if event.id else replace(event, id=id)
        self._rename(id, event)
        return event

    def _rename(self, id: str, event: Event) -> None:
        if event.id == id:
            self.events[id] = event
            return
        if event.id in self._taken:
            raise ConflictError(f'there is already an event "{event.id}"')
        self._taken.add(event.id)
        self.events = {event.id if key == id else key: event if key == id else old for key, old in self.events.items()}

    def block(self, id: str) -> str:
        """The lines of an event of the registry. Raises ConflictError where it is gone."""
        if id not in self.registry.pieces:
            raise ConflictError(f'"{id}" was removed meanwhile; nothing was changed')
        return block.split_tail(self.registry.document.pieces[self.registry.pieces[id]].text)[0]

    def remove(self, id: str) -> str:
        """Take an event out; returns its block as it stood."""
        n = self.registry.pieces[id]
        self._changed[n] = None
        del self.events[id]
        return self.block(id)

    def drop(self) -> None:
        """Forget all changes."""
        self._changed, self._added = {}, {}

    def text(self) -> str:
        """The new text, proved: it reads as the old events with exactly the changes that were asked for."""
        old = self.registry.document
        text = old.rewritten(self._changed, [block.render(event) for event in self._added.values()])
        try:
            new = read(text, {piece.text: piece for piece in old.pieces})
        except NotToml:
            raise self._refusal() from None
        tables = [piece.table for piece in new.pieces if piece.is_event]
        wanted: list[tuple[Table | None, Event | None]] = [
            (piece.table, self._wanted.get(n))
            for n, piece in enumerate(old.pieces)
            if piece.is_event and self._changed.get(n, "") is not None
        ] + [(None, event) for event in self._added.values()]
        if not same(new.head, old.head) or len(tables) != len(wanted):
            raise self._refusal()
        if not all(_says(table, *one) for table, one in zip(tables, wanted, strict=True)):
            raise self._refusal()
        return text

    def _refusal(self) -> RegistryError:
        return RegistryError(
            f"{self._file}: this would touch more than its event; nothing was changed",
            hint="the event is written in an unusual way: edit the file by hand",
        )


def touch(one: Event, other: Event) -> bool:
    """Whether two events may take place on the same day; two without a date may."""
    if one.span is None or other.span is None:
        return one.span is other.span
    first, second = one.span.days, other.span.days
    return first.first <= second.last and second.first <= first.last


def _says(table: Table | None, old: Table | None, wanted: Event | None) -> bool:
    """Whether a table says what is wanted: the same as the old one, or the event, with all that it does not know."""
    if table is None or wanted is None:
        return same(table, old)
    try:
        found = from_plain(table)
    except RecordError:
        return False
    without = (replace(event, extra={}) for event in (found, wanted))
    return not changed_fields(*without) and same(found.extra, wanted.extra)


def unknown_inside(table: Table) -> list[Table]:
    """The keys that ilocal does not know in each translation (one entry for all of them) and in each section."""
    sections, translations = table.get("section", []), table.get("translations", {})
    found: list[Table] = [{}]
    if isinstance(translations, dict):
        known = ("title", "description")
        for language, texts in translations.items():
            found[0] |= {f"{language}.{key}": texts[key] for key in texts if key not in known}
    for section in sections if isinstance(sections, list) else []:
        if isinstance(section, dict):
            found.append({key: section[key] for key in section if key not in ("heading", "body")})
    return found


def read_block(text: str) -> Event:
    """The one event of a text. Raises RegistryError with the line inside the text, or RecordError."""
    try:
        document = read(text)
    except NotToml as error:
        raise RegistryError(f"line {error.problem.line}: {error.problem.message}") from None
    events = [piece for piece in document.pieces if piece.is_event]
    broken = next((piece.problem for piece in events if piece.problem), None)
    if broken:
        raise RegistryError(f"line {broken.line}: {broken.message}")
    if len(events) != 1 or events[0].table is None or document.head or document.locked:
        raise RegistryError("one [[event]] block is wanted here, and nothing else")
    return from_plain(events[0].table)
