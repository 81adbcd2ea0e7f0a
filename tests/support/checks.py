"""Findings of `ilocal check` in the text of a registry."""

from __future__ import annotations

from datetime import date

from ilocal import checks
from tests.support.registry import parse_registry

TODAY = date(2020, 2, 20)


def list_findings(text: str, today: date = TODAY) -> list[str]:
    """Return the findings in a registry's text: line, field, message and code."""
    found = checks.run_checks(parse_registry(text), today)
    return [f"{one.line}: {one.field}: {one.message} ({one.code})" for one in found]
