"""Indexes of registries in every state, and their expected answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from ilocal.errors import IlocalError, RegistryError
from ilocal.index import database, name_counts
from ilocal.model.event import Event
from ilocal.model.query import Query
from ilocal.workspace import Registry
from tests.support.registry import parse_registry


@contextmanager
def make_folder() -> Iterator[Path]:
    """Yield a new folder, for each example of a law."""
    with TemporaryDirectory() as folder:
        yield Path(folder)


def find_index_file(registry: Path) -> Path:
    """Return the file of a registry's index."""
    (path,) = database.get_index_folder(registry).glob("*.sqlite")
    return path


BROKEN_TEXTS = (
    '[[event]]\ntitle = "no quote\n', '[[event]]\nstart = 2020-02-20\n', '[[event]]\nid = "x"\ntitle = "a"\n',
    '[[event]]\nid = "x"\ntitle = "b"\nstatus = "sure"\n', '[[event]]\ntitle = "khảo"\n', '[registry]\nlanguage = 5\n',
    '[[event]]\ntitle = "open"\ndescription = """\n', '"""\n', "# c\n", "\n", 'x = "\xff"\n', "event = [{title = 'y'}]\n",
    '# """\n', "x = [\n", "[2]]\n", '[[event]]\ntitle = "khảo"\ndescription = """\n[[event]]\n"""\n', "[aliases]\na = 1\n", "\ufeff",
    "<<<<<<< a\n", "=======\n", ">>>>>>> b\n", '<<<<<<< a\n[[event]]\ntitle = "khảo"\n=======\n>>>>>>> b\n',
    '[registry]\n<<<<<<< a\nlanguage = "vi"\n=======\nlanguage = "en"\n>>>>>>> b\n',
)  # fmt: skip


def describe_workspace(workspace: Registry) -> object:
    """Return all answers of a workspace about a registry, in the form of `load_meaning`."""
    try:
        events = list(workspace.select(Query(sort="id"))) if len(workspace) else []
        named = {field: workspace.count_names(field) for field in name_counts.NAME_FIELDS}
    except IlocalError as error:
        return error.message
    found = [(event, event.source_line, workspace.find(event.id)) for event in events]
    return found, workspace.diagnostics, workspace.info, len(workspace), named


def describe_registry(path: Path) -> object:
    """Return all answers of a new workspace about a registry, in the form of `load_meaning`."""
    with closing(Registry(path)) as workspace:
        return describe_workspace(workspace)


def load_meaning(path: Path, text: str) -> object:
    """Return the meaning of a text: events with their lines, problems, header, and the names in each field."""
    try:
        registry = parse_registry(text, str(path))
    except RegistryError as error:
        return error.message
    events = sorted(registry.events.values(), key=lambda event: event.id)
    problems = tuple(replace(problem, text="") for problem in registry.diagnostics)
    named = {
        field: Counter(name for event in events for name in list_names(field, event))
        for field in name_counts.NAME_FIELDS
    }
    return [(event, event.source_line, event) for event in events], problems, registry.info, len(events), named


def list_names(field: str, event: Event) -> set[str]:
    """Return the values of an event, or of an occurrence of a series, in a field."""
    values = [getattr(event, field), *(override.values.get(field, "") for override in event.overrides)]
    return {name for value in values for name in ((value,) if isinstance(value, str) else value) if name}


def list_titles(registry: Path) -> list[str]:
    """Return the titles of all events, from the index."""
    return [event.title for event in Registry(registry).select(Query())]
