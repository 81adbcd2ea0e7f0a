"""`ilocal export`: formats that are written and not read."""

from __future__ import annotations

from pathlib import Path

from tests.support.cli import Ilocal


def test_tsv_goes_out_and_not_in(ilocal: Ilocal, registry: Path) -> None:
    ilocal("list", "-o", "a.tsv")
    assert ilocal("import", "a.tsv").err == 'ilocal: a.tsv: ilocal cannot read the format "tsv"\n'
