"""`ilocal fmt`."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Optional

import typer

from ilocal.cli.output import page_session_output, write_command_output
from ilocal.cli.session import Session
from ilocal.errors import UsageError
from ilocal.i18n.messages import _
from ilocal.model.safe_text import make_text_safe
from ilocal.terminal.status import print_status

HELP_GROUP = "change"
EXAMPLES = {
    "ilocal fmt --check": "whether the file is in order, for CI",
    "ilocal fmt": "fields and dates in their usual form",
}


def run(
    ctx: typer.Context,
    path: Annotated[
        Optional[str], typer.Argument(metavar="[PATH]", help="A file or a folder. [default: the registry]")
    ] = None,
    diff: Annotated[bool, typer.Option("--diff", help="Show what would be changed, and change nothing.")] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Change nothing; exit with 1 if something would be changed.")
    ] = False,
    letters: Annotated[
        bool,
        typer.Option(
            "--letters", help="Fix letters that only look Vietnamese in the texts of events, and change nothing else."
        ),
    ] = False,
) -> None:
    """Put a registry in its usual order: events newest first, the keys of each as ilocal writes them.

    Comments go with what they stand above. Only order and blank lines change, and undo takes it back.
    """
    session: Session = ctx.obj
    if path == "":  # which as a path would be the folder one is in
        raise UsageError(_("expected the path of a file or folder"))
    if path is not None:
        session.path = Path(path)
    if not (diff or check):
        (run_fmt_letters_on_registry if letters else run_fmt_on_registry)(session)
        return
    changes = list(find_files_for_fmt_command(session.path, letters=letters))
    if diff:
        with page_session_output(session):
            write_command_output(line for one in changes for line in format_fmt_command_diff(*one))
    for file, _old, _new in changes:
        repaired = _("{file}: letters would be fixed", file=file) if letters else ""
        print_status(repaired or _("{file}: would be formatted", file=file))
    if not changes:
        print_status(_("all letters are right") if letters else _("everything is in order"))
    if check and changes:
        raise typer.Exit(1)


def run_fmt_on_registry(session: Session) -> None:
    """Put all files in standard order, and report which ones changed."""
    changed = session.registry.reformat()
    for file in changed:
        print_status(_("{file}: formatted; to undo: ilocal undo", file=file))
    if not changed:
        print_status(_("everything is in order"))


def run_fmt_letters_on_registry(session: Session) -> None:
    """Fix the letters of all files, and report which ones changed."""
    from ilocal.storage.letter_repair import repair_letters_in_registry_file

    with session.registry.transaction() as draft:
        changed = draft.rewrite_files(repair_letters_in_registry_file)
    for file in changed:
        print_status(_("{file}: letters fixed; to undo: ilocal undo", file=file))
    if not changed:
        print_status(_("all letters are right"))


def find_files_for_fmt_command(path: Path, *, letters: bool = False) -> Iterator[tuple[str, bytes, bytes]]:
    """Yield the files that would change, each with its current and its new content. Raises RegistryError."""
    from ilocal.storage.files import list_registry_files, read_file
    from ilocal.storage.formatter import format_registry_text
    from ilocal.storage.letter_repair import repair_letters_in_registry_file

    for member in list_registry_files(path):
        file, data = str(member.path), read_file(member.path).data
        new = repair_letters_in_registry_file(file, data) if letters else format_registry_text(file, data)
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
