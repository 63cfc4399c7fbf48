"""What verbs do before and after their work: settings, the data folder, logs, the database."""

import argparse
import asyncio
import getpass
import sys
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

from edge.logs import configure_logs
from models.database import close_database, migrate, open_database
from models.faults import StoreFault
from models.keys import KeyFault
from models.refusal import Refused
from settings import Settings, load, name_unknown, use

Verbs = Any
"""What `argparse.ArgumentParser.add_subparsers` gives; its class is private."""


class CommandFailed(SystemExit):
    """A verb that could not do its work: ends the process with code 1 and the reason, in one line, on stderr."""


def read_settings() -> Settings:
    """Gives the checked settings, makes the data folder (0700) and sets the log up.

    Raises SettingsError for a wrong setting, CommandFailed where the folder cannot be made.
    """
    settings = load()
    use(settings)
    configure_logs(settings)
    try:
        settings.var_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        settings.var_dir.chmod(0o700)
    except OSError as error:
        raise CommandFailed(f"the data folder cannot be made: {error.strerror}") from error
    for sentence in name_unknown():
        print(f"warning: {sentence}", file=sys.stderr)
    return settings


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[None]:
    """Brings the database to the newest shape and keeps it open meanwhile."""
    await migrate(settings)
    await open_database(settings)
    try:
        yield
    finally:
        await close_database()


def run_opened(work: Callable[[], Coroutine[Any, Any, None]]) -> int:
    """Runs `work` with the database open; gives the exit code 0.

    Raises CommandFailed, in one line, where the database is away or a key does not fit.
    """
    settings = read_settings()

    async def run() -> None:
        async with opened(settings):
            await work()

    run_to_end(run())
    return 0


def run_to_end(work: Coroutine[Any, Any, None]) -> None:
    """Runs a coroutine in a loop of its own; a refusal, a fault of the store or of the keys becomes CommandFailed."""
    try:
        asyncio.run(work)
    except Refused as refusal:
        raise CommandFailed("; ".join(problem.en for problem in refusal.problems)) from refusal
    except (StoreFault, KeyFault) as error:
        raise CommandFailed(str(error)) from error


def read_password(prompt: str) -> str:
    """Gives a password: asked twice on a terminal, else the first line of stdin. Raises CommandFailed."""
    if not sys.stdin.isatty():
        password = sys.stdin.readline().rstrip("\r\n")
    else:
        password = getpass.getpass(f"{prompt}: ")
        if getpass.getpass(f"{prompt} again: ") != password:
            raise CommandFailed("the two passwords differ")
    if not password:
        raise CommandFailed("no password was given")
    return password


def add_verb(verbs: Verbs, name: str, run: Callable[[argparse.Namespace], int], about: str) -> Any:
    """Adds a verb to the command line and gives its parser."""
    parser = verbs.add_parser(name, help=about, description=about)
    parser.set_defaults(run=run)
    return parser
