"""Problems of a registry as text, as JSON and as annotations of GitHub."""

from collections.abc import Iterator, Sequence

from ilocal.errors import Problem
from ilocal.model.safe_text import json_escaped, message, safe

# ------------------------------------------------------------------------------------------------------------- formats


def as_text(found: Sequence[Problem]) -> Iterator[str]:
    """`FILE:LINE: field: message`, a line each."""
    return (message(problem.at("")) + "\n" for problem in found)


def as_json(found: Sequence[Problem]) -> Iterator[str]:
    """One array of objects; line 0 is the whole file."""
    import json

    yield "["
    for n, one in enumerate(found):
        plain = {name: getattr(one, name) for name in ("file", "line", "level", "code", "field", "message")}
        yield (",\n" if n else "\n") + json_escaped(json.dumps(plain, ensure_ascii=False))
    yield "\n]\n" if found else "]\n"


def as_github(found: Sequence[Problem]) -> Iterator[str]:
    """Commands of GitHub Actions, which show each problem at its line."""
    for one in found:
        where = {"file": one.file, **({"line": str(one.line)} if one.line else {}), "title": f"ilocal {one.code}"}
        said = ",".join(f"{name}={_property(value)}" for name, value in where.items())
        yield f"::{one.level} {said}::{_data((f'{one.field}: ' if one.field else '') + one.message)}\n"


def _data(text: str) -> str:
    """A text as such a command has it after its `::`."""
    return safe(text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A"))


def _property(text: str) -> str:
    """A value as such a command has it before its `::`."""
    return _data(text).replace(":", "%3A").replace(",", "%2C")


FORMATS = {"text": as_text, "json": as_json, "github": as_github}
