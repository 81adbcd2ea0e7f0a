"""Build hook: compiles the catalogues and makes the manual in each language before packing."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Made(BuildHookInterface):  # type: ignore[misc]
    """Runs for wheels, and for an editable installation, which needs no manual."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if self.target_name != "wheel":
            return
        root = Path(self.root)
        sys.path[:0] = [str(root / "build_hooks"), str(root / "src")]
        import catalogues

        build_data["artifacts"] += [str(path.relative_to(root)) for path in catalogues.compile_all()]
        if version != "editable":
            import manual

            for path, place in manual.make_all(root / "build" / "man").items():
                build_data["shared_data"][str(path)] = place
