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


async def matching_ids(table: str, text: str, limit: int = 10_000) -> list[int] | None:
    """The newest `limit` row numbers of `table` ("subject" or "website") that hold `text`; None where it holds no letter.

    Runs of two characters and more match as a sequence, a single character as the beginning of a word.
    """
    runs = _runs(text[:MOST_CHARACTERS])
    if not runs:
        return None
    reader = get_connection(READER)
    if reader.capabilities.dialect == "sqlite":
        query = " AND ".join(_fts_phrase(run) for run in runs)
        sql = f"SELECT rowid AS id FROM {table}_fts WHERE {table}_fts MATCH ? ORDER BY rowid DESC LIMIT ?"  # noqa: S608
    else:
        query = " & ".join(_tsquery(run) for run in runs)
        sql = (
            f"SELECT id FROM {table} "  # noqa: S608 - the table's name is ours
            "WHERE to_tsvector('simple', grams) @@ to_tsquery('simple', $1) ORDER BY id DESC LIMIT $2"
        )
    return [row["id"] for row in await reader.execute_query_dict(sql, [query, limit])]


def _fts_phrase(run: str) -> str:
    if len(run) == 1:
        return f'"{run}" *'
    return '"' + " ".join(run[place : place + 2] for place in range(len(run) - 1)) + '"'


def _tsquery(run: str) -> str:
    if len(run) == 1:
        return f"'{run}':*"
    return " <-> ".join(f"'{run[place : place + 2]}'" for place in range(len(run) - 1))
