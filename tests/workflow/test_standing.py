"""Standing: everything that forbids a filing is told at once, whatever else is open."""

import pytest

from models.access import Access
from models.states import FilingKind, RecordOrigin, RecordStatus
from models.subject import Subject
from models.website import Website
from tests.workflow.filed_subjects import in_mode
from workflow.standing import Standing, standing_problems
from workflow.surroundings import Surroundings

K = FilingKind
S = RecordStatus
LATER = [kind for kind in K if kind is not K.NEW_FILING]


def standing(
    kind: FilingKind,
    subject: S = S.FILED,
    website: S = S.FILED,
    access: S | None = S.FILED,
    *,
    served: bool = False,
    origin: RecordOrigin = RecordOrigin.HERE,
) -> Standing:
    """A filing about one website of a subject, and its access where that is given."""
    return Standing(
        kind, Subject(id=1, status=subject, origin=origin), Surroundings(),
        [Website(id=2, status=website, origin=origin)],
        [] if access is None else [Access(id=3, website_id=2, status=access)], served,
    )  # fmt: skip


def rules(asked: Standing) -> list[tuple[str | None, str | None]]:
    return [(problem.rule, problem.blocking_id) for problem in standing_problems(asked)]


@pytest.fixture(autouse=True)
async def _strict(lawful: str) -> None:
    in_mode(coexistence="strict")


@pytest.mark.shows("C66", "C70")
@pytest.mark.parametrize("kind", K)
async def test_a_cancelled_subject_refuses_everything(kind: FilingKind) -> None:
    assert rules(standing(kind, S.CANCELLED, S.CANCELLED, S.CANCELLED)) == [("MIIT-1049", "sub_1")]


@pytest.mark.shows("C66", "C70")
@pytest.mark.parametrize("kind", [K.CHANGE, K.CANCEL_ACCESS, K.CANCEL_WEBSITE, K.ADD_ACCESS])
async def test_a_cancelled_website_refuses_everything_about_it(kind: FilingKind) -> None:
    assert rules(standing(kind, website=S.CANCELLED, access=None)) == [("MIIT-1050", "web_2")]


@pytest.mark.shows("C62")
@pytest.mark.parametrize(("status", "rule"), [(S.CANCELLED, "MIIT-1032"), (S.DRAFT, "MIIT-1047")])
async def test_only_an_access_in_force_is_changed_or_cancelled(status: S, rule: str) -> None:
    for kind in (K.CHANGE, K.CANCEL_ACCESS):
        assert rules(standing(kind, access=status)) == [(rule, "axs_3")]
    assert rules(standing(K.ADD_ACCESS, access=status)) == []  # which brings it


@pytest.mark.shows("C59", "C64", "C65")
@pytest.mark.parametrize("kind", LATER)
async def test_what_is_not_filed_yet_is_no_ones_to_change(kind: FilingKind) -> None:
    assert rules(standing(kind, S.DRAFT, S.DRAFT, S.DRAFT)) == [("BEIAN-NOT-FILED", "sub_1")]


@pytest.mark.shows("C61")
async def test_an_access_may_be_added_to_what_another_provider_filed_and_nothing_else_done_with_it() -> None:
    for kind in LATER:
        found = rules(standing(kind, S.DRAFT, S.DRAFT, S.DRAFT, origin=RecordOrigin.ELSEWHERE))
        assert found == ([] if kind is K.ADD_ACCESS else [("BEIAN-NOT-FILED", "sub_1")])


@pytest.mark.shows("C15")
async def test_a_website_that_is_served_here_gets_no_second_access() -> None:
    assert rules(standing(K.ADD_ACCESS, access=None, served=True)) == [("MIIT-1029", "web_2")]


async def test_all_that_forbids_it_is_told_at_once() -> None:
    asked = standing(K.CANCEL_ACCESS, website=S.CANCELLED, access=S.CANCELLED)
    asked.subject.password_restricted = True
    assert rules(asked) == [
        ("MIIT-1050", "web_2"), ("MIIT-1032", "axs_3"), ("BEIAN-PASSWORD-RESTRICTED", "sub_1"),
    ]  # fmt: skip
