"""Problems of a registry as text, as JSON and as annotations of GitHub."""

from collections.abc import Iterator, Sequence

from ilocal.errors import Diagnostic
from ilocal.model.safe_text import escape_json, escape_message, make_text_safe

_FIELD_BY_JSON_KEY = {
    "file": "file",
    "line": "line",
    "level": "severity",
    "code": "code",
    "field": "field",
    "message": "message",
}


def report_diagnostics_as_text(found: Sequence[Diagnostic]) -> Iterator[str]:
    """Yield a line `FILE:LINE: field: message` for each diagnostic."""
    return (escape_message(problem.format_with_file("")) + "\n" for problem in found)


def report_diagnostics_as_json(found: Sequence[Diagnostic]) -> Iterator[str]:
    """Yield a JSON array of objects; line 0 means the whole file."""
    import json

    yield "["
    for n, one in enumerate(found):
        plain = {key: getattr(one, name) for key, name in _FIELD_BY_JSON_KEY.items()}
        yield (",\n" if n else "\n") + escape_json(json.dumps(plain, ensure_ascii=False))
    yield "\n]\n" if found else "]\n"


def report_diagnostics_to_github(found: Sequence[Diagnostic]) -> Iterator[str]:
    """Yield workflow commands of GitHub Actions, which show each diagnostic at its line."""
    for one in found:
        where = {"file": one.file, **({"line": str(one.line)} if one.line else {}), "title": f"ilocal {one.code}"}
        said = ",".join(f"{name}={_escape_property_of_diagnostic_for_github(value)}" for name, value in where.items())
        field = f"{one.field}: " if one.field else ""
        yield f"::{one.severity} {said}::{_escape_diagnostic_for_github(field + one.message)}\n"


def _escape_diagnostic_for_github(text: str) -> str:
    """Return a text escaped for the message of such a command."""
    return make_text_safe(text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A"))


def _escape_property_of_diagnostic_for_github(text: str) -> str:
    """Return a value escaped for a property of such a command."""
    return _escape_diagnostic_for_github(text).replace(":", "%3A").replace(",", "%2C")


REPORT_FORMATS = {
    "text": report_diagnostics_as_text,
    "json": report_diagnostics_as_json,
    "github": report_diagnostics_to_github,
}
