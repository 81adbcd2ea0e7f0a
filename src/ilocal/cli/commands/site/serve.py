"""`ilocal site serve`."""

import tempfile
from pathlib import Path
from typing import Annotated

import typer

from ilocal.cli.session import Session
from ilocal.cli.site_watch import build_site_for_server, serve_until_interrupted
from ilocal.i18n.messages import _
from ilocal.terminal.status import print_status

EXAMPLES = {
    "ilocal site serve --port 0": "the website on any free port",
}


def run(
    ctx: typer.Context,
    port: Annotated[
        int,
        typer.Option("--port", metavar="N", min=0, max=65535, help="The port to listen on; use 0 for any free port."),
    ] = 8000,
    open_browser: Annotated[bool, typer.Option("--open", help="Open the site in the browser.")] = False,
) -> None:
    """Serve the website on this machine, and reload open pages when the registry is saved.

    The server listens only on 127.0.0.1, so that no other machine can connect. Press Ctrl-C to stop the server.
    """
    from ilocal.site.development_server import DevelopmentServer

    session: Session = ctx.obj
    with tempfile.TemporaryDirectory(prefix="ilocal-site-") as name:
        folder = Path(name) / "site"
        server = DevelopmentServer(folder, port)
        try:
            build_site_for_server(session, folder, server.url)
            print(server.url, flush=True)
            print_status(_("open pages are reloaded when the registry is saved; press Ctrl-C to stop"))
            if open_browser:
                import webbrowser

                webbrowser.open(server.url)
            serve_until_interrupted(session, server, folder)
        finally:
            server.close()
