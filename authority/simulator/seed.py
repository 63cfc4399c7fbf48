"""The twenty records that other providers had filed before the simulator was first opened."""

from datetime import datetime
from typing import Any

from authority.codes import read_table
from authority.messages import (
    Access,
    Address,
    Certificate,
    Contact,
    Domain,
    IpRange,
    NewFiling,
    Subject,
    Website,
)
from authority.numbers import parse_filing_number
from authority.simulator.library import Library
from authority.simulator.numbering import CHINA

BUSINESS_LICENCE = 1
ENTERPRISE = 4
ON_BEHALF = 1


def enter_filed_elsewhere(library: Library) -> None:
    """Put the records of `authority/data/filed_elsewhere.json` on file, under the numbers they have there."""
    for row in _rows():
        reviewed_at = datetime.fromisoformat(row["reviewed"]).replace(tzinfo=CHINA)
        principal = _principal(row)
        filing = NewFiling(
            _subject(row, principal), tuple(_website(site, principal) for site in row["websites"])
        )
        # each access of the file names its provider, so none is left to the last argument but one
        library.register(filing, parse_filing_number(row["number"]), 0, reviewed_at, row["password"])


def tell_passwords(library: Library) -> None:
    """Let the library know the filing passwords of the records that were put on file before it kept any."""
    for row in _rows():
        library.set_password(row["number"], row["password"])


def _rows() -> list[dict[str, Any]]:
    return read_table("filed_elsewhere.json", "records")


def _principal(row: dict[str, Any]) -> Contact:
    return Contact(row["principal"], row["office_phone"], row["mobile"], row["email"], None, None)


def _subject(row: dict[str, Any], principal: Contact) -> Subject:
    detail = row["place"] + row["street"]
    return Subject(
        provider_id=None,
        authority_id=None,
        number=None,
        name=row["name"],
        unit_nature=ENTERPRISE,
        investor=row["principal"],
        address=Address(row["province"], row["city"], row["county"], row["street"]),
        certificate=Certificate(BUSINESS_LICENCE, row["certificate"], detail),
        principal=principal,
        mode=ON_BEHALF,
        remark=None,
    )


def _website(site: dict[str, Any], principal: Contact) -> Website:
    return Website(
        provider_id=None,
        authority_id=None,
        number=None,
        name=site["name"],
        pre_approvals=(),
        service_contents=tuple(site["service_contents"]),
        languages=tuple(site["languages"]),
        domains=tuple(Domain(None, None, name) for name in site["domains"]),
        accesses=tuple(_access(access) for access in site["accesses"]),
        principal=principal,
        home_url=site["home_url"],
        remark=None,
    )


def _access(access: dict[str, Any]) -> Access:
    return Access(
        provider_id=None,
        authority_id=None,
        provider=access["provider"],
        methods=tuple(access["methods"]),
        locations=tuple(access["locations"]),
        ranges=(IpRange(None, None, access["start"], access["end"]),),
    )
