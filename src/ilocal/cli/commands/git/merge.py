"""`ilocal git merge`, which git calls."""

import shlex
from pathlib import Path
from typing import Annotated

import typer

from ilocal.errors import ConflictError
from ilocal.i18n.messages import _, n_
from ilocal.model.safe_text import escape_single_line
from ilocal.storage.discovery import REGISTRY_FILE_NAMES
from ilocal.terminal.status import print_status

IS_HIDDEN = True


def run(
    base: Annotated[Path, typer.Argument(metavar="BASE", help="Version that both sides began with.")],
    ours: Annotated[Path, typer.Argument(metavar="OURS", help="Our version; the result is written to this file.")],
    theirs: Annotated[Path, typer.Argument(metavar="THEIRS", help="Their version.")],
    marker_size: Annotated[int, typer.Argument(metavar="SIZE", help="Length of the conflict markers.")] = 7,
    path: Annotated[str, typer.Argument(metavar="PATH", help="Name of the file in messages.")] = "",
    ours_name: Annotated[str, typer.Option("--ours", metavar="NAME", help="Name of OURS in conflict markers.")] = "",
    theirs_name: Annotated[
        str, typer.Option("--theirs", metavar="NAME", help="Name of THEIRS in conflict markers.")
    ] = "",
) -> None:
    """Merge two versions of a registry file, and exit with code 5 if there are conflicts.

    After "ilocal git install", git calls this command as its merge driver.
    """
    from ilocal.storage.toml.conflict_markers import ConflictMarkers
    from ilocal.sync.merge_driver import choose_side_names, merge_git_versions

    markers = ConflictMarkers(max(1, marker_size), *choose_side_names(ours_name, theirs_name))
    done = merge_git_versions(base, ours, theirs, markers)
    name = escape_single_line(path or str(ours))
    for before, after in done.renamed_ids:
        said = _(
            '{file}: both sides added an event with the id "{id}"; the one of {side} is now "{new}"',
            file=name,
            id=before,
            side=markers.theirs,
            new=after,
        )
        print_status(said)
    if done.is_left_to_git:
        print_status(_("{file}: merged as plain text, because it cannot be merged by event", file=name))
    if done.conflict_count:
        show = "ilocal resolve" if path in REGISTRY_FILE_NAMES else f"ilocal -r {shlex.quote(name)} resolve"
        by_hand = _("edit the file and remove the conflict markers")
        raise ConflictError(
            n_("{file}: {n} conflict", "{file}: {n} conflicts", done.conflict_count, file=name),
            hint=by_hand if done.is_left_to_git else _("to see both sides, run: {command}", command=show),
        )
