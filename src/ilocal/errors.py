"""Errors that a user can fix, each with its message, hint and exit code."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Self

from ilocal.i18n.messages import AnyMessage, _

Severity = Literal["error", "warning", "note"]


class IlocalError(Exception):
    """Base of all errors that end a command with one line on stderr and no traceback.

    Arguments:
        message: a sentence that begins with its place, if there is one (`FILE:LINE: …`).
        hint: what the user can do.
        choices: options to offer, each on a line of its own.
        exit_code: the exit code; None for that of the class.
    """

    exit_code = 2

    def __init__(
        self, message: AnyMessage, *, hint: AnyMessage = "", choices: Sequence[str] = (), exit_code: int | None = None
    ) -> None:
        super().__init__(message)
        self.lazy_message = message  # for raising it again, or storing it
        self.hint = str(hint)
        self.choices = choices
        if exit_code is not None:
            self.exit_code = exit_code

    def with_hint(self, hint: str) -> Self:
        """Return the same error with another hint."""
        other = type(self).__new__(type(self), *self.args)
        other.__dict__.update(self.__dict__, hint=hint)
        return other

    @property
    def message(self) -> str:
        """The sentence in the language of this run."""
        return str(self.lazy_message)

    def __str__(self) -> str:
        return self.message


class UsageError(IlocalError):
    """Invalid usage: a wrong command line, an unreadable date, or an input file in another format than expected."""

    exit_code = 2


class InputError(UsageError):
    """An invalid input file, with the line of the error."""

    def __init__(self, line: int, reason: str, *, hint: str = "", place: str = "") -> None:
        super().__init__(f"{place}: {reason}" if place else format_line_error(line, reason), hint=hint)
        self.line = line
        self.reason = reason
        self.place = place  # in a file without lines, such as `Sheet!C7`

    def in_file(self, name: str) -> UsageError:
        """Return the same error with the name of the file in front: `FILE:LINE: reason`."""
        return UsageError(f"{name}:{self.place or self.line}: {self.reason}", hint=self.hint)


class NetworkError(UsageError):
    """A server cannot be reached, may not be contacted, or gives an unusable response."""


class DateError(UsageError):
    """A date that cannot be read with certainty; `reason` tells what an incomplete date lacks."""

    def __init__(self, message: AnyMessage, *, hint: AnyMessage = "", reason: AnyMessage = "") -> None:
        super().__init__(message, hint=hint)
        self.reason = reason


class InvalidEventError(UsageError):
    """An invalid value of an event: `field` is its name in the registry, `reason` the error."""

    def __init__(self, field: str, reason: AnyMessage, *, hint: AnyMessage = "") -> None:
        super().__init__(reason, hint=hint)
        self.field = field
        self.further_errors: Sequence[InvalidEventError] = ()  # about other fields of the same event

    @property
    def reason(self) -> str:
        """The error, without the name of the field."""
        return str(self.lazy_message)

    @property
    def message(self) -> str:
        return f"{self.field}: {self.reason}"


class RegistryError(IlocalError):
    """The registry is missing, cannot be read or is not valid."""

    exit_code = 3


class HandleError(IlocalError):
    """No event answers to a handle, or more than one does."""

    exit_code = 4
    candidate_ids: Sequence[str] = ()  # of the events that answer to it, in the order of the registry


class EventNotFound(HandleError):
    """No event answers to a handle."""


class ConflictError(IlocalError):
    """A duplicate, a lock that is not released, or a file changed by another program."""

    exit_code = 5


class LaterChangeError(ConflictError):
    """A change cannot be undone before a later one of the same event: its number, and the event's id."""

    def __init__(self, message: AnyMessage, *, hint: AnyMessage, id: str, number: int) -> None:
        super().__init__(message, hint=hint)
        self.id = id
        self.number = number


class FileChangedError(ConflictError):
    """A file changed since it was read: the write must be applied to its new content."""


class DurabilityError(IlocalError):
    """The new text is in place, but the system did not confirm that it is on disk."""

    exit_code = 6


def format_line_error(line: int, message: str) -> str:
    """Return the message of an error in a line of a text without a name."""
    return _("line {line}: {message}", line=line, message=message)


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """A finding about a file that does not stop the rest from being read.

    `line` counts from 1 (0: the whole file). An error means that something was left out, a warning that something was
    kept but is suspicious, a note that something was skipped on purpose. `text` is the omitted source text; `code`
    identifies the kind of finding for programs, whatever the language.
    """

    line: int
    lazy_message: AnyMessage
    field: str = ""
    severity: Severity = "error"
    text: str = ""
    file: str = ""  # which of the registry's files, if there are several
    code: str = ""
    # Whether it is about something that an earlier diagnostic has already left out. The index does not keep it.
    is_further: bool = dataclasses.field(default=False, compare=False)
    place: str = ""  # in a file without lines, such as `Sheet!C7`

    @property
    def message(self) -> str:
        """The finding, as a sentence in the current language."""
        return str(self.lazy_message)

    @property
    def message_with_field(self) -> str:
        """The finding as `field: message`, or without the field if it is about none."""
        return f"{self.field}: {self.message}" if self.field else self.message

    def format_with_file(self, file: str) -> str:
        """Return the finding as a line `FILE:LINE: field: message`; `file` is used if it has none of its own."""
        where = self.place or (self.line or "")
        place = f"{self.file or file}:{where}: " if where else f"{self.file or file}: "
        return place + self.message_with_field
