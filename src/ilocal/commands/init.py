"""`ilocal init`."""

import os
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Optional

import typer

from ilocal.errors import ConflictError, UsageError
from ilocal.language import _, word
from ilocal.options import Session, say
from ilocal.schema import FILE as SCHEMA


def run(
    ctx: typer.Context,
    path: Annotated[Optional[Path], typer.Argument(metavar="[PATH]", help="[default: events.toml]")] = None,
    title: Annotated[str, typer.Option("--title", help="What the list is called.")] = "",
    timezone: Annotated[
        Optional[str], typer.Option("--timezone", metavar="NAME", help="Such as Asia/Ho_Chi_Minh.")
    ] = None,
) -> None:
    """Make an empty registry; never overwrites one."""
    from ilocal.files import create

    session: Session = ctx.obj
    path = path or Path(session.named_path or "events.toml")
    if path.is_dir():
        path = path / "events.toml"
    zone = checked_zone(timezone) if timezone is not None else system_zone()
    text = header(title or word("events", session.lang), session.lang, zone)
    create(path, text.encode())
    say(_("{path}: made", path=path))
    add_schema(path.parent / SCHEMA)


def add_schema(path: Path) -> None:
    """Put the schema that the registry names beside it, for editors; never over another one."""
    from ilocal.commands.schema import text
    from ilocal.files import create

    with suppress(ConflictError):
        create(path, text().encode())
        say(_("{path}: made, for editors", path=path))
        return
    if not path.is_file() or path.read_bytes() != text().encode():
        say(_("{path}: another one, left as it is; renew it with: ilocal schema -o {path}", path=path))


def checked_zone(name: str) -> str:
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(name).key
    except (KeyError, ValueError, OSError):
        raise UsageError(
            _('there is no time zone "{name}"', name=name), hint=_("write it as Asia/Ho_Chi_Minh")
        ) from None


def system_zone() -> str:
    """The system's time zone by its IANA name, or UTC."""
    name = os.environ.get("TZ") or os.path.realpath("/etc/localtime").partition("zoneinfo/")[2]
    try:
        return checked_zone(name.removeprefix(":"))
    except UsageError:
        return "UTC"


def header(title: str, lang: str, zone: str) -> str:
    """The text of a registry without events."""
    from ilocal.block import value_text

    return f"""\
#:schema ./{SCHEMA}
# Public events, newest anywhere: ilocal finds them. Edit by hand or with ilocal, and keep this file in git.
# An event is a block like this one; only the title is required.
#
#   [[event]]
#   title = "A meeting"
#   start = 2020-02-25          # or 2020-02-25T08:30:00, "2020-02", "2020"; left out: to be announced
#   end = 2020-02-29            # the last day, which counts; left out for a single day
#   location = "Hà Nội"
#   organizers = ["ILO"]
#   topics = ["CSR"]
#   status = "confirmed"        # tentative, confirmed, cancelled or postponed
#   description = "…"

[registry]
title = {value_text(title)}
language = "{lang}"               # of the events, and of headings
timezone = "{zone}"
uid_domain = "{os.urandom(4).hex()}.ilocal.example"  # part of every calendar UID: never change it

[aliases]                     # search: either side finds the other
# "LĐTE" = "lao động trẻ em"
"""
