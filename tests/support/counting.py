"""The SQL statements that something costs, seen where the database's own driver is asked."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from workflow.codes import code_book, forget_code_book
from workflow.events import drain_announcements

_LOG = logging.getLogger("tortoise.db_client")


class _Notes(logging.Handler):
    """Keeps the text of every statement, without its values."""

    def __init__(self) -> None:
        super().__init__()
        self.statements: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.statements.append(str(record.args[0]) if isinstance(record.args, tuple) else record.getMessage())


@asynccontextmanager
async def counting() -> AsyncIterator[list[str]]:
    """The statements that run meanwhile, in transactions too, in their order; earlier ones are waited for.

    The codes are read just before, so that the look at their stamp, due every three seconds, is nobody's cost.
    """
    await drain_announcements()
    forget_code_book()
    await code_book()
    notes, before = _Notes(), (_LOG.level, _LOG.propagate)
    _LOG.addHandler(notes)
    _LOG.setLevel(logging.DEBUG)
    _LOG.propagate = False
    try:
        yield notes.statements
    finally:
        _LOG.removeHandler(notes)
        _LOG.setLevel(before[0])
        _LOG.propagate = before[1]
