"""`ilocal schema`: printed or written, with or without a registry."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from ilocal.storage.json_schema import build_schema_of_registry_file
from tests.support.cli import Ilocal
from tests.support.paths import SHIPPED_REGISTRY


def test_the_schema_is_printed_or_written_with_or_without_a_registry(ilocal: Ilocal) -> None:
    printed = ilocal("schema")
    assert (printed.code, printed.err, json.loads(printed.out)) == (0, "", build_schema_of_registry_file())
    Path("a.json").write_text("old", encoding="utf-8")
    assert ilocal("schema", "-o", "a.json") == (0, "", "")
    assert Path("a.json").read_text(encoding="utf-8") == printed.out
    shutil.copy(SHIPPED_REGISTRY, "events.toml")
    assert ilocal("schema", "-o", "events.toml").code == 2
    assert Path("events.toml").read_bytes() == SHIPPED_REGISTRY.read_bytes()
