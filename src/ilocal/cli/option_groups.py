"""Groups of options: dataclasses expanded into the parameters of a command."""

from __future__ import annotations

import dataclasses
import functools
import inspect
from collections.abc import Callable
from typing import Any, get_type_hints


def expand_option_groups(command: Callable[..., Any]) -> Callable[..., Any]:
    """Convert the fields of parameters that are dataclasses to options of the command, for Typer."""
    hints = get_type_hints(command, include_extras=True)
    groups: dict[str, Any] = {}
    shown: list[inspect.Parameter] = []
    for parameter in inspect.signature(command).parameters.values():
        kind = hints[parameter.name]
        if not dataclasses.is_dataclass(kind):
            shown.append(parameter.replace(annotation=kind, kind=parameter.KEYWORD_ONLY))
            continue
        groups[parameter.name] = kind
        for name, hint in get_type_hints(kind, include_extras=True).items():
            default = next(f.default for f in dataclasses.fields(kind) if f.name == name)
            shown.append(inspect.Parameter(name, parameter.KEYWORD_ONLY, default=default, annotation=hint))

    @functools.wraps(command)
    def run(**values: Any) -> Any:
        for name, kind in groups.items():
            own = {f.name: values.pop(f.name) for f in dataclasses.fields(kind)}
            values[name] = kind(**own)
        return command(**values)

    run.__signature__ = inspect.Signature(shown)  # type: ignore[attr-defined]
    run.__annotations__ = {parameter.name: parameter.annotation for parameter in shown}
    del run.__wrapped__  # or the original's parameters would be looked up
    return run
