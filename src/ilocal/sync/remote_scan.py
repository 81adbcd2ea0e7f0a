"""Scan of a collection for changes since the last sync: listed, fetched and compared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ilocal import progress
from ilocal.errors import InputError
from ilocal.i18n.messages import _, format_number
from ilocal.model.safe_text import make_text_safe
from ilocal.sync.collection import Collection, FetchedItem, Listing
from ilocal.sync.planned_items import RemoteItem
from ilocal.sync.sync_state import SyncedItem, SyncState

_ITEMS_PER_REQUEST = 100


@dataclass
class RemoteChanges:
    """The changes in a collection since the last sync, by UID."""

    items: dict[str, RemoteItem] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    token: str = ""
    problems: list[str] = field(default_factory=list)


class RemoteScan:
    """One scan of a collection. Irrelevant differences are recorded in the state, unless `is_dry_run`."""

    def __init__(
        self, collection: Collection, state: SyncState, known: Mapping[str, SyncedItem], *, is_dry_run: bool
    ) -> None:
        self._collection, self._state, self._known, self._is_dry_run = collection, state, known, is_dry_run
        self._skipped: list[tuple[str, str]] = []  # items that are not events, by name and state

    def collect_changes(self) -> RemoteChanges:
        """Return the changes in the collection. Raises NetworkError."""
        listing = self._collection.list_items(self._state.get_value("token"))
        by_href = {item.href: item for item in self._known.values()}
        ignored = self._state.read_ignored()
        wanted = [
            href
            for href, etag in listing.etags.items()
            if (etag != by_href[href].etag if href in by_href else ignored.get(href) != etag)
        ]
        changes = RemoteChanges(token=listing.token, problems=list(listing.problems))
        missing = set(wanted)
        for href, item in self._fetch_items(wanted):
            missing.discard(href)
            self._take_item(changes, href, item, by_href.get(href))
        self._find_gone_items(changes, listing, by_href, missing)
        if not self._is_dry_run:
            self._state.save_ignored(self._skipped)
        return changes

    def _fetch_items(self, hrefs: Sequence[str]) -> Iterator[tuple[str, FetchedItem]]:
        total = format_number(len(hrefs))
        with progress.track_progress(
            lambda n: _("Reading items: {n} of {total} …", n=format_number(n), total=total)
        ) as task:
            for at in range(0, len(hrefs), _ITEMS_PER_REQUEST):
                part = hrefs[at : at + _ITEMS_PER_REQUEST]
                found = self._collection.fetch_items(part)
                task.advance(len(part))
                yield from sorted(found.items())

    def _take_item(self, changes: RemoteChanges, href: str, item: FetchedItem, known: SyncedItem | None) -> None:
        """Add an item to the changes, by its UID."""
        from ilocal.sync.calendar_items import find_item_uids, parse_calendar_from_server  # needed for changes alone

        try:
            uids = find_item_uids(parse_calendar_from_server(item.text))
        except InputError as error:
            changes.problems.append(_("{item}: {reason}", item=make_text_safe(href), reason=error.message))
            return
        if not uids:
            self._skipped.append((href, item.etag))
        elif len(uids) > 1 or uids[0] in changes.items:
            changes.problems.append(_make_message_of_remote_duplicate(href))
        elif known is None or known.uid != uids[0] or not self._says_the_same(known, item.text):
            changes.items[uids[0]] = RemoteItem(href, item.etag, item.text)
        elif not self._is_dry_run:
            self._state.save_remote_state(known.uid, href, item.etag, item.text)

    def _says_the_same(self, known: SyncedItem, text: str) -> bool:
        from ilocal.sync.calendar_items import canonicalize_item

        return canonicalize_item(text) == canonicalize_item(self._state.read_base(known.uid).text)

    def _find_gone_items(
        self, changes: RemoteChanges, listing: Listing, by_href: Mapping[str, SyncedItem], missing: set[str]
    ) -> None:
        """Find the items that no longer exist; one that exists by another name was renamed."""
        uids = {item.href: uid for uid, item in changes.items.items()}
        for href, item in by_href.items():
            is_listed = href in listing.etags or not (listing.is_complete or href in listing.removed)
            is_other = uids.get(href, item.uid) != item.uid
            is_gone = (not is_listed or href in missing or is_other) and href not in listing.unreadable
            found = changes.items.get(item.uid)
            if is_gone and found is None:
                changes.gone.add(item.uid)
            elif found is not None and found.href != href and not is_gone:
                changes.problems.append(_make_message_of_remote_duplicate(found.href))
                del changes.items[item.uid]


def _make_message_of_remote_duplicate(href: str) -> str:
    return _("{item}: contains several events or duplicates another item; skipped", item=make_text_safe(href))
