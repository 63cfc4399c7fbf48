"""`authority foreign-access NUMBER`: what other providers do at the simulated authority (管局)."""

import argparse

from authority.desk import DeskError
from authority.simulator.library import AccessNotAdded
from commands.opening import CommandFailed, Verbs, add_verb, run_opened
from settings import current
from workflow.runner import open_simulator

ANOTHER_PROVIDER = 110000000017


def describe(verbs: Verbs) -> None:
    """Adds the verb and its sub-verb to the command line."""
    about = "play what happens at the simulated authority"
    actions = verbs.add_parser("authority", help=about, description=about).add_subparsers(
        metavar="ACTION", required=True
    )
    access = add_verb(
        actions,
        "foreign-access",
        run,
        "give a filed website an access at another provider, also while a server runs",
    )
    access.add_argument("number", metavar="NUMBER", help="filing number (备案号) of the website, with its -N")
    access.add_argument(
        "--provider", type=_provider, default=ANOTHER_PROVIDER, metavar="ID", help="id of the other provider"
    )


def run(arguments: argparse.Namespace) -> int:
    """Enters the access in the simulator's ledger; gives 0.

    Raises CommandFailed, in one line, for an unknown number, a provider that serves the website already, and
    where the authority is not simulated.
    """
    return run_opened(lambda: _add_foreign_access(arguments.number, arguments.provider))


async def _add_foreign_access(number: str, provider: int) -> None:
    settings = current()
    if settings.authority != "simulator":
        raise CommandFailed("the authority is not simulated here (BEIAN_AUTHORITY)")
    try:
        desk = await open_simulator(settings)
        try:
            told = await desk.add_foreign_access(number, provider)
        finally:
            await desk.close()
    except (AccessNotAdded, DeskError) as error:
        raise CommandFailed(str(error)) from error
    news = "its record waits to be downloaded" if told else "nothing is told of it: the record is not ours"
    print(f"{number} has an access at provider {provider}; {news}")


def _provider(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) == 12 and text[0] != "0"):
        raise argparse.ArgumentTypeError("an id of a provider has twelve digits")
    return int(text)
