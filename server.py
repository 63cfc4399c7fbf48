"""The front door: reads the command line and hands over to one verb of commands/."""

import argparse
import sys
from importlib import import_module

from settings import SettingsError

VERBS = ("serve", "migrate", "account", "token", "demo", "schema", "lifecycle", "codes", "authority")


def main(arguments: list[str]) -> int:
    """Runs the verb that the arguments name, `serve` if none; gives the exit code."""
    parser = argparse.ArgumentParser(prog="server.py", description="ICP filing (ICP备案) over GraphQL.")
    known = parser.add_subparsers(metavar="VERB", required=True)
    wanted = arguments or ["serve"]
    # a verb brings its own libraries: only the one that is wanted is read, all of them for the overview
    for name in [wanted[0]] if wanted[0] in VERBS else VERBS:
        import_module(f"commands.{name}").describe(known)
    chosen = parser.parse_args(wanted)
    try:
        return int(chosen.run(chosen))
    except SettingsError as wrong:
        print(wrong, file=sys.stderr)  # noqa: T201 - the operator's answer
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
