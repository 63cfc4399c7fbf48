"""Where an exception passed, without what it says."""

from pathlib import Path
from traceback import extract_tb
from types import TracebackType

MAX_FRAMES = 12


def frames_of(trace: TracebackType | None) -> list[str]:
    """Gives `file:line function` of the innermost places."""
    return [
        f"{Path(frame.filename).name}:{frame.lineno} {frame.name}"
        for frame in extract_tb(trace)[-MAX_FRAMES:]
    ]
