"""The git repository that a registry is in: its root, its configuration, and old versions of its files."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from ilocal.errors import UsageError
from ilocal.i18n.messages import _


class Commit(NamedTuple):
    """A commit in the history of an event."""

    hash: str
    parent: str  # "" for the first one
    timestamp: int  # in seconds since 1970
    author: str
    subject: str


class GitRepository:
    """A working tree of git."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @classmethod
    def find(cls, path: Path) -> GitRepository:
        """Return the repository of a file or folder. Raises UsageError if there is none, or git is missing."""
        folder = path if path.is_dir() else path.resolve().parent
        try:
            done = _run_git(folder, "rev-parse", "--show-toplevel")
        except FileNotFoundError:
            raise UsageError(_("git is not installed")) from None
        if done.returncode != 0:
            raise UsageError(_("{path} is in no git repository", path=path), hint=_("make one with: git init"))
        return cls(Path(done.stdout.decode().removesuffix("\n")))

    def get_path_inside(self, path: Path) -> str:
        """Return a path as git writes it: from the root, with slashes."""
        return path.resolve().relative_to(self.root.resolve()).as_posix()

    def get_config(self, key: str) -> str:
        """Return a setting; "" if it is not set."""
        return self._run("config", "--get", key, accepted=(0, 1)).decode().removesuffix("\n")

    def set_config(self, key: str, value: str) -> None:
        """Set a setting of this clone. Raises UsageError."""
        self._run("config", "--local", key, value)

    def remove_config_section(self, name: str) -> None:
        """Remove a section from the configuration of this clone, if it exists."""
        self._run("config", "--local", "--remove-section", name, accepted=(0, 128))

    def list_commits(self, path: str) -> Iterator[Commit]:
        """Yield the commits that changed a file or folder, newest first, without merges."""
        form = "%H%x00%P%x00%at%x00%an%x00%s"
        if not self._run("rev-parse", "--verify", "--quiet", "HEAD", accepted=(0, 1)):
            return  # there are no commits yet
        text = self._run("log", "--no-merges", "--full-history", f"--format={form}", "--", path).decode(
            errors="replace"
        )
        for line in filter(None, text.split("\n")):
            hash, parents, stamp, author, subject = line.split("\0", 4)
            yield Commit(hash, parents.split(" ")[0], int(stamp), author, subject)

    def list_files(self, commit: str, path: str) -> dict[str, str]:
        """Return git's blob ids of the files at or below a path in a commit, by file name."""
        out = self._run("ls-tree", "-r", "-z", commit, "--", path, accepted=(0, 128))
        found = {}
        for line in out.split(b"\0"):
            if line:
                meta, _tab, name = line.partition(b"\t")
                found[os.fsdecode(name)] = meta.split(b" ")[2].decode()
        return found

    def read_blob(self, hash: str) -> bytes:
        """Return the contents of an old version of a file."""
        return self._run("cat-file", "blob", hash)

    def _run(self, *arguments: str, accepted: Iterable[int] = (0,)) -> bytes:
        done = _run_git(self.root, *arguments)
        if done.returncode not in accepted:
            said = done.stderr.decode(errors="replace").strip().removeprefix("fatal: ")
            raise UsageError(_("git {command}: {reason}", command=arguments[0], reason=said))
        return done.stdout


def _run_git(folder: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "LC_ALL": "C"}
    return subprocess.run(
        ["git", *arguments], cwd=folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True, check=False
    )


def find_file_above(folder: Path, name: str) -> Iterator[Path]:
    """Yield the files with a name in a folder and its parents, up to the root of the repository."""
    for above in (folder, *folder.parents):
        with suppress(OSError):
            if (above / name).is_file():
                yield above / name
            if (above / ".git").exists():
                return
