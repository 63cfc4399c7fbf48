"""Standing: whether a filing of some kind may be open at all, by what its records are in force as and what else is open."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from models.access import Access
from models.filing import Filing
from models.node_ids import node_id
from models.refusal import Problem
from models.states import FilingKind, RecordOrigin, RecordStatus
from models.subject import Subject
from models.website import Website
from settings import current
from workflow.coexistence import beside_problem, matrix
from workflow.surroundings import Record, Surroundings
from workflow.targets import record_of

K = FilingKind
S = RecordStatus
_NOT_FILED = ("BEIAN-NOT-FILED", "尚未备案成功", "it is not filed yet")


@dataclass(frozen=True)
class Standing:
    """A filing of `kind` that is open (`filing`) or is asked for (None), with the records that it is about.

    `accesses` are those it names; `served` says whether another access of the website is in force or drafted;
    `known_here`, whether the filing number that its draft claims of another provider is by now filed here.
    """

    kind: FilingKind
    subject: Subject
    around: Surroundings
    websites: Sequence[Website] = ()
    accesses: Sequence[Access] = ()
    served: bool = False
    known_here: bool = False
    filing: Filing | None = None

    @property
    def records(self) -> frozenset[str]:
        """Everything it touches, up to the websites."""
        rows: list[Record] = [*self.websites, *self.accesses]
        return frozenset(record_of(row) for row in rows or [self.subject])


def standing_problems(standing: Standing) -> tuple[Problem, ...]:
    """Everything that forbids it: what is not in force, a restricted password, and the coexistence matrix (C59-C66)."""
    found = [*_in_force(standing)]
    if standing.subject.password_restricted and standing.kind not in (K.CHANGE, K.NEW_FILING):
        found.append(
            Problem(
                "WRONG_STATE",
                "备案密码曾发往其他邮箱，须先变更主体负责人邮箱",
                "the filing password went to another address: first change the principal's address",
                rule="BEIAN-PASSWORD-RESTRICTED",
                blocking_id=node_id(Subject, standing.subject.id),
            )
        )
    chosen = matrix(current().coexistence)
    beside = beside_problem(chosen, standing.kind, standing.records, standing.around.rivals(standing.filing))
    return tuple(found) if beside is None else (*found, beside)


def _in_force(standing: Standing) -> Iterator[Problem]:
    kind, subject = standing.kind, standing.subject
    foreign = subject.origin is RecordOrigin.ELSEWHERE and kind is K.ADD_ACCESS
    if subject.status is S.CANCELLED:
        yield _problem(subject, "MIIT-1049", "主体已注销", "the subject is cancelled")
        return
    if kind is K.NEW_FILING:
        return
    if subject.status is not S.FILED and not foreign:
        yield _problem(subject, *_NOT_FILED)
        return
    if kind is K.ADD_WEBSITE:
        return
    for website in standing.websites:
        yield from _website(website, kind)
    if kind is K.ADD_ACCESS:
        if standing.known_here:
            yield _problem(
                subject,
                "BEIAN-NUMBER-HERE",
                "该备案号已在本系统备案",
                "this filing number is filed here by now",
            )
        if standing.served:
            yield _problem(
                standing.websites[0],
                "MIIT-1029",
                "一个网站在本系统只能有一个接入",
                "a website has one access here",
            )
        return
    for access in standing.accesses:
        yield from _access(access)


def _website(website: Website, kind: FilingKind) -> Iterator[Problem]:
    if website.status is S.CANCELLED:
        yield _problem(website, "MIIT-1050", "网站已注销", "the website is cancelled")
    elif website.status is S.DRAFT and not (
        kind is K.ADD_ACCESS and website.origin is RecordOrigin.ELSEWHERE
    ):
        yield _problem(website, *_NOT_FILED)


def _access(access: Access) -> Iterator[Problem]:
    if access.status is S.CANCELLED:
        yield _problem(access, "MIIT-1032", "接入已取消", "the access is cancelled")
    elif access.status is S.DRAFT:
        yield _problem(
            access, "MIIT-1047", "只能办理已备案的本接入商接入", "only an approved access of this provider"
        )


def _problem(record: Record, rule: str, zh: str, en: str) -> Problem:
    return Problem("WRONG_STATE", zh, en, rule=rule, blocking_id=record_of(record))
