"""Conflicts that git marked as text, narrowed to those of a merge by event and field.

A clone without the driver marks all lines around a conflict, often with whole events of either side. git's index keeps
the base of the merge until the conflict is settled, so that ilocal can merge the sides of the marked text itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from ilocal.errors import UsageError
from ilocal.storage.file_merge import merge_toml_files
from ilocal.storage.toml.conflict_markers import (
    ConflictMarkers,
    FoundRegion,
    find_conflict_markers_in_toml,
    split_toml_at_conflict_markers,
)
from ilocal.storage.toml.table_merge import NotMergeable, choose_side_of_toml_conflicts
from ilocal.sync.git_repository import GitRepository

_BASE_STAGE, _OUR_STAGE, _THEIR_STAGE = 1, 2, 3  # of a file in git's index


class NarrowedText(NamedTuple):
    """A text with conflicts, which are as few and as small as known."""

    text: str
    regions: Sequence[FoundRegion]
    is_narrowed: bool = False  # whether it differs from the text in the file
    has_base: bool = False  # whether all that either side alone changed is outside the conflicts
    renamed_ids: Sequence[tuple[str, str]] = ()  # of events that both sides added with one id: theirs, before and after


def narrow_conflicts(path: Path, text: str) -> NarrowedText:
    """Return the text of a file with conflict markers, merged by event and field if git knows the base.

    If the text is as git wrote it, the two versions that git was to merge are merged; else the text with either side of
    its conflicts, so that what was changed by hand stays. Without a base, or where the sides cannot be merged by event,
    the text stays as it is.
    """
    regions = find_conflict_markers_in_toml(text)
    versions = _read_merge_versions(path, text) if regions else None
    if versions is None:
        return NarrowedText(text, regions)
    markers = ConflictMarkers(ours=regions[0].our_name or "ours", theirs=regions[0].their_name or "theirs")
    try:
        merged = merge_toml_files(versions.base, versions.ours, versions.theirs, markers)
        narrowed = merged.data.decode()
    except (NotMergeable, UnicodeError):
        return NarrowedText(text, regions)
    found = find_conflict_markers_in_toml(narrowed)
    if [one.region for one in found] == [one.region for one in regions]:
        return NarrowedText(text, regions, has_base=True)
    return NarrowedText(narrowed, found, True, True, merged.renamed_ids)


class _MergeVersions(NamedTuple):
    """The versions of a file in an unfinished merge."""

    base: bytes
    ours: bytes
    theirs: bytes


def _read_merge_versions(path: Path, text: str) -> _MergeVersions | None:
    """Return the versions that a text with conflict markers was made of; None if git knows of no merge."""
    try:
        repository = GitRepository.find(path)
        inside = repository.get_path_inside(path)
        stages = repository.list_unmerged_blobs(inside)
        if not {_OUR_STAGE, _THEIR_STAGE} <= stages.keys():
            return None
        blobs = {stage: repository.read_blob(hash) for stage, hash in stages.items()}
        written = repository.read_merged_text(inside)
        data = text.encode()
    except (UsageError, ValueError):
        return None
    base = blobs.get(_BASE_STAGE, b"")
    if data.replace(b"\r\n", b"\n") == written.replace(b"\r\n", b"\n"):
        newline = b"\r\n" if b"\r\n" in data[: data.find(b"\n") + 1] else b"\n"
        ours, theirs = (blobs[n].replace(b"\r\n", b"\n").replace(b"\n", newline) for n in (_OUR_STAGE, _THEIR_STAGE))
    else:
        parts = split_toml_at_conflict_markers(text)
        ours, theirs = (
            choose_side_of_toml_conflicts(parts, "ours").encode(),
            choose_side_of_toml_conflicts(parts, "theirs").encode(),
        )
    return _MergeVersions(base, ours, theirs)
