"""`python -m benchmarks footprint`: start-up times and resident memory of a real server."""

import argparse
import asyncio
import sys

from benchmarks.footprint import measure_footprint


def main() -> int:
    """Run the benchmark that the arguments name; gives the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("what", choices=["footprint"])
    parser.add_argument(
        "--idle", type=float, default=60.0, help="seconds to wait after the journey (default 60)"
    )
    given = parser.parse_args()
    asyncio.run(show(given.idle))
    return 0


async def show(idle: float) -> None:
    """Print each figure as soon as it is there."""
    async for line in measure_footprint(idle):
        print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
