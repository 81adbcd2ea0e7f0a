"""The history of one event: the commits of git that changed it, with the event before and after each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from ilocal.errors import IlocalError
from ilocal.model.event import Event
from ilocal.storage.loader import parse_event_block
from ilocal.storage.toml.scanner import split_trailing_comments
from ilocal.sync.git_repository import Commit, GitRepository

_EVENT_HEADER_PATTERN = re.compile(rb"^[ \t]*\[\[[ \t]*event[ \t]*\]\]", re.MULTILINE)


class EventChange(NamedTuple):
    """A commit that changed an event; None if it did not exist before, or does not after it."""

    commit: Commit
    before: Event | None
    after: Event | None


def list_event_changes(registry: Path, id: str) -> Iterator[EventChange]:
    """Yield the changes of an event, newest first. Raises UsageError if git fails."""
    repository = GitRepository.find(registry)
    reader = _EventReader(repository, repository.get_path_inside(registry), id)
    for commit in repository.list_commits(reader.path):
        before = reader.read_event_text(commit.parent) if commit.parent else ""
        after = reader.read_event_text(commit.hash)
        if before != after:
            yield EventChange(commit, _parse_event(before), _parse_event(after))


class _EventReader:
    """Reader of one event's text in any commit; each version of a file is read once."""

    def __init__(self, repository: GitRepository, path: str, id: str) -> None:
        self.path = path
        self._repository, self._id = repository, id
        self._text_by_blob: dict[str, str] = {}

    def read_event_text(self, commit: str) -> str:
        """Return the text of the event in a commit; "" if it does not exist there."""
        for name, blob in self._repository.list_files(commit, self.path).items():
            if not name.endswith(".toml"):
                continue
            if blob not in self._text_by_blob:
                self._text_by_blob[blob] = _find_event_text(self._repository.read_blob(blob), self._id)
            if text := self._text_by_blob[blob]:
                return text
        return ""


def _find_event_text(data: bytes, id: str) -> str:
    """Return the block of an event in a file, without comments around it; "" if it does not exist."""
    key = re.compile(rb"""^[ \t]*["']?id["']?[ \t]*=[ \t]*["']%s["']""" % re.escape(id.encode()), re.MULTILINE)
    found = key.search(data)
    if found is None:
        return ""
    headers = [one.start() for one in _EVENT_HEADER_PATTERN.finditer(data, 0, found.start())]
    following = _EVENT_HEADER_PATTERN.search(data, found.end())
    block = data[headers[-1] if headers else 0 : following.start() if following else len(data)]
    text = block.decode(errors="replace").replace("\r\n", "\n")
    return split_trailing_comments(text)[0].strip("\n") + "\n" if headers else ""


def _parse_event(text: str) -> Event | None:
    """Return the event of a text; None for an empty or unreadable text."""
    try:
        return parse_event_block(text) if text else None
    except IlocalError:
        return None
