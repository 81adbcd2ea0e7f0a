"""The registry's description of itself: title, language, time zone, aliases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

REGISTRY_KEYS = ("title", "language", "timezone", "uid_domain")
# Keys allowed in `[site]`, with the kind of value: a text, texts, a date in its own precision, or a boolean.
SITE_KEYS = {"base_url": "text", "languages": "texts", "templates": "text", "feed_from": "date", "event_ics": "boolean"}


@dataclass(frozen=True, slots=True)
class RegistryInfo:
    """The tables `[registry]`, `[aliases]` and `[site]` of a registry."""

    title: str = ""
    language: str = ""  # BCP 47, of events without a language
    timezone: str = ""  # IANA name
    uid_domain: str = ""
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    site: Mapping[str, Any] = field(default_factory=dict)  # by SITE_KEYS; dates as ISO text


def make_dict_of_registry_info(header: RegistryInfo) -> dict[str, Any]:
    """Return the table as JSON has it; `make_registry_info_from_dict` reads it back."""
    return {
        **{key: getattr(header, key) for key in REGISTRY_KEYS},
        "aliases": {short: list(longs) for short, longs in header.aliases.items()},
        "site": dict(header.site),
    }


def make_registry_info_from_dict(plain: Mapping[str, Any]) -> RegistryInfo:
    """Return the table that `make_dict_of_registry_info` wrote."""
    aliases = {short: tuple(longs) for short, longs in plain["aliases"].items()}
    return RegistryInfo(**{key: plain[key] for key in REGISTRY_KEYS}, aliases=aliases, site=plain["site"])
