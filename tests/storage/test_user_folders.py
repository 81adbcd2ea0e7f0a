"""The user's folders are those of platformdirs."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import platformdirs
import pytest

from ilocal.storage.discovery import get_user_folder

Kind = Literal["cache", "config", "data", "state"]


@pytest.mark.parametrize("base", ["/some/where", "", "  ", "re/lative", None])
@pytest.mark.parametrize("kind", ["cache", "config", "data", "state"])
def test_the_folder_is_the_one_of_platformdirs(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, kind: Kind, base: str | None
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    variable = f"XDG_{kind.upper()}_HOME"
    if base is None:
        monkeypatch.delenv(variable, raising=False)
    else:
        monkeypatch.setenv(variable, base)
    found = get_user_folder(kind)
    assert found == getattr(platformdirs, f"user_{kind}_path")("ilocal")
    assert found.is_relative_to("/some/where" if base == "/some/where" else tmp_path)
