"""Parser of the command line up to the cursor, which finds the parameter expected there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass
class CursorContext:
    """The place of the cursor in the command line."""

    command: Any  # the command of the words; the group, if a command is expected
    expected_parameter: Any | None  # the option or argument whose value is typed; None for a command or an option
    partial_word: str  # the part of the word to complete
    program: Any = None  # whose options are also allowed after a command
    prefix: str = ""  # the part of the word before that: `--topic=`
    is_option: bool = False  # whether it is the name of an option
    options_end: bool = False  # whether `--` came before it
    given_values: list[tuple[Any, str]] = field(
        default_factory=list
    )  # options and arguments before it, with their values

    def get_option_values(self, name: str) -> list[str]:
        """Return the values given to a parameter."""
        return [value for parameter, value in self.given_values if parameter.name == name]


def parse_command_line(group: Any, words: Sequence[str], partial_word: str) -> CursorContext | None:
    """Return the place of `partial_word` after the words; None after an unknown command."""
    place = CursorContext(group, None, partial_word, group)
    for word in words:
        if place.expected_parameter is not None:
            place.given_values.append((place.expected_parameter, word))
            place.expected_parameter = None
        elif not place.options_end and word == "--":
            place.options_end = True
        elif not place.options_end and _is_option_word(word):
            _consume_option_word(place, word)
        elif is_command_group(place.command):
            place.command = place.command.get_command(None, word)
            if place.command is None:
                return None
        elif argument := _find_next_argument(place):
            place.given_values.append((argument, word))
    if place.expected_parameter is None and not place.options_end and partial_word.startswith("-"):
        _parse_partial_option(place)
    elif place.expected_parameter is None and not is_command_group(place.command):
        place.expected_parameter = _find_next_argument(place)
    return place


def is_command_group(command: Any) -> bool:
    """Return whether a command is a group of commands."""
    return hasattr(command, "list_commands")


def list_command_options(command: Any) -> list[Any]:
    """Return the options of a command, including --help."""
    import typer

    found = command.get_params(typer.Context(command, **command.context_settings))
    return [one for one in found if one.param_type_name == "option" and not one.hidden]


def is_value_option(option: Any) -> bool:
    """Return whether an option takes a value."""
    return not option.is_flag and not option.count


def _is_option_word(word: str) -> bool:
    return word.startswith("-") and word != "-"


def _find_option(place: CursorContext, name: str) -> Any | None:
    """Return the option of the command, or else of the program, with this name."""
    return _find_command_option(place.command, name) or _find_command_option(place.program, name)


def _find_command_option(command: Any, name: str) -> Any | None:
    return next((one for one in list_command_options(command) if name in (*one.opts, *one.secondary_opts)), None)


def _consume_option_word(place: CursorContext, word: str) -> None:
    """Note options that are typed to their end: `--topic`, `--topic=CSR`, `-n5`, `-yn 5`."""
    for option, value in _split_option_word(place, word):
        if option is None or not is_value_option(option):
            place.given_values += [(option, "")] if option else []
        elif value is None:
            place.expected_parameter = option
        else:
            place.given_values.append((option, value))


def _split_option_word(place: CursorContext, word: str) -> Iterator[tuple[Any | None, str | None]]:
    if word.startswith("--"):
        name, equals, value = word.partition("=")
        yield _find_option(place, name), value if equals else None
        return
    for at, letter in enumerate(word[1:], 2):
        option = _find_option(place, f"-{letter}")
        if option is not None and is_value_option(option):
            yield option, word[at:] or None
            return
        yield option, None


def _parse_partial_option(place: CursorContext) -> None:
    name, equals, value = place.partial_word.partition("=")
    if name.startswith("--"):
        option, head = (_find_option(place, name), f"{name}=") if equals else (None, "")
    else:
        option, head, value = _find_attached_option_value(place)
    if option is not None and is_value_option(option):
        place.expected_parameter, place.prefix, place.partial_word = option, head, value
    else:
        place.is_option = True


def _find_attached_option_value(place: CursorContext) -> tuple[Any | None, str, str]:
    """Return the short option whose value is in the same word, the text before it, and the value: `-fj`, `-yn5`."""
    word = place.partial_word
    for option, value in _split_option_word(place, word):
        if option is not None and value:
            return option, word.removesuffix(value), value
    return None, "", ""


def _find_next_argument(place: CursorContext) -> Any | None:
    """Return the argument that the next word is for."""
    arguments = [one for one in place.command.params if one.param_type_name == "argument"]
    count = sum(parameter in arguments for parameter, _ in place.given_values)
    for argument in arguments:
        if argument.nargs < 0 or count < argument.nargs:
            return argument
        count -= argument.nargs
    return None
