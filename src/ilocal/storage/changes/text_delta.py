"""A change of a text as the stretch that differs, in whole pieces, and as the events in it that do."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from ilocal.errors import InvalidEventError
from ilocal.model.event import Event
from ilocal.model.ids import make_event_id
from ilocal.model.serialization import event_from_dict
from ilocal.storage.toml.document import TextBlock, skip_bom, split_blocks
from ilocal.storage.toml.scanner import split_trailing_comments

if TYPE_CHECKING:
    from ilocal.storage.files import FileState


from ilocal.storage.files import FileSnapshot, FileState, RegistryFile
from ilocal.storage.toml import document


@dataclass(frozen=True, slots=True)
class TextDelta:
    """The replaced stretch of a file in one write: old and new text; None if the file did not, or does not, exist."""

    file: str  # "" where the registry is one file
    start: int  # in bytes, from where the text begins (behind a byte-order mark)
    old_text: str | None
    new_text: str | None
    file_state: str = ""  # the state of the file afterwards
    context_hash: str = ""  # of the rest of the file: `hash_file_text_around_delta`

    @property
    def inverse(self) -> TextDelta:
        return replace(self, old_text=self.new_text, new_text=self.old_text, file_state="")


def make_undo_text_delta(change: FileChange, state: FileState | None = None) -> TextDelta:
    """Return a file change as it is recorded in the undo log."""
    start, old_end, end = change.changed_range
    text = skip_bom(change.data if change.before is None else change.before.data) if change.data is not None else 0
    start = max(start, text)
    old = None if change.before is None else change.before.data[start:old_end].decode()
    new = None if change.data is None else change.data[start:end].decode()
    rest = hash_file_text_around_delta(change.before.data, start, old_end) if change.before is not None else ""
    return TextDelta(change.file.name, start - text, old, new, state.text if state else "", rest)


def hash_file_text_around_delta(data: bytes, start: int, end: int) -> str:
    """Return a hash of a text without the bytes from `start` to `end`."""
    found = sha256(memoryview(data)[:start])
    found.update(memoryview(data)[end:])
    return found.hexdigest()


def fits_text_delta(data: bytes | None, delta: TextDelta) -> bool:
    """Return whether a file's content, None if it does not exist, is exactly as it was before a change."""
    if data is None or delta.old_text is None:
        return data is None and delta.old_text is None
    start = skip_bom(data) + delta.start
    end = start + len(old := delta.old_text.encode())
    if delta.new_text is None:
        return data[start:] == old
    return data[start:end] == old and hash_file_text_around_delta(data, start, end) == delta.context_hash


def apply_text_delta(data: bytes | None, delta: TextDelta) -> bytes | None:
    """Return a file's content after a change, None if it removes the file. Requires `fits_text_delta`."""
    if data is None or delta.old_text is None or delta.new_text is None:
        return None if delta.new_text is None else delta.new_text.encode()
    start = skip_bom(data) + delta.start
    return data[:start] + delta.new_text.encode() + data[start + len(delta.old_text.encode()) :]


def has_file_applied_delta(data: bytes | None, delta: TextDelta) -> bool:
    """Return whether a file's content, None if it does not exist, is exactly as a change left it."""
    if data is None or delta.new_text is None:
        return data is None and delta.new_text is None
    new = delta.new_text.encode()
    start = skip_bom(data) + delta.start
    if delta.old_text is None:
        return data[start:] == new
    end = start + len(new)
    return data[start:end] == new and hash_file_text_around_delta(data, start, end) == delta.context_hash


# Lines that distinguish a registry from others: its header, and the titles and ids of its events.
_LANDMARK_LINE_PATTERN = re.compile(rb"^[ \t]*(?:id|title|uid|uid_domain)[ \t]*=[ \t]*(.*\S)", re.MULTILINE)
_LANDMARK_BYTES = 65_536  # of a text that are looked through, on each side of a change
_MAX_LANDMARKS = 24  # of each side


def find_landmarks(*texts: bytes) -> frozenset[str]:
    """Return digests of the lines in some texts that identify a registry and its events."""
    return frozenset(
        sha256(match[1]).hexdigest()[:12] for text in texts for match in _LANDMARK_LINE_PATTERN.finditer(text)
    )


def find_landmarks_around_change(change: FileChange) -> frozenset[str]:
    """Return some landmarks of a text that a change left as they were: those at its top, and those next to it."""
    if change.data is None or change.before is None:
        return frozenset()
    start, _old_end, end = change.changed_range
    data = change.data
    near = data[max(0, start - _LANDMARK_BYTES) : start]
    around = (data[: min(start, _LANDMARK_BYTES)], near, data[end : end + _LANDMARK_BYTES])
    top, above, below = ([match[0] for match in _LANDMARK_LINE_PATTERN.finditer(text)] for text in around)
    return find_landmarks(b"\n".join([*top[:_MAX_LANDMARKS], *above[-_MAX_LANDMARKS:], *below[:_MAX_LANDMARKS]]))


class EventText(NamedTuple):
    """An event's own lines, without a line end at the end."""

    text: str
    has_id: bool  # else it is identified by its lines: its computed id depends on all other events


class EventEdit(NamedTuple):
    """An event before and after a write; None if it did not, or does not, exist."""

    file: str
    id: str
    before: EventText | None
    after: EventText | None
    anchor: str  # the id of the event above a new one; "" if that has none or does not exist

    @property
    def inverse(self) -> EventEdit:
        return self._replace(before=self.after, after=self.before, anchor="")


def list_event_edits(delta: TextDelta) -> list[EventEdit]:
    """Return the events that a write changed: first changed and removed ones, then new ones in text order."""
    before, after = (_map_toml_block_texts(text, delta) for text in (delta.old_text, delta.new_text))
    gone = [
        EventEdit(delta.file, id, lines, after.get(id), "") for id, lines in before.items() if after.get(id) != lines
    ]
    above, new = "", []
    for id, lines in after.items():
        if id not in before:
            new.append(EventEdit(delta.file, id, None, lines, above))
        above = id
    return gone + new


def has_reordered_toml_blocks(delta: TextDelta) -> bool:
    """Return whether a write changed the order of remaining events, which edits of single events cannot revert."""
    before, after = (_map_toml_block_texts(text, delta) for text in (delta.old_text, delta.new_text))
    return [id for id in before if id in after] != [id for id in after if id in before]


def _iterate_event_blocks(text: str | None, delta: TextDelta) -> Iterator[tuple[TextBlock, str]]:
    """Yield the event blocks of a changed stretch, each with its text."""
    # Comments at the top of a text belong to no event, but those at the top of a stretch do: it goes on from a line.
    data = ("" if delta.start == 0 else "\n").encode() + (text or "").encode()
    for piece in split_blocks(data, start=0 if delta.start == 0 else 1):
        if piece.is_event:
            yield piece, data[piece.start : piece.end].decode()


def _map_toml_block_texts(text: str | None, delta: TextDelta) -> dict[str, EventText]:
    """Return the lines of each event by id; an event without an id gets a unique one."""
    found: list[tuple[Event, str]] = []
    for piece, lines in _iterate_event_blocks(text, delta):
        with suppress(InvalidEventError):
            found.append((event_from_dict(piece.table or {}), split_trailing_comments(lines)[0].rstrip("\r\n")))
    taken = {event.id for event, _ in found}
    named: dict[str, EventText] = {}
    last: dict[str, int] = {}
    for event, lines in found:
        id = event.id or make_event_id(event.title, event.start, taken, counters=last)
        taken.add(id)
        named[id] = EventText(lines, bool(event.id))
    return named


def list_toml_block_digests(text: str | None, delta: TextDelta) -> list[bytes]:
    """Return the digests of the events in one of the two texts of a delta."""
    return [piece.digest for piece, _ in _iterate_event_blocks(text, delta)]


def shrink_to_changed_blocks(old: bytes, new: bytes, places: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """Return the start and end, in the old text, of the blocks that differ in the new text.

    Arguments:
        old: the old text.
        new: the new text.
        places: start and end of the old text's blocks; only from the first to the last is compared.
    """
    first, last = places[0][0], places[-1][1]
    shift = len(new) - len(old)
    above = first + _count_common_file_bytes(old[first:last], new[first : last + shift])
    # The block above is part of the change: it may absorb the rest of the next one, and its end marks the place.
    start = [first, first, *(at for at, _ in places if at <= above)][-2]
    below = _count_common_file_bytes(old[start:last][::-1], new[start : last + shift][::-1])
    return start, min(end for _, end in places if end >= max(start, last - below))


def join_blocks_with_blank_lines(data: bytes, at: int, texts: Sequence[str], newline: str) -> str:
    """Return blocks, each ending in a newline, for insertion at `at`, with blank lines between as around them."""
    above, is_last = data[:at], at == len(data)
    blank = not above or above.endswith((b"\n\n", b"\n\r\n"))
    if not is_last:
        return "".join(text + (newline if blank and above else "") for text in texts)
    before = "" if blank else newline if above.endswith(b"\n") else newline * 2
    together = newline.join(texts)
    return before + (together if blank or above.endswith(b"\n") else together.removesuffix(newline))


def _count_common_file_bytes(one: bytes, other: bytes) -> int:
    """Return the length of the common prefix of two texts."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


@dataclass(frozen=True, slots=True)
class FileChange:
    """A file's new content, None if it is removed; `before` is what it replaces, None for a new file."""

    file: RegistryFile
    before: FileSnapshot | None
    data: bytes | None
    region: ChangedRegion | None  # the part that is new to the index
    changed_range: tuple[
        int, int, int
    ]  # where the pieces that differ begin, and where they end in the old and the new text


class Segment(NamedTuple):
    """A stretch of a file as it was read; places are in bytes, lines from 1.

    The first one of a text that is not cut into pieces is all of it, and its line is 0.
    """

    id: int
    start: int
    length: int
    line: int
    line_count: int
    digest: bytes

    @property
    def end(self) -> int:
        return self.start + self.length

    @property
    def is_unsplit(self) -> bool:
        return self.line == 0


@dataclass(frozen=True, slots=True)
class ChangedRegion:
    """The part of a text from `start` (in `line`) to `end` that differs from the index; `old_segments` were there."""

    data: bytes
    start: int
    end: int
    line: int
    old_segments: tuple[Segment, ...]
    blocks: Sequence[TextBlock] | None  # None for the whole of a new text

    def list_blocks(self) -> Sequence[TextBlock]:
        """Return the blocks of the region."""
        return list(document.split_blocks(self.data)) if self.blocks is None else self.blocks

    @property
    def old_end(self) -> int:
        return self.old_segments[-1].end if self.old_segments else self.start
