"""`ilocal init`."""

import os
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Optional

import typer

from ilocal.cli.session import Session
from ilocal.errors import ConflictError, IlocalError, UsageError
from ilocal.i18n.labels import translate_label
from ilocal.i18n.messages import N_, _, current_language, supported_languages, translate
from ilocal.model.timezones import load_timezone
from ilocal.storage.files import SCHEMA_FILE_NAME as SCHEMA
from ilocal.terminal.status import print_status


def run(
    ctx: typer.Context,
    path: Annotated[Optional[Path], typer.Argument(metavar="[PATH]", help="[default: events.toml]")] = None,
    title: Annotated[str, typer.Option("--title", metavar="TITLE", help="Title of the list.")] = "",
    timezone: Annotated[
        Optional[str], typer.Option("--timezone", metavar="NAME", help="Such as Asia/Ho_Chi_Minh.")
    ] = None,
) -> None:
    """Make an empty registry; never overwrites one."""
    from ilocal.storage.atomic_write import create_file

    session: Session = ctx.obj
    path = path or Path(session.explicit_path or "events.toml")
    if path.is_dir():
        path = path / "events.toml"
    zone = validate_timezone_option(timezone) if timezone is not None else find_timezone_default_option()
    text = format_init_command_registry(title or translate_label("events", session.lang), session.lang, zone)
    create_file(path, text.encode())
    from ilocal.storage.changes.undo_log import clear_undo_log

    clear_undo_log(path)
    print_status(_("{path}: created", path=path))
    create_schema_for_init_command(path.parent / SCHEMA)


def create_schema_for_init_command(path: Path) -> None:
    """Put the schema that the registry names beside it, for editors; never over another one.

    Where that cannot be done it is said and no more: the registry is made.
    """
    from ilocal.storage.atomic_write import create_file
    from ilocal.storage.json_schema import format_schema_file

    try:
        create_file(path, format_schema_file(current_language()).encode())
        print_status(_("{path}: created (completion in editors)", path=path))
    except ConflictError:
        if not is_schema_of_init_command([format_schema_file(lang).encode() for lang in supported_languages()], path):
            print_status(_("{path}: left as it is, as it differs; update it with: ilocal schema -o {path}", path=path))
    except IlocalError as error:
        print_status(error.message)


def is_schema_of_init_command(texts: list[bytes], path: Path) -> bool:
    with suppress(OSError):
        return path.is_file() and path.read_bytes() in texts
    return False


def validate_timezone_option(name: str) -> str:
    if load_timezone(name) is None:
        raise UsageError(_('there is no time zone "{zone}"', zone=name), hint=_("write it as Asia/Ho_Chi_Minh"))
    return name


def find_timezone_default_option() -> str:
    """The system's time zone by its IANA name, or UTC."""
    name = os.environ.get("TZ") or os.path.realpath("/etc/localtime").partition("zoneinfo/")[2]
    try:
        return validate_timezone_option(name.removeprefix(":"))
    except UsageError:
        return "UTC"


def format_init_command_registry(title: str, lang: str, zone: str) -> str:
    """The text of a registry without events."""
    from ilocal.storage.toml.event_writer import format_toml_value

    values = {
        "title": format_toml_value(title),
        "zone": format_toml_value(zone),
        "uid": f"{os.urandom(4).hex()}.ilocal.example",
    }
    return translate(_NEW_REGISTRY_TEMPLATE, lang).format(schema=SCHEMA, language=lang, **values)


# Translators: the beginning of a new registry, in TOML; only the comments, behind #, and "A meeting" are translated
_NEW_REGISTRY_TEMPLATE = N_("""\
#:schema ./{schema}
# Public events, in any order: ilocal finds them. Edit by hand or with ilocal, and keep this file in git.
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
title = {title}
language = "{language}"               # of the events, and of headings
timezone = {zone}
uid_domain = "{uid}"  # part of every calendar UID: never change it

[aliases]                     # search: either side finds the other
# "LĐTE" = "lao động trẻ em"
""")
