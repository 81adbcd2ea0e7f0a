"""Signals that request the end of the program, as exceptions, so that cleanup runs."""

from __future__ import annotations

import signal
import sys
from types import FrameType
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from sys import UnraisableHookArgs

_REPEAT_SECONDS = 0.001  # from a signal lost in a finalizer to its repetition


class TerminatedBySignal(BaseException):
    """A signal that requests the end of the program; its argument is the number."""


def install_termination_handlers() -> None:
    """Raise TerminatedBySignal on SIGTERM and SIGHUP and KeyboardInterrupt on SIGINT; an ignored signal stays ignored.

    A handler may run while Python calls a finalizer, where it reports every exception and goes on. Such a signal is
    sent again, by an alarm, after the finalizer.
    """
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is signal.SIG_DFL:  # nohup has it ignored
            signal.signal(number, _raise_exit_for_command_signal)
    if signal.getsignal(signal.SIGINT) is signal.SIG_DFL:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.unraisablehook = _repeat_lost_command_signal


def find_termination_signal(error: BaseException) -> int | None:
    """Return the signal in whose place an error was raised; None if there is none.

    Python 3.11 and older raise RuntimeError where an exception of any kind interrupts the making of a class.
    """
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, TerminatedBySignal):
            return int(cause.args[0])
        if isinstance(cause, KeyboardInterrupt):
            return signal.SIGINT
        cause = cause.__cause__
    return None


def _raise_exit_for_command_signal(number: int, _frame: FrameType | None) -> NoReturn:
    raise TerminatedBySignal(number)


def _repeat_lost_command_signal(lost: UnraisableHookArgs) -> None:
    """Repeat the signal that interrupted a finalizer; report any other error there as Python does."""
    error = lost.exc_value
    number = find_termination_signal(error) if error is not None else None
    if number is None:
        sys.__unraisablehook__(lost)
        return
    handler = signal.default_int_handler if number == signal.SIGINT else _raise_exit_for_command_signal
    signal.signal(signal.SIGALRM, lambda _alarm, frame: handler(number, frame))
    signal.setitimer(signal.ITIMER_REAL, _REPEAT_SECONDS)
