"""Rows of the index for an event: sort columns, the encoded record, and its full-text words."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from operator import attrgetter, itemgetter
from typing import Any, NamedTuple

from ilocal.i18n.messages import AnyMessage, LazyMessage
from ilocal.model.dates import PartialDate, compute_date_range, date_sort_key, format_iso_date, parse_iso_date
from ilocal.model.event import Event
from ilocal.model.fields import (
    FIELD_NAMES,
    FIELDS,
    FIELDS_BY_NAME,
    FILTERABLE_FIELDS,
    LIST_FIELDS,
    SEARCHABLE_FIELDS,
    TEXT_FIELDS,
    FieldKind,
)
from ilocal.model.query import compute_event_sort_key_by_update
from ilocal.model.text_folding import fold_text, fold_text_with_vowels, slugify_words

# Fields filtered by name; a location is filtered by part of it.
FILTER_FIELDS = tuple(name for name in FILTERABLE_FIELDS if name != "location")


class SortColumns(NamedTuple):
    """Sort columns of an event. Days are ordinals, moments are as returned by `date_sort_key`."""

    first_day: int | None  # of all occurrences
    last_day: int | None
    date: int | None
    updated: int | None
    title: str  # folded
    is_recurring: bool


def compute_sql_sort_columns(event: Event) -> SortColumns:
    """Return the sort columns of an event."""
    title, updated = fold_text(event.title), compute_event_sort_key_by_update(event)
    if event.start is None:
        return SortColumns(None, None, None, updated, title, False)
    first, last, number = _compute_day_columns_of_index_row(event.start, event.end)
    if event.is_recurring:
        from ilocal.model.occurrences import possible_date_range

        bounds = possible_date_range(event)
        return SortColumns(bounds.first.toordinal(), bounds.last.toordinal(), number, updated, title, True)
    return SortColumns(first, last, number, updated, title, False)


@lru_cache(maxsize=1 << 14)  # many events have the same days
def _compute_day_columns_of_index_row(start: PartialDate, end: PartialDate | None) -> tuple[int, int, int]:
    first, last = compute_date_range(start, end)
    return first.toordinal(), last.toordinal(), date_sort_key(start)


# -------------------------------------------------------------------------------------------------------------- record

IndexRecord = tuple[str, str, str]  # the fields; values that do not fit there, as JSON; unknown keys, as TOML

# ASCII's own separators, of fields and of items in a list: quicker than JSON by half, and seldom in anybody's text.
FIELD_SEPARATOR, _ITEM_SEPARATOR = "\x1f", "\x1e"


def _select_fields_of_index_columns(*kinds: FieldKind) -> tuple[str, ...]:
    """Return the fields of these kinds that are stored between separators in the record line."""
    return tuple(field.name for field in FIELDS if field.kind in kinds and not field.is_rare and field.name != "id")


# A line has the fields kind by kind, each kind in the order of the table; the title is the first of all.
_LINE_TEXTS, _LINE_LISTS = _select_fields_of_index_columns("text"), _select_fields_of_index_columns("texts")
_LINE_DATES, _LINE_NUMBERS = (
    _select_fields_of_index_columns("date", "timestamp"),
    _select_fields_of_index_columns("number"),
)
_LISTS_START = len(_LINE_TEXTS)
_DATES_START = _LISTS_START + len(_LINE_LISTS)
_NUMBERS_START = _DATES_START + len(_LINE_DATES)
_LINE_FIELDS = (*_LINE_TEXTS, *_LINE_LISTS, *_LINE_DATES, *_LINE_NUMBERS)
# Fields that the line cannot hold. An event with one of these is stored as JSON; its tables alone may be, too.
_TABLES_BESIDE_LINE = ("sections", "translations")
_OTHER_FIELDS = tuple(name for name in FIELD_NAMES if name not in (*_LINE_FIELDS, "id", *_TABLES_BESIDE_LINE))


def make_getter_of_index_values(names: Sequence[str]) -> Callable[[Event], tuple[Any, ...]]:
    """Return a function that gets the values of these fields from an event; optimized, as it runs for every event."""
    get = attrgetter(*names)
    return get if len(names) > 1 else lambda event: (get(event),)


_get_texts, _get_lists = make_getter_of_index_values(_LINE_TEXTS), make_getter_of_index_values(_LINE_LISTS)
_get_dates, _get_numbers = make_getter_of_index_values(_LINE_DATES), make_getter_of_index_values(_LINE_NUMBERS)
_get_other_values = make_getter_of_index_values(_OTHER_FIELDS)


def encode_index_record(event: Event) -> IndexRecord:
    """Return the encoded event without its id, as `decode_index_record` decodes it."""
    lists = _get_lists(event)
    line = FIELD_SEPARATOR.join((
        *_get_texts(event),
        *map(_ITEM_SEPARATOR.join, lists),
        *["" if point is None else format_iso_date(point) for point in _get_dates(event)],
        *map(str, _get_numbers(event)),
    ))  # fmt: skip
    fits = (
        not any(_get_other_values(event))
        and line.count(FIELD_SEPARATOR) == len(_LINE_FIELDS) - 1
        and line.count(_ITEM_SEPARATOR) == sum(map(len, lists)) - sum(map(bool, lists))
    )
    if fits and not event.sections and not event.translations and not event.extra:
        return line, "", ""
    from ilocal.model.serialization import event_to_dict

    own = _collect_record_extra_keys(event)
    extra = ""
    if own:
        from ilocal.storage.toml.tables import format_toml_table  # few events have unknown keys

        extra = format_toml_table(own)
    plain = {name: value for name, value in event_to_dict(event).items() if name not in own and name != "id"}
    if fits:
        plain = {name: plain[name] for name in _TABLES_BESIDE_LINE if name in plain}
    return line if fits else "", json.dumps(plain, ensure_ascii=False) if plain else "", extra


def _collect_record_extra_keys(event: Event) -> dict[str, Any]:
    """Return the parts with unknown keys as TOML data, which preserves the types of dates and numbers."""
    own = dict(event.extra)
    if any(section.extra for section in event.sections):
        own["sections"] = [{"heading": s.heading, "body": s.body, **s.extra} for s in event.sections]
    if any(translation.extra for translation in event.translations):
        own["translations"] = {
            t.language: {"title": t.title, "description": t.description, **t.extra} for t in event.translations
        }
    if any(override.extra for override in event.overrides):
        from ilocal.model.serialization import event_to_dict

        own["overrides"] = [
            {**plain, **override.extra}
            for plain, override in zip(event_to_dict(event)["overrides"], event.overrides, strict=True)
        ]
    return own


@lru_cache(maxsize=1 << 14)  # many events have the same days
def _parse_line_date(text: str) -> PartialDate | None:
    return parse_iso_date(text) if text else None


@lru_cache(maxsize=1 << 14)  # and the same names
def _split_index_column(text: str) -> tuple[str, ...]:
    return tuple(text.split(_ITEM_SEPARATOR)) if text else ()


# How the values of a line, and those after them, get into the order in which `Event` takes them.
_VALUE_NAMES = (*_LINE_FIELDS, "id", *_TABLES_BESIDE_LINE, "extra", "source_file", "source_line", *_OTHER_FIELDS)
_EMPTY_OTHER_VALUES = tuple(FIELDS_BY_NAME[name].empty_value for name in _OTHER_FIELDS)
_order_event_values = itemgetter(
    *(_VALUE_NAMES.index(field.name) for field in dataclasses.fields(Event) if field.name in _VALUE_NAMES)
)


def decode_index_record(id: str, record: IndexRecord, file: str, line: int) -> Event:
    """Return the event of a record. Raises ValueError or IlocalError for a corrupt record."""
    fields, rest, extra = record
    more = _decode_index_record_rest(rest, extra) if rest or extra else {}
    if not fields:
        return _decode_plain_event({"id": id, **more}, file, line)
    texts = fields.split(FIELD_SEPARATOR)
    if len(texts) != len(_LINE_FIELDS):
        raise ValueError(f"{len(texts)} fields in a record")
    other = _decode_plain_event({"title": texts[0], **more}) if more else None
    values = (
        *texts[:_LISTS_START],
        *map(_split_index_column, texts[_LISTS_START:_DATES_START]),
        *map(_parse_line_date, texts[_DATES_START:_NUMBERS_START]),
        *map(int, texts[_NUMBERS_START:]),
        id,
        *((other.sections, other.translations, other.extra) if other else ((), (), {})),
        file,
        line,
        *_EMPTY_OTHER_VALUES,
    )
    return Event(*_order_event_values(values))


def _decode_plain_event(plain: dict[str, Any], file: str = "", line: int = 0) -> Event:
    from ilocal.model.serialization import event_from_dict  # most records need no dictionary

    return event_from_dict(plain, source_file=file, source_line=line)


def _decode_index_record_rest(rest: str, extra: str) -> dict[str, Any]:
    plain: dict[str, Any] = json.loads(rest) if rest else {}
    if extra:
        from ilocal.storage.toml.tables import parse_toml_table

        plain |= parse_toml_table(extra)
    return plain


# --------------------------------------------------------------------------------------------------------------- words


_get_fts_texts = make_getter_of_index_values(
    [name for name in SEARCHABLE_FIELDS if name in TEXT_FIELDS and name != "id"]
)
_get_fts_lists = make_getter_of_index_values([name for name in SEARCHABLE_FIELDS if name in LIST_FIELDS])


def build_fts_text(event: Event) -> str:
    """Return all searchable text of an event. It merges the texts; `Query.matches` distinguishes them."""
    found = [*_get_fts_texts(event)]
    for texts in _get_fts_lists(event):
        found += texts
    if event.sections or event.translations:
        from ilocal.model.search_terms import iterate_field_texts

        found += (*iterate_field_texts(event, "sections"), *iterate_field_texts(event, "translations"))
    for override in event.overrides:
        found += (text for value in override.values.values() for text in _list_fts_value_texts(value))
    return fold_text_with_vowels("\n".join(filter(None, found)))


def _list_fts_value_texts(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    return value if isinstance(value, tuple) else ()


_FILTER_LISTS = [name for name in FILTER_FIELDS if name in LIST_FIELDS]
_FILTER_TEXTS = [name for name in FILTER_FIELDS if name in TEXT_FIELDS]
_get_filter_lists, _get_filter_texts = (
    make_getter_of_index_values(_FILTER_LISTS),
    make_getter_of_index_values(_FILTER_TEXTS),
)


def build_fts_filter_terms(event: Event) -> str:
    """Return the filter words of an event: one for each name in each field, one for each empty field."""
    lists = zip(_FILTER_LISTS, _get_filter_lists(event), strict=True)
    found = [
        *[_build_cached_fts_term(field, item) for field, items in lists for item in items or ("",)],
        *map(_build_cached_fts_term, _FILTER_TEXTS, _get_filter_texts(event)),
    ]
    for override in event.overrides:
        for field, value in override.values.items():
            if field in FILTER_FIELDS:
                found += [_build_cached_fts_term(field, item) for item in _list_fts_value_texts(value) or ("",)]
    if event.uid:
        found.append(build_fts_uid_term(event.uid))
    return " ".join(found)


def build_fts_uid_term(uid: str) -> str:
    """Return one word for the UID of an event."""
    from hashlib import sha256  # 2 ms that most questions can do without

    return f"uid{sha256(uid.encode()).hexdigest()[:16]}"


@lru_cache(maxsize=1 << 14)  # many events have the same few names
def _build_cached_fts_term(field: str, item: str) -> str:
    return build_fts_filter_term(field, fold_text(item))


def build_fts_filter_term(field: str, name: str) -> str:
    """Return one word for a folded name in a field. Two names may share a word; `Query.matches` distinguishes them."""
    return field + "".join([letter for letter in name if letter.isascii() and letter.isalnum()])


_PLAIN_ID_PATTERN = re.compile("[a-z0-9-]*")


def build_fts_handle_words(id: str) -> str:
    """Return the words by which an id is found."""
    return id if _PLAIN_ID_PATTERN.fullmatch(id) else " ".join(slugify_words(id))


# ------------------------------------------------------------------------------------------------------------ messages


def encode_message_for_index(message: AnyMessage) -> str:
    """Return a message as language-independent JSON: its template and its values."""
    return json.dumps(_encode_index_message(message), ensure_ascii=False)


def _encode_index_message(message: AnyMessage | int) -> object:
    if isinstance(message, LazyMessage):
        return [message.template, {name: _encode_index_message(value) for name, value in message.params.items()}]
    return message


def decode_message_in_index(text: str) -> AnyMessage:
    """Return the message that `encode_message_for_index` wrote."""
    message = _decode_index_message(json.loads(text))
    return str(message) if isinstance(message, int) else message


def _decode_index_message(value: Any) -> AnyMessage | int:
    if isinstance(value, list):
        template, params = value
        return LazyMessage(template, {name: _decode_index_message(param) for name, param in params.items()})
    return value if isinstance(value, int) else str(value)
