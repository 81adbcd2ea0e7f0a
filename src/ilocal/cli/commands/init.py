"""`ilocal init`."""

import os
import shlex
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Annotated, NamedTuple, Optional
from zoneinfo import available_timezones

import typer

from ilocal.cli.session import Session
from ilocal.errors import ConflictError, IlocalError, UsageError
from ilocal.i18n.labels import translate_label
from ilocal.i18n.messages import N_, _, current_language, first_supported_language, supported_languages, translate
from ilocal.model.safe_text import make_text_safe
from ilocal.model.timezones import load_timezone
from ilocal.model.value_labels import resolve_event_kind_or_status
from ilocal.storage.discovery import find_nearest_registry
from ilocal.storage.files import SCHEMA_FILE_NAME as SCHEMA
from ilocal.terminal.prompts import is_interactive, prompt_for_line
from ilocal.terminal.status import print_status

HELP_GROUP = "setup"
EXAMPLES = {
    "ilocal init": "events.toml in this folder",
    'ilocal init office.toml --title "Sự kiện" --timezone Asia/Ho_Chi_Minh': "a registry with another "
    "name, without questions",
}


def run(
    ctx: typer.Context,
    path: Annotated[
        Optional[Path], typer.Argument(metavar="[PATH]", help="The registry file to create. [default: events.toml]")
    ] = None,
    title: Annotated[str, typer.Option("--title", metavar="TITLE", help="Title of the list.")] = "",
    timezone: Annotated[
        Optional[str],
        typer.Option("--timezone", metavar="NAME", help="Time zone of the registry, such as Asia/Ho_Chi_Minh."),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask questions; use the defaults.")] = False,
) -> None:
    """Create an empty registry. An existing registry is never overwritten.

    In a terminal, prompt for the language, title and time zone that are not given as options.
    """
    from ilocal.storage.atomic_write import create_file

    session: Session = ctx.obj
    path = path or Path(session.explicit_path or "events.toml")
    if path.is_dir():
        path = path / "events.toml"
    values = RegistryValues(session.lang, title, validate_timezone_option(timezone) if timezone is not None else "")
    if not yes and is_interactive() and not os.path.lexists(path):
        is_language_said = session.resolve_setting("language").source == "option"
        values = ask_for_registry_values(values, is_language_said=is_language_said)
    create_file(path, make_registry_for_init_command(values).encode())
    from ilocal.storage.changes.undo_log import clear_undo_log

    clear_undo_log(path)
    print_status(_("{path}: created", path=path))
    write_schema_for_init_command(path.parent / SCHEMA)
    print_next_step(path)


class RegistryValues(NamedTuple):
    """Metadata of a new registry; an empty text stands for the default."""

    language: str
    title: str = ""
    zone: str = ""


def ask_for_registry_values(values: RegistryValues, *, is_language_said: bool) -> RegistryValues:
    """Ask for missing values: language, title and time zone; an empty answer is the default.

    Raises EOFError and KeyboardInterrupt where nobody answers.
    """
    language, title, zone = values
    if not is_language_said:
        names = ", ".join(supported_languages())
        question = _("Language of the list ({names}) [{default}]: ", names=names, default=language)
        language = ask_for_init_option(question, language, parse_language_option, supported_languages())
    if not title:
        default = translate_label("events", language)
        title = ask_for_init_option(
            _("Title of the list [{default}]: ", default=default), default, validate_title_option, ()
        )
    if not zone:
        default = find_timezone_default_option()
        if language == "vi" and default in _UTC_NAMES:  # as machines of others have it, far from the office
            default = "Asia/Ho_Chi_Minh"
        question = _("Time zone [{default}]: ", default=default)
        zone = ask_for_init_option(question, default, validate_timezone_option, available_timezones())
    return RegistryValues(language, title, zone)


_UTC_NAMES = ("UTC", "Etc/UTC", "Etc/UCT", "GMT", "Etc/GMT", "Universal", "Etc/Universal", "Zulu", "Etc/Zulu")


def ask_for_init_option(question: str, default: str, validate: Callable[[str], str], names: Iterable[str]) -> str:
    """Ask until `validate` accepts the answer, and return its result; TAB completes to one of `names`."""
    known = sorted(names)
    while True:
        try:
            return validate(prompt_for_line(question, known).strip() or default)
        except UsageError as error:
            print_status(error.message)
            print_status(_("hint: {hint}", hint=error.hint))


def parse_language_option(text: str) -> str:
    """Return the language of a code or a name such as `tiếng Việt`. Raises UsageError."""
    language = first_supported_language(resolve_event_kind_or_status("language", text))
    if language is None:
        raise UsageError(
            _('unknown language "{lang}"', lang=make_text_safe(text)),
            hint=_("use one of {names}", names=", ".join(supported_languages())),
        )
    return language


def validate_title_option(text: str) -> str:
    """Return a title without control characters."""
    return make_text_safe(text)


def print_next_step(path: Path) -> None:
    """Print on a terminal what to type next."""
    if sys.stderr.isatty():
        found = find_nearest_registry(Path.cwd())
        is_found = found is not None and found.resolve() == path.resolve()
        option = "" if is_found else f" -r {shlex.quote(str(path))}"
        print_status(_("next: {command}", command=make_text_safe(f"ilocal{option} add")))


def write_schema_for_init_command(path: Path) -> None:
    """Create the schema that the registry refers to, for editors, without overwriting another one.

    Failures are only reported, as the registry is already created.
    """
    from ilocal.storage.atomic_write import create_file
    from ilocal.storage.json_schema import format_schema_file

    try:
        create_file(path, format_schema_file(current_language()).encode())
        print_status(_("{path}: created (for completion in editors)", path=path))
    except ConflictError:
        if not is_schema_of_init_command([format_schema_file(lang).encode() for lang in supported_languages()], path):
            print_status(
                _(
                    "{path}: not changed, because the existing file differs; to "
                    "update the file, run: ilocal schema -o {path}",
                    path=path,
                )
            )
    except IlocalError as error:
        print_status(error.message)


def is_schema_of_init_command(texts: list[bytes], path: Path) -> bool:
    with suppress(OSError):
        return path.is_file() and path.read_bytes() in texts
    return False


def validate_timezone_option(name: str) -> str:
    if load_timezone(name) is None:
        raise UsageError(_('unknown time zone "{zone}"', zone=name), hint=_("use a name such as Asia/Ho_Chi_Minh"))
    return name


def find_timezone_default_option() -> str:
    """Return the IANA name of the system's time zone, or UTC."""
    name = os.environ.get("TZ") or os.path.realpath("/etc/localtime").partition("zoneinfo/")[2]
    try:
        return validate_timezone_option(name.removeprefix(":"))
    except UsageError:
        return "UTC"


def make_registry_for_init_command(registry: RegistryValues) -> str:
    """Return the text of a registry without events."""
    from ilocal.storage.toml.event_writer import format_toml_value

    lang = registry.language
    values = {
        "title": format_toml_value(registry.title or translate_label("events", lang)),
        "zone": format_toml_value(registry.zone or find_timezone_default_option()),
        "uid": f"{os.urandom(4).hex()}.ilocal.example",
    }
    return translate(_NEW_REGISTRY_TEMPLATE, lang).format(schema=SCHEMA, language=lang, **values)


# Translators: the beginning of a new registry, in TOML; only the comments, behind #, and "A meeting" are translated
_NEW_REGISTRY_TEMPLATE = N_("""\
#:schema ./{schema}
# Public events, in any order. Edit this file by hand or with ilocal, and keep it in git.
# An event is a block like this one; only the title is required.
#
#   [[event]]
#   title = "A meeting"
#   start = 2020-02-25          # or 2020-02-25T08:30:00, "2020-02", "2020"; omit it if the date is to be announced
#   end = 2020-02-29            # the last day of the event; omit it for a single day
#   location = "Hà Nội"
#   organizers = ["ILO"]
#   topics = ["CSR"]
#   status = "confirmed"        # tentative, confirmed, cancelled or postponed
#   description = "…"

[registry]
title = {title}
language = "{language}"               # of the events and of headings
timezone = {zone}
uid_domain = "{uid}"  # part of every calendar UID: never change it

[aliases]                     # a search for either side also finds the other
# "LĐTE" = "lao động trẻ em"
""")
