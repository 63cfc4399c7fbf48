"""What one is told that one may do: every step with its sentence, and by what the others are blocked."""

import pytest

from models.access import Access
from models.filing import Filing
from models.states import FilingStatus, Role
from models.subject import Subject
from models.unit_of_work import unit_of_work
from models.website import Website
from tests.support import filed, lives
from tests.support.counting import counting
from tests.support.doing import STEPS, look_at
from tests.support.places import Lives, gather_cast, provide
from tests.workflow.everything import everything
from workflow import results_by_hand, website_drafts
from workflow.actors import Actor
from workflow.permissions import Permission, filing_permissions, people_rows, record_permissions
from workflow.surroundings import load_surroundings

OF_A_FILING = [
    "ATTACH_FILE", "DETACH_FILE", "ADD_CHANGE_TARGET", "UPDATE_CANCELLATION", "SUBMIT_FILING", "WITHDRAW_FILING",
    "DROP_FILING", "RESTORE_FILING", "CLONE_FILING", "REPLY_TO_NOTE", "CLAIM_FILING", "RELEASE_FILING",
    "APPROVE_FILING", "RETURN_FILING", "PULL_BACK_FILING", "REPORT_FILING_AGAIN", "RECORD_REPORT",
    "RECORD_AUTHORITY_RESULT",
]  # fmt: skip
# the steps that only some kinds of filing know
OF_DRAFTS = {"ATTACH_FILE", "DETACH_FILE"}
OF_KINDS = {
    "NEW_FILING": OF_DRAFTS | {"CLONE_FILING"},
    "ADD_WEBSITE": OF_DRAFTS,
    "ADD_ACCESS": OF_DRAFTS,
    "CHANGE": OF_DRAFTS | {"ADD_CHANGE_TARGET"},
    "CANCEL_ACCESS": {"UPDATE_CANCELLATION"},
    "CANCEL_WEBSITE": {"UPDATE_CANCELLATION"},
    "CANCEL_SUBJECT": {"UPDATE_CANCELLATION"},
}
MOST = 19  # statements, whatever is asked about first filings
OF_SOME = set().union(*OF_KINDS.values())


def of_kind(kind: str) -> list[str]:
    """The steps that a filing of this kind knows, in their order."""
    return [action for action in OF_A_FILING if action in OF_KINDS[kind] or action not in OF_SOME]


async def told(actor: Actor, *filings: Filing) -> list[dict[str, Permission]]:
    found = await filing_permissions(actor, filings)
    return [{permission.action.value: permission for permission in one} for one in found]


def allowed(permissions: dict[str, Permission]) -> set[str]:
    return {action for action, permission in permissions.items() if permission.allowed}


def rules(permission: Permission) -> list[tuple[str, str | None]]:
    return [(problem.code, problem.rule) for problem in permission.blocked_by]


async def edits(actor: Actor, record: Subject | Website | Access, subject: Subject) -> dict[str, Permission]:
    found = record_permissions(actor, record, subject, (await load_surroundings([subject.id]))[subject.id])
    return {permission.action.value: permission for permission in found}


@pytest.mark.shows("N6")
def test_every_step_of_people_stands_there_once() -> None:
    assert [row.action.value for row in people_rows()] == OF_A_FILING


@pytest.mark.shows("C26", "N6")
async def test_a_draft_offers_its_owner_what_a_draft_is_for_and_says_why_not_the_rest(lawful: str) -> None:
    cast = await gather_cast()
    life = await Lives(cast).reach("DRAFT", on_behalf=False)
    [permissions] = await told(cast.owner, life.filing)
    assert list(permissions) == of_kind("NEW_FILING")
    assert allowed(permissions) == {
        "SUBMIT_FILING", "DROP_FILING", "CLONE_FILING", "ATTACH_FILE", "DETACH_FILE",
    }  # fmt: skip
    assert (permissions["DROP_FILING"].zh, permissions["DROP_FILING"].en) == ("放弃", "drop and archive")
    [problem] = permissions["WITHDRAW_FILING"].blocked_by
    assert (problem.code, problem.blocking_id) == ("WRONG_STATE", f"fil_{life.filing.id}")
    assert problem.zh == "备案申请处于“草稿”状态，不能撤回"
    assert problem.en == "not possible while the filing is DRAFT: withdraw to draft"
    assert rules(permissions["APPROVE_FILING"]) == [("NOT_PERMITTED", None)]


@pytest.mark.shows("N2", "N6")
async def test_what_a_submission_would_be_refused_for_is_said_beforehand_word_for_word(lawful: str) -> None:
    cast = await gather_cast()
    life = await Lives(cast).reach("DRAFT_INCOMPLETE", on_behalf=False)
    [permissions] = await told(cast.owner, life.filing)
    outcome = await STEPS["SUBMIT_FILING"](await look_at(life), cast.owner)
    assert not permissions["SUBMIT_FILING"].allowed
    assert permissions["SUBMIT_FILING"].blocked_by == outcome.problems
    assert [problem.path for problem in outcome.problems] == [("subject", "principal", "mobile")]


@pytest.mark.shows("N3", "N6")
async def test_a_blocking_note_is_named_until_it_is_answered(lawful: str) -> None:
    cast = await gather_cast()
    life = await Lives(cast).reach("RETURNED_NOTED", on_behalf=False)
    [before] = await told(cast.owner, life.filing)
    assert rules(before["SUBMIT_FILING"]) == [("FINDINGS", "BEIAN-NOTE-OPEN")]
    assert not (await STEPS["REPLY_TO_NOTE"](await look_at(life), cast.owner)).problems
    [after] = await told(cast.owner, life.filing)
    assert after["SUBMIT_FILING"].allowed


@pytest.mark.shows("N3", "N6")
async def test_a_note_can_still_be_answered_after_drop_and_restore(lawful: str) -> None:
    cast = await gather_cast()
    life = await Lives(cast).reach("RETURNED_NOTED", on_behalf=False)
    for action in ("DROP_FILING", "RESTORE_FILING", "REPLY_TO_NOTE", "SUBMIT_FILING"):
        outcome = await STEPS[action](await look_at(life), cast.owner)
        assert not outcome.problems, (action, outcome.problems)
    assert (await Filing.get(id=life.filing.id)).status is FilingStatus.SUBMITTED


@pytest.mark.shows("C41", "N6")
async def test_who_typed_it_is_told_that_he_may_not_decide_it_unless_he_is_alone(lawful: str) -> None:
    cast = await gather_cast()
    life = await Lives(cast).reach("SUBMITTED", on_behalf=True)
    [permissions] = await told(cast.typist, life.filing)
    assert allowed(permissions) == {"WITHDRAW_FILING", "CLONE_FILING"}
    assert rules(permissions["APPROVE_FILING"]) == [("NOT_PERMITTED", "BEIAN-SELF-REVIEW")]
    provide(self_review="allow")
    [alone] = await told(cast.typist, life.filing)
    assert allowed(alone) == {
        "WITHDRAW_FILING", "CLONE_FILING", "CLAIM_FILING", "APPROVE_FILING", "RETURN_FILING",
    }  # fmt: skip


@pytest.mark.shows("C42", "N6")
async def test_a_claim_is_named_to_the_other_reviewer(lawful: str) -> None:
    cast = await gather_cast()
    life = await Lives(cast).reach("SUBMITTED_CLAIMED", on_behalf=False)
    [others] = await told(cast.reviewer, life.filing)
    [holders] = await told(cast.colleague, life.filing)
    assert allowed(others) == set()
    assert rules(others["APPROVE_FILING"]) == [("WRONG_STATE", "BEIAN-CLAIMED")]
    assert allowed(holders) == {"CLAIM_FILING", "RELEASE_FILING", "APPROVE_FILING", "RETURN_FILING"}


@pytest.mark.shows("N6")
async def test_many_filings_are_answered_in_their_order_and_nothing_is_written(lawful: str) -> None:
    cast = await gather_cast()
    many = Lives(cast)
    states = ("SUBMITTED", "DRAFT", "RETURNED", "ACCEPTED_WAITING")
    filings = [(await many.reach(state, on_behalf=False)).filing for state in states]
    before = await everything(memory=True)
    answers = [allowed(permissions) for permissions in await told(cast.owner, *filings)]
    assert answers == [
        {"WITHDRAW_FILING", "CLONE_FILING"},
        {"SUBMIT_FILING", "DROP_FILING", "CLONE_FILING", "ATTACH_FILE", "DETACH_FILE"},
        {"SUBMIT_FILING", "DROP_FILING", "CLONE_FILING", "REPLY_TO_NOTE", "ATTACH_FILE", "DETACH_FILE"},
        {"WITHDRAW_FILING", "CLONE_FILING"},
    ]
    assert await told(cast.owner) == []
    assert await everything(memory=True) == before


@pytest.mark.shows("N6")
async def test_twenty_filings_cost_no_more_statements_than_one(lawful: str) -> None:
    cast = await gather_cast()
    many = Lives(cast)
    filings = [(await many.reach("SUBMITTED", on_behalf=False)).filing for _ in range(20)]
    await told(cast.reviewer, filings[0])
    spent = []
    for asked in (filings[:1], filings):
        async with counting() as statements:
            answers = await told(cast.reviewer, *asked)
        assert all(one["APPROVE_FILING"].allowed for one in answers)
        assert len(statements) <= MOST, statements
        spent.append(len(statements))
    assert spent[0] == spent[1]


async def one_of_each_kind(owner: Actor, first: int) -> list[Filing]:
    """An open filing of every kind but the first, each about a subject of its own."""
    found = []
    for number, kind in enumerate(list(OF_KINDS)[1:], first):
        subject = await filed.filed_subject(owner, number)
        [website] = await filed.websites_of(subject)
        access = await filed.access_of(website)
        match kind:
            case "ADD_WEBSITE":
                outcome = await filed.start_add_website(owner, subject)
            case "ADD_ACCESS":
                await filed.end_access(access)
                outcome = await filed.start_access(owner, website)
            case "CHANGE":
                outcome = await filed.start_change(owner, subject, website, access)
            case "CANCEL_ACCESS":
                outcome = await filed.cancel(owner, access)
            case "CANCEL_WEBSITE":
                outcome = await filed.cancel(owner, website)
            case _:
                outcome = await filed.cancel(owner, subject)
        found.append(await filed.opened(outcome))
    assert [filing.kind.value for filing in found] == list(OF_KINDS)[1:]
    return found


@pytest.mark.shows("N6")
async def test_filings_of_every_kind_cost_no_more_statements_when_there_are_twice_as_many(
    lawful: str,
) -> None:
    cast = await gather_cast()
    six = await one_of_each_kind(cast.owner, 0)
    twelve = [*six, *await one_of_each_kind(cast.owner, 6)]
    for actor in (cast.owner, cast.reviewer):
        spent = []
        for asked in (six, twelve):
            await told(actor, *asked)
            async with counting() as statements:
                await told(actor, *asked)
            spent.append(len(statements))
        assert spent[0] == spent[1], actor.name


@pytest.mark.shows("C26", "N6")
async def test_a_filing_tells_the_steps_that_its_kind_knows_and_no_others(lawful: str) -> None:
    cast = await gather_cast()
    for filing in await one_of_each_kind(cast.owner, 0):
        for actor in (cast.owner, cast.reviewer):
            [permissions] = await told(actor, filing)
            assert list(permissions) == of_kind(filing.kind.value)


@pytest.mark.shows("C52", "N6")
async def test_who_has_not_shown_the_filing_password_is_told_so_beforehand(lawful: str) -> None:
    cast = await gather_cast()
    subject = await filed.filed_subject(cast.owner, typist=cast.typist)
    [website] = await filed.websites_of(subject)
    filing = await filed.opened(await filed.start_change(cast.typist, subject, website))
    [typists], [owners] = await told(cast.typist, filing), await told(cast.owner, filing)
    assert "FILING_PASSWORD_REQUIRED" not in {code for code, _ in rules(typists["SUBMIT_FILING"])}
    assert ("FILING_PASSWORD_REQUIRED", "BEIAN-PROOF") in rules(owners["SUBMIT_FILING"])
    assert owners["DROP_FILING"].allowed


@pytest.mark.shows("C54", "C68", "N6")
async def test_what_is_in_force_offers_what_can_be_opened_on_it(lawful: str) -> None:
    cast = await gather_cast()
    subject = await filed.filed_subject(cast.owner)
    [website] = await filed.websites_of(subject)
    access = await filed.access_of(website)
    expected: list[tuple[Subject | Website | Access, set[str]]] = [
        (subject, {"START_CHANGE", "START_ADD_WEBSITE", "CANCEL_SUBJECT"}),
        (website, {"START_CHANGE", "START_ADD_ACCESS", "CANCEL_WEBSITE"}),
        (access, {"START_CHANGE", "CANCEL_ACCESS"}),
    ]
    for record, actions in expected:
        assert allowed(await edits(cast.owner, record, subject)) == actions
        for other in (cast.reviewer, cast.other):
            offered = await edits(other, record, subject)
            assert allowed(offered) == set()
            assert actions <= set(offered)
    around = (await load_surroundings([subject.id]))[subject.id]
    served = record_permissions(cast.owner, website, subject, around, has_access=True)
    [adding] = [row for row in served if row.action.value == "START_ADD_ACCESS"]
    assert rules(adding) == [("WRONG_STATE", "MIIT-1029")]


@pytest.mark.shows("C59", "N6")
@pytest.mark.parametrize("status", [status.value for status in FilingStatus])
async def test_a_filing_that_is_over_stands_in_nobodys_way_and_an_open_one_does(
    lawful: str, status: str
) -> None:
    cast = await gather_cast()
    dropped = (await Lives(cast).reach("ABANDONED", on_behalf=False)).filing
    other = await unit_of_work(
        lambda: Filing.create(
            kind=dropped.kind,
            mode=dropped.mode,
            status=FilingStatus(status),
            subject_id=dropped.subject_id,
            owner_id=dropped.owner_id,
            filed_by_id=dropped.filed_by_id,
            last_editor_id=dropped.last_editor_id,
            created_at=lives.now(),
            updated_at=lives.now(),
        )
    )
    [permissions] = await told(cast.owner, dropped)
    over = status in ("APPROVED", "ABANDONED", "VOIDED")
    blocking = [problem.blocking_id for problem in permissions["RESTORE_FILING"].blocked_by]
    assert blocking == ([] if over else [f"fil_{other.id}"])


@pytest.mark.shows("N6")
async def test_filings_of_one_subject_that_are_asked_for_together_stand_in_each_others_way(
    lawful: str,
) -> None:
    cast = await gather_cast()
    dropped = (await Lives(cast).reach("ABANDONED", on_behalf=False)).filing
    open_one = await unit_of_work(
        lambda: Filing.create(
            kind=dropped.kind,
            mode=dropped.mode,
            subject_id=dropped.subject_id,
            owner_id=dropped.owner_id,
            filed_by_id=dropped.filed_by_id,
            last_editor_id=dropped.last_editor_id,
            created_at=lives.now(),
            updated_at=lives.now(),
        )
    )
    [alone] = await told(cast.owner, dropped)
    for status in (FilingStatus.DRAFT, FilingStatus.SUBMITTED):
        open_one.status = status
        together, _ = await told(cast.owner, dropped, open_one)
        for permissions in (alone, together):
            [problem] = permissions["RESTORE_FILING"].blocked_by
            assert (problem.rule, problem.blocking_id) == ("BEIAN-COEXISTENCE", f"fil_{open_one.id}")


@pytest.mark.shows("C26", "C29", "C31", "N6")
async def test_records_offer_their_edits_while_it_is_their_owners_turn(lawful: str) -> None:
    cast = await gather_cast()
    many = Lives(cast)
    seen = await look_at(await many.reach("RETURNED", on_behalf=False))
    locked = await look_at(await many.reach("AT_AUTHORITY", on_behalf=False))
    expected = {
        "subject": {"UPDATE_SUBJECT", "ADD_WEBSITE"},
        "website": {"UPDATE_WEBSITE", "REMOVE_WEBSITE", "ADD_ACCESS"},
        "access": {"UPDATE_ACCESS", "REMOVE_ACCESS"},
    }
    for noun, actions in expected.items():
        record = {"subject": seen.subject, "website": seen.websites[0], "access": seen.access}[noun]
        assert record is not None
        assert allowed(await edits(cast.owner, record, seen.subject)) == actions
        assert allowed(await edits(cast.reviewer, record, seen.subject)) == set()
    offered = await edits(cast.owner, locked.subject, locked.subject)
    assert allowed(offered) == set()
    assert [problem.code for problem in offered["UPDATE_SUBJECT"].blocked_by] == ["WRONG_STATE"]


@pytest.mark.shows("C70", "N6")
async def test_a_record_without_an_open_filing_and_one_taken_out_offer_no_edit(lawful: str) -> None:
    cast = await gather_cast()
    many = Lives(cast)
    done = await look_at(await many.reach("APPROVED", on_behalf=False))
    life = await many.reach("RETURNED", on_behalf=False)
    seen = await look_at(life)
    assert not (await STEPS["REMOVE_WEBSITE"](seen, cast.owner)).problems
    taken_out = await Website.get(id=seen.websites[-1].id)
    assert taken_out.archived
    opened = {"START_CHANGE", "START_ADD_WEBSITE", "CANCEL_SUBJECT"}
    beside = {
        "START_CHANGE",
        "START_ADD_ACCESS",
        "CANCEL_WEBSITE",
    }  # the filing that is still open stands there too
    for record, subject, openings, held in (
        (done.subject, done.subject, opened, set[str]()),
        (taken_out, seen.subject, set[str](), beside),
    ):
        offered = await edits(cast.owner, record, subject)
        assert allowed(offered) == openings
        blocked = {
            action: rules(permission) for action, permission in offered.items() if not permission.allowed
        }
        assert {problems[0][0] for problems in blocked.values()} == {"WRONG_STATE"}
        assert {action for action, problems in blocked.items() if len(problems) > 1} == held
    refused = await website_drafts.update_website(
        cast.owner, id=f"web_{taken_out.id}", version=taken_out.version, fields={"remark": "x"}, key=None
    )
    assert [problem.code for problem in refused.problems] == ["WRONG_STATE"]


@pytest.mark.shows("C23", "C41")
async def test_numbers_of_others_are_told_to_nobody_who_may_not_record_a_result(lawful: str) -> None:
    cast = await gather_cast()
    many = Lives(cast)
    taken = await look_at(await many.reach("APPROVED", on_behalf=False))
    asked = await look_at(await many.reach("AT_AUTHORITY", on_behalf=False))
    provide(authority="manual")
    before = await everything(memory=True)
    answers = {}
    for name, actor in (("other", cast.other), ("owner", cast.owner), ("reviewer", cast.reviewer)):
        outcome = await results_by_hand.record_authority_result(
            actor, **lives.named(asked.filing), outcome="APPROVED", result_codes=[], opinion=None,
            decided_at=lives.now(), subject_number=taken.filing_number,
            websites=[
                {"website_id": f"web_{site.id}", "number": f"{taken.filing_number}-{serial}"}
                for serial, site in enumerate(asked.websites, 1)
            ],
        )  # fmt: skip
        answers[name] = [problem.code for problem in outcome.problems]
    assert answers == {"other": ["NOT_FOUND"], "owner": ["NOT_PERMITTED"], "reviewer": ["DUPLICATE"]}
    assert await everything(memory=True) == before


@pytest.mark.shows("N6")
async def test_a_visitor_of_another_role_is_told_nothing_is_his(lawful: str) -> None:
    cast = await gather_cast()
    life = await Lives(cast).reach("SUBMITTED", on_behalf=False)
    for role in (Role.ADMIN, Role.AUDITOR):
        [permissions] = await told(await lives.make_actor(role), life.filing)
        assert allowed(permissions) == set()
        assert {rules(permission)[0] for permission in permissions.values()} == {("NOT_PERMITTED", None)}
