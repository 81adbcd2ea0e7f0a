"""Which changes of a registry can be undone and redone, in which order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from ilocal.storage.changes.undo_log import UndoEntry


@dataclass(frozen=True, slots=True)
class UndoStep:
    """A change that can be undone or redone: its entry, and the one that undid or redid it last.

    Reverting `latest` undoes a change that is in effect, and redoes one that is not.
    """

    entry: UndoEntry
    latest: UndoEntry

    @property
    def number(self) -> int:
        return self.entry.number


@dataclass
class UndoStack:
    """The changes that are in effect and those that were undone since the last other change; the last one is next."""

    done: list[UndoStep] = field(default_factory=list)
    undone: list[UndoStep] = field(default_factory=list)  # what redo acts on
    inactive: dict[int, UndoStep] = field(default_factory=dict)  # all that were undone and not redone, by number

    def find_done(self, number: int) -> UndoStep | None:
        """Return the step of the change with a number, if it is in effect."""
        return next((step for step in self.done if step.number == number), None)


def build_undo_stack(entries: Iterable[UndoEntry]) -> UndoStack:
    """Return the stack of done and undone changes of an undo log, given in any order.

    A lost change is not on the stack, and a lost undo has no effect. A restoration of lost changes counts as one change
    in their place.
    """
    ordered = sorted(entries, key=lambda entry: entry.number)
    by_number = {entry.number: entry for entry in ordered}
    lost = {entry.number for entry in ordered if entry.is_lost}
    in_effect = {step.number for step in _replay_entries(ordered, by_number, lost).done}
    for entry in ordered:
        if entry.number not in in_effect:
            lost.update(entry.origin.restores)
    stack = _replay_entries(ordered, by_number, lost)
    restored = {number for step in stack.done for number in step.entry.origin.restores}
    stack.done = [step for step in stack.done if step.number not in restored]
    return stack


def _replay_entries(ordered: list[UndoEntry], by_number: dict[int, UndoEntry], lost: set[int]) -> UndoStack:
    stack = UndoStack()
    for entry in ordered:
        undoes, redoes = entry.origin.undoes, entry.origin.redoes
        if entry.number in lost:
            continue
        if undoes is None and redoes is None:
            stack.done.append(UndoStep(entry, entry))
            stack.undone.clear()
        elif undoes is not None:
            stack.done = [step for step in stack.done if step.number != undoes]
            if undoes in by_number:  # else it is forgotten
                step = UndoStep(by_number[undoes], entry)
                stack.undone.append(step)
                stack.inactive[undoes] = step
        elif redoes is not None:
            stack.undone = [step for step in stack.undone if step.number != redoes]
            stack.inactive.pop(redoes, None)
            if redoes in by_number:
                stack.done.append(UndoStep(by_number[redoes], entry))
    return stack
