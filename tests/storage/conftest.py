"""Registries that are folders."""

from __future__ import annotations

from pathlib import Path

import pytest

from ilocal.workspace import Registry
from tests.support.paths import SHIPPED_REGISTRY


@pytest.fixture
def years(tmp_path: Path) -> Path:
    """Return the shipped registry as a folder."""
    Registry(SHIPPED_REGISTRY).split(tmp_path / "years")
    return tmp_path / "years"


@pytest.fixture
def two_years(tmp_path: Path) -> Path:
    """Return a folder of two years, with an event in each."""
    folder = tmp_path / "years"
    folder.mkdir()
    for year in (2019, 2020):
        text = f'[[event]]\nid = "e{year}"\ntitle = "Họp"\nstart = {year}-02-20\n'
        (folder / f"{year}.toml").write_text(text, encoding="utf-8")
    return folder
