"""The scripts of the shells: put where the shell finds them, or shown."""

from __future__ import annotations

import os
import shlex
from pathlib import Path

from ilocal.cli.completion.shells import names, script, shell_named
from ilocal.errors import UsageError
from ilocal.i18n.messages import _
from ilocal.storage.atomic_write import put
from ilocal.storage.files import Snapshot, no_registry, read


def shell_here() -> str:
    """The shell that the program was started from, or else the user's own. Raises UsageError where none is known."""
    import shellingham

    try:
        return str(shellingham.detect_shell()[0])
    except shellingham.ShellDetectionFailure:
        if name := Path(os.environ.get("SHELL", "")).name:
            return name
    raise UsageError(_("the shell is not known"), hint=_("name one of {names}", names=", ".join(names())))


def shown(name: str) -> str:
    """The script of a shell; of this one, where none is named. Raises UsageError."""
    name = name or shell_here()
    shell_named(name)
    return script(name)


def install(name: str) -> list[str]:
    """Put the script of a shell in its place, and have it loaded; returns what was done, and what to do.

    Raises UsageError. Done twice, it is done once.
    """
    name = name or shell_here()
    shell, home = shell_named(name), _home()
    path: Path = shell.script_path(os.environ, home)
    startup: Path | None = shell.startup_path(os.environ, home)
    # What loads the script comes first: it does nothing where the script could not be written.
    loaded = [] if startup is None else [_load(path, startup)]
    path.parent.mkdir(parents=True, exist_ok=True)
    put(path, _before(path), script(name).encode())
    return [
        _("{file}: completion for {shell}", file=path, shell=name),
        *loaded,
        _("it is there in each new terminal; in this one, type: {command}", command=_now(path)),
    ]


def _home() -> Path:
    """The user's home folder. Raises UsageError where there is none: what is put elsewhere is found by nobody."""
    try:
        home = Path.home()
    except RuntimeError:
        home = Path()
    if not home.is_absolute() or os.environ.get("HOME") == "":
        raise UsageError(_("your home folder is not known; nothing was changed"), hint=_("set HOME"))
    return home


def _before(path: Path) -> Snapshot | None:
    """A file as it is; None where there is none. Raises UsageError for what is no file."""
    with no_registry():
        return read(path) if os.path.lexists(os.path.realpath(path)) else None


def _now(path: Path) -> str:
    return f"source {shlex.quote(str(path))}"


def _load(path: Path, startup: Path) -> str:
    """Have a file that a shell reads at its start load the script; everything else in it stays as it is."""
    line = f"[ ! -r {shlex.quote(str(path))} ] || {_now(path)}  # completion of ilocal\n"
    before = _before(startup)
    text = before.data if before else b""
    if line.encode() in text:
        return _("{file} loads it already", file=startup)
    put(startup, before, text + (b"\n" if text and not text.endswith(b"\n") else b"") + line.encode())
    return _("{file}: one line was added, which loads it", file=startup)
