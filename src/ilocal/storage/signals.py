"""Signals blocked while a file is exchanged."""

from __future__ import annotations

import signal

# ------------------------------------------------------------------------------------------------------------ signals

_BLOCKED_SIGNALS = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGALRM}  # an alarm repeats one of the others
_previous_masks: list[set[int]] = []  # the mask to go back to, while signals are held


def block_signals() -> None:
    """Block signals that would interrupt a write, until `unblock_signals`."""
    if not _previous_masks:
        # Save the mask before changing it: a signal may arrive at that very moment and end this function.
        _previous_masks.append({int(number) for number in signal.pthread_sigmask(signal.SIG_BLOCK, ())})
        signal.pthread_sigmask(signal.SIG_BLOCK, _BLOCKED_SIGNALS)


def unblock_signals(*, discard_pending: bool = False) -> None:
    """Unblock signals: pending ones act now or, with `discard_pending`, are ignored because the work is done."""
    if not _previous_masks:
        return
    kept = {number: signal.signal(number, signal.SIG_IGN) for number in (_BLOCKED_SIGNALS if discard_pending else ())}
    signal.pthread_sigmask(signal.SIG_SETMASK, _previous_masks.pop())
    for number, handler in kept.items():
        signal.signal(number, handler)
