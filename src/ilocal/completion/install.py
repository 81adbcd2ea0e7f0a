"""The scripts of the shells: put where the shell finds them, or shown."""

from __future__ import annotations

import os
import shlex
from pathlib import Path

from ilocal.completion.shells import names, script, shell_named
from ilocal.errors import UsageError
from ilocal.language import _


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
    shell = shell_named(name)
    path: Path = shell.script_path(os.environ, Path.home())
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(script(name), encoding="utf-8")
    said = [_("{file}: completion for {shell}", file=path, shell=name)]
    startup: Path | None = shell.startup_path(os.environ, Path.home())
    if startup is not None:
        said.append(_load(path, startup))
    return [*said, _("it is there in each new terminal; in this one, type: {command}", command=_now(path))]


def _now(path: Path) -> str:
    return f"source {shlex.quote(str(path))}"


def _load(path: Path, startup: Path) -> str:
    """Have a file that a shell reads at its start load the script; everything else in it stays as it is."""
    line = f"[ ! -r {shlex.quote(str(path))} ] || {_now(path)}  # completion of ilocal\n"
    text = startup.read_bytes() if startup.exists() else b""
    if line.encode() in text:
        return _("{file} loads it already", file=startup)
    with open(startup, "ab") as file:  # which keeps a link to the file what it is
        file.write((b"\n" if text and not text.endswith(b"\n") else b"") + line.encode())
    return _("{file}: one line was added, which loads it", file=startup)
