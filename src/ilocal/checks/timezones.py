"""Unknown time zones of the registry and its events."""

from collections.abc import Iterator
from datetime import date

from ilocal.checks.base import find_checked_key_line, get_metadata_to_check, make_check_warning
from ilocal.errors import Diagnostic
from ilocal.i18n.messages import _
from ilocal.model.safe_text import make_text_safe
from ilocal.model.timezones import FLOATING_TIMEZONE, load_timezone
from ilocal.storage.loader import ParsedRegistry

CODES = ("no-time-zone",)


def check(registry: ParsedRegistry, today: date) -> Iterator[Diagnostic]:
    for source in registry.files:
        zone = get_metadata_to_check(source).get("timezone")
        if isinstance(zone, str) and zone and load_timezone(zone) is None:
            line = find_checked_key_line(source, "timezone")
            yield Diagnostic(
                line,
                _make_check_warning_of_timezone(zone),
                "timezone",
                "warning",
                file=source.file,
                code="no-time-zone",
            )
    for event in registry.events.values():
        if event.timezone not in ("", FLOATING_TIMEZONE) and load_timezone(event.timezone) is None:
            yield make_check_warning(
                registry, event, "timezone", _make_check_warning_of_timezone(event.timezone), "no-time-zone"
            )


def _make_check_warning_of_timezone(name: str) -> str:
    return _('unknown time zone "{name}"', name=make_text_safe(name))
