"""`ilocal site build`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from ilocal.cli.filters import Filters, build_query_from_options
from ilocal.cli.option_groups import expand_option_groups
from ilocal.cli.output import format_command_json, refuse_registry_as_output, write_command_output
from ilocal.cli.session import Session
from ilocal.errors import UsageError
from ilocal.i18n.messages import _, n_
from ilocal.model.safe_text import make_text_safe
from ilocal.terminal.status import print_diagnostics_on_terminal, print_status, print_warning

if TYPE_CHECKING:
    from ilocal.site.site_builder import BuildResult


EXAMPLES = {
    "ilocal site build public": "the website in a folder",
    "ilocal site build public --base-url https://events.example.org --check": "the website with its public address "
    "and a check for broken links",
}


@expand_option_groups
def run(
    ctx: typer.Context,
    filters: Filters,
    out: Annotated[
        Optional[Path],
        typer.Argument(
            metavar="[FOLDER]", help="The folder to build the website in. [default: _site beside the registry]"
        ),
    ] = None,
    base_url: Annotated[
        Optional[str], typer.Option("--base-url", metavar="URL", help="Public address of the website.")
    ] = None,
    clean: Annotated[bool, typer.Option("--clean", help="Rebuild all files, not only those that changed.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be written and removed without changing anything.")
    ] = False,
    check: Annotated[
        bool,
        typer.Option(
            "--check", help="Check for broken links, and for events that calendars and search engines will miss."
        ),
    ] = False,
    into_existing: Annotated[
        bool,
        typer.Option("--into-existing", help="Build into FOLDER even if it contains files that ilocal did not write."),
    ] = False,
    format: Annotated[
        Optional[str],
        typer.Option(
            "-f", "--format", metavar="FORMAT", help="Output format: json lists the written and removed files."
        ),
    ] = None,
) -> None:
    """Build a website from the registry, writing only files whose events changed.

    The website works at any address, from a USB stick, and without a server. Search engines and feed readers need the
    public address: use --base-url, or set base_url in [site] of the registry.
    """
    from ilocal.site.output_folder import OutputFolder
    from ilocal.site.settings import read_settings_of_website
    from ilocal.site.site_builder import SiteBuilder, find_default_site_folder

    session: Session = ctx.obj
    if format not in (None, "json"):
        raise UsageError(
            _('ilocal cannot write the format "{name}"', name=make_text_safe(format)),
            hint=_("use one of {names}", names="json"),
        )
    folder = out if out is not None else find_default_site_folder(session.path)
    refuse_registry_as_output(session, folder)
    settings = read_settings_of_website(session.registry.info.site, session.path, base_url)
    query = build_query_from_options(session, filters, series="whole")
    output = OutputFolder(folder, into_existing=into_existing)
    result = SiteBuilder(session.registry, settings, query).build(output, is_clean=clean, is_dry_run=dry_run)
    _print_result(result, format, is_dry_run=dry_run)
    print_diagnostics_on_terminal(session.registry.diagnostics, session.registry.display_name)
    counts = [
        n_("{n} page", "{n} pages", result.page_count),
        n_("{n} file written", "{n} files written", len(result.written)),
        n_("{n} removed", "{n} removed", len(result.removed)),
        n_("{n} unchanged", "{n} unchanged", result.unchanged),
    ]
    print_status(f"{folder}: {', '.join(counts)}")
    if not settings.base_url:
        print_warning(
            _(
                "the public address of the website is not set (--base-url): the "
                "sitemap and absolute addresses are omitted"
            )
        )
    if check and not dry_run:
        from ilocal.cli.site_report import report_site_problems

        report_site_problems(session, folder, output.manifest, settings.base_url, query)


def _print_result(result: BuildResult, format: str | None, *, is_dry_run: bool) -> None:
    """Print what was written and removed, or would be, as JSON or as lines."""
    if format == "json":
        told = {"written": result.written, "removed": result.removed, "unchanged": result.unchanged}
        write_command_output([format_command_json(told)])
    elif is_dry_run:
        lines = [*(f"write {path}\n" for path in result.written), *(f"remove {path}\n" for path in result.removed)]
        write_command_output(lines)
