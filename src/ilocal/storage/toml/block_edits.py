"""Edits of a text by blocks: replaced, removed and added; all other bytes stay."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from ilocal.storage.toml.document import detect_file_newline, skip_bom
from ilocal.storage.toml.scanner import split_trailing_comments


class ByteRange(NamedTuple):
    """The range of a block in a text, in bytes."""

    start: int
    end: int


def apply_block_edits(data: bytes, replacements: Mapping[ByteRange, str | None], new_blocks: Sequence[str]) -> bytes:
    """Return a text with some of its blocks replaced (None: removed), and new ones added at the end.

    New blocks have line feeds, which are converted to the newline style of the text. All other bytes stay: adding keeps
    the whole old text in front, and removing what was added restores it.
    """
    at = skip_bom(data)
    out: list[bytes] = []
    for place, new in sorted(replacements.items()):
        if place.start > at:
            out.append(data[at : place.start])
        if new is None:
            _remove_block(data[place.start : place.end], out)
        else:
            out.append(new.encode())
        at = place.end
    if at < len(data):
        out.append(data[at:])
    newline = detect_file_newline(data)
    is_empty = not any(out)
    end = "" if is_empty or out[-1].endswith(b"\n") else "\n"
    for block in new_blocks:
        before = "" if is_empty else end + "\n"
        out.append((before + (block.removesuffix("\n") if end else block)).replace("\n", newline).encode())
        is_empty = False
    return data[: skip_bom(data)] + b"".join(out)


def _remove_block(block: bytes, output_parts: list[bytes]) -> None:
    """Leave a block out but for the comments after it, with the blank line before it that sets it off."""
    body, tail = (part.encode() for part in split_trailing_comments(block.decode()))
    times = 1 if body.endswith(b"\n") else 2  # a text without a final newline stays without one
    for _time in range(times):
        before = output_parts[-1] if output_parts else b""
        shorter = before.removesuffix(b"\n").removesuffix(b"\r")
        if not before.endswith(b"\n") or (times == 1 and shorter and not shorter.endswith(b"\n")):
            break
        output_parts[-1] = shorter
    # Joined to the text before it, so that the next removal sees both.
    output_parts[-1:] = [b"".join(output_parts[-1:]) + tail]
