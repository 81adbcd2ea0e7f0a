"""One run of the program: its registry, language, time zone, today and settings."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, tzinfo
from functools import cached_property
from pathlib import Path
from typing import Literal

from ilocal.cli.settings.config import WEEK_START_CHOICES, Settings
from ilocal.cli.settings.precedence import CommandLineOverrides, ResolvedSetting, resolve_setting
from ilocal.errors import DateError, EventNotFound, RegistryError, UsageError
from ilocal.i18n.messages import _, first_supported_language, supported_languages
from ilocal.model.date_names import set_date_format
from ilocal.model.dates import PartialDate, Period, parse_iso_date
from ilocal.model.event import Event
from ilocal.model.safe_text import make_text_safe
from ilocal.storage.discovery import find_registry
from ilocal.terminal.status import print_diagnostics_on_terminal, print_warning
from ilocal.workspace import Registry

ColorMode = Literal["auto", "always", "never"]


class Session:
    """One run of the program: its global options, and what follows from them."""

    def __init__(
        self,
        registry: str | None,
        lang: str | None,
        today: str | None,
        color: ColorMode | None,
        *,
        config: Settings,
        has_pager: bool = True,
        other_registries: Sequence[str] = (),
    ) -> None:
        self._registry, self._lang, self._today, self._color = registry, first_supported_language(lang), today, color
        self.config, self._has_pager = config, has_pager
        self._other_registries = other_registries  # queried together with the first
        set_date_format(str(self.resolve_setting("date_format").value))
        self._path: Path | None = None
        self._opened_registry: Registry | None = None
        self.command = ""  # the name of the command, for the list of changes
        self.is_silent = False  # suppress messages about the data
        if lang is not None and self._lang is None:
            raise UsageError(
                _('unknown language "{lang}"', lang=make_text_safe(lang)),
                hint=_("use one of {names}", names=", ".join(supported_languages())),
            )

    @property
    def registry(self) -> Registry:
        """The registry, opened on first use."""
        if self._opened_registry is None and self._other_registries:
            from ilocal.sync.registry_union import RegistryUnion

            self._opened_registry = RegistryUnion(self.paths, is_silent=self.is_silent)
        elif self._opened_registry is None:
            self._opened_registry = Registry(self.path, is_cli=True, is_silent=self.is_silent)
            self._opened_registry.command = self.command
        return self._opened_registry

    @property
    def path(self) -> Path:
        """The path of the registry: as set by a command, else as found by `find_registry`."""
        if self._path is None:
            self._path = self._find_registry_option_path()
        return self._path

    @path.setter
    def path(self, path: Path) -> None:
        self._path = path

    @property
    def paths(self) -> list[Path]:
        """The paths of all registries of a query."""
        return [self.path, *map(Path, self._other_registries)]

    def _find_registry_option_path(self) -> Path:
        path = find_registry(self._registry, os.environ, Path.cwd(), self.config.registry_path)
        if (
            path == self.config.registry_path
            and not path.exists()
            and self.resolve_setting("registry").source == "config"
        ):
            from ilocal.cli.settings.config_file import find_config_line

            place = f"{self.config.path}:{find_config_line(self.config, 'registry')}"
            raise RegistryError(
                _("there is no registry at {path}, which is set in your config file ({place})", path=path, place=place),
                hint=_("to create a registry, run: ilocal init {path}", path=path),
            )
        return path

    def close(self) -> None:
        """Print notes and close the registry, at the end of the run."""
        if self._opened_registry is not None:
            for note in self.registry.notes if not self.is_silent else ():
                print_warning(note)
            self.registry.close()

    @property
    def has_command_saved_changes(self) -> bool:
        """Whether the registry was changed."""
        return self._opened_registry is not None and self.registry.has_written

    @property
    def explicit_path(self) -> str | None:
        """The registry that was named, whether or not it exists."""
        return self._registry or os.environ.get("ILOCAL_REGISTRY")

    @cached_property
    def lang(self) -> str:
        """The language of headings and messages: option, variable, config, registry, locale, else English."""
        return str(self.resolve_setting("language").value)

    @property
    def week_start(self) -> int:
        """The weekday on which a week begins; 0 is Monday, as in Python's calendar."""
        return WEEK_START_CHOICES.index(self.resolve_setting("week_start").value)

    @property
    def pager_command(self) -> str:
        """The command that pages long output; "" for none."""
        return str(self.resolve_setting("pager").value)

    @property
    def styles(self) -> dict[str, str]:
        """How the parts of an answer are drawn, by the names in `theme.DEFAULT_STYLES`."""
        from ilocal.terminal.theme import DEFAULT_STYLES

        return {name: self.resolve_setting(f"styles.{name}").value for name in DEFAULT_STYLES}

    def resolve_setting(self, key: str) -> ResolvedSetting:
        """Return a setting with its value in this run and its source."""
        said = CommandLineOverrides(self._registry or None, self._lang, self._color, None if self._has_pager else "")
        return resolve_setting(key, said, os.environ, self.config, self._get_registry_field_for_session)

    @property
    def registry_language(self) -> str:
        """The language of the registry; "" if it states none.

        If that is not a supported language and no other was requested, it is that of the headings, so that no title is
        marked as foreign.
        """
        said = self._get_registry_field_for_session("language")
        asked = self.resolve_setting("language").source in ("option", "variable", "config")
        return said if asked or first_supported_language(said) or not said else self.lang

    @cached_property
    def today(self) -> date:
        """`--today`, else ILOCAL_TODAY, else the day in the registry's time zone."""
        return self._get_explicit_today() or datetime.now(self.zone).date()

    def get_today_option_in_zone(self, timezone: str) -> date:
        """Return the day of `today` for a registry in another time zone."""
        from ilocal.model.timezones import load_timezone

        return self._get_explicit_today() or datetime.now(load_timezone(timezone)).date()

    def _get_explicit_today(self) -> date | None:
        said = self._today or os.environ.get("ILOCAL_TODAY")
        if not said:
            return None
        point = self._parse_today_option(said)
        if isinstance(point, datetime) or not isinstance(point, date):
            raise UsageError(
                _('expected an exact day as today, found "{said}"', said=make_text_safe(said)),
                hint=_("use a day such as 2020-02-25"),
            )
        return point

    def _parse_today_option(self, said: str) -> PartialDate:
        with suppress(DateError):
            return parse_iso_date(said)  # ISO dates of scripts do not need the parser
        from ilocal.model.date_parser import parse_date

        return parse_date(said, datetime.now(self.zone).date())

    @cached_property
    def zone(self) -> tzinfo | None:
        """The registry's time zone; None is the system's."""
        from ilocal.model.timezones import load_timezone

        return load_timezone(self._get_registry_field_for_session("timezone"))

    @property
    def now(self) -> datetime:
        """The current time for timestamps, to the second; the beginning of the day if today was given."""
        if self._today or os.environ.get("ILOCAL_TODAY"):
            moment = datetime(self.today.year, self.today.month, self.today.day, tzinfo=self.zone)
            return moment if self.zone else moment.replace(tzinfo=UTC)
        return datetime.now(self.zone).astimezone(self.zone).replace(microsecond=0)

    def _get_registry_field_for_session(self, name: str) -> str:
        try:
            return str(getattr(self.registry.info, name))
        except RegistryError:
            return ""

    @property
    def uses_color(self) -> bool:
        wanted = self.resolve_setting("color").value
        if wanted != "auto":
            return bool(wanted == "always")
        return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"

    @property
    def uses_tables(self) -> bool:
        """Whether tables are drawn: on a terminal, or if colours are always requested."""
        return sys.stdout.isatty() or self._color == "always"  # and not by a config: scripts go on reading lines

    def find_event_by_handle_argument(self, handle: str) -> Event:
        """Return the event that `handle` names.

        Raises HandleError, after printing diagnostics, which may explain it.
        """
        try:
            return self.registry.find(handle)
        except EventNotFound:
            print_diagnostics_on_terminal(self.registry.diagnostics, self.registry.display_name)
            raise

    def parse_period(self, text: str) -> Period:
        """Return the dates in a text. Raises DateError, with the words that are not part of a date."""
        try:
            return self.parse_certain_period(text)
        except DateError as error:
            if error.reason:
                raise
            from ilocal.model.incomplete_dates import describe_unread_words

            hint = describe_unread_words(text, self.parse_certain_period)
            raise DateError(error.lazy_message, hint=hint or error.hint) from None

    def parse_certain_period(self, text: str) -> Period:
        """Return the dates in a text, as `parse_period` does, without looking for a date among other words."""
        from ilocal.model.date_parser import parse_period  # its patterns take 10 ms to prepare

        return parse_period(text, self.today)

    def parse_date(self, text: str) -> PartialDate:
        """Return the single date in a text. Raises DateError."""
        from ilocal.model.date_parser import parse_date

        return parse_date(text, self.today)
