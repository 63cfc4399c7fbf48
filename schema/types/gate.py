"""GateDecision, GateHost and GateChange (放行查询): whether a host may be served, why, and what would mend it."""

from collections.abc import Mapping
from datetime import datetime

import strawberry

from models.gate import GateReason, GateVerdict
from models.states import RecordStatus
from schema.context import Info
from schema.enums import publish
from schema.scalars import FilingNumber
from workflow.gate import GateDecision as GateDecisionValue

publish(
    GateVerdict,
    "What the gate says of a host. 放行结论",
    {
        GateVerdict.ALLOW: "It may be served. 允许",
        GateVerdict.DENY: "It must not be served. 拒绝",
        GateVerdict.GRACE: "It ceased to be in force, and by the operator's leave is served for a while. 宽限",
    },
)
publish(
    GateReason,
    "Why the gate decides as it does; only FILED opens it. 放行原因",
    {
        GateReason.FILED: "Domain, website, subject and access are in force. 已备案",
        GateReason.NOT_FILED: "Nobody has filed the domain here. 未备案",
        GateReason.NOT_APPROVED: "It is being filed and not approved yet. 备案未通过",
        GateReason.NO_ACCESS: "The website is filed, but no access here is in force. 未接入",
        GateReason.IP_MISMATCH: "The address lies in no range of the access. IP地址不符",
        GateReason.CANCELLED: "Domain, website or subject was cancelled. 已注销",
        GateReason.BLACKLISTED: "The authority put it on its black list. 黑名单",
    },
)

# what the customer, or his provider, has to do so that the host is served
REMEDIES: Mapping[GateReason, tuple[str, str]] = {
    GateReason.NOT_FILED: (
        "请为该域名办理备案：新增备案，或在已有主体下新增网站、变更网站域名。",
        "File the domain: a first filing, a further website of a filed subject, or a change of a website's domains.",
    ),
    GateReason.NOT_APPROVED: (
        "备案尚未通过，请等待审核或按退回意见修改后重新提交。",
        "The filing is not approved yet: wait for the check, or mend what was returned and submit it again.",
    ),
    GateReason.NO_ACCESS: (
        "该网站在本接入商处没有有效接入，请办理新增接入。",
        "The website has no access in force at this provider: file an access for it.",
    ),
    GateReason.IP_MISMATCH: (
        "服务器IP地址不在备案的IP段内，请变更接入信息，或改用已备案的IP地址。",
        "The address is in none of the filed ranges: change the access, or serve from an address that is filed.",
    ),
    GateReason.CANCELLED: (
        "备案已注销，如需继续开通请重新备案。",
        "It was cancelled: to go on it must be filed anew.",
    ),
    GateReason.BLACKLISTED: (
        "该域名或主体已被管局列入黑名单，请联系接入商，由管局解除后恢复。",
        "The authority has it on its black list: speak to the provider; it is served again once the entry is lifted.",
    ),
}


@strawberry.type(description="The record that decides, and what its parts are in force as. 判定依据")
class GateBasis:
    """Its value is a Basis of the workflow."""

    domain: RecordStatus = strawberry.field(description="The domain on the website's list. 域名状态")
    website: RecordStatus = strawberry.field(description="The website. 网站状态")
    subject: RecordStatus = strawberry.field(description="The subject. 主体状态")
    access: RecordStatus | None = strawberry.field(
        description="The access at this provider; null where there is none. 接入状态"
    )


def show_remedy(decision: strawberry.Parent[GateDecisionValue], info: Info) -> str | None:
    """What would mend it, in the caller's language; None where nothing needs to be."""
    words = REMEDIES.get(decision.reason)
    return None if words is None else words[info.context.language == "en"]


@strawberry.type(description="Whether one host may be served, as the records stand in this moment. 放行判定")
class GateDecision:
    """Its value is a GateDecision of the workflow."""

    host: str = strawberry.field(
        description="The host as it was compared: lower case, A-labels, no port. 主机名"
    )
    domain: str | None = strawberry.field(
        description="The registrable domain that it goes by; null for what has none. 独立域名"
    )
    decision: GateVerdict = strawberry.field(description="What the gate says. 结论")
    reason: GateReason = strawberry.field(description="Why. 原因")
    filing_number: FilingNumber | None = strawberry.field(
        description="The filing number of the website that decides; null where it has none. 网站备案号"
    )
    basis: GateBasis | None = strawberry.field(
        description="The record that decides; null where nobody has filed the domain. 依据"
    )
    valid_until: datetime = strawberry.field(
        description="So long an edge may keep this answer; one that watches `gateChanges` knows sooner. 有效期至"
    )
    grace_until: datetime | None = strawberry.field(
        description="In GRACE: when it turns to DENY by itself. 宽限期至"
    )
    remedy = strawberry.field(
        resolver=show_remedy,
        description="What would mend it, in the caller's language; null for ALLOW. 处理建议",
    )


@strawberry.type(description="A registrable domain on the gate's list. 放行名单项")
class GateHost:
    """Its value is a ToldHost of the workflow."""

    host: str = strawberry.field(
        description="The registrable domain in lower-case A-labels; its sub-domains go by it. 独立域名"
    )
    decision: GateVerdict = strawberry.field(
        description="What the gate says of it, whatever the address. 结论"
    )
    reason: GateReason = strawberry.field(description="Why. 原因")
    filing_number: FilingNumber | None = strawberry.field(
        description="The website's filing number. 网站备案号"
    )
    at: datetime = strawberry.field(description="Since when. 变更时间")
    grace_until: datetime | None = strawberry.field(
        description="In GRACE: when it turns to DENY, of which nothing more is told. 宽限期至"
    )


@strawberry.type(description="One domain of which the gate says something else from now on. 放行变更")
class GateChange(GateHost):
    """Its value is a ToldChange of the workflow."""

    cursor: str = strawberry.field(description="Its place, for `gateChanges(after:)`. 游标")


@strawberry.type(description="A page of the domains that are served now. 放行名单")
class AllowedHosts:
    """Its value is an AllowedHosts of the workflow."""

    hosts: list[GateHost] = strawberry.field(description="The domains of this page, by name. 名单")
    next_after: str | None = strawberry.field(
        description="`after` of the next page; null on the last. 下一页起点"
    )
    cursor: str = strawberry.field(
        description="The first page's is for `gateChanges(after:)`: nothing that changes meanwhile is missed. 游标"
    )
