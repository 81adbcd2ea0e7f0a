"""Conversion of tables to TOML text and back, for data outside the registry."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def format_toml_table(table: Mapping[str, Any]) -> str:
    """Return a table as TOML text; `parse_toml_table` returns an equal one, including the types of all values."""
    import tomli_w  # not needed at start

    return tomli_w.dumps(table)


def parse_toml_table(text: str) -> dict[str, Any]:
    """Return the table in a TOML text. Raises ValueError if it is not TOML."""
    import tomli

    return tomli.loads(text)
