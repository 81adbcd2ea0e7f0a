"""Web addresses: which may be contacted, and how they are shown without secrets."""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from ilocal.errors import UsageError
from ilocal.i18n.messages import _
from ilocal.model.safe_text import make_text_safe

_SECURE_BY_SCHEME = {"webcal": "https", "webcals": "https", "http": "http", "https": "https"}
_ADDRESS_PATTERN = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://([^/?#\s]*)([^?#\s]*)(\?[^#\s]*)?(#\S*)?")
_TOKEN_PATTERN = re.compile(r"[A-Za-z0-9_=-]*[0-9][A-Za-z0-9_=-]*")
_MIN_TOKEN_CHARACTERS = 20  # from this length on, a part of a path with digits may be a secret
_NAT64_NETWORK = IPv6Network("64:ff9b::/96")


def is_remote_address(text: str) -> bool:
    """Return whether `text` is an address to fetch and no name of a file: http, https, webcal."""
    return text.partition("://")[0].lower() in _SECURE_BY_SCHEME and "://" in text


def normalize_remote_address(text: str) -> str:
    """Return an address with http or https; webcal means https. Raises UsageError for anything else."""
    found = _ADDRESS_PATTERN.fullmatch(text.strip())
    scheme = _SECURE_BY_SCHEME.get(found[1].lower()) if found else None
    if found is None or scheme is None or not found[2].rpartition("@")[2]:
        raise UsageError(
            _('"{address}" is not a web address', address=make_text_safe(hide_secrets(text))),
            hint=_("use an address such as https://example.org/events.ics"),
        )
    return f"{scheme}://{found[2]}{found[3] or '/'}{found[4] or ''}"


def hide_secrets(address: str) -> str:
    """Return an address to be shown: without user, password and query, and long tokens in its path as `…`."""
    found = _ADDRESS_PATTERN.fullmatch(address.strip())
    if found is None:
        return address.rpartition("@")[2].partition("?")[0]
    path = "/".join("…" if _may_be_token_in_remote_address(part) else part for part in found[3].split("/"))
    return f"{found[1]}://{found[2].rpartition('@')[2]}{path}" + ("?…" if found[4] else "")


def _may_be_token_in_remote_address(part: str) -> bool:
    stem = part.removesuffix(".ics")
    return len(stem) >= _MIN_TOKEN_CHARACTERS and bool(_TOKEN_PATTERN.fullmatch(stem))


def is_private_address(text: str) -> bool:
    """Return whether an IP address belongs to this machine, a local network or nobody.

    IPv4 inside IPv6 (mapped, 6to4, Teredo, NAT64) counts as the address that it contains.
    """
    address: IPv4Address | IPv6Address = ip_address(text.partition("%")[0])
    inner: list[IPv4Address] = []
    if isinstance(address, IPv6Address):
        inner += [one for one in (address.ipv4_mapped, address.sixtofour) if one is not None]
        inner += list(address.teredo or ())
        if address in _NAT64_NETWORK:
            inner.append(IPv4Address(int(address) & 0xFFFFFFFF))
        if address.ipv4_mapped is not None or address in _NAT64_NETWORK:
            return any(is_private_address(str(one)) for one in inner)
    return not address.is_global or address.is_multicast or any(is_private_address(str(one)) for one in inner)


def is_loopback_host(host: str) -> bool:
    """Return whether a host is this machine by its name or number alone."""
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower().rstrip(".") == "localhost"


def get_host(address: str) -> str:
    """Return the host of a web address, without its port."""
    found = _ADDRESS_PATTERN.fullmatch(address)
    place = found[2].rpartition("@")[2] if found else ""
    return re.sub(r":[0-9]*$", "", place)
