"""What somebody may be typing: names by their beginnings, ids by what they are made of, months in which events begin.

Each answer is a few rows out of the index, however many events there are.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from ilocal.index import sql_filters
from ilocal.index.rows import FIELD
from ilocal.model.dates import Month
from ilocal.model.query import Query
from ilocal.model.search_terms import read_term
from ilocal.model.text_folding import fold, parted, slug, unmarked

if TYPE_CHECKING:
    from ilocal.index.index import Index

_AFTER = "\U0010ffff"  # comes after whatever goes on
_MOST_HEADS = 500  # of ids: years, and what else the owner begins them with
_MOST_MONTHS = 2000
_MOST_WORDS = 20

Titled = tuple[str, str]  # an id and its title


class Offers:
    """What the index has to offer to somebody who types."""

    def __init__(self, index: Index) -> None:
        self._index = index

    def names(self, field: str, typed: str, limit: int) -> list[tuple[str, int]]:
        """The names of a field that begin as typed, or else those with a word that does, and how many events have each.

        The most frequent come first. Of names that differ in case or accents alone there is one, the most frequent.
        """
        begin = fold(typed)
        values = {"field": field, "begin": begin, "inside": f" {begin}", "limit": limit}
        rows = self._rows(_NAMES, values)
        return [(str(name), int(n)) for name, n, _, begins in rows if begins or not rows[0][3]]

    def handles(self, typed: str, limit: int) -> list[Titled]:
        """The ids, with their titles, that somebody may be typing, the newest first.

        Either they begin so, with or without the year; or words of them do; or words of their titles.
        """
        if not typed.strip():
            return self._titled(_NEWEST, limit=limit)
        ways = (self._begun, self._with_words, self._with_title)
        return next(filter(None, (way(typed, limit) for way in ways)), [])

    def _begun(self, typed: str, limit: int) -> list[Titled]:
        name = "-".join(slug(typed)) + ("-" if typed.endswith(("-", " ")) else "")
        begins = dict.fromkeys((typed, name) if name else (typed,))
        found = [one for begin in begins for one in self._between(begin, limit)]
        for head in self._heads() if name else ():
            if len(found) >= limit:
                break
            found += self._between(f"{head}-{name}", limit - len(found))
        return list(dict.fromkeys(found))[:limit]

    def _between(self, begin: str, limit: int) -> list[Titled]:
        return self._titled(_BETWEEN, begin=begin, end=begin + _AFTER, limit=limit)

    def _heads(self) -> list[str]:
        """What ids begin with, up to the first hyphen, the last first: `tba`, `2020`, `2019`."""
        found: list[str] = []
        after = ""
        while len(found) < _MOST_HEADS:
            rows = self._rows("SELECT id FROM event WHERE id > :after ORDER BY id LIMIT 1", {"after": after})
            if not rows:
                break
            found.append(rows[0][0].partition("-")[0])
            after = max(found[-1] + "-" + _AFTER, rows[0][0])
        return list(dict.fromkeys(found))[::-1]

    def _with_words(self, typed: str, limit: int) -> list[Titled]:
        words = slug(typed)
        return self._titled(_WITH_WORDS, words=sql_filters.handle(words), limit=limit) if words else []

    def _with_title(self, typed: str, limit: int) -> list[Titled]:
        *whole, last = parted(typed) or [""]
        if not last:
            return []
        terms = [*(read_term(f"title:{word}", {}) for word in whole), read_term(f"title:{last}*", {})]
        expression = sql_filters.full_text(Query(terms=tuple(terms)))
        values = {f"word{n}": f" {fold(word)} " for n, word in enumerate(whole[:_MOST_WORDS])}
        sql = _WITH_TITLE.format(
            whole="".join(f" AND instr(' ' || title || ' ', :{name})" for name in values),
            found=" AND event.key IN (SELECT rowid FROM words WHERE words MATCH :words)" if expression else "",
        )
        # The last word may be whole (`kỳ` is `kì`), or go on (`ky` is in `Kyoto`).
        values |= {"words": expression, "one": f" {fold(last)}", "other": f" {unmarked(last)}"}
        return self._titled(sql, limit=limit, **values)

    def _titled(self, sql: str, **values: object) -> list[Titled]:
        return [(str(id), _title(fields, rest)) for id, fields, rest in self._rows(sql, values)]

    def months(self) -> Iterator[Month]:
        """The months in which events begin, the latest first."""
        before = (date.max.toordinal() + 1) * sql_filters.A_DAY
        for _ in range(_MOST_MONTHS):
            rows = self._rows(_LAST_BEFORE, {"before": before})
            if not rows:
                return
            day = date.fromordinal(rows[0][0] // sql_filters.A_DAY)
            yield Month(day.year, day.month)
            before = day.replace(day=1).toordinal() * sql_filters.A_DAY

    def _rows(self, sql: str, values: Mapping[str, object]) -> list[Any]:
        return self._index.surely(lambda: self._index.connection.execute(sql, values).fetchall())


def _title(fields: str, rest: str) -> str:
    """The title in a record (see `rows`), without the rest of it."""
    return fields.partition(FIELD)[0] if fields else str(json.loads(rest)["title"])


_NAMES = """
SELECT name, sum(n), max(n), substr(folded, 1, length(:begin)) = :begin
FROM name WHERE field = :field AND instr(' ' || folded, :inside)
GROUP BY folded ORDER BY 4 DESC, 2 DESC, folded LIMIT :limit
"""
_TITLED = "SELECT event.id, fields, rest FROM event JOIN record ON record.key = event.key WHERE hidden = 0"
_NEWEST = f"{_TITLED} ORDER BY date DESC LIMIT :limit"
_BETWEEN = f"{_TITLED} AND event.id >= :begin AND event.id < :end ORDER BY event.id DESC LIMIT :limit"
_WITH_WORDS = f"""
{_TITLED} AND event.key IN (SELECT rowid FROM words WHERE words MATCH :words) ORDER BY event.id DESC LIMIT :limit
"""
_WITH_TITLE = f"""
{_TITLED}{{found}}{{whole}} AND (instr(' ' || title, :one) OR instr(' ' || title, :other))
ORDER BY event.id DESC LIMIT :limit
"""
_LAST_BEFORE = "SELECT date FROM event WHERE date < :before AND hidden = 0 ORDER BY date DESC LIMIT 1"
