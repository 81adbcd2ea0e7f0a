"""Tables to TOML text and back, for what is kept elsewhere than in the registry."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def format_toml_table(table: Mapping[str, Any]) -> str:
    """Return a table as TOML text; `parse_toml_table` gives an equal one, with the types of all values."""
    import tomli_w  # neither is needed at start-up

    return tomli_w.dumps(table)


def parse_toml_table(text: str) -> dict[str, Any]:
    """Return the table that a TOML text holds. Raises ValueError for what is not TOML."""
    import tomli

    return tomli.loads(text)
