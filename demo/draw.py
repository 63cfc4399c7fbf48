"""The lot (抽签): one seeded source of chance a subject, so that index and seed alone decide all that is invented."""

from random import Random


def lot(seed: int, index: int) -> Random:
    """The source of chance of one subject; equal arguments give equal draws, on every machine."""
    return Random(f"beian:{seed}:{index}")  # noqa: S311 - invented data, no secret


def scatter(number: int, size: int) -> int:
    """A place in `range(size)` that differs for each of `size` successive numbers and does not look counted."""
    step = next(step for step in (7919, 7907, 7901, 7883) if size % step)
    return number * step % size
