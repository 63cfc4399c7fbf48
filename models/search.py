"""Search by bigrams: every two neighbouring characters are a word, so that a Chinese word of two is found by index."""

import re
import unicodedata
from collections.abc import Iterable

from tortoise.connection import get_connection

from models.database import READER

_RUNS = re.compile(r"[^\W_]+")
MOST_CHARACTERS = 64


def _runs(text: str) -> list[str]:
    return _RUNS.findall(unicodedata.normalize("NFKC", text).casefold())


def _bigrams(run: str) -> list[str]:
    return [run[place : place + 2] for place in range(len(run) - 1)] + [run[-1]]


def grams_of(texts: Iterable[str | None]) -> str:
    """The words under which `texts` are found: each run's bigrams and, for one-character searches, its last character."""
    return " ".join(gram for text in texts if text for run in _runs(text) for gram in _bigrams(run))


async def matching_ids(
    table: str, text: str, limit: int = 10_000, owner_id: int | None = None
) -> list[int] | None:
    """The newest `limit` row numbers of `table` ("subject" or "website") that hold `text`; None where it holds no letter.

    Runs of two characters and more match as a sequence, a single character as the beginning of a word. With `owner_id`
    only what is that account's counts, so that what others have crowds nothing of it out.
    """
    runs = _runs(text[:MOST_CHARACTERS])
    if not runs:
        return None
    reader = get_connection(READER)
    is_sqlite = reader.capabilities.dialect == "sqlite"
    query = " AND ".join(map(_fts_phrase, runs)) if is_sqlite else " & ".join(map(_tsquery, runs))
    values: list[str | int] = [query, limit] if owner_id is None else [query, owner_id, limit]
    statement = _statement(table, owned=owner_id is not None, is_sqlite=is_sqlite)
    return [row["id"] for row in await reader.execute_query_dict(statement, values)]


def _statement(table: str, *, owned: bool, is_sqlite: bool) -> str:
    """Asks for the words, the owner where one is given, and how many rows, in this order."""
    if is_sqlite:
        source, row, match = f"{table}_fts", f"{table}_fts.rowid", f"{table}_fts MATCH ?"
    else:
        source, row = table, f"{table}.id"
        match = f"to_tsvector('simple', {table}.grams) @@ to_tsquery('simple', $1)"
    of_owner = ""
    if owned:
        if source != table:
            source += f" JOIN {table} ON {table}.id = {row}"
        if table != "subject":
            source += f" JOIN subject ON subject.id = {table}.subject_id"
        of_owner = f"AND subject.owner_id = {'?' if is_sqlite else '$2'}"
    most = "?" if is_sqlite else "$3" if owned else "$2"
    return (
        f"SELECT {row} AS id FROM {source} "  # noqa: S608 - the names are ours
        f"WHERE {match} {of_owner} ORDER BY {row} DESC LIMIT {most}"
    )


def _fts_phrase(run: str) -> str:
    if len(run) == 1:
        return f'"{run}" *'
    return '"' + " ".join(run[place : place + 2] for place in range(len(run) - 1)) + '"'


def _tsquery(run: str) -> str:
    if len(run) == 1:
        return f"'{run}':*"
    return " <-> ".join(f"'{run[place : place + 2]}'" for place in range(len(run) - 1))
