"""Stages: any state of any kind of filing, walked to once a run and put back as it stood from then on."""

from collections.abc import Sequence
from dataclasses import dataclass

import settings as settings_module
from models.account import Account
from models.attachment import StoredFile
from models.clock import now
from models.filing import Filing
from models.node_ids import node_id
from models.unit_of_work import unit_of_work
from tests.support import filed, lives
from tests.support.further import BEFORE, FIRST, SITES, STATES, attach_to_subject, know_the_password
from tests.support.places import PATHS, Life, Walk, gather_cast, provide, receive_yes
from tests.support.snapshots import Snapshot
from workflow import drafts
from workflow.actors import Actor

FORM = 2  # of the demonstration's, which every stage is made of
FIRST_FILING = "new_filing"


@dataclass(frozen=True)
class _Reached:
    snapshot: Snapshot
    life: Life


_reached: dict[tuple[object, ...], _Reached] = {}


def states_of(kind: str) -> list[str]:
    """The states that filings of this kind are tried in."""
    return [*(PATHS if kind == FIRST_FILING else STATES[kind])]


def walks_to(kind: str, state: str) -> tuple[Walk, ...]:
    """How a filing of this kind gets there, from its subject's first draft."""
    if kind != FIRST_FILING:
        return tuple(STATES[kind][state])
    walks = (attach_to_subject, *PATHS[state])
    return (*walks, know_the_password) if receive_yes in walks else walks


async def reach(kind: str, state: str, *, on_behalf: bool, by_hand: bool = False) -> Life:
    """The database holds one subject, a filing of which is in `state`. `by_hand`: reports and results are typed."""
    walks = walks_to(kind, state)
    place = settings_module.current().database_url, kind == FIRST_FILING, on_behalf, by_hand
    done = next((n for n in range(len(walks), -1, -1) if (place, walks[:n]) in _reached), None)
    if done is None:
        await Snapshot({}).restore()
        _reached[place, ()] = await _begin(1 if kind == FIRST_FILING else SITES, on_behalf, by_hand)
        done = 0
    start = _reached[place, walks[:done]]
    await start.snapshot.restore()
    life = start.life.copy()
    for number in range(done, len(walks)):
        await _walk(life, walks, number, kind)
        _reached[place, walks[: number + 1]] = _Reached(await Snapshot.take(), life.copy())
    return life


async def _walk(life: Life, walks: Sequence[Walk], number: int, kind: str) -> None:
    given = settings_module.current()
    earlier = () if kind == FIRST_FILING else BEFORE.get(kind, FIRST)
    by_hand = life.by_hand
    life.by_hand = by_hand and number >= len(earlier)  # what is filed before has come by the line
    provide(authority="manual" if life.by_hand else "simulator")
    life.filing = await walks[number](life)
    life.by_hand = by_hand
    settings_module.use(given)


async def _begin(websites: int, on_behalf: bool, by_hand: bool) -> _Reached:
    """People, the file that each has uploaded, and the subject's first draft."""
    cast = await gather_cast()
    people = cast.owner, cast.other, cast.reviewer, cast.typist, cast.customer, cast.admin, cast.auditor
    await _upload_files(people)
    filer = cast.typist if on_behalf else cast.owner
    fields, sites = lives.typed(filed.form_with(FORM, websites))
    outcome = await drafts.create_subject(
        filer, fields=fields, websites=sites, key=None,
        owner_id=node_id(Account, cast.customer.account_id or 0) if on_behalf else None,
    )  # fmt: skip
    filing = await Filing.get(id=outcome.ids["filing"])
    holder = cast.typist if on_behalf else cast.reviewer
    life = Life(cast, filer, filing, 1, by_hand=by_hand, holder=holder)
    return _Reached(await Snapshot.take(), life)


async def _upload_files(people: Sequence[Actor]) -> None:
    """Each of them has uploaded a file."""

    async def work() -> None:
        for actor in people:
            await StoredFile.create(
                account_id=actor.account_id, place=f"f{actor.account_id}", sha256="0" * 64,
                media_type="image/jpeg", size_bytes=1, width=1, height=1, created_at=now(),
            )  # fmt: skip

    await unit_of_work(work)
