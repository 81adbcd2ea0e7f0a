"""ilocal: an organisation's public events in one text file, and answers about them in the terminal.

From Python: `from ilocal import Workspace, Query`; see docs/api.md. What is named here is kept from version to version.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ilocal.errors import IlocalError as IlocalError
    from ilocal.model.date_parser import read as read_dates  # noqa: F401
    from ilocal.model.dates import Days as Days
    from ilocal.model.dates import Month as Month
    from ilocal.model.dates import Span as Span
    from ilocal.model.dates import Year as Year
    from ilocal.model.event import Event as Event
    from ilocal.model.event import Section as Section
    from ilocal.model.query import Query as Query
    from ilocal.model.search_terms import read_term as read_term
    from ilocal.workspace import Workspace as Workspace

__version__ = "0.1.0"  # a literal: asking the package's metadata costs 26 ms at every start

_HOMES = {
    "Days": "model.dates", "Month": "model.dates", "Span": "model.dates", "Year": "model.dates", "IlocalError": "errors",
    "Event": "model.event", "Section": "model.event", "read_dates": "model.date_parser", "Query": "model.query",
    "read_term": "model.search_terms", "Workspace": "workspace",
}  # fmt: skip
__all__ = ["__version__", *_HOMES]  # noqa: PLE0604 - all of them are names


def __getattr__(name: str) -> object:
    """What the API names, imported when it is asked for: the program itself starts without most of it."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    home = import_module(f"{__name__}.{_HOMES[name]}")
    return getattr(home, {"read_dates": "read"}.get(name, name))
