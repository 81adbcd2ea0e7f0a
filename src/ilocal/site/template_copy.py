"""The built-in templates and style, copied for their owner to change."""

from __future__ import annotations

from pathlib import Path

from ilocal.errors import ConflictError
from ilocal.i18n.messages import _
from ilocal.site.page_renderer import BUILT_IN_TEMPLATES
from ilocal.site.static_files import STATIC_FOLDER, list_static_files


def copy_templates(folder: Path) -> list[str]:
    """Copy the templates and the files under `static/` into a folder; return their names there.

    Raises ConflictError, before anything is written, if one of them exists.
    """
    found = {path.name: path for path in sorted(BUILT_IN_TEMPLATES.glob("*.html"))}
    found |= {f"static/{name}": path for name, path in list_static_files(STATIC_FOLDER).items()}
    for name in found:
        if (folder / name).exists():
            raise ConflictError(
                _("{path}: already exists; nothing was written", path=folder / name), hint=_("use another folder")
            )
    for name, path in found.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(path.read_bytes())
    return list(found)
