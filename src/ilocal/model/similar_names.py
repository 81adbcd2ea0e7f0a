"""Names that are spelled almost alike, and hardly meant to be two: `thuỷ sản` and `Thủy sản`, `lao độg` and `lao động`.

In Vietnamese most short words are a letter or a mark away from another word, and provinces, numbers and abbreviations
from each other. So names are the same when they differ in how they are written alone, and one is taken for a slip of
the other only where it can hardly be a word of its own.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from ilocal.i18n.messages import _
from ilocal.model.event import Event
from ilocal.model.fields import FIELDS_BY_NAME, FILTERABLE_FIELDS
from ilocal.model.safe_text import escape_single_line
from ilocal.model.text_folding import fold_text, normalize_words

NAME_FIELDS = tuple(name for name in FILTERABLE_FIELDS if FIELDS_BY_NAME[name].is_proper_name)
_MAX_NAME_LENGTH = 120  # letters; longer ones are sentences
_MIN_FREQUENCY_RATIO = 2  # how much more frequent a name is than what is taken for a slip of it
_MIN_NAME_LENGTH = 3  # letters of a name; shorter ones are told apart by anything but case
_ONE_TYPO_WORD_LENGTH, _TWO_TYPO_WORD_LENGTH = (
    7,
    9,
)  # letters of a word in which one letter may be wrong, and in which two may

# A word of Vietnamese without its marks. `dog`, `onlin` and `nghk` are none.
_VIETNAMESE_SYLLABLE = re.compile("(?:ngh?|[cgknpt]h|gh|tr|qu|[bcdghklmnpqrstvx])?[aeiouy]{1,3}(?:ng|nh|ch|[cmnpt])?")
_NUMBER = re.compile("[0-9]+")
_DISTINGUISHING_WORD = re.compile(".*[0-9].*|[ivxlc]+")  # 2020, IV


def get_names_in_field(event: Event, field: str) -> tuple[str, ...]:
    """The names that an event has in a field."""
    value = getattr(event, field)
    return value if isinstance(value, tuple) else (value,) if value else ()


def find_most_similar_name(name: str, other: str) -> str:
    """What is said of a name that is likely a slip of another one."""
    return _(
        '"{name}" is spelled almost like "{other}": is it the same?',
        name=escape_single_line(name),
        other=escape_single_line(other),
    )


def fold_name(name: str) -> str:
    """The letters and digits of a name, without case, accents, blanks and punctuation."""
    return "".join([letter for letter in fold_text(name) if letter.isalnum()])


def is_same_name(name: str, other: str) -> bool:
    """Whether two names that are not the same text differ in case, accents, blanks and punctuation alone.

    Where both have accents, and others, they may be two words: `thuế`, `thuê`.
    """
    if (
        name == other
        or fold_name(name) != fold_name(other)
        or _NUMBER.findall(fold_text(name)) != _NUMBER.findall(fold_text(other))
    ):
        return False
    if len(fold_name(name)) < _MIN_NAME_LENGTH:
        return name.casefold() == other.casefold()
    ours, theirs = normalize_words(name), normalize_words(other)
    if "".join(marked for marked, _ in ours) == "".join(marked for marked, _ in theirs):
        return True
    return any(all(marked == plain for marked, plain in one) for one in (ours, theirs))  # typed without accents


def is_likely_typo(name: str, other: str) -> bool:
    """Whether `name` may be `other` with other accents, or with one or two letters wrong in one of its words."""
    ours, theirs = fold_text(name).split(), fold_text(other).split()
    if len(ours) != len(theirs) or name == other:
        return False
    wrong = [pair for pair in zip(ours, theirs, strict=True) if pair[0] != pair[1]]
    if not wrong:  # but accents: of one word among several
        pairs = zip(normalize_words(name), normalize_words(other), strict=True)
        return len(ours) > 1 and sum(one != two for one, two in pairs) == 1
    return len(wrong) == 1 and _is_similar_word_misspelt(*wrong[0], alone=len(ours) == 1)


def _is_similar_word_misspelt(word: str, other: str, *, alone: bool) -> bool:
    """Whether a word can hardly be anything but the other one, misspelt. The first letter of a word is seldom wrong."""
    if word[0] != other[0] or _DISTINGUISHING_WORD.fullmatch(word) or _DISTINGUISHING_WORD.fullmatch(other):
        return False
    wrong, right = _extract_differing_letters(word, other)
    letters = 1 if wrong[::-1] == right else max(len(wrong), len(right))  # two that changed places are one slip
    least = min(len(word), len(other))
    if least >= _ONE_TYPO_WORD_LENGTH:
        is_ending = wrong != "" != right and word.removesuffix("s").endswith(wrong)  # employers, employees
        return letters <= (2 if least >= _TWO_TYPO_WORD_LENGTH else 1) and not is_ending
    return (
        letters == 1
        and not alone
        and not _VIETNAMESE_SYLLABLE.fullmatch(word)
        and _VIETNAMESE_SYLLABLE.fullmatch(other) is not None
    )


def _extract_differing_letters(one: str, other: str) -> tuple[str, str]:
    """What stands in one word and what in the other, between the letters that both begin and end with."""
    least = min(len(one), len(other))
    start = next((n for n in range(least) if one[n] != other[n]), least)
    end = next((n for n in range(least - start) if one[-1 - n] != other[-1 - n]), least - start)
    return one[start : len(one) - end], other[start : len(other) - end]


def find_intended_names(counts: Mapping[str, int]) -> dict[str, str]:
    """For each name that is likely a slip of a more frequent one, that one; `counts` says how often each is used.

    Of ways to write the same that are as frequent, the one with more accents is meant, else the first.
    """
    groups: dict[str, list[str]] = defaultdict(list)
    for name in counts:
        groups[fold_name(name)].append(name)
    best = {
        one: max(names, key=lambda name: (counts[name], _count_accented_words(name))) for one, names in groups.items()
    }
    found = {}
    for one, names in groups.items():
        for name in names if len(names) > 1 else ():
            if is_same_name(name, best[one]) or _is_rarer_similar_name(name, best[one], counts):
                found[name] = best[one]
    least = max(1, _MIN_FREQUENCY_RATIO * min(counts.values(), default=0))
    frequent = [one for one in groups if counts[best[one]] >= least]
    for known, other in find_near_pairs(frequent, groups):
        found |= {name: best[known] for name in groups[other] if _is_rarer_similar_name(name, best[known], counts)}
    return {name: found.get(other, other) for name, other in found.items()}


def _count_accented_words(name: str) -> int:
    return sum(marked != plain for marked, plain in normalize_words(name))


def _is_rarer_similar_name(name: str, other: str, counts: Mapping[str, int]) -> bool:
    return counts[other] >= max(1, _MIN_FREQUENCY_RATIO * counts[name]) and is_likely_typo(name, other)


def find_near_pairs(few: Iterable[str], many: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The pairs of keys, one of the few and one of the many, of which one may be a slip of the other.

    Keys that differ in one place by at most two letters are the same without these. Only for the few are all ways to
    leave letters out kept, so that the many may be a hundred thousand.
    """
    few = {one for one in few if 0 < len(one) <= _MAX_NAME_LENGTH}
    shapes = {(one[0], len(one) + more) for one in few for more in range(-2, 3)}
    left: dict[str, list[str]] = defaultdict(list)
    for one in few:
        for rest in _generate_deletions(one):
            left[rest].append(one)
    for other in many:
        if (other[:1], len(other)) in shapes:
            for one in {one for rest in _generate_deletions(other) for one in left.get(rest, ())}:
                if one != other:
                    yield one, other


def _generate_deletions(key: str) -> set[str]:
    """A key, and what is left of it without one or two letters in one place; the first one stays."""
    return {key, *(key[:at] + key[at + n :] for at in range(1, len(key)) for n in (1, 2))}


# ---------------------------------------------------------------------------------------------------- beside a registry


class SuspectedTypo(NamedTuple):
    """A name in a field that is likely a slip of another, which more events have."""

    field: str
    name: str
    intended_name: str


SimilarNameCounter = Callable[[str, Iterable[str]], Mapping[str, int]]


def find_similar_rare_names(
    events: Sequence[Event], fields: Iterable[str], count_similar_names: SimilarNameCounter
) -> list[SuspectedTypo]:
    """Which names of these events, in the registry or not, are likely slips of names that others have there.

    `resembling` says of a field and names how many events of the registry have any name that may be like one of them.
    """
    found = []
    for field in (name for name in NAME_FIELDS if name in fields):
        own = Counter(name for event in events for name in get_names_in_field(event, field))
        counts = count_similar_names(field, own) if own else {}
        others = {name: n - own[name] for name, n in counts.items() if n > own[name]}
        like = find_intended_names(others | {name: 0 for name in own if name not in others})
        found += [SuspectedTypo(field, name, like[name]) for name in own if name in like]
    return found


_MAX_NEAREST_NAMES = 5
_MIN_NAME_SIMILARITY = 0.7  # of two folded names, as difflib has it


def find_nearest_names(text: str, counts: Mapping[str, int]) -> list[str]:
    """Return the names that somebody may mean by a text: those with its words, else those spelled nearly so.

    `counts` has the names, with how often each is used; the most frequent come first.
    """
    words = fold_text(text).split()
    by_fold = {fold_text(name): name for name in reversed(list(counts)) if name}
    ranked = sorted(by_fold, key=lambda folded: (-counts[by_fold[folded]], folded))
    found = [folded for folded in ranked if words and all(f" {word}" in f" {folded}" for word in words)]
    if not found:
        from difflib import get_close_matches  # needed for empty answers alone

        found = get_close_matches(" ".join(words), ranked, _MAX_NEAREST_NAMES, _MIN_NAME_SIMILARITY)
    return [by_fold[folded] for folded in found[:_MAX_NEAREST_NAMES]]


def find_similar_names(names: Iterable[str], folded: Sequence[str]) -> list[str]:
    """The folded names of which one of these may be a slip, or the same."""
    keys = {fold_name(name) for name in names}
    bare = {one: one.replace(" ", "") for one in folded}
    wanted = keys | {other for _one, other in find_near_pairs(keys, bare.values())}
    return [one for one in folded if bare[one] in wanted]
