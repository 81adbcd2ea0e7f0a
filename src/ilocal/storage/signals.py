"""Signals blocked while a file is exchanged."""

from __future__ import annotations

import signal

# ------------------------------------------------------------------------------------------------------------ signals

_HELD = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
_before: list[set[int]] = []  # the mask to go back to, while signals are held


def hold_signals() -> None:
    """From now on nothing interrupts; see `release_signals`."""
    if not _before:
        # The mask is kept before it is changed: a signal may come in at that very moment, and end this function.
        _before.append({int(number) for number in signal.pthread_sigmask(signal.SIG_BLOCK, ())})
        signal.pthread_sigmask(signal.SIG_BLOCK, _HELD)


def release_signals(*, forget: bool = False) -> None:
    """Let signals in again: those that came meanwhile act now, or are forgotten where all is done anyway."""
    if not _before:
        return
    kept = {number: signal.signal(number, signal.SIG_IGN) for number in (_HELD if forget else ())}
    signal.pthread_sigmask(signal.SIG_SETMASK, _before.pop())
    for number, handler in kept.items():
        signal.signal(number, handler)
