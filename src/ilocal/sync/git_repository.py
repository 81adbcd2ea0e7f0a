"""The git repository that a registry is in: its root, its configuration, and old versions of its files."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from ilocal.errors import UsageError
from ilocal.i18n.messages import _


class Commit(NamedTuple):
    """A commit in the history of an event."""

    hash: str
    parents: tuple[str, ...]  # as far as they changed the file; none for the first commit
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
            raise UsageError(_("{path} is not in a git repository", path=path), hint=_("create one with: git init"))
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

    def list_commits(self, path: str) -> list[Commit]:
        """Return the commits that changed a file or folder, and all merges between them, children before parents."""
        form = "%H%x00%P%x00%at%x00%an%x00%s"
        if not self._run("rev-parse", "--verify", "--quiet", "HEAD", accepted=(0, 1)):
            return []  # there are no commits yet
        options = ("--topo-order", "--full-history", "--parents", f"--format={form}")
        text = self._run("log", *options, "--", _make_pathspec(path)).decode(errors="replace")
        found = []
        for line in filter(None, text.split("\n")):
            hash, parents, stamp, author, subject = line.split("\0", 4)
            found.append(Commit(hash, tuple(parents.split()), int(stamp), author, subject))
        return found

    def is_shallow(self) -> bool:
        """Return whether the clone lacks the older part of the history."""
        return self._run("rev-parse", "--is-shallow-repository").strip() == b"true"

    @contextmanager
    def open_objects(self) -> Iterator[GitObjects]:
        """Yield a reader of many objects, for which git is started once."""
        with subprocess.Popen(
            ["git", "cat-file", "--batch"], cwd=self.root, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        ) as process:
            yield GitObjects(process)

    def list_unmerged_blobs(self, path: str) -> dict[int, str]:
        """Return git's blob ids of a file in an unfinished merge, by stage: 1 the base, 2 and 3 the sides."""
        found = {}
        for line in self._run("ls-files", "--unmerged", "-z", "--", _make_pathspec(path)).split(b"\0"):
            if line:
                _mode, hash, stage = line.partition(b"\t")[0].decode().split(" ")
                found[int(stage)] = hash
        return found

    def read_merged_text(self, path: str) -> bytes:
        """Return a file as the unfinished merge left it, with conflict markers; b"" if git has not kept that.

        Git has kept it since version 2.34, and only where its driver for text or another one wrote a file.
        """
        return self._run("cat-file", "blob", f"AUTO_MERGE:{path}", accepted=(0, 128))

    def has_changed_file(self, path: str) -> bool:
        """Return whether a file differs from the last commit, or is not in it."""
        return bool(self._run("status", "--porcelain", "--", _make_pathspec(path)))

    def read_blob(self, hash: str) -> bytes:
        """Return the contents of an old version of a file."""
        return self._run("cat-file", "blob", hash)

    def _run(self, *arguments: str, accepted: Iterable[int] = (0,)) -> bytes:
        done = _run_git(self.root, *arguments)
        if done.returncode not in accepted:
            said = done.stderr.decode(errors="replace").strip().removeprefix("fatal: ")
            raise UsageError(_("git {command}: {reason}", command=arguments[0], reason=said))
        return done.stdout


class GitObjects:
    """A reader of git's objects by name."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process

    def read_object(self, name: str) -> tuple[str, bytes]:
        """Return the id and the contents of an object; "" and nothing if it is missing."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{name}\n".encode())
        self._process.stdin.flush()
        id, _kind, *size = self._process.stdout.readline().decode().split()
        if not size:
            return "", b""
        data = self._process.stdout.read(int(size[0]) + 1)
        return id, data[:-1]

    def read_tree(self, name: str) -> dict[str, tuple[bool, str]]:
        """Return the entries of a folder by name: whether each is a folder, and its id."""
        id, data = self.read_object(name)
        found, at, length = {}, 0, len(id) // 2
        while at < len(data):
            end = data.index(b"\0", at)
            mode, _blank, entry = data[at:end].partition(b" ")
            found[os.fsdecode(entry)] = (mode == b"40000", data[end + 1 : end + 1 + length].hex())
            at = end + 1 + length
        return found


def _make_pathspec(path: str) -> str:
    """Return a path from the root as git takes it in any folder; git does not take `.` literally for the root."""
    return ":(top)" if path == "." else f":(top,literal){path}"


def _run_git(folder: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "LC_ALL": "C"}
    return subprocess.run(
        ["git", *arguments], cwd=folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True, check=False
    )


def find_git_files_above(folder: Path, name: str) -> Iterator[Path]:
    """Yield the files with a name in a folder and its parents, up to the root of the repository."""
    for above in (folder, *folder.parents):
        with suppress(OSError):
            if (above / name).is_file():
                yield above / name
            if (above / ".git").exists():
                return
