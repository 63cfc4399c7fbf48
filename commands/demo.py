"""`demo`: fills an empty database with demonstration data and prints its logins once."""

import argparse

from commands.opening import Verbs, add_verb, run_opened
from demo.load import load_demonstration
from workflow.articles import load_shipped_articles
from workflow.canned_reasons import load_shipped_reasons
from workflow.codes import load_shipped_codes


def describe(verbs: Verbs) -> None:
    """Adds the verb to the command line."""
    add_verb(
        verbs, "demo", run, "fill an empty database with demonstration data and print its logins, this once"
    )


def run(arguments: argparse.Namespace) -> int:
    """Loads the data; gives 0. Refuses a database that has accounts."""

    async def work() -> None:
        await load_shipped_codes()
        await load_shipped_articles()
        await load_shipped_reasons()
        for login in await load_demonstration():
            print(f"{login.username}\t{login.password}\t{login.role}")

    return run_opened(work)
