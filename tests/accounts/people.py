"""The people of these tests: accounts made through the real doors, and looks at what the database holds."""

import asyncio

from accounts.administration import create_account
from accounts.callers import Caller, caller_of_session
from accounts.signin import SignedIn, sign_in
from models.account import Account
from models.credential import Throttle
from models.event import AuditEntry
from models.states import Role

PASSWORD = "lantern-Harbor-42"
NEW_PASSWORD = "quarry-Meadow-77"
HOME = "203.0.113.7"
ELSEWHERE = "198.51.100.9"


async def make_person(
    username: str = "zhang.wei", role: Role = Role.APPLICANT, email: str = "zhang@example.com"
) -> Account:
    return await create_account(username, PASSWORD, role, email)


async def come_in(username: str = "zhang.wei", address: str = HOME) -> SignedIn:
    return await sign_in(username, PASSWORD, address=address)


async def come_in_as_caller(username: str = "zhang.wei", address: str = HOME) -> Caller:
    return await caller_of_session((await come_in(username, address)).value, address)


async def audited() -> list[str]:
    return [entry.action for entry in await AuditEntry.all().order_by("id")]


async def counted(tries: int) -> None:
    """Wait until a log-in has been counted for the `tries`th time at one place."""
    while not await Throttle.filter(key__startswith="login-place", tries__gte=tries).exists():
        await asyncio.sleep(0.001)
