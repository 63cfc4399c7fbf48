"""`account create|disable|set-role`: what is done to accounts from the server's own console."""

import argparse

from accounts.administration import create_account, disable_account, set_role
from commands.opening import Verbs, add_verb, read_password, run_opened
from models.states import Role

ROLES = tuple(role.name.lower() for role in Role)


def describe(verbs: Verbs) -> None:
    """Adds the verb and its three sub-verbs to the command line."""
    about = "create an account, disable it, or give it another role"
    actions = verbs.add_parser("account", help=about, description=about).add_subparsers(
        metavar="ACTION", required=True
    )
    create = add_verb(
        actions, "create", run_create, "create an account; the password comes by stdin or is asked"
    )
    create.add_argument("name")
    create.add_argument("--role", choices=ROLES, default="applicant")
    create.add_argument("--email", default="", help="where its mail goes")
    disable = add_verb(
        actions, "disable", run_disable, "disable an account; its sessions and tokens end at once"
    )
    disable.add_argument("name")
    role = add_verb(actions, "set-role", run_set_role, "give an account another role, at once")
    role.add_argument("name")
    role.add_argument("role", choices=ROLES)


def run_create(arguments: argparse.Namespace) -> int:
    """Creates the account; gives 0."""
    password = read_password(f"password of {arguments.name}")

    async def work() -> None:
        await create_account(arguments.name, password, Role[arguments.role.upper()], arguments.email)
        print(f"account {arguments.name} created with role {arguments.role}")

    return run_opened(work)


def run_disable(arguments: argparse.Namespace) -> int:
    """Disables the account; gives 0."""

    async def work() -> None:
        await disable_account(arguments.name)
        print(f"account {arguments.name} disabled")

    return run_opened(work)


def run_set_role(arguments: argparse.Namespace) -> int:
    """Changes the account's role; gives 0."""

    async def work() -> None:
        await set_role(arguments.name, Role[arguments.role.upper()])
        print(f"account {arguments.name} has role {arguments.role}")

    return run_opened(work)
