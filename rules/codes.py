"""The code book (代码表): codes and divisions to choose from, valid ones and those that old records still carry."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Self

from rules.shipped import read

UNIT_NATURE = "unit_nature"  # 单位性质
CERTIFICATE_TYPE = "certificate_type"  # 证件类型
SERVICE_CONTENT = "service_content"  # 服务内容
PRE_APPROVAL_TYPE = "pre_approval_type"  # 前置审批类型
ACCESS_METHOD = "access_method"  # 接入方式
SERVER_LOCATION = "server_location"  # 服务器放置地
LANGUAGE = "language"  # 语言
CANCELLATION_REASON = "cancellation_reason"  # 注销理由
ATTACHMENT_USE = "attachment_use"  # 附件用途
ATTACHMENT_FORMAT = "attachment_format"  # 附件格式

TABLES = (
    UNIT_NATURE,
    CERTIFICATE_TYPE,
    SERVICE_CONTENT,
    PRE_APPROVAL_TYPE,
    ACCESS_METHOD,
    SERVER_LOCATION,
    LANGUAGE,
    CANCELLATION_REASON,
    ATTACHMENT_USE,
    ATTACHMENT_FORMAT,
)

PROVINCE, CITY, COUNTY = 1, 2, 3

Scalar = str | int | bool | None


@dataclass(frozen=True, slots=True)
class Code:
    """One code of a table. `extras` hold what only some tables have, such as a certificate type's unit nature."""

    table: str
    code: str
    zh: str
    en: str | None = None
    active: bool = True
    extras: Mapping[str, Scalar] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Division:
    """An administrative division (行政区划): `level` 1 province, 2 city, 3 county; `parent` a code, None at the top."""

    code: str
    name: str
    level: int
    parent: str | None
    active: bool = True


class CodeBook:
    """All codes and divisions, looked up in one step, never changed once made."""

    def __init__(self, codes: Iterable[Code], divisions: Iterable[Division]) -> None:
        """Take the rows of all tables, from the data files or from a database; the last of two equal codes wins."""
        self._codes = {(code.table, code.code): code for code in codes}
        self._divisions = {division.code: division for division in divisions}
        self._parents_of_active = {
            division.parent for division in self._divisions.values() if division.parent and division.active
        }

    @classmethod
    def shipped(cls) -> Self:
        """The book as the data files have it."""
        return cls(shipped_codes(), shipped_divisions())

    def codes(self, table: str) -> Iterator[Code]:
        """All codes of a table in their order, inactive ones too."""
        return (code for code in self._codes.values() if code.table == table)

    def find(self, table: str, code: str | None) -> Code | None:
        """The code, inactive or not; None where the table does not have it."""
        return None if code is None else self._codes.get((table, code))

    def certificate_types(self, unit_nature: str) -> list[Code]:
        """The active certificate types that fit a unit nature (C75); those of no known nature fit any organisation."""
        individual = self.is_individual(unit_nature)
        return [
            code
            for code in self.codes(CERTIFICATE_TYPE)
            if code.active and self._fits(code, unit_nature, individual)
        ]

    def fits(self, certificate_type: Code, unit_nature: str) -> bool:
        """Whether a certificate of this type can belong to an organiser of this nature."""
        return self._fits(certificate_type, unit_nature, self.is_individual(unit_nature))

    @staticmethod
    def _fits(certificate_type: Code, unit_nature: str, individual: bool | None) -> bool:
        nature = certificate_type.extras.get("unit_nature")
        return not individual if nature is None else nature == unit_nature

    def is_individual(self, unit_nature: str | None) -> bool | None:
        """Whether the nature is that of a person (个人); None where the nature is not known."""
        code = self.find(UNIT_NATURE, unit_nature)
        return None if code is None else bool(code.extras.get("individual"))

    @cached_property
    def person_nature(self) -> str | None:
        """The code of the unit nature 个人, whose certificates a principal carries."""
        return next((c.code for c in self.codes(UNIT_NATURE) if c.extras.get("individual")), None)

    def divisions(self) -> Iterator[Division]:
        """All divisions in their order, inactive ones too."""
        return iter(self._divisions.values())

    def division(self, code: str | None) -> Division | None:
        """The division, inactive or not; None where there is none."""
        return None if code is None else self._divisions.get(code)

    def has_active_parts(self, division: Division) -> bool:
        """Whether a smaller division can be chosen within this one."""
        return division.code in self._parents_of_active

    def line(self, code: str | None) -> list[Division]:
        """The division and those it lies in, the smallest first; empty where there is none."""
        found: list[Division] = []
        division = self.division(code)
        while division is not None and division not in found:
            found.append(division)
            division = self.division(division.parent)
        return found

    def province_of(self, code: str | None) -> Division | None:
        """The province in which a division lies."""
        line = self.line(code)
        return line[-1] if line and line[-1].level == PROVINCE else None

    @cached_property
    def fingerprint(self) -> str:
        """The same text for the same rows, another for others (SHA-256, hexadecimal)."""
        rows = sorted(
            [c.table, c.code, c.zh, c.en or "", c.active, sorted(c.extras.items())]
            for c in self._codes.values()
        )
        places = sorted([d.code, d.name, d.level, d.parent or "", d.active] for d in self._divisions.values())
        return hashlib.sha256(json.dumps([rows, places], ensure_ascii=False).encode()).hexdigest()


@cache
def shipped_codes() -> tuple[Code, ...]:
    """The codes of all tables as the data files have them."""
    plain = {"code", "zh", "en", "active"}
    return tuple(
        Code(
            table=table,
            code=item["code"],
            zh=item["zh"],
            en=item["en"],
            active=item["active"],
            extras={key: value for key, value in item.items() if key not in plain},
        )
        for table in TABLES
        for item in read(table)["items"]
    )


@cache
def shipped_divisions() -> tuple[Division, ...]:
    """The divisions as the data file has them; a statistical zone is an inactive one."""
    return tuple(
        Division(code=row[0], name=row[1], level=row[2], parent=row[3], active=len(row) == 4 or row[4] == 1)
        for row in read("divisions")["items"]
    )
