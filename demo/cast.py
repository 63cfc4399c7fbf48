"""The cast (角色): who plays in the demonstration: its accounts, and the authority's desk of now and of a month ahead."""

import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from accounts.administration import create_account
from authority.simulator.counter import Simulator
from models.cipher import cipher
from models.clock import now
from models.states import Role
from settings import current
from workflow.actors import Actor
from workflow.runner import SIMULATOR_FILE

APPLICANTS = 12


@dataclass(frozen=True)
class Login:
    """An account of the demonstration, with the password that is told once."""

    username: str
    password: str
    role: str


@dataclass(frozen=True)
class Cast:
    """Applicants, reviewers, and two desks on one ledger; what lies at the slow one is not decided for a month."""

    applicants: list[Actor]
    reviewers: list[Actor]
    desk: Simulator
    slow_desk: Simulator


async def make_accounts() -> tuple[list[Login], list[Actor]]:
    """An administrator, an auditor, two reviewers and the customers: their logins, and each acting in its role."""
    wanted = [
        ("admin", Role.ADMIN),
        ("auditor", Role.AUDITOR),
        ("reviewer1", Role.REVIEWER),
        ("reviewer2", Role.REVIEWER),
    ]
    wanted += [(f"customer{number}", Role.APPLICANT) for number in range(1, APPLICANTS + 1)]
    logins, actors = [], []
    for name, role in wanted:
        password = secrets.token_urlsafe(12)
        account = await create_account(name, password, role, f"{name}@example.com")
        logins.append(Login(name, password, role.value))
        actors.append(Actor(account.id, role, None, name, None))
    return logins, actors


@asynccontextmanager
async def gathered(actors: list[Actor]) -> AsyncIterator[Cast]:
    """The cast of these people, with its desks open meanwhile."""
    applicants = [actor for actor in actors if actor.role is Role.APPLICANT]
    reviewers = [actor for actor in actors if actor.role is Role.REVIEWER]
    desk, slow_desk = await _open_desk(now), await _open_desk(lambda: now() + timedelta(days=30))
    try:
        yield Cast(applicants, reviewers, desk, slow_desk)
    finally:
        await desk.close()
        await slow_desk.close()


async def _open_desk(clock: Callable[[], datetime]) -> Simulator:
    given = current()
    return await Simulator.open(
        given.var_dir / SIMULATOR_FILE,
        provider=int(f"{given.provider_division}000001"), sealing=cipher(), delay=0, now=clock,
    )  # fmt: skip
