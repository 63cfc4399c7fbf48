"""Coexistence: what may stand beside what, typed by hand for both matrices, is what every way into a filing answers."""

import itertools
import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from models.access import Access
from models.filing import Filing
from models.refusal import Problem
from models.states import FilingAction, FilingKind, FilingStatus
from models.subject import Subject
from models.unit_of_work import unit_of_work
from models.website import Website
from tests.support import filed
from tests.support.filed import PASSWORD, name
from tests.support.lives import draft
from tests.workflow.everything import everything
from tests.workflow.filed_subjects import in_mode
from workflow import steps
from workflow.actors import Actor
from workflow.coexistence import LooseMatrixError, matrix
from workflow.command import Outcome
from workflow.edits import place_of
from workflow.permissions import filing_permissions, record_permissions
from workflow.surroundings import Record

K = FilingKind
A = FilingAction
ACTIONS = {
    K.CHANGE: A.START_CHANGE,
    K.ADD_WEBSITE: A.START_ADD_WEBSITE,
    K.ADD_ACCESS: A.START_ADD_ACCESS,
    K.CANCEL_ACCESS: A.CANCEL_ACCESS,
    K.CANCEL_WEBSITE: A.CANCEL_WEBSITE,
    K.CANCEL_SUBJECT: A.CANCEL_SUBJECT,
}
LATER = tuple(ACTIONS)
B = "BEIAN-COEXISTENCE"

# The strict one: nothing beside anything. Rows: what is asked for; columns: what is open, in the order of LATER. Each
# cell: the rule for the same object, and after the stroke that for another one where it differs.
STRICT = {
    K.CHANGE: ["MIIT-1017", B, B, B, B, B],
    K.ADD_WEBSITE: [B, B, B, B, B, B],
    K.ADD_ACCESS: [B, B, B, B, B, B],
    K.CANCEL_ACCESS: [B, B, B, f"MIIT-1032/{B}", B, B],
    K.CANCEL_WEBSITE: [B, B, B, B, f"MIIT-1030/{B}", "MIIT-1042"],
    K.CANCEL_SUBJECT: [B, B, B, B, "MIIT-1043", "MIIT-1027"],
}
# The loose one: change, added websites and the end of a subject once a subject, the others once an object.
LOOSE = {
    K.CHANGE: ["MIIT-1017", "-", f"{B}/-", f"{B}/-", f"{B}/-", B],
    K.ADD_WEBSITE: ["-", B, "-", "-", "-", B],
    K.ADD_ACCESS: [f"{B}/-", "-", f"{B}/-", f"{B}/-", f"{B}/-", B],
    K.CANCEL_ACCESS: [f"{B}/-", "-", f"{B}/-", "MIIT-1032/-", f"{B}/-", B],
    K.CANCEL_WEBSITE: [f"{B}/-", "-", f"{B}/-", f"{B}/-", "MIIT-1030/-", "MIIT-1042"],
    K.CANCEL_SUBJECT: [B, B, B, B, "MIIT-1043", "MIIT-1027"],
}
TYPED = {"strict": STRICT, "loose": LOOSE}
_indexes = itertools.count(1)


def expected(chosen: str, asked: FilingKind, opened: FilingKind, *, same: bool) -> str | None:
    """The rule of the refusal, None where both may stand."""
    cell = TYPED[chosen][asked][LATER.index(opened)].split("/")
    rule = cell[0] if same else cell[-1]
    return None if rule == "-" else rule


async def new_subject(owner: Actor, bare: Website | int | None = None) -> tuple[Subject, list[Website]]:
    """A filed subject with two websites; the website at the place `bare` has lost its access."""
    subject = await filed.filed_subject(owner, next(_indexes), websites=2)
    websites = await filed.websites_of(subject)
    if isinstance(bare, int):
        await filed.end_access(await filed.access_of(websites[bare]))
    return subject, websites


async def ask(owner: Actor, kind: FilingKind, subject: Subject, website: Website) -> Outcome:
    """The mutation that opens a filing of this kind, on this website or what hangs on it."""
    match kind:
        case K.CHANGE:
            return await filed.start_change(owner, subject, website)
        case K.ADD_WEBSITE:
            return await filed.start_add_website(owner, subject)
        case K.ADD_ACCESS:
            return await filed.start_access(owner, website)
        case K.CANCEL_ACCESS:
            return await filed.cancel(owner, await filed.access_of(website))
        case K.CANCEL_WEBSITE:
            return await filed.cancel(owner, await Website.get(id=website.id))
        case _:
            return await filed.cancel(owner, await Subject.get(id=subject.id))


async def told(owner: Actor, kind: FilingKind, subject: Subject, website: Website) -> tuple[Problem, ...]:
    """What `permittedActions` of the record says of the same step."""
    record: Record = subject
    if kind in (K.CHANGE, K.ADD_ACCESS, K.CANCEL_WEBSITE):
        record = await Website.get(id=website.id)
    if kind is K.CANCEL_ACCESS:
        record = await filed.access_of(website)
    around = (await place_of(record)).around
    served = await Access.filter(website_id=website.id, archived=False).exclude(status="CANCELLED").exists()
    permissions = record_permissions(
        owner, record, subject, around, website=website if kind is K.CANCEL_ACCESS else None,
        has_access=served and isinstance(record, Website),
    )  # fmt: skip
    [permission] = [row for row in permissions if row.action is ACTIONS[kind]]
    assert permission.allowed is (not permission.blocked_by)
    return permission.blocked_by


def beside(problems: tuple[Problem, ...]) -> list[tuple[str | None, str | None]]:
    """What a refusal says of what is open: rule, and the filing in the way."""
    return [(row.rule, row.blocking_id) for row in problems if row.code == "COEXISTENCE"]


OF_THE_SUBJECT = {K.ADD_WEBSITE, K.CANCEL_SUBJECT}  # about it as a whole: there is no other object
PAIRS = [
    (chosen, asked, opened, same)
    for chosen, asked, opened, same in itertools.product(TYPED, LATER, LATER, (True, False))
    if same or not OF_THE_SUBJECT & {asked, opened}
]
# one of these wants a website without an access here, the other one with it
NEVER_BOTH = {K.ADD_ACCESS, K.CANCEL_ACCESS}


@pytest.mark.shows("C58", "C59", "C66", "C70")
@pytest.mark.parametrize(("chosen", "asked", "opened", "same"), PAIRS)
async def test_what_is_asked_for_beside_an_open_filing_gets_the_answer_that_is_typed_here(
    owner: Actor, chosen: str, asked: FilingKind, opened: FilingKind, same: bool
) -> None:
    in_mode(coexistence=chosen)
    bare = 0 if opened is K.ADD_ACCESS else None
    if asked is K.ADD_ACCESS and not (same and opened is K.CANCEL_ACCESS):
        bare = 0 if same else 1
    subject, [first, second] = await new_subject(owner, bare)
    if asked is K.ADD_ACCESS and opened is K.ADD_ACCESS:
        await filed.end_access(await filed.access_of(first))
    filing = await filed.opened(await ask(owner, opened, subject, first))
    wanted, website = expected(chosen, asked, opened, same=same), first if same else second
    said = await told(owner, asked, await Subject.get(id=subject.id), website)
    before = await everything()
    outcome = await ask(owner, asked, subject, website)
    if wanted is None:
        assert (outcome.problems, said) == ((), ())
        return
    assert beside(outcome.problems) == [(wanted, name(filing))]
    assert said == outcome.problems
    assert await everything() == before


@pytest.mark.shows("C58", "C59", "C66")
@pytest.mark.parametrize(
    ("chosen", "asked", "opened", "same"),
    [pair for pair in PAIRS if not (pair[3] and {pair[1], pair[2]} == NEVER_BOTH)],
)
async def test_restoring_and_submitting_beside_an_open_filing_answer_as_opening_does(
    owner: Actor, chosen: str, asked: FilingKind, opened: FilingKind, same: bool
) -> None:
    in_mode(coexistence=chosen)
    subject, [first, second] = await new_subject(owner)
    website = first if same else second
    for place, kind in ((website, asked), (first, opened)):
        if kind is K.ADD_ACCESS:
            await filed.end_access(await filed.access_of(place))
    dropped = await filed.give_up(owner, await filed.opened(await ask(owner, asked, subject, website)))
    filing = await filed.opened(await ask(owner, opened, subject, first))
    wanted = [(rule, name(filing)) for rule in [expected(chosen, asked, opened, same=same)] if rule]
    said = {row.action: row.blocked_by for row in (await filing_permissions(owner, [dropped]))[0]}
    assert beside(said[A.RESTORE_FILING]) == wanted
    restored = await steps.restore_filing(
        owner, id=name(dropped), version=dropped.version, filing_password=PASSWORD, key=None
    )
    assert beside(restored.problems) == wanted
    assert bool(restored.problems) is bool(wanted)
    if wanted:
        assert (await Filing.get(id=dropped.id)).status is FilingStatus.ABANDONED
        again = Filing.filter(id=dropped.id)
        await unit_of_work(lambda: again.update(status=FilingStatus.DRAFT))
    draft_again = await Filing.get(id=dropped.id)
    said = {row.action: row.blocked_by for row in (await filing_permissions(owner, [draft_again]))[0]}
    assert beside(said[A.SUBMIT_FILING]) == wanted
    submitted = await steps.submit_filing(
        owner, id=name(draft_again), version=draft_again.version, filing_password=PASSWORD, key=None
    )
    assert beside(submitted.problems) == wanted


@pytest.mark.shows("C59", "C66")
@pytest.mark.parametrize("chosen", TYPED)
@pytest.mark.parametrize("asked", LATER)
async def test_beside_a_first_filing_nothing_may_be_opened(
    owner: Actor, chosen: str, asked: FilingKind
) -> None:
    in_mode(coexistence=chosen)
    filing = await draft(owner, next(_indexes))
    subject = await Subject.get(id=filing.subject_id)
    [website, *_] = await filed.websites_of(subject)
    before = await everything()
    outcome = await ask(owner, asked, subject, website)
    assert beside(outcome.problems) == [(B, name(filing))]
    assert "BEIAN-NOT-FILED" in [problem.rule for problem in outcome.problems]
    assert await told(owner, asked, subject, website) == outcome.problems
    assert await everything() == before


@pytest.mark.parametrize("chosen", TYPED)
async def test_a_first_filing_is_of_another_subject_and_stands_beside_everything(
    owner: Actor, chosen: str
) -> None:
    in_mode(coexistence=chosen)
    for kind in LATER:
        subject, [first, _] = await new_subject(owner, 0 if kind is K.ADD_ACCESS else None)
        await filed.opened(await ask(owner, kind, subject, first))
        assert (await draft(owner, next(_indexes))).status is FilingStatus.DRAFT


@pytest.mark.shows("C66")
@pytest.mark.parametrize("by", [K.CANCEL_WEBSITE, K.CHANGE])
async def test_an_access_that_is_named_stands_in_the_way_of_its_website_and_the_other_way_round(
    owner: Actor, by: FilingKind
) -> None:
    in_mode(coexistence="loose")
    subject, [first, second] = await new_subject(owner)
    access = await filed.access_of(first)
    filing = await filed.opened(await filed.start_change(owner, subject, access))
    if by is K.CANCEL_WEBSITE:
        refused = await filed.cancel(owner, first)
        assert beside(refused.problems) == [(B, name(filing))]
        await filed.opened(await filed.cancel(owner, second))
    else:
        await filed.give_up(owner, filing)
        ending = await filed.opened(await filed.cancel(owner, first))
        refused = await filed.start_change(owner, subject, second, access)
        assert beside(refused.problems) == [(B, name(ending))]


async def test_the_oldest_filing_in_the_way_is_the_one_that_is_named(owner: Actor) -> None:
    in_mode(coexistence="loose")
    subject, [_, second] = await new_subject(owner)
    oldest = await filed.opened(await filed.start_add_website(owner, subject))
    await filed.opened(await filed.start_change(owner, subject, second))
    refused = await filed.cancel(owner, subject)
    assert beside(refused.problems) == [(B, name(oldest))]


def _as_file(folder: Path, told: Mapping[FilingKind, Mapping[FilingKind, str]]) -> None:
    (folder / "coexistence_mine.json").write_text(json.dumps({"refused_within": told}), encoding="utf-8")


ONCE_A_SUBJECT = {K.NEW_FILING, K.ADD_WEBSITE, K.CHANGE, K.CANCEL_SUBJECT}


@pytest.mark.shows("C58", "C59")
@pytest.mark.parametrize("kind", K)
@pytest.mark.parametrize("within", ["NONE", "OBJECT"])
def test_a_matrix_that_lets_two_filings_of_one_kind_stand_is_refused_as_a_whole(
    tmp_path: Path, kind: FilingKind, within: str
) -> None:
    told: dict[FilingKind, dict[FilingKind, str]] = {
        asked: {other: "SUBJECT" if asked is other else "NONE" for other in K} for asked in K
    }
    told[kind][kind] = within
    _as_file(tmp_path, told)
    if within == "OBJECT" and kind not in ONCE_A_SUBJECT:
        assert matrix("mine", tmp_path)[kind, kind] == "OBJECT"
    else:
        with pytest.raises(LooseMatrixError, match=kind.value):
            matrix("mine", tmp_path)
