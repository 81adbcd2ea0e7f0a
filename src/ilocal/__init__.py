"""ilocal: an organisation's public events in one text file, queried from the terminal.

From Python: `from ilocal import Registry, Query`; see docs/api.md. The names in `__all__` are stable across versions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ilocal.errors import ConflictError as ConflictError
    from ilocal.errors import DateError as DateError
    from ilocal.errors import Diagnostic as Diagnostic
    from ilocal.errors import EventNotFound as EventNotFound
    from ilocal.errors import HandleError as HandleError
    from ilocal.errors import IlocalError as IlocalError
    from ilocal.errors import InvalidEventError as InvalidEventError
    from ilocal.errors import RegistryError as RegistryError
    from ilocal.errors import UsageError as UsageError
    from ilocal.model.date_parser import parse_period as parse_period
    from ilocal.model.dates import DateRange as DateRange
    from ilocal.model.dates import Month as Month
    from ilocal.model.dates import Period as Period
    from ilocal.model.dates import Year as Year
    from ilocal.model.event import Event as Event
    from ilocal.model.event import OccurrenceOverride as OccurrenceOverride
    from ilocal.model.event import Section as Section
    from ilocal.model.event import Translation as Translation
    from ilocal.model.query import Query as Query
    from ilocal.model.registry_info import RegistryInfo as RegistryInfo
    from ilocal.model.search_terms import parse_search_term as parse_search_term
    from ilocal.storage.changes.undo_log import UndoEntry as UndoEntry
    from ilocal.storage.loader import ParsedRegistry as ParsedRegistry
    from ilocal.storage.loader import load_registry as load_registry
    from ilocal.storage.transaction import Transaction as Transaction
    from ilocal.workspace import Registry as Registry

__version__ = "0.1.0"  # a literal: asking the package's metadata costs 26 ms at every start

_MODULE_BY_NAME = {
    "ConflictError": "errors",
    "DateError": "errors",
    "DateRange": "model.dates",
    "Diagnostic": "errors",
    "Event": "model.event",
    "EventNotFound": "errors",
    "HandleError": "errors",
    "IlocalError": "errors",
    "InvalidEventError": "errors",
    "Month": "model.dates",
    "OccurrenceOverride": "model.event",
    "ParsedRegistry": "storage.loader",
    "Period": "model.dates",
    "Query": "model.query",
    "Registry": "workspace",
    "RegistryError": "errors",
    "RegistryInfo": "model.registry_info",
    "Section": "model.event",
    "Transaction": "storage.transaction",
    "Translation": "model.event",
    "UndoEntry": "storage.changes.undo_log",
    "UsageError": "errors",
    "Year": "model.dates",
    "load_registry": "storage.loader",
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
