"""Changes to a registry, collected and proved: the new text says what was asked for, and only then is it written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from ilocal.errors import ConflictError, RecordError, RegistryError
from ilocal.i18n.messages import _
from ilocal.index.incremental_update import compare, pieces_of, rest_of
from ilocal.index.index import Index
from ilocal.model.differences import changed_fields
from ilocal.model.event import Event, touch
from ilocal.model.ids import make_id
from ilocal.model.serialization import from_plain
from ilocal.model.text_folding import fold
from ilocal.storage import files
from ilocal.storage.changes.text_delta import Change, Edit, Lines, Region, Stretch, around, digests, narrowed, set_in
from ilocal.storage.files import Member, Snapshot
from ilocal.storage.formatter import laid_out
from ilocal.storage.loader import read_block
from ilocal.storage.toml import document, event_editor, event_writer, scanner
from ilocal.storage.toml.document import Irregular, NotToml, Place, Table, table_of
from ilocal.storage.toml.event_editor import same
from ilocal.storage.yearly_files import year_file


class Draft:
    """Changes to the registry that an index has. Files and index stay as they are; see `changes`."""

    def __init__(self, index: Index, snapshots: Mapping[str, Snapshot]) -> None:
        self._index = index
        self._snapshots = dict(snapshots)  # of files that were read, by name
        self._changed: dict[str, dict[Place, str | None]] = {}  # by file
        self._wanted: dict[str, dict[Place, Event]] = {}
        self._added: dict[str, Event] = {}
        self._now: dict[str, Event | None] = {}  # by id: what is otherwise than in the index
        self._origin: dict[str, str] = {}  # the ids that renamed events have in the index
        self._titles: dict[str, list[str]] = {}  # ids in _now, by folded title
        self._inserted: dict[str, dict[int, list[tuple[str, Event]]]] = {}  # by file and place: texts that go there
        self._spot: dict[str, tuple[str, int]] = {}  # where those are, by id
        self._whole: dict[str, bytes | None] = {}  # files that are restored; None: away with it
        self._numbers: dict[str, int] = {}  # of ids that were made
        self._alike: dict[str, dict[str | None, list[str]]] = {}  # by title, ids by their lines: see `holding`
        self.is_laid_out = False  # whether the order changed, which is more than events by their ids can tell
        if not index.path.is_dir():
            self._check("")

    @property
    def _ids(self) -> dict[str, int]:
        """The numbers that files have in the index."""
        return {name: id for id, name in self._index.names.items()}

    @property
    def is_empty(self) -> bool:
        return not (self._changed or self._added or self._inserted or self._whole)

    # ------------------------------------------------------------------------------------------------------ questions

    def get(self, id: str) -> Event | None:
        """The event with this id, as it is after the changes so far."""
        return self._now[id] if id in self._now else self._index.get(id)

    def titled(self, title: str, but: Container[str] = ()) -> list[Event]:
        """The events with this title, case and accents apart, but for those ids: those of the registry first."""
        folded = fold(title)
        ids = [*(event.id for event in self._index.titled(title)), *self._titles.get(folded, ())]
        events = (self.get(id) for id in dict.fromkeys(ids) if id not in but)
        return [event for event in events if event is not None and fold(event.title) == folded]

    def with_uid(self, uid: str) -> Event | None:
        """The event with this UID written down, as it is after the changes so far."""
        held = [event for event in self._now.values() if event is not None and event.uid == uid]
        found = (self.get(event.id) for event in self._index.with_uid(uid))
        return next((event for event in (*held, *found) if event is not None and event.uid == uid), None)

    def twin(self, event: Event) -> str | None:
        """The id of an event with the same id, or the same title (folded) and dates that touch."""
        if event.id and self.get(event.id) is not None:
            return event.id
        return next((old.id for old in self.titled(event.title) if touch(old, event)), None)

    def block(self, id: str) -> str:
        """The lines of an event of the registry. Raises ConflictError where it is gone."""
        return scanner.split_tail(self._piece(id)[2])[0]

    def _piece(self, id: str) -> tuple[str, Place, str]:
        """The file of an event, its place in that, and its text."""
        place = self._index.place(self._origin.get(id, id))
        if place is None:
            raise ConflictError(_('"{id}" was removed meanwhile; nothing was changed', id=id))
        name = self._index.names[place.file]
        source = self._data(name)[place.start : place.end]
        if document.digest(source) != place.digest:
            raise self._meanwhile(name)
        return name, Place(place.start, place.end), source.decode()

    def _data(self, name: str) -> bytes:
        if name not in self._snapshots:
            self._check(name)
            self._snapshots[name] = files.read(self._path(name))
        if self._snapshots[name].stamp.text != self._index.stamps[name]:
            raise self._meanwhile(name)
        return self._snapshots[name].data

    def _path(self, name: str) -> Path:
        return self._index.path / name if name else self._index.path

    def _meanwhile(self, name: str) -> ConflictError:
        return ConflictError(
            _("{path}: changed by another program meanwhile; nothing was written", path=self._path(name)),
            hint=_("try again"),
        )

    def _check(self, name: str) -> None:
        """Raise RegistryError for a file that must not be written."""
        locked, broken = self._index.obstacle(name)
        if locked:
            raise RegistryError(
                _("{path}: cannot be changed: {locked}", path=self._path(name), locked=locked),
                hint=_("write each event as an [[event]] block"),
            )
        if broken:
            raise RegistryError(broken.at(str(self._path(name))), hint=_("mend that first; nothing was changed"))

    # -------------------------------------------------------------------------------------------------------- changes

    def add(self, event: Event) -> Event:
        """Add an event at the end; returns it with its id. Raises ConflictError for an id that is taken."""
        if event.id and event.id in self:
            raise ConflictError(_('there is already an event "{id}"', id=event.id))
        event = event if event.id else replace(event, id=make_id(event.title, event.start, self, last=self._numbers))
        self._added[event.id] = event
        self._set(event.id, event)
        return event

    def __contains__(self, id: object) -> bool:
        """Whether an id is taken, or was before these changes."""
        return id in self._now or self._index.is_taken(str(id))

    def put(self, id: str, event: Event) -> None:
        """Change the event `id` into `event`, which may have another id."""
        if id in self._added:
            self._rename(id, event)
            self._added = {
                event.id if key == id else key: event if key == id else old for key, old in self._added.items()
            }
            return
        name, place, text = self._piece(id)
        before = from_plain(table_of(text.encode()))
        # An event whose id is not in the text gets it written with its first change, and keeps it from then on.
        self._write(name, place, event_editor.change(text, before, event, self._newline(name)), event)
        self._rename(id, event)

    def put_block(self, id: str, text: str, now: datetime) -> Event:
        """Put a block that a person wrote in the place of the event `id`; stamped, where it says something else.

        Raises RecordError or RegistryError.
        """
        event = read_block(text)
        name, place, old = self._piece(id)
        before = from_plain({**table_of(old.encode()), "id": id})
        if changed_fields(before, replace(event, id=event.id or id)):
            stamped = replace(event, updated=now, revision=before.revision + 1)
            text = event_editor.change(text, event, stamped, self._newline(name))
            event = stamped
        self._write(name, place, self._in_place_of(old, text, name), event)
        event = event if event.id else replace(event, id=id)
        self._rename(id, event)
        return event

    def _in_place_of(self, old: str, text: str, name: str) -> str:
        """A block as it stands where another one did, with what follows that."""
        end = self._newline(name) if old.endswith("\n") else ""
        return text.rstrip("\r\n") + end + scanner.split_tail(old)[1]

    def remove(self, id: str) -> str:
        """Take an event out; returns its block as it stood in the registry."""
        self._now[id] = None
        if id in self._added:
            return event_writer.render(self._added.pop(id))
        name, place, text = self._piece(id)
        self._changed.setdefault(name, {})[place] = None
        self._wanted.get(name, {}).pop(place, None)
        return scanner.split_tail(text)[0]

    def drop(self) -> None:
        """Forget all changes."""
        for changes in (self._changed, self._wanted, self._added, self._now, self._origin, self._titles):
            changes.clear()

    # ------------------------------------------------------------------------------------------- changes of the text

    def lines(self, id: str) -> str | None:
        """An event's own lines without their last line end; None where there is none."""
        return None if self.get(id) is None else self.block(id).rstrip("\r\n")

    def holding(self, id: str, lines: Lines) -> str | None:
        """The id of the event that has just these lines, and is not changed yet; None where there is none."""
        if lines.has_id:
            return id if self.lines(id) == lines.text else None
        title = read_block(lines.text).title
        if title not in self._alike:
            alike: dict[str | None, list[str]] = {}
            for event in self.titled(title):
                if event.id not in self._now:
                    alike.setdefault(self.lines(event.id), []).append(event.id)
            self._alike[title] = alike
        return next((one for one in self._alike[title].get(lines.text, ()) if one not in self._now), None)

    def put_lines(self, id: str, text: str) -> None:
        """Put lines that were in the registry once in the place of an event's own, just as they are."""
        name, place, old = self._piece(id)
        event = read_block(text)
        self._write(name, place, self._in_place_of(old, text, name), event)
        self._set(id, replace(event, id=id))

    def insert(self, edit: Edit) -> None:
        """Put lines that were in the registry once where they stood; at the end, where what was above is gone."""
        assert edit.after is not None
        event = read_block(edit.after.text)
        id = event.id or make_id(event.title, event.start, self)
        name, at = self._spot.get(edit.anchor) or self._end_of(edit.anchor) or self._end_of_file(edit.file)
        newline = self._newline(name) if name in self._ids else "\n"
        self._inserted.setdefault(name, {}).setdefault(at, []).append((edit.after.text + newline, event))
        self._spot[edit.id] = name, at
        self._set(id, replace(event, id=id))

    def _end_of(self, id: str) -> tuple[str, int] | None:
        place = self._index.place(id) if id else None
        return None if place is None else (self._index.names[place.file], place.end)

    def _end_of_file(self, name: str) -> tuple[str, int]:
        return name, len(self._data(name)) if name in self._ids else 0

    def restore(self, stretch: Stretch) -> bool:
        """Put back what a write replaced, to the byte; False where that is not what stands there now."""
        name = stretch.file
        if name not in self._ids or stretch.new is None:
            fits = name not in self._ids and stretch.new is None
            data = (stretch.old or "").encode()
        else:
            now, new = self._data(name), stretch.new.encode()
            start = document.body_start(now) + stretch.start
            end = start + len(new)
            fits = now[start:end] == new and (stretch.old is not None or now[start:] == new)
            data = now[:start] + (stretch.old or "").encode() + now[end:]
            fits = fits and (
                stretch.old is None
                or around(now, start, end) == stretch.around
                or self._index.surely(lambda: self._is_swap(name, data, stretch))
            )
        if fits:
            self._whole[name] = None if stretch.old is None else data
        return fits

    def lay_out(self) -> list[Path]:
        """Put every file in its usual order (see `layout`); returns those that change. Raises RegistryError."""
        for name in self._ids:
            data = self._data(name)
            new = laid_out(str(self._path(name)), data)
            if new != data:
                self._whole[name] = new
                self.is_laid_out = True
        return [self._path(name) for name in self._whole]

    def _is_swap(self, name: str, data: bytes, stretch: Stretch) -> bool:
        """Whether a text has just the events of the stretch otherwise, and all of them."""
        try:
            region = compare(self._index.connection, self._ids[name], data)
            if region is None:
                return True
            old, new = (Counter(digests(text, stretch)) for text in (stretch.old, stretch.new))
            before = Counter(key for _, _, key in pieces_of(self._index.connection, region))
            after = Counter(piece.digest for piece in region.read() if piece.is_event)
            return before + old == after + new and self._same_head(name, region)
        except (NotToml, Irregular, ValueError):
            return False

    def _newline(self, name: str) -> str:
        return document.newline_of(self._data(name))

    def _write(self, name: str, place: Place, text: str, event: Event) -> None:
        self._changed.setdefault(name, {})[place] = text
        self._wanted.setdefault(name, {})[place] = event

    def _rename(self, id: str, event: Event) -> None:
        if event.id != id:
            if event.id in self and event.id != self._origin.get(id):
                raise ConflictError(_('there is already an event "{id}"', id=event.id))
            self._now[id] = None
            self._origin[event.id] = self._origin.get(id, id)
        self._set(event.id, event)

    def _set(self, id: str, event: Event) -> None:
        self._now[id] = event
        self._titles.setdefault(fold(event.title), []).append(id)

    # ---------------------------------------------------------------------------------------------------------- proof

    def changes(self) -> list[Change]:
        """The new texts. Raises RegistryError where one would say anything else than what was asked for."""
        return self._index.surely(self._changes)

    def _changes(self) -> list[Change]:
        added: dict[str, list[Event]] = {}
        for event in self._added.values():
            added.setdefault(self._home(event), []).append(event)
        names = dict.fromkeys((*self._changed, *self._inserted, *added))
        changed = [self._change(name, added.get(name, [])) for name in names]
        return changed + [self._restoring(name, data) for name, data in self._whole.items()]

    def _restoring(self, name: str, data: bytes | None) -> Change:
        member = Member(name, self._path(name))
        if name not in self._ids:
            return Change(member, None, data, None, (0, 0, len(data or b"")))
        old = self._data(name)
        region = None if data is None else compare(self._index.connection, self._ids[name], data)
        stretch = (0, len(old), len(data or b"")) if self.is_laid_out else self._stretch(name, old, data, region)
        return Change(member, self._snapshots[name], data, region, stretch)

    def _home(self, event: Event) -> str:
        """The file that a new event goes into: in a folder, that of its year."""
        if not self._index.path.is_dir():
            return ""
        return year_file(None if event.start is None else event.start.year)

    def _change(self, name: str, added: list[Event]) -> Change:
        member = Member(name, self._path(name))
        blocks = [event_writer.render(event) for event in added]
        spots = self._inserted.get(name, {})
        if name not in self._ids:
            again = spots.get(0, [])
            data = document.rewritten(b"", {}, [*(text for text, _ in again), *blocks])
            self._prove_new(data, [*(event for _, event in again), *added])
            return Change(member, None, data, None, (0, 0, len(data)))
        old, newline = self._data(name), self._newline(name)
        inserted = {Place(at, at): set_in(old, at, [text for text, _ in spots[at]], newline) for at in spots}
        data = document.rewritten(old, {**self._changed.get(name, {}), **inserted}, blocks)
        region = self._proved(name, old, data, added)
        return Change(member, self._snapshots[name], data, region, self._stretch(name, old, data, region))

    def _stretch(self, name: str, old: bytes, data: bytes | None, region: Region | None) -> tuple[int, int, int]:
        """Where the whole pieces that are changed begin, and where they end in the old text and in the new one."""
        if data is None or region is None or name not in self._ids:
            return (0, len(old), len(data or b""))
        places = [(start, end) for start, end, _ in pieces_of(self._index.connection, region)]
        start, end = narrowed(old, data, [(region.start, region.start), *places, (region.old_end, region.old_end)])
        return start, end, end + len(data) - len(old)

    def _prove_new(self, data: bytes, added: list[Event]) -> None:
        tables = [piece.table for piece in document.read(data).pieces if piece.is_event]
        if len(tables) != len(added) or not all(map(_says, tables, added)):
            raise self._refusal()

    def _proved(self, name: str, old: bytes, data: bytes, added: list[Event]) -> Region | None:
        """What is new in the text: the old events with exactly the changes that were asked for."""
        try:
            region = compare(self._index.connection, self._ids[name], data)
            unchanged = {**self._wanted.get(name, {})}
            if region is not None:
                found = [piece for piece in region.read() if piece.is_event]
                wanted = [*self._expected(name, region, unchanged), *((b"", Place(0, 0), event) for event in added)]
                if len(found) != len(wanted) or not self._same_head(name, region):
                    raise self._refusal()
                for piece, (key, place, event) in zip(found, wanted, strict=True):
                    if event is None and piece.digest == key:
                        continue
                    table = piece.table or table_of(data[piece.start : piece.end])
                    if not (_says(table, event) if event else same(table, table_of(old[place.start : place.end]))):
                        raise self._refusal()
            # What was changed and yet is the same text must have said so before.
            if not all(_says(table_of(old[place.start : place.end]), event) for place, event in unchanged.items()):
                raise self._refusal()
        except (NotToml, Irregular, ValueError):
            raise self._refusal() from None
        return region

    def _expected(
        self, name: str, region: Region, unchanged: dict[Place, Event]
    ) -> Iterator[tuple[bytes, Place, Event | None]]:
        """What the events of a region must be: as they were by digest and place, or another one."""
        changed, spots = self._changed.get(name, {}), self._inserted.get(name, {})
        if region.start in spots:
            yield from ((b"", Place(0, 0), event) for _, event in spots[region.start])
        for start, end, key in pieces_of(self._index.connection, region):
            place = Place(start, end)
            if place not in changed:
                yield key, place, None
            elif changed[place] is not None:
                yield key, place, unchanged.pop(place)
            yield from ((b"", Place(0, 0), event) for _, event in spots.get(end, ()))

    def _same_head(self, name: str, region: Region) -> bool:
        """Whether all that is no event says what it said."""
        rest = rest_of(self._index.connection, self._ids[name])
        before, after = [t for at, t in rest if at < region.start], [t for at, t in rest if at >= region.old_end]
        new = [region.data[piece.start : piece.end] for piece in region.read() if not piece.is_event]
        old = [text for at, text in rest if region.start <= at < region.old_end]
        return old == new or same(document.head_of([*before, *new, *after]), document.head_of([*before, *old, *after]))

    def _refusal(self) -> RegistryError:
        return RegistryError(
            _("{path}: this would touch more than its event; nothing was changed", path=self._index.path),
            hint=_("the event is written in an unusual way: edit the file by hand"),
        )


def _says(table: Table | None, wanted: Event) -> bool:
    """Whether a table says the event, with all that it does not know."""
    if table is None:
        return False
    try:
        found = from_plain(table)
    except RecordError:
        return False
    without = (replace(event, extra={}) for event in (found, wanted))
    return not changed_fields(*without) and same(found.extra, wanted.extra)
