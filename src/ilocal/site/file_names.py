"""Names of the files of a site: from ids and names of events to paths that every system and address takes."""

from __future__ import annotations

import re
from hashlib import sha256

from ilocal.model.text_folding import slugify_words

MAX_STEM_CHARACTERS = 90
_PLAIN_STEM = re.compile(r"[a-z0-9][a-z0-9_-]*(?:\.[a-z0-9_-]+)*")
# Names of devices on some systems, and of the index page.
_RESERVED_STEMS = {"con", "prn", "aux", "nul", "index", *(f"{name}{n}" for name in ("com", "lpt") for n in range(10))}


def make_file_stem(text: str) -> str:
    """Return a file name, without suffix, for an id or a folded name; different texts get different names.

    A plain text is returned unchanged. Others get part of their checksum, as some file systems ignore case, and none
    allows slashes.
    """
    if is_plain_page_name(text):
        return text
    words = "-".join(slugify_words(text))[: MAX_STEM_CHARACTERS - 20].strip("-")
    return "-".join(filter(None, (words or "x", sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:10])))


def is_plain_page_name(text: str) -> bool:
    """Return whether a text is suitable as a file name."""
    return (
        len(text) <= MAX_STEM_CHARACTERS
        and _PLAIN_STEM.fullmatch(text) is not None
        and text.partition(".")[0] not in _RESERVED_STEMS
    )
