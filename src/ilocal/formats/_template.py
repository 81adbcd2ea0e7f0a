"""Events as lines of a template. The format is made from the template; it has no name and no suffix."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ilocal.formats.base import WriteOptions
from ilocal.model.event import Event
from ilocal.model.event_template import parse_template_of_event_fields


class TemplateFormat:
    """A `Format` that writes each event by a template."""

    __name__ = "template"
    suffixes = ()

    def __init__(self, template: str) -> None:
        """Read the template. Raises UsageError."""
        self._template = parse_template_of_event_fields(template)

    def dump(self, events: Iterable[Event], options: WriteOptions) -> Iterator[str]:
        """Yield the lines of the events."""
        for event in events:
            yield self._template.format_event(event, options.lang, options.language) + "\n"
