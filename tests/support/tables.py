"""Tables as CSV, as text and as rows."""

from __future__ import annotations

import csv
from io import StringIO


def read_rows(text: str) -> list[dict[str, str]]:
    """Read a table with a header."""
    return list(csv.DictReader(StringIO(text.removeprefix("\ufeff"), newline="")))
