"""`token create`: an API token for an account, printed once."""

import argparse

from accounts.administration import create_token
from commands.opening import CommandFailed, Verbs, add_verb, run_opened
from models.states import TokenScope


def describe(verbs: Verbs) -> None:
    """Adds the verb to the command line."""
    about = "make an API token"
    actions = verbs.add_parser("token", help=about, description=about).add_subparsers(
        metavar="ACTION", required=True
    )
    create = add_verb(actions, "create", run, "make an API token for an account and print it, this once")
    create.add_argument("name", help="what the token is for")
    create.add_argument("--account", required=True, metavar="USERNAME", help="whose rights it has")
    create.add_argument("--scopes", required=True, help="comma between: " + ",".join(TokenScope.__members__))
    create.add_argument("--days", type=int, required=True, help="how long it lives")


def run(arguments: argparse.Namespace) -> int:
    """Makes the token and prints it alone on stdout; gives 0. Raises CommandFailed for an unknown scope."""
    names = [name.strip().upper() for name in arguments.scopes.split(",") if name.strip()]
    unknown = sorted(set(names) - set(TokenScope.__members__))
    if unknown or not names:
        raise CommandFailed(
            f"--scopes: unknown {', '.join(unknown)}" if unknown else "--scopes: none was given"
        )
    scopes = [TokenScope[name] for name in names]

    async def work() -> None:
        print(await create_token(arguments.name, arguments.account, scopes, arguments.days))

    return run_opened(work)
