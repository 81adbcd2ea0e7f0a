"""Draw the picture of the website in the README: the home page of the shipped registry in Chromium, as a PNG.

    python docs/site_picture.py

Run it again after changing what a reader sees. It needs `chromium` on the path.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from ilocal.cli.main import run_command_line

HERE = Path(__file__).resolve().parent
REGISTRY = HERE.parent / "data" / "events.toml"
PICTURE = HERE / "site.png"


def main() -> int:
    """Write the picture next to this script; return Chromium's exit code."""
    with tempfile.TemporaryDirectory() as folder:
        run_command_line(["-r", str(REGISTRY), "site", "build", f"{folder}/site"])
        options = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--window-size=860,860"]
        page = f"file://{folder}/site/index.html?today=2020-02-20"
        command = ["chromium", *options, f"--screenshot={PICTURE}", page]
        return subprocess.run(command, capture_output=True, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
