"""The conflicts that a merge left in a registry's files: found with their events, and resolved one by one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

from ilocal.errors import RegistryError
from ilocal.i18n.messages import _
from ilocal.model.merge import Side
from ilocal.storage import files
from ilocal.storage.atomic_write import replace_file
from ilocal.storage.locks import lock_registry
from ilocal.storage.toml.conflict_markers import FoundRegion, find_conflict_regions
from ilocal.storage.toml.document import TomlSyntaxError, parse_document

_ID_PATTERN = re.compile(r"""^[ \t]*(?:id|"id"|'id')[ \t]*=[ \t]*(?:"([^"\n]*)"|'([^'\n]*)')""", re.MULTILINE)
_EVENT_HEADER_PATTERN = re.compile(r"^[ \t]*\[\[[ \t]*event[ \t]*\]\]", re.MULTILINE)


class FileConflict(NamedTuple):
    """A conflict in a file of a registry."""

    path: Path
    line: int
    found: FoundRegion
    ids: tuple[str, ...]  # of the event it is in, or of those that are in it; none for what is no event
    start: int  # where the event begins, or the conflict, where whole events are in it
    end: int


def find_registry_conflicts(registry: Path) -> list[FileConflict]:
    """The conflicts in the files of a registry, in their order. Raises RegistryError for what cannot be read."""
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


def resolve_conflicts(registry: Path, conflicts: Iterable[FileConflict], side: Side) -> None:
    """Keep one side of conflicts; the rest of the files stays as it is.

    Raises RegistryError, with nothing changed in a file whose text would then be no TOML, and FileChangedError.
    """
    wanted = list(conflicts)
    for path in dict.fromkeys(one.path for one in wanted):
        regions = [one.found for one in wanted if one.path == path]
        _rewrite_file(registry, path, partial(_keep_side, path, regions, side))


def _keep_side(path: Path, regions: Sequence[FoundRegion], side: Side, text: str) -> str:
    for found in reversed(regions):
        if found not in find_conflict_regions(text):
            raise RegistryError(_("{path}: changed meanwhile; nothing was written", path=path))
        text = text[: found.start] + getattr(found.region, side) + text[found.end :]
    return text


def replace_conflict_text(registry: Path, conflict: FileConflict, before: str, after: str) -> None:
    """Put a new text in the place of the event that a conflict is in. Raises RegistryError where it was changed."""

    def replace(text: str) -> str:
        if text[conflict.start : conflict.end] != before:
            raise RegistryError(_("{path}: changed meanwhile; nothing was written", path=conflict.path))
        return text[: conflict.start] + after + text[conflict.end :]

    _rewrite_file(registry, conflict.path, replace)


def read_conflict_text(conflict: FileConflict) -> str:
    """Return the text of the event that a conflict is in, with its markers."""
    text = files.read_file(conflict.path).data.decode(errors="surrogateescape")
    return text[conflict.start : conflict.end]


def _rewrite_file(registry: Path, path: Path, change: Callable[[str], str]) -> None:
    with lock_registry(registry):
        before = files.read_file(path)
        data = change(before.data.decode(errors="surrogateescape")).encode(errors="surrogateescape")
        if not find_conflict_regions(data.decode(errors="surrogateescape")):
            try:
                document = parse_document(data)
            except TomlSyntaxError as error:
                raise error.as_registry_error(str(path)) from None
            broken = next((block.diagnostic for block in document.blocks if block.diagnostic), None)
            if broken:
                raise RegistryError(
                    broken.format_with_file(str(path)),
                    hint=_("edit the file, and take the markers out; nothing was changed"),
                )
        replace_file(path, before, data)
