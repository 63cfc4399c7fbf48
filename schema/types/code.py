"""Code (代码), Division (行政区划) and ResultCode (处理结果代码): what can be chosen, and what the authority answers."""

import strawberry

from authority.codes import result_meaning
from rules.codes import Code as CodeValue
from schema.context import Info
from schema.types.references import DIVISION


def show_name(code: strawberry.Parent[CodeValue]) -> str:
    """The name in Chinese."""
    return code.zh


def show_name_en(code: strawberry.Parent[CodeValue]) -> str | None:
    """The name in English."""
    return code.en


@strawberry.type(description="A code of one of the code tables. 代码")
class Code:
    """Its value is a code of the CodeBook."""

    table: str = strawberry.field(description="The table it belongs to, such as `unit_nature`. 代码表")
    code: str = strawberry.field(description="The code itself, as inputs take it. 代码值")
    name = strawberry.field(resolver=show_name, description="Its name in Chinese. 名称")
    name_en = strawberry.field(resolver=show_name_en, description="Its name in English. 英文名称")
    active: bool = strawberry.field(
        description="Whether it can be chosen; old records may carry others. 是否有效"
    )


@strawberry.type(description="An administrative division of China. 行政区划")
class Division:
    """Its value is a division with the CodeBook."""

    code: str = strawberry.field(description="The six-digit code, as inputs take it. 区划代码")
    name: str = strawberry.field(description="Its name. 名称")
    level: int = strawberry.field(description="1 province, 2 city, 3 county. 级别")
    parent: DIVISION | None = strawberry.field(description="The division it lies in. 上级区划")


def show_result_number(code: strawberry.Parent[int]) -> int:
    """The number itself."""
    return code


def show_result_meaning(code: strawberry.Parent[int], info: Info) -> str:
    """What the regulator means by it, in the caller's language."""
    known = result_meaning(code)
    return {"zh": known.zh, "en": known.en}[info.context.language]


@strawberry.type(description="A processing result of the authority. 管局处理结果")
class ResultCode:
    """Its value is the number."""

    code = strawberry.field(resolver=show_result_number, description="The regulator's number. 结果代码")
    meaning = strawberry.field(resolver=show_result_meaning, description="What it means. 含义")
