"""The user's config file: read and validated."""

from __future__ import annotations

import errno
import os
import re
import stat
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ilocal.errors import Problem, UsageError
from ilocal.i18n import third_party
from ilocal.i18n.messages import LANGUAGES, N_, _, number
from ilocal.i18n.third_party import reason
from ilocal.model.safe_text import message

if TYPE_CHECKING:
    from ilocal.storage.files import Snapshot
from ilocal.terminal.theme import STYLES

VARIABLE = "ILOCAL_CONFIG"  # another file, or "" for none
WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
COLORS = ("auto", "always", "never")
BUILT_IN: dict[str, Any] = {
    "registry": "",
    "language": "en",
    "columns": (),
    "week_start": "monday",
    "color": "auto",
    "pager": "less",
    **{f"styles.{name}": style for name, style in STYLES.items()},
}
_LARGEST = 1 << 20  # bytes


class Config:
    """The settings of a file; those that are wrong count as not said."""

    def __init__(
        self, path: Path | None, data: bytes = b"", table: Mapping[str, Any] = {}, error: Exception | None = None
    ) -> None:
        self.path = path
        self.data = data
        self.error = error  # why nothing of it could be read
        self.before: Snapshot | None = None  # the file as it was read
        self._said = dict(flat(table))

    def get(self, key: str) -> Any:
        """A setting, checked; None where it is not said."""
        if key not in self._said:
            return None
        try:
            return checked(key, self._said[key])
        except UsageError:
            return None

    @property
    def registry(self) -> Path | None:
        """The registry to use where there is none here or above; a relative path begins at the file."""
        said = self.get("registry")
        return self.path.parent / _from_home(said) if said and self.path else None

    @property
    def is_registry(self) -> bool:
        """Whether the file says of itself that it is no config: it has events, or speaks of a registry."""
        return "event" in self._said or isinstance(self._said.get("registry"), dict)

    def line(self, key: str) -> int:
        """The line on which a key stands; 0 where it does not."""
        if key not in self._said:
            return 0
        from ilocal.cli.settings.config_file import line_of

        return line_of(self.data.decode("utf-8-sig"), key)

    def problems(self) -> Iterator[Problem]:
        """What in the file does not count, each with its line."""
        if self.error is not None:
            yield described(self.error)
        for key, value in self._said.items():
            try:
                checked(key, value)
            except UsageError as error:
                said = f"{error.message} ({error.hint})" if error.hint else error.message
                yield Problem(self.line(key), said, key if key in _CHECKS else "", "warning")


def path_of(environ: Mapping[str, str]) -> Path | None:
    """Where the file is, whether or not there is one; None where none is wanted."""
    named = environ.get(VARIABLE)
    if named is not None:
        return _from_home(named) if named else None
    if sys.platform == "linux":  # as platformdirs has it, which takes 8 ms to load: much for `--help`
        base = Path(environ.get("XDG_CONFIG_HOME", "").strip())  # a relative one does not count: it could be anybody's
        return (base if base.is_absolute() else _from_home("~/.config")) / "ilocal" / "config.toml"
    from platformdirs import user_config_path

    return user_config_path("ilocal") / "config.toml"


def _from_home(text: str) -> Path:
    """A path that may begin in somebody's home folder; `~` is a name like others where nobody has one."""
    with suppress(RuntimeError):
        return Path(text).expanduser()
    return Path(text)


def read(path: Path | None, *, is_named: bool = False) -> Config:
    """The settings of a file. `is_named`: that it is missing is worth saying."""
    if path is None:
        return Config(None)
    try:
        if os.path.realpath(path) == os.devnull:  # a way to say that none is wanted
            return Config(path)
        found = _taken(path)
    except (FileNotFoundError, NotADirectoryError) as error:
        return Config(path, error=error if is_named else None)
    except (OSError, ValueError) as error:
        return Config(path, error=error)
    config = _parsed(path, found.data)
    config.before = found
    return config


def _taken(path: Path) -> Snapshot:
    """The file as it is. Raises OSError, also for what is no file, or more than a config can be."""
    from ilocal.storage.files import snapshot

    found = snapshot(path, _LARGEST, _check_regular)
    if len(found.data) > _LARGEST:
        raise OSError(errno.EFBIG, os.strerror(errno.EFBIG))
    return found


def _check_regular(_path: Path, status: os.stat_result) -> None:
    if stat.S_ISDIR(status.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if not stat.S_ISREG(status.st_mode):
        raise OSError(errno.EINVAL, N_("not a regular file"))


def _parsed(path: Path, data: bytes) -> Config:
    import tomli  # nothing is to be parsed for those who have no such file

    try:
        return Config(path, data, tomli.loads(data.decode("utf-8-sig")))
    except (ValueError, RecursionError) as error:
        return Config(path, data, error=error)


def load(environ: Mapping[str, str]) -> Config:
    """The settings of this user."""
    return read(path_of(environ), is_named=bool(environ.get(VARIABLE)))


def flat(table: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The settings of a table, those of `[styles]` as `styles.NAME`."""
    for key, value in table.items():
        if key == "styles" and isinstance(value, dict):
            yield from ((f"styles.{name}", style) for name, style in value.items())
        else:
            yield key, value


def described(error: Exception) -> Problem:
    """Why a file could not be read."""
    if isinstance(error, OSError):
        is_large = error.errno == errno.EFBIG
        return Problem(0, _("more than {most} bytes", most=number(_LARGEST)) if is_large else reason(error))
    if isinstance(error, UnicodeDecodeError):
        line = error.object.count(b"\n", 0, error.start) + 1
        byte = f"{error.object[error.start]:02x}"
        return Problem(line, _("not UTF-8 text (byte 0x{byte})", byte=byte))
    said = third_party.told(getattr(error, "msg", str(error)))
    return Problem(getattr(error, "lineno", 0), _("not valid TOML: {reason}", reason=said))


# ------------------------------------------------------------------------------------------------------------- checking


def checked(key: str, value: Any) -> Any:
    """The value of a setting as the program uses it. Raises UsageError."""
    if key not in _CHECKS:
        from difflib import get_close_matches

        within = [name for name in _CHECKS if name.startswith(f"{key}.")]
        near = get_close_matches(key, _CHECKS, n=1) if not within else []
        hint = (
            _("did you mean {name}?", name=near[0]) if near else _("one of {names}", names=", ".join(within or _CHECKS))
        )
        raise UsageError(_('there is no setting "{name}"', name=message(key)), hint=hint)
    return _CHECKS[key](value)


def from_text(key: str, text: str) -> Any:
    """The value of a setting as it is typed; the names of columns are parted by commas."""
    return [name.strip() for name in text.split(",") if name.strip()] if key == "columns" else text


def to_text(value: Any) -> str:
    """The inverse of `from_text`."""
    return ",".join(value) if isinstance(value, (tuple, list)) else str(value)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise UsageError(_("a text is wanted"), hint=_("put it in quotes"))
    if "\0" in value:
        raise UsageError(_wrong(value))
    return value


def _path(value: Any) -> str:
    if not _text(value):
        raise UsageError(_("the path of a file or folder is wanted"))
    return str(value)


def _one_of(choices: tuple[str, ...], value: Any) -> str:
    if value not in choices:
        raise UsageError(_wrong(value), hint=_("one of {names}", names=", ".join(choices)))
    return str(value)


def _columns(value: Any) -> tuple[str, ...]:
    from ilocal.model.fields import field_named

    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        raise UsageError(_("a list of names is wanted"), hint='["when", "title"]')
    return tuple(name if name in ("when", "extra") else field_named(name) for name in value)


_COLOR_NAMES = "black|red|green|yellow|blue|magenta|cyan|white"
_COLOR = rf"(?:default|(?:bright_)?(?:{_COLOR_NAMES})|#[0-9a-f]{{6}}|color\((?:1?\d?\d|2[0-4]\d|25[0-5])\))"
_ATTRIBUTES = "bold|dim|italic|underline|reverse|strike"
_STYLE = rf"(?:none|(?:(?:(?:not )?(?:{_ATTRIBUTES})|(?:on )?{_COLOR})(?: |$))+)"


def _style(value: Any) -> str:
    """A style as Rich reads it; its words are those that need no explanation."""
    style = " ".join(_text(value).lower().split())
    if not re.fullmatch(_STYLE, style):
        raise UsageError(
            _wrong(value),
            hint=_("words such as {names}", names='bold, dim, italic, underline, red, bright_blue, "on cyan", #ff8800'),
        )
    return style


def _wrong(value: Any) -> str:
    return _('"{value}" cannot be its value', value=message(str(value)))


_CHECKS: dict[str, Callable[[Any], Any]] = {
    "registry": _path,
    "language": partial(_one_of, LANGUAGES),
    "columns": _columns,
    "week_start": partial(_one_of, WEEK),
    "color": partial(_one_of, COLORS),
    "pager": _text,
    **dict.fromkeys((f"styles.{name}" for name in STYLES), _style),
}
