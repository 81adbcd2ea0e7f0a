"""When the events of a registry came into git: the first commit that has each id."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from ilocal.sync.git_repository import GitObjects, GitRepository

_EVENT_ID_PATTERN = re.compile(rb"""^[ \t]*["']?id["']?[ \t]*=[ \t]*(["'])(?P<id>[^"'\n]+)\1""", re.MULTILINE)


class FirstCommitTimes(NamedTuple):
    """Seconds since 1970 by id; they may be too late if the clone is shallow, and so not `is_complete`."""

    by_id: dict[str, int]
    is_complete: bool


def find_first_commit_times(registry: Path) -> FirstCommitTimes:
    """Return the time of the first commit that has each id, past or present. Raises UsageError if there is no git."""
    repository = GitRepository.find(registry)
    path = repository.get_path_inside(registry)
    times: dict[str, int] = {}
    if commits := repository.list_commits(path):
        with repository.open_objects() as objects:
            reader = _IdReader(objects)
            for commit in commits:
                for id in reader.list_ids_in_commit(commit.hash, path):
                    times[id] = min(times.get(id, commit.timestamp), commit.timestamp)
    return FirstCommitTimes(times, not repository.is_shallow())


class _IdReader:
    """Reader of the ids in the files of a commit; each version of a file or folder is read once."""

    def __init__(self, objects: GitObjects) -> None:
        self._objects = objects
        self._ids_by_object: dict[str, frozenset[str]] = {}

    def list_ids_in_commit(self, commit: str, path: str) -> frozenset[str]:
        """Return the ids in the file or folder with this path; none if the commit does not have it."""
        is_folder, object = True, f"{commit}^{{tree}}"
        for name in [] if path == "." else path.split("/"):
            is_folder, object = self._objects.read_tree(object).get(name, (False, "")) if is_folder else (False, "")
        return self._list_ids(object, is_folder=is_folder) if object else frozenset()

    def _list_ids(self, object: str, *, is_folder: bool) -> frozenset[str]:
        if object not in self._ids_by_object:
            self._ids_by_object[object] = frozenset(self._iterate_ids(object, is_folder=is_folder))
        return self._ids_by_object[object]

    def _iterate_ids(self, object: str, *, is_folder: bool) -> Iterator[str]:
        if not is_folder:
            found = _EVENT_ID_PATTERN.finditer(self._objects.read_object(object)[1])
            yield from (one["id"].decode(errors="replace") for one in found)
            return
        for name, (has_entries, entry) in self._objects.read_tree(object).items():
            if has_entries or name.endswith(".toml"):
                yield from self._list_ids(entry, is_folder=has_entries)
