"""Prompts: questions to the user on stderr, so that stdout only has the output of the command."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from ilocal.i18n.messages import _
from ilocal.model.text_folding import fold_text
from ilocal.terminal.capabilities import get_terminal_width
from ilocal.terminal.status import print_status
from ilocal.terminal.text_width import measure_width, wrap_to_width

_MAX_PROMPT_COMPLETIONS = 50
_MIN_ANSWER_WIDTH = 16  # columns
_SHORT_PROMPT = "> "  # if the question is printed above its answer


def is_interactive() -> bool:
    """Return whether the user can see a question and answer it: stdin and stderr are terminals."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def confirm_default_no(question: str) -> bool:
    """Ask `question [y/N]` and return whether the answer is yes."""
    return _is_yes_answer(prompt_for_line(_("{question} [y/N] ", question=question)))


def confirm_default_yes(question: str) -> bool:
    """Ask a question that ends with `[Y/n]` and return whether the answer is yes, or empty."""
    answer = prompt_for_line(question)
    return not answer.strip() or _is_yes_answer(answer)


def _is_yes_answer(answer: str) -> bool:
    """Return whether an answer is one of the words for yes, in the current language or in English."""
    return fold_text(answer) in map(fold_text, ("y", "yes", _("y"), _("yes")))


def prompt_for_choice(question: str, names: Sequence[str]) -> str:
    """Return the one of `names` that is chosen by its letter. The question has the letters in brackets: `[s]ave`.

    The letters are in the order of `names`, so that translations may use others. Asks until one is chosen.
    """
    keys = [key.casefold() for key in re.findall(r"\[(\w)\]", question)]
    while True:
        answer = prompt_for_line(question).strip().casefold()
        if answer[:1] in keys:
            return names[keys.index(answer[:1])]


def prompt_for_line(question: str, completions: Sequence[str] | None = None) -> str:
    """Return the typed answer; TAB completes to one of `completions` if the system supports it.

    A question that leaves no room for the answer is printed above it. Raises EOFError for Ctrl-D and KeyboardInterrupt
    for Ctrl-C, with the cursor on a new line.
    """
    if measure_width(question) > max(get_terminal_width() - _MIN_ANSWER_WIDTH, measure_width(_SHORT_PROMPT)):
        for part in wrap_to_width(question, get_terminal_width()):
            print_status(part)
        question = _SHORT_PROMPT
    with _prompt_on_stderr():
        if completions is not None:
            _enable_prompt_completion(completions)
        while True:
            try:
                return input(question)
            except UnicodeDecodeError:
                print_status(_("the text is not UTF-8"))
            except (EOFError, KeyboardInterrupt):
                print(file=sys.stderr)
                raise


def get_prompt_completion(typed: str, n: int, names: Sequence[str]) -> str | None:
    """Return the n-th name that begins with the typed text, ignoring case and accents; leading spaces are kept."""
    bare = typed.lstrip()
    wanted = fold_text(bare)
    found = [name for name in names if fold_text(name).startswith(wanted)]
    return typed[: len(typed) - len(bare)] + found[n] if n < min(len(found), _MAX_PROMPT_COMPLETIONS) else None


@contextmanager
def _prompt_on_stderr() -> Iterator[None]:
    """Redirect the prompt of `input` from stdout to stderr."""
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


def _enable_prompt_completion(names: Sequence[str]) -> None:
    """Enable completion of these names with TAB for the next prompt."""
    try:
        import readline  # may write to the terminal when it is imported
    except ImportError:
        return
    readline.set_completer(lambda typed, n: get_prompt_completion(typed, n, names))
    readline.set_completer_delims(",;")
    if "libedit" in (readline.__doc__ or ""):
        readline.parse_and_bind("bind ^I rl_complete")
    else:
        # Text typed without accents is no prefix of the names: each TAB offers the next of them.
        readline.parse_and_bind("tab: menu-complete")
        readline.parse_and_bind("set show-all-if-ambiguous on")
