"""Names as they are typed: numbers of a list, several on a line, nearly those that are known already."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from ilocal.cli.event_options import parted
from ilocal.model.safe_text import safe
from ilocal.model.text_folding import fold

_OFFERED = 9  # names with a number
_COMPARED = 2000  # names, the most frequent ones, with which a new one is compared
_NEAR = 0.85  # of the letters of two names


class Known:
    """The names that a field has already, the most frequent first."""

    def __init__(self, names: Mapping[str, int]) -> None:
        self.names = list(names)
        self.offered = self.names[:_OFFERED]
        self.counts = names
        self._by_fold = {fold(name): name for name in reversed(self.names)}

    def one(self, typed: str) -> str:
        """The name that is typed, or meant by its number, as it is written already.

        A number that is none of the list is a name, such as `2020`.
        """
        name = " ".join(typed.split())
        if name.isdecimal() and len(name) == 1 and name not in self.counts and 0 < int(name) <= len(self.offered):
            return self.offered[int(name) - 1]
        return name if name in self.counts else self._by_fold.get(fold(name), name)

    def several(self, typed: str) -> list[str]:
        """The names on a line, parted by commas; by semicolons, where there are any, or where one holds a comma.

        Parts that are one known name together stay together: `Bộ Lao động, Thương binh và Xã hội`.
        """
        found: list[str] = []
        for line in typed.split("\n"):
            parts = parted(line, ";" if ";" in line else ",", self._by_fold)
            found += filter(None, map(self.one, parts))
        return unique(found)

    def near(self, name: str) -> str | None:
        """The known name that may be meant by one that is not known."""
        if not name or name in self.counts:
            return None
        from difflib import get_close_matches

        numbers = re.findall(r"\d+", name)
        same = [one for one in self.names[:_COMPARED] if re.findall(r"\d+", one) == numbers]
        by_fold = {fold(one): one for one in reversed(same)}
        found = get_close_matches(fold(name), by_fold, 1, _NEAR)
        return by_fold[found[0]] if found else None


def unique(names: Iterable[str]) -> list[str]:
    """The names, each once, also where it is written in several ways."""
    found: dict[str, str] = {}
    for name in names:
        found.setdefault(fold(name), name)
    return list(found.values())


def listed(known: Known, width: int, label: Mapping[str, str] | None = None) -> list[str]:
    """The names that are offered, with their numbers and how many events have each, as lines of this width."""
    lines: list[str] = []
    for n, name in enumerate(known.offered, 1):
        count = known.counts[name]
        item = f"{n} {safe((label or {}).get(name, name))}" + (f" ({count})" if count else "")
        if lines and len(lines[-1]) + len(item) + 3 <= width:
            lines[-1] += "   " + item
        else:
            lines.append("  " + item)
    return lines


def completions(known: Known) -> Sequence[str]:
    """What TAB offers: of names that differ in case and accents alone the most frequent one."""
    return unique(known.names)
