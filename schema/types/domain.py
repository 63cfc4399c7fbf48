"""What hangs on a website: its domains (域名) and pre-approval papers (前置审批)."""

import strawberry

from models.attachment import Attachment as AttachmentRow
from models.states import RecordStatus
from schema.context import Info
from schema.scalars import Domain
from schema.sources import PreApprovalSource
from schema.types.attachment import Attachment, attachments_of_record
from schema.types.code import Code
from workflow.document_forms import paper_key


@strawberry.type(description="A domain of a website. 域名")
class WebsiteDomain:
    """Its value is a DomainSource."""

    id: strawberry.ID = strawberry.field(description="The opaque id; the name keeps it through edits. 标识")
    name: Domain = strawberry.field(description="The domain as it was typed. 域名")
    status: RecordStatus = strawberry.field(description="What it is in force as. 状态")


async def show_papers(paper: strawberry.Parent[PreApprovalSource], info: Info) -> list[AttachmentRow]:
    """The pictures of the paper."""
    return await attachments_of_record(info, paper.website, paper_key(paper.form))


@strawberry.type(description="A pre-approval paper that some kinds of website need. 前置审批")
class PreApproval:
    """Its value is a PreApprovalSource."""

    type: Code = strawberry.field(description="What was approved. 前置审批类型")
    number: str = strawberry.field(description="The number of the paper. 前置审批号")
    attachments = strawberry.field(
        resolver=show_papers, graphql_type=list[Attachment], description="The pictures of the paper. 附件"
    )
