"""Where the shipped registry, the saved web pages and the repository are."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PAGES = ROOT / "tests" / "pages"
SHIPPED_REGISTRY = ROOT / "data" / "events.toml"
