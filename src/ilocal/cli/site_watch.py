"""Watcher of the registry for `ilocal site serve`: rebuilds the site whenever it is saved."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from ilocal.cli.session import Session
from ilocal.errors import IlocalError
from ilocal.i18n.messages import _
from ilocal.model.query import Query
from ilocal.model.safe_text import escape_message
from ilocal.storage import files
from ilocal.terminal.status import print_status, print_warning

if TYPE_CHECKING:
    from ilocal.site.development_server import DevelopmentServer
    from ilocal.site.site_builder import BuildResult

POLL_SECONDS = 0.4


def build_site_for_server(session: Session, folder: Path, url: str) -> BuildResult:
    """Build the site of the registry as it is now into a folder, at an address. Raises IlocalError."""
    from ilocal.site.output_folder import OutputFolder
    from ilocal.site.settings import read_settings_of_website
    from ilocal.site.site_builder import SiteBuilder

    session.registry.close()  # the next query reads what was saved
    settings = read_settings_of_website(session.registry.info.site, session.path, url)
    return SiteBuilder(session.registry, settings, Query(is_descending=True)).build(OutputFolder(folder))


def serve_until_interrupted(session: Session, server: DevelopmentServer, folder: Path) -> None:
    """Rebuild the site and reload open pages whenever the registry or its templates are saved; until Ctrl-C.

    Errors in what was saved are reported, and the pages stay as they were.
    """
    seen = _read_states_for_site_command(session)
    try:
        while True:
            time.sleep(POLL_SECONDS)
            now = _read_states_for_site_command(session)
            if now == seen:
                continue
            seen = now
            try:
                result = build_site_for_server(session, folder, server.url)
            except IlocalError as error:
                print_warning(escape_message(error.message))
                continue
            print_status(_("registry saved; files rebuilt: {n}", n=len(result.written)))
            server.reload_pages()
    except KeyboardInterrupt:
        return


def _read_states_for_site_command(session: Session) -> Mapping[str, object]:
    """Return a value that changes when the registry, or a template next to it, is saved."""
    try:
        states: dict[str, object] = dict(files.read_file_states(session.path))
    except IlocalError as error:  # an editor may be saving
        return {"": error.message}
    try:
        name = session.registry.info.site.get("templates")
    except IlocalError:
        name = None
    folder = (session.path if session.path.is_dir() else session.path.parent) / name if name else None
    for path in sorted(folder.rglob("*")) if folder is not None and folder.is_dir() else ():
        if path.is_file():
            status = path.stat()
            states[str(path)] = (status.st_mtime_ns, status.st_size)
    return states
