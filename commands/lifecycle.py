"""`lifecycle`: prints the life of a filing (备案申请) as a Mermaid chart."""

import argparse

from commands.opening import Verbs, add_verb
from workflow.chart import lifecycle_chart, lifecycle_page


def describe(verbs: Verbs) -> None:
    """Adds the verb to the command line."""
    parser = add_verb(verbs, "lifecycle", run, "print the life of a filing as a Mermaid chart")
    parser.add_argument(
        "--page", action="store_true", help="print the page docs/lifecycle.md, with every step"
    )


def run(arguments: argparse.Namespace) -> int:
    """Prints the chart or the page; gives 0."""
    print(lifecycle_page() if arguments.page else lifecycle_chart())
    return 0
