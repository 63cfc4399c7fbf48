"""The blind index of a principal's mobile number: how it is made, and how rows from before there was one get theirs."""

from functools import partial

from models.cipher import cipher
from models.subject import Subject
from models.unit_of_work import unit_of_work
from models.website import Website
from rules.keys import mobile_keys

AT_ONCE = 200


def mobile_index(text: str | None) -> str | None:
    """The blind index of the first number in `text`, None where there is none."""
    keys = mobile_keys(text or "")
    return cipher().index(keys[0]) if keys else None


async def index_mobiles() -> int:
    """Give every row its index that was written before there was one; how many there were.

    No migration can do it, since it has no keys. Rows without a number in what was typed stay as they are.
    """
    written = 0
    for model in (Subject, Website):
        behind: int | None = 0
        while behind is not None:
            behind, some = await unit_of_work(partial(_index_some, model, behind))
            written += some
    return written


async def _index_some(model: type[Subject] | type[Website], behind: int) -> tuple[int | None, int]:
    """The next rows behind `behind`: the last one looked at, None where that was all, and how many were written."""
    rows = (
        await model.filter(id__gt=behind, principal_mobile__isnull=False, principal_mobile_index=None)
        .order_by("id")
        .limit(AT_ONCE)
        .select_for_update()
        .values_list("id", "principal_mobile")
    )
    found = [(number, mobile_index(mobile)) for number, mobile in rows]
    indexed = [(number, index) for number, index in found if index is not None]
    for number, index in indexed:
        await model.filter(id=number).update(principal_mobile_index=index)
    return (found[-1][0] if len(found) == AT_ONCE else None), len(indexed)
