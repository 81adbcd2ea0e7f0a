"""Files written whole or not at all: replaced, created, removed and restored."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from itertools import chain
from pathlib import Path

from ilocal.errors import ConflictError, DurabilityError, FileChangedError, RegistryError
from ilocal.i18n.messages import _
from ilocal.i18n.third_party import translate_os_error
from ilocal.storage import exchange, signals
from ilocal.storage.files import (
    RACY_WINDOW_NS,
    SNAPSHOT_FOLDER_NAME,
    FileSnapshot,
    FileState,
    convert_file_error_to_usage_error,
    is_registry_file_name,
    list_registry_files,
    read_file,
)

EDITOR_SAVE_TIMEOUT_SECONDS = 10.0  # time for an editor to finish saving


def recover_leftover_files(path: Path) -> list[tuple[Path, Path]]:
    """Remove leftovers of killed writes of a registry, and of the schema next to it. The caller holds the lock.

    Returns files of other programs that such writes displaced: for each, the path it was saved to and where it is now.
    Raises RegistryError.
    """
    from ilocal.storage.files import SCHEMA_FILE_NAME as SCHEMA  # only who writes needs it

    with _convert_file_os_errors(path):
        if not path.is_dir():
            return _recover_leftovers_beside(path, SCHEMA)
        left = [
            one
            for folder in (path, path / SNAPSHOT_FOLDER_NAME)
            if folder.is_dir()
            for one in exchange.remove_leftover_temp_files(
                Path(os.path.realpath(folder)),
                lambda name: is_registry_file_name(Path(name)) or name == SCHEMA or is_git_merge_file_name(name),
            )
        ]
        linked = [
            _recover_leftovers_beside(member.path, SCHEMA)
            for member in list_registry_files(path)
            if member.path.is_symlink()
        ]
    return [(path / one.name, one.path) for one in left] + list(chain(*linked))


def _recover_leftovers_beside(path: Path, extra_name: str) -> list[tuple[Path, Path]]:
    real = Path(os.path.realpath(path))
    return [
        (path, left.path)
        for left in exchange.remove_leftover_temp_files(
            real.parent, lambda name: name in (real.name, extra_name) or is_git_merge_file_name(name)
        )
    ]


def is_git_merge_file_name(name: str) -> bool:
    """Return whether git gives this name to a file that a merge driver merges, in the root of the repository."""
    return name.startswith(".merge_file_")


# -------------------------------------------------------------------------------------------------------------- write


def replace_file(path: Path, expected: FileSnapshot, data: bytes, backups: list[Path] | None = None) -> FileState:
    """Replace a file with `data` atomically and durably, and return its new state. The caller holds the lock.

    Writes and syncs a temporary file in the same folder, exchanges it with the old one and syncs the folder: after the
    return, the new text survives a power cut. Signals are blocked until `signals.unblock_signals`. If it raises
    anything but DurabilityError, the old text is in place and no temporary file is left.

    Arguments:
        path: the file; symbolic links are followed.
        expected: the file as it was read.
        data: its new content.
        backups: gets the path of the old file, for `restore_file` or `discard_backups`; if None, that is removed.

    Raises FileChangedError if the file is no longer as it was read, which is detected reliably by checking the
    displaced file; RegistryError for other failures; DurabilityError if the result is not known to be on disk.
    """
    real = Path(os.path.realpath(path))
    with _convert_file_os_errors(path):
        status = os.stat(real)
        _check_file_writable(path, real, status)
        with exchange.create_temp_file(real, status) as made:
            written = _write_temp_file(made, data)
            _check_file_unchanged(path, real, expected)
            if not exchange.exchange_file_into_place(
                made, real, _expected_file_state(expected), lambda out: _has_content_of_snapshot(out, expected), backups
            ):
                raise _file_changed_error(path)
            return _sync_written_file(made, written, real, path)


def _write_temp_file(temp_file: exchange.TempFile, data: bytes) -> os.stat_result:
    exchange.write_file(temp_file.descriptor, [data])
    return os.fstat(temp_file.descriptor)


def _expected_file_state(expected: FileSnapshot) -> tuple[int, int, int]:
    return expected.state.inode, expected.state.size, expected.state.mtime_ns


def _check_file_writable(path: Path, real: Path, status: os.stat_result) -> None:
    # Renaming only needs write permission for the folder, but replacing the content should need that for the file.
    if not os.access(real, os.W_OK):
        raise RegistryError(_("{path}: read-only; nothing was changed", path=path))
    if status.st_nlink > 1:
        raise RegistryError(
            _(
                "{path}: replacing the file would break its {n} hard links; nothing was changed",
                path=path,
                n=status.st_nlink,
            ),
            hint=_("use a copy or a symbolic link instead"),
        )


def _check_file_unchanged(path: Path, real: Path, expected: FileSnapshot) -> None:
    try:
        now = FileState.from_stat(os.stat(real))
    except FileNotFoundError:
        now = None
    if now != expected.state:
        raise _file_changed_error(path)


def _file_changed_error(path: Path) -> FileChangedError:
    return FileChangedError(
        _("{path}: the file was changed by another program; nothing was written", path=path), hint=_("try again")
    )


def _has_content_of_snapshot(path: Path, snapshot: FileSnapshot) -> bool:
    """Return whether a file, after pending writes to it have finished, still has the content that was read."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    try:
        finished = exchange.wait_for_file_writers(descriptor, time.monotonic() + EDITOR_SAVE_TIMEOUT_SECONDS)
        now = FileState.from_stat(os.fstat(descriptor))
        if not finished or now.size != snapshot.state.size:
            return False
        # Renaming changes the state too, so ctime cannot be compared.
        if (
            now._replace(ctime_ns=0) == snapshot.state._replace(ctime_ns=0)
            and snapshot.read_time_ns - now.mtime_ns > RACY_WINDOW_NS
        ):
            return True
        with open(descriptor, "rb", closefd=False) as file:
            return file.read() == snapshot.data
    finally:
        os.close(descriptor)


def remove_file(path: Path, expected: FileSnapshot, backups: list[Path] | None = None) -> None:
    """Remove a registry file that was read as `expected`. The caller holds the lock.

    `backups` and the errors are those of `replace_file`.
    """
    with _convert_file_os_errors(path):
        _check_file_writable(path, path, os.stat(path))
        _check_file_unchanged(path, path, expected)
        if not exchange.move_file_aside(
            path, _expected_file_state(expected), lambda out: _has_content_of_snapshot(out, expected), backups
        ):
            raise _file_changed_error(path)
    _sync_parent_folder(path, path)


def restore_file(path: Path, backup: Path, data: bytes | None) -> bool:
    """Restore the backup of `replace_file` or `remove_file`, if the file is still as they left it; takes no disk space.

    Arguments:
        path: the file.
        backup: the path of the old file.
        data: the content that was written; None if the file was removed.

    Returns False if another program has saved the file since. Raises RegistryError.
    """
    real = Path(os.path.realpath(path))
    with _convert_file_os_errors(path):
        if data is None:
            with suppress(FileExistsError):
                exchange.rename_file_exclusively(backup, real)
                return True
            return False
        ours = os.stat(real)
        if read_file(real).data != data:
            return False
        exchange.undo_file_exchange(backup, real, ours)
        return not os.path.samestat(ours, os.stat(real))


def discard_backups(backups: Iterable[Path]) -> None:
    """Remove the backups that `replace_file` or `remove_file` kept."""
    for out in backups:
        exchange.remove_path_quietly(out)


def create_file(path: Path, data: bytes) -> FileState:
    """Write a new file, never overwriting anything, and return its state.

    Durability, signals and errors are as for `replace_file`. Raises ConflictError if the path exists.
    """
    with _convert_file_os_errors(path):
        if path.is_dir():
            raise ConflictError(
                _("{path}: a folder with this name already exists; nothing was changed", path=path),
                hint=_("name a new file, such as {path}", path=path / "events.toml"),
            )
    with _convert_file_os_errors(path), exchange.create_temp_file(path, None) as made:
        written = _write_temp_file(made, data)
        try:
            exchange.rename_file_exclusively(made.path, path)
        except FileExistsError:
            raise ConflictError(_("{path}: the file already exists; nothing was changed", path=path)) from None
        return _sync_written_file(made, written, path, path)


def write_user_file(path: Path, expected: FileSnapshot | None, data: bytes) -> None:
    """Write a file that is not a registry: replace the one that was read as `expected`, or create one if that is None.

    Works as `replace_file` and `create_file`; symbolic links are followed, and UsageError replaces RegistryError.
    """
    with convert_file_error_to_usage_error():
        if expected is None:
            create_file(Path(os.path.realpath(path)), data)
        else:
            replace_file(path, expected, data)


def create_folder(path: Path, contents: Mapping[str, bytes]) -> None:
    """Create a folder with new files atomically; an existing empty folder is filled file by file.

    Raises ConflictError if the path is in use.
    """
    with _convert_file_os_errors(path):
        is_new = not path.exists()
        if not is_new and (not path.is_dir() or any(path.iterdir())):
            raise _path_in_use_error(path)
        if is_new:
            _create_new_folder(path, contents)
        else:
            _fill_empty_folder(path, contents)
    _sync_parent_folder(Path(os.path.realpath(path)), path)


def _create_new_folder(path: Path, contents: Mapping[str, bytes]) -> None:
    with exchange.create_temp_folder(path) as made:
        for name, data in contents.items():
            with _convert_file_os_errors(path / name):
                exchange.write_file(made.path / name, [data])
        exchange.flush_folder_to_disk(made.descriptor)
        try:
            exchange.rename_file_exclusively(made.path, path)
        except FileExistsError:
            raise _path_in_use_error(path) from None


def _fill_empty_folder(path: Path, contents: Mapping[str, bytes]) -> None:
    made: list[Path] = []
    doubt: DurabilityError | None = None
    try:
        for name, data in contents.items():
            try:
                create_file(path / name, data)
            except DurabilityError as error:  # the file exists, and so must the others
                doubt = doubt or error
            made.append(path / name)
    except BaseException:
        for file in made:
            file.unlink()
        raise
    if doubt:
        raise doubt


def _path_in_use_error(path: Path) -> ConflictError:
    return ConflictError(
        _("{path}: this path already exists; nothing was changed", path=path), hint=_("use a new folder")
    )


def write_file_atomically(path: Path, chunks: Iterable[str] | Iterable[bytes]) -> None:
    """Write an output file atomically, replacing an old one.

    Signals are blocked as in `replace_file`, and the same files are refused. Raises UsageError.
    """
    real = Path(os.path.realpath(path))
    with convert_file_error_to_usage_error(), _convert_file_os_errors(path):
        status = os.stat(path) if path.exists() else None
        if status is not None and not stat.S_ISREG(status.st_mode):
            exchange.write_file(
                path, _encode_file_chunks(chunks), sync=False
            )  # /dev/stdout and its like are written to, not replaced
            return
        if status is not None:
            _check_file_writable(path, real, status)
        with exchange.create_temp_file(real, status) as made:
            exchange.write_file(made.descriptor, _encode_file_chunks(chunks))
            signals.block_signals()
            os.replace(made.path, real)
    _sync_parent_folder(real, path)


@contextmanager
def _convert_file_os_errors(path: Path) -> Iterator[None]:
    """Convert OSError to RegistryError, with the path as the user gave it."""
    try:
        yield
    except OSError as error:
        if isinstance(error, FileNotFoundError) and not path.parent.is_dir():
            raise RegistryError(_("{path}: there is no folder {parent}", path=path, parent=path.parent)) from None
        raise RegistryError(
            _("{path}: {reason}; nothing was changed", path=path, reason=translate_os_error(error))
        ) from None


def _encode_file_chunks(chunks: Iterable[str] | Iterable[bytes]) -> Iterator[bytes]:
    return (chunk if isinstance(chunk, bytes) else chunk.encode() for chunk in chunks)


def _sync_written_file(
    temp_file: exchange.TempFile, written_status: os.stat_result, path: Path, display_path: Path
) -> FileState:
    """Sync the folder of a file that is in place, and return the state that the file had with our text.

    The state by its path may differ by now, if an editor saved it since. Raises DurabilityError.
    """
    _sync_parent_folder(path, display_path)
    with _raise_durability_errors(display_path):
        now = FileState.from_stat(os.fstat(temp_file.descriptor))
    return now._replace(size=written_status.st_size, mtime_ns=written_status.st_mtime_ns)


def _sync_parent_folder(path: Path, display_path: Path) -> None:
    with _raise_durability_errors(display_path):
        descriptor = os.open(path.parent, os.O_RDONLY | os.O_CLOEXEC | os.O_DIRECTORY)
        try:
            exchange.flush_folder_to_disk(descriptor)
        finally:
            exchange.close_file_quietly(descriptor)


@contextmanager
def _raise_durability_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise DurabilityError(
            _("{path}: saved, but not confirmed to be on disk: {reason}", path=path, reason=translate_os_error(error))
        ) from None
