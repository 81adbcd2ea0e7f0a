"""Transactions: changes to a registry, collected and verified to have the intended meaning before they are written."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from ilocal.errors import ConflictError, RegistryError
from ilocal.i18n.messages import _
from ilocal.model.differences import find_changed_fields
from ilocal.model.event import Event, can_overlap
from ilocal.model.ids import make_event_id
from ilocal.model.serialization import event_from_dict
from ilocal.model.text_folding import fold_text
from ilocal.storage import files, verification
from ilocal.storage.changes.text_delta import (
    ChangedRegion,
    EventEdit,
    EventText,
    FileChange,
    TextDelta,
    apply_text_delta,
    fits_text_delta,
    hash_file_text_around_delta,
    join_blocks_with_blank_lines,
    shrink_to_changed_blocks,
)
from ilocal.storage.files import FileSnapshot, RegistryFile
from ilocal.storage.formatter import format_registry_text
from ilocal.storage.loader import parse_event_block
from ilocal.storage.registry_index import RegistryIndex
from ilocal.storage.toml import document, event_editor, event_writer, scanner
from ilocal.storage.toml.block_edits import ByteRange, apply_block_edits
from ilocal.storage.toml.diagnosis import is_toml_conflict_diagnosis
from ilocal.storage.yearly_files import get_yearly_toml_file_name


class Transaction:
    """Changes to a registry, collected and verified before they are written.

    `Registry.transaction` creates and writes one. Until then no file is changed; methods that read answer as if the
    changes so far were written.
    """

    def __init__(
        self, index: RegistryIndex, snapshots: Mapping[str, FileSnapshot], *, allows_conflicts: bool = False
    ) -> None:
        self._index = index
        self._allows_conflicts = allows_conflicts  # whether a file with conflict markers may be changed
        self._snapshots = dict(snapshots)  # of files that were read, by name
        self._block_edits: dict[str, dict[ByteRange, str | None]] = {}  # by file
        self._expected_events: dict[str, dict[ByteRange, Event]] = {}
        self._new_events: dict[str, Event] = {}
        self._pending_events: dict[str, Event | None] = {}  # by id: events that differ from the index
        self._original_ids: dict[str, str] = {}  # by id: the ids of renamed events in the index
        self._ids_by_title: dict[str, list[str]] = {}  # ids in _now, by folded title
        self._insertions: dict[str, dict[int, list[tuple[str, Event]]]] = {}  # by file and offset: texts to insert
        self._insertion_points: dict[str, tuple[str, int]] = {}  # where those are, by id
        self._file_replacements: dict[str, bytes | None] = {}  # new contents of restored files; None: removed
        self._id_counters: dict[str, int] = {}  # of ids that were made
        self._ids_by_text: dict[str, dict[str | None, list[str]]] = {}  # for `find_unedited_toml_lines`
        self.is_reformatted = False  # whether the order changed, which edits of events cannot express
        if not index.path.is_dir():
            self._check_file_writable("")

    @property
    def has_nothing_to_write(self) -> bool:
        """Return whether there is nothing to write."""
        return not (self._block_edits or self._new_events or self._insertions or self._file_replacements)

    # ------------------------------------------------------------------------------------------------------ questions

    def get(self, id: str) -> Event | None:
        """Return the event `id` as it is after the changes so far; None if there is none."""
        return self._pending_events[id] if id in self._pending_events else self._index.get(id)

    def find_by_title(self, title: str, excluded_ids: Container[str] = ()) -> list[Event]:
        """Return the events with this title, ignoring case and accents, except for `excluded_ids`."""
        folded = fold_text(title)
        ids = [*(event.id for event in self._index.find_by_title(title)), *self._ids_by_title.get(folded, ())]
        events = (self.get(id) for id in dict.fromkeys(ids) if id not in excluded_ids)
        return [event for event in events if event is not None and fold_text(event.title) == folded]

    def find_by_uid(self, uid: str) -> Event | None:
        """Return the event with this `uid` as it is after the changes so far; None if there is none."""
        held = [event for event in self._pending_events.values() if event is not None and event.uid == uid]
        found = (self.get(event.id) for event in self._index.find_by_uid(uid))
        return next((event for event in (*held, *found) if event is not None and event.uid == uid), None)

    def find_duplicate(self, event: Event) -> str | None:
        """Return the id of an event with the same id, or the same title and overlapping dates, or None."""
        if event.id and self.get(event.id) is not None:
            return event.id
        return next((old.id for old in self.find_by_title(event.title) if can_overlap(old, event)), None)

    def read_block(self, id: str) -> str:
        """Return the lines of the event `id` in the registry. Raises ConflictError if there is no such event."""
        return scanner.split_trailing_comments(self._locate_block(id)[2])[0]

    def _locate_block(self, id: str) -> tuple[str, ByteRange, str]:
        """Return the file of an event, its range there, and its text."""
        place = self._index.find_location(self._original_ids.get(id, id))
        if place is None:
            raise ConflictError(_('"{id}" was removed by another program; nothing was changed', id=id))
        source = self._read_file_data(place.file)[place.start : place.end]
        if document.compute_toml_block_digest(source) != place.digest:
            raise self._file_changed_error(place.file)
        return place.file, ByteRange(place.start, place.end), source.decode()

    def _locate_own_block(self, id: str) -> tuple[str, ByteRange, str]:
        """Return the same as `_locate_block`. Raises RegistryError for an event of another office's list."""
        found = self._locate_block(id)
        if files.is_snapshot_name(found[0]):
            raise RegistryError(
                _(
                    "{id}: the event is in the list of another office, {file}, and can only be changed by that office",
                    id=id,
                    file=found[0],
                ),
                hint=_("to fetch the changes of the other office, run: ilocal refresh"),
            )
        return found

    def _read_file_data(self, name: str) -> bytes:
        if name not in self._snapshots:
            self._check_file_writable(name)
            self._snapshots[name] = files.read_file(self._get_file_path(name))
        if self._snapshots[name].state.text != self._index.file_states[name]:
            raise self._file_changed_error(name)
        return self._snapshots[name].data

    def _get_file_path(self, name: str) -> Path:
        return self._index.path / name if name else self._index.path

    def _file_changed_error(self, name: str) -> ConflictError:
        return ConflictError(
            _("{path}: the file was changed by another program; nothing was written", path=self._get_file_path(name)),
            hint=_("try again"),
        )

    def _check_file_writable(self, name: str) -> None:
        """Raise RegistryError for a file that must not be written."""
        locked, broken = self._index.find_write_blocker(name)
        if locked:
            raise RegistryError(
                _("{path}: cannot be changed: {locked}", path=self._get_file_path(name), locked=locked),
                hint=_("write each event as an [[event]] block"),
            )
        if broken and not (self._allows_conflicts and is_toml_conflict_diagnosis(broken)):
            raise RegistryError(
                broken.format_with_file(str(self._get_file_path(name))),
                hint=_("fix this error first; nothing was changed"),
            )

    # -------------------------------------------------------------------------------------------------------- changes

    def add(self, event: Event) -> Event:
        """Add an event at the end and return it with its id. Raises ConflictError for an id that is in use."""
        if event.id and event.id in self:
            raise ConflictError(_('there is already an event "{id}"', id=event.id))
        event = (
            event
            if event.id
            else replace(event, id=make_event_id(event.title, event.start, self, counters=self._id_counters))
        )
        self._new_events[event.id] = event
        self._record_written_event(event.id, event)
        return event

    def __contains__(self, id: object) -> bool:
        """Return whether an id is in use, or was before these changes."""
        return id in self._pending_events or self._index.is_id_taken(str(id))

    def update(self, id: str, event: Event) -> None:
        """Change the event `id` into `event`, which may have another id, editing only the lines that differ.

        Raises ConflictError if there is no such event, and RegistryError for a file that cannot be changed.
        """
        if id in self._new_events:
            self._record_event_renamed_in_file(id, event)
            self._new_events = {
                event.id if key == id else key: event if key == id else old for key, old in self._new_events.items()
            }
            return
        name, place, text = self._locate_own_block(id)
        before = event_from_dict(document.parse_event_table(text.encode()))
        # An event without an id in the text gets it written with its first change, and keeps it.
        self._record_block_edit(
            name, place, event_editor.update_event_block(text, before, event, self._detect_newline(name)), event
        )
        self._record_event_renamed_in_file(id, event)

    def replace_block(self, id: str, text: str, now: datetime) -> Event:
        """Replace the lines of the event `id` by `text` and return the event that it describes.

        If the event differs, its `updated` is set to `now`, and its revision is incremented.

        Raises InvalidEventError, RegistryError, and ConflictError if there is no such event.
        """
        event = parse_event_block(text)
        name, place, old = self._locate_own_block(id)
        before = event_from_dict({**document.parse_event_table(old.encode()), "id": id})
        if find_changed_fields(before, replace(event, id=event.id or id)):
            stamped = replace(event, updated=now, revision=before.revision + 1)
            text = event_editor.update_event_block(text, event, stamped, self._detect_newline(name))
            event = stamped
        self._record_block_edit(name, place, self._keep_trailing_comments(old, text, name), event)
        event = event if event.id else replace(event, id=id)
        self._record_event_renamed_in_file(id, event)
        return event

    def _keep_trailing_comments(self, old: str, text: str, name: str) -> str:
        """Return the new text of a block, with the comments after the old one."""
        end = self._detect_newline(name) if old.endswith("\n") else ""
        return text.rstrip("\r\n") + end + scanner.split_trailing_comments(old)[1]

    def remove(self, id: str) -> str:
        """Remove the event `id` and return its lines. Raises ConflictError if there is no such event."""
        if id in self._new_events:
            self._pending_events[id] = None
            return event_writer.format_event_block(self._new_events.pop(id))
        name, place, text = self._locate_own_block(id)
        self._pending_events[id] = None
        self._block_edits.setdefault(name, {})[place] = None
        self._expected_events.get(name, {}).pop(place, None)
        return scanner.split_trailing_comments(text)[0]

    def discard(self) -> None:
        """Drop all changes so far."""
        for changes in (
            self._block_edits,
            self._expected_events,
            self._new_events,
            self._pending_events,
            self._original_ids,
            self._ids_by_title,
        ):
            changes.clear()

    # ------------------------------------------------------------------------------------------- changes of the text

    def read_toml_lines_of_event(self, id: str) -> str | None:
        """Return the lines of the event `id` without the final newline; None if there is no such event."""
        return None if self.get(id) is None else self.read_block(id).rstrip("\r\n")

    def find_unedited_toml_lines(self, id: str, event_text: EventText) -> str | None:
        """Return the id of the event with exactly these lines that is not changed yet; None if there is none."""
        if event_text.has_id:
            return id if self.read_toml_lines_of_event(id) == event_text.text else None
        title = parse_event_block(event_text.text).title
        if title not in self._ids_by_text:
            alike: dict[str | None, list[str]] = {}
            for event in self.find_by_title(title):
                if event.id not in self._pending_events:
                    alike.setdefault(self.read_toml_lines_of_event(event.id), []).append(event.id)
            self._ids_by_text[title] = alike
        return next(
            (one for one in self._ids_by_text[title].get(event_text.text, ()) if one not in self._pending_events), None
        )

    def restore_lines(self, id: str, text: str) -> None:
        """Replace the lines of the event `id` by lines that were in the registry before, unchanged."""
        name, place, old = self._locate_block(id)
        event = parse_event_block(text)
        self._record_block_edit(name, place, self._keep_trailing_comments(old, text, name), event)
        self._record_written_event(id, event if event.id == id else replace(event, id=id))

    def reinsert(self, edit: EventEdit) -> None:
        """Insert lines that were in the registry before where they stood, or at the end if the event above is gone."""
        assert edit.after is not None
        event = parse_event_block(edit.after.text)
        id = event.id or make_event_id(event.title, event.start, self)
        name, at = (
            self._insertion_points.get(edit.anchor)
            or self._find_block_end(edit.anchor)
            or self._find_file_end(edit.file)
        )
        newline = self._detect_newline(name) if name in self._index.file_states else "\n"
        self._insertions.setdefault(name, {}).setdefault(at, []).append((edit.after.text + newline, event))
        self._insertion_points[edit.id] = name, at
        self._record_written_event(id, event if event.id == id else replace(event, id=id))

    def _find_block_end(self, id: str) -> tuple[str, int] | None:
        place = self._index.find_location(id) if id else None
        return None if place is None else (place.file, place.end)

    def _find_file_end(self, name: str) -> tuple[str, int]:
        return name, len(self._read_file_data(name)) if name in self._index.file_states else 0

    def revert(self, delta: TextDelta) -> bool:
        """Restore the bytes that a write replaced; return False if the text is not as that write left it."""
        name = delta.file
        if name not in self._index.file_states or delta.new_text is None:
            fits = name not in self._index.file_states and delta.new_text is None
            data = (delta.old_text or "").encode()
        else:
            now, new = self._read_file_data(name), delta.new_text.encode()
            start = document.skip_bom(now) + delta.start
            end = start + len(new)
            fits = now[start:end] == new and (delta.old_text is not None or now[start:] == new)
            data = now[:start] + (delta.old_text or "").encode() + now[end:]
            fits = fits and (
                delta.old_text is None
                or hash_file_text_around_delta(now, start, end) == delta.context_hash
                or self._index.retry_after_damage(lambda: verification.has_only_delta_changes(self._index, data, delta))
            )
        if fits:
            self._file_replacements[name] = None if delta.old_text is None else data
        return fits

    def reapply(self, deltas: Sequence[TextDelta]) -> bool:
        """Redo changes of one file; return False if the text is not as it was before the first of them."""
        name = deltas[0].file
        data: bytes | None = self._read_file_data(name) if name in self._index.file_states else None
        for delta in deltas:
            if not fits_text_delta(data, delta):
                return False
            data = apply_text_delta(data, delta)
        self._file_replacements[name] = data
        return True

    def reformat(self) -> list[Path]:
        """Put every file in standard order (see `formatter`) and return those that change. Raises RegistryError."""
        changed = self.rewrite_files(format_registry_text)
        self.is_reformatted = bool(changed)
        return changed

    def replace_snapshot(self, file_name: str, text: str) -> None:
        """Set the text of a file in the folder `sources`. Raises RegistryError if the registry is a single file."""
        if not self._index.path.is_dir():
            raise RegistryError(
                _("{path}: lists of other offices require a registry that is a folder", path=self._index.path),
                hint=_("to split the registry into a folder, run: ilocal split FOLDER"),
            )
        name, data = files.make_snapshot_name(file_name), text.encode()
        if name not in self._index.file_states or self._read_file_data(name) != data:
            self._file_replacements[name] = data

    def rewrite_files(self, rewrite_text: Callable[[str, bytes], bytes]) -> list[Path]:
        """Replace each file's content by `rewrite_text(path, content)` and return those that change."""
        for name in self._index.file_states:
            data = self._read_file_data(name)
            new = rewrite_text(str(self._get_file_path(name)), data)
            if new != data:
                self._file_replacements[name] = new
        return [self._get_file_path(name) for name in self._file_replacements]

    def _detect_newline(self, name: str) -> str:
        return document.detect_file_newline(self._read_file_data(name))

    def _record_block_edit(self, name: str, place: ByteRange, text: str, event: Event) -> None:
        self._block_edits.setdefault(name, {})[place] = text
        self._expected_events.setdefault(name, {})[place] = event

    def _record_event_renamed_in_file(self, id: str, event: Event) -> None:
        if event.id != id:
            if event.id in self and event.id != self._original_ids.get(id):
                raise ConflictError(_('there is already an event "{id}"', id=event.id))
            self._pending_events[id] = None
            self._original_ids[event.id] = self._original_ids.get(id, id)
        self._record_written_event(event.id, event)

    def _record_written_event(self, id: str, event: Event) -> None:
        self._pending_events[id] = event
        self._ids_by_title.setdefault(fold_text(event.title), []).append(id)

    # ---------------------------------------------------------------------------------------------------------- proof

    def prepare_changes(self) -> list[FileChange]:
        """Return the new texts. Raises RegistryError if one would mean anything but the changes that were made."""
        return self._index.retry_after_damage(self._build_changes)

    def _build_changes(self) -> list[FileChange]:
        added: dict[str, list[Event]] = {}
        for event in self._new_events.values():
            added.setdefault(self._choose_target_file(event), []).append(event)
        names = dict.fromkeys((*self._block_edits, *self._insertions, *added))
        changed = [self._build_file_change(name, added.get(name, [])) for name in names]
        return changed + [self._build_replacement_change(name, data) for name, data in self._file_replacements.items()]

    def _build_replacement_change(self, name: str, data: bytes | None) -> FileChange:
        member = RegistryFile(name, self._get_file_path(name))
        if name not in self._index.file_states:
            return FileChange(member, None, data, None, (0, 0, len(data or b"")))
        old = self._read_file_data(name)
        region = None if data is None else self._index.find_changed_region(name, data)
        stretch = (
            (0, len(old), len(data or b""))
            if self.is_reformatted
            else self._find_changed_range_of_file(name, old, data, region)
        )
        return FileChange(member, self._snapshots[name], data, region, stretch)

    def _choose_target_file(self, event: Event) -> str:
        """Return the file for a new event: in a folder, the one of its year."""
        if not self._index.path.is_dir():
            return ""
        return get_yearly_toml_file_name(None if event.start is None else event.start.year)

    def _build_file_change(self, name: str, added: list[Event]) -> FileChange:
        file = RegistryFile(name, self._get_file_path(name))
        blocks = [event_writer.format_event_block(event) for event in added]
        edits = verification.FileEdits(
            self._block_edits.get(name, {}),
            self._expected_events.get(name, {}),
            self._insertions.get(name, {}),
            added,
        )
        try:
            if name not in self._index.file_states:
                data = apply_block_edits(b"", {}, [*(text for text, _ in edits.insertions.get(0, ())), *blocks])
                verification.verify_new_file(data, edits)
                return FileChange(file, None, data, None, (0, 0, len(data)))
            old, newline = self._read_file_data(name), self._detect_newline(name)
            inserted = {
                ByteRange(at, at): join_blocks_with_blank_lines(old, at, [text for text, _ in found], newline)
                for at, found in edits.insertions.items()
            }
            data = apply_block_edits(old, {**edits.block_edits, **inserted}, blocks)
            region = verification.verify_changed_file_region(self._index, name, old, data, edits)
        except verification.UnexpectedChange:
            raise self._unexpected_change_error() from None
        return FileChange(
            file, self._snapshots[name], data, region, self._find_changed_range_of_file(name, old, data, region)
        )

    def _find_changed_range_of_file(
        self, name: str, old: bytes, data: bytes | None, region: ChangedRegion | None
    ) -> tuple[int, int, int]:
        """Return the start of the changed blocks, and their end in the old and in the new text."""
        # Without old segments (an empty file, or only a byte-order mark) the region does not cover the old text.
        if data is None or region is None or not region.old_segments:
            return (0, len(old), len(data or b""))
        places = [(block.start, block.end) for block in self._index.list_blocks_in_region(name, region)]
        start, end = shrink_to_changed_blocks(
            old, data, [(region.start, region.start), *places, (region.old_end, region.old_end)]
        )
        return start, end, end + len(data) - len(old)

    def _unexpected_change_error(self) -> RegistryError:
        return RegistryError(
            _(
                "{path}: cannot edit the event without changing other parts of the file; nothing was changed",
                path=self._index.path,
            ),
            hint=_("the event uses TOML syntax that ilocal cannot edit; change the event in an editor"),
        )
