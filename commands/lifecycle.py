"""`lifecycle`: prints the life of a filing (备案申请) as a Mermaid chart."""

import argparse

from commands.opening import Verbs, add_verb
from workflow.chart import lifecycle_chart


def describe(verbs: Verbs) -> None:
    """Adds the verb to the command line."""
    add_verb(verbs, "lifecycle", run, "print the life of a filing as a Mermaid chart")


def run(arguments: argparse.Namespace) -> int:
    """Prints the chart; gives 0."""
    print(lifecycle_chart())
    return 0
