"""State of a git repository, read from its files without starting git."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha1, sha256
from pathlib import Path

_UNFINISHED = ("MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD", "rebase-merge", "rebase-apply")
_REFLOG_TAIL_BYTES = 65_536
_REFLOG_LINE_PATTERN = re.compile(rb"> (\d+) [+-]\d{4}\t(.*)$")
_MOVE_PATTERN = re.compile(rb"(?!commit)|commit \(merge\)")  # a plain commit changes no file
_PACK_INDEX_MAGIC = b"\xfftOc\x00\x00\x00\x02"


@dataclass(frozen=True, slots=True)
class GitRepository:
    """A repository on disk: the folder of its work tree, and the one that several work trees share."""

    folder: Path
    common_folder: Path

    def has_moved_since(self, time: datetime) -> bool:
        """Return whether git changed files after a moment: by checkout, merge, pull, rebase or reset.

        A commit changes no files. An unfinished merge or rebase counts.
        """
        if any((self.folder / name).exists() for name in _UNFINISHED):
            return True
        path = self.folder / "logs" / "HEAD"
        with suppress(OSError):
            if os.stat(path).st_mtime < time.timestamp():
                return False
            with path.open("rb") as file:
                file.seek(max(0, os.fstat(file.fileno()).st_size - _REFLOG_TAIL_BYTES))
                lines = file.read().splitlines()
            found = [match for line in lines if (match := _REFLOG_LINE_PATTERN.search(line))]
            return any(int(match[1]) >= int(time.timestamp()) and _MOVE_PATTERN.match(match[2]) for match in found)
        return False

    def has_blob(self, data: bytes) -> bool:
        """Return whether a text is a state of a file that the repository keeps."""
        config = b""
        with suppress(OSError):
            config = (self.common_folder / "config").read_bytes().lower()
        make_hash = sha256 if re.search(rb"objectformat\s*=\s*sha256", config) else sha1
        id = make_hash(b"blob %d\0" % len(data) + data).digest()
        return any(
            _has_git_object_file(folder, id)
            for folder in _list_git_object_folders_on_disk(self.common_folder / "objects")
        )


def find_git_folder_of_file(path: Path) -> GitRepository | None:
    """Return the repository whose work tree contains a file; None if there is none."""
    real = Path(os.path.realpath(path))
    for folder in real.parents:
        found = folder / ".git"
        if found.is_dir():
            return GitRepository(found, found)
        with suppress(OSError, UnicodeDecodeError):
            if found.is_file():  # another work tree, or a submodule
                own = folder / found.read_text(encoding="utf-8").removeprefix("gitdir:").strip()
                shared = own / "commondir"
                common = own / shared.read_text(encoding="utf-8").strip() if shared.is_file() else own
                return GitRepository(own, common)
    return None


def _list_git_object_folders_on_disk(folder: Path) -> Iterator[Path]:
    """Yield the object folders of a repository, including those of its alternates."""
    waiting, seen = [folder], set[Path]()
    while waiting:
        folder = waiting.pop()
        if folder in seen:
            continue
        seen.add(folder)
        yield folder
        with suppress(OSError, UnicodeDecodeError):
            text = (folder / "info" / "alternates").read_text(encoding="utf-8")
            waiting += [folder / line for line in text.splitlines() if line and not line.startswith("#")]


def _has_git_object_file(folder: Path, id: bytes) -> bool:
    name = id.hex()
    if (folder / name[:2] / name[2:]).is_file():
        return True
    with suppress(OSError):
        return any(_has_git_object_in_pack_file(path, id) for path in (folder / "pack").glob("*.idx"))
    return False


def _has_git_object_in_pack_file(path: Path, id: bytes) -> bool:
    """Return whether the index of a pack lists an object: a table by first byte, then sorted names."""
    with suppress(OSError, ValueError), path.open("rb") as file:
        if file.read(8) != _PACK_INDEX_MAGIC:
            return False  # version 1, which git has not written since 2008
        fanout = file.read(1024)
        low = int.from_bytes(fanout[4 * id[0] - 4 : 4 * id[0]], "big") if id[0] else 0
        high = int.from_bytes(fanout[4 * id[0] : 4 * id[0] + 4], "big")
        start = 8 + 1024 + low * len(id)
        file.seek(start)
        names = file.read((high - low) * len(id))
        return any(names[at : at + len(id)] == id for at in range(0, len(names), len(id)))
    return False
