"""Installation of completion scripts: placed where the shell finds them, or printed."""

from __future__ import annotations

import os
import shlex
from pathlib import Path

from ilocal.cli.completion.shells import get_shell, list_shells, read_completion_script
from ilocal.errors import UsageError
from ilocal.i18n.messages import _
from ilocal.storage.atomic_write import write_user_file
from ilocal.storage.files import FileSnapshot, convert_file_error_to_usage_error, read_file


def detect_current_shell() -> str:
    """Return the shell that started the program, or else the user's own. Raises UsageError if unknown."""
    import shellingham

    try:
        return str(shellingham.detect_shell()[0])
    except shellingham.ShellDetectionFailure:
        if name := Path(os.environ.get("SHELL", "")).name:
            return name
    raise UsageError(
        _("the shell could not be detected"), hint=_("specify one of {names}", names=", ".join(list_shells()))
    )


def get_completion_script(name: str) -> str:
    """Return the script of a shell, by default of the current one. Raises UsageError."""
    name = name or detect_current_shell()
    get_shell(name)
    return read_completion_script(name)


def install_completion_script(name: str) -> list[str]:
    """Install the script of a shell and its loading; return messages about what was done, and what to do.

    Repeating it has no further effect. Raises UsageError.
    """
    name = name or detect_current_shell()
    shell, home = get_shell(name), _find_home_folder_for_completion()
    path = shell.get_script_path(os.environ, home)
    startup = shell.get_startup_path(os.environ, home)
    # Loading comes first: it does nothing if the script could not be written.
    loaded = [] if startup is None else [_add_script_to_startup_file(path, startup)]
    path.parent.mkdir(parents=True, exist_ok=True)
    write_user_file(path, _read_shell_startup_file(path), read_completion_script(name).encode())
    return [
        _("{file}: installed completion for {shell}", file=path, shell=name),
        *loaded,
        _(
            "completion is available in new terminals; to enable it in this terminal, run: {command}",
            command=_format_completion_source_command(path),
        ),
    ]


def _find_home_folder_for_completion() -> Path:
    """Return the user's home folder. Raises UsageError if there is none, as nothing else would be found."""
    try:
        home = Path.home()
    except RuntimeError:
        home = Path()
    if not home.is_absolute() or os.environ.get("HOME") == "":
        raise UsageError(
            _("your home folder could not be found; nothing was changed"), hint=_("set the environment variable HOME")
        )
    return home


def _read_shell_startup_file(path: Path) -> FileSnapshot | None:
    """Return a file's content; None if it does not exist. Raises UsageError if it is not a file."""
    with convert_file_error_to_usage_error():
        return read_file(path) if os.path.lexists(os.path.realpath(path)) else None


def _format_completion_source_command(path: Path) -> str:
    return f"source {shlex.quote(str(path))}"


def _add_script_to_startup_file(path: Path, startup: Path) -> str:
    """Add a line that loads the script to a startup file of the shell; the rest stays as it is."""
    line = f"[ ! -r {shlex.quote(str(path))} ] || {_format_completion_source_command(path)}  # completion of ilocal\n"
    before = _read_shell_startup_file(startup)
    text = before.data if before else b""
    if line.encode() in text:
        return _("{file} already loads the completion script", file=startup)
    write_user_file(startup, before, text + (b"\n" if text and not text.endswith(b"\n") else b"") + line.encode())
    return _("{file}: added a line that loads the completion script", file=startup)
