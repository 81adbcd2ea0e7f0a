"""The promise of a collection of calendar items: a folder of files, or a calendar on a server."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Protocol, Self

from ilocal.errors import ConflictError, NetworkError


class ItemChangedError(ConflictError):
    """An item that is not as it was listed: changed, gone, or there already."""


class ItemRefusedError(NetworkError):
    """An item that the collection does not take, for a reason of its own; the others may go on."""


@dataclass(frozen=True, slots=True)
class FetchedItem:
    """The text of an item and the state in which it is, both of the same moment."""

    etag: str
    text: str


@dataclass(frozen=True, slots=True)
class Listing:
    """What a collection holds, or what changed in it since a token: states by the names of items."""

    etags: Mapping[str, str]
    removed: frozenset[str] = frozenset()  # where `is_complete` is false
    is_complete: bool = True  # whether an item that is not named is not there
    token: str = ""  # to ask for changes since then
    unreadable: frozenset[str] = frozenset()  # names of items that are there and are left as they are
    problems: Sequence[str] = ()


class Collection(Protocol):
    """Where items of calendars are. `href` names an item in it and is opaque; `etag` is the state of one.

    Nothing is written over an item whose state is not known: with another `etag` than the present one all writes raise
    ItemChangedError. They raise ItemRefusedError for an item that is not taken, and NetworkError for all else.
    """

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None: ...

    def list_items(self, token: str) -> Listing:
        """Return the states of all items, or of those that changed since `token`."""
        ...

    def fetch_items(self, hrefs: Sequence[str]) -> dict[str, FetchedItem]:
        """Return the items that are there by their names."""
        ...

    def create_item(self, uid: str, text: str) -> tuple[str, str]:
        """Add an item and return its name and its state; "" for a state that the collection does not tell."""
        ...

    def replace_item(self, href: str, etag: str, text: str) -> str:
        """Change an item and return its new state; "" for a state that the collection does not tell."""
        ...

    def delete_item(self, href: str, etag: str) -> None:
        """Remove an item. One that is gone already is no error."""
        ...
