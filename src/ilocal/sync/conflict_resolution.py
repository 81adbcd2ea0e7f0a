"""Merge conflicts in a registry's files: found with their events, and resolved one by one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

from ilocal.errors import RegistryError
from ilocal.i18n.messages import _, n_
from ilocal.model.merge import Side
from ilocal.model.safe_text import escape_single_line
from ilocal.storage import files
from ilocal.storage.changes.commit import commit_changes
from ilocal.storage.changes.text_delta import FileChange, shrink_to_changed_blocks
from ilocal.storage.changes.undo_log import RESOLUTION_COMMAND, ChangeOrigin
from ilocal.storage.locks import lock_registry
from ilocal.storage.toml.conflict_markers import FoundRegion, find_conflict_markers_in_toml
from ilocal.storage.toml.document import TomlSyntaxError, parse_document, skip_bom, split_blocks
from ilocal.sync.conflict_narrowing import NarrowedText, narrow_conflicts

_ID_PATTERN = re.compile(r"""^[ \t]*(?:id|"id"|'id')[ \t]*=[ \t]*(?:"([^"\n]*)"|'([^'\n]*)')""", re.MULTILINE)
_EVENT_HEADER_PATTERN = re.compile(r"^[ \t]*\[\[[ \t]*event[ \t]*\]\]", re.MULTILINE)
_WHOLE_EVENTS_PATTERN = re.compile(r"(?:[ \t]*(?:#[^\n]*)?\r?\n)*(?:\Z|[ \t]*\[\[[ \t]*event[ \t]*\]\])")


class FileConflict(NamedTuple):
    """A conflict in a file of a registry, as narrow as known."""

    path: Path
    line: int  # of the markers in the file
    found: FoundRegion
    ids: tuple[str, ...]  # of the events around or inside it; empty outside of events
    start: int  # where the event begins, or the conflict, where whole events are in it; in the narrowed text
    end: int
    text: str  # from `start` to `end`


class ConflictedFile(NamedTuple):
    """A file with conflict markers, and its conflicts; none if a merge by event settles them all."""

    path: Path
    conflicts: Sequence[FileConflict]
    is_narrowed: bool


def find_conflicted_files(registry: Path) -> list[ConflictedFile]:
    """Return the files of a registry with conflict markers, in order. Raises RegistryError for an unreadable file."""
    found = []
    for member in files.list_registry_files(registry):
        text = files.read_file(member.path).data.decode(errors="surrogateescape")
        if (
            "<<<<<<<" in text
            and (narrowed := narrow_conflicts(member.path, text))
            and find_conflict_markers_in_toml(text)
        ):
            conflicts = [_locate_conflict(member.path, text, narrowed, one) for one in narrowed.regions]
            found.append(ConflictedFile(member.path, conflicts, narrowed.is_narrowed))
    return found


def _locate_conflict(path: Path, file_text: str, narrowed: NarrowedText, found: FoundRegion) -> FileConflict:
    text = narrowed.text
    start, end = _find_event_bounds(text, found)
    ids = _list_ids_in_merge_conflicts(text[start:end])
    at = _find_offset_in_file(file_text, ids) if narrowed.is_narrowed else found.start
    return FileConflict(path, file_text.count("\n", 0, at) + 1, found, ids, start, end, text[start:end])


def _find_event_bounds(text: str, found: FoundRegion) -> tuple[int, int]:
    """Return where the events begin and end that a conflict is in; itself if it holds whole events or is in none."""
    if all(_WHOLE_EVENTS_PATTERN.match(side) for side in found.region) and any(map(str.strip, found.region)):
        return found.start, found.end
    headers = [one.start() for one in _EVENT_HEADER_PATTERN.finditer(text, 0, found.start)]
    if not headers:
        return found.start, found.end
    following = _EVENT_HEADER_PATTERN.search(text, found.end)
    return headers[-1], following.start() if following else len(text)


def _find_offset_in_file(text: str, ids: Sequence[str]) -> int:
    """Return the markers in a file's text around or below the first of some ids."""
    regions = find_conflict_markers_in_toml(text)
    at = next((one.start() for one in _ID_PATTERN.finditer(text) if (one[1] or one[2]) in ids), 0)
    return next((one.start for one in regions if one.end > at), regions[-1].start)


def _list_ids_in_merge_conflicts(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one[1] or one[2] or "" for one in _ID_PATTERN.finditer(text)))


class ResolutionMessages(NamedTuple):
    """What a resolution tells the user: what was done, and what is to be looked at."""

    done: list[str]
    warnings: list[str]


def resolve_conflicts(
    registry: Path, conflicted: Iterable[ConflictedFile], side: Side, said: ResolutionMessages
) -> None:
    """Resolve conflicts by keeping one side, in one change that can be undone; the rest of the files stays as it is.

    A file whose conflicts git marked as text is merged by event first: what one side alone changed stays in any case.
    Raises RegistryError, with nothing changed, if the text would then not be TOML, FileChangedError and
    DurabilityError.
    """
    rewriters: dict[Path, Callable[[str], str]] = {
        one.path: partial(_keep_side, one.path, [conflict.found for conflict in one.conflicts], side, said)
        for one in conflicted
    }
    _write_conflict_resolution(registry, rewriters, said.warnings)


def _keep_side(path: Path, regions: Sequence[FoundRegion], side: Side, said: ResolutionMessages, text: str) -> str:
    narrowed = narrow_conflicts(path, text)
    if any(one not in narrowed.regions for one in regions):
        raise RegistryError(_("{path}: changed by another program in the meantime; nothing was written", path=path))
    said.done.extend(_describe_narrowing(path, narrowed))
    kept = narrowed.text
    for found in reversed(regions):
        kept = kept[: found.start] + getattr(found.region, side) + kept[found.end :]
    if not narrowed.has_base:
        said.warnings.extend(_describe_lost_events(path, regions, side, kept))
    return kept


def _describe_narrowing(path: Path, narrowed: NarrowedText) -> list[str]:
    """Return what the user must know of a merge by event."""
    said = [
        _(
            '{file}: both sides added an event with the id "{id}"; the one of {side} is now "{new}"',
            file=path,
            id=before,
            side=narrowed.regions[0].their_name if narrowed.regions else "theirs",
            new=after,
        )
        for before, after in narrowed.renamed_ids
    ]
    if narrowed.is_narrowed:
        said.insert(
            0,
            _(
                "{file}: merged by event, as git had merged it as text; all changes that are in no conflict are kept",
                file=path,
            ),
        )
    return said


def _describe_lost_events(path: Path, regions: Sequence[FoundRegion], side: Side, kept: str) -> list[str]:
    """Return a warning of events on the other side alone: without a base, one side may have added or removed them."""
    other = "theirs" if side == "ours" else "ours"
    lost = [
        id
        for found in regions
        for id in _list_ids_in_merge_conflicts(getattr(found.region, other))
        if id not in _list_ids_in_merge_conflicts(kept)
    ]
    if not lost:
        return []
    said = n_(
        "{file}: an event that only the other side has was removed: {ids}; "
        "to keep both sides: ilocal undo, then ilocal resolve --edit",
        "{file}: {n} events that only the other side has were removed: {ids}; "
        "to keep both sides: ilocal undo, then ilocal resolve --edit",
        len(lost),
        file=path,
        ids=", ".join(map(escape_single_line, lost)),
    )
    return [said]


def replace_conflict_text(registry: Path, conflict: FileConflict, after: str, said: ResolutionMessages) -> None:
    """Replace the text of the event with a conflict. Raises RegistryError if it was changed."""

    def replace(text: str) -> str:
        narrowed = narrow_conflicts(conflict.path, text)
        if narrowed.text[conflict.start : conflict.end] != conflict.text:
            raise RegistryError(
                _("{path}: changed by another program in the meantime; nothing was written", path=conflict.path)
            )
        said.done.extend(_describe_narrowing(conflict.path, narrowed))
        return narrowed.text[: conflict.start] + after + narrowed.text[conflict.end :]

    _write_conflict_resolution(registry, {conflict.path: replace}, said.warnings)


def _write_conflict_resolution(
    registry: Path, rewriters: Mapping[Path, Callable[[str], str]], notes: list[str]
) -> None:
    """Rewrite files of a registry in one change."""
    with lock_registry(registry):
        found = [
            _prepare_resolution_of_conflicts(member, rewriters[member.path])
            for member in files.list_registry_files(registry)
            if member.path in rewriters
        ]
        _states, doubt = commit_changes(registry, found, notes, ChangeOrigin(RESOLUTION_COMMAND))
        if doubt:
            raise doubt


def _prepare_resolution_of_conflicts(member: files.RegistryFile, rewrite: Callable[[str], str]) -> FileChange:
    before = files.read_file(member.path)
    try:
        old = list(split_blocks(before.data))
        data = rewrite(before.data.decode()).encode()
        if not find_conflict_markers_in_toml(data.decode()):
            broken = next((block.diagnostic for block in parse_document(data).blocks if block.diagnostic), None)
            if broken:
                raise RegistryError(
                    broken.format_with_file(str(member.path)),
                    hint=_("edit the file and remove the conflict markers; nothing was changed"),
                )
    except TomlSyntaxError as error:
        raise error.as_registry_error(str(member.path)) from None
    top = skip_bom(before.data)
    places = [(top, top), *((block.start, block.end) for block in old), (len(before.data), len(before.data))]
    start, end = shrink_to_changed_blocks(before.data, data, places)
    return FileChange(member, before, data, None, (start, end, end + len(data) - len(before.data)))
