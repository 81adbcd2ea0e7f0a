"""The application without a terminal: where the registry is, its answers, and changing it. Also the Python API."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from ilocal.errors import NotDurableError, Problem, RegistryError
from ilocal.query import Query

if TYPE_CHECKING:  # imported where used: a question needs no parser, a change no index
    from ilocal.draft import Draft
    from ilocal.event import Event
    from ilocal.header import Header
    from ilocal.index import Index
    from ilocal.index.fill import Change

NAMES = ("events.toml", "data/events.toml")


def locate(option: str | None, environ: Mapping[str, str], folder: Path) -> Path:
    """The registry to use: named by `option` or ILOCAL_REGISTRY, else found in `folder` or the nearest one above,
    else in the user's data folder. Raises RegistryError with the `ilocal init` to type.
    """
    named = option or environ.get("ILOCAL_REGISTRY")
    if named:
        return Path(named)
    for above in (folder, *folder.parents):
        for name in NAMES:
            with suppress(OSError):  # a folder above may be closed to us
                if (above / name).is_file():
                    return _relative(above / name, folder)
    from platformdirs import user_data_path

    path = user_data_path("ilocal") / "events.toml"
    if path.is_file():
        return path
    raise RegistryError("there is no registry here or above", hint="make one with: ilocal init")


def _relative(path: Path, folder: Path) -> Path:
    return path.relative_to(folder) if path.is_relative_to(folder) else path


class Workspace:
    """A registry at a path, a file or a folder.

    Answers are from its text as it is at the first question, until `close` or a change: then as it is at the next.
    """

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path)

    @property
    def file(self) -> str:
        """The registry's name in messages."""
        return str(self.path)

    @cached_property
    def _index(self) -> Index:
        from ilocal.index import open_index

        return open_index(self.path)

    def close(self) -> None:
        """Let go of the index; whatever is asked next opens it again."""
        index = self.__dict__.pop("_index", None)
        if index is not None:
            index.close()

    @property
    def header(self) -> Header:
        return self._index.header

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What in the registry could not be read, and what is doubtful."""
        return self._index.problems

    def __len__(self) -> int:
        """How many events can be read."""
        return self._index.count

    def select(self, query: Query) -> Iterator[Event]:
        """The answers of `query`, one by one, in its order.

        Raises RegistryError where the registry cannot be read, or nothing in it can.
        """
        from ilocal.index import select

        if not len(self):
            error = next((problem for problem in self.problems if problem.level == "error"), None)
            if error:
                raise RegistryError(error.at(self.file))
        return select(self._index, query)

    def find(self, handle: str) -> Event:
        """The event that `handle` names (see `handles.resolve`). Raises HandleError."""
        from ilocal.index import find

        return find(self._index, handle)

    def block(self, id: str) -> str:
        """The event's own lines in the registry."""
        from ilocal.draft import Draft

        return Draft(self._index, {}).block(id)

    def split(self, folder: Path) -> list[str]:
        """Copy the registry into a new folder with a file a year; returns the names of the files.

        Raises RegistryError, ConflictError.
        """
        from ilocal import files, parts

        found = parts.split(self.path)
        files.create_folder(folder, found)
        return sorted(found)

    def join(self, path: Path) -> None:
        """Copy the registry, all files of its folder, into one new file. Raises RegistryError, ConflictError."""
        from ilocal import files, parts

        files.create(path, parts.joined(self.path))

    @contextmanager
    def changing(self) -> Iterator[Draft]:
        """A draft of changes, under the registry's lock. Written when the block ends without an error, else dropped.

        When this returns, the changes are on disk. In a folder each file is replaced for itself, one after the other.
        Raises RegistryError, ConflictError, NotDurableError.
        """
        from ilocal import files
        from ilocal.draft import Draft
        from ilocal.index import open_index

        self.close()
        try:
            with files.locked(self.path):
                snapshots = {} if self.path.is_dir() else {"": files.read(self.path)}
                self._index = open_index(self.path, snapshots)
                draft = Draft(self._index, snapshots)
                yield draft
                if not draft.is_empty:
                    self._write_all(draft.changes())
        finally:
            self.close()

    def _write_all(self, changes: Sequence[Change]) -> None:
        doubt: NotDurableError | None = None
        for change in changes:
            try:
                self._write(change)
            except NotDurableError as error:  # it is written, and so must be what belongs to it
                doubt = doubt or error
        self._index.take_in(changes)
        if doubt:
            raise doubt

    def _write(self, change: Change) -> None:
        from ilocal import files

        if change.before is None:
            files.create(change.member.path, change.data)
        elif change.member.name:
            with files.locked(change.member.path):
                files.replace(change.member.path, change.before, change.data)
        else:
            files.replace(change.member.path, change.before, change.data)
