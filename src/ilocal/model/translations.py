"""Events in the requested language: their translation if there is one, and otherwise a mark of their language."""

from __future__ import annotations

from dataclasses import replace

from ilocal.i18n.messages import N_, translate
from ilocal.model.event import Event, Translation


def localize_event(event: Event, lang: str, registry_language: str) -> Event:
    """Return the event with its title and description in a language, as far as they are translated.

    `registry_language` is the language of the registry. The replaced original becomes the first translation.
    """
    found = _choose_translation_of_event(event, lang, registry_language)
    if found is None:
        return event
    title, description = found.title.strip(), found.description.strip()
    original = Translation(
        event.language or registry_language, event.title if title else "", event.description if description else ""
    )
    others = (one for one in event.translations if one is not found)
    return replace(
        event,
        title=found.title if title else event.title,
        description=found.description if description else event.description,
        translations=(original, *others),
    )


def find_original_language_of_event(event: Event, lang: str, registry_language: str) -> str:
    """Return the language of the displayed title if it is not the requested one; "" if it is, or is unknown."""
    tag = event.language or registry_language
    if not tag or _get_primary_language_of_event(tag) == lang:
        return ""
    found = _choose_translation_of_event(event, lang, registry_language)
    return "" if found is not None and found.title.strip() else tag


def describe_languages_of_event(event: Event, lang: str, registry_language: str) -> str:
    """Return the note on the languages of an event that is shown in `lang`; "" if none is needed."""
    found = _choose_translation_of_event(event, lang, registry_language)
    if found is None:
        return event.language or find_original_language_of_event(event, lang, registry_language)
    title, description = found.title.strip(), found.description.strip()
    said = (
        N_("title and description in {language}") if title and description
        else N_("title in {language}") if title else N_("description in {language}")
    )  # fmt: skip
    original = event.language or registry_language
    return (f"{original}; " if original else "") + translate(said, lang).format(language=found.language)


def _choose_translation_of_event(event: Event, lang: str, registry_language: str) -> Translation | None:
    """Return the translation to show instead of the original; None if that is in the language or there is none."""
    if not event.translations or _get_primary_language_of_event(event.language or registry_language) == lang:
        return None
    found = [
        one
        for one in event.translations
        if _get_primary_language_of_event(one.language) == lang and (one.title + one.description).strip()
    ]
    return min(found, key=lambda one: one.language != lang, default=None)  # `en` rather than `en-GB`


def _get_primary_language_of_event(tag: str) -> str:
    """Return the primary language of a tag: `en` of `en-GB`."""
    return tag.strip().replace("_", "-").partition("-")[0].lower()
