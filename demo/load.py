"""Loading the demonstration: accounts, two hundred first filings at every stage, and what came after the approved ones."""

from demo.afterwards import play_afterwards
from demo.cast import Login, gathered, make_accounts
from demo.first_filings import play_first_filing
from models.account import Account
from models.refusal import WrongState

SUBJECTS = 200


async def load_demonstration(subjects: int = SUBJECTS) -> list[Login]:
    """Fill an empty database; gives the logins. Raises WrongState where there are accounts already."""
    if await Account.exists():
        raise WrongState(
            "数据库中已有账号", "the database has accounts already; the demonstration wants an empty one"
        )
    logins, actors = await make_accounts()
    async with gathered(actors) as cast:
        played = [await play_first_filing(cast, index) for index in range(subjects)]
        await play_afterwards(cast, played)
    return logins
