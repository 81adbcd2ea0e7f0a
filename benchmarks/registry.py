"""A registry of ilocal on disk, which is restored before each run that changes it."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

# ilocal trusts the times of a file only two seconds after its last change, which
# cannot be set: only waiting helps.
SETTLED = 2.1
_HOUR = 3600
EDITED = "đã sửa"


class Registry:
    """A file, or a folder of files, that other programs may change and that is restored byte by byte."""

    def __init__(self, path: Path) -> None:
        """Take the files at `path` as the state to come back to."""
        self.path = path
        self._kept = path.with_name(f"{path.name}.kept")
        self._folder = path if path.is_dir() else path.parent
        self._names = sorted(p.name for p in path.iterdir()) if path.is_dir() else [path.name]
        self._kept.mkdir()
        for name in self._names:
            shutil.copyfile(self._folder / name, self._kept / name)
            _age(self._folder / name)
        self._states = {name: _state(self._folder / name) for name in self._names}
        time.sleep(SETTLED)

    @property
    def size(self) -> int:
        """Bytes in all files."""
        return sum((self._kept / name).stat().st_size for name in self._names)

    def restore(self) -> bool:
        """Restore every file, and wait until it counts as settled; return whether anything had changed."""
        changed = [name for name in self._names if _state(self._folder / name) != self._states[name]]
        if self.path.is_dir():
            for extra in {p.name for p in self.path.iterdir()} - set(self._names):
                (self.path / extra).unlink()
                changed.append(extra)
        for name in set(changed) & set(self._names):
            self._replace(name, (self._kept / name).read_bytes())
            _age(self._folder / name)
            self._states[name] = _state(self._folder / name)
        if changed:
            time.sleep(SETTLED)
        return bool(changed)

    def edit(self) -> None:
        """Change the title of one event in the middle, as an editor does that renames a new file over the old one."""
        name = self._names[len(self._names) // 2]
        text = (self._kept / name).read_bytes()
        at = text.index(b"\ntitle = ", len(text) // 2) + len(b"\ntitle = ")
        end = text.index(b"\n", at) - 1  # before the closing quote
        self._replace(name, text[:end] + f" ({EDITED})".encode() + text[end:])

    def _replace(self, name: str, text: bytes) -> None:
        new = self._folder / f"{name}.new"
        with new.open("wb") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())  # the next measurement must not include syncing these bytes
        os.replace(new, self._folder / name)


def _age(path: Path) -> None:
    hour_ago = time.time() - _HOUR
    os.utime(path, (hour_ago, hour_ago))


def _state(path: Path) -> tuple[int, int, int, int]:
    status = path.stat()
    return status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns
