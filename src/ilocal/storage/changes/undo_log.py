"""What was written last, so that it can be taken back: one file a write, outside of the registry's folder.

A write is kept as the stretch of each file that it replaced, both ways, in whole pieces. While nothing else changed,
putting the old stretch back restores every byte; otherwise the events that differ are known by their ids.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from ilocal.storage.changes.text_delta import Edit, Stretch, edits

MOST = 100  # writes
MOST_BYTES = 64_000_000  # in all; the last write is kept in any case


@dataclass(frozen=True, slots=True)
class Write:
    """One write, with its number."""

    number: int
    when: datetime
    stretches: tuple[Stretch, ...]
    is_lost: bool = False  # whether it was seen that a later save of an old text took it out

    @property
    def edits(self) -> list[Edit]:
        """What it changed, event by event."""
        return [edit for stretch in self.stretches for edit in edits(stretch)]

    @property
    def undone(self) -> list[Edit]:
        """The same, the other way round."""
        return [edit for stretch in self.stretches for edit in edits(stretch.reverse)]


# --------------------------------------------------------------------------------------------------------------- files


def folder_for(registry: Path) -> Path:
    """Where the writes of a registry are kept."""
    from platformdirs import user_state_path

    real = Path(os.path.realpath(registry))
    return user_state_path("ilocal") / "undo" / f"{real.stem[:40]}-{sha256(os.fsencode(real)).hexdigest()[:16]}"


def numbers(folder: Path) -> list[int]:
    """The numbers of the writes that are kept, the oldest first."""
    with suppress(OSError):
        return sorted(int(path.stem) for path in folder.glob("*.json") if path.stem.isdecimal())
    return []


def writes(folder: Path) -> Iterator[Write]:
    """The writes that are kept and can be read, the last one first."""
    for number in reversed(numbers(folder)):
        with suppress(OSError, ValueError, TypeError, KeyError, OverflowError, RecursionError):
            yield _read(folder, number)


def _read(folder: Path, number: int) -> Write:
    path = _path(folder, number)
    if not path.is_file():  # whoever opened a FIFO would wait for ever
        raise ValueError(path)
    plain = json.loads(path.read_bytes())
    when = datetime.fromisoformat(plain["when"]).astimezone(UTC)
    if not 1970 <= when.year < 9999:  # so that it is a time in every zone
        raise ValueError(when)
    return Write(number, when, tuple(_stretch(**one) for one in plain["stretches"]), plain["is_lost"] is True)


def _stretch(**plain: Any) -> Stretch:
    """A stretch that was kept. Raises TypeError or ValueError for what is none."""
    found = Stretch(**plain)
    for text in (found.file, found.stamp, found.around, *(text for text in (found.old, found.new) if text is not None)):
        str.encode(text)
    if type(found.start) is not int or found.start < 0:
        raise ValueError(found.start)
    return found


def _path(folder: Path, number: int) -> Path:
    return folder / f"{number:08}.json"


def keep(folder: Path, stretches: Sequence[Stretch]) -> None:
    """Keep what was just written, under the registry's lock, and let go of what is old. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    kept = numbers(folder)
    _write(folder, Write(kept[-1] + 1 if kept else 1, datetime.now(UTC).replace(microsecond=0), tuple(stretches)))
    _let_go(folder)


def note_lost(folder: Path, write: Write, *, is_lost: bool) -> None:
    """Keep in mind that it was said of a write that it is lost, or that it is so no more."""
    with suppress(OSError):
        _write(folder, replace(write, is_lost=is_lost))


def _write(folder: Path, write: Write) -> None:
    plain = {**asdict(write), "when": write.when.isoformat()}
    _put(_path(folder, write.number), json.dumps(plain, ensure_ascii=False, indent=1).encode())


def _put(path: Path, data: bytes) -> None:
    """Write a file for our eyes alone, whole or not at all; over an old one, where there is one."""
    made = path.with_suffix(".tmp")
    descriptor = os.open(
        made, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK, 0o600
    )
    try:
        with open(descriptor, "wb") as file:
            file.write(data)
        made.replace(path)
    except BaseException:
        made.unlink(missing_ok=True)
        raise


def _let_go(folder: Path) -> None:
    kept = numbers(folder)
    size = 0
    for n, number in enumerate(reversed(kept)):
        path = _path(folder, number)
        size += path.stat().st_size
        if n and (n >= MOST or size > MOST_BYTES):
            path.unlink()


def rescue(folder: Path, path: Path) -> Path:
    """Keep a text that a killed write displaced; returns where it is now. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    data = path.read_bytes()
    kept = folder / f"displaced-{sha256(data).hexdigest()[:12]}.toml"
    _put(kept, data)
    for written in (kept, folder):  # there is no other copy, once this one is gone
        descriptor = os.open(written, os.O_RDONLY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    path.unlink()
    return kept
