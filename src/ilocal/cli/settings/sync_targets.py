"""The tables `[sync.NAME]` of the config file: sync targets and their selections."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from ilocal.errors import UsageError
from ilocal.i18n.messages import _
from ilocal.model.safe_text import escape_message
from ilocal.storage.discovery import expand_home_in_file_path

SYNC_PREFIX = "sync."
DIRECTIONS = ("both", "push", "pull")
_UNDATED_CHOICES = ("leave-out", "span")
_TEXT_KEYS = ("url", "vdir", "user", "direction", "undated")
_LIST_KEYS = ("password_command", "select")
_LIST_EXAMPLE = '["--topic", "CSR"]'
_NAME_PATTERN = re.compile(r"[A-Za-z0-9_-]{1,60}")


@dataclass(frozen=True, slots=True)
class SyncTarget:
    """A calendar on a server (`url`) or a folder of calendar files (`vdir`) to sync with."""

    url: str = ""
    vdir: Path | None = None
    user: str = ""
    password_command: tuple[str, ...] = ()
    direction: Literal["both", "push", "pull"] = "both"
    select: tuple[str, ...] = ()  # options of `ilocal list` that choose the events
    has_undated: bool = False

    def __str__(self) -> str:
        """Return the address of the target, without secrets."""
        from ilocal.sync.web_addresses import hide_secrets

        return hide_secrets(self.url) if self.url else str(self.vdir)


def parse_sync_target_setting(key: str, table: Any) -> SyncTarget:
    """Return the table `sync.NAME` as it is used. Raises UsageError."""
    name = key.removeprefix(SYNC_PREFIX)
    if not _NAME_PATTERN.fullmatch(name):
        raise UsageError(_('"{name}" is not a valid name; use letters, digits, - and _', name=escape_message(name)))
    if not isinstance(table, Mapping):
        raise UsageError(_("expected a table"), hint=_("write, for example, {example}", example=f"[{key}]"))
    unknown = next((one for one in table if one not in (*_TEXT_KEYS, *_LIST_KEYS)), None)
    if unknown is not None:
        known = ", ".join((*_TEXT_KEYS, *_LIST_KEYS))
        raise UsageError(
            _('unknown setting "{name}"', name=escape_message(unknown)), hint=_("use one of {names}", names=known)
        )
    texts = {name: _read_text(name, table.get(name, "")) for name in _TEXT_KEYS}
    lists = {name: _read_list_setting(name, table.get(name, [])) for name in _LIST_KEYS}
    if bool(texts["url"]) == bool(texts["vdir"]):
        raise UsageError(_("expected either url or vdir"))
    if texts["url"]:
        _require_safe_address_setting(texts["url"])
    direction = _read_choice_setting("direction", texts["direction"], DIRECTIONS)
    undated = _read_choice_setting("undated", texts["undated"], _UNDATED_CHOICES)
    vdir = expand_home_in_file_path(texts["vdir"]) if texts["vdir"] else None
    if vdir is not None and not vdir.is_absolute():
        raise UsageError(_("vdir: expected an absolute path, starting with / or ~"))
    return SyncTarget(
        texts["url"],
        vdir,
        texts["user"],
        lists["password_command"],
        direction,  # type: ignore[arg-type]
        lists["select"],
        undated == "span",
    )


def _read_text(name: str, value: Any) -> str:
    if not isinstance(value, str) or "\0" in value:
        raise UsageError(_("{name}: expected a string", name=name), hint=_("put the value in quotes"))
    return value


def _read_list_setting(name: str, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(one, str) and "\0" not in one for one in value):
        raise UsageError(
            _("{name}: expected a list of strings", name=name),
            hint=_("write, for example, {example}", example=_LIST_EXAMPLE),
        )
    return tuple(value)


def _read_choice_setting(name: str, value: str, choices: tuple[str, ...]) -> str:
    if value and value not in choices:
        shown = escape_message(value)
        said = _('{name}: "{value}" is not a valid value', name=name, value=shown)
        raise UsageError(said, hint=_("use one of {names}", names=", ".join(choices)))
    return value or choices[0]


def _require_safe_address_setting(url: str) -> None:
    """Raise UsageError for an invalid address, or one that would send a password unencrypted."""
    from ilocal.sync.web_addresses import get_host, is_loopback_host, normalize_remote_address

    address = normalize_remote_address(url)
    if address.startswith("http://") and not is_loopback_host(get_host(address)):
        raise UsageError(
            _("url: use https; http is allowed only on this machine"),
            hint=_("use an address that starts with https:// instead of http://"),
        )
