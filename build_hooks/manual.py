"""Manual pages (`man ilocal`) and the reference of commands, made from the program's own help.

`python build_hooks/manual.py` writes docs/reference/commands.md; a build makes the manual in each language.
"""

from __future__ import annotations

import html
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typer

from ilocal import __version__
from ilocal.cli import app
from ilocal.cli import help as cli_help
from ilocal.i18n import messages
from ilocal.i18n.messages import N_, _

ROOT = Path(__file__).resolve().parent.parent
REFERENCE = ROOT / "docs" / "reference" / "commands.md"

EXIT_CODES = {
    "0": N_("success, even if a list is empty"),
    "1": N_("search found no events, or fmt --check found files to change"),
    "2": N_("usage error, unreadable date, unreadable file to import, or output that could not be written"),
    "3": N_("the registry is missing or invalid"),
    "4": N_("no event, or more than one event, matches the handle"),
    "5": N_("conflict: a duplicate, a locked file, or a file changed by another program"),
    "6": N_("saved, but not confirmed to be on disk, or the output could not be written"),
    "130, 143": N_("interrupted or terminated by a signal"),
}
VARIABLES = {
    "ILOCAL_REGISTRY": N_("registry to use if -r is not given"),
    "ILOCAL_LANG": N_("language to use if --lang is not given: vi or en"),
    "ILOCAL_TODAY": N_("date to use as today"),
    "ILOCAL_CONFIG": N_("path of the config file; empty to use no config file"),
    "ILOCAL_PAGER, PAGER": N_("pager for output longer than the screen; empty to use no pager"),
    "NO_COLOR": N_("disable colours"),
    "VISUAL, EDITOR": N_("editor for edit and add --edit"),
    "BROWSER": N_("the browser of open"),
    "XDG_CONFIG_HOME, XDG_DATA_HOME": N_("folders in place of ~/.config and ~/.local/share"),
    "XDG_STATE_HOME, XDG_CACHE_HOME": N_("folders in place of ~/.local/state and ~/.cache"),
}
FILES = {
    "events.toml, data/events.toml": N_("the registry, in this folder or the nearest folder above"),
    "registry.toml": N_("header of a registry that is a folder: all its *.toml files are one registry"),
    "sources/*.toml": N_("lists of other offices in such a folder, as refresh fetched them"),
    "ilocal.schema.json": N_("made by init beside the registry, for completion in editors"),
    "~/.config/ilocal/config.toml": N_("your settings; see: ilocal config"),
    "~/.local/share/ilocal/events.toml": N_("the registry if there is no other"),
    "~/.local/state/ilocal/": N_("changes that can be undone, and what syncs remember"),
    "~/.cache/ilocal/": N_("the index, which may be deleted: it is made again"),
}
SEE_ALSO = "git(1), less(1), locale(7)"


@dataclass(frozen=True, slots=True)
class Page:
    """A command: its usage, its help, and its options, each with its help."""

    name: str
    usage: str
    help: str
    options: list[tuple[str, str]]
    examples: list[tuple[str, str]]  # command lines, and what they do


def pages() -> Iterator[Page]:
    """Yield the program itself, then its commands, in the current language."""
    group: Any = cli_help.translate_metavars(typer.main.get_command(app.typer_app))
    with group.make_context("ilocal", ["list"], resilient_parsing=True) as top:
        yield page(group, top, "ilocal")
        yield from _command_pages(group, top, "ilocal")


def _command_pages(group: Any, parent: Any, path: str) -> Iterator[Page]:
    """Yield the commands of a group, and those of the groups in it."""
    for name in group.list_commands(parent):
        command = group.get_command(parent, name)
        if command.hidden:
            continue
        with command.make_context(name, [], parent=parent, resilient_parsing=True) as context:
            if hasattr(command, "list_commands"):
                yield from _command_pages(command, context, f"{path} {name}")
            else:
                yield page(command, context, f"{path} {name}")


def page(command: Any, context: Any, name: str) -> Page:
    """Return a command as its help describes it."""
    usage = f"{name} {cli_help.translate_command_usage(command, context)}"
    options = [
        (names, " ".join(said.split()))
        for rows in cli_help.collect_parameter_help(command, context).values()
        for names, said in rows
    ]
    examples = [(line, _translated(said)) for line, said in command.examples.items()]
    return Page(name, usage, _translated(command.help or ""), options, examples)


def _translated(text: str) -> str:
    return messages.translate(text, messages.current_language())


# ------------------------------------------------------------------------------------------------------------ Markdown


def reference() -> str:
    """Return the text of docs/reference/commands.md."""
    with messages.use_language(messages.SOURCE_LANGUAGE):
        first, *commands = pages()
    lines = [
        "# Commands",
        "",
        "Made from the program itself; `ilocal COMMAND --help` says the same.",
        "",
        first.help,
        "",
    ]
    lines += ["```", first.usage, "```", "", *_table("option", first.options)]
    lines += ["| command | does |", "|---|---|"]
    lines += [
        f"| [`{one.name}`](#{one.name.replace(' ', '-')}) | {_cell(one.help.split(chr(10))[0])} |" for one in commands
    ]
    for one in commands:
        lines += ["", f"## {one.name}", "", one.help, "", "```", one.usage, "```", "", *_table("option", one.options)]
        lines += _example_block(one.examples)
    lines += ["## Exit codes", "", *_table("code", list(EXIT_CODES.items()))]
    lines += ["## Variables", "", *_table("variable", list(VARIABLES.items()))]
    lines += ["## Files", "", *_table("file", list(FILES.items()))]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).rstrip() + "\n"


def _table(head: str, rows: list[tuple[str, str]]) -> list[str]:
    # Markdown's own marks of code do not agree on how a bar is written between them.
    cells = (f"| <code>{html.escape(name).replace('|', '&#124;')}</code> | {_cell(said)} |" for name, said in rows)
    return [f"| {head} | meaning |", "|---|---|", *cells, ""]


def _example_block(examples: list[tuple[str, str]]) -> list[str]:
    """Return the examples as a block that the tests of the pages leave out, as another test runs all examples."""
    return ["", "```text", *(f"{line}  # {said}" for line, said in examples), "```", ""] if examples else []


def _cell(text: str) -> str:
    return html.escape(text, quote=False).replace("|", "\\|")


# ---------------------------------------------------------------------------------------------------------------- roff


def manual(lang: str) -> str:
    """Return the manual page in a language, in the format of man(7)."""
    with messages.use_language(lang):
        return "\n".join(_manual()) + "\n"


def _manual() -> Iterator[str]:
    first, *commands = pages()
    yield f'.TH ILOCAL 1 "" "ilocal {__version__}"'
    yield from (".SH " + _("NAME"), "ilocal \\- " + _roff(first.help.split("\n")[0].rstrip(".")))
    yield from (".SH " + _("SYNOPSIS"), ".B " + _roff(first.usage))
    yield from (".SH " + _("DESCRIPTION"), *_paragraphs(first.help))
    yield ".SH " + _("OPTIONS")
    yield from _list(first.options)
    yield ".SH " + _("COMMANDS")
    for one in commands:
        yield from (f".SS {_roff(one.usage)}", *_paragraphs(one.help), *_list(one.options))
    yield ".SH " + _("EXIT STATUS")
    yield from _list([(code, _translated(said)) for code, said in EXIT_CODES.items()])
    yield ".SH " + _("ENVIRONMENT")
    yield from _list([(name, _translated(said)) for name, said in VARIABLES.items()])
    yield ".SH " + _("FILES")
    yield from _list([(name, _translated(said)) for name, said in FILES.items()])
    yield ".SH " + _("EXAMPLES")
    yield from _list([(line, said) for one in (first, *commands) for line, said in one.examples])
    yield from (".SH " + _("SEE ALSO"), _roff(SEE_ALSO))
    yield from (".PP", _roff(_("“ilocal COMMAND --help” describes one command.")))


def _paragraphs(text: str) -> Iterator[str]:
    for paragraph in text.split("\n\n"):
        yield from (".PP", _roff(" ".join(paragraph.split())))


def _list(rows: list[tuple[str, str]]) -> Iterator[str]:
    for name, said in rows:
        yield from (".TP", f".B {_roff(name)}", _roff(said) or "\\&")


def _roff(text: str) -> str:
    escaped = text.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq").replace('"', "\\(dq")
    return f"\\&{escaped}" if escaped.startswith(".") else escaped


def make_all(folder: Path) -> dict[Path, str]:
    """Write the manual in each language into a folder; returns where each belongs in an installation."""
    made: dict[Path, str] = {}
    for lang in messages.supported_languages():
        place = "share/man/man1/ilocal.1" if lang == messages.SOURCE_LANGUAGE else f"share/man/{lang}/man1/ilocal.1"
        path = folder / lang / "ilocal.1"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(manual(lang), encoding="utf-8")
        made[path] = place
    return made


if __name__ == "__main__":
    REFERENCE.write_text(reference(), encoding="utf-8")
    sys.stdout.writelines(f"{path}\n" for path in make_all(ROOT / "build" / "man"))
