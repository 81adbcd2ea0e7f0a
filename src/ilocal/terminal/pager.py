"""Long answers on a terminal, shown by a pager as git does it; what fits on the screen is printed as it is."""

from __future__ import annotations

import os
import re
import signal
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from io import TextIOBase
from typing import IO, TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    import subprocess

_PAGER_QUIT_SIGNALS = (
    signal.SIGPIPE,
    signal.SIGINT,
    signal.SIGQUIT,
    signal.SIGHUP,
)  # how who reads ends a pager that knows no key
_MAX_REPLAY_BYTES = 1 << 17  # bytes; a pipe holds half of that, so more was sent only where somebody reads


class PagerQuit(Exception):
    """The reader has seen enough. (Not a BrokenPipeError: Rich would end the program.)"""


class PagedStdout(TextIOBase):
    """A stdout that keeps what is written until that is longer than the screen; from then on a pager gets it all.

    Where the pager cannot be started, fails or is killed before it has read much, `out` gets it.
    """

    def __init__(self, out: TextIO, command: str, height: int) -> None:
        self._out, self._command, self._height = out, command, height
        self._replay_chunks: list[str] = []  # what can still be printed instead
        self._lines = self._size = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._is_direct = False
        self._interrupt: object = None
        self.is_quit = False

    encoding = "utf-8"

    def isatty(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._out.fileno()

    def write(self, text: str) -> int:
        if self._is_direct:
            return self._out.write(text)
        if self._size <= _MAX_REPLAY_BYTES:
            self._replay_chunks.append(text)
            self._size += len(text)
        if self._process is not None:
            self._send_to_pager(text)
        else:
            self._lines += text.count("\n")
            if self._lines >= self._height:
                self._start_pager()
        return len(text)

    def flush(self) -> None:
        if self._is_direct:
            self._out.flush()
        elif self._process is not None:
            self._send_to_pager("", flush=True)

    @property
    def _pager_pipe(self) -> IO[bytes]:
        assert self._process is not None and self._process.stdin is not None
        return self._process.stdin

    def _start_pager(self) -> None:
        import subprocess  # short answers are the most

        try:
            self._process = subprocess.Popen(
                split_pager_command(self._command), stdin=subprocess.PIPE, env=build_pager_environment(os.environ)
            )
        except OSError:
            self._print_without_pager()
            return
        with suppress(ValueError):  # not in the main thread
            self._interrupt = signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the pager's
        self._send_to_pager("".join(self._replay_chunks))

    def _send_to_pager(self, text: str, *, flush: bool = False) -> None:
        try:
            self._pager_pipe.write(text.encode("utf-8", "backslashreplace"))
            if flush:
                self._pager_pipe.flush()
        except BrokenPipeError:
            self._wait_for_pager()
            if not self._is_direct:
                raise PagerQuit from None

    def _wait_for_pager(self) -> None:
        """The pager has ended, or will when its reader has seen enough."""
        assert self._process is not None
        with suppress(BrokenPipeError):
            self._pager_pipe.close()
        code = self._process.wait()
        if self._interrupt is not None:
            signal.signal(signal.SIGINT, self._interrupt)  # type: ignore[arg-type]
        if code and -code not in _PAGER_QUIT_SIGNALS and not self.is_quit and self._size <= _MAX_REPLAY_BYTES:
            self._print_without_pager()
        self._process = None

    def _print_without_pager(self) -> None:
        self._is_direct = True
        self._out.writelines(self._replay_chunks)

    def finish_paging(self) -> None:
        """All is written: print what is kept, or wait until the pager is done."""
        if self._process is not None:
            self._wait_for_pager()
        elif not self._is_direct and not self.is_quit:
            self._print_without_pager()
        self._out.flush()

    def kill_pager(self) -> None:
        """Take the pager from the screen, and print nothing in its place, also where it is only just being started."""
        self.is_quit = True
        if self._process is not None:
            self._process.terminate()


@contextmanager
def page_stdout(command: str, height: int) -> Iterator[PagedStdout]:
    """Send what is printed inside to a pager, where it is longer than `height` lines. Quitting it ends the block."""
    real = sys.stdout
    sys.stdout = held = PagedStdout(real, command, height)
    try:
        yield held
    except PagerQuit:
        held.is_quit = True
    except Exception:
        raise
    except BaseException:  # a signal asks the program to end
        held.kill_pager()
        raise
    finally:
        sys.stdout = real
        held.finish_paging()


def split_pager_command(command: str) -> list[str]:
    """A command as it is started: by a shell where it has words that only a shell understands."""
    return ["sh", "-c", command] if re.search(r"[|&;<>()$`\\\"'*?\[#~=%]", command) else command.split()


def build_pager_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """The pager's variables: less ends where all fits, leaves the text on the screen, and shows colours and UTF-8."""
    return {"LESS": "FRX", **environ} | ({} if "LESSCHARDEF" in environ else {"LESSCHARSET": "utf-8"})
