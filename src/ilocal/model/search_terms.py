"""Search terms: words, phrases and prefixes, with the aliases of a registry."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ilocal.errors import UsageError
from ilocal.i18n.messages import _
from ilocal.model.event import Event
from ilocal.model.fields import SEARCHABLE, SEARCHED, SINGULAR
from ilocal.model.safe_text import safe
from ilocal.model.text_folding import letters, parted, spans, split_tone, words

Word = tuple[str, str]  # marked, plain


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that must stand side by side; with `prefix`, the last one may go on."""

    words: tuple[Word, ...]
    prefix: bool = False

    def places(self, text: Sequence[Word]) -> Iterator[int]:
        """Where in the words of a text this phrase begins."""
        length = len(self.words)
        for at in range(len(text) - length + 1):
            if all(map(self._fits, range(length), text[at : at + length])):
                yield at

    def _fits(self, n: int, found: Word) -> bool:
        marked, plain = self.words[n]
        if not self.prefix or n < len(self.words) - 1:
            return found[0] == marked if marked != plain else found[1] == plain
        if marked == plain:
            return found[1].startswith(plain)
        (base, tone), (found_base, found_tone) = split_tone(marked), split_tone(found[0])
        return found_base.startswith(base) and (not tone or tone == found_tone)


@dataclass(frozen=True, slots=True)
class Term:
    """One argument of `search`: any of the phrases, in any text field, or in `field` alone."""

    phrases: tuple[Phrase, ...]
    field: str = ""

    def matches(self, event: Event) -> bool:
        return any(self.spans(text) for text in texts(event, self.field))

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Where in `text` the phrases stand, as (begin, end)."""
        spelled = words(text)
        found = sorted({(at, len(phrase.words)) for phrase in self.phrases for at in phrase.places(spelled)})
        if not found:
            return []
        at_word = list(spans(text))
        return [(at_word[at][0], at_word[at + length - 1][1]) for at, length in found]


def texts(event: Event, field: str = "") -> Iterator[str]:
    """The texts of one field, or of all that a search looks into; a phrase never runs from one into the next."""
    for name in (field,) if field else SEARCHED:
        value = getattr(event, name)
        if isinstance(value, str):
            yield value
        elif name == "sections":
            yield from (text for section in value for text in (section.heading, section.body))
        elif name == "translations":
            yield from (text for found in value for text in (found.title, found.description))
        else:
            yield from value


def has_in_title(event: Event, typed: Iterable[Word]) -> bool:
    """Whether all of these words are in the title of an event, or in that of one of its translations."""
    titles = (event.title, *(translation.title for translation in event.translations))
    wanted = [Term((Phrase((word,)),)) for word in typed]
    return any(all(term.spans(title) for term in wanted) for title in titles)


def read_term(argument: str, aliases: Mapping[str, Iterable[str]]) -> Term:
    """The term for one argument as typed: `thuỷ sản`, `thanh tra*`, `title:họp`. Raises UsageError without a word."""
    head, colon, rest = argument.partition(":")
    field = SINGULAR.get(head.strip().lower(), head.strip().lower()) if colon else ""
    if field not in SEARCHABLE:
        field, rest = "", argument
    prefix = rest.rstrip().endswith("*")
    found = tuple(words(rest))
    if not found:
        said = _('nothing to search for in "{text}"', text=safe(argument))
        raise UsageError(said, hint=_("give at least one word"))
    if not prefix:
        return Term(tuple(Phrase(phrase) for phrase in _widened(found, aliases)), field)
    # The word so far may be whole (`kỳ*` finds `kì`) or go on (`ky*` finds `Kyoto`).
    last = letters(parted(rest)[-1])
    return Term((Phrase((*found[:-1], last), prefix=True), Phrase(found)), field)


_MOST_PHRASES = 32


def _widened(phrase: tuple[Word, ...], aliases: Mapping[str, Iterable[str]]) -> list[tuple[Word, ...]]:
    """The phrase, and what it says with an alias in the place of the words it stands for, in either direction."""
    sides = [(words(short), words(long)) for short, longs in aliases.items() for long in longs]
    pairs = [pair for one, other in sides if one and other for pair in ((one, other), (other, one))]
    found = [phrase]
    for current in found:  # grows while it is walked: an alias may lead to another
        for old, new in pairs:
            for at in range(len(current) - len(old) + 1):
                typed = current[at : at + len(old)]
                if 0 not in Phrase(typed).places(old):
                    continue
                # Typed without marks, the other side is sought without marks as well.
                plain = all(marked == bare for marked, bare in typed)
                other_side = tuple((bare, bare) if plain else (marked, bare) for marked, bare in new)
                wider = current[:at] + other_side + current[at + len(old) :]
                if wider not in found and len(found) < _MOST_PHRASES:
                    found.append(wider)
    return found
