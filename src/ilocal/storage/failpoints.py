"""Failpoints: failures that tests inject at named points of a write. Without their variables nothing happens."""

from __future__ import annotations

import errno
import os
import signal

_TESTING_VARIABLE = "ILOCAL_TESTING"  # "1": only then is the other one looked at
# NAME:kill (or int, term, stop), or NAME:ENOSPC (or any other error's name); with @2 behind it, the second time.
_FAILPOINT_VARIABLE = "ILOCAL_FAILPOINT"
_SIGNALS_BY_NAME = {"kill": signal.SIGKILL, "int": signal.SIGINT, "term": signal.SIGTERM, "stop": signal.SIGSTOP}


def reach_failpoint(name: str) -> None:
    """Mark a named point of a write at which a test may make a signal arrive or a system call fail, once.

    The crash tests use this on machines that do not allow tracing. Raises OSError if a test requests it.
    """
    if os.environ.get(_TESTING_VARIABLE) != "1":
        return
    wanted_name, _, action = os.environ.get(_FAILPOINT_VARIABLE, "").partition(":")
    if wanted_name != name:
        return
    failure, _, count = action.partition("@")
    if count and count != "1":
        os.environ[_FAILPOINT_VARIABLE] = f"{name}:{failure}@{int(count) - 1}"
        return
    del os.environ[_FAILPOINT_VARIABLE]
    if failure in _SIGNALS_BY_NAME:
        os.kill(os.getpid(), _SIGNALS_BY_NAME[failure])
    else:
        code = getattr(errno, failure)
        raise OSError(code, os.strerror(code))
