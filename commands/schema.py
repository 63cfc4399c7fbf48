"""`schema`: prints the GraphQL schema as SDL."""

import argparse

from commands.opening import Verbs, add_verb
from schema.schema import schema


def describe(verbs: Verbs) -> None:
    """Adds the verb to the command line."""
    add_verb(verbs, "schema", run, "print the GraphQL schema (SDL)")


def run(arguments: argparse.Namespace) -> int:
    """Prints the SDL; gives 0."""
    print(schema.as_str())
    return 0
