"""Filed elsewhere (已在其他接入商备案): websites of other providers' customers, for which an access is asked for here."""

import dataclasses
from typing import Any

from authority.codes import read_table
from demo.cast import Cast
from demo.draw import lot
from demo.hosts import access
from demo.life import Life
from demo.moves import done, plain, submit
from demo.people import resident_id
from demo.places import Place, office_phone, place
from models.filing import Filing
from rules.provinces import provinces
from workflow.access_openings import Typed, start_add_access

# subjects that other providers filed, by number; of the last the filing password is given wrong, which is 1018
ADOPTED = ("沪ICP备10900096号", "粤ICP备2020900166号")
REFUSED = "苏ICP备2022900105号"
WRONG = "MoLing105xx"


async def play_elsewhere(cast: Cast) -> None:
    """Their owners come to this provider: two get their access, the third knows the password no more."""
    for turn, number in enumerate(ADOPTED):
        record = _record(number)
        life, filing = await _ask(cast, turn, record, record["password"], 40 + 9 * turn)
        await life.decide(filing, life.days - 1)
    life, filing = await _ask(cast, len(ADOPTED), _record(REFUSED), WRONG, 12)
    await life.decide(filing, life.days - 1)


def _record(number: str) -> dict[str, Any]:
    return next(row for row in read_table("filed_elsewhere.json", "records") if row["number"] == number)


async def _ask(
    cast: Cast, turn: int, record: dict[str, Any], password: str, days: int
) -> tuple[Life, Filing]:
    owner = cast.applicants[-1 - turn]
    outcome_of = start_add_access(
        owner, website_id=None, website_filing_number=f"{record['number']}-1",
        filing_password=password, typed=_typed(turn, record), key=None,
    )  # fmt: skip
    life = Life(cast, -1 - turn, owner, cast.reviewers[turn % 2], cast.reviewers[1 - turn % 2], 0, days)

    async def ask() -> Filing:
        filing = await done(await outcome_of)
        life.subject_id = filing.subject_id
        return await submit(owner, filing)

    return life, await life.scene(days, ask())


def _typed(turn: int, record: dict[str, Any]) -> Typed:
    """Subject and website as they stand at the authority, and an access of ours."""
    chance = lot(0, -1 - turn)
    codes = list(provinces())
    where = dataclasses.replace(
        place(codes.index(str(record["province"])), 0), division=str(record["county"])
    )
    person, site = _person(record, where, turn), record["websites"][0]
    person["office_phone"] = office_phone(chance, where)
    subject = {
        "name": record["name"],
        "unit_nature": "4",
        "certificate_type": "1",
        "certificate_number": record["certificate"],
        "certificate_address": record["place"] + record["street"],
        "division": where.division,
        "address": record["street"],
        "principal": person,
    }
    website = {
        "name": site["name"],
        "home_url": site["home_url"],
        "domains": site["domains"],
        "service_contents": [str(code) for code in site["service_contents"]],
        "languages": [str(code) for code in site["languages"]],
        "principal": person,
    }
    return Typed(subject, website, plain(access(chance, where.province.server_location)))


def _person(record: dict[str, Any], where: Place, turn: int) -> dict[str, Any]:
    return {
        "name": record["principal"],
        "mobile": record["mobile"],
        "email": record["email"],
        "certificate_type": "2",
        "certificate_number": resident_id(where.division, 17_000 + turn),
    }
