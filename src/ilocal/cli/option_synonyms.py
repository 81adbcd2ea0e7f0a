"""Options that people type, as other programs call them, with those that are meant here."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

# What to type instead, in the order of preference: the first that the command has is named. `WHEN` is its argument.
_MEANT_OPTIONS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("--date", "--dates", "--when", "--day"), ("--when", "WHEN", "--on", "--start")),
    **dict.fromkeys(("--since", "--after", "--begin", "--start-date", "--start"), ("--from", "--start")),
    **dict.fromkeys(("--until", "--till", "--before", "--end-date", "--end"), ("--to", "--end")),
    **dict.fromkeys(("--tag", "--tags", "--label", "--labels", "--category", "--categories"), ("--topic",)),
    **dict.fromkeys(("--place", "--venue", "--city", "--address"), ("--location",)),
    **dict.fromkeys(("--org", "--organiser", "--organisers", "--host", "--unit"), ("--organizer",)),
    **dict.fromkeys(("--type", "--types"), ("--kind",)),
    **dict.fromkeys(("--state",), ("--status",)),
    **dict.fromkeys(("--name", "--subject"), ("--title",)),
    **dict.fromkeys(("--max", "--count", "--head", "--top", "--first", "--number"), ("--limit",)),
    **dict.fromkeys(("--order", "--order-by", "--sort-by", "--sortby"), ("--sort",)),
    **dict.fromkeys(("--desc", "--descending", "--asc", "--ascending"), ("--reverse", "--description")),
    **dict.fromkeys(("--out", "--file", "--save"), ("--output",)),
    **dict.fromkeys(("--fields", "--field", "--cols", "--column"), ("--columns",)),
    **dict.fromkeys(("--dry", "--simulate", "--preview", "--what-if"), ("--dry-run",)),
    **dict.fromkeys(("--confirm", "--force", "--no-confirm", "--assume-yes"), ("--yes",)),
    **dict.fromkeys(("--note", "--notes", "--details", "--text", "--body"), ("--description",)),
    **dict.fromkeys(("--link", "--web", "--website", "--page"), ("--url",)),
    **dict.fromkeys(("--rrule", "--recur", "--recurrence", "--every", "--rule"), ("--repeat",)),
    **dict.fromkeys(("--tz", "--zone", "--time-zone"), ("--timezone",)),
    **dict.fromkeys(("--attendees", "--guests", "--people"), ("--participants",)),
    **dict.fromkeys(("--colour", "--colours", "--colors"), ("--color",)),
    **dict.fromkeys(("--locale", "--lang"), ("--lang",)),
    "--no-color": ("--color never",), "--no-colour": ("--color never",),
    **{f"--{name}": (f"-f {name}",) for name in (
        "json", "jsonl", "csv", "tsv", "xlsx", "toml", "ics", "html", "md", "atom", "ids", "page")},
    "--excel": ("-f xlsx",), "--markdown": ("-f md",), "--ical": ("-f ics",),
}  # fmt: skip


def find_meant_option(typed: str, parameters: Iterable[Any], *, takes_date: bool) -> str:
    """Return what to type for an option that a command does not have; "" if unknown.

    `parameters` are those of the command and of the program; `takes_date` says that an argument is a date.
    """
    known = {name for one in parameters for name in one.opts if one.param_type_name == "option"}
    for meant in _MEANT_OPTIONS.get(typed, ()):
        if meant.partition(" ")[0] in known or (meant == "WHEN" and takes_date):
            return meant
    return ""
