"""The merge driver of git: two versions of a registry's file merged, or left to git where they cannot be."""

from __future__ import annotations

import errno
import gc
import os
import subprocess
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from ilocal.i18n.messages import _
from ilocal.storage import exchange, failpoints
from ilocal.storage.atomic_write import is_git_merge_file_name
from ilocal.storage.file_merge import merge_toml_files
from ilocal.storage.toml.conflict_markers import ConflictMarkers
from ilocal.storage.toml.table_merge import NotMergeable


class MergeOutcome(NamedTuple):
    """The result of a merge: the number of conflicts, and whether git's text merge was used."""

    conflict_count: int
    renamed_ids: tuple[tuple[str, str], ...] = ()
    is_left_to_git: bool = False


def merge_git_versions(base: Path, ours: Path, theirs: Path, markers: ConflictMarkers) -> MergeOutcome:
    """Merge three versions of a file as passed by git, and replace ours by the result.

    The result is written atomically. Files that are not registries, or cannot be merged reliably, are
    merged by `git merge-file`, as without a driver. Raises OSError.
    """
    had_garbage_collection = gc.isenabled()
    gc.disable()  # all that is read is kept to the end
    try:
        found = merge_toml_files(base.read_bytes(), ours.read_bytes(), theirs.read_bytes(), markers)
    except NotMergeable:
        return _merge_as_text(base, ours, theirs, markers)
    finally:
        if had_garbage_collection:
            gc.enable()
    _write_merge_driver_result(ours, found.data)
    return MergeOutcome(found.conflict_count, tuple(found.renamed_ids))


def _merge_as_text(base: Path, ours: Path, theirs: Path, markers: ConflictMarkers) -> MergeOutcome:
    names = [word for name in (markers.ours, "base", markers.theirs) for word in ("-L", name)]
    command = ["git", "merge-file", *names, f"--marker-size={markers.size}", str(ours), str(base), str(theirs)]
    code = subprocess.run(command, stdin=subprocess.DEVNULL, check=False).returncode
    if not 0 <= code < 128:
        raise OSError(errno.EIO, os.strerror(errno.EIO), str(ours))
    return MergeOutcome(code, is_left_to_git=True)


def _write_merge_driver_result(path: Path, data: bytes) -> None:
    """Replace the content of a file, keeping its mode; remove leftovers of killed merges.

    The file is a temporary one of git, in a folder of the registry's repository, whose name no other merge has.
    """
    with suppress(OSError):
        exchange.remove_leftover_temp_files(path.absolute().parent, is_git_merge_file_name)
    with exchange.create_temp_file(path, path.stat()) as made:
        exchange.write_file(made.descriptor, [data], sync=False)
        failpoints.reach_failpoint("merged")
        os.replace(made.path, path)


def choose_side_names(ours: str, theirs: str) -> tuple[str, str]:
    """Return the names of the two sides: as passed by git (since 2.44), else from its environment.

    In a rebase, ours is the branch that is built upon, and theirs the commit that is applied.
    """
    heads = [value for name, value in os.environ.items() if name.startswith("GITHEAD_") and value != "HEAD"]
    other = heads[0] if len(heads) == 1 else _("incoming change")
    return _take_label_of_git_side(ours, "HEAD"), _take_label_of_git_side(theirs, other)


def _take_label_of_git_side(text: str, default: str) -> str:
    return default if not text.strip() or text.startswith("%") else " ".join(text.split())
