"""What a build makes before it packs: the catalogues as the program reads them."""

from __future__ import annotations

import sys
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Made(BuildHookInterface):  # type: ignore[misc]
    """Runs for wheels, and for an editable installation too."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        sys.path.insert(0, f"{self.root}/build_hooks")
        import catalogues

        build_data["artifacts"] += [str(path.relative_to(self.root)) for path in catalogues.compile_all()]
