"""Words quoted for a shell are read back by it."""

from __future__ import annotations

import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ilocal.cli.completion.shell_quoting import quote_completion_for_shell, split_shell_words
from tests.support.completion import HOSTILE

pytestmark = [pytest.mark.usefixtures("registry"), pytest.mark.long]


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0\n"), max_size=20), st.sampled_from(["", "'", '"']))
def test_what_is_quoted_is_read_back(text: str, quote: str) -> None:
    assert split_shell_words(f"ilocal {quote}{quote_completion_for_shell(text, quote)}")[-1].text == text


@pytest.mark.process
def test_bash_reads_back_what_is_quoted() -> None:
    texts = [*HOSTILE[3:], "lao động", "~", "#x", "a=b", "-x", "'", '"', "\\", "$HOME", "{a,b}", "a^b", "100%"]
    words = [quote + quote_completion_for_shell(text, quote) + quote for text in texts for quote in ("", "'", '"')]
    said = subprocess.run(
        ["bash", "--norc", "-c", "printf '%s\\n' " + " ".join(words)], capture_output=True, check=True
    )
    assert said.stdout.decode().splitlines() == [text for text in texts for _ in range(3)]
