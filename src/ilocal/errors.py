"""What can go wrong that a user can mend: the sentence, the way out and the exit code stand together."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ilocal.i18n.messages import N_, Message, _

Severity = Literal["error", "warning", "note"]


class IlocalError(Exception):
    """An error that ends a command with one line on stderr, never a traceback.

    `message` is a sentence that begins with its place where there is one (`FILE:LINE: …`); `hint` is the way out,
    `choices` what it offers, each on a line of its own.
    """

    exit_code = 2

    def __init__(self, message: str, *, hint: str = "", choices: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.choices = choices


class UsageError(IlocalError):
    """Wrong words on the command line, an unreadable date, or an input file that cannot be read as what it is."""

    exit_code = 2


class DateError(UsageError):
    """A date that cannot be read with certainty."""


class InvalidEventError(UsageError):
    """A value that an event cannot have. `field` names it as the record does."""

    def __init__(self, field: str, message: str, *, hint: str = "") -> None:
        super().__init__(f"{field}: {message}", hint=hint)
        self.field = field
        self.reason = message


class RegistryError(IlocalError):
    """The registry is missing, cannot be read or is not valid."""

    exit_code = 3


class HandleError(IlocalError):
    """No event answers to a handle, or more than one does."""

    exit_code = 4


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
    return _(_LINE_MESSAGE, line=line, message=message)


_LINE_MESSAGE = N_("line {line}: {message}")


def format_file_error(name: str, message: str) -> str:
    """The same in a file that has one: `FILE:LINE: what is wrong`."""
    if isinstance(message, Message) and message.of == (_LINE_MESSAGE,):
        return f"{name}:{message.values['line']}: {message.values['message']}"
    return f"{name}: {message}"


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """Something found while reading a file that does not stop the rest from being read.

    `line` counts from 1 (0: the whole file). An error is something left out, a warning something kept and doubted,
    a note something passed over on purpose. `text` is what was left out, as it stands in the file.
    """

    line: int
    message: str
    field: str = ""
    severity: Severity = "error"
    text: str = ""
    file: str = ""  # the one of a registry's files, where there are more
    code: str = dataclasses.field(default="", compare=False)  # a short name of what kind it is, which stays the same

    def format_with_file(self, file: str) -> str:
        """The line that names this problem: `FILE:LINE: field: message`; `file` is where it does not say itself."""
        place = f"{self.file or file}:{self.line}: " if self.line else f"{self.file or file}: "
        return place + (f"{self.field}: " if self.field else "") + self.message
