"""What is typed of an access (接入) and its IP ranges (IP段)."""

import strawberry

from schema.inputs.request import PARENT_VERSION_WORDS, Keyed, Versioned, optional, required


@strawberry.input(description="A range of IPv4 addresses, both ends included. IP段")
class IpRangeInput:
    """A range."""

    start: str = required("The first address. 起始IP")
    end: str | None = optional("The last address; the first one again if left out. 终止IP")


@strawberry.input(description="Base: the fields of an access. 接入信息")
class AccessFields:
    """All of an access."""

    methods: list[str] | None = optional("Codes of table access_method. 接入方式")
    server_locations: list[str] | None = optional("Codes of table server_location. 服务器放置地")
    ip_ranges: list[IpRangeInput] | None = optional("All ranges; each keeps its identity by its ends. IP段")


@strawberry.input(description="The access of a new website. 新接入")
class NewAccessInput(AccessFields):
    """An access without ids."""


@strawberry.input(description="An access for a website that is there; a second one is refused. 添加接入")
class AddAccessInput(AccessFields, Keyed):
    """An access with its parent."""

    website_id: strawberry.ID = required("The website it serves. 网站标识")
    version: int = required(PARENT_VERSION_WORDS)


@strawberry.input(
    description="An edit of an access: what is left out stays, null clears, a list replaces the list. 修改接入"
)
class UpdateAccessInput(AccessFields, Versioned):
    """An edit of an access."""


@strawberry.input(description="Take an access out of the draft. 移除接入")
class RemoveAccessInput(Versioned):
    """The access to take out."""
