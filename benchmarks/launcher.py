"""Run one command and print its seconds, its peak memory in KiB and its exit code.

    python -I -S launcher.py OUTPUT ERRORS pipe|terminal COMMAND…

A program of its own, and small, because Linux counts the memory of whoever starts a process to that process's peak:
started by the benchmark, with its data in memory, every program would seem to need as much. Nothing that is heavy may
be imported here. Standard output goes to the file OUTPUT, standard error to ERRORS, through a pipe or a pty that is
read as fast as it comes; on a pty both are one.
"""

from __future__ import annotations

import fcntl
import os
import struct
import sys
import termios
import time

ROWS, COLUMNS = 40, 100


def main() -> None:
    output, errors, kind, *command = sys.argv[1:]
    ours, theirs = os.openpty() if kind == "terminal" else os.pipe()
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    kept = os.open(output, flags, 0o600)
    said = theirs if kind == "terminal" else os.open(errors, flags, 0o600)
    nothing = theirs if kind == "terminal" else os.open(os.devnull, os.O_RDONLY)
    if kind == "terminal":
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
    actions = [(os.POSIX_SPAWN_DUP2, nothing, 0), (os.POSIX_SPAWN_DUP2, theirs, 1), (os.POSIX_SPAWN_DUP2, said, 2)]
    started = time.perf_counter()
    child = os.posix_spawnp(command[0], command, os.environ, file_actions=actions)
    os.close(theirs)
    try:
        while data := os.read(ours, 1 << 16):
            os.write(kept, data)
    except OSError:  # raised by Linux when the other end of a pty is closed
        pass
    _, status, usage = os.wait4(child, 0)
    seconds = time.perf_counter() - started
    print(seconds, usage.ru_maxrss, os.waitstatus_to_exitcode(status))


main()
