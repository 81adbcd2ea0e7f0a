"""Undo log: recent writes of a registry, one file each, outside of the registry's folder.

A write is recorded as the stretch of each file that it replaced, old and new, in whole blocks. If nothing else changed,
restoring the old stretch restores every byte; otherwise the events that differ are identified by their ids.
"""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Any

from ilocal.storage.changes.text_delta import EventEdit, TextDelta, list_event_edits
from ilocal.storage.discovery import get_user_folder
from ilocal.storage.files import MAX_REGISTRY_FILE_BYTES

RESOLUTION_COMMAND = "resolve"
MAX_UNDO_ENTRIES = 100  # writes
MAX_UNDO_LOG_BYTES = 64_000_000  # total size; the last write is kept in any case


@dataclass(frozen=True, slots=True)
class ChangeOrigin:
    """The command that makes a change, and the numbers of earlier changes that it undoes, redoes or restores."""

    command: str = ""  # "" for a program that uses the Python API
    details: str = ""  # details, such as the names of imported files
    undoes: int | None = None
    redoes: int | None = None
    restores: tuple[int, ...] = ()  # changes that were lost

    @property
    def is_resolution(self) -> bool:
        """Return whether the change resolved merge conflicts: before it, the text had conflict markers."""
        return self.command == RESOLUTION_COMMAND


@dataclass(frozen=True, slots=True)
class UndoEntry:
    """A recorded change, which can be undone."""

    number: int
    timestamp: datetime
    deltas: tuple[TextDelta, ...]
    is_lost: bool = False  # whether it was seen that a later save of an old text took it out
    origin: ChangeOrigin = field(default_factory=ChangeOrigin)
    is_superseded: bool = False  # whether git replaced it by another state
    landmarks: frozenset[str] | None = None  # digests of lines around it; None in a log of an earlier version

    @property
    def edits(self) -> list[EventEdit]:
        """Return the changes that it made, event by event."""
        return [edit for stretch in self.deltas for edit in list_event_edits(stretch)]

    @property
    def inverse_edits(self) -> list[EventEdit]:
        """Return the changes that take it back, event by event."""
        return [edit for stretch in self.deltas for edit in list_event_edits(stretch.inverse)]


# --------------------------------------------------------------------------------------------------------------- files


def get_undo_folder(registry: Path) -> Path:
    """Return the folder of a registry's undo log."""
    real = Path(os.path.realpath(registry))
    return get_user_folder("state") / "undo" / f"{real.stem[:40]}-{sha256(os.fsencode(real)).hexdigest()[:16]}"


def list_undo_numbers(folder: Path) -> list[int]:
    """Return the numbers of the recorded writes, oldest first."""
    with suppress(OSError):
        return sorted(int(path.stem) for path in folder.glob("*.json") if path.stem.isdecimal())
    return []


def read_undo_entries(folder: Path) -> Iterator[UndoEntry]:
    """Yield the recorded writes that are readable, newest first."""
    for number in reversed(list_undo_numbers(folder)):
        with suppress(OSError, ValueError, TypeError, KeyError, OverflowError, RecursionError):
            yield _read_undo_entry(folder, number)


def _read_undo_entry(folder: Path, number: int) -> UndoEntry:
    path = _get_undo_entry_path(folder, number)
    if not path.is_file():  # opening a FIFO would block
        raise ValueError(path)
    plain = json.loads(path.read_bytes())
    when = datetime.fromisoformat(plain["when"]).astimezone(UTC)
    if not 1970 <= when.year < 9999:  # so that it is a time in every zone
        raise ValueError(when)
    return UndoEntry(
        number,
        when,
        tuple(_parse_undo_delta(one) for one in plain["stretches"]),
        plain["is_lost"] is True,
        _parse_origin_in_undo_log(plain.get("origin", {})),
        plain.get("is_superseded") is True,
        frozenset(map(str, plain["landmarks"])) if "landmarks" in plain else None,
    )


def _parse_origin_in_undo_log(plain: dict[str, Any]) -> ChangeOrigin:
    """Return the origin of a change; the default one for a log written by an earlier version."""
    numbers = [*plain.get("restores", ()), *(plain[key] for key in ("undoes", "redoes") if key in plain)]
    if not all(type(number) is int for number in numbers):
        raise ValueError(numbers)
    texts = {key: str(plain.get(key, "")) for key in ("command", "details")}
    return ChangeOrigin(
        **texts, undoes=plain.get("undoes"), redoes=plain.get("redoes"), restores=tuple(plain.get("restores", ()))
    )


# The keys of a delta on disk, and its fields; fixed, so that logs of older versions stay readable.
_FIELD_BY_KEY = {
    "file": "file",
    "start": "start",
    "old": "old_text",
    "new": "new_text",
    "stamp": "file_state",
    "around": "context_hash",
}


def _undo_delta_to_dict(delta: TextDelta) -> dict[str, Any]:
    return {key: getattr(delta, field) for key, field in _FIELD_BY_KEY.items()}


def _parse_undo_delta(plain: object) -> TextDelta:
    """Return a delta that was written by `_undo_delta_to_dict`. Raises ValueError or TypeError for anything else."""
    if not isinstance(plain, dict) or not plain.keys() <= _FIELD_BY_KEY.keys():
        raise ValueError(plain)
    found = TextDelta(**{_FIELD_BY_KEY[key]: value for key, value in plain.items()})
    for text in (
        found.file,
        found.file_state,
        found.context_hash,
        *(text for text in (found.old_text, found.new_text) if text is not None),
    ):
        str.encode(text)
    if type(found.start) is not int or found.start < 0:
        raise ValueError(found.start)
    return found


def _get_undo_entry_path(folder: Path, number: int) -> Path:
    return folder / f"{number:08}.json"


def append_undo_entry(
    folder: Path, deltas: Sequence[TextDelta], origin: ChangeOrigin, landmarks: frozenset[str] = frozenset()
) -> None:
    """Record a write and prune old entries, under the registry's lock. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    kept = list_undo_numbers(folder)
    number = kept[-1] + 1 if kept else 1
    _write_undo_entry(folder, UndoEntry(number, datetime.now(UTC), tuple(deltas), origin=origin, landmarks=landmarks))
    _prune_undo_log(folder)


def clear_undo_log(registry: Path) -> None:
    """Forget the changes of another registry that was at this path before."""
    folder = get_undo_folder(registry)
    for number in list_undo_numbers(folder):
        with suppress(OSError):
            _get_undo_entry_path(folder, number).unlink()


def mark_undo_entry(folder: Path, entry: UndoEntry, **marks: bool) -> None:
    """Set marks of a recorded change: `is_lost`, `is_superseded`."""
    with suppress(OSError):
        _write_undo_entry(folder, replace(entry, **marks))  # type: ignore[arg-type]


def _write_undo_entry(folder: Path, entry: UndoEntry) -> None:
    plain = {
        "number": entry.number,
        "when": entry.timestamp.isoformat(),
        "stretches": [_undo_delta_to_dict(delta) for delta in entry.deltas],
        "is_lost": entry.is_lost,
        "origin": {key: value for key, value in asdict(entry.origin).items() if value},
        "is_superseded": entry.is_superseded,
        **({} if entry.landmarks is None else {"landmarks": sorted(entry.landmarks)}),
    }
    _write_private_file(
        _get_undo_entry_path(folder, entry.number), [json.dumps(plain, ensure_ascii=False, indent=1).encode()]
    )


def _write_private_file(path: Path, chunks: Iterable[bytes]) -> None:
    """Write a file that only the user can read atomically, replacing an old one."""
    made = path.with_suffix(".tmp")
    descriptor = os.open(
        made, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK, 0o600
    )
    try:
        with open(descriptor, "wb") as file:
            file.writelines(chunks)
        made.replace(path)
    except BaseException:
        made.unlink(missing_ok=True)
        raise


def _prune_undo_log(folder: Path) -> None:
    kept = list_undo_numbers(folder)
    size = 0
    for n, number in enumerate(reversed(kept)):
        path = _get_undo_entry_path(folder, number)
        size += path.stat().st_size
        if n and (n >= MAX_UNDO_ENTRIES or size > MAX_UNDO_LOG_BYTES):
            path.unlink()


def save_displaced_file(folder: Path, path: Path) -> Path:
    """Store a file that a killed write displaced, and return its new path. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with path.open("rb") as file:
        if os.fstat(file.fileno()).st_size > MAX_REGISTRY_FILE_BYTES:
            raise OSError(errno.EFBIG, os.strerror(errno.EFBIG), path)
        digest = file_digest(file, "sha256").hexdigest()[:12]
        file.seek(0)
        kept = folder / f"displaced-{digest}.toml"
        _write_private_file(kept, iter(lambda: file.read(1 << 20), b""))
    for written in (kept, folder):  # sync both: the displaced original is removed afterwards
        descriptor = os.open(written, os.O_RDONLY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    path.unlink()
    return kept
