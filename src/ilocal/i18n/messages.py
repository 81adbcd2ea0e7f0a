"""Messages in the user's language: gettext catalogues, plurals and numbers."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gettext import NullTranslations


LOCALE_DIR = Path(__file__).parent / "locale"  # LANGUAGE/LC_MESSAGES/ilocal.mo, made from the .po beside it
SOURCE_LANGUAGE = "en"  # the language of the sentences in the source


def find_catalogue_languages(folder: Path) -> tuple[str, ...]:
    """The languages that have a catalogue in a folder, and the source's."""
    try:
        found = sorted(path.name for path in folder.iterdir() if (path / "LC_MESSAGES" / "ilocal.mo").is_file())
    except OSError:
        found = []
    return (*found, SOURCE_LANGUAGE)


LANGUAGES = find_catalogue_languages(LOCALE_DIR)
_language_state = [SOURCE_LANGUAGE]


def set_language(lang: str) -> None:
    """Let messages be in this language from now on; one of LANGUAGES."""
    _language_state[0] = lang


def current_language() -> str:
    """The language of messages."""
    return _language_state[0]


_LOCALE_SEPARATORS = str.maketrans("-_.@", "    ")  # what follows the language in the name of a locale


def first_supported_language(*names: str | None) -> str | None:
    """The first of these that names a language there is: `vi`, `vi_VN.UTF-8`, `en-GB`."""
    for name in names:
        if name and (code := name.translate(_LOCALE_SEPARATORS).split()[0:1]) and code[0].lower() in LANGUAGES:
            return code[0].lower()
    return None


def locale_language(environ: Mapping[str, str]) -> str:
    """The language that the system's variables name, whether or not such a locale is installed; "" for none."""
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
    """A marked message in a language; itself, where that has none."""
    return message if lang == SOURCE_LANGUAGE or not message else _load_catalogue(lang).gettext(message)


def translate_plural(one: str, many: str, n: int, lang: str, **values: object) -> str:
    """A message about `n` things in a language, with `{n}` and its other values put in."""
    text = (one if n == 1 else many) if lang == SOURCE_LANGUAGE else _load_catalogue(lang).ngettext(one, many, n)
    return text.format(n=format_number(n, lang), **values)


class Message(str):
    """A message in the language of this run that remembers how it was made, so that another run can say it in its own.

    `of` is what was marked: one text, or two and the number that they are about.
    """

    of: tuple[Any, ...]
    values: Mapping[str, object]


def _build_message(text: str, of: tuple[Any, ...], values: Mapping[str, object]) -> Message:
    message = Message(text)
    message.of, message.values = of, values
    return message


def _(message: str, /, **values: object) -> str:
    """A message in the language of this run, with its values put in."""
    text = translate(message, _language_state[0])
    return _build_message(text.format(**values) if values else text, (message,), values)


def n_(one: str, many: str, n: int, /, **values: object) -> str:
    """A message about `n` things in the language of this run, with `{n}` and its other values put in."""
    return _build_message(translate_plural(one, many, n, _language_state[0], **values), (one, many, n), values)


def N_(message: str) -> str:  # noqa: N802 - gettext's own name
    """A message that is translated later, by whoever shows it."""
    return message


def dump_message(message: str) -> str:
    """A message as it can be kept in a file, whatever language it is in now; `retold` reads it."""
    return json.dumps(_message_parts(message), ensure_ascii=False)


def _message_parts(value: object) -> object:
    if isinstance(value, Message):
        return [list(value.of), {name: _message_parts(inner) for name, inner in value.values.items()}]
    return value if isinstance(value, int) else str(value)


def load_message(text: str) -> str:
    """A message that was kept, in the language of this run."""
    return str(_restore_message(json.loads(text)))


def _restore_message(parts: Any) -> object:
    if not isinstance(parts, list):
        return parts
    of, values = parts[0], {name: _restore_message(inner) for name, inner in parts[1].items()}
    return _(of[0], **values) if len(of) == 1 else n_(of[0], of[1], of[2], **values)


# Translators: what stands between the thousands of a number
_THOUSANDS_SEPARATOR = N_(",")


def format_number(n: int, lang: str = "") -> str:
    """A whole number with its thousands apart: `1,234`, and in Vietnamese `1.234`; in the language of this run."""
    return f"{n:,}".replace(",", translate(_THOUSANDS_SEPARATOR, lang or _language_state[0]))
