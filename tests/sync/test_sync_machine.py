"""Two registries and one calendar, changed and synchronized in any order, with failures: they come to say the same."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from ilocal.errors import IlocalError, NetworkError
from ilocal.model.event import Event
from ilocal.model.query import Query
from ilocal.sync.collection import FetchedItem, Listing
from ilocal.sync.vdir_collection import VdirCollection
from ilocal.workspace import Registry
from tests.support.dav import run_sync

EMPTY = '[registry]\ntitle = "B"\nlanguage = "vi"\nuid_domain = "x.example"\n'
PLACES = st.sampled_from(["Hà Nội", "Huế", "Vinh", ""])
SIDES = st.sampled_from(["a.toml", "b.toml"])


class FailingVdir(VdirCollection):
    """A folder whose N-th operation fails, before it is done or after it."""

    def __init__(self, folder: Path, fail_at: int, *, is_done: bool) -> None:
        super().__init__(folder)
        self._left, self._is_done = fail_at, is_done

    def _count(self) -> bool:
        """Return whether this operation fails after it is done. Raises NetworkError."""
        self._left -= 1
        if self._left == 0 and not self._is_done:
            raise NetworkError("refused")
        return self._left == 0

    def list_items(self, token: str) -> Listing:
        self._count()
        return super().list_items(token)

    def fetch_items(self, hrefs: Sequence[str]) -> dict[str, FetchedItem]:
        self._count()
        return super().fetch_items(hrefs)

    def create_item(self, uid: str, text: str) -> tuple[str, str]:
        is_lost, answer = self._count(), super().create_item(uid, text)
        if is_lost:
            raise NetworkError("cut")
        return answer

    def replace_item(self, href: str, etag: str, text: str) -> str:
        is_lost, answer = self._count(), super().replace_item(href, etag, text)
        if is_lost:
            raise NetworkError("cut")
        return answer

    def delete_item(self, href: str, etag: str) -> None:
        is_lost = self._count()
        super().delete_item(href, etag)
        if is_lost:
            raise NetworkError("cut")


class SyncMachine(RuleBasedStateMachine):
    """What people do on three sides; `kept` are the titles that nobody removed."""

    @initialize()
    def start(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.kept: set[str] = set()
        self.number = 0
        for name in ("a.toml", "b.toml"):
            (self.folder / name).write_text(EMPTY, encoding="utf-8")

    def read(self, name: str) -> list[Event]:
        with Registry(self.folder / name) as registry:
            return list(registry.select(Query()))

    @rule(name=SIDES, place=PLACES)
    def add(self, name: str, place: str) -> None:
        self.number += 1
        title = f"E{self.number}"
        with Registry(self.folder / name) as registry, registry.transaction() as draft:
            draft.add(Event(title, start=date(2020, 3, 1 + self.number % 28), location=place))
        self.kept.add(title)

    @rule(name=SIDES, place=PLACES, topic=st.booleans(), at=st.integers(0, 9))
    def edit(self, name: str, place: str, topic: bool, at: int) -> None:
        if events := self.read(name):
            event = events[at % len(events)]
            with Registry(self.folder / name) as registry, registry.transaction() as draft:
                draft.update(event.id, replace(event, topics=("CSR",)) if topic else replace(event, location=place))

    @rule(name=SIDES, at=st.integers(0, 9))
    def remove(self, name: str, at: int) -> None:
        if events := self.read(name):
            event = events[at % len(events)]
            with Registry(self.folder / name) as registry, registry.transaction() as draft:
                draft.remove(event.id)
            self.kept.discard(event.title)

    def items(self) -> Iterator[Path]:
        yield from sorted((self.folder / "desk").glob("*.ics"))

    @rule(at=st.integers(0, 9), place=st.sampled_from(["Đà Lạt", "Cần Thơ"]))
    def edit_there(self, at: int, place: str) -> None:
        """Another program changes the place, and drops what it does not know."""
        if items := list(self.items()):
            path = items[at % len(items)]
            lines = path.read_text("utf-8").replace("\n ", "").splitlines()
            kept = [line for line in lines if not line.startswith(("X-ILOCAL", "LOCATION"))]
            kept.insert(kept.index("END:VEVENT"), f"LOCATION:{place}")
            path.write_text("\r\n".join([*kept, ""]), encoding="utf-8", newline="")

    @rule(name=SIDES, fail_at=st.integers(0, 4), is_done=st.booleans())
    def sync(self, name: str, fail_at: int, is_done: bool) -> None:
        collection = FailingVdir(self.folder / "desk", fail_at, is_done=is_done)
        with suppress(IlocalError):
            run_sync(self.folder / name, collection, accepted_removals=99)

    @invariant()
    def nothing_is_there_twice(self) -> None:
        for name in ("a.toml", "b.toml"):
            titles = [event.title for event in self.read(name)]
            assert len(titles) == len(set(titles))

    def teardown(self) -> None:
        """Settle all conflicts for what is there: then all say the same, and once more changes nothing."""
        if not hasattr(self, "folder"):
            return
        for _round in range(3):
            for name in ("a.toml", "b.toml"):
                run_sync(
                    self.folder / name, VdirCollection(self.folder / "desk"), preference="theirs", accepted_removals=99
                )
        for name in ("a.toml", "b.toml"):
            report = run_sync(self.folder / name, VdirCollection(self.folder / "desk"), accepted_removals=99)
            assert (report.here, report.there, report.conflicts, report.problems) == ([], [], [], [])
        sides = [
            {(event.title, event.start, event.location, event.topics) for event in self.read(name)}
            for name in ("a.toml", "b.toml")
        ]
        assert sides[0] == sides[1]
        assert self.kept <= {title for title, *_rest in sides[0]}
        assert len(list(self.items())) == len(sides[0])
        shutil.rmtree(self.folder)


@pytest.mark.long
@pytest.mark.promise("P19")
def test_whatever_is_done_in_whatever_order_all_sides_come_to_say_the_same() -> None:
    run_state_machine_as_test(SyncMachine, settings=settings(max_examples=60, stateful_step_count=25, deadline=None))
