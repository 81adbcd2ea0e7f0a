"""Batches of work run in parallel child processes, if there is enough work."""

from __future__ import annotations

import gc
import json
import os
import sys
import traceback
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple, TypeVar

from ilocal.errors import IlocalError
from ilocal.i18n.messages import _

MIN_PARALLEL_FILES = 2000
_COLLECT_AFTER_OBJECTS = 20_000  # of a process that makes many objects, most of which are used for one page
FilesT = TypeVar("FilesT", bound=list)  # type: ignore[type-arg]
EventsT = TypeVar("EventsT")


class MadeFile(NamedTuple):
    """A file: its path, its size in bytes, and the number under which it is staged; None if it is unchanged."""

    path: str
    size: int
    number: int | None


def render_page_batches(
    work: Iterable[tuple[FilesT, EventsT]],
    make: Callable[[FilesT, EventsT, int], Iterable[MadeFile]],
    first_number: int,
    process_count: int,
) -> Iterator[MadeFile]:
    """Yield the results of `make` for each batch, given its first number; in so many processes.

    Raises what `make` raises.
    """
    number = first_number
    children: deque[_Child] = deque()
    if process_count > 1:
        gc.freeze()  # existing objects are shared with children, and need not be scanned by each
    try:
        for files, events in work:
            if process_count < 2:
                yield from make(files, events, number)
            else:
                while len(children) >= process_count:
                    yield from children.popleft().collect()
                paths = {file.path: file.path for file in files}  # which results share, for there are many
                children.append(_Child(lambda files=files, events=events, n=number: make(files, events, n), paths))  # type: ignore[misc]
            number += len(files)
        while children:
            yield from children.popleft().collect()
    finally:
        for child in children:
            child.stop()
        if process_count > 1:
            gc.unfreeze()


def count_processes(file_count: int) -> int:
    """Return in how many processes so many files are made: one per processor if that is worth it."""
    if file_count < MIN_PARALLEL_FILES or not hasattr(os, "fork"):
        return 1
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class _Child:
    """A process that makes a batch, and writes its results to a pipe."""

    def __init__(self, make: Callable[[], Iterable[MadeFile]], paths: Mapping[str, str]) -> None:
        self._paths = paths
        self._reader, writer = os.pipe()
        sys.stdout.flush()
        sys.stderr.flush()
        self._pid = os.fork()
        if self._pid == 0:
            os.close(self._reader)
            gc.set_threshold(_COLLECT_AFTER_OBJECTS)
            code = 1
            try:
                with open(writer, "w", encoding="utf-8") as pipe:
                    _write_rendered_pages(make, pipe.write)
                code = 0
            except BaseException:  # this process ends here in any case
                traceback.print_exc()
            finally:
                os._exit(code)
        os.close(writer)

    def collect(self) -> list[MadeFile]:
        """Return the results, when they are complete. Raises the error that ended the process."""
        with open(self._reader, encoding="utf-8") as pipe:
            rows = [json.loads(line) for line in pipe]
        _pid, status = os.waitpid(self._pid, 0)
        if rows and "error" in rows[-1]:
            message, hint, code = rows[-1]["error"]
            raise IlocalError(message, hint=hint, exit_code=code)
        if status:
            raise IlocalError(_("a process that builds pages was terminated; nothing was changed"), exit_code=2)
        return [MadeFile(self._paths[path], size, number) for path, size, number in rows]

    def stop(self) -> None:
        """End the process, and wait for that."""
        import signal

        os.close(self._reader)
        os.kill(self._pid, signal.SIGKILL)
        os.waitpid(self._pid, 0)


def _write_rendered_pages(make: Callable[[], Iterable[MadeFile]], write: Callable[[str], object]) -> None:
    from ilocal import progress

    progress.set_progress_reporter(None)  # the parent reports
    try:
        for made in make():
            write(json.dumps(made) + "\n")
    except IlocalError as error:
        write(json.dumps({"error": [error.message, error.hint, error.exit_code]}) + "\n")
    except OSError as error:
        from ilocal.i18n.third_party import translate_os_error

        write(json.dumps({"error": [f"{error.filename or ''}: {translate_os_error(error)}", "", 2]}) + "\n")
