"""Git repositories for tests, isolated from this machine's settings."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

from tests.support.cli import Result, make_environment

IDENTITY = {
    f"GIT_{who}_{what}": value
    for who in ("AUTHOR", "COMMITTER")
    for what, value in (("NAME", "Lan"), ("EMAIL", "lan@example.org"), ("DATE", "2020-02-20T08:30:00+07:00"))
}


GIT_VERSION = tuple(
    map(
        int,
        re.findall(r"\d+", subprocess.run(["git", "--version"], capture_output=True, text=True, check=True).stdout)[:2],
    )
)
PASSES_SIDE_NAMES = GIT_VERSION >= (2, 44)  # to merge drivers


class GitFolder:
    """A repository in a folder, with one registry in it."""

    def __init__(self, folder: Path, registry: str = "events.toml") -> None:
        self.folder, self.path = folder, folder / registry
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.environment = make_environment(folder / ".home") | IDENTITY
        self.environment |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull, "GIT_EDITOR": "true"}
        self.run("init", "-q", "-b", "main")

    def run(self, *arguments: str, code: int | None = 0) -> Result:
        """Run git; it must end with this exit code, or with any if that is None."""
        done = subprocess.run(
            ["git", *arguments],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=60,
            check=False,
        )
        result = Result(done.returncode, done.stdout.decode(), done.stderr.decode())
        assert code is None or result.code == code, result
        return result

    def commit(self, text: str | bytes | None = None, message: str = "x") -> None:
        """Commit all files, with the registry set to this text."""
        if text is not None:
            self.path.write_bytes(text.encode() if isinstance(text, str) else text)
        self.run("add", "-A", ".", ":!.home")
        self.run("commit", "-q", "-m", message)

    def read(self) -> str:
        """Return the registry's text as it is in the folder."""
        return self.path.read_bytes().decode()

    def make_branches(self, base: str, ours: str, theirs: str) -> None:
        """Commit a base, a branch `theirs` and the branch `main`, which is checked out, each with its text."""
        self.commit(base, "base")
        self.run("checkout", "-q", "-b", "theirs")
        self.commit(theirs, "theirs")
        self.run("checkout", "-q", "main")
        self.commit(ours, "ours")
