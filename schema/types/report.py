"""AuthorityReport (上报): one upload of a filing to the authority, and what came back for it."""

from datetime import datetime

import strawberry

from models.states import ReportState
from schema.types.code import ResultCode


@strawberry.type(description="One upload of a filing to the authority, and its answer. 上报记录")
class AuthorityReport:
    """Its value is a row of `report`."""

    number: int = strawberry.field(description="Counts the uploads of the filing from 1. 上报序号")
    revision: int = strawberry.field(description="The revision that was uploaded. 提交版本号")
    file: str | None = strawberry.field(description="The name of the uploaded file. 上报文件名")
    sequence: int | None = strawberry.field(description="The provider's upload counter. 上报流水号")
    state: ReportState = strawberry.field(description="How far it has come. 状态")
    message_code: int | None = strawberry.field(
        description="What the interface answered to the upload. 接口返回码"
    )
    result_codes: list[ResultCode] = strawberry.field(description="What the authority found. 处理结果")
    decision: bool | None = strawberry.field(description="Yes or no, once decided. 审核结果")
    opinion: str | None = strawberry.field(description="The authority's words. 审核意见")
    sent_at: datetime | None = strawberry.field(description="When it was sent. 上报时间")
    decided_at: datetime | None = strawberry.field(description="When it was decided. 审核时间")
    last_poll_at: datetime | None = strawberry.field(description="When it was last asked about. 最近查询时间")
