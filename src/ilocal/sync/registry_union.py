"""Union of several registries for queries; none of them is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from ilocal.errors import Diagnostic, EventNotFound, HandleError, UsageError
from ilocal.i18n.messages import _, n_
from ilocal.model.event import Event
from ilocal.model.query import SORT_KEYS, Query
from ilocal.model.registry_info import RegistryInfo
from ilocal.model.safe_text import make_text_safe
from ilocal.workspace import Registry

if TYPE_CHECKING:
    from ilocal.storage.transaction import Transaction

_ID_SEPARATOR = ":"  # between the name of a registry and an id that another one has as well


class RegistryUnion(Registry):
    """Registries at several paths, queried together. Title, language and time zone are those of the first.

    An id that several of them have is prefixed with the registry's name: `hanoi:2020-hop`.
    """

    def __init__(self, paths: Sequence[Path], *, is_silent: bool = False) -> None:
        super().__init__(paths[0], is_cli=True, is_silent=is_silent)
        self._members = dict(
            zip(_name_registries_to_join(paths), [Registry(path, is_cli=True) for path in paths], strict=True)
        )

    @property
    def display_name(self) -> str:
        """Return the paths of all registries."""
        return ", ".join(one.display_name for one in self._members.values())

    def close(self) -> None:
        """Close all registries and collect their notes."""
        for one in self._members.values():
            self.notes += [note for note in one.notes if note not in self.notes]
            one.close()

    @property
    def info(self) -> RegistryInfo:
        """Return the `[registry]` table of the first, with the aliases of all. Raises RegistryError."""
        infos = [one.info for one in self._members.values()]
        aliases = {short: longs for info in reversed(infos) for short, longs in info.aliases.items()}
        return replace(infos[0], aliases=aliases)

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """Return the diagnostics of all registries, with their files. Raises RegistryError."""
        return tuple(
            replace(problem, file=problem.file or one.display_name)
            for one in self._members.values()
            for problem in one.diagnostics
        )

    def __len__(self) -> int:
        """Return the number of events in all registries. Raises RegistryError."""
        return sum(map(len, self._members.values()))

    @cached_property
    def _shared_ids(self) -> frozenset[str]:
        """Return the ids that more than one registry has."""
        counts = Counter(id for one in self._members.values() for id in {event.id for event in one.select(Query())})
        return frozenset(id for id, n in counts.items() if n > 1)

    def _name_event(self, name: str, event: Event) -> Event:
        if event.id not in self._shared_ids:
            return event
        id = f"{name}{_ID_SEPARATOR}{event.id}"
        series = event.series and replace(event.series, event=replace(event.series.event, id=id))
        return replace(event, id=id, series=series)

    def select(self, query: Query) -> Iterator[Event]:
        """Return an iterator over the answers of all registries, in the query's order. Raises RegistryError."""
        found = [self._name_event(name, event) for name, one in self._members.items() for event in one.select(query)]
        key = SORT_KEYS[query.sort]
        placed = sorted((event for event in found if key(event) is not None), key=key, reverse=query.is_descending)
        return islice([*placed, *(event for event in found if key(event) is None)], query.limit)

    def find(self, handle: str) -> Event:
        """Return the event that a handle names in one of the registries. Raises EventNotFound, HandleError."""
        name, separator, rest = handle.partition(_ID_SEPARATOR)
        if separator and name in self._members:
            return self._name_event(name, self._members[name].find(rest))
        found = []
        missing: EventNotFound | None = None
        for member_name, one in self._members.items():
            try:
                found.append(self._name_event(member_name, one.find(handle)))
            except EventNotFound as error:
                missing = error
        if len(found) > 1:
            ambiguous = HandleError(
                n_(
                    '"{handle}" matches {n} event',
                    '"{handle}" matches {n} events',
                    len(found),
                    handle=make_text_safe(handle),
                ),
                hint=_("be more specific; it could be:"),
                choices=[event.id for event in found],
            )
            ambiguous.candidate_ids = [event.id for event in found]
            raise ambiguous
        if not found:
            assert missing is not None
            raise missing
        return found[0]

    def count_names(self, field: str) -> Mapping[str, int]:
        """Return the names in a field of all registries, most frequent first. Raises UsageError, RegistryError."""
        counts: Counter[str] = Counter()
        for one in self._members.values():
            counts.update(one.count_names(field))
        return dict(counts.most_common())

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """Refuse to write. Raises UsageError."""
        raise make_error_of_joined_registries()
        yield


def make_error_of_joined_registries() -> UsageError:
    """Return the error for a command that needs one registry."""
    return UsageError(_("this command works on one registry"), hint=_("choose one with -r"))


def _name_registries_to_join(paths: Sequence[Path]) -> list[str]:
    """Return a name for each registry: of its file or folder, the folder above it, or its path."""
    for names in ([path.stem for path in paths], [path.resolve().parent.name for path in paths]):
        if len(set(names)) == len(names) and all(
            name and _ID_SEPARATOR not in name and " " not in name for name in names
        ):
            return names
    return [f"r{n}" for n in range(1, len(paths) + 1)]
