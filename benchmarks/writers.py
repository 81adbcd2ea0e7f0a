"""The same events as each program keeps them: TOML, calcurse's `apts`, a remind script, iCalendar."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path

from events import Event

REGISTRY = """\
[registry]
title = "Sự kiện"
language = "vi"
timezone = "Asia/Ho_Chi_Minh"
uid_domain = "ilocal.example"

[aliases]
"LĐTE" = "lao động trẻ em"
"CSR" = "trách nhiệm xã hội"
"""

# ---------------------------------------------------------------------------------------------------------------- TOML


def write_toml(path: Path, events: Iterable[Event]) -> None:
    """Write a registry in one file."""
    with path.open("w", encoding="utf-8") as file:
        file.write(REGISTRY)
        for event in events:
            file.write("\n" + block(event))


def write_toml_folder(folder: Path, events: Iterable[Event]) -> None:
    """Write a registry in a folder: `registry.toml` with its metadata, and a file for each year.

    `events` come by date.
    """
    folder.mkdir(parents=True)
    (folder / "registry.toml").write_text(REGISTRY, encoding="utf-8")
    year, file = 0, (folder / "registry.toml").open("a", encoding="utf-8")
    for event in events:
        if event.start.year != year:
            file.close()
            year = event.start.year
            file = (folder / f"{year}.toml").open("w", encoding="utf-8")
        file.write(("\n" if file.tell() else "") + block(event))
    file.close()


def block(event: Event) -> str:
    """Return an event as ilocal itself would write it."""
    lines = ["[[event]]", f"id = {_toml(event.id)}", f"title = {_toml(event.title)}", f"start = {event.start}"]
    if event.end:
        lines.append(f"end = {event.end}")
    if event.location:
        lines.append(f"location = {_toml(event.location)}")
    for key in ("organizers", "projects", "topics"):
        if values := getattr(event, key):
            lines.append(f"{key} = [{', '.join(map(_toml, values))}]")
    lines += [f"kind = {_toml(event.kind)}", f"description = {_toml(event.description)}"]
    return "\n".join(lines) + "\n"


def _toml(text: str) -> str:
    """Return a TOML string; the vocabulary has neither backslashes nor both kinds of quotes."""
    if "\n" in text:
        return f'"""\n{text}"""'
    return f"'{text}'" if '"' in text else f'"{text}"'


# ------------------------------------------------------------------------------------------------------------ calcurse


def write_apts(folder: Path, events: Iterable[Event]) -> None:
    """Write calcurse's data folder: all-day events, those of several days recurring daily; descriptions are notes."""
    notes = folder / "notes"
    notes.mkdir(parents=True)
    (folder / "todo").touch()
    with (folder / "apts").open("w", encoding="utf-8") as file:
        for event in events:
            note = f"{event.description}\n"
            name = hashlib.sha1(note.encode()).hexdigest()
            (notes / name).write_text(note, encoding="utf-8")
            until = f" {{1D -> {event.end:%m/%d/%Y}}}" if event.end else ""
            file.write(f"{event.start:%m/%d/%Y} [1]{until} >{name} {event.title}\n")


# -------------------------------------------------------------------------------------------------------------- remind


def write_remind(path: Path, events: Iterable[Event]) -> None:
    """Write a remind script; an event of several days repeats daily until its last."""
    with path.open("w", encoding="utf-8") as file:
        for event in events:
            until = f" *1 UNTIL {event.end}" if event.end else ""
            title = event.title.replace("%", "%%").replace("[", '["["]')
            file.write(f"REM {event.start}{until} MSG {title}\n")


# ----------------------------------------------------------------------------------------------------------- iCalendar


def write_vdir(folder: Path, events: Iterable[Event]) -> None:
    """Write a folder with an iCalendar file for each event, as khal and vdirsyncer store them."""
    folder.mkdir(parents=True)
    for event in events:
        (folder / f"{event.id}.ics").write_text(icalendar(event), encoding="utf-8", newline="")


def icalendar(event: Event) -> str:
    """Return the iCalendar text of one event; DTEND is the day after the last."""
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//ilocal//benchmarks//VI", "BEGIN:VEVENT",
        f"UID:{event.id or 'new'}@ilocal.example", "DTSTAMP:20200101T000000Z",
        f"DTSTART;VALUE=DATE:{event.start:%Y%m%d}",
        f"DTEND;VALUE=DATE:{event.last + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{_escaped(event.title)}",
        *([f"LOCATION:{_escaped(event.location)}"] if event.location else []),
        f"CATEGORIES:{','.join(map(_escaped, event.topics))}",
        f"DESCRIPTION:{_escaped(event.description)}",
        "END:VEVENT", "END:VCALENDAR",
    ]  # fmt: skip
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line))


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _folded(line: str) -> Iterator[str]:
    """Yield lines of at most 75 octets, cut between words, so that a search in the raw text finds them."""
    part, *words = line.split(" ")
    for word in words:
        if len(f"{part} {word}".encode()) > 75:
            yield part
            part = ""
            word = f" {word}"  # the first blank is the fold, the second one belongs to the text
        part = f"{part} {word}"
    yield part
