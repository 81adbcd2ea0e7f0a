"""Sites that several tests look at, and one browser for all of them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support.browser import serve_folder, start_browser
from tests.support.paths import SHIPPED_REGISTRY
from tests.support.site import build_site, make_hostile_registry, make_made_registry, make_two_languages_registry

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium without a window."""
    with start_browser() as started:
        yield started


@pytest.fixture(scope="session")
def shipped_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the site of the shipped registry."""
    folder = tmp_path_factory.mktemp("shipped")
    shutil.copy(SHIPPED_REGISTRY, folder / "events.toml")
    return build_site(folder)


@pytest.fixture(scope="session")
def made_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the site of a thousand generated events, whose registry is next to it."""
    folder = tmp_path_factory.mktemp("made")
    make_made_registry(folder / "events.toml", 1000)
    return build_site(folder)


@pytest.fixture(scope="session")
def two_languages_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the site of events in two languages, with all kinds of dates and statuses, sections and a series."""
    folder = tmp_path_factory.mktemp("two")
    make_two_languages_registry(folder / "events.toml")
    return build_site(folder)


@pytest.fixture(scope="session")
def hostile_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the site of events whose every field has text that some program might interpret."""
    folder = tmp_path_factory.mktemp("hostile")
    make_hostile_registry(folder / "events.toml")
    return build_site(folder)


@pytest.fixture
def served_site(two_languages_site: Path) -> Iterator[str]:
    """Yield the address of the site in two languages."""
    with serve_folder(two_languages_site) as address:
        yield address
