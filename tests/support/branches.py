"""Branches of a registry as people make them, from a random generator, and what is in them."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from ilocal.model.event import Event
from ilocal.model.fields import FIELD_NAMES
from ilocal.storage.formatter import format_registry_text
from ilocal.storage.loader import load_registry
from ilocal.storage.toml.event_editor import update_event_block
from ilocal.storage.toml.event_writer import format_event_block
from ilocal.storage.toml.scanner import find_toml_comments

_WORDS = ("Hà Nội", "Huế", "Đà Nẵng", "Vinh", "Cần Thơ", "họp", "khảo sát", "hội thảo")
FIELDS = ("title", "location", "kind", "participants", "url", "summary", "description", "status", "source")
DISJOINT_FIELDS = (FIELDS[::2], FIELDS[1::2])  # of two branches that never conflict


def make_registry(rng: random.Random) -> str:
    """Return a registry of three to eight events, with comments."""
    events = [
        Event(f"Họp {n}", id=f"e{n}", start=date(2020, 1, 1) + timedelta(days=rng.randrange(400)), location=rng.choice(_WORDS),
              topics=tuple(rng.sample(_WORDS, 2)), description="\n\n".join(rng.choices(_WORDS, k=3)), updated=date(2020, 1, 1), revision=1)
        for n in range(rng.randrange(3, 9))
    ]  # fmt: skip
    notes = ["\n", "\n# năm nay\n\n", "\n\n"]
    return "# đầu\n\n" + "".join(format_event_block(event) + rng.choice(notes) for event in events)


def change_branch(text: str, rng: random.Random, name: str, fields: tuple[str, ...], *, removes: bool) -> str:
    """Make one to five changes as people do: add, edit, remove, comment, fmt."""
    for step in range(rng.randrange(1, 6)):
        registry = load_registry([("e", text.encode())])
        event = registry.events[
            rng.choice([id for id in registry.events if not id.startswith("new")] or list(registry.events))
        ]
        origin = registry.locations[event.id]
        block = origin.document.get_block_text(origin.block)
        what = rng.choice(["add", "edit", "edit", "comment", "list", "remove" if removes else "edit", "fmt"])
        if what == "add":
            new = Event(f"Mới {name} {step}", id=f"new-{name}-{step}", start=date(2020, 6, rng.randrange(1, 28)))
            text += "\n" + format_event_block(new)
        elif what == "remove" and len(registry.events) > 2 and not event.id.startswith("new"):
            text = text.replace(block, "", 1)
        elif what == "comment":
            text = text.replace(f'id = "{event.id}"\n', f'id = "{event.id}"\n# ghi chú {name} {step}\n', 1)
        elif what == "fmt":
            text = format_registry_text("e", text.encode()).decode()
        else:
            field = rng.choice(fields)
            value: Any = (
                rng.choice(("tentative", "confirmed")) if field == "status" else f"{rng.choice(_WORDS)} {name} {step}"
            )
            if what == "list":
                field, value = "topics", (*event.topics, f"{name} {step}")
            stamps: dict[str, Any] = {"revision": event.revision + 1, "updated": date(2020, 2, step + 1)}
            after = replace(event, **{field: value, **stamps})
            text = text.replace(block, update_event_block(block, event, after), 1)
    return text


def list_facts(text: str) -> Counter[tuple[str, str, str]]:
    """Return every value of every event: each item of a list, and each line of a text, by itself."""
    facts: Counter[tuple[str, str, str]] = Counter()
    for event in load_registry([("e", text.encode())]).events.values():
        for name in (*FIELD_NAMES, "extra"):
            value = getattr(event, name)
            if name in ("updated", "revision") or not value:
                continue
            lines = value.split("\n") if isinstance(value, str) else value if isinstance(value, tuple) else [value]
            facts.update({(event.id, name, str(line)) for line in lines})
    return facts


def list_comments(text: str) -> set[str]:
    """Return the comments of a text."""
    return {found.group() for found in find_toml_comments(text)}
