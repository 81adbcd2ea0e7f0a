"""Suggestions for completion: names by prefix, ids by their parts, months with events.

Each answer takes a few rows of the index, however many events there are.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import product
from typing import TYPE_CHECKING, Any

from ilocal.index import sql_filters
from ilocal.index.rows import FIELD_SEPARATOR
from ilocal.model.dates import Month
from ilocal.model.query import Query
from ilocal.model.search_terms import iterate_field_texts, parse_search_term
from ilocal.model.text_folding import fold_text, fold_text_with_vowels, slugify_words, split_words, strip_accents

if TYPE_CHECKING:
    from ilocal.index.index import Index

_HIGHEST_CHARACTER = "\U0010ffff"  # sorts after any continuation
_MAX_ID_PREFIXES = 500  # beginnings of ids: years, and others that the owner uses
_MAX_START_MONTHS = 2000
_MAX_TITLE_WORDS = 20
_MAX_CORRECTED_WORDS = 6  # of a text
_MAX_NEAR_WORDS = 40  # for a single word; fewer for each of several
_MAX_CORRECTIONS = 100  # combinations of similar words that are tried
_MIN_TYPO_LETTERS = 4  # of a word with one wrong letter; in a shorter one, two letters may change places
_MIN_TWO_TYPO_LETTERS = 8  # of a word with two wrong letters
_MIN_SPLIT_LETTERS = 2  # of each half of a word that is written as two

IdAndTitle = tuple[str, str]  # an id and its title


class Suggestions:
    """Completions from the index."""

    def __init__(self, index: Index) -> None:
        self._index = index

    def query_name_suggestions(self, field: str, typed: str, limit: int) -> list[tuple[str, int]]:
        """Return names of a field that begin as typed, or else contain such a word, with their number of events.

        The most frequent come first. Of names that differ only in case or accents, the most frequent one is returned.
        """
        begin = fold_text(typed)
        values = {"field": field, "begin": begin, "inside": f" {begin}", "limit": limit}
        rows = self._fetch_rows(_NAMES_SQL, values)
        return [(str(name), int(n)) for name, n, _, begins in rows if begins or not rows[0][3]]

    def query_handle_suggestions(self, typed: str, limit: int) -> list[IdAndTitle]:
        """Return ids, with their titles, that match the typed text, newest first.

        The text is the start of the id, with or without the year; or of its words; or of words of the title.
        """
        if not typed.strip():
            return self._select_titles(_NEWEST_SQL, limit=limit)
        ways = (self._select_ids_by_prefix, self._select_ids_by_word, self._select_ids_by_title)
        return next(filter(None, (way(typed, limit) for way in ways)), [])

    def _select_ids_by_prefix(self, typed: str, limit: int) -> list[IdAndTitle]:
        name = "-".join(slugify_words(typed)) + ("-" if typed.endswith(("-", " ")) else "")
        begins = dict.fromkeys((typed, name) if name else (typed,))
        found = [one for begin in begins for one in self._select_ids_in_range(begin, limit)]
        for head in self._list_id_prefixes() if name else ():
            if len(found) >= limit:
                break
            found += self._select_ids_in_range(f"{head}-{name}", limit - len(found))
        return list(dict.fromkeys(found))[:limit]

    def _select_ids_in_range(self, begin: str, limit: int) -> list[IdAndTitle]:
        return self._select_titles(_ID_RANGE_SQL, begin=begin, end=begin + _HIGHEST_CHARACTER, limit=limit)

    def _list_id_prefixes(self) -> list[str]:
        """Return the beginnings of ids up to the first hyphen, last first: `tba`, `2020`, `2019`."""
        found: list[str] = []
        after = ""
        while len(found) < _MAX_ID_PREFIXES:
            rows = self._fetch_rows("SELECT id FROM event WHERE id > :after ORDER BY id LIMIT 1", {"after": after})
            if not rows:
                break
            found.append(rows[0][0].partition("-")[0])
            after = max(found[-1] + "-" + _HIGHEST_CHARACTER, rows[0][0])
        return list(dict.fromkeys(found))[::-1]

    def _select_ids_by_word(self, typed: str, limit: int) -> list[IdAndTitle]:
        words = slugify_words(typed)
        return (
            self._select_titles(_ID_WORDS_SQL, words=sql_filters.build_fts_handle_expression(words), limit=limit)
            if words
            else []
        )

    def _select_ids_by_title(self, typed: str, limit: int) -> list[IdAndTitle]:
        *whole, last = split_words(typed) or [""]
        if not last:
            return []
        terms = [*(parse_search_term(f"title:{word}", {}) for word in whole), parse_search_term(f"title:{last}*", {})]
        expression = sql_filters.build_fts_expression(Query(terms=tuple(terms)))
        values = {f"word{n}": f" {fold_text(word)} " for n, word in enumerate(whole[:_MAX_TITLE_WORDS])}
        sql = _TITLE_WORDS_SQL.format(
            whole="".join(f" AND instr(' ' || title || ' ', :{name})" for name in values),
            found=" AND event.key IN (SELECT rowid FROM words WHERE words MATCH :words)" if expression else "",
        )
        # The last word may be whole (`kỳ` is `kì`) or a prefix (`ky` is in `Kyoto`).
        values |= {"words": expression, "one": f" {fold_text(last)}", "other": f" {strip_accents(last)}"}
        return self._select_titles(sql, limit=limit, **values)

    def _select_titles(self, sql: str, **values: object) -> list[IdAndTitle]:
        return [
            (str(id), _decode_index_record_title(fields, rest)) for id, fields, rest in self._fetch_rows(sql, values)
        ]

    def correct_words(self, typed: str) -> str:
        """Return adjacent words of the registry spelled almost as those typed; "" if there are none."""
        typed_words = split_words(typed)[:_MAX_CORRECTED_WORDS]
        most = max(2, _MAX_NEAR_WORDS // len(typed_words) ** 2) if typed_words else 0
        if len(typed_words) == 1 and (found := self._split_word(typed_words[0])):
            return found
        ways = [
            list(enumerate(self._find_near_words(strip_accents(fold_text_with_vowels(word)), most)))
            for word in typed_words
        ]
        ranked = sorted(product(*ways), key=lambda way: sum(rank for rank, _word in way)) if all(ways) else []
        for way in ranked[:_MAX_CORRECTIONS]:
            if found := self._find_phrase(" ".join(word for _rank, word in way)):
                return found
        return ""

    def _find_phrase(self, words: str) -> str:
        """Return adjacent words as an event has them; "" if no event does."""
        term = parse_search_term(words, {})
        for event in self._index.iterate_rows_matching_query(Query(terms=(term,), limit=1)):
            for text in iterate_field_texts(event):
                for begin, end in term.find_spans(text):
                    return text[begin:end]
        return ""

    def _split_word(self, word: str) -> str:
        """Return two adjacent words of the registry that are written as one: `hanoi` for Hà Nội; "" if none are."""
        cuts = range(_MIN_SPLIT_LETTERS, len(word) - _MIN_SPLIT_LETTERS + 1)
        return next(filter(None, (self._find_phrase(f"{word[:at]} {word[at:]}") for at in cuts)), "")

    def _find_near_words(self, word: str, most: int) -> list[str]:
        """Return a word itself, if an event has it, and words that are likely meant by it, the nearest first."""
        self._index.connection.execute(
            "CREATE VIRTUAL TABLE IF NOT EXISTS temp.vocabulary USING fts5vocab(main, words, col)"
        )
        rows = self._fetch_rows(_VOCABULARY_SQL, {"least": len(word) - 1, "most": len(word) + 1})
        ranked = sorted((count_typos(word, str(term)), str(term)) for (term,) in rows)
        return [term for typos, term in ranked if typos <= _get_max_typos(word) or is_swapped(word, term)][:most]

    def query_start_months(self) -> Iterator[Month]:
        """Yield the months in which events begin, latest first."""
        before = (date.max.toordinal() + 1) * sql_filters.SORT_KEY_UNITS_PER_DAY
        for _ in range(_MAX_START_MONTHS):
            rows = self._fetch_rows(_PREVIOUS_DATE_SQL, {"before": before})
            if not rows:
                return
            day = date.fromordinal(rows[0][0] // sql_filters.SORT_KEY_UNITS_PER_DAY)
            yield Month(day.year, day.month)
            before = day.replace(day=1).toordinal() * sql_filters.SORT_KEY_UNITS_PER_DAY

    def _fetch_rows(self, sql: str, values: Mapping[str, object]) -> list[Any]:
        return self._index.retry_after_damage(lambda: self._index.connection.execute(sql, values).fetchall())


def _get_max_typos(word: str) -> int:
    return 2 if len(word) >= _MIN_TWO_TYPO_LETTERS else 1 if len(word) >= _MIN_TYPO_LETTERS else 0


def is_swapped(word: str, other: str) -> bool:
    """Return whether two words differ in two neighbouring letters that have changed places."""
    places = [at for at, (one, two) in enumerate(zip(word, other, strict=False)) if one != two]
    if len(word) != len(other) or len(places) != 2 or places[1] != places[0] + 1:
        return False
    first, second = places
    return word[first] == other[second] and word[second] == other[first]


def count_typos(word: str, other: str) -> int:
    """Return how many letters are added, missing or different between two words (the distance of Levenshtein)."""
    row = list(range(len(other) + 1))
    for n, letter in enumerate(word, 1):
        above, row[0] = row[0], n
        for at, another in enumerate(other, 1):
            above, row[at] = row[at], min(row[at] + 1, row[at - 1] + 1, above + (letter != another))
    return row[-1]


def _decode_index_record_title(fields: str, rest: str) -> str:
    """Return the title in a record (see `rows`) without decoding the rest."""
    return fields.partition(FIELD_SEPARATOR)[0] if fields else str(json.loads(rest)["title"])


_VOCABULARY_SQL = "SELECT term FROM temp.vocabulary WHERE col = 'text' AND length(term) BETWEEN :least AND :most"
_NAMES_SQL = """
SELECT name, sum(n), max(n), substr(folded, 1, length(:begin)) = :begin
FROM name WHERE field = :field AND instr(' ' || folded, :inside)
GROUP BY folded ORDER BY 4 DESC, 2 DESC, folded LIMIT :limit
"""
_TITLES_SQL = "SELECT event.id, fields, rest FROM event JOIN record ON record.key = event.key WHERE hidden = 0"
_NEWEST_SQL = f"{_TITLES_SQL} ORDER BY date DESC LIMIT :limit"
_ID_RANGE_SQL = f"{_TITLES_SQL} AND event.id >= :begin AND event.id < :end ORDER BY event.id DESC LIMIT :limit"
_ID_WORDS_SQL = f"""
{_TITLES_SQL} AND event.key IN (SELECT rowid FROM words WHERE words MATCH :words) ORDER BY event.id DESC LIMIT :limit
"""
_TITLE_WORDS_SQL = f"""
{_TITLES_SQL}{{found}}{{whole}} AND (instr(' ' || title, :one) OR instr(' ' || title, :other))
ORDER BY event.id DESC LIMIT :limit
"""
_PREVIOUS_DATE_SQL = "SELECT date FROM event WHERE date < :before AND hidden = 0 ORDER BY date DESC LIMIT 1"
