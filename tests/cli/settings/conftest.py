"""The user's config file."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


@pytest.fixture
def config() -> Path:
    """Return the path of the user's config file; its folder exists."""
    path = Path(os.environ["XDG_CONFIG_HOME"], "ilocal", "config.toml")
    path.parent.mkdir(parents=True)
    return path
