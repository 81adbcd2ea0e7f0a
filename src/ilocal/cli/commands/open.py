"""`ilocal open`."""

import re
import webbrowser
from typing import Annotated, Optional

import typer

from ilocal.cli.event_handles import ask_user_for_handles, find_events
from ilocal.cli.session import Session
from ilocal.errors import UsageError
from ilocal.i18n.messages import _
from ilocal.model.event import Event
from ilocal.model.safe_text import make_text_safe
from ilocal.terminal.status import print_status

HELP_GROUP = "look"
EXAMPLES = {
    'ilocal open "nhóm cố vấn"': "the web page of an event",
}
CAN_ASK_SEVERAL_REGISTRIES = True


_WEB_ADDRESS = re.compile(r"https?://[^\s/?#]+\S*")  # no other addresses are passed to programs


def run(
    ctx: typer.Context,
    handles: Annotated[
        Optional[list[str]],
        typer.Argument(metavar="HANDLE…", help="The id of an event, the start of the id, or words from the title."),
    ] = None,
) -> None:
    """Open the web page of an event in the browser. In a terminal, without HANDLE, pick an event from a list."""
    session: Session = ctx.obj
    events = find_events(session, handles) if handles else ask_user_for_handles(session, _("ilocal open HANDLE"))
    for url in [find_address_for_open_command(event) for event in events]:
        print_status(_("opening {url}", url=url))
        if not webbrowser.open(url):
            raise UsageError(
                _("cannot start a browser"), hint=_("set the environment variable BROWSER to your browser")
            )


def find_address_for_open_command(event: Event) -> str:
    """Return the address of an event's page. Raises UsageError if it has none that a browser can open safely."""
    id = make_text_safe(event.id)
    if not event.url:
        raise UsageError(
            _("{id} has no web page", id=id), hint=_("to set a web page, run: ilocal edit {id} --url https://…", id=id)
        )
    if not _WEB_ADDRESS.fullmatch(event.url) or make_text_safe(event.url) != event.url:
        said = _('{id}: "{url}" is not a web address', id=id, url=make_text_safe(event.url))
        raise UsageError(said, hint=_("use an address that starts with https://"))
    return event.url
