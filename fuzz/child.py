"""One target under atheris, in its own process: libFuzzer ends the process when it is done, or has a find."""

from __future__ import annotations

import sys
from importlib import import_module
from pkgutil import walk_packages

import atheris


def main(name: str, arguments: list[str]) -> None:
    """Run until libFuzzer ends the process."""
    with atheris.instrument_imports(include=["ilocal"]):
        target = import_module(f"fuzz.{name}")
        for found in walk_packages(
            import_module("ilocal").__path__, "ilocal."
        ):  # also those imported where they are used
            if not found.name.endswith("__main__"):
                import_module(found.name)
    atheris.Setup([sys.argv[0], *arguments], target.check)
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
