"""The password of a server: from a command, a variable, .netrc or the person at the terminal; never from the config."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from ilocal.errors import UsageError
from ilocal.i18n.messages import _
from ilocal.model.safe_text import make_text_safe

PASSWORD_COMMAND_TIMEOUT_SECONDS = 60


def get_password_variable(name: str) -> str:
    """Return the environment variable that holds the password of the sync `name`."""
    return f"ILOCAL_SYNC_{re.sub('[^A-Z0-9]', '_', name.upper())}_PASSWORD"


def find_credentials(
    name: str,
    host: str,
    user: str,
    password_command: Sequence[str],
    environ: Mapping[str, str],
    ask: Callable[[str], str] | None,
) -> tuple[str, str] | None:
    """Return user and password for a host; None to connect without.

    Arguments:
        name: the name of the sync target, for its environment variable.
        host: the host.
        user: the user, "" if not configured.
        password_command: a command that prints the password.
        environ: the environment variables.
        ask: asks the user for the password; None if impossible.

    The first available source counts: command, environment variable, .netrc, `ask`. Raises UsageError.
    """
    if password_command:
        return user, run_password_command(password_command)
    if variable := environ.get(get_password_variable(name)):
        return user, variable
    if found := read_netrc(host, user, environ):
        return found
    if not user:
        return None
    if ask is None:
        raise UsageError(
            _("there is no password for {user} at {host}", user=make_text_safe(user), host=make_text_safe(host)),
            hint=_(
                "set password_command in your config file, or the environment variable {variable}",
                variable=get_password_variable(name),
            ),
        )
    return user, ask(_("Password for {user} at {host}: ", user=make_text_safe(user), host=make_text_safe(host)))


def run_password_command(command: Sequence[str]) -> str:
    """Return the first line that a command prints, which is never shown. Raises UsageError."""
    shown = make_text_safe(command[0])
    try:
        done = subprocess.run(
            command, stdout=subprocess.PIPE, timeout=PASSWORD_COMMAND_TIMEOUT_SECONDS, check=False, encoding="utf-8"
        )
    except FileNotFoundError:
        raise UsageError(_("password_command: program {command} not found", command=shown)) from None
    except (OSError, subprocess.SubprocessError, UnicodeError):
        raise UsageError(_("password_command: {command} cannot be run", command=shown)) from None
    lines = done.stdout.splitlines()
    if done.returncode or not lines or not lines[0]:
        raise UsageError(
            _(
                "password_command: {command} returned no password (exit code {code})",
                command=shown,
                code=done.returncode,
            )
        )
    return lines[0]


def read_netrc(host: str, user: str, environ: Mapping[str, str]) -> tuple[str, str] | None:
    """Return user and password of a host from ~/.netrc, or the file in NETRC; None if there are none.

    Raises UsageError for an invalid file.
    """
    import netrc

    path = environ.get("NETRC") or str(Path(os.path.expanduser("~")) / ".netrc")  # noqa: PTH111
    with suppress(OSError):
        try:
            found = netrc.netrc(path).authenticators(host)
        except (netrc.NetrcParseError, UnicodeError):
            raise UsageError(_("{path}: not a valid netrc file", path=make_text_safe(path))) from None
        if found and found[2] and (not user or found[0] in ("", user)):
            return found[0] or user, found[2]
    return None
