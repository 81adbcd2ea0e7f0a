"""Global options, which may be given before or after the command."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

GLOBAL_OPTION_NAMES = frozenset({"registry", "lang", "today", "color", "no_pager"})  # of parameters


def move_global_options_to_front(group: Any, arguments: Sequence[str]) -> list[str]:
    """Return the program's arguments with global options after the command moved before it.

    `group` is the program. An option of the command with the same name stays, as does everything after `--`, and any
    value of an option.
    """
    ours = _map_options(option for option in group.params if option.name in GLOBAL_OPTION_NAMES)
    if not any(_split_option(word)[0] in ours for word in arguments[1:]):
        return list(arguments)
    at = _find_command_index(arguments, _map_options(group.params))
    command = group.get_command(None, arguments[at]) if at < len(arguments) else None
    if command is not None and hasattr(command, "list_commands") and at + 1 < len(arguments):
        command = command.get_command(None, arguments[at + 1]) or command
    if command is None:
        return list(arguments)
    moved, kept = _separate_options(arguments[at + 1 :], ours, _map_options(command.params))
    return [*arguments[:at], *moved, arguments[at], *kept]


def _map_options(parameters: Iterator[Any] | Sequence[Any]) -> dict[str, bool]:
    """Return for each name of an option whether a value follows it."""
    options = [one for one in parameters if one.param_type_name == "option"]
    return {name: not (one.is_flag or one.count) for one in options for name in (*one.opts, *one.secondary_opts)}


def _split_option(word: str) -> tuple[str, bool]:
    """Return the name of the option that a word is, and whether its value is in the word; "" for another word."""
    if word.startswith("--"):
        name, equals, _value = word.partition("=")
        return (name, bool(equals)) if name != "--" else ("", False)
    return (word[:2], len(word) > 2) if len(word) > 1 and word[0] == "-" else ("", False)


def _find_command_index(arguments: Sequence[str], options: Mapping[str, bool]) -> int:
    """Return the index of the command: the first word that is not an option or its value."""
    at = 0
    while at < len(arguments) and arguments[at].startswith("-"):
        name, has_value = _split_option(arguments[at])
        at += 2 if options.get(name, False) and not has_value else 1
    return at


def _separate_options(
    words: Sequence[str], ours: Mapping[str, bool], own: Mapping[str, bool]
) -> tuple[list[str], list[str]]:
    """Return the global options among the words after a command, with their values, and all other words."""
    moved: list[str] = []
    kept: list[str] = []
    at = 0
    while at < len(words):
        if words[at] == "--":
            return moved, [*kept, *words[at:]]
        name, has_value = _split_option(words[at])
        is_ours = name in ours and name not in own
        takes_next = ours[name] and not has_value if is_ours else _takes_next_word(words[at], own)
        (moved if is_ours else kept).extend(words[at : at + (2 if takes_next else 1)])
        at += 2 if takes_next else 1
    return moved, kept


def _takes_next_word(word: str, own: Mapping[str, bool]) -> bool:
    """Return whether the value of a command's option is the next word: after `--topic`, `-n` and `-yn`."""
    if word.startswith("--") or not word.startswith("-"):
        return own.get(word, False)
    for n, letter in enumerate(word[1:], 1):
        if own.get(f"-{letter}", False):
            return n == len(word) - 1
    return False
