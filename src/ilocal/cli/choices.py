"""Values of options with fixed choices, typed by their names in any language: `--by "địa điểm"`, `--sort ngày`."""

from __future__ import annotations

from collections.abc import Sequence

from ilocal.i18n.labels import translate_label
from ilocal.i18n.messages import SOURCE_LANGUAGE, supported_languages
from ilocal.model.date_names import get_weekday_name_of_date
from ilocal.model.fields import find_field, name_event_field
from ilocal.model.relative_dates import WEEKDAY_NUMBERS
from ilocal.model.text_folding import fold_text


def resolve_choice(text: str, choices: Sequence[str]) -> str:
    """Return the choice that a text names in any language: a field, a period or a weekday; else the text itself."""
    folded = fold_text(text)
    for choice in choices:
        names = _list_choice_names(choice)
        if folded in names or WEEKDAY_NUMBERS.get(folded, -1) == WEEKDAY_NUMBERS.get(choice):
            return choice
    field = find_field(text)
    return next((choice for choice in choices if field and find_field(choice) == field), text)


def _list_choice_names(choice: str) -> set[str]:
    return {fold_text(name_choice(choice, lang)) for lang in supported_languages()} | {choice}


def name_choice(choice: str, lang: str) -> str:
    """Return the name of a choice in a language, which can be typed: `địa điểm` for `location`."""
    if lang == SOURCE_LANGUAGE:
        return choice
    if choice in WEEKDAY_NUMBERS:
        return get_weekday_name_of_date(WEEKDAY_NUMBERS[choice], lang).lower()
    if choice in ("date", "month", "year"):
        return translate_label("when" if choice == "date" else choice, lang).lower()
    field = find_field(choice)
    return name_event_field(field, lang) if field else choice
