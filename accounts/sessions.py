"""Browser sessions: opaque values of which the database keeps the hash, with an idle and an absolute time-out."""

from datetime import datetime, timedelta

from accounts.secret_values import digest, make_secret
from models.account import Account
from models.clock import now
from models.credential import Session
from models.states import Role

# staff see other people's certificates: half an hour unused, one working day in all (OWASP ASVS 3.3)
STAFF_IDLE, STAFF_ABSOLUTE = timedelta(minutes=30), timedelta(hours=12)
APPLICANT_IDLE, APPLICANT_ABSOLUTE = timedelta(hours=2), timedelta(days=7)


def idle_limit(role: Role) -> timedelta:
    """How long a session of that role may stay unused."""
    return APPLICANT_IDLE if role is Role.APPLICANT else STAFF_IDLE


def absolute_limit(role: Role) -> timedelta:
    """How long a session of that role may last, however much it is used."""
    return APPLICANT_ABSOLUTE if role is Role.APPLICANT else STAFF_ABSOLUTE


def is_living(session: Session, role: Role, moment: datetime) -> bool:
    """Whether the session counts at `moment` for an account of that role; a new role's limits bind at once."""
    return (
        session.ended_at is None
        and moment < session.expires_at
        and moment < session.created_at + absolute_limit(role)
        and moment < session.seen_at + idle_limit(role)
    )


async def open_session(account: Account) -> tuple[str, Session]:
    """Open a session; gives the value for the cookie, which is kept nowhere, and the row. Inside a unit of work."""
    value = make_secret()
    moment = now()
    session = await Session.create(
        secret_hash=digest(value),
        account_id=account.id,
        seen_at=moment,
        expires_at=moment + absolute_limit(account.role),
    )
    return value, session


async def end_session(session_id: int) -> None:
    """End one session; inside a unit of work."""
    await Session.filter(id=session_id, ended_at=None).update(ended_at=now())


async def end_all_sessions(account_id: int, *, but: int | None = None) -> None:
    """End every session of the account, except the one with the id `but`; inside a unit of work."""
    living = Session.filter(account_id=account_id, ended_at=None)
    if but is not None:
        living = living.exclude(id=but)
    await living.update(ended_at=now())
