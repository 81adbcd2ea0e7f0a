"""The shells in which words can be completed: one module and one script each."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, cast

from ilocal.errors import UsageError
from ilocal.i18n.messages import _
from ilocal.model.safe_text import make_text_safe

if TYPE_CHECKING:
    from ilocal.cli.completion.shells.base import Shell


def list_shells() -> list[str]:
    """Return the names of the supported shells."""
    return sorted(path.stem for path in Path(__path__[0]).glob("[!_]*.py") if path.stem != "base")


def get_shell(name: str) -> Shell:
    """Return the module of a shell. Raises UsageError for an unknown one."""
    if name not in list_shells():
        hint = _("use one of {names}", names=", ".join(list_shells()))
        raise UsageError(_('completion is not available for "{shell}"', shell=make_text_safe(name)), hint=hint)
    return cast("Shell", import_module(f"{__name__}.{name}"))


def read_completion_script(name: str) -> str:
    """Return the script of a shell."""
    return (Path(__path__[0]) / f"ilocal.{name}").read_text(encoding="utf-8")
