"""Items of a sync as each side has them, and what is planned for them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from ilocal.i18n.messages import N_
from ilocal.model.event import Event
from ilocal.sync.sync_state import AgreedItem, SyncConflict, SyncedItem

Direction = Literal["push", "pull", "both"]
Preference = Literal["", "mine", "theirs"]
LINKED_NOTE = N_("linked with the item of the same title and days there")
HereAction = Literal["", "create", "update", "remove"]
ThereAction = Literal["", "create", "replace", "delete"]


@dataclass(frozen=True, slots=True)
class LocalItem:
    """An event of the registry; `is_selected` tells whether it is synced."""

    event: Event
    is_selected: bool = True


@dataclass(frozen=True, slots=True)
class RemoteItem:
    """A remote item that is new or changed."""

    href: str
    etag: str
    text: str


@dataclass(frozen=True, slots=True)
class KnownItem:
    """An item that both sides agreed on."""

    item: SyncedItem
    agreed: AgreedItem


@dataclass(frozen=True, slots=True)
class ItemPlan:
    """The actions for an item on either side.

    `event` is the event as both sides will have it, `before` the registry's event from which it was made. `href`,
    `etag` and `text` are the current remote item.
    """

    uid: str
    here: HereAction = ""
    there: ThereAction = ""
    event: Event | None = None
    before: Event | None = None
    href: str = ""
    etag: str = ""
    text: str = ""
    is_agreed: bool = True  # whether both sides have `event` afterwards
    agreed: Event | None = None  # the common content, if the registry has more
    is_forgotten: bool = False  # whether the item is on neither side afterwards
    conflict: SyncConflict | None = None
    note: str = ""  # a note for the user, as a message id
    is_linked: bool = False  # whether the registry's event gets the UID of the remote item

    def link(self) -> ItemPlan:
        """Return the plan with the event of the registry getting the UID of the remote item."""
        assert self.event is not None
        event = replace(self.event, uid=self.uid)
        return replace(self, here="update", event=event, is_linked=True, note=LINKED_NOTE)
