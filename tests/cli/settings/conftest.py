"""The user's config file."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


@pytest.fixture
def config() -> Path:
    """The user's config file; its folder is there."""
    path = Path(os.environ["XDG_CONFIG_HOME"], "ilocal", "config.toml")
    path.parent.mkdir(parents=True)
    return path
