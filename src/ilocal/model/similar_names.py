"""Names that are spelled almost alike and are probably one: `thuỷ sản` and `Thủy sản`, `lao độg` and `lao động`.

In Vietnamese most short words are a letter or an accent away from another word, and so are provinces, numbers and
abbreviations. So names are the same only if they differ in spelling conventions, and one is reported as a typo of
another only if it is unlikely to be a word of its own.
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
_MIN_FREQUENCY_RATIO = 2  # how much more frequent a name must be than its typo
_MIN_NAME_LENGTH = 3  # letters; shorter names are only compared ignoring case
_ONE_TYPO_WORD_LENGTH, _TWO_TYPO_WORD_LENGTH = (
    7,
    9,
)  # shortest word in which one letter may be wrong, and in which two may

# A Vietnamese word without its accents. `dog`, `onlin` and `nghk` do not match.
_VIETNAMESE_SYLLABLE = re.compile("(?:ngh?|[cgknpt]h|gh|tr|qu|[bcdghklmnpqrstvx])?[aeiouy]{1,3}(?:ng|nh|ch|[cmnpt])?")
_NUMBER = re.compile("[0-9]+")
_DISTINGUISHING_WORD = re.compile(".*[0-9].*|[ivxlc]+")  # 2020, IV


def get_names_in_field(event: Event, field: str) -> tuple[str, ...]:
    """Return the names that an event has in a field."""
    value = getattr(event, field)
    return value if isinstance(value, tuple) else (value,) if value else ()


def find_most_similar_name(name: str, other: str) -> str:
    """Return the message that a name is likely a typo of another one."""
    return _(
        '"{name}" is spelled almost like "{other}"; are they the same?',
        name=escape_single_line(name),
        other=escape_single_line(other),
    )


def fold_name(name: str) -> str:
    """Return the letters and digits of a name, without case, accents, spaces and punctuation."""
    return "".join([letter for letter in fold_text(name) if letter.isalnum()])


def is_same_name(name: str, other: str) -> bool:
    """Return whether two different texts are the same name apart from case, accents, spaces and punctuation.

    If both have accents and these differ, they may be two words: `thuế`, `thuê`.
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
    """Return whether `name` may be `other` with different accents, or with one or two wrong letters in one word."""
    ours, theirs = fold_text(name).split(), fold_text(other).split()
    if len(ours) != len(theirs) or name == other:
        return False
    wrong = [pair for pair in zip(ours, theirs, strict=True) if pair[0] != pair[1]]
    if not wrong:  # but accents: of one word among several
        pairs = zip(normalize_words(name), normalize_words(other), strict=True)
        return len(ours) > 1 and sum(one != two for one, two in pairs) == 1
    return len(wrong) == 1 and _is_word_of_event_name_misspelt(*wrong[0], alone=len(ours) == 1)


def _is_word_of_event_name_misspelt(word: str, other: str, *, alone: bool) -> bool:
    """Return whether a word is probably a misspelling of another. Typos rarely affect the first letter."""
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
    """Return the differing middle of each word, without the letters that both begin and end with."""
    least = min(len(one), len(other))
    start = next((n for n in range(least) if one[n] != other[n]), least)
    end = next((n for n in range(least - start) if one[-1 - n] != other[-1 - n]), least - start)
    return one[start : len(one) - end], other[start : len(other) - end]


def find_intended_names_of_events(counts: Mapping[str, int]) -> dict[str, str]:
    """Return, for each name that is likely a typo of a more frequent one, the intended name.

    `counts` has the number of uses of each name. Among equally frequent spellings, the one with more accents is
    intended, else the first.
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
            if is_same_name(name, best[one]) or _is_rarer_event_name(name, best[one], counts):
                found[name] = best[one]
    least = max(1, _MIN_FREQUENCY_RATIO * min(counts.values(), default=0))
    frequent = [one for one in groups if counts[best[one]] >= least]
    for known, other in find_near_pairs(frequent, groups):
        found |= {name: best[known] for name in groups[other] if _is_rarer_event_name(name, best[known], counts)}
    return {name: found.get(other, other) for name, other in found.items()}


def _count_accented_words(name: str) -> int:
    return sum(marked != plain for marked, plain in normalize_words(name))


def _is_rarer_event_name(name: str, other: str, counts: Mapping[str, int]) -> bool:
    return counts[other] >= max(1, _MIN_FREQUENCY_RATIO * counts[name]) and is_likely_typo(name, other)


def find_near_pairs(few: Iterable[str], many: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield the pairs of keys, one of the few and one of the many, of which one may be a typo of the other.

    Keys that differ in one place by at most two letters are equal without those letters. The deletions are stored only
    for the few, so that the many may be a hundred thousand.
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
    """Return a key and its variants without one or two adjacent letters; the first letter stays."""
    return {key, *(key[:at] + key[at + n :] for at in range(1, len(key)) for n in (1, 2))}


# ---------------------------------------------------------------------------------------------- comparison with a
# registry


class SuspectedTypo(NamedTuple):
    """A name in a field that is likely a typo of another one, which more events have."""

    field: str
    name: str
    intended_name: str


SimilarNameCounter = Callable[[str, Iterable[str]], Mapping[str, int]]


def find_rare_names_similar_to_others(
    events: Sequence[Event], fields: Iterable[str], count_similar_names: SimilarNameCounter
) -> list[SuspectedTypo]:
    """Return the names of these events that are likely typos of names that other events of the registry have.

    Arguments:
        events: events in the registry or about to be added.
        fields: the fields to look at.
        count_similar_names: returns, for a field and names, how many events of the registry have each similar name.
    """
    found = []
    for field in (name for name in NAME_FIELDS if name in fields):
        own = Counter(name for event in events for name in get_names_in_field(event, field))
        counts = count_similar_names(field, own) if own else {}
        others = {name: n - own[name] for name, n in counts.items() if n > own[name]}
        like = find_intended_names_of_events(others | {name: 0 for name in own if name not in others})
        found += [SuspectedTypo(field, name, like[name]) for name in own if name in like]
    return found


_MAX_NEAREST_NAMES = 5
_MIN_NAME_SIMILARITY = 0.7  # of two folded names, as difflib has it


def find_nearest_names(text: str, counts: Mapping[str, int]) -> list[str]:
    """Return the names that a text may mean: those that contain its words, or else those with a similar spelling.

    `counts` has the names with their number of uses; the most frequent come first.
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
    """Return the folded names that are the same as, or a likely typo of, one of `names` or vice versa."""
    keys = {fold_name(name) for name in names}
    bare = {one: one.replace(" ", "") for one in folded}
    wanted = keys | {other for _one, other in find_near_pairs(keys, bare.values())}
    return [one for one in folded if bare[one] in wanted]
