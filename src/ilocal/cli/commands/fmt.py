"""`ilocal fmt`."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Annotated, NamedTuple, Optional

import typer

from ilocal.cli.output import page_command_output, write_command_output
from ilocal.cli.session import Session
from ilocal.errors import UsageError
from ilocal.i18n.messages import N_, _
from ilocal.model.safe_text import make_text_safe
from ilocal.terminal.status import print_status, print_warning

HELP_GROUP = "change"
EXAMPLES = {
    "ilocal fmt --check": "check in CI that the registry is formatted",
    "ilocal fmt": "events and fields in standard order",
    "ilocal fmt --stamp": "when each event was added, from git",
}


def run(
    ctx: typer.Context,
    path: Annotated[
        Optional[str], typer.Argument(metavar="[PATH]", help="The file or folder to format. [default: the registry]")
    ] = None,
    diff: Annotated[bool, typer.Option("--diff", help="Show what would be changed without changing anything.")] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Change nothing, and exit with code 1 if a file would be changed.")
    ] = False,
    letters: Annotated[
        bool,
        typer.Option(
            "--letters",
            help="Replace lookalike letters in text fields with the correct "
            "Vietnamese letters, and change nothing else.",
        ),
    ] = False,
    stamp: Annotated[
        bool,
        typer.Option(
            "--stamp",
            help="Set `created` of events that lack it: their first commit in git, else today; change nothing else.",
        ),
    ] = False,
) -> None:
    """Format a registry: sort events newest first, and put the keys of each event in standard order.

    A comment moves with the event or key below it. Only order and blank lines change, and "ilocal undo" reverts the
    change.
    """
    if letters and stamp:
        raise UsageError(_("--letters and --stamp cannot be used together"))
    session: Session = ctx.obj
    if path == "":  # which as a path would be the folder one is in
        raise UsageError(_("expected the path of a file or folder"))
    if path is not None:
        session.path = Path(path)
    way = choose_fmt_rewrite(session, letters=letters, stamp=stamp)
    if not (diff or check):
        run_fmt_on_registry(session, way)
        return
    changes = list(find_files_for_fmt_command(session.path, way))
    if diff:
        with page_command_output(session):
            write_command_output(line for one in changes for line in format_fmt_command_diff(*one))
    for file, _old, _new in changes:
        print_status(_(way.would_message, file=file))
    if not changes:
        print_status(_(way.nothing_message))
    if check and changes:
        raise typer.Exit(1)


class FmtRewrite(NamedTuple):
    """A way to rewrite the files of a registry, and the messages about it."""

    rewrite_text: Callable[[str, bytes], bytes]  # from the path and the content of a file
    done_message: str  # about a {file}
    would_message: str
    nothing_message: str


def choose_fmt_rewrite(session: Session, *, letters: bool, stamp: bool) -> FmtRewrite:
    """Return the rewrite that the options name; without one, the standard order."""
    if letters:
        from ilocal.storage.letter_repair import repair_letters_in_registry_file

        return FmtRewrite(
            repair_letters_in_registry_file,
            N_("{file}: letters fixed; to undo, run: ilocal undo"),
            N_("{file}: letters would be fixed"),
            N_("all letters are correct"),
        )
    if stamp:
        return FmtRewrite(
            make_stamp_rewrite(session),
            N_("{file}: created was set; to undo: ilocal undo"),
            N_("{file}: created would be set"),
            N_("all events have created"),
        )
    from ilocal.storage.formatter import format_registry_text

    return FmtRewrite(
        format_registry_text,
        N_("{file}: formatted; to undo, run: ilocal undo"),
        N_("{file}: would be formatted"),
        N_("already formatted"),
    )


def make_stamp_rewrite(session: Session) -> Callable[[str, bytes], bytes]:
    """Return the function that sets `created` in a file's events; lists of other offices stay as they are."""
    from ilocal.storage.event_stamps import stamp_events_in_registry_file
    from ilocal.storage.files import is_snapshot_name

    @cache
    def read_times() -> Mapping[str, int]:
        from ilocal.sync.first_commits import find_first_commit_times

        try:
            times = find_first_commit_times(session.path)
        except UsageError:  # no git here
            return {}
        if not times.is_complete:
            print_warning(_("this clone lacks older commits; git fetch --unshallow gets them"))
        return times.by_id

    def find_time(id: str) -> datetime:
        seconds = read_times().get(id)
        return session.now if seconds is None else datetime.fromtimestamp(seconds, session.zone or UTC)

    def stamp_file(file: str, data: bytes) -> bytes:
        is_foreign = session.path.is_dir() and is_snapshot_name(Path(file).relative_to(session.path).as_posix())
        return data if is_foreign else stamp_events_in_registry_file(file, data, find_time)

    return stamp_file


def run_fmt_on_registry(session: Session, way: FmtRewrite) -> None:
    """Rewrite all files, and report which ones changed."""
    from ilocal.storage.formatter import format_registry_text

    if way.rewrite_text is format_registry_text:
        changed = session.registry.reformat()
    else:
        with session.registry.transaction() as draft:
            changed = draft.rewrite_files(way.rewrite_text)
    for file in changed:
        print_status(_(way.done_message, file=file))
    if not changed:
        print_status(_(way.nothing_message))


def find_files_for_fmt_command(path: Path, way: FmtRewrite) -> Iterator[tuple[str, bytes, bytes]]:
    """Yield the files that would change, each with its current and its new content. Raises RegistryError."""
    from ilocal.storage.files import list_registry_files, read_file

    for member in list_registry_files(path):
        file, data = str(member.path), read_file(member.path).data
        new = way.rewrite_text(file, data)
        if new != data:
            yield file, data, new


def format_fmt_command_diff(file: str, old: bytes, new: bytes) -> Iterator[str]:
    """Yield the differences in the format of `diff -u`, ignoring line ends."""
    from difflib import unified_diff

    before, after = map(_split_lines_for_fmt_diff, (old, new))
    for line in unified_diff(before, after, file, file, lineterm=""):
        yield make_text_safe(line) + "\n"


def _split_lines_for_fmt_diff(data: bytes) -> list[str]:
    text = data.decode().removeprefix("\ufeff").removesuffix("\n")
    return [line.removesuffix("\r") for line in text.split("\n")]
