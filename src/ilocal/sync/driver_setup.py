"""Setup of git's merge driver: in .gitattributes for everybody, and in the configuration of a clone."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import sys
from pathlib import Path
from typing import NamedTuple

from ilocal.storage import files
from ilocal.storage.atomic_write import write_user_file
from ilocal.sync.git_repository import GitRepository, find_git_files_above

DRIVER_NAME = "ilocal"
_ATTRIBUTES = f"merge={DRIVER_NAME} diff={DRIVER_NAME}"
_ATTRIBUTES_FILE = ".gitattributes"
# The history and the diffs of git then name the event.
_FUNCTION_NAME_PATTERN = "^[ \t]*id[ \t]*=[ \t]*[\"'](.*)[\"']"


class DriverSetup(NamedTuple):
    """The changes of the setup: the attributes file and its line, and whether file and configuration changed."""

    attributes_file: Path
    line: str
    has_changed_attributes: bool
    has_changed_settings: bool
    is_uncommitted: bool = False  # whether the attributes file differs from the last commit


def install_merge_driver(registry: Path) -> DriverSetup:
    """Configure git to merge a registry's files with the driver, unless it does already. Raises UsageError."""
    repository = GitRepository.find(registry)
    path, line = repository.root / _ATTRIBUTES_FILE, _make_line_of_merge_driver(repository, registry)
    text, snapshot = _read_git_attributes(path)
    has_line = line in text.splitlines()
    if not has_line:
        before = text if not text or text.endswith("\n") else text + "\n"
        write_user_file(path, snapshot, f"{before}{line}\n".encode())
    settings = {
        f"merge.{DRIVER_NAME}.name": "events of ilocal, merged by event and field",
        f"merge.{DRIVER_NAME}.driver": build_driver_command(find_command_of_merge_driver()),
        f"diff.{DRIVER_NAME}.xfuncname": _FUNCTION_NAME_PATTERN,
    }
    changed = {key: value for key, value in settings.items() if repository.get_config(key) != value}
    for key, value in changed.items():
        repository.set_config(key, value)
    is_uncommitted = repository.has_changed_file(_ATTRIBUTES_FILE)
    return DriverSetup(_shorten_path_in_clone(path), line, not has_line, bool(changed), is_uncommitted)


def remove_merge_driver(registry: Path) -> DriverSetup:
    """Undo `install_merge_driver`. Raises UsageError."""
    repository = GitRepository.find(registry)
    path, line = repository.root / _ATTRIBUTES_FILE, _make_line_of_merge_driver(repository, registry)
    text, snapshot = _read_git_attributes(path)
    kept = [one for one in text.splitlines(keepends=True) if one.strip() != line]
    has_line = len(kept) < len(text.splitlines())
    if has_line and kept:
        write_user_file(path, snapshot, "".join(kept).encode())
    elif has_line:
        path.unlink()
    had_settings = bool(repository.get_config(f"merge.{DRIVER_NAME}.driver"))
    for section in ("merge", "diff"):
        repository.remove_config_section(f"{section}.{DRIVER_NAME}")
    return DriverSetup(_shorten_path_in_clone(path), line, has_line, had_settings)


def find_command_of_merge_driver() -> str:
    """Return how this ilocal is called by its whole path, for a shell."""
    found = shutil.which(sys.argv[0])
    if found and Path(found).name == "ilocal":
        return shlex.quote(str(Path(found).absolute()))
    return f"{shlex.quote(sys.executable)} -m ilocal"


def build_driver_command(command: str) -> str:
    """Return the line that git gives to a shell.

    Where ilocal says neither that all is merged nor that there are conflicts, such as where it is not installed any
    more, git's own merge of text does it: else git would leave one side alone in the file. Git replaces %X and %Y by
    the names of the sides since 2.44; older versions leave them as they are.
    """
    ours = f"{command} git merge %O %A %B %L %P --ours %X --theirs %Y"
    names = "o=%X t=%Y; case $o in ''|%%*) o=ours t=theirs;; esac"
    text = 'git merge-file -L "$o" -L base -L "$t" --marker-size=%L %A %O %B'
    return f"{ours}; r=$?; case $r in 0|5) exit $r;; esac; {names}; {text}"


def find_missing_driver(registry: Path) -> Path | None:
    """Return the attributes file that requires the driver, if the registry's clone has not configured it, or None."""
    folder = registry.absolute() if registry.is_dir() else registry.resolve().parent
    for path in find_git_files_above(folder, _ATTRIBUTES_FILE):
        if re.search(
            rf"^[^#\n]*\bmerge={DRIVER_NAME}\b", path.read_text(encoding="utf-8", errors="replace"), re.MULTILINE
        ):
            return (
                None
                if GitRepository.find(folder).get_config(f"merge.{DRIVER_NAME}.driver")
                else _shorten_path_in_clone(path)
            )
    return None


def _shorten_path_in_clone(path: Path) -> Path:
    """Return a path relative to the current folder."""
    return Path(os.path.relpath(path))


def _read_git_attributes(path: Path) -> tuple[str, files.FileSnapshot | None]:
    with files.convert_file_error_to_usage_error():
        snapshot = files.read_file(path) if path.exists() else None
    return (snapshot.data.decode(errors="surrogateescape") if snapshot else ""), snapshot


def _make_line_of_merge_driver(repository: GitRepository, registry: Path) -> str:
    inside = repository.get_path_inside(registry)
    pattern = "/" + re.sub(r"([*?\[\]\\])", r"\\\1", inside) + ("/*.toml" if registry.is_dir() else "")
    pattern = pattern.removeprefix("/./") if inside == "." else pattern
    if re.search(r'[\s"]', pattern):
        pattern = '"' + pattern.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return f"{pattern} {_ATTRIBUTES}"
