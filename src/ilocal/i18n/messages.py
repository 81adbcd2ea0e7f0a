"""Messages in the user's language: gettext catalogues, plurals and numbers."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gettext import NullTranslations


LOCALE_DIR = Path(__file__).parent / "locale"  # LANGUAGE/LC_MESSAGES/ilocal.mo, compiled from the .po file there
SOURCE_LANGUAGE = "en"  # the language of the sentences in the source


def find_catalogue_languages(folder: Path) -> tuple[str, ...]:
    """Return the languages with a catalogue in a folder, and the source language."""
    try:
        found = sorted(path.name for path in folder.iterdir() if (path / "LC_MESSAGES" / "ilocal.mo").is_file())
    except OSError:
        found = []
    return (*found, SOURCE_LANGUAGE)


@cache
def supported_languages() -> tuple[str, ...]:
    """Return the languages that messages can be in."""
    return find_catalogue_languages(LOCALE_DIR)


_language: ContextVar[str] = ContextVar("language", default=SOURCE_LANGUAGE)


def set_language(lang: str) -> None:
    """Set the language of messages to a supported language."""
    _language.set(lang)


@contextmanager
def use_language(lang: str) -> Iterator[None]:
    """Set the language of messages within the block."""
    token = _language.set(lang)
    try:
        yield
    finally:
        _language.reset(token)


def current_language() -> str:
    """Return the language of messages."""
    return _language.get()


_LOCALE_SEPARATORS = str.maketrans("-_.@", "    ")  # what follows the language in the name of a locale


def first_supported_language(*names: str | None) -> str | None:
    """Return the first supported language among these names: `vi`, `vi_VN.UTF-8`, `en-GB`; None if there is none."""
    for name in filter(None, names):
        code = name.translate(_LOCALE_SEPARATORS).lower().split()[:1]
        if code and code[0] in supported_languages():
            return code[0]
    return None


def locale_language(environ: Mapping[str, str]) -> str:
    """Return the locale named by environment variables, whether or not it is installed; "" if none."""
    return next(filter(None, (environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))), "")


@cache
def _load_catalogue(lang: str) -> NullTranslations:
    from gettext import NullTranslations, translation

    return (
        NullTranslations()
        if lang == SOURCE_LANGUAGE
        else translation("ilocal", os.fspath(LOCALE_DIR), [lang], fallback=True)
    )


def translate(message: str, lang: str) -> str:
    """Return a marked message in a language; untranslated if that lacks it."""
    return message if lang == SOURCE_LANGUAGE or not message else _load_catalogue(lang).gettext(message)


def translate_plural(one: str, many: str, n: int, lang: str, **values: object) -> str:
    """Return a message about `n` things in a language, with `{n}` and other values inserted."""
    text = (one if n == 1 else many) if lang == SOURCE_LANGUAGE else _load_catalogue(lang).ngettext(one, many, n)
    return text.format(n=format_number(n, lang), **values)


def _(message: str, /, **values: object) -> str:
    """Return a message in the current language, with values inserted."""
    text = translate(message, _language.get())
    return text.format(**values) if values else text


def n_(one: str, many: str, n: int, /, **values: object) -> str:
    """Return a message about `n` things in the current language, with `{n}` and other values inserted."""
    return translate_plural(one, many, n, _language.get(), **values)


def N_(message: str) -> str:  # noqa: N802 - gettext's own name
    """Mark a message for translation by the code that shows it."""
    return message


@dataclass(frozen=True, slots=True)
class LazyMessage:
    """A message that is formatted when it is printed, in the language of that time.

    `template` is the marked message; `params` are its values, which may be such messages themselves.
    """

    template: str
    params: Mapping[str, int | str | LazyMessage] = field(default_factory=dict)

    def __str__(self) -> str:
        return _(self.template, **self.params)


AnyMessage = str | LazyMessage


def lazy_gettext(message: str, /, **values: object) -> LazyMessage:
    """Return a message to be formatted later.

    A module whose messages are stored before they are printed imports this function as `_`.
    """
    params = {name: value if isinstance(value, int | LazyMessage) else str(value) for name, value in values.items()}
    return LazyMessage(message, params)


# Translators: what stands between the thousands of a number
_THOUSANDS_SEPARATOR = N_(",")


def format_number(n: int, lang: str = "") -> str:
    """Return an integer with grouped thousands: `1,234`, in Vietnamese `1.234`; by default in the current language."""
    return f"{n:,}".replace(",", translate(_THOUSANDS_SEPARATOR, lang or _language.get()))
