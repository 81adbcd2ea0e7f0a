"""Signals at any moment of a write."""

from __future__ import annotations

import random
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from ilocal.storage.loader import load_registry
from tests.support.processes import find_leftovers, start_command, wait_for_result
from tests.support.traced_program import needs_strace

pytestmark = pytest.mark.process

SIGNALS = {signal.SIGINT: 130, signal.SIGTERM: 143, signal.SIGHUP: 129, signal.SIGKILL: -9}


@pytest.mark.promise("P12")
@pytest.mark.parametrize("rounds", [8, pytest.param(40, marks=pytest.mark.long)])
def test_signals_at_any_moment_leave_the_old_text_or_the_new_one(
    registry: Path, tmp_path: Path, rounds: int, figure: Callable[[str, int], None]
) -> None:
    chance = random.Random(rounds)
    begun = time.monotonic()
    assert wait_for_result(start_command(tmp_path, "add", "Đầu tiên", "--id", "dau")).code == 0
    usual = time.monotonic() - begun
    ids = list(load_registry([("", registry.read_bytes())]).events)
    killed: set[str] = set()  # what these left is cleared by the next that comes as far as that
    for n in range(rounds):
        number = chance.choice(list(SIGNALS))
        before = registry.read_bytes()
        process = start_command(tmp_path, "add", f"Lần {n}", "--id", f"lan-{n}")
        time.sleep(chance.uniform(0.2, 1.1) * usual)
        process.send_signal(number)
        result = wait_for_result(process)
        after = registry.read_bytes()
        has_begun = "Fatal Python error" not in result.err  # else it is Python that was stopped
        assert not has_begun or result.code in (0, SIGNALS[number], -number), result  # -number: before it listens
        assert (after != before) == (f'id = "lan-{n}"'.encode() in after)
        if result.code == 0:
            assert after != before
        if after != before:
            ids.append(f"lan-{n}")
        if number == signal.SIGKILL:
            killed |= set(find_leftovers(tmp_path))
        assert set(find_leftovers(tmp_path)) <= killed
        assert list(load_registry([("", after)]).events) == ids
    assert wait_for_result(start_command(tmp_path, "add", "Cuối cùng")).code == 0
    assert find_leftovers(tmp_path) == []
    figure("signals at random moments", rounds)


@pytest.mark.promise("P9", "P12")
@needs_strace
def test_a_signal_after_the_answer_changes_no_exit_code(registry: Path, tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    tracing = ("strace", "-o", str(trace), "-e", "trace=rt_sigaction,write")
    assert wait_for_result(start_command(tmp_path, "add", "Mới", wrapper=tracing)).code == 0
    lines = trace.read_text(encoding="utf-8").splitlines()
    answered = next(n for n, line in enumerate(lines) if line.startswith("write(1"))
    before, after = (
        sum(line.startswith("rt_sigaction") for line in part) for part in (lines[:answered], lines[answered:])
    )
    assert after
    for n in range(after):
        inject = f"inject=rt_sigaction:signal=TERM:when={before + n + 1}"
        injecting = ("strace", "-o", "/dev/null", "-e", "trace=rt_sigaction", "-e", inject)
        result = wait_for_result(start_command(tmp_path, "add", f"Lần {n}", "--id", f"lan-{n}", wrapper=injecting))
        assert result == (0, f"lan-{n}\n", "")
