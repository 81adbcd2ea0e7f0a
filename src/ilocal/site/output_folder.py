"""Output folder of a site: files are staged next to their place, then renamed one by one, index pages last."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterable
from pathlib import Path

from ilocal.errors import ConflictError, UsageError
from ilocal.i18n.messages import _
from ilocal.i18n.third_party import translate_os_error
from ilocal.site.site_manifest import MANIFEST_NAME, ManifestEntry, SiteManifest, read_manifest

STAGING_NAME = ".ilocal-staging"


class OutputFolder:
    """A folder, with the files that ilocal wrote into it."""

    def __init__(self, path: Path, *, into_existing: bool = False) -> None:
        """Inspect a folder, which need not exist.

        Raises ConflictError if it only has files of others, unless `into_existing`; UsageError if it is not a folder.
        """
        self.path = path
        self._into_existing = into_existing
        if path.exists() and not path.is_dir():
            raise UsageError(_("{path}: not a folder", path=path))
        found = read_manifest(path) if path.is_dir() else None
        if found is None and not into_existing and path.is_dir() and any(path.iterdir()):
            raise ConflictError(
                _("{path}: contains files that ilocal did not write; nothing was changed", path=path),
                hint=_("use an empty folder, or add --into-existing to build the website alongside these files"),
            )
        self.manifest = found or SiteManifest()
        self._prefix = os.path.join(path, "")
        self._staging_prefix = os.path.join(path, STAGING_NAME, "")

    def has_unchanged(self, path: str, digest: str) -> bool:
        """Return whether a file exists as made from input with this digest."""
        entry = self.manifest.files.get(path)
        return entry is not None and entry.digest == digest and self._find_size(path) == entry.size

    def has_all_files(self) -> bool:
        """Return whether all written files still exist."""
        return all(self._find_size(path) == entry.size for path, entry in self.manifest.files.items())

    def _find_size(self, path: str) -> int:
        try:
            status = os.lstat(self._prefix + path)
        except OSError:
            return -1
        return status.st_size if stat.S_ISREG(status.st_mode) else -1

    def check_place(self, path: str) -> None:
        """Raise ConflictError if a file that ilocal did not write exists at a path."""
        if self._into_existing or path in self.manifest.files:
            return
        if os.path.lexists(self._prefix + path):
            raise ConflictError(
                _("{path}: this file was not written by ilocal; nothing was changed", path=self.path / path),
                hint=_("move the file elsewhere, or add --into-existing to replace it"),
            )

    def check_folders(self, paths: Iterable[str]) -> None:
        """Raise ConflictError where a folder of the site is a link to elsewhere, or a file."""
        for folder in sorted({path.rpartition("/")[0] for path in paths} - {""}):
            at = self.path / folder
            if at.is_symlink() or (at.exists() and not at.is_dir()):
                raise ConflictError(
                    _("{path}: expected a folder, found a link or a file; nothing was changed", path=at)
                )

    # ------------------------------------------------------------------------------------------------------------ write

    @property
    def staging(self) -> Path:
        """Return the folder in which files wait until all are made."""
        return self.path / STAGING_NAME

    def begin(self) -> None:
        """Create the folder for staged files, without leftovers of a killed build. Raises UsageError."""
        try:
            if self.staging.is_symlink():
                self.staging.unlink()
            shutil.rmtree(self.staging, ignore_errors=True)
            self.staging.mkdir(parents=True)
        except OSError as error:
            raise UsageError(f"{self.path}: {translate_os_error(error)}") from None

    def may_have(self, path: str) -> bool:
        """Return whether a file may exist at a path that passed `check_place`."""
        return self._into_existing or path in self.manifest.files

    def has_bytes(self, path: str, data: bytes) -> bool:
        """Return whether a file has these bytes already."""
        if self._find_size(path) != len(data):
            return False
        try:
            return (self.path / path).read_bytes() == data
        except OSError:
            return False

    def read_text(self, path: str) -> str:
        """Return the text of a file; "" if it cannot be read."""
        try:
            return (self.path / path).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            return ""

    def read_staged_text(self, number: int) -> str:
        """Return the text of a file that is staged."""
        return (self.staging / str(number)).read_text(encoding="utf-8")

    def stage(self, number: int, data: bytes) -> None:
        """Write a file to the staging folder under a number."""
        file = os.open(f"{self._staging_prefix}{number}", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
        try:
            while data:
                data = data[os.write(file, data) :]
        finally:
            os.close(file)

    def publish(self, staged: list[tuple[int, str]], manifest: SiteManifest) -> list[str]:
        """Move staged files into place in this order, remove obsolete files, and return their paths.

        A manifest that claims old and new files is written first, so that the next build completes an interrupted one.
        """
        removed = sorted(set(self.manifest.files) - set(manifest.files))
        if staged or removed:
            claimed = dict(self.manifest.files) | {path: ManifestEntry("-", 0) for _number, path in staged}
            self._write_manifest(SiteManifest("", claimed))
        made: set[str] = set()
        for number, path in staged:
            folder = path.rpartition("/")[0]
            if folder not in made:
                (self.path / folder).mkdir(parents=True, exist_ok=True)
                made.add(folder)
            os.replace(f"{self._staging_prefix}{number}", self._prefix + path)
        for path in removed:
            self._remove_file(path)
        if staged or removed or manifest != self.manifest:
            self._write_manifest(manifest)
        self.manifest = manifest
        return removed

    def _write_manifest(self, manifest: SiteManifest) -> None:
        temporary = self.staging / MANIFEST_NAME
        with open(temporary, "w", encoding="utf-8", newline="\n") as file:
            file.writelines(manifest.format_lines())
        os.replace(temporary, self.path / MANIFEST_NAME)

    def _remove_file(self, path: str) -> None:
        """Remove a file, and the folders that are empty then."""
        target = self.path / path
        target.unlink(missing_ok=True)
        for folder in target.parents:
            if folder == self.path:
                break
            try:
                folder.rmdir()
            except OSError:
                break

    def end(self) -> None:
        """Remove the folder for staged files."""
        shutil.rmtree(self.staging, ignore_errors=True)
