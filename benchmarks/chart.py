"""The result as an SVG: time against number of events, a panel for each question and a line for each program."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from programs import QUESTIONS, Question
from race import Entry

_COLUMNS = 3
_PANEL, _HEIGHT = 310, 230  # of a panel with its margins
_LEFT, _RIGHT, _TOP, _BOTTOM = 56, 70, 34, 34
# Of middling lightness, so that they read on white and on black.
_COLOURS = {"ilocal": "#2f81f7", "khal": "#d9730d", "calcurse": "#2da44e", "remind": "#a371f7"}
_STYLE = """
text { font: 11px system-ui, sans-serif; fill: #57606a }
.title { font-size: 13px; font-weight: 600; fill: #24292f }
.grid { stroke: #8b949e; stroke-opacity: .3 }
.line { fill: none; stroke-width: 2 }
.leader { stroke-width: 1; stroke-opacity: .55; stroke-dasharray: 1 3 }
@media (prefers-color-scheme: dark) { text { fill: #9da7b3 } .title { fill: #e6edf3 } }
"""
_TITLES: dict[Question, str] = {
    "first use": "First use",
    "month": "One month",
    "next ten": "The next ten",
    "word": "A word",
    "add": "Add one event",
}


def chart(entries: Sequence[Entry]) -> str:
    """Return the SVG."""
    seconds = [runs.seconds for entry in entries for runs in entry.runs.values()]
    counts = sorted({entry.count for entry in entries})
    plot = Plot(counts, math.floor(math.log10(min(seconds))), math.ceil(math.log10(max(seconds))))
    rows = math.ceil((len(QUESTIONS) + 1) / _COLUMNS)
    width, height = _COLUMNS * _PANEL, rows * _HEIGHT
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">',
        f"<title>Time against number of events</title><style>{_STYLE}</style>",
    ]
    for n, question in enumerate(QUESTIONS):
        parts.append(f'<g transform="translate({n % _COLUMNS * _PANEL} {n // _COLUMNS * _HEIGHT})">')
        parts += plot.panel(question, entries)
        parts.append("</g>")
    left, top = (_COLUMNS - 1) * _PANEL + _LEFT, (rows - 1) * _HEIGHT + _TOP
    for n, line in enumerate(
        ("Across: number of events.", "Upwards: time, median; less is better.", "Both logarithmic.")
    ):
        parts.append(_text(left, top + 20 + 18 * n, line))
    return "\n".join([*parts, "</svg>"]) + "\n"


class Plot:
    """The scales that all panels share."""

    def __init__(self, counts: Sequence[int], lowest: int, highest: int) -> None:
        self._counts = counts
        self._lowest, self._highest = lowest, max(highest, lowest + 1)  # powers of ten of a second

    def panel(self, question: Question, entries: Sequence[Entry]) -> list[str]:
        """Return the drawing of one question."""
        lines = {
            name: [(self._x(e.count), self._y(e.runs[question].seconds)) for e in found if question in e.runs]
            for name in dict.fromkeys(entry.program for entry in entries)
            if (found := [entry for entry in entries if entry.program == name])
        }
        lines = {name: points for name, points in lines.items() if points}
        parts = [_text(_LEFT, 20, _TITLES[question], style="title"), *self._grid()]
        heights = apart({name: points[-1][1] for name, points in lines.items()}, _TOP + 4, _HEIGHT - _BOTTOM)
        for name, points in lines.items():
            parts += self._line(name, points, heights[name])
        return parts

    def _line(self, name: str, points: list[tuple[float, float]], label: float) -> list[str]:
        colour = _COLOURS[name]
        (x, y), end = points[-1], _PANEL - _RIGHT
        path = " ".join(f"{px:.1f},{py:.1f}" for px, py in points)
        parts = [f'<polyline class="line" stroke="{colour}" points="{path}"/>'] if len(points) > 1 else []
        parts += [f'<circle cx="{px:.1f}" cy="{py:.1f}" r="3" fill="{colour}"/>' for px, py in points]
        if abs(label - y) > 3 or x < end:
            ends = f'x1="{x + 5:.1f}" y1="{y:.1f}" x2="{end + 6}" y2="{label:.1f}"'
            parts.append(f'<line class="leader" stroke="{colour}" {ends}/>')
        return [*parts, _text(end + 8, label + 4, name, colour=colour)]

    def _grid(self) -> list[str]:
        parts = []
        for power in range(self._lowest, self._highest + 1):
            y = self._y(10**power)
            parts.append(f'<line class="grid" x1="{_LEFT}" y1="{y:.1f}" x2="{_PANEL - _RIGHT}" y2="{y:.1f}"/>')
            name = f"{10**power:g} s" if power >= 0 else f"{10 ** (power + 3):g} ms"
            parts.append(_text(_LEFT - 6, y + 4, name, anchor="end"))
        for count in self._counts:
            parts.append(_text(self._x(count), _HEIGHT - _BOTTOM + 16, short(count), anchor="middle"))
        return parts

    def _x(self, count: int) -> float:
        low, high = math.log10(self._counts[0]), math.log10(self._counts[-1])
        part = (math.log10(count) - low) / (high - low) if high > low else 1
        return _LEFT + 8 + part * (_PANEL - _LEFT - _RIGHT - 8)

    def _y(self, seconds: float) -> float:
        part = (math.log10(seconds) - self._lowest) / (self._highest - self._lowest)
        return _HEIGHT - _BOTTOM - part * (_HEIGHT - _TOP - _BOTTOM)


def short(count: int) -> str:
    """Return a short number: `21`, `10k`, `1M`, as a logarithmic axis lacks room for all zeros."""
    for size, sign in ((1_000_000, "M"), (1_000, "k")):
        if count >= size and count % size == 0:
            return f"{count // size}{sign}"
    return f"{count:,}"


def apart(heights: dict[str, float], top: float, bottom: float, gap: float = 14) -> dict[str, float]:
    """Return positions for labels near the given ones, no two closer than `gap`."""
    names = sorted(heights, key=lambda name: heights[name])
    placed = [min(max(heights[name], top), bottom) for name in names]
    for _ in range(50):  # each pass pushes neighbours apart by half of the missing gap
        for n, (upper, lower) in enumerate(pairwise(placed)):
            if (wanting := gap - (lower - upper)) > 0:
                placed[n], placed[n + 1] = upper - wanting / 2, lower + wanting / 2
        shift = max(top - placed[0], 0) if placed else 0
        shift -= max(placed[-1] - bottom, 0) if placed else 0
        placed = [height + shift for height in placed]
    return dict(zip(names, placed, strict=True))


def _text(x: float, y: float, text: str, *, style: str = "", anchor: str = "start", colour: str = "") -> str:
    attributes = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"'
    attributes += f' class="{style}"' if style else ""
    attributes += f' style="fill: {colour}; font-weight: 600"' if colour else ""
    return f"<text {attributes}>{text}</text>"
