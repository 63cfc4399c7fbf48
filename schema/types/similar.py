"""SimilarRecord (相似记录): what else bears a certificate, mobile, domain or home page of a filing."""

import strawberry

from models.filing import Filing as FilingRow
from schema.context import Info
from schema.enums import publish
from schema.sources import SubjectSource, WebsiteSource
from schema.types.references import FILING, SUBJECT, WEBSITE
from workflow.similar import SimilarKind
from workflow.similar import SimilarRecord as SimilarValue

publish(
    SimilarKind,
    "What two records have in common. 相似之处",
    {
        SimilarKind.CERTIFICATE: "The certificate number of the subject. 主体证件号码",
        SimilarKind.DOMAIN: "A domain. 域名",
        SimilarKind.HOME_URL: "A home page. 首页地址",
        SimilarKind.MOBILE: "A principal's mobile. 负责人手机号码",
    },
)


async def show_subject(record: strawberry.Parent[SimilarValue], info: Info) -> SubjectSource | None:
    """The other subject."""
    return await info.context.loaders.records.subjects.load(record.subject_id)


async def show_website(record: strawberry.Parent[SimilarValue], info: Info) -> WebsiteSource | None:
    """The website that bears it, where one does."""
    websites = info.context.loaders.records.websites
    return None if record.website_id is None else await websites.load(record.website_id)


async def show_filing(record: strawberry.Parent[SimilarValue], info: Info) -> FilingRow | None:
    """The filing in which it stands."""
    return None if record.filing_id is None else await info.context.loaders.filings.load(record.filing_id)


def show_note(record: strawberry.Parent[SimilarValue], info: Info) -> str:
    """The words in the caller's language."""
    return record.en if info.context.language == "en" else record.zh


@strawberry.type(description="A record of another subject that has something in common. 相似记录")
class SimilarRecord:
    """Its value is a SimilarRecord of the workflow."""

    kind: SimilarKind = strawberry.field(description="What they have in common. 相似之处")
    subject = strawberry.field(
        resolver=show_subject, graphql_type=SUBJECT | None, description="The other subject. 主体"
    )
    website = strawberry.field(
        resolver=show_website,
        graphql_type=WEBSITE | None,
        description="The website that bears it; null where the subject does. 网站",
    )
    filing = strawberry.field(
        resolver=show_filing,
        graphql_type=FILING | None,
        description="With the same certificate each filing, dropped ones too; else the newest. 备案申请",
    )
    note = strawberry.field(
        resolver=show_note,
        description="The same in words, in the language of Accept-Language. 说明",
    )
