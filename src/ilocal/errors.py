"""What can go wrong that a user can mend: the sentence, the way out and the exit code stand together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Self

from ilocal.i18n.messages import AnyMessage, _

Severity = Literal["error", "warning", "note"]


class IlocalError(Exception):
    """An error that ends a command with one line on stderr, never a traceback.

    `message` is a sentence that begins with its place where there is one (`FILE:LINE: …`); `hint` is the way out,
    `choices` what it offers, each on a line of its own.
    """

    exit_code = 2

    def __init__(
        self, message: AnyMessage, *, hint: AnyMessage = "", choices: Sequence[str] = (), exit_code: int | None = None
    ) -> None:
        super().__init__(message)
        self.lazy_message = message  # to be raised once more, or kept
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
    """Wrong words on the command line, an unreadable date, or an input file that cannot be read as what it is."""

    exit_code = 2


class InputError(UsageError):
    """An input file that cannot be read as what it is, with the line where that is seen."""

    def __init__(self, line: int, reason: str, *, hint: str = "", place: str = "") -> None:
        super().__init__(f"{place}: {reason}" if place else format_line_error(line, reason), hint=hint)
        self.line = line
        self.reason = reason
        self.place = place  # in a file that has no lines, such as `Sheet!C7`

    def in_file(self, name: str) -> UsageError:
        """Return the same error with the name of the file in front: `FILE:LINE: reason`."""
        return UsageError(f"{name}:{self.place or self.line}: {self.reason}", hint=self.hint)


class NetworkError(UsageError):
    """A server that cannot be reached, may not be asked, or whose answer cannot be used."""


class DateError(UsageError):
    """A date that cannot be read with certainty; `reason` is what a text lacks that has something of a date."""

    def __init__(self, message: AnyMessage, *, hint: AnyMessage = "", reason: AnyMessage = "") -> None:
        super().__init__(message, hint=hint)
        self.reason = reason


class InvalidEventError(UsageError):
    """A value that an event cannot have: `field` names it as the record does, `reason` is what is wrong with it."""

    def __init__(self, field: str, reason: AnyMessage, *, hint: AnyMessage = "") -> None:
        super().__init__(reason, hint=hint)
        self.field = field
        self.further_errors: Sequence[InvalidEventError] = ()  # about other fields of the same event

    @property
    def reason(self) -> str:
        """What is wrong, without the name of the field."""
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
    """A duplicate, a lock that is not given up, or a file that somebody else changed meanwhile."""

    exit_code = 5


class FileChangedError(ConflictError):
    """The file is not as it was read: what was to be written has to be fitted into what it is now."""


class DurabilityError(IlocalError):
    """The new text is in place, but the system did not confirm that it is on disk."""

    exit_code = 6


def format_line_error(line: int, message: str) -> str:
    """What is wrong in a line of a text that has no name."""
    return _("line {line}: {message}", line=line, message=message)


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """Something found while reading a file that does not stop the rest from being read.

    `line` counts from 1 (0: the whole file). An error is something left out, a warning something kept and doubted,
    a note something passed over on purpose. `text` is what was left out, as it stands in the file; `code` names the
    kind of problem for programs, whatever the language.
    """

    line: int
    lazy_message: AnyMessage
    field: str = ""
    severity: Severity = "error"
    text: str = ""
    file: str = ""  # the one of a registry's files, where there are more
    code: str = ""
    is_further: bool = False  # about something that an earlier diagnostic has already left out
    place: str = ""  # in a file that has no lines, such as `Sheet!C7`

    @property
    def message(self) -> str:
        """What is wrong, as a sentence in the language of this run."""
        return str(self.lazy_message)

    def format_with_file(self, file: str) -> str:
        """The line that names this problem: `FILE:LINE: field: message`; `file` is where it does not say itself."""
        where = self.place or (self.line or "")
        place = f"{self.file or file}:{where}: " if where else f"{self.file or file}: "
        return place + (f"{self.field}: " if self.field else "") + self.message
