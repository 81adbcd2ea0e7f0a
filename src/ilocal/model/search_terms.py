"""Search terms: words, phrases and prefixes, with the aliases of a registry."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ilocal.errors import UsageError
from ilocal.i18n.messages import _
from ilocal.model.event import Event
from ilocal.model.fields import DEFAULT_SEARCH_FIELDS, SEARCHABLE_FIELDS, find_field
from ilocal.model.safe_text import make_text_safe
from ilocal.model.text_folding import (
    extract_word_forms,
    find_word_spans,
    fold_word_without_tone,
    normalize_words,
    split_words,
)

WordForms = tuple[str, str]  # marked, plain


@dataclass(frozen=True, slots=True)
class SearchPhrase:
    """Words that must be adjacent; with `is_prefix`, the last one may be the beginning of a word."""

    words: tuple[WordForms, ...]
    is_prefix: bool = False

    def find_positions(self, text: Sequence[WordForms]) -> Iterator[int]:
        """Yield the positions in the words of a text at which this phrase begins."""
        length = len(self.words)
        for at in range(len(text) - length + 1):
            if all(map(self._is_word_match, range(length), text[at : at + length])):
                yield at

    def _is_word_match(self, n: int, found: WordForms) -> bool:
        marked, plain = self.words[n]
        if not self.is_prefix or n < len(self.words) - 1:
            return found[0] == marked if marked != plain else found[1] == plain
        if marked == plain:
            return found[1].startswith(plain)
        (base, tone), (found_base, found_tone) = fold_word_without_tone(marked), fold_word_without_tone(found[0])
        return found_base.startswith(base) and (not tone or tone == found_tone)


@dataclass(frozen=True, slots=True)
class SearchTerm:
    """One argument of `search`: any of the phrases, in any text field or in `field` alone."""

    phrases: tuple[SearchPhrase, ...]
    field: str = ""

    def matches(self, event: Event) -> bool:
        return any(self.find_spans(text) for text in iterate_field_texts(event, self.field))

    def find_spans(self, text: str) -> list[tuple[int, int]]:
        """Return the places of the phrases in `text`, as (begin, end)."""
        spelled = normalize_words(text)
        found = sorted({(at, len(phrase.words)) for phrase in self.phrases for at in phrase.find_positions(spelled)})
        if not found:
            return []
        at_word = list(find_word_spans(text))
        return [(at_word[at][0], at_word[at + length - 1][1]) for at, length in found]


def iterate_field_texts(event: Event, field: str = "") -> Iterator[str]:
    """Yield the texts of one field, or of all default fields; a phrase never spans two texts."""
    for name in (field,) if field else DEFAULT_SEARCH_FIELDS:
        value = getattr(event, name)
        if isinstance(value, str):
            yield value
        elif name == "sections":
            yield from (text for section in value for text in (section.heading, section.body))
        elif name == "translations":
            yield from (text for found in value for text in (found.title, found.description))
        else:
            yield from value


def has_words_in_title(event: Event, typed: Iterable[WordForms]) -> bool:
    """Return whether the title of an event, or of one of its translations, contains all of these words."""
    titles = (event.title, *(translation.title for translation in event.translations))
    wanted = [SearchTerm((SearchPhrase((word,)),)) for word in typed]
    return any(all(term.find_spans(title) for term in wanted) for title in titles)


def find_words_with_other_accents(event: Event, typed: Iterable[WordForms]) -> list[WordForms]:
    """Return the words that begin words of the event's title, or of a translation's, but never with the same accents.

    Words that are typed without accents may have any.
    """
    titles = (event.title, *(translation.title for translation in event.translations))

    def begins_word(word: WordForms) -> bool:
        return any(SearchTerm((SearchPhrase((word,), is_prefix=True),)).find_spans(title) for title in titles)

    return [
        (marked, plain)
        for marked, plain in typed
        if marked != plain and begins_word((plain, plain)) and not begins_word((marked, plain))
    ]


def parse_search_term(argument: str, aliases: Mapping[str, Iterable[str]]) -> SearchTerm:
    """Return the search term for an argument as typed: `thuỷ sản`, `thanh tra*`, `title:họp`.

    Arguments:
        argument: adjacent words; a final `*` makes the last word a prefix, and `field:` limits the search to a field.
        aliases: short names with the names they stand for, as in `RegistryInfo.aliases`; each finds the other.

    Raises UsageError for a text without a word.
    """
    head, colon, rest = argument.partition(":")
    field = find_field(head.strip()) if colon else ""
    if field not in SEARCHABLE_FIELDS:
        field, rest = "", argument
    prefix = rest.rstrip().endswith("*")
    found = tuple(normalize_words(rest))
    if not found:
        said = _('"{text}" contains no words to search for', text=make_text_safe(argument))
        raise UsageError(said, hint=_("enter at least one word"))
    if not prefix:
        phrases = [
            phrase
            for text in _list_same_values(field, rest)
            for phrase in _expand_aliases_of_search_term(text, aliases)
        ]
        return SearchTerm(tuple(map(SearchPhrase, dict.fromkeys(phrases))), field)
    # The last word may be whole (`kỳ*` finds `kì`) or a prefix (`ky*` finds `Kyoto`).
    last = extract_word_forms(split_words(rest)[-1])
    return SearchTerm((SearchPhrase((*found[:-1], last), is_prefix=True), SearchPhrase(found)), field)


def _list_same_values(field: str, text: str) -> list[tuple[WordForms, ...]]:
    """Return the words of a text and, in the fields `kind` and `status`, of its synonyms: `họp`, `meeting`."""
    if field not in ("kind", "status"):
        return [tuple(normalize_words(text))]
    from ilocal.model.value_labels import list_value_names  # most searches look into all fields

    others = list_value_names(field, text)[1:]
    return [tuple(normalize_words(one)) for one in (text, *others)]


_MAX_PHRASES = 32


def _expand_aliases_of_search_term(
    phrase: tuple[WordForms, ...], aliases: Mapping[str, Iterable[str]]
) -> list[tuple[WordForms, ...]]:
    """Return the phrase and its variants with aliases substituted in either direction."""
    sides = [(normalize_words(short), normalize_words(long)) for short, longs in aliases.items() for long in longs]
    pairs = [pair for one, other in sides if one and other for pair in ((one, other), (other, one))]
    found = [phrase]
    for current in found:  # grows while it is walked: an alias may lead to another
        for old, new in pairs:
            for at in range(len(current) - len(old) + 1):
                typed = current[at : at + len(old)]
                if 0 not in SearchPhrase(typed).find_positions(old):
                    continue
                # If it is typed without accents, its alias is searched without accents as well.
                plain = all(marked == bare for marked, bare in typed)
                other_side = tuple((bare, bare) if plain else (marked, bare) for marked, bare in new)
                wider = current[:at] + other_side + current[at + len(old) :]
                if wider not in found and len(found) < _MAX_PHRASES:
                    found.append(wider)
    return found
