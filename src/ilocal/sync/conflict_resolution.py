"""Merge conflicts in a registry's files: found with their events, and resolved one by one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

from ilocal.errors import RegistryError
from ilocal.i18n.messages import _
from ilocal.model.merge import Side
from ilocal.storage import files
from ilocal.storage.changes.commit import commit_changes
from ilocal.storage.changes.text_delta import FileChange, shrink_to_changed_blocks
from ilocal.storage.changes.undo_log import RESOLUTION_COMMAND, ChangeOrigin
from ilocal.storage.locks import lock_registry
from ilocal.storage.toml.conflict_markers import FoundRegion, find_conflict_regions
from ilocal.storage.toml.document import TomlSyntaxError, parse_document, skip_bom, split_blocks

_ID_PATTERN = re.compile(r"""^[ \t]*(?:id|"id"|'id')[ \t]*=[ \t]*(?:"([^"\n]*)"|'([^'\n]*)')""", re.MULTILINE)
_EVENT_HEADER_PATTERN = re.compile(r"^[ \t]*\[\[[ \t]*event[ \t]*\]\]", re.MULTILINE)


class FileConflict(NamedTuple):
    """A conflict in a file of a registry."""

    path: Path
    line: int
    found: FoundRegion
    ids: tuple[str, ...]  # of the events around or inside it; empty outside of events
    start: int  # where the event begins, or the conflict, where whole events are in it
    end: int


def find_registry_conflicts(registry: Path) -> list[FileConflict]:
    """Return the conflicts in the files of a registry, in order. Raises RegistryError for an unreadable file."""
    return [
        conflict
        for member in files.list_registry_files(registry)
        for conflict in _find_conflicts_in_file(member.path, files.read_file(member.path).data)
    ]


def _find_conflicts_in_file(path: Path, data: bytes) -> list[FileConflict]:
    text = data.decode(errors="surrogateescape")
    if "<<<<<<<" not in text:
        return []
    return [_locate_conflict(path, text, found) for found in find_conflict_regions(text)]


def _locate_conflict(path: Path, text: str, found: FoundRegion) -> FileConflict:
    line = text.count("\n", 0, found.start) + 1
    inside = text[found.start : found.end]
    if _EVENT_HEADER_PATTERN.search(inside):
        return FileConflict(path, line, found, _list_ids(inside), found.start, found.end)
    headers = [one.start() for one in _EVENT_HEADER_PATTERN.finditer(text, 0, found.start)]
    if not headers:
        return FileConflict(path, line, found, (), found.start, found.end)
    following = _EVENT_HEADER_PATTERN.search(text, found.end)
    end = following.start() if following else len(text)
    return FileConflict(path, line, found, _list_ids(text[headers[-1] : end]), headers[-1], end)


def _list_ids(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one[1] or one[2] or "" for one in _ID_PATTERN.finditer(text)))


def resolve_conflicts(registry: Path, conflicts: Iterable[FileConflict], side: Side, notes: list[str]) -> None:
    """Resolve conflicts by keeping one side, in one change that can be undone; the rest of the files stays as it is.

    `notes` receives what the user must know. Raises RegistryError, with nothing changed, if the text would then not be
    TOML, FileChangedError and DurabilityError.
    """
    regions: dict[Path, list[FoundRegion]] = {}
    for one in conflicts:
        regions.setdefault(one.path, []).append(one.found)
    _rewrite_files(registry, {path: partial(_keep_side, path, regions[path], side) for path in regions}, notes)


def _keep_side(path: Path, regions: Sequence[FoundRegion], side: Side, text: str) -> str:
    for found in reversed(regions):
        if found not in find_conflict_regions(text):
            raise RegistryError(_("{path}: changed meanwhile; nothing was written", path=path))
        text = text[: found.start] + getattr(found.region, side) + text[found.end :]
    return text


def replace_conflict_text(registry: Path, conflict: FileConflict, before: str, after: str, notes: list[str]) -> None:
    """Replace the text of the event with a conflict. Raises RegistryError if it was changed."""

    def replace(text: str) -> str:
        if text[conflict.start : conflict.end] != before:
            raise RegistryError(_("{path}: changed meanwhile; nothing was written", path=conflict.path))
        return text[: conflict.start] + after + text[conflict.end :]

    _rewrite_files(registry, {conflict.path: replace}, notes)


def read_conflict_text(conflict: FileConflict) -> str:
    """Return the text of the event that a conflict is in, with its markers."""
    text = files.read_file(conflict.path).data.decode(errors="surrogateescape")
    return text[conflict.start : conflict.end]


def _rewrite_files(registry: Path, rewriters: Mapping[Path, Callable[[str], str]], notes: list[str]) -> None:
    """Rewrite files of a registry in one change."""
    with lock_registry(registry):
        found = [
            _prepare_change(member, rewriters[member.path])
            for member in files.list_registry_files(registry)
            if member.path in rewriters
        ]
        _states, doubt = commit_changes(registry, found, notes, ChangeOrigin(RESOLUTION_COMMAND))
        if doubt:
            raise doubt


def _prepare_change(member: files.RegistryFile, rewrite: Callable[[str], str]) -> FileChange:
    before = files.read_file(member.path)
    try:
        old = list(split_blocks(before.data))
        data = rewrite(before.data.decode()).encode()
        if not find_conflict_regions(data.decode()):
            broken = next((block.diagnostic for block in parse_document(data).blocks if block.diagnostic), None)
            if broken:
                raise RegistryError(
                    broken.format_with_file(str(member.path)),
                    hint=_("edit the file, and take the markers out; nothing was changed"),
                )
    except TomlSyntaxError as error:
        raise error.as_registry_error(str(member.path)) from None
    top = skip_bom(before.data)
    places = [(top, top), *((block.start, block.end) for block in old), (len(before.data), len(before.data))]
    start, end = shrink_to_changed_blocks(before.data, data, places)
    return FileChange(member, before, data, None, (start, end, end + len(data) - len(before.data)))
