"""Manifest of written files: `.ilocal-site` in the output folder, with digest and size of each file.

Only files in it are ever replaced or removed. It is next to the pages and not in a cache, so that a checkout of a
published site has it too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from ilocal.errors import ConflictError
from ilocal.i18n.messages import _

MANIFEST_NAME = ".ilocal-site"
UNKNOWN_DIGEST = "-"  # of a file that is about to be written
_FIRST_LINE = "ilocal site 1"


class ManifestEntry(NamedTuple):
    """A written file: the digest of its inputs, and its size in bytes."""

    digest: str
    size: int


@dataclass(slots=True)
class SiteManifest:
    """The files of a site as they were left by the last build."""

    key: str = ""  # of all that the site was made from; empty: not finished
    files: dict[str, ManifestEntry] = field(default_factory=dict)

    def format_lines(self) -> Iterator[str]:
        """Yield the lines of the file: one for each file, in the order of the paths."""
        yield f"{_FIRST_LINE} {self.key}".rstrip() + "\n"
        for path in sorted(self.files):
            digest, size = self.files[path]
            yield f"{digest} {size} {path}\n"


def read_manifest(folder: Path) -> SiteManifest | None:
    """Return the manifest of a folder; None if there is none. Raises ConflictError if it is invalid."""
    path = folder / MANIFEST_NAME
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except UnicodeDecodeError:
        text = ""
    first, *lines = text.split("\n")
    found = SiteManifest(first.removeprefix(_FIRST_LINE).strip())
    try:
        for line in lines:
            if line:
                digest, size, name = line.split(" ", 2)
                found.files[name] = ManifestEntry(digest, int(size))
    except ValueError:
        first = ""
    if not first.startswith(_FIRST_LINE) or any(not is_path_inside_site(name) for name in found.files):
        raise ConflictError(
            _("{path}: not written by this version of ilocal; nothing was changed", path=path),
            hint=_("build into another folder, or remove this one"),
        )
    return found


def is_path_inside_site(name: str) -> bool:
    """Return whether a path stays within its folder, as manifests are not trusted."""
    parts = name.split("/")
    return bool(name) and not name.startswith("/") and not {"", ".", ".."} & set(parts) and "\0" not in name
