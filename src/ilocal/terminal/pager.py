"""Paging of long output on a terminal, as git does it; output that fits on the screen is printed directly."""

from __future__ import annotations

import os
import re
import signal
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from io import TextIOBase
from typing import IO, TYPE_CHECKING, TextIO

from ilocal.i18n.messages import _
from ilocal.model.text_folding import strip_accents

if TYPE_CHECKING:
    import subprocess

_PAGER_QUIT_SIGNALS = (
    signal.SIGPIPE,
    signal.SIGINT,
    signal.SIGQUIT,
    signal.SIGHUP,
)  # signals with which a reader ends a pager
_MAX_REPLAY_BYTES = 1 << 17  # a pipe holds half of that, so the reader has seen output if more was sent


class PagerQuit(Exception):
    """The reader has quit the pager. It is no BrokenPipeError, for which Rich would end the program."""


class PagedStdout(TextIOBase):
    """A stdout that buffers output until it exceeds the screen, and then sends all of it to a pager.

    If the pager cannot be started, fails or is killed before it has read much, the output goes to `out`.
    """

    def __init__(self, out: TextIO, command: str, height: int) -> None:
        self._out, self._command, self._height = out, command, height
        self._replay_chunks: list[str] = []  # output that can still be printed instead
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
        """Wait until the pager ends, and print the output again if it failed."""
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
        """Print the buffered output, or wait for the pager, after everything was written."""
        if self._process is not None:
            self._wait_for_pager()
        elif not self._is_direct and not self.is_quit:
            self._print_without_pager()
        self._out.flush()

    def kill_pager(self) -> None:
        """Terminate the pager and print nothing in its place, even if it is still starting."""
        self.is_quit = True
        if self._process is not None:
            self._process.terminate()


@contextmanager
def page_stdout(command: str, height: int) -> Iterator[PagedStdout]:
    """Send output of the block to a pager if it is longer than `height` lines. Quitting the pager ends the block."""
    real = sys.stdout
    sys.stdout = held = PagedStdout(real, command, height)
    try:
        yield held
    except PagerQuit:
        held.is_quit = True
    except Exception:
        raise
    except BaseException:  # a signal requests the end of the program
        held.kill_pager()
        raise
    finally:
        sys.stdout = real
        held.finish_paging()


def split_pager_command(command: str) -> list[str]:
    """Return the command as arguments, run by a shell if it has shell syntax."""
    return ["sh", "-c", command] if re.search(r"[|&;<>()$`\\\"'*?\[#~=%]", command) else command.split()


def build_pager_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the pager's environment: less exits if all fits, keeps the text on the screen, shows colours and UTF-8.

    Its prompt says how to leave, in small letters without accents: less 590 breaks others into bytes, and BusyBox's
    less takes capital letters for options.
    """
    # Translators: neither a colon nor a full stop.
    end, keys = strip_accents(_("(end)")), strip_accents(_("q to quit, space for more"))
    return {"LESS": f"FRX-Ps?e{end} .{keys}", **environ} | (
        {} if "LESSCHARDEF" in environ else {"LESSCHARSET": "utf-8"}
    )
