"""`codes load FILE`: replaces a code table (代码表) by that of a file."""

import argparse
from pathlib import Path

from commands.opening import CommandFailed, Verbs, add_verb, run_opened
from workflow.codes import CodeFileFault, load_codes


def describe(verbs: Verbs) -> None:
    """Adds the verb to the command line."""
    about = "load code tables"
    actions = verbs.add_parser("codes", help=about, description=about).add_subparsers(
        metavar="ACTION", required=True
    )
    load = add_verb(actions, "load", run, "replace one code table by that of a JSON file")
    load.add_argument("file", type=Path)


def run(arguments: argparse.Namespace) -> int:
    """Loads the file; gives 0. Raises CommandFailed where it cannot be read or is no file of code tables."""

    async def work() -> None:
        try:
            count = await load_codes(arguments.file)
        except CodeFileFault as fault:
            raise CommandFailed(str(fault)) from fault
        print(f"{count} codes loaded")

    return run_opened(work)
