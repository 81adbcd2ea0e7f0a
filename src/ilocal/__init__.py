"""ilocal: an organisation's public events in one text file, and answers about them in the terminal.

From Python: `from ilocal import Registry, Query`; see docs/api.md. The names in `__all__` stay from version to version.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ilocal.errors import IlocalError as IlocalError
    from ilocal.model.date_parser import parse_period as parse_period
    from ilocal.model.dates import DateRange as DateRange
    from ilocal.model.dates import Month as Month
    from ilocal.model.dates import Period as Period
    from ilocal.model.dates import Year as Year
    from ilocal.model.event import Event as Event
    from ilocal.model.event import Section as Section
    from ilocal.model.query import Query as Query
    from ilocal.model.search_terms import parse_search_term as parse_search_term
    from ilocal.workspace import Registry as Registry

__version__ = "0.1.0"  # a literal: asking the package's metadata costs 26 ms at every start

_MODULE_BY_NAME = {
    "DateRange": "model.dates",
    "Event": "model.event",
    "IlocalError": "errors",
    "Month": "model.dates",
    "Period": "model.dates",
    "Query": "model.query",
    "Registry": "workspace",
    "Section": "model.event",
    "Year": "model.dates",
    "parse_period": "model.date_parser",
    "parse_search_term": "model.search_terms",
}
__all__ = ["__version__", *_MODULE_BY_NAME]  # noqa: PLE0604 - all of them are names


def __getattr__(name: str) -> object:
    """Import a name of the API when it is first used, so that the program itself starts without most of them."""
    if name not in _MODULE_BY_NAME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_MODULE_BY_NAME[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
