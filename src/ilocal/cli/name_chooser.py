"""Resolution of typed names: numbers of a list, several on a line, and similar known names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from ilocal.model.name_lists import split_names
from ilocal.model.safe_text import make_text_safe
from ilocal.model.text_folding import fold_text

_MAX_NUMBERED_NAMES = 9  # names with a number
_MAX_COMPARED_NAMES = 2000  # names, the most frequent ones, with which a new one is compared
_SIMILARITY_THRESHOLD = 0.85  # of the letters of two names


class NameChooser:
    """The names that a field has already, the most frequent first."""

    def __init__(self, names: Mapping[str, int]) -> None:
        self.names = list(names)
        self.numbered_names = self.names[:_MAX_NUMBERED_NAMES]
        self.counts = names
        self._by_fold = {fold_text(name): name for name in reversed(self.names)}

    def resolve_name(self, typed: str) -> str:
        """Return the name that was typed, or chosen by its number, in its known spelling.

        A number beyond the list is a name, such as `2020`.
        """
        name = " ".join(typed.split())
        if (
            name.isdecimal()
            and len(name) == 1
            and name not in self.counts
            and 0 < int(name) <= len(self.numbered_names)
        ):
            return self.numbered_names[int(name) - 1]
        return name if name in self.counts else self._by_fold.get(fold_text(name), name)

    def resolve_names(self, typed: str) -> list[str]:
        """Return the names in the typed text, as by `split_names`; a known name stays whole, even with a comma."""
        return deduplicate_option_names(map(self.resolve_name, split_names(typed, self._by_fold)))

    def choose_similar_name_for_option(self, name: str) -> str | None:
        """Return the known name most similar to an unknown one; None if there is none."""
        if not name or name in self.counts:
            return None
        from difflib import get_close_matches

        numbers = re.findall(r"\d+", name)
        same = [one for one in self.names[:_MAX_COMPARED_NAMES] if re.findall(r"\d+", one) == numbers]
        by_fold = {fold_text(one): one for one in reversed(same)}
        found = get_close_matches(fold_text(name), by_fold, 1, _SIMILARITY_THRESHOLD)
        return by_fold[found[0]] if found else None


def deduplicate_option_names(names: Iterable[str]) -> list[str]:
    """Return the names, each once, ignoring differences in spelling."""
    found: dict[str, str] = {}
    for name in names:
        found.setdefault(fold_text(name), name)
    return list(found.values())


def format_option_name_choices(known: NameChooser, width: int, label: Mapping[str, str] | None = None) -> list[str]:
    """Return the offered names, with numbers and counts of events, as lines of this width."""
    lines: list[str] = []
    for n, name in enumerate(known.numbered_names, 1):
        count = known.counts[name]
        item = f"{n} {make_text_safe((label or {}).get(name, name))}" + (f" ({count})" if count else "")
        if lines and len(lines[-1]) + len(item) + 3 <= width:
            lines[-1] += "   " + item
        else:
            lines.append("  " + item)
    return lines


def list_name_completions(known: NameChooser) -> Sequence[str]:
    """Return the completions for TAB: of names that differ only in case and accents, the most frequent one."""
    return deduplicate_option_names(known.names)
