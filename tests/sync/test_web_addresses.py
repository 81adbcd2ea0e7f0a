"""Which addresses are private, what is a web address, and what of one is shown."""

from __future__ import annotations

import pytest

from ilocal.errors import UsageError
from ilocal.sync.web_addresses import hide_secrets, is_private_address, is_remote_address, normalize_remote_address


def test_addresses_of_this_machine_and_of_local_networks_are_private_however_they_are_wrapped_up() -> None:
    private = """127.0.0.1 127.9.9.9 0.0.0.0 10.1.2.3 172.16.0.1 192.168.1.1 169.254.169.254 100.64.0.1 224.0.0.1 255.255.255.255
        ::1 :: fe80::1 fe80::1%eth0 fc00::1 ff02::1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:a9fe:a9fe 64:ff9b::7f00:1 64:ff9b::a9fe:a9fe
        2002:7f00:1:: 2002:0a00:0001::1 2001:0:7f00:1::1""".split()
    assert [one for one in private if not is_private_address(one)] == []
    public = "8.8.8.8 93.184.216.34 2606:4700::1111 ::ffff:8.8.8.8 64:ff9b::808:808".split()
    assert [one for one in public if is_private_address(one)] == []


def test_an_address_is_shown_without_user_password_query_and_tokens() -> None:
    shown = {
        "https://lan:s3cret@cloud.example/dav/ilo/?token=abc#x": "https://cloud.example/dav/ilo/?…",
        "https://calendar.example/private-0123456789abcdef0123456789abcdef/basic.ics": "https://calendar.example/…/basic.ics",
        "https://example.org/2020/nghien-cuu-ve-lao-dong-tre-em.ics": "https://example.org/2020/nghien-cuu-ve-lao-dong-tre-em.ics",
        "user:pw@not an address?x": "not an address",
    }
    assert {one: hide_secrets(one) for one in shown} == shown


def test_webcal_is_https_and_what_is_no_web_address_is_refused_without_its_secrets() -> None:
    assert normalize_remote_address("webcal://example.org/a.ics?x=1#y") == "https://example.org/a.ics?x=1"
    assert normalize_remote_address(" http://example.org ") == "http://example.org/"
    assert [is_remote_address(one) for one in ("events.ics", "file:///etc/passwd", "WebCal://x/y", "https://x")] == [
        False,
        False,
        True,
        True,
    ]
    for text in ("file:///etc/passwd", "ftp://example.org/", "https://", "https://lan:s3cret@/x", "https://a b/c"):
        with pytest.raises(UsageError, match="is not a web address") as caught:
            normalize_remote_address(text)
        assert "s3cret" not in str(caught.value)
