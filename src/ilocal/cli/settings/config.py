"""The user's config file: read and validated."""

from __future__ import annotations

import errno
import os
import re
import stat
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from ilocal.errors import Diagnostic, UsageError
from ilocal.i18n.messages import N_, _, first_supported_language, format_number, supported_languages
from ilocal.model.date_names import DATE_FORMATS
from ilocal.model.safe_text import escape_message
from ilocal.model.text_folding import strip_accents
from ilocal.storage.discovery import expand_home_in_file_path, get_user_folder

if TYPE_CHECKING:
    from ilocal.storage.files import FileSnapshot

CONFIG_VARIABLE = "ILOCAL_CONFIG"  # another file, or "" to disable it
WEEK_START_CHOICES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
SWITCH_CHOICES = ("true", "false")
COLOR_CHOICES = ("auto", "always", "never")
TABLE_CHOICES = ("quiet", "box")
# What else people type for a value, folded.
_SWITCH_WORDS = {"true": True, "yes": True, "on": True, "co": True, "bat": True,
                 "false": False, "no": False, "off": False, "khong": False, "tat": False}  # fmt: skip
_MAX_CONFIG_BYTES = 1 << 20  # bytes


class Settings:
    """The settings of a file; invalid ones count as not set."""

    def __init__(
        self, path: Path | None, data: bytes = b"", table: Mapping[str, Any] = {}, error: Exception | None = None
    ) -> None:
        self.path = path
        self.data = data
        self.error = error  # why it could not be read
        self.snapshot: FileSnapshot | None = None  # the file as it was read
        self._settings = dict(flatten_settings(table))

    def get_setting(self, key: str) -> Any:
        """Return a valid setting; None if it is not set."""
        if key not in self._settings:
            return None
        try:
            return validate_setting(key, self._settings[key])
        except UsageError:
            return None

    @property
    def registry_path(self) -> Path | None:
        """The registry to use if none is found here or above; a relative path starts at the file."""
        said = self.get_setting("registry")
        return self.path.parent / expand_home_in_file_path(said) if said and self.path else None

    def get_raw_setting(self, key: str) -> Any:
        """Return a setting as in the file, valid or not; None if it is not set."""
        return self._settings.get(key)

    @property
    def sync_names(self) -> list[str]:
        """The names of the tables `[sync.NAME]`, in their order."""
        return [key.removeprefix("sync.") for key in self._settings if key.startswith("sync.")]

    @property
    def is_config_a_registry(self) -> bool:
        """Whether the file is a registry instead of a config: it has events, or a table `[registry]`."""
        return "event" in self._settings or isinstance(self._settings.get("registry"), dict)

    @property
    def keys(self) -> frozenset[str]:
        """The keys in the file, known or not; those of `[styles]` as `styles.NAME`."""
        return frozenset(self._settings)

    @property
    def has_config_problems(self) -> bool:
        """Whether the file cannot be read, or has a setting that is ignored."""
        return self.error is not None or any(self.find_invalid_settings())

    def find_invalid_settings(self) -> Iterator[tuple[str, UsageError]]:
        """Yield each key of the file that is ignored, with the reason."""
        for key, value in self._settings.items():
            try:
                validate_setting(key, value)
            except UsageError as error:
                yield key, error


def find_config_path(environ: Mapping[str, str]) -> Path | None:
    """Return the path of the config file, whether or not it exists; None if it is disabled."""
    named = environ.get(CONFIG_VARIABLE)
    if named is not None:
        return expand_home_in_file_path(named) if named else None
    return get_user_folder("config", environ) / "config.toml"


def read_config(path: Path | None, *, is_named: bool = False) -> Settings:
    """Return the settings of a file. With `is_named`, a missing file is an error."""
    if path is None:
        return Settings(None)
    try:
        if os.path.realpath(path) == os.devnull:  # a way to disable it
            return Settings(path)
        found = _take_config_snapshot(path)
    except (FileNotFoundError, NotADirectoryError) as error:
        return Settings(path, error=error if is_named else None)
    except (OSError, ValueError) as error:
        return Settings(path, error=error)
    config = _parse_config(path, found.data)
    config.snapshot = found
    return config


def _take_config_snapshot(path: Path) -> FileSnapshot:
    """Return the content of the config file. Raises OSError, also if it is not a file, or too large."""
    from ilocal.storage.files import read_file_up_to

    found = read_file_up_to(path, _MAX_CONFIG_BYTES, _require_regular_config_file)
    if len(found.data) > _MAX_CONFIG_BYTES:
        raise OSError(errno.EFBIG, os.strerror(errno.EFBIG))
    return found


def _require_regular_config_file(_path: Path, status: os.stat_result) -> None:
    if stat.S_ISDIR(status.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if not stat.S_ISREG(status.st_mode):
        raise OSError(errno.EINVAL, N_("not a regular file"))


def _parse_config(path: Path, data: bytes) -> Settings:
    import tomli  # not imported without a config file

    try:
        return Settings(path, data, tomli.loads(data.decode("utf-8-sig")))
    except (ValueError, RecursionError) as error:
        return Settings(path, data, error=error)


def load_user_config(environ: Mapping[str, str]) -> Settings:
    """Return the settings of this user."""
    return read_config(find_config_path(environ), is_named=bool(environ.get(CONFIG_VARIABLE)))


def flatten_settings(table: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield the settings of a table, those of `[styles]` as `styles.NAME`, and tables `[sync.NAME]` as `sync.NAME`."""
    for key, value in table.items():
        if key in ("styles", "sync") and isinstance(value, dict):
            yield from ((f"{key}.{name}", inner) for name, inner in value.items())
        else:
            yield key, value


def describe_config_error(error: Exception) -> Diagnostic:
    """Return the reason why a config file could not be read."""
    from ilocal.i18n.third_party import translate_library_message, translate_os_error

    if isinstance(error, OSError):
        is_large = error.errno == errno.EFBIG
        return Diagnostic(
            0,
            _("more than {most} bytes", most=format_number(_MAX_CONFIG_BYTES))
            if is_large
            else translate_os_error(error),
        )
    if isinstance(error, UnicodeDecodeError):
        line = error.object.count(b"\n", 0, error.start) + 1
        byte = f"{error.object[error.start]:02x}"
        return Diagnostic(line, _("not UTF-8 text (byte 0x{byte})", byte=byte))
    if isinstance(error, ValueError):
        from ilocal.storage.toml.diagnosis import diagnose_toml_errors

        return diagnose_toml_errors(error, 1)[0]
    return Diagnostic(0, _("not valid TOML: {reason}", reason=translate_library_message(str(error))))


# ------------------------------------------------------------------------------------------------------------- checking


def validate_setting(key: str, value: Any) -> Any:
    """Return a setting's value in the file as the program uses it. Raises UsageError."""
    setting = find_setting(key)
    if setting is not None:
        return setting.parse(value)
    from difflib import get_close_matches

    known = list_setting_keys()
    within = [name for name in known if name.startswith(f"{key}.")]
    near = get_close_matches(key, known, n=1) if not within else []
    hint = (
        _("did you mean {name}?", name=near[0]) if near else _("use one of {names}", names=", ".join(within or known))
    )
    raise UsageError(_('unknown setting "{name}"', name=escape_message(key)), hint=hint)


def parse_setting_text(key: str, text: str) -> Any:
    """Return the value of a setting from typed text, in any language; columns are separated by commas."""
    if key == "occurrences":
        return _SWITCH_WORDS.get(strip_accents(text.lower()), text)
    if key == "language":
        from ilocal.model.value_labels import resolve_event_kind_or_status

        return resolve_event_kind_or_status("language", text)
    return [name.strip() for name in text.split(",") if name.strip()] if key in ("columns", "map") else text


def parse_date_format_name(text: str) -> str:
    """Return the date format that a pattern such as `dd/mm/yyyy` or `ngày/tháng/năm` means; else the text itself."""
    parts = re.split("[/. -]", strip_accents(text.lower().strip()))
    letters = "".join({"ngay": "d", "thang": "m", "nam": "y"}.get(part, part[:1]) for part in parts)
    is_pattern = len(parts) == 3 and all(len(set(part)) == 1 or part.isalpha() for part in parts if part)
    return {"dmy": "dmy", "ymd": "iso" if "-" in text else "ymd"}.get(letters, text) if is_pattern else text


def _validate_date_format_setting(value: Any) -> str:
    """Return a date format by its name or pattern: `dmy`, `dd/mm/yyyy`."""
    value = parse_date_format_name(value) if isinstance(value, str) else value
    if value not in DATE_FORMATS:
        shown = "ymd (2020/02/25), dmy (25/02/2020), iso (2020-02-25)"
        raise UsageError(_format_invalid_setting(value), hint=_("use one of {names}", names=shown))
    return str(value)


def format_setting_value(value: Any) -> str:
    """Return a setting's value as it is typed: the inverse of `parse_setting_text`."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return ",".join(value) if isinstance(value, (tuple, list)) else str(value)


def _validate_text_setting(value: Any) -> str:
    if not isinstance(value, str):
        raise UsageError(_("expected a string"), hint=_("put the value in quotes"))
    if "\0" in value:
        raise UsageError(_format_invalid_setting(value))
    return value


def _validate_path_setting(value: Any) -> str:
    if not _validate_text_setting(value):
        raise UsageError(_("expected the path of a file or folder"))
    return str(value)


def _validate_choice_setting(choices: tuple[str, ...], value: Any) -> str:
    if value not in choices:
        raise UsageError(_format_invalid_setting(value), hint=_("use one of {names}", names=", ".join(choices)))
    return str(value)


def _validate_week_start_setting(value: Any) -> str:
    """Return a weekday by its name in any language: `sunday`, `chủ nhật`, `CN`."""
    if isinstance(value, str) and value not in WEEK_START_CHOICES:
        from ilocal.model.relative_dates import WEEKDAY_NUMBERS

        number = WEEKDAY_NUMBERS.get(strip_accents(" ".join(value.lower().split())))
        value = value if number is None else WEEK_START_CHOICES[number]
    return _validate_choice_setting(WEEK_START_CHOICES, value)


def _validate_language_setting(value: Any) -> str:
    return _validate_choice_setting(supported_languages(), value)


def _validate_columns_setting(value: Any) -> tuple[str, ...]:
    from ilocal.model.fields import resolve_event_field_or_dates

    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        raise UsageError(_("expected a list of names"), hint='["when", "title"]')
    return tuple(map(resolve_event_field_or_dates, value))


def _validate_map_setting(value: Any) -> tuple[str, ...]:
    from ilocal.formats.csv.event_rows import parse_column_mapping

    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        raise UsageError(_("expected a list of names"), hint='["Tên việc=title", "Nơi họp=location"]')
    parse_column_mapping(value)
    return tuple(value)


def _validate_switch_setting(value: Any) -> bool:
    if not isinstance(value, bool):
        raise UsageError(_format_invalid_setting(value), hint=_("use one of {names}", names=", ".join(SWITCH_CHOICES)))
    return value


_COLOR_NAME_PATTERN = "black|red|green|yellow|blue|magenta|cyan|white"
_COLOR_PATTERN = (
    rf"(?:default|(?:bright_)?(?:{_COLOR_NAME_PATTERN})|#[0-9a-f]{{6}}|color\((?:1?\d?\d|2[0-4]\d|25[0-5])\))"
)
_ATTRIBUTE_PATTERN = "bold|dim|italic|underline|reverse|strike"
_STYLE_PATTERN = rf"(?:none|(?:(?:(?:not )?(?:{_ATTRIBUTE_PATTERN})|(?:on )?{_COLOR_PATTERN})(?: |$))+)"


def _validate_style_setting(value: Any) -> str:
    """Return a valid style in Rich's notation. Raises UsageError."""
    style = " ".join(_validate_text_setting(value).lower().split())
    if not re.fullmatch(_STYLE_PATTERN, style):
        raise UsageError(
            _format_invalid_setting(value),
            hint=_(
                "use words such as {names}", names='bold, dim, italic, underline, red, bright_blue, "on cyan", #ff8800'
            ),
        )
    return style


def _format_invalid_setting(value: Any) -> str:
    return _('"{value}" is not a valid value', value=escape_message(str(value)))


class Setting(NamedTuple):
    """A setting: its default, its parser for values in the file, and what overrides the file."""

    name: str
    default: Any
    parse: Callable[[Any], Any]  # returns the value as the program uses it; raises UsageError
    option: str = ""  # of the command line
    variable: str = ""  # of the environment
    read_variable: Callable[[str | None], Any] = lambda text: text  # returns None if the variable is not set


_SETTINGS = {
    setting.name: setting
    for setting in (
        Setting(
            "registry", "", _validate_path_setting, "--registry", "ILOCAL_REGISTRY", lambda text: text or None
        ),
        Setting(
            "language", "en", _validate_language_setting, "--lang", "ILOCAL_LANG", first_supported_language
        ),
        Setting("columns", (), _validate_columns_setting),
        Setting("map", (), _validate_map_setting),
        Setting("date_format", "ymd", _validate_date_format_setting),
        Setting("occurrences", False, _validate_switch_setting),
        Setting("table", "quiet", partial(_validate_choice_setting, TABLE_CHOICES)),
        Setting("week_start", "monday", _validate_week_start_setting),
        Setting(
            "color", "auto", partial(_validate_choice_setting, COLOR_CHOICES), "--color", "NO_COLOR",
            lambda text: "never" if text else None,
        ),
        Setting("pager", "less", _validate_text_setting, "--no-pager", "ILOCAL_PAGER"),
    )
}  # fmt: skip
_STYLES_PREFIX = "styles."


def find_setting(key: str) -> Setting | None:
    """Return the setting of a key such as `color` or `styles.date`; None if there is none."""
    if key.startswith(_STYLES_PREFIX):
        from ilocal.terminal.theme import DEFAULT_STYLES

        style = DEFAULT_STYLES.get(key.removeprefix(_STYLES_PREFIX))
        return None if style is None else Setting(key, style, _validate_style_setting)
    if key.startswith("sync."):
        from ilocal.cli.settings.sync_targets import parse_sync_target_setting

        return Setting(key, "", partial(parse_sync_target_setting, key))
    return _SETTINGS.get(key)


def list_setting_keys() -> list[str]:
    """Return the keys of all settings, in the order in which they are shown."""
    from ilocal.terminal.theme import DEFAULT_STYLES

    return [*_SETTINGS, *(_STYLES_PREFIX + name for name in DEFAULT_STYLES)]
