"""The scalars: how moments, days, domains, addresses, filing numbers and free JSON are written on the wire."""

from datetime import UTC, date, datetime
from typing import NewType

import strawberry
from graphql import GraphQLError
from strawberry.scalars import JSON
from strawberry.types.scalar import ScalarDefinition

Domain = NewType("Domain", str)
IPv4 = NewType("IPv4", str)
FilingNumber = NewType("FilingNumber", str)

LONGEST_FILING_NUMBER = 40


def write_moment(value: datetime) -> str:
    """The moment in UTC with a `Z`, seconds with their fraction where there is one."""
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def read_moment(value: object) -> datetime:
    """The moment of an RFC 3339 text; raises GraphQLError without a zone, since nobody knows whose clock it is."""
    try:
        moment = datetime.fromisoformat(str(value)) if isinstance(value, str) else None
        zoned = moment is not None and moment.tzinfo is not None
        in_utc = moment.astimezone(UTC) if moment is not None and zoned else None
    except (ValueError, OverflowError):
        in_utc = None
    if in_utc is None:
        raise GraphQLError("DateTime must be a moment with its zone, such as 2026-01-31T08:30:00+08:00.")
    return in_utc


def read_day(value: object) -> date:
    """The day of an RFC 3339 text; raises GraphQLError for anything else."""
    try:
        day = date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        day = None
    if day is None or day.isoformat() != value:  # a week's day or one without hyphens is ISO 8601 alone
        raise GraphQLError("Date must be a day such as 2026-01-31.")
    return day


def read_filing_number(value: object) -> str:
    """A filing number (备案号) as text; raises GraphQLError for what is no text or longer than one can be."""
    if not isinstance(value, str) or len(value) > LONGEST_FILING_NUMBER:
        raise GraphQLError("FilingNumber must be a text such as 辽ICP备06013570号-1.")
    return value.strip()


SCALARS: dict[object, ScalarDefinition] = {
    datetime: strawberry.scalar(
        name="DateTime",
        description="A moment in UTC by RFC 3339, such as `2026-01-31T00:30:00Z`. 时刻（协调世界时）",
        specified_by_url="https://scalars.graphql.org/andimarek/date-time",
        serialize=write_moment,
        parse_value=read_moment,
    ),
    date: strawberry.scalar(
        name="Date",
        description="A day by RFC 3339, such as `2026-01-31`. 日期",
        specified_by_url="https://www.rfc-editor.org/rfc/rfc3339",
        serialize=date.isoformat,
        parse_value=read_day,
    ),
    Domain: strawberry.scalar(
        name="Domain",
        description="A domain as it was typed, letters of other scripts included. 域名",
        specified_by_url="https://www.rfc-editor.org/rfc/rfc5890",
        serialize=str,
        parse_value=str,
    ),
    IPv4: strawberry.scalar(
        name="IPv4",
        description="An IPv4 address in four decimal parts, as it was typed. IPv4地址",
        specified_by_url="https://www.rfc-editor.org/rfc/rfc791",
        serialize=str,
        parse_value=str,
    ),
    FilingNumber: strawberry.scalar(
        name="FilingNumber",
        description="A filing number: of a subject `辽ICP备06013570号`, of a website the same with `-1`. 备案号",
        specified_by_url="https://beian.miit.gov.cn/",
        serialize=str,
        parse_value=read_filing_number,
    ),
    JSON: strawberry.scalar(
        name="JSON",
        description="Any value of JSON, its names as on this API. JSON数据",
        specified_by_url="https://www.rfc-editor.org/rfc/rfc8259",
        serialize=lambda value: value,
        parse_value=lambda value: value,
    ),
}
