"""The history of one event: the commits of git that changed it, with the event before and after each."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from functools import reduce
from operator import or_
from pathlib import Path
from typing import Any, NamedTuple

from ilocal.errors import IlocalError, InvalidEventError
from ilocal.model.diff3 import merge_text_lines
from ilocal.model.differences import find_changed_fields
from ilocal.model.event import Event
from ilocal.model.fields import AUTOMATIC_FIELDS, DATE_LIST_FIELDS, LIST_FIELDS
from ilocal.model.merge import merge_lists
from ilocal.storage.loader import parse_event_block
from ilocal.storage.toml.scanner import split_trailing_comments
from ilocal.sync.git_repository import Commit, GitObjects, GitRepository

_EVENT_HEADER_PATTERN = re.compile(rb"^[ \t]*\[\[[ \t]*event[ \t]*\]\]", re.MULTILINE)


class EventChange(NamedTuple):
    """A commit that changed an event: None if it did not exist before or after it; both if it is unreadable after it.

    A merge is a change only in what the changes on its sides, told one after the other, do not come to.
    """

    commit: Commit
    before: Event | None
    after: Event | None


def list_event_commits_in_git(registry: Path, id: str) -> list[EventChange]:
    """Return the changes of an event, newest first. Raises UsageError if git fails.

    The last value of each field among them is the one in the last commit.
    """
    repository = GitRepository.find(registry)
    commits = repository.list_commits(path := repository.get_path_inside(registry))
    found: list[EventChange] = []
    if not commits:
        return found
    with repository.open_objects() as objects:
        reader = _EventReader(objects, path, id)
        ancestors: dict[str, int] = {}  # of each commit, itself included, as bits
        masks: list[int] = []
        for n, commit in enumerate(reversed(commits)):
            known = reduce(or_, (ancestors.get(parent, 0) for parent in commit.parents), 0)
            ancestors[commit.hash] = known | 1 << n
            told = [change for change, bit in zip(found, masks, strict=True) if known & bit]
            if (change := _find_change(reader, commit, told)) is not None:
                found.append(change)
                masks.append(1 << n)
    return found[::-1]


def _find_change(reader: _EventReader, commit: Commit, told: Sequence[EventChange]) -> EventChange | None:
    """Return the change of an event by a commit, None if there is none; `told` are those of its ancestors."""
    after = reader.read_event_text(commit.hash)
    parents = [reader.read_event_text(parent) for parent in commit.parents] or [""]
    if all(text == after for text in parents):
        return None
    event = _parse_event_of_commit(after)
    if event is None and after:
        return EventChange(commit, None, None)
    before = _parse_event_of_commit(parents[0]) if len(parents) == 1 else None
    if before is None and (len(parents) > 1 or parents[0]):
        before = _combine_changes(told, event)
    is_same = before is None if event is None else before is not None and not _list_content_changes(before, event)
    return None if is_same else EventChange(commit, before, event)


def _combine_changes(told: Sequence[EventChange], merged: Event | None) -> Event | None:
    """Return the event as changes leave it that are told one after the other; `merged` where that would be invalid."""
    found: Event | None = None
    for _commit, before, after in told:
        if before is None and after is None:
            continue
        if before is None or after is None or found is None:
            found = after
            continue
        values = {name: _combine_values(name, before, found, after) for name in find_changed_fields(before, after)}
        try:
            found = replace(found, **values)
        except InvalidEventError:
            found = merged
    return found


def _combine_values(name: str, before: Event, found: Event, after: Event) -> Any:
    """Return the value of a field after a change: that of the change, with what others did to a list or a text."""
    base, ours, theirs = (getattr(event, name) for event in (before, found, after))
    if name in (*LIST_FIELDS, *DATE_LIST_FIELDS):
        return merge_lists(base, ours, theirs)
    merged = merge_text_lines(base, ours, theirs) if name in ("summary", "description") else None
    return theirs if merged is None else merged


def _list_content_changes(before: Event, after: Event) -> list[str]:
    return [name for name in find_changed_fields(before, after) if name not in AUTOMATIC_FIELDS]


class _EventReader:
    """Reader of one event's text in any commit; each version of a file or folder is read once."""

    def __init__(self, objects: GitObjects, path: str, id: str) -> None:
        self._objects, self._id = objects, id
        self._names = [] if path == "." else path.split("/")
        self._text_by_object: dict[str, str] = {}
        self._text_by_commit: dict[str, str] = {}

    def read_event_text(self, commit: str) -> str:
        """Return the text of the event in a commit; "" if it does not exist there."""
        if commit not in self._text_by_commit:
            self._text_by_commit[commit] = self._find_in_commit(commit)
        return self._text_by_commit[commit]

    def _find_in_commit(self, commit: str) -> str:
        is_folder, object = True, f"{commit}^{{tree}}"
        for name in self._names:
            is_folder, object = self._objects.read_tree(object).get(name, (False, "")) if is_folder else (False, "")
        return self._find_in_object(object, is_folder=is_folder) if object else ""

    def _find_in_object(self, object: str, *, is_folder: bool) -> str:
        if object not in self._text_by_object:
            if is_folder:
                texts = (
                    self._find_in_object(entry, is_folder=has_entries)
                    for name, (has_entries, entry) in self._objects.read_tree(object).items()
                    if has_entries or name.endswith(".toml")
                )
                self._text_by_object[object] = next(filter(None, texts), "")
            else:
                self._text_by_object[object] = _find_event_text_in_commit(
                    self._objects.read_object(object)[1], self._id
                )
        return self._text_by_object[object]


def _find_event_text_in_commit(data: bytes, id: str) -> str:
    """Return the block of an event in a file, without comments around it; "" if it does not exist."""
    key = re.compile(rb"""^[ \t]*["']?id["']?[ \t]*=[ \t]*["']%s["']""" % re.escape(id.encode()), re.MULTILINE)
    found = key.search(data)
    if found is None:
        return ""
    headers = [one.start() for one in _EVENT_HEADER_PATTERN.finditer(data, 0, found.start())]
    following = _EVENT_HEADER_PATTERN.search(data, found.end())
    block = data[headers[-1] if headers else 0 : following.start() if following else len(data)]
    text = block.decode(errors="replace").replace("\r\n", "\n")
    with suppress(ValueError):  # text that is not TOML, as with conflict markers, keeps its comments
        text = split_trailing_comments(text)[0]
    return text.strip("\n") + "\n" if headers else ""


def _parse_event_of_commit(text: str) -> Event | None:
    """Return the event of a text; None for an empty or unreadable text."""
    try:
        return parse_event_block(text) if text else None
    except IlocalError:
        return None
