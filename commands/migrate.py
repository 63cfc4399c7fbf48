"""`migrate`: brings the database to the newest shape and ends."""

import argparse

from commands.opening import Verbs, add_verb, read_settings, run_to_end
from models import database


def describe(verbs: Verbs) -> None:
    """Adds the verb to the command line."""
    add_verb(verbs, "migrate", run, "bring the database to the newest shape, under a lock")


def run(arguments: argparse.Namespace) -> int:
    """Migrates; gives 0."""
    run_to_end(database.migrate(read_settings()))
    print("the database is up to date")
    return 0
