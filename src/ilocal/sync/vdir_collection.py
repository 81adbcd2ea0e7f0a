"""A vdir: a folder with a file for each item, as vdirsyncer, khal and other programs share it."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Self

from ilocal.errors import NetworkError
from ilocal.i18n.messages import _, format_number
from ilocal.i18n.third_party import translate_os_error
from ilocal.model.safe_text import make_text_safe
from ilocal.sync.collection import MAX_ITEM_BYTES, FetchedItem, ItemChangedError, ItemRefusedError, Listing

_SUFFIX = ".ics"
_PLAIN_NAME_PATTERN = re.compile(r"[A-Za-z0-9_@][A-Za-z0-9._@-]{0,150}")


class VdirCollection:
    """The items in a folder. The state of an item is the digest of its bytes; files with other names are not ours."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._found: dict[str, FetchedItem] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._found.clear()

    def list_items(self, token: str) -> Listing:
        """Return the states of all items; a missing folder has none. Raises NetworkError."""
        problems, unreadable = [], set()
        try:
            names = sorted(entry.name for entry in os.scandir(self._folder) if _is_item_name(entry.name))
        except FileNotFoundError:
            return Listing({})
        except OSError as error:
            raise self._make_error(self._folder, error) from None
        for name in names:
            try:
                item = self._read_item(name)
            except UnicodeDecodeError:
                problems.append(_("{path}: not UTF-8 text; skipped", path=make_text_safe(str(self._folder / name))))
                unreadable.add(name)
            except ItemRefusedError as error:
                problems.append(error.message)
                unreadable.add(name)
            else:
                self._found |= {name: item} if item is not None else {}
        etags = {name: item.etag for name, item in self._found.items()}
        return Listing(etags, unreadable=frozenset(unreadable), problems=problems)

    def fetch_items(self, hrefs: Sequence[str]) -> dict[str, FetchedItem]:
        """Return items as they were listed, or, of one that was not, as it is now. Raises NetworkError."""
        found = {}
        for href in hrefs:
            with suppress(UnicodeDecodeError):
                item = self._found.pop(href, None) or self._read_item(href)
                if item is not None:
                    found[href] = item
        return found

    def create_item(self, uid: str, text: str) -> tuple[str, str]:
        """Write a new file, named after the UID if that is a plain name. Raises ItemChangedError, NetworkError."""
        data = text.encode()
        digest = sha256(uid.encode()).hexdigest()
        name = uid if _PLAIN_NAME_PATTERN.fullmatch(uid) else digest[:32]
        for href in (name + _SUFFIX, f"{digest[:32]}-{os.getpid()}{_SUFFIX}"):
            try:
                self._folder.mkdir(parents=True, exist_ok=True)
                temporary = self._write_temp_file(href, data)
                try:
                    os.link(temporary, self._folder / href)
                finally:
                    temporary.unlink()
            except FileExistsError:
                continue
            except OSError as error:
                raise self._make_error(self._folder / href, error) from None
            self._sync_folder()
            return href, _compute_etag(data)
        raise ItemChangedError(_("{path}: a file with this name already exists", path=self._folder / href))

    def replace_item(self, href: str, etag: str, text: str) -> str:
        """Replace the text of an item. Raises ItemChangedError, NetworkError."""
        data = text.encode()
        temporary = self._write_temp_file(href, data)
        try:
            self._require_state(href, etag)
            os.replace(temporary, self._folder / href)
        except OSError as error:
            raise self._make_error(self._folder / href, error) from None
        finally:
            temporary.unlink(missing_ok=True)
        self._sync_folder()
        return _compute_etag(data)

    def delete_item(self, href: str, etag: str) -> None:
        """Remove a file. Raises ItemChangedError, NetworkError."""
        try:
            if self._read_item(href) is None:
                return
            self._require_state(href, etag)
            (self._folder / href).unlink()
        except OSError as error:
            raise self._make_error(self._folder / href, error) from None
        self._sync_folder()

    # ---------------------------------------------------------------------------------------------------------- files

    def _read_item(self, name: str) -> FetchedItem | None:
        """Return a file as an item; None if it is not a regular file. Raises NetworkError, UnicodeDecodeError."""
        path = self._folder / name
        try:
            descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise self._make_error(path, error) from None
        with open(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                return None
            data = file.read(MAX_ITEM_BYTES + 1)
        if len(data) > MAX_ITEM_BYTES:
            raise ItemRefusedError(_("{path}: more than {most} bytes", path=path, most=format_number(MAX_ITEM_BYTES)))
        return FetchedItem(_compute_etag(data), data.decode())

    def _require_state(self, href: str, etag: str) -> None:
        now = self._read_item(href)
        if now is None or now.etag != etag:
            raise ItemChangedError(_("{path}: the file was changed by another program", path=self._folder / href))

    def _write_temp_file(self, href: str, data: bytes) -> Path:
        """Write a file that no program takes for an item, and sync it. Raises NetworkError."""
        path = self._folder / f".{href}.{os.getpid()}.tmp"
        try:
            with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o644), "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            path.unlink(missing_ok=True)
            raise self._make_error(path, error) from None
        return path

    def _sync_folder(self) -> None:
        with suppress(OSError):
            descriptor = os.open(self._folder, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)

    def _make_error(self, path: Path, error: OSError) -> NetworkError:
        return NetworkError(f"{make_text_safe(str(path))}: {translate_os_error(error)}")


def _is_item_name(name: str) -> bool:
    return name.endswith(_SUFFIX) and not name.startswith(".")


def _compute_etag(data: bytes) -> str:
    return sha256(data).hexdigest()
