"""The program as a process forked from a server that has imported it, as starting Python costs more than most commands.

The server is started on first use, imports the modules, and only forks, so that no command affects the next one. The
descriptors, the environment, the folder and the arguments are those of the caller.
`python -m ilocal` itself is started by the tests of what comes before or around the program: its start, shells, locales,
limits, a signal at any moment.
"""

from __future__ import annotations

import atexit
import ctypes
import fcntl
import gc
import json
import os
import select
import signal
import socket
import struct
import subprocess
import sys
import termios
import threading
import time
import traceback
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import Any, NoReturn

from tests.support.cli import Result, make_environment
from tests.support.paths import ROOT

_NUMBER = struct.Struct("i")
_STOPPED = 1 << 16  # what the server says in the place of an exit code
_MAX_BYTES = 1 << 16  # of a request, and of what is written into a pipe before anybody reads
# What commands import where they need it, and which are not of the program.
_LAZY_MODULES = (
    "sqlite3", "hashlib", "tempfile", "subprocess", "shlex", "zoneinfo", "unicodedata", "csv", "tomli", "tomli_w",
    "dateutil.rrule", "dateutil.tz", "rich.box", "rich.cells", "rich.console", "rich.markup", "rich.padding", "rich.segment", "rich.style",
    "rich.table", "rich.text", "rich.theme", "platformdirs", "icalendar",
)  # fmt: skip


class ForkedProgram:
    """A run of the program, with what `subprocess.Popen` has of a process.

    Args:
        arguments: What stands behind `ilocal`.
        folder: Where it runs.
        environment: All of its variables; none that Python reads at its start, see `start_program`.
        streams: Descriptors for its stdin, stdout and stderr, which stay open here.
        is_session_leader: Whether it is alone in a session whose terminal is its stdin.
        begins_stopped: Whether it waits for SIGCONT before its first step.
    """

    def __init__(
        self,
        arguments: tuple[str, ...],
        folder: Path,
        environment: Mapping[str, str],
        streams: tuple[int, int, int],
        *,
        is_session_leader: bool = False,
        begins_stopped: bool = False,
    ) -> None:
        self.returncode: int | None = None
        self._status, theirs = os.pipe()
        request = json.dumps([arguments, str(folder), dict(environment), is_session_leader, begins_stopped]).encode()
        try:
            socket.send_fds(_start_server(), [request], [*streams, theirs])
        finally:
            os.close(theirs)
        self.pid = self._read_number(180)

    def _read_number(self, timeout: float | None) -> int:
        """Read what the server says next of the process; raises TimeoutExpired."""
        if not select.select([self._status], [], [], timeout)[0]:
            raise subprocess.TimeoutExpired("ilocal", timeout or 0)
        data = os.read(self._status, _NUMBER.size)
        assert data, "the server of forked programs has ended"
        return int(_NUMBER.unpack(data)[0])

    def wait(self, timeout: float | None = None) -> int:
        """Wait for the exit code; raises TimeoutExpired."""
        if self.returncode is None:
            while (number := self._read_number(timeout)) == _STOPPED:
                pass
            self.returncode = number
            os.close(self._status)
        return self.returncode

    def wait_for_stop(self, timeout: float = 180) -> bool:
        """Wait until a signal stops it; returns False where it ends before."""
        if (number := self._read_number(timeout)) != _STOPPED:
            self.returncode = number
            os.close(self._status)
        return number == _STOPPED

    def poll(self) -> int | None:
        """Return the exit code; None while it runs."""
        with suppress(subprocess.TimeoutExpired):
            self.wait(0)
        return self.returncode

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


class PipedProgram(ForkedProgram):
    """A run of the program without stdin, with pipes for its output."""

    def __init__(
        self, arguments: tuple[str, ...], folder: Path, environment: Mapping[str, str], *, begins_stopped: bool = False
    ) -> None:
        nowhere = os.open(os.devnull, os.O_RDONLY)
        (self._out, stdout), (self._err, stderr) = os.pipe(), os.pipe()
        try:
            streams = (nowhere, stdout, stderr)
            super().__init__(arguments, folder, environment, streams, begins_stopped=begins_stopped)
        finally:
            for descriptor in (nowhere, stdout, stderr):
                os.close(descriptor)

    def communicate(self, timeout: float = 180) -> tuple[bytes, bytes]:
        """Wait for the end, and return what stdout and stderr had; raises TimeoutExpired."""
        said = _read_to_end([self._out, self._err], timeout)
        self.wait(timeout)
        os.close(self._out)
        os.close(self._err)
        return said[self._out], said[self._err]


def start_program(
    arguments: tuple[str, ...],
    folder: Path,
    environment: Mapping[str, str],
    streams: tuple[int, int, int],
    *,
    is_session_leader: bool = False,
    code: str = "",
) -> ForkedProgram | subprocess.Popen[bytes]:
    """Begin a run of the program, see `ForkedProgram`; Python is started where it must read the variables itself.

    `code`: what the program is in the place of `python -m ilocal`.
    """
    usual = make_environment(ROOT)
    is_forkable = all(
        usual.get(name) == value
        for name, value in environment.items()
        if name.startswith(("PYTHON", "LC_", "LANG", "LD_")) or len(value) > _MAX_BYTES // 8
    )
    if is_forkable and not code and sum(map(len, arguments)) < _MAX_BYTES // 8:
        return ForkedProgram(arguments, folder, environment, streams, is_session_leader=is_session_leader)
    stdin, stdout, stderr = streams
    return subprocess.Popen(
        [sys.executable, *(["-c", code] if code else ["-m", "ilocal"]), *arguments],
        stdin=stdin, stdout=stdout, stderr=stderr, cwd=folder, env=environment, start_new_session=is_session_leader,
        preexec_fn=(lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0) and None) if is_session_leader else None,  # noqa: PLW1509
    )  # fmt: skip


def run_program(
    arguments: tuple[str, ...],
    folder: Path,
    environment: Mapping[str, str],
    *,
    input: bytes = b"",
    timeout: float = 180,
) -> Result:
    """Run the program with pipes for its streams, and return its result; raises TimeoutExpired."""
    (stdin, feed), (out, stdout), (err, stderr) = (os.pipe() for _ in range(3))
    try:
        process = start_program(arguments, folder, environment, (stdin, stdout, stderr))
    finally:
        for descriptor in (stdin, stdout, stderr):
            os.close(descriptor)
    feeder = threading.Thread(target=_feed_input, args=(feed, input))
    feeder.start()
    try:
        said = _read_to_end([out, err], timeout)
        return Result(process.wait(timeout), said[out].decode(), said[err].decode())
    finally:
        process.kill()
        feeder.join()
        os.close(out)
        os.close(err)


def _feed_input(feed: int, data: bytes) -> None:
    with suppress(BrokenPipeError), open(feed, "wb") as stream:
        stream.write(data)


def _read_to_end(descriptors: list[int], timeout: float) -> dict[int, bytes]:
    said = dict.fromkeys(descriptors, b"")
    until = time.monotonic() + timeout
    while descriptors:
        ready = select.select(descriptors, [], [], max(until - time.monotonic(), 0))[0]
        if not ready:
            raise subprocess.TimeoutExpired("ilocal", timeout)
        for one in ready:
            chunk = os.read(one, 1 << 16)
            said[one] += chunk
            if not chunk:
                descriptors = [other for other in descriptors if other != one]
    return said


@cache
def _start_server() -> socket.socket:
    """Return a connection to the server of this process; it ends when that is closed."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.support.forked_program", str(theirs.fileno())],
        cwd=ROOT, env=make_environment(ROOT), pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    theirs.close()

    def end() -> None:
        ours.close()
        server.wait(60)

    atexit.register(end)
    return ours


# ----------------------------------------------------------------------------------------------------------- the server


def import_program() -> None:
    """Import the modules that commands need, except those with effects on import."""
    import ilocal

    for module in walk_packages(ilocal.__path__, "ilocal."):
        if not module.name.endswith("__main__"):
            import_module(module.name)
    for name in _LAZY_MODULES:
        import_module(name)
    sys.path[:] = [path for path in sys.path if Path(path) != ROOT]
    gc.collect()
    gc.freeze()


def serve(connection: socket.socket) -> None:
    """Fork a run of the program for each request, until the connection closes."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for those that watch
    while True:
        request, descriptors, _, _ = socket.recv_fds(connection, 2 * _MAX_BYTES, 4)
        if not request:
            return
        if os.fork() == 0:
            connection.close()
            _watch(json.loads(request), *descriptors)
        for descriptor in descriptors:
            os.close(descriptor)


def _watch(request: list[Any], stdin: int, stdout: int, stderr: int, status: int) -> NoReturn:
    """Fork the run, and write its number and then its exit code."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    begun, begins = os.pipe()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.close(status)
            code = _run(request, (stdin, stdout, stderr), begins)
        except BaseException:  # as Python does
            traceback.print_exc()
        os._exit(code)
    for descriptor in (stdin, stdout, stderr, begins):
        os.close(descriptor)
    os.read(begun, 1)  # nothing: it is closed where the run has its session
    os.write(status, _NUMBER.pack(child))
    while os.WIFSTOPPED(ended := os.waitpid(child, os.WUNTRACED)[1]):
        os.write(status, _NUMBER.pack(_STOPPED))
    os.write(status, _NUMBER.pack(os.waitstatus_to_exitcode(ended)))
    os._exit(0)


def _run(request: list[Any], streams: tuple[int, int, int], begins: int) -> int:
    """Run the program and return the exit code that Python would have."""
    arguments, folder, environment, is_session_leader, begins_stopped = request
    if is_session_leader:
        os.setsid()
        fcntl.ioctl(streams[0], termios.TIOCSCTTY, 0)
    os.chdir(folder)
    for number, descriptor in enumerate(streams):
        os.dup2(descriptor, number)
        os.close(descriptor)
    os.close(begins)
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    sys.stdin = sys.__stdin__ = open(0, encoding="utf-8", closefd=False)  # type: ignore[misc]  # noqa: SIM115
    sys.stdout = sys.__stdout__ = open(1, "w", encoding="utf-8", closefd=False)  # type: ignore[misc]  # noqa: SIM115
    sys.stderr = sys.__stderr__ = open(2, "w", buffering=1, encoding="utf-8", closefd=False)  # type: ignore[misc]  # noqa: SIM115
    from ilocal.cli.main import main

    sys.argv = [str(ROOT / "src" / "ilocal" / "__main__.py"), *arguments]
    if begins_stopped:
        _allow_tracing()
        os.kill(os.getpid(), signal.SIGSTOP)
    code = 0
    try:
        main()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
        code = 1
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    try:
        sys.stdout.flush()
    except OSError:
        code = 120
    return code


def _allow_tracing() -> None:
    """Let any process of the same user attach to this one, which some systems allow its parents alone."""
    set_ptracer, anybody = 0x59616D61, ctypes.c_ulong(-1)
    ctypes.CDLL(None).prctl(set_ptracer, anybody, 0, 0, 0)


if __name__ == "__main__":
    import_program()
    serve(socket.socket(fileno=int(sys.argv[1])))
