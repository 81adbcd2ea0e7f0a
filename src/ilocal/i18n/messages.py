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


LOCALE = Path(__file__).parent / "locale"  # LANGUAGE/LC_MESSAGES/ilocal.mo, made from the .po beside it
SOURCE = "en"  # the language of the sentences in the source


def languages(folder: Path) -> tuple[str, ...]:
    """The languages that have a catalogue in a folder, and the source's."""
    try:
        found = sorted(path.name for path in folder.iterdir() if (path / "LC_MESSAGES" / "ilocal.mo").is_file())
    except OSError:
        found = []
    return (*found, SOURCE)


LANGUAGES = languages(LOCALE)
_spoken = [SOURCE]


def speak(lang: str) -> None:
    """Let messages be in this language from now on; one of LANGUAGES."""
    _spoken[0] = lang


def spoken() -> str:
    """The language of messages."""
    return _spoken[0]


_ENDS = str.maketrans("-_.@", "    ")  # what follows the language in the name of a locale


def chosen(*names: str | None) -> str | None:
    """The first of these that names a language there is: `vi`, `vi_VN.UTF-8`, `en-GB`."""
    for name in names:
        if name and (code := name.translate(_ENDS).split()[0:1]) and code[0].lower() in LANGUAGES:
            return code[0].lower()
    return None


def of_locale(environ: Mapping[str, str]) -> str:
    """The language that the system's variables name, whether or not such a locale is installed; "" for none."""
    return next(filter(None, (environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))), "")


@cache
def _catalogue(lang: str) -> NullTranslations:
    from gettext import NullTranslations, translation

    return NullTranslations() if lang == SOURCE else translation("ilocal", os.fspath(LOCALE), [lang], fallback=True)


def translated(message: str, lang: str) -> str:
    """A marked message in a language; itself, where that has none."""
    return message if lang == SOURCE or not message else _catalogue(lang).gettext(message)


def plural(one: str, many: str, n: int, lang: str, **values: object) -> str:
    """A message about `n` things in a language, with `{n}` and its other values put in."""
    text = (one if n == 1 else many) if lang == SOURCE else _catalogue(lang).ngettext(one, many, n)
    return text.format(n=number(n, lang), **values)


class Message(str):
    """A message in the language of this run that remembers how it was made, so that another run can say it in its own.

    `of` is what was marked: one text, or two and the number that they are about.
    """

    of: tuple[Any, ...]
    values: Mapping[str, object]


def _made(text: str, of: tuple[Any, ...], values: Mapping[str, object]) -> Message:
    message = Message(text)
    message.of, message.values = of, values
    return message


def _(message: str, /, **values: object) -> str:
    """A message in the language of this run, with its values put in."""
    text = translated(message, _spoken[0])
    return _made(text.format(**values) if values else text, (message,), values)


def n_(one: str, many: str, n: int, /, **values: object) -> str:
    """A message about `n` things in the language of this run, with `{n}` and its other values put in."""
    return _made(plural(one, many, n, _spoken[0], **values), (one, many, n), values)


def N_(message: str) -> str:  # noqa: N802 - gettext's own name
    """A message that is translated later, by whoever shows it."""
    return message


def kept(message: str) -> str:
    """A message as it can be kept in a file, whatever language it is in now; `retold` reads it."""
    return json.dumps(_parts(message), ensure_ascii=False)


def _parts(value: object) -> object:
    if isinstance(value, Message):
        return [list(value.of), {name: _parts(inner) for name, inner in value.values.items()}]
    return value if isinstance(value, int) else str(value)


def retold(text: str) -> str:
    """A message that was kept, in the language of this run."""
    return str(_again(json.loads(text)))


def _again(parts: Any) -> object:
    if not isinstance(parts, list):
        return parts
    of, values = parts[0], {name: _again(inner) for name, inner in parts[1].items()}
    return _(of[0], **values) if len(of) == 1 else n_(of[0], of[1], of[2], **values)


# Translators: what stands between the thousands of a number
_THOUSANDS = N_(",")


def number(n: int, lang: str = "") -> str:
    """A whole number with its thousands apart: `1,234`, and in Vietnamese `1.234`; in the language of this run."""
    return f"{n:,}".replace(",", translated(_THOUSANDS, lang or _spoken[0]))
