"""The promise of a collection of calendar items: a folder of files, or a calendar on a server."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Protocol, Self

from ilocal.errors import ConflictError, NetworkError

MAX_ITEM_BYTES = 10_000_000


class ItemChangedError(ConflictError):
    """An item is not as it was listed: changed, removed, or created."""


class ItemRefusedError(NetworkError):
    """An item that the collection does not take, for a reason of its own; the others may go on."""


@dataclass(frozen=True, slots=True)
class FetchedItem:
    """The text of an item and the state in which it is, both of the same moment."""

    etag: str
    text: str


@dataclass(frozen=True, slots=True)
class Listing:
    """The content of a collection, or its changes since a token: states of items by name."""

    etags: Mapping[str, str]
    removed: frozenset[str] = frozenset()  # where `is_complete` is false
    is_complete: bool = True  # whether items that are not listed do not exist
    token: str = ""  # for requesting later changes
    unreadable: frozenset[str] = frozenset()  # names of existing items that are skipped
    problems: Sequence[str] = ()


class Collection(Protocol):
    """A collection of calendar items. `href` is the opaque name of an item in it; `etag` is the item's state.

    An item is only written if its current state is known: with another `etag`, all writes raise ItemChangedError. They
    raise ItemRefusedError for a rejected item, and NetworkError for other failures.
    """

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None: ...

    def list_items(self, token: str) -> Listing:
        """Return the states of all items, or of those that changed since `token`."""
        ...

    def fetch_items(self, hrefs: Sequence[str]) -> dict[str, FetchedItem]:
        """Return the existing items by name."""
        ...

    def create_item(self, uid: str, text: str) -> tuple[str, str]:
        """Add an item and return its name and its state; "" for an unknown state."""
        ...

    def replace_item(self, href: str, etag: str, text: str) -> str:
        """Change an item and return its new state; "" for an unknown state."""
        ...

    def delete_item(self, href: str, etag: str) -> None:
        """Remove an item. It is no error if it is gone already."""
        ...
