"""Report of `ilocal site build --check`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ilocal.cli.output import write_command_output
from ilocal.cli.session import Session
from ilocal.errors import RegistryError
from ilocal.i18n.messages import _, n_
from ilocal.model.query import Query
from ilocal.model.safe_text import escape_single_line
from ilocal.terminal.status import print_status

if TYPE_CHECKING:
    from ilocal.model.event import Event
    from ilocal.site.site_manifest import SiteManifest


def report_site_problems(session: Session, folder: Path, manifest: SiteManifest, base_url: str, query: Query) -> None:
    """Print broken links of a site, and the events that calendars or search engines do not show.

    Raises RegistryError if a link is broken; the other findings are not errors.
    """
    from ilocal.site.site_check import find_broken_links_of_pages, find_events_missing_on_site

    broken = list(find_broken_links_of_pages(folder, manifest, base_url))
    write_command_output(
        _(
            "{file}:{line}: broken link: {link}",
            file=folder / one.page,
            line=one.line,
            link=escape_single_line(one.target),
        )
        + "\n"
        for one in broken
    )
    gaps = find_events_missing_on_site(session.registry.select(query))
    _print_events(_("not in any calendar, because the event has no exact day"), gaps.not_in_calendars)
    _print_events(
        _("not listed by search engines, because the event has no exact day or no place"), gaps.not_for_search_engines
    )
    if gaps.not_in_feeds:
        said = n_(
            "{n} event is not in any feed: the registry does not record when it was added",
            "{n} events are not in any feed: the registry does not record when they were added",
            len(gaps.not_in_feeds),
        )
        print_status(said)
    if broken:
        raise RegistryError(n_("{n} broken link", "{n} broken links", len(broken)))
    print_status(_("no broken links"))


def _print_events(reason: str, events: list[Event]) -> None:
    lines = (
        f"{event.source_file}:{event.source_line}: {reason} ({escape_single_line(event.id)})\n" for event in events
    )
    write_command_output(lines)
