"""Confirmation before a command changes several events."""

from __future__ import annotations

import typer

from ilocal.errors import UsageError
from ilocal.i18n.messages import _
from ilocal.terminal.prompts import confirm_default_no, is_interactive
from ilocal.terminal.status import print_status


def confirm_or_exit(question: str, refusal: str) -> None:
    """Ask a yes/no question and return if the answer is yes.

    Raises typer.Exit if it is no, and UsageError with the message `refusal` unless stdin and stderr are both
    terminals: with stderr redirected, the user would wait for a question they cannot see.
    """
    if not is_interactive():
        raise UsageError(refusal, hint=_("to proceed without confirmation, add --yes"))
    if not confirm_default_no(question):
        print_status(_("nothing was changed"))
        raise typer.Exit(0)
