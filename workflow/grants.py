"""Grants (授权): an owner who knows the filing password lets an agent or a job act with it for a while, and ends that."""

import hashlib
import secrets
import string
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from tortoise.queryset import QuerySet

from models.cipher import cipher
from models.clock import now
from models.event import AuditEntry
from models.filing import FilingPassword, PasswordGrant
from models.node_ids import node_id, number_of
from models.refusal import Invalid, NotFound, NotPermitted, Refused, WrongState
from models.states import FilingAction, RecordStatus
from models.subject import Subject
from settings import current
from workflow.actors import Actor, visible_subjects
from workflow.command import Outcome, RefusedAbout, carry_out
from workflow.events import write_event
from workflow.granted import PREFIX
from workflow.joint_acts import about
from workflow.proofs import WRONG, verify

LONGEST_MINUTES = 24 * 60
MOST_GRANTS = 20
GRANTABLE = (
    FilingAction.START_CHANGE,
    FilingAction.START_ADD_WEBSITE,
    FilingAction.START_ADD_ACCESS,
    FilingAction.CANCEL_ACCESS,
    FilingAction.CANCEL_WEBSITE,
    FilingAction.CANCEL_SUBJECT,
    FilingAction.SUBMIT_FILING,
    FilingAction.RESTORE_FILING,
)


_SYMBOLS = string.digits + string.ascii_letters


@dataclass(frozen=True, repr=False)
class GrantText:
    """The two parts of a grant: `public_id` finds it, `secret` of 256 random bits proves it."""

    public_id: str
    secret: str

    @classmethod
    def make(cls) -> "GrantText":
        """A fresh one."""
        return cls("".join(secrets.choice(_SYMBOLS) for _ in range(12)), secrets.token_urlsafe(32))

    @property
    def digest(self) -> str:
        """What is kept of the secret: its SHA-256, enough for what cannot be guessed."""
        return hashlib.sha256(self.secret.encode()).hexdigest()

    def write(self) -> str:
        """The whole text, as it is shown once."""
        return f"{PREFIX}{self.public_id}_{self.secret}"


async def create_password_grant(
    actor: Actor,
    *,
    subject_id: str,
    filing_password: str,
    actions: Collection[FilingAction],
    minutes: int,
    key: str | None,
) -> tuple[Outcome, str | None]:
    """Make a grant on the owner's own subject; gives its text, shown this once, and None where it was refused or replayed.

    The password is counted and checked as everywhere; no token makes grants.
    """
    wanted = [action.value for action in GRANTABLE if action in actions]
    # a keyed digest tells two requests apart without keeping anything of the password
    told_apart = cipher().digest(filing_password)
    request = {"subject_id": subject_id, "password": told_apart, "actions": wanted, "minutes": minutes}
    text, known = GrantText.make(), 0

    async def check() -> None:
        nonlocal known
        subject = await _own_subject(actor, subject_id)
        with about(subject=subject.id):
            _check(actions, minutes, subject)
            known = await verify(actor, subject, filing_password, FilingAction.CREATE_PASSWORD_GRANT)

    async def work() -> Outcome:
        seen = await _own_subject(actor, subject_id)
        held = await Subject.filter(id=seen.id).select_for_update().get()
        if held.owner_id != actor.account_id:  # transferred since it was looked at
            raise NotFound(("subjectId",))
        if not await FilingPassword.exists(subject_id=held.id, generation=known):
            raise RefusedAbout(Refused(WRONG), {"subject": held.id})  # replaced since it was checked
        grant = await _write(actor, held, text, known, wanted, minutes)
        return Outcome(ids={"subject": held.id, "password_grant": grant.id})

    outcome = await carry_out(actor, "createPasswordGrant", request, key, work, check)
    return outcome, None if outcome.problems or outcome.replayed else text.write()


async def revoke_password_grant(actor: Actor, *, id: str, key: str | None) -> Outcome:
    """Take a grant back at once, again without effect; proofs that were made with it stay."""

    async def work() -> Outcome:
        _refuse_token(actor)
        number = number_of(PasswordGrant, id)
        grant = None if number is None else await PasswordGrant.get_or_none(id=number)
        mine = Subject.filter(id=grant.subject_id if grant else 0, owner_id=actor.account_id)
        if grant is None or not await mine.exists():
            raise NotFound(("id",))
        if await PasswordGrant.filter(id=grant.id, revoked_at=None).update(revoked_at=now()):
            await _tell(actor, FilingAction.REVOKE_PASSWORD_GRANT, grant, None)
        return Outcome(ids={"subject": grant.subject_id, "password_grant": grant.id})

    return await carry_out(actor, "revokePasswordGrant", {"id": id}, key, work)


async def password_grants(actor: Actor, subject_id: str) -> list[PasswordGrant]:
    """The living grants on the actor's own subject, the newest first; none for what is not his. At most 20."""
    number = number_of(Subject, subject_id)
    if number is None or not await Subject.exists(id=number, owner_id=actor.account_id):
        return []
    return await living_grants(number).order_by("-id").limit(MOST_GRANTS)


def living_grants(subject_id: int) -> QuerySet[PasswordGrant]:
    """The grants on a subject that were neither taken back nor are over."""
    return PasswordGrant.filter(subject_id=subject_id, revoked_at=None, expires_at__gt=now())


def _refuse_token(actor: Actor) -> None:
    if actor.scopes is not None:
        raise NotPermitted(
            "API令牌不能执行此操作，请登录后操作。", "API tokens may not do this; sign in with a browser."
        )


async def _own_subject(actor: Actor, id: str) -> Subject:
    """The subject, which must be the actor's own; NotFound for what he does not see."""
    number = number_of(Subject, id)
    subject = None if number is None else await visible_subjects(actor).get_or_none(id=number)
    if subject is None:
        raise NotFound(("subjectId",))
    with about(subject=subject.id):
        _refuse_token(actor)
        if subject.owner_id != actor.account_id:
            raise NotPermitted
    return subject


def _check(actions: Collection[FilingAction], minutes: int, subject: Subject) -> None:
    """Raise what stands in the way before a try at the password is spent."""
    for place, action in enumerate(actions):
        if action not in GRANTABLE:
            raise Invalid(
                ("actions", str(place)), "此操作不使用备案密码", "this action takes no filing password"
            )
    if not actions:
        raise Invalid(("actions",), "至少选择一项操作", "choose at least one action")
    if not 1 <= minutes <= LONGEST_MINUTES:
        raise Invalid(
            ("minutes",),
            f"有效期须为1至{LONGEST_MINUTES}分钟",
            f"a grant lives 1 to {LONGEST_MINUTES} minutes",
        )
    local = current().filing_password == "local"  # noqa: S105 - a mode
    if not local or subject.status is not RecordStatus.FILED:
        zh, en = "没有本系统保管的备案密码", "there is no filing password that is kept here"
        raise WrongState(zh, en)


async def _write(
    actor: Actor, subject: Subject, text: GrantText, generation: int, actions: list[str], minutes: int
) -> PasswordGrant:
    if await living_grants(subject.id).count() >= MOST_GRANTS:
        zh = f"每个主体最多{MOST_GRANTS}个有效授权，请先撤销不用的"
        raise Invalid((), zh, f"a subject has at most {MOST_GRANTS} living grants; revoke one first")
    moment = now()
    grant = await PasswordGrant.create(
        public_id=text.public_id,
        secret_hash=text.digest,
        subject_id=subject.id,
        account_id=actor.account_id,
        generation=generation,
        actions=actions,
        expires_at=moment + timedelta(minutes=minutes),
        created_at=moment,
    )
    await _tell(actor, FilingAction.CREATE_PASSWORD_GRANT, grant, f"{', '.join(actions)}: {minutes} min")
    return grant


async def _tell(actor: Actor, action: FilingAction, grant: PasswordGrant, note: str | None) -> None:
    """One event and one audit entry; nothing of the secret in either."""
    event = await write_event(
        subject_id=grant.subject_id,
        filing_id=None,
        action=action,
        actor_name=actor.name,
        account_id=actor.account_id,
        record=node_id(Subject, grant.subject_id),
        note=note,
    )
    await AuditEntry.create(
        at=event.at,
        account_id=actor.account_id,
        credential=actor.credential,
        action=action.value,
        record=node_id(PasswordGrant, grant.id),
        detail={"actions": grant.actions, "generation": grant.generation},
    )
