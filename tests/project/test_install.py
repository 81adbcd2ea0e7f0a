"""What others get: the built wheel, installed as people install programs, in environments of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from tests.support.cli import make_environment
from tests.support.paths import ROOT, SHIPPED_REGISTRY

pytestmark = [pytest.mark.long, pytest.mark.process]


def run_program(*command: str | Path, folder: Path, env: dict[str, str] | None = None, code: int = 0) -> str:
    """Return the output of a program in an empty home."""
    done = subprocess.run(
        [*map(str, command)],
        cwd=folder,
        env=make_environment(folder) | (env or {}),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    assert done.returncode == code, done.stdout
    return done.stdout


@pytest.fixture(scope="module")
def tools(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an environment with the tools for building and installing."""
    folder = tmp_path_factory.mktemp("tools")
    run_program(sys.executable, "-m", "venv", folder / "venv", folder=folder)
    made = subprocess.run(
        [folder / "venv" / "bin" / "pip", "install", "-q", "build", "twine", "pipx", "uv"],
        capture_output=True,
        check=False,
    )
    if made.returncode:
        pytest.skip("build, twine, pipx and uv cannot be fetched here")
    return folder / "venv" / "bin"


@pytest.fixture(scope="module")
def dist(tools: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a wheel and an sdist, built from the files of this folder in git."""
    folder = tmp_path_factory.mktemp("dist")
    source = folder / "source"
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if listed.returncode:  # a copy without git
        shutil.copytree(
            ROOT, source, ignore=shutil.ignore_patterns(".venv", "build", "*.mo", "__pycache__", ".*_cache")
        )
    else:
        for name in filter(None, listed.stdout.decode().split("\0")):
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, source / name)
    run_program(tools / "python", "-m", "build", "-o", folder / "out", source, folder=folder)
    return folder / "out"


def test_the_wheel_holds_catalogues_and_manuals_and_no_tests(dist: Path) -> None:
    (wheel,) = dist.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    held = [name for name in names if not name.startswith("ilocal/") or not name.endswith(".py")]
    website = [path for kind in ("static", "templates") for path in (ROOT / "src" / "ilocal" / "site" / kind).iterdir()]
    (version,) = {name.split(".dist-info")[0] for name in names if ".dist-info/" in name}
    assert sorted(held) == sorted(
        [
            "ilocal/py.typed",
            *(f"ilocal/cli/completion/shells/ilocal.{shell}" for shell in ("bash", "zsh", "fish")),
            "ilocal/i18n/locale/vi/LC_MESSAGES/ilocal.mo",
            *(str(path.relative_to(ROOT / "src")) for path in website),
            f"{version}.data/data/share/man/man1/ilocal.1",
            f"{version}.data/data/share/man/vi/man1/ilocal.1",
            *(
                f"{version}.dist-info/{name}"
                for name in ("METADATA", "WHEEL", "RECORD", "entry_points.txt", "licenses/LICENSE")
            ),
        ]
    )
    (sdist,) = dist.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        inside = {name.partition("/")[2] for name in archive.getnames()}
    assert {"tests/project/test_install.py", "build_hooks/hook.py", "data/events.toml", "README.md"} <= inside


def test_the_page_of_the_package_will_be_shown(tools: Path, dist: Path, tmp_path: Path) -> None:
    assert "FAILED" not in run_program(tools / "twine", "check", "--strict", *dist.iterdir(), folder=tmp_path)


def interpreters() -> list[str]:
    """Every Python from 3.11 on that is to be had here, on the path or of pyenv, and this one."""
    of_pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    found = {sys.version_info.minor: sys.executable}
    for minor in range(11, 20):
        paths = [shutil.which(f"python3.{minor}"), *sorted(map(str, of_pyenv.glob(f"3.{minor}.*/bin/python")))]
        if minor not in found and (path := next((path for path in paths if path and is_working(path)), None)):
            found[minor] = path
    return [found[minor] for minor in sorted(found)]


def is_working(python: str) -> bool:
    return subprocess.run([python, "-c", "import venv, sqlite3"], capture_output=True, check=False).returncode == 0


def version_of(python: str) -> str:
    code = "import sys; print(*sys.version_info[:2], sep='.')"
    return subprocess.run([python, "-c", code], capture_output=True, text=True, check=True).stdout.strip()


def check_program(program: Path, folder: Path) -> None:
    """Check that the installed program lists the shipped registry, and speaks Vietnamese."""
    shutil.copy(SHIPPED_REGISTRY, folder / "events.toml")
    assert run_program(program, "list", "-f", "ids", folder=folder).count("\n") == 21
    assert "Không tìm thấy sự kiện nào." in run_program(program, "--lang", "vi", "search", "xyz", folder=folder, code=1)


@pytest.mark.parametrize("python", interpreters(), ids=version_of)
def test_pip_installs_the_wheel(python: str, dist: Path, tmp_path: Path) -> None:
    (wheel,) = dist.glob("*.whl")
    run_program(python, "-m", "venv", "venv", folder=tmp_path)
    run_program(tmp_path / "venv" / "bin" / "pip", "install", "-q", wheel, folder=tmp_path, env=get_network_settings())
    check_program(tmp_path / "venv" / "bin" / "ilocal", tmp_path)
    manual = tmp_path / "venv" / "share" / "man" / "man1" / "ilocal.1"
    assert manual.read_text(encoding="utf-8").startswith(".TH ILOCAL 1")


def test_pipx_installs_the_wheel(tools: Path, dist: Path, tmp_path: Path) -> None:
    (wheel,) = dist.glob("*.whl")
    env = get_network_settings() | {"PIPX_HOME": str(tmp_path / "pipx"), "PIPX_BIN_DIR": str(tmp_path / "bin")}
    env |= {"PIPX_MAN_DIR": str(tmp_path / "man"), "PIPX_DEFAULT_PYTHON": sys.executable}
    run_program(tools / "pipx", "install", wheel, folder=tmp_path, env=env)
    check_program(tmp_path / "bin" / "ilocal", tmp_path)
    assert (tmp_path / "man" / "man1" / "ilocal.1").exists()


def test_uv_installs_the_wheel(tools: Path, dist: Path, tmp_path: Path) -> None:
    (wheel,) = dist.glob("*.whl")
    env = get_network_settings() | {"UV_TOOL_DIR": str(tmp_path / "tools"), "UV_TOOL_BIN_DIR": str(tmp_path / "bin")}
    run_program(tools / "uv", "tool", "install", "--python", sys.executable, wheel, folder=tmp_path, env=env)
    check_program(tmp_path / "bin" / "ilocal", tmp_path)


def get_network_settings() -> dict[str, str]:
    """How this machine reaches its package index: the settings of pip and uv, which a clean environment has not."""
    return {name: value for name, value in os.environ.items() if name.startswith(("PIP_", "UV_", "SSL_", "REQUESTS_"))}
