"""Keys of JSON written by other programs: the fields they mean, and duplicates within an object."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from unicodedata import normalize

from ilocal.errors import DateError, InputError, InvalidEventError, UsageError
from ilocal.formats.base import ReadOptions
from ilocal.i18n.messages import _
from ilocal.model.dates import Period, format_iso_date
from ilocal.model.fields import FIELD_NAMES
from ilocal.model.safe_text import make_text_safe
from ilocal.model.text_folding import fold_text, slugify_words
from ilocal.model.undated_words import is_undated_text

# Names of fields in schema.org, calendars and conference lists; folded, without punctuation.
_USUAL_NAMES = {
    "title": ("name", "summary", "headline", "subject", "event", "tieude", "ten", "tensukien"),
    "start": ("startdate", "startdatetime", "starttime", "dtstart", "begin", "begins", "from", "date",
              "ngaybatdau", "ngay"),
    "end": ("enddate", "enddatetime", "endtime", "dtend", "ends", "until", "to", "ngayketthuc"),
    "location": ("place", "venue", "city", "where", "diadiem", "noi"),
    "organizers": ("organizer", "organiser", "organisers", "host", "donvitochuc"),
    "topics": ("keywords", "tags", "categories", "topic", "chude"),
    "url": ("link", "website", "homepage"),
    "description": ("about", "abstract", "body", "text", "mota"),
}  # fmt: skip
_TOKEN_PATTERN = re.compile(r'"(?:\\.|[^"\\])*"|[{}\[\],:]', re.DOTALL)
_MAX_NAMED_KEYS = 12


class ObjectBuilder:
    """Builder of JSON objects from their pairs, which records whether a key occurs twice."""

    def __init__(self) -> None:
        self.has_duplicate_key = False

    def __call__(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        """Return the object; of two values for one key the last one counts, as in other JSON readers."""
        found = dict(pairs)
        self.has_duplicate_key = self.has_duplicate_key or len(found) < len(pairs)
        return found


@dataclass(frozen=True, slots=True)
class JsonItem:
    """A value of a text: its line, and its source."""

    line: int
    value: Any
    source: str
    has_duplicate_key: bool = False  # in it, or in something in it


def decode_json_item(line: int, source: str) -> JsonItem:
    """Return the one value that a text is. Raises ValueError and RecursionError."""
    builder = ObjectBuilder()
    value = json.loads(source, object_pairs_hook=builder)
    return JsonItem(line, value, source, builder.has_duplicate_key)


def require_event_keys_in_json(items: Sequence[JsonItem], options: ReadOptions) -> None:
    """Raise UsageError if no object has a title, or if the mapping names a key that none has."""
    objects = [item.value for item in items if isinstance(item.value, dict)]
    if not objects:
        return
    line = next(item.line for item in items if isinstance(item.value, dict))
    _require_mapped_keys(line, objects, options.columns)
    has_title = "title" in options.columns.values() or any("title" in value for value in objects)
    if has_title or not list_unknown_json_keys(objects) or any(item.has_duplicate_key for item in items):
        return
    if len(objects) == 1 and (key := make_text_safe(_find_event_list(objects[0]))):
        hint = _("to import only this list, run: jq .{key} FILE | ilocal import -f json -", key=key)
        raise InputError(line, _('the list of events is in the key "{key}"', key=key), hint=hint)
    raise make_json_without_title_error(line, objects)


def _require_mapped_keys(line: int, objects: Sequence[Mapping[str, Any]], columns: Mapping[str, str]) -> None:
    for name, field in columns.items():
        if field in ("action", "extra"):
            raise UsageError(_("a JSON key cannot be mapped to {field}, which exists only in tables", field=field))
        if not any(find_json_key_path(value, name) for value in objects):
            names = ", ".join(map(make_text_safe, dict.fromkeys(key for value in objects for key in value)))
            said = _('there is no key "{name}"', name=make_text_safe(name))
            raise InputError(line, said, hint=_("keys: {names}", names=names))


def _find_event_list(value: Mapping[str, Any]) -> str:
    """Return the only key of an object that holds a list of objects; "" if there is none, or several."""
    found = [key for key, inner in value.items() if isinstance(inner, list) and inner and isinstance(inner[0], dict)]
    return found[0] if len(found) == 1 else ""


def find_duplicate_json_key(source: str) -> tuple[str, int]:
    """Return the first duplicate key in an object of valid JSON, and the line of the repetition, from 0."""
    seen: list[set[str] | None] = []
    tokens = [*_TOKEN_PATTERN.finditer(source)]
    for n, token in enumerate(tokens):
        text = token.group()
        if text in "{[":
            seen.append(set() if text == "{" else None)
        elif text in "}]":
            seen.pop()
        elif text[0] == '"' and n + 1 < len(tokens) and tokens[n + 1].group() == ":" and (keys := seen[-1]) is not None:
            key = json.loads(text, strict=False)
            if key in keys:
                return key, source.count("\n", 0, token.start())
            keys.add(key)
    return "", 0


def map_keys_to_fields(
    value: Mapping[str, Any], columns: Mapping[str, str], parse_period: Callable[[str], Period]
) -> dict[str, Any]:
    """Return an object with its keys renamed to fields, by `columns` (name in the file: field); other keys stay.

    A name is a key, exactly or folded, or a path to one: `location.name`. Raises InvalidEventError if two keys are
    mapped to one field.
    """
    found = dict(value)
    fields: dict[str, Any] = {}
    for name, field in columns.items():
        path = find_json_key_path(value, name)
        if not path:
            continue
        if field in fields:
            raise InvalidEventError(field, _("two keys have the name {name}", name=field))
        fields[field] = _take_json_value(found, path)
    if twice := next((field for field in fields if field in found), None):
        raise InvalidEventError(twice, _("two keys have the name {name}", name=twice))
    is_alone = "end" not in fields and not found.get("end")
    for name in ("when", *(["start"] if is_alone else [])):  # a start that is written as a range is both ends
        if isinstance(text := fields.pop(name, None), str) and text:
            fields |= _parse_period_keys_of_json(name, text, parse_period)
        elif text is not None and name == "start":
            fields[name] = text
    return {**fields, **found}


def _parse_period_keys_of_json(name: str, text: str, parse_period: Callable[[str], Period]) -> dict[str, str]:
    if is_undated_text(text):
        return {"start": ""}
    try:
        span = parse_period(text)
    except DateError as error:
        raise InvalidEventError(name, error.message) from None
    return {"start": format_iso_date(span.start)} | ({"end": format_iso_date(span.end)} if span.end is not None else {})


def find_json_key_path(value: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """Return the path of the key in an object that a user calls `name`; empty if there is none."""
    wanted = normalize("NFC", name)
    alike = [key for key in value if normalize("NFC", key) == wanted] or [
        key for key in value if fold_text(key) == fold_text(name)
    ]
    if len(alike) == 1:
        return (alike[0],)
    outer, dot, inner = name.partition(".")
    nested = value.get(outer)
    below = find_json_key_path(nested, inner) if dot and isinstance(nested, dict) else ()
    return (outer, *below) if below else ()


def _take_json_value(found: dict[str, Any], path: tuple[str, ...]) -> Any:
    """Take the value at a path out of an object, and the objects on the path with it."""
    value = found.pop(path[0]) if len(path) == 1 else found.get(path[0], {})
    for key in path[1:]:
        value = value[key]
    if len(path) > 1:
        found.pop(path[0], None)
    return value


def list_unknown_json_keys(values: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return the keys of objects that are not fields, each once."""
    keys = dict.fromkeys(key for value in values for key in value)
    return [key for key in keys if key not in FIELD_NAMES and key not in ("source_file", "source_line")]


def make_json_without_title_error(line: int, values: Sequence[Mapping[str, Any]]) -> InputError:
    """Return the error for objects without a title, with a hint that proposes a mapping."""
    unknown = list_unknown_json_keys(values)
    more = ["…"] if len(unknown) > _MAX_NAMED_KEYS else []
    keys = ", ".join([*map(make_text_safe, unknown[:_MAX_NAMED_KEYS]), *more])
    said = _("there is no title key; keys that are not fields: {keys}", keys=keys)
    hint = _(
        'map the keys to fields with --map "{mapping}"; fields: {names}',
        mapping=make_text_safe(suggest_json_mapping(values)) or "name=title",
        names=", ".join((*FIELD_NAMES, "when")),
    )
    return InputError(line, said, hint=hint)


def suggest_json_mapping(values: Iterable[Mapping[str, Any]]) -> str:
    """Return a value for `--map` for the well-known keys of other programs; "" if there are none."""
    found: dict[str, str] = {}
    for value in values:
        for field, usual in _USUAL_NAMES.items():
            path = next((path for name in (field, *usual) if (path := _find_usual_json_key(value, name))), "")
            if path and path != field and field not in found:
                found[field] = path
    return ",".join(f"{key}={field}" for field, key in found.items())


def _find_usual_json_key(value: Mapping[str, Any], name: str) -> str:
    """Return the key of an object with this name, followed by `.name` if its value is an object itself."""
    key = next((key for key in value if "".join(slugify_words(key)) == name), "")
    if not key or re.search('[,="]', key):
        return ""
    return f"{key}.name" if isinstance(value[key], dict) and "name" in value[key] else key
