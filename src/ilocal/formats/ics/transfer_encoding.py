"""Values that were encoded for the way: quoted-printable and base64 (RFC 2045), as vCalendar 1.0 has them."""

from __future__ import annotations

from dataclasses import replace

from ilocal.formats.ics.content_lines import ComponentError, Property
from ilocal.i18n.messages import _
from ilocal.model.safe_text import make_text_safe


def decode_property(one: Property) -> Property:
    """Return the property with its value decoded; itself, if it has no ENCODING.

    Raises ComponentError if it cannot be decoded, or has an unknown CHARSET.
    """
    encoding = one.params.get("ENCODING", "").upper()
    if encoding not in ("QUOTED-PRINTABLE", "BASE64", "B"):
        return one
    charset = one.params.get("CHARSET", "").strip() or "utf-8"
    try:
        if "escape" in charset.lower():  # a code of Python's own, and no charset
            raise LookupError
        text = _decode_octets(one.value, encoding, charset).decode(charset)
    except LookupError:
        said = _('{part}: unknown charset "{charset}"', part=one.name, charset=make_text_safe(charset[:40]))
        raise ComponentError(said) from None
    except ValueError:
        shown = "quoted-printable" if encoding.startswith("Q") else "base64"
        said = _(
            "{part} is not valid {encoding} in {charset}",
            part=one.name,
            encoding=shown,
            charset=make_text_safe(charset[:40]),
        )
        raise ComponentError(said) from None
    return replace(one, value=text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", ""))


def _decode_octets(value: str, encoding: str, charset: str) -> bytes:
    """Return the decoded bytes. Raises ValueError."""
    if encoding == "QUOTED-PRINTABLE":
        import quopri

        return quopri.decodestring(value.encode(charset))
    from base64 import b64decode

    return b64decode("".join(value.split()), validate=True)
