"""Known kinds and statuses in every language: shown in the language of the output, and accepted in any."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from ilocal.i18n.labels import translate_label
from ilocal.i18n.messages import N_, supported_languages, translate
from ilocal.model.fields import STATUSES
from ilocal.model.text_folding import fold_text

# Kinds that many events have, as the registry stores them, with their labels. Other kinds are shown as they are.
KIND_LABELS: Mapping[str, str] = {
    "meeting": N_("meeting"), "workshop": N_("workshop"), "conference": N_("conference"), "training": N_("training"),
    "seminar": N_("seminar"), "webinar": N_("webinar"), "forum": N_("forum"), "dialogue": N_("dialogue"),
    "consultation": N_("consultation"), "interview": N_("interview"), "survey": N_("survey"),
    "publication": N_("publication"), "press": N_("press"), "project": N_("project"), "campaign": N_("campaign"),
    "exhibition": N_("exhibition"), "ceremony": N_("ceremony"), "holiday": N_("holiday"), "visit": N_("visit"),
    "deadline": N_("deadline"),
}  # fmt: skip
# Other words that people type for them.
_SYNONYMS: Mapping[str, Mapping[str, str]] = {
    "kind": {"họp báo": "press", "báo chí": "press", "đào tạo": "training", "cuộc họp": "meeting"},
    "status": {"hủy": "cancelled", "canceled": "cancelled", "hoãn": "postponed", "xác nhận": "confirmed"},
    "language": {"tiếng việt": "vi", "vietnamese": "vi", "tiếng anh": "en", "english": "en"},
}
RESOLVED_FIELDS = ("kind", "status", "language")  # whose values may be typed by their names


@cache
def _find_event_values_by_name(field: str) -> dict[str, str]:
    """Return the known values of a field by their folded names: the value itself, its labels and synonyms."""
    values: tuple[str, ...] = {"kind": tuple(KIND_LABELS), "status": STATUSES}.get(field, ())
    labels = {
        fold_text(_get_label_of_event_value(field, value, lang)): value
        for lang in supported_languages()
        for value in values
    }
    synonyms = {fold_text(name): value for name, value in _SYNONYMS.get(field, {}).items()}
    return {**synonyms, **labels, **{value: value for value in values}}


def _get_label_of_event_value(field: str, value: str, lang: str) -> str:
    return translate(KIND_LABELS[value], lang) if field == "kind" else translate_label(value, lang)


def resolve_event_kind_or_status(field: str, text: str) -> str:
    """Return the known kind, status or language that `text` names, such as `đã hủy`; else `text` itself."""
    return _find_event_values_by_name(field).get(fold_text(text), text) if field in RESOLVED_FIELDS else text


def list_value_names(field: str, text: str) -> tuple[str, ...]:
    """Return the folded `text` and everything with the same meaning in a field; for an unknown value only the text."""
    folded = fold_text(text)
    names = _find_event_values_by_name(field) if field in RESOLVED_FIELDS else {}
    if field == "language":
        return tuple(dict.fromkeys((folded, names.get(folded, folded))))
    if folded not in names:
        return (folded,)
    return (folded, *(name for name, value in names.items() if value == names[folded] and name != folded))


@cache
def describe_event_value(field: str, value: str, lang: str) -> str:
    """Return a value of a field as shown in `lang`: a known kind or status as its label."""
    known = resolve_event_kind_or_status(field, value)
    if known not in _find_event_values_by_name(field):
        return value
    label = _get_label_of_event_value(field, known, lang)
    return value if fold_text(label) == fold_text(value) else label


def describe_event_statuses(lang: str) -> str:
    """Return the statuses as a user of `lang` may type them, for a hint."""
    return ", ".join(translate_label(status, lang) for status in STATUSES)
