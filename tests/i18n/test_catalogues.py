"""Catalogues: complete, fitting, and one more of them is a third language."""

from __future__ import annotations

import compileall
import io
import re
import shutil
import string
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from unicodedata import normalize

import catalogues
import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from ilocal.i18n import messages
from ilocal.model.date_names import describe_month_of_date, get_month_name_of_date, get_weekday_name_of_date
from ilocal.model.dates import Month, Year
from ilocal.model.recurrence_words import describe_recurrence
from tests.support.cli import make_environment
from tests.support.paths import SHIPPED_REGISTRY

SOURCE = catalogues.SOURCE


# ------------------------------------------------------------------------------------------------------------ catalogues


def find_fields(text: str) -> set[str]:
    return {name for _text, name, _spec, _conversion in string.Formatter().parse(text) if name is not None}


END = re.compile(r"[.?!:…]?\s*\Z")
# Where the tone stands in a syllable that ends in oa, oe or uy: on the first of the two, as in hóa, khỏe, hủy.
MISPLACED = re.compile(r"o[àáảãạèéẻẽẹ]\b|(?<!q)u[ỳýỷỹỵ]\b", re.IGNORECASE)
SEPARATORS = {","}

CATALOGUES = {path.parent.parent.name: path for path in catalogues.files()}


@pytest.mark.parametrize("path", CATALOGUES.values(), ids=CATALOGUES.keys())
def test_every_message_has_a_translation_that_fits(path: Path) -> None:
    catalogue = catalogues.read(path)
    wrong = []
    for message in catalogue:
        ids, texts = (one if isinstance(one, (tuple, list)) else [str(one)] for one in (message.id, message.string))
        wrong += [(ids[0], text) for text in texts if ids[0] and not is_fitting(str(text), str(ids[0]), str(ids[-1]))]
    assert wrong == []


def is_fitting(text: str, one: str, many: str) -> bool:
    """Whether a translation holds the same values, ends alike, and is spelt as all others are."""
    ends = [found[0] for found in map(END.search, (text, one)) if found]
    spelt = normalize("NFC", text) == text and not MISPLACED.search(text.replace('"thuỷ sản"', ""))
    said = text != one or not re.search(r"[a-z] [a-z]", one)  # names and lists of words may be the same
    return (
        bool(text)
        and said
        and find_fields(text) == find_fields(many)
        and (ends[0] == ends[1] or one in SEPARATORS)
        and spelt
    )


@pytest.mark.parametrize("path", CATALOGUES.values(), ids=CATALOGUES.keys())
def test_the_catalogues_have_what_the_source_has(path: Path, tmp_path: Path) -> None:
    copy = tmp_path / path.parent.parent.name / "LC_MESSAGES" / path.name
    copy.parent.mkdir(parents=True)
    shutil.copy(path, copy)
    catalogues.update(copy)
    assert copy.read_text("utf-8") == path.read_text("utf-8"), "run: python build_hooks/catalogues.py"


# ------------------------------------------------------------------------------------------------------ a third language

FRENCH = """\
msgid ""
msgstr "Language: fr\\nPlural-Forms: nplurals=2; plural=(n > 1);\\nContent-Type: text/plain; charset=utf-8\\n"
msgid "no event matches \\"{handle}\\""
msgstr "aucun événement ne s’appelle « {handle} »"
msgid "hint: {hint}"
msgstr "conseil : {hint}"
msgid "Usage: "
msgstr "Usage : "
msgid "February"
msgstr "février"
msgid "NAME"
msgstr "NOM"
msgid "remove {what}?"
msgstr "supprimer {what} ?"
msgid "this would remove {what}, and ilocal cannot ask for confirmation without a terminal"
msgstr "on supprimerait {what}, et il n’y a personne à qui demander"
msgid "{n} event"
msgid_plural "{n} events"
msgstr[0] "{n} événement"
msgstr[1] "{n} événements"
"""


@pytest.fixture(scope="module")
def french_program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the program with an additional catalogue and no other change."""
    folder = tmp_path_factory.mktemp("copy")
    shutil.copytree(SOURCE, folder / "ilocal", ignore=shutil.ignore_patterns("__pycache__"))
    catalogue = folder / "ilocal" / "i18n" / "locale" / "fr" / "LC_MESSAGES"
    catalogue.mkdir(parents=True)
    with open(catalogue / "ilocal.mo", "wb") as file:
        write_mo(file, read_po(io.BytesIO(FRENCH.encode()), locale="fr"))
    compileall.compile_dir(folder, quiet=2)  # once, and not in each process
    return folder


def run_in_french(folder: Path, *arguments: str, **variables: str) -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, "-m", "ilocal", "-r", str(SHIPPED_REGISTRY), *arguments],
        env=make_environment(folder) | {"PYTHONPATH": str(folder)} | variables,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        text=True,
        encoding="utf-8",
    )
    return done.returncode, done.stdout, done.stderr


@pytest.mark.process
def test_a_third_language_is_one_more_catalogue(french_program: Path) -> None:
    said = "ilocal: aucun événement ne s’appelle « zzz »\nconseil : to list all ids, run: ilocal list -f ids\n"
    assert run_in_french(french_program, "show", "zzz", LANG="fr_FR.UTF-8") == (4, "", said)
    assert run_in_french(french_program, "--lang", "fr", "show", "zzz") == (4, "", said)
    code, listed, _err = run_in_french(french_program, "list", "--month", "2020-02", ILOCAL_LANG="fr")
    assert (code, listed.split("\n")[0]) == (0, "février 2020")
    code, shown, _err = run_in_french(french_program, "--help", LANG="fr")
    assert shown.startswith("Usage : ilocal ")
    assert "--lang fr|vi|en" in shown
    asked = run_in_french(french_program, "remove", "--year", "2020", LANG="fr")[2].splitlines()[-2]
    assert re.fullmatch("ilocal: on supprimerait [0-9]+ événements, et il n’y a personne à qui demander", asked)
    assert run_in_french(french_program, "--lang", "xx", "list")[2].endswith("\nhint: use one of fr, vi, en\n")


@pytest.fixture
def french(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Add a third language, which is only a catalogue."""
    catalog = Catalog(locale="fr")
    for message, text in {
        "January": "janvier", "Monday": "lundi", "every week": "chaque semaine", "{rule} on {days}": "{rule}, le {days}",
        "{year}": "an {year}",
    }.items():  # fmt: skip
        catalog.add(message, text)
    catalog.add(
        ("every {n} day", "every {n} days"), ("tous les {n} jour", "tous les {n} de jours", "tous les {n} jours")
    )
    folder = tmp_path / "fr" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    with open(folder / "ilocal.mo", "wb") as file:
        write_mo(file, catalog)
    monkeypatch.setattr(messages, "LOCALE_DIR", tmp_path)
    yield
    messages._load_catalogue.cache_clear()


def test_dates_and_rules_are_told_in_a_third_language(french: None) -> None:
    assert describe_month_of_date(Month(2020, 1), "fr", "") == "janvier 2020"
    assert describe_month_of_date(Year(2020), "fr", "") == "an 2020"
    assert (get_month_name_of_date(1, "fr"), get_weekday_name_of_date(0, "fr")) == ("janvier", "lundi")
    assert describe_recurrence("FREQ=WEEKLY;BYDAY=MO", "fr") == "chaque semaine, le lundi"
    assert describe_recurrence("FREQ=DAILY;INTERVAL=2", "fr") == "tous les 2 jours"
    assert describe_month_of_date(Month(2020, 2), "fr", "") == "February 2020"  # what has no translation
