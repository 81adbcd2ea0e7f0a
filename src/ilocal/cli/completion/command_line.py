"""The command line so far, and what is awaited where it ends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Place:
    """Where somebody types."""

    command: Any  # whose words they are; the group, where a command may come
    awaited: Any | None  # the option or argument whose value it is; None for a command or an option
    typed: str  # what of the word is looked up
    head: str = ""  # what of it comes before that: `--topic=`
    is_option: bool = False  # whether it is the name of an option
    options_end: bool = False  # whether `--` came before it
    given: list[tuple[Any, str]] = field(default_factory=list)  # options and arguments before it, with their values

    def said(self, name: str) -> list[str]:
        """The values that were given to a parameter."""
        return [value for parameter, value in self.given if parameter.name == name]


def place_of(group: Any, words: Sequence[str], typed: str) -> Place | None:
    """Where `typed` stands after the words; None after a command that there is not."""
    place = Place(group, None, typed)
    for word in words:
        if place.awaited is not None:
            place.given.append((place.awaited, word))
            place.awaited = None
        elif not place.options_end and word == "--":
            place.options_end = True
        elif not place.options_end and _is_option(word):
            _take(place, word)
        elif is_group(place.command):
            place.command = place.command.get_command(None, word)
            if place.command is None:
                return None
        elif argument := _argument(place):
            place.given.append((argument, word))
    if place.awaited is None and not place.options_end and typed.startswith("-"):
        _begin_option(place)
    elif place.awaited is None and not is_group(place.command):
        place.awaited = _argument(place)
    return place


def is_group(command: Any) -> bool:
    """Whether a command's words begin with the name of another one."""
    return hasattr(command, "list_commands")


def options(command: Any) -> list[Any]:
    """The options of a command, those of its help too."""
    import typer

    found = command.get_params(typer.Context(command, **command.context_settings))
    return [one for one in found if one.param_type_name == "option" and not one.hidden]


def takes_value(option: Any) -> bool:
    """Whether a value follows an option."""
    return not option.is_flag and not option.count


def _is_option(word: str) -> bool:
    return word.startswith("-") and word != "-"


def _named(command: Any, name: str) -> Any | None:
    return next((one for one in options(command) if name in (*one.opts, *one.secondary_opts)), None)


def _take(place: Place, word: str) -> None:
    """Note options that are typed to their end: `--topic`, `--topic=CSR`, `-n5`, `-yn 5`."""
    for option, value in _split(place.command, word):
        if option is None or not takes_value(option):
            place.given += [(option, "")] if option else []
        elif value is None:
            place.awaited = option
        else:
            place.given.append((option, value))


def _split(command: Any, word: str) -> Iterator[tuple[Any | None, str | None]]:
    if word.startswith("--"):
        name, equals, value = word.partition("=")
        yield _named(command, name), value if equals else None
        return
    for at, letter in enumerate(word[1:], 2):
        option = _named(command, f"-{letter}")
        if option is not None and takes_value(option):
            yield option, word[at:] or None
            return
        yield option, None


def _begin_option(place: Place) -> None:
    name, equals, value = place.typed.partition("=")
    if name.startswith("--"):
        option, head = (_named(place.command, name), f"{name}=") if equals else (None, "")
    else:
        option, head, value = _joined(place.command, place.typed)
    if option is not None and takes_value(option):
        place.awaited, place.head, place.typed = option, head, value
    else:
        place.is_option = True


def _joined(command: Any, word: str) -> tuple[Any | None, str, str]:
    """The short option whose value begins in the same word, what comes before that, and the value: `-fj`, `-yn5`."""
    for option, value in _split(command, word):
        if option is not None and value:
            return option, word.removesuffix(value), value
    return None, "", ""


def _argument(place: Place) -> Any | None:
    """The argument that the next word is."""
    arguments = [one for one in place.command.params if one.param_type_name == "argument"]
    count = sum(parameter in arguments for parameter, _ in place.given)
    for argument in arguments:
        if argument.nargs < 0 or count < argument.nargs:
            return argument
        count -= argument.nargs
    return None
