"""Failures that tests inject at named points of a write."""

from __future__ import annotations

import errno
import os
import signal

# --------------------------------------------------------------------------------------------------------- failpoints

_SIGNALS_BY_NAME = {"kill": signal.SIGKILL, "int": signal.SIGINT, "term": signal.SIGTERM, "stop": signal.SIGSTOP}


def reach_failpoint(name: str) -> None:
    """A named place of a write, where tests let something happen: ILOCAL_FAILPOINT=NAME:kill, or any error's name.

    This is how the crash tests work on machines that allow no tracing.
    """
    place, _, what = os.environ.get("ILOCAL_FAILPOINT", "").partition(":")
    if place != name:
        return
    del os.environ["ILOCAL_FAILPOINT"]  # it happens once
    if what in _SIGNALS_BY_NAME:
        os.kill(os.getpid(), _SIGNALS_BY_NAME[what])
    else:
        code = getattr(errno, what)
        raise OSError(code, os.strerror(code))
