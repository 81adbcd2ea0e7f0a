"""`ilocal log`."""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from ilocal.cli.output import page_command_output, write_command_output
from ilocal.cli.session import Session
from ilocal.errors import EventNotFound
from ilocal.i18n.messages import _
from ilocal.model.safe_text import escape_single_line

if TYPE_CHECKING:
    from ilocal.sync.event_history import EventChange


HELP_GROUP = "look"
EXAMPLES = {
    'ilocal log "nhóm cố vấn"': "who changed which fields of an event, and when",
}


def run(
    ctx: typer.Context,
    handle: Annotated[
        str, typer.Argument(metavar="HANDLE", help="The id of an event, the start of the id, or words from the title.")
    ],
    limit: Annotated[Optional[int], typer.Option("-n", "--limit", min=0, help="Show at most N changes.")] = None,
) -> None:
    """Show the history of one event in git: who changed which fields, when and why; the newest change first.

    A merge is listed with what it decided: the value that is named last is the one in the last commit. An event that
    is not in the registry any more is named by its whole id.
    """
    from ilocal.sync.event_history import list_event_commits_in_git

    session: Session = ctx.obj
    try:
        changes = list_event_commits_in_git(session.path, session.registry.find(handle).id)
    except EventNotFound:
        changes = list_event_commits_in_git(session.path, handle)
        if not changes:
            raise
    texts = ("\n".join(lines) + "\n" for change in changes if (lines := list(_describe_change(session, change))))
    with page_command_output(session):
        write_command_output(islice(texts, limit))


def _describe_change(session: Session, change: "EventChange") -> Iterator[str]:
    """Yield a commit and its changes; nothing if it only changed the layout."""
    from ilocal.terminal.event_diff import color_diff_line, format_event_diff

    commit, before, after = change
    if before is not None and after is not None:
        fields = list(format_event_diff(before, after, color=session.uses_color))[1:]
    elif before is not None:
        fields = ["  " + line for line in format_event_diff(before, None, color=session.uses_color)]
    elif after is not None:
        fields = [
            "  "
            + color_diff_line(
                f"+ {escape_single_line(after.id)}: {escape_single_line(after.title)}", session.uses_color
            )
        ]
    else:
        fields = ["  " + _("(the event cannot be read in this commit)")]
    if fields:
        when = datetime.fromtimestamp(commit.timestamp, UTC).astimezone(session.zone).strftime("%Y-%m-%d %H:%M")
        author, subject = escape_single_line(commit.author), escape_single_line(commit.subject)
        yield f"{when}  {author}  {subject} ({commit.hash[:7]})"
        yield from fields
