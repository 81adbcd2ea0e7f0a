"""One question to the person at the terminal: asked on stderr, so that stdout has the answer of the command alone."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import typer

from ilocal.errors import UsageError
from ilocal.i18n.messages import _
from ilocal.model.text_folding import fold
from ilocal.terminal.capabilities import columns
from ilocal.terminal.status import say
from ilocal.terminal.text_width import width, wrapped

_MOST_COMPLETED = 50
_ANSWER = 16  # columns
_BELOW = "> "  # where a question stands above its answer


def can_ask() -> bool:
    """Whether somebody is there who sees a question and can answer it."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def confirm(question: str, refusal: str) -> None:
    """Ask before something is done. Raises Exit for a no, and UsageError (`refusal`) where nobody sees it.

    With stderr elsewhere somebody would wait, and then type something else.
    """
    if not can_ask():
        raise UsageError(refusal, hint=_("say --yes"))
    if not _is_yes(line(_("{question} [y/N] ", question=question))):
        say(_("nothing was changed"))
        raise typer.Exit(0)


def likely(question: str) -> bool:
    """Whether the answer is yes, as it is when nothing is said: `is it that? [Y/n] `."""
    answer = line(question)
    return not answer.strip() or _is_yes(answer)


def _is_yes(answer: str) -> bool:
    """Whether it is one of the letters and words that the question has, or those of English."""
    return fold(answer) in map(fold, ("y", "yes", _("y"), _("yes")))


def choice(question: str, names: Sequence[str]) -> str:
    """The one of `names` that is chosen by its letter. The question has these in brackets: `[s]ave or [c]ancel? `.

    They stand in the order of `names`, so that a translation may have letters of its own. Asks until one is chosen.
    """
    keys = [key.casefold() for key in re.findall(r"\[(\w)\]", question)]
    while True:
        answer = line(question).strip().casefold()
        if answer[:1] in keys:
            return names[keys.index(answer[:1])]


def line(question: str, completions: Sequence[str] | None = None) -> str:
    """What is typed in answer, without its line end; TAB completes to one of `completions` where the system can.

    A question that leaves no room for the answer stands above it. Raises EOFError for Ctrl-D and KeyboardInterrupt for
    Ctrl-C, each with the cursor on a new line.
    """
    if width(question) > max(columns() - _ANSWER, width(_BELOW)):
        for part in wrapped(question, columns()):
            say(part)
        question = _BELOW
    with _on_stderr():
        if completions is not None:
            _complete(completions)
        while True:
            try:
                return input(question)
            except UnicodeDecodeError:
                say(_("that is not UTF-8 text"))
            except (EOFError, KeyboardInterrupt):
                print(file=sys.stderr)
                raise


def completed(typed: str, n: int, names: Sequence[str]) -> str | None:
    """The n-th name that begins with what was typed, whatever its case and accents; blanks before it stay."""
    bare = typed.lstrip()
    wanted = fold(bare)
    found = [name for name in names if fold(name).startswith(wanted)]
    return typed[: len(typed) - len(bare)] + found[n] if n < min(len(found), _MOST_COMPLETED) else None


@contextmanager
def _on_stderr() -> Iterator[None]:
    """Let `input`, which asks on stdout, ask on stderr."""
    sys.stdout.flush()
    sys.stderr.flush()
    kept = os.dup(1)
    os.dup2(2, 1)
    try:
        yield
    finally:
        sys.stdout.flush()
        os.dup2(kept, 1)
        os.close(kept)


def _complete(names: Sequence[str]) -> None:
    """Let TAB complete to these names in the next line that is asked for."""
    try:
        import readline  # may write to the terminal when it is imported
    except ImportError:
        return
    readline.set_completer(lambda typed, n: completed(typed, n, names))
    readline.set_completer_delims(",;")
    if "libedit" in (readline.__doc__ or ""):
        readline.parse_and_bind("bind ^I rl_complete")
    else:
        # What is typed without accents is no beginning of the names found: each TAB offers the next of them.
        readline.parse_and_bind("tab: menu-complete")
        readline.parse_and_bind("set show-all-if-ambiguous on")
