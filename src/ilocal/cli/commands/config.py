"""`ilocal config`."""

import json
from collections.abc import Iterator
from pathlib import Path
from textwrap import wrap
from typing import Annotated, Any, NamedTuple, Optional

import typer

from ilocal.cli.output import write_command_output
from ilocal.cli.session import Session
from ilocal.cli.settings.config import (
    CONFIG_VARIABLE,
    find_setting,
    format_setting_value,
    list_setting_keys,
    load_user_config,
    parse_setting_text,
    validate_setting,
)
from ilocal.errors import UsageError
from ilocal.i18n.messages import _
from ilocal.model.safe_text import escape_json, escape_message
from ilocal.terminal.capabilities import get_terminal_width
from ilocal.terminal.status import print_warning

HELP_GROUP = "setup"
EXAMPLES = {
    "ilocal config": "all settings and where they come from",
    "ilocal config date_format dmy": "dates as 25/02/2020",
    "ilocal config --unset date_format": "back to the default",
}


def complete_setting_keys(incomplete: str) -> list[str]:
    """Return the names of settings with a prefix, for completion."""
    return [name for name in list_setting_keys() if name.startswith(incomplete)]


def run(
    ctx: typer.Context,
    key: Annotated[
        Optional[str],
        typer.Argument(
            metavar="[KEY]",
            help="Name of a setting. Without VALUE, print the current value.",
            autocompletion=complete_setting_keys,
        ),
    ] = None,
    value: Annotated[
        Optional[str], typer.Argument(metavar="[VALUE]", help="Set KEY to this value in your config file.")
    ] = None,
    unset: Annotated[bool, typer.Option("--unset", help="Remove KEY from your config file.")] = False,
    path: Annotated[bool, typer.Option("--path", help="Print the path of your config file.")] = False,
    format: Annotated[
        str, typer.Option("-f", "--format", metavar="FORMAT", help="Output format: table or json.")
    ] = "table",
) -> None:
    """Show your settings and where they come from, or change a setting.

    The order of precedence is: command-line option, environment variable, config file, registry (language only),
    built-in default.
    """
    from ilocal.cli.settings.config_file import print_config_problems

    session: Session = ctx.obj
    check_config_arguments(key, value, unset=unset, path=path, format=format)
    if path:
        write_command_output([f"{require_config_path(session)}\n"])
    elif key is not None and (unset or value is not None):
        change_setting_option(session, key, value)
    elif key is not None:
        one = build_setting_row(session, key)
        write_command_output(
            [
                format_settings_json(setting_row_to_dict(one))
                if format == "json"
                else f"{escape_message(format_setting_value(one.value))}\n"
            ]
        )
        print_config_problems(session.config)
    else:
        rows = [build_setting_row(session, name) for name in list_setting_keys()]
        write_command_output(
            [format_settings_json([setting_row_to_dict(one) for one in rows])]
            if format == "json"
            else format_settings_table(rows, get_settings_table_width(session))
        )
        print_config_problems(session.config)


def check_config_arguments(key: str | None, value: str | None, *, unset: bool, path: bool, format: str) -> None:
    """Raise UsageError if the arguments do not fit together."""
    if format not in ("table", "json"):
        raise UsageError(
            _('settings cannot be printed in the format "{name}"', name=escape_message(format)), hint="table, json"
        )
    if unset and (key is None or value is not None):
        raise UsageError(_("--unset takes exactly one setting name"), hint="ilocal config --unset color")
    if path and (key is not None or unset):
        raise UsageError(_("--path cannot be used with other arguments"))
    if key is not None and find_setting(key) is None:
        validate_setting(key, None)  # raises an error that lists the valid ones


def require_config_path(session: Session) -> Path:
    """Return the path of the config file, whether or not it exists. Raises UsageError if it is disabled."""
    if session.config.path is None:
        raise UsageError(_("{variable} is empty, so no config file is used", variable=CONFIG_VARIABLE))
    return session.config.path


def change_setting_option(session: Session, key: str, text: str | None) -> None:
    """Set a key in the config file, or remove it, and report remaining problems. Raises UsageError."""
    import os

    from ilocal.cli.settings.config_file import change_config_file, print_config_problems

    path = require_config_path(session)
    if key == "registry" and text:
        text = make_setting_path_absolute(
            text
        )  # a relative one is typed here, and would count from the folder of the file
    value = None if text is None else parse_setting_text(key, text)
    try:
        kept = None if value is None else validate_setting(key, value)
    except UsageError as error:
        raise UsageError(f"{key}: {error.message}", hint=error.hint) from None
    change_config_file(path, key, list(kept) if isinstance(kept, tuple) else kept)
    changed = load_user_config(os.environ)
    print_config_problems(changed)
    if key == "registry" and kept and changed.registry_path and not changed.registry_path.exists():
        print_warning(_("there is no registry at {path} yet", path=escape_message(str(changed.registry_path))))


def make_setting_path_absolute(text: str) -> str:
    """Return an absolute path; one that begins with a home folder (`~`) stays as it is."""
    return text if text.startswith("~") else str(Path.cwd() / text)


class SettingRow(NamedTuple):
    """A setting, its value in this run, and its source: the name, file and line."""

    key: str
    value: Any
    source: str
    name: str = ""
    file: str = ""
    line: int = 0


def build_setting_row(session: Session, key: str) -> SettingRow:
    """Return a setting with its value in this run."""
    from ilocal.cli.settings.config_file import find_config_line

    found = session.resolve_setting(key)
    if found.source == "config":
        line = find_config_line(session.config, key)
        return SettingRow(key, found.value, found.source, "", str(session.config.path), line)
    return SettingRow(
        key, found.value, found.source, found.name, session.registry.display_name if found.source == "registry" else ""
    )


def setting_row_to_dict(one: SettingRow) -> dict[str, Any]:
    """Return a setting as JSON data, without empty values."""
    return {
        name: str(said) if isinstance(said, Path) else said
        for name, said in one._asdict().items()
        if name == "value" or said
    }


def format_settings_json(plain: Any) -> str:
    """Return one setting, or all as an array, as JSON."""
    return escape_json(json.dumps(plain, ensure_ascii=False, indent=2)) + "\n"


def get_settings_table_width(session: Session) -> int | None:
    """Return the width of the screen; None if lines may be of any length."""
    return get_terminal_width() if session.uses_tables else None


def format_settings_table(rows: list[SettingRow], width: int | None) -> Iterator[str]:
    """Yield the settings as lines: key, value, and source, which is below if the line would be too long."""
    cells = [
        (one.key, escape_message(format_setting_value(one.value)) or "–", describe_setting_source(one)) for one in rows
    ]
    widths = [max(len(cell[column]) for cell in cells) for column in (0, 1)]
    for key, value, source in cells:
        line = f"{key:<{widths[0]}}  {value:<{widths[1]}}  {source}"
        if width is None or len(line) <= width:
            yield f"{line}\n"
        else:
            yield f"{key:<{widths[0]}}  {value}\n"
            yield from (f"    {part}\n" for part in wrap(source, max(width - 4, 1), break_long_words=False))


def describe_setting_source(one: SettingRow) -> str:
    """Return a description of where the value of a setting comes from."""
    return {
        "option": _("option {name}", name=one.name),
        "variable": _("environment variable {name}", name=one.name),
        "here": _("found in this folder or its parents"),
        "config": escape_message(f"{one.file}:{one.line}"),
        "data": _("your data folder"),
        "registry": _("the registry, {file}", file=escape_message(one.file)),
        "locale": _("locale"),
        "built-in": _("default"),
    }[one.source]
