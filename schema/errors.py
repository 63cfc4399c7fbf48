"""How a refusal is told: the payloads' UserError, and the coded errors that stand at the top of an answer.

GraphQLError
└── CodedError        `extensions.code` says which
    ├── Unauthenticated   nobody is signed in
    ├── Forbidden         this role or this token's scopes do not reach here
    ├── BadUserInput      an argument that no resolver can use
    └── RateLimited       asked too often; says when to come back
"""

from collections.abc import Iterable
from enum import StrEnum

import strawberry
from graphql import GraphQLError
from strawberry.scalars import JSON

from models.refusal import Problem
from rules.findings import Severity
from schema.enums import publish


class ErrorCode(StrEnum):
    """Why a mutation did nothing."""

    NOT_FOUND = "NOT_FOUND"
    NOT_PERMITTED = "NOT_PERMITTED"
    WRONG_STATE = "WRONG_STATE"
    STALE_VERSION = "STALE_VERSION"
    FINDINGS = "FINDINGS"
    WRONG_FILING_PASSWORD = "WRONG_FILING_PASSWORD"  # noqa: S105 - the name of a code
    FILING_PASSWORD_REQUIRED = "FILING_PASSWORD_REQUIRED"  # noqa: S105
    AUTHORITY_UNAVAILABLE = "AUTHORITY_UNAVAILABLE"
    THROTTLED = "THROTTLED"
    WRONG_CREDENTIALS = "WRONG_CREDENTIALS"
    WRONG_CAPTCHA = "WRONG_CAPTCHA"
    DUPLICATE = "DUPLICATE"
    COEXISTENCE = "COEXISTENCE"
    INVALID = "INVALID"
    IDEMPOTENCY_KEY_REUSED = "IDEMPOTENCY_KEY_REUSED"
    IDEMPOTENCY_IN_PROGRESS = "IDEMPOTENCY_IN_PROGRESS"


publish(
    ErrorCode,
    "Why a mutation did nothing. 错误代码",
    {
        ErrorCode.NOT_FOUND: "There is no such thing, or none that you may see. 未找到",
        ErrorCode.NOT_PERMITTED: "You see it, but this step is not yours. 无权操作",
        ErrorCode.WRONG_STATE: "Not possible as things stand; `blockingId` may name what is in the way. 状态不符",
        ErrorCode.STALE_VERSION: "It was changed meanwhile; `currentVersion` is the one to look at. 版本已过期",
        ErrorCode.FINDINGS: "A rule is not satisfied; one error for each finding. 检查未通过",
        ErrorCode.WRONG_FILING_PASSWORD: "The filing password is wrong. 备案密码错误",
        ErrorCode.FILING_PASSWORD_REQUIRED: "The filing password must be given. 需要备案密码",
        ErrorCode.AUTHORITY_UNAVAILABLE: "The authority cannot be asked now; `retryAfter` says when. 管局暂不可用",
        ErrorCode.THROTTLED: "Too many tries; `retryAfter` says when to come back. 尝试次数过多",
        ErrorCode.WRONG_CREDENTIALS: "User name or password is wrong. 用户名或密码错误",
        ErrorCode.WRONG_CAPTCHA: "The captcha is missing, wrong, used or expired. 验证码错误",
        ErrorCode.DUPLICATE: "Somebody has it already. 已被使用",
        ErrorCode.COEXISTENCE: "Another open filing stands beside it; `blockingId` names it. 存在未完结的备案申请",
        ErrorCode.INVALID: "A value that cannot be stored or used; `path` names it. 内容无效",
        ErrorCode.IDEMPOTENCY_KEY_REUSED: "The idempotency key was used for another request. 幂等键已被使用",
        ErrorCode.IDEMPOTENCY_IN_PROGRESS: "The same request is being carried out now. 相同请求正在处理",
    },
)


@strawberry.type(description="A field of a late edit in which two values stand against each other. 冲突字段")
class FieldConflict:
    """A Conflict; personal values are masked in both."""

    path: list[str] = strawberry.field(description="The field, by ids where there are ids. 字段路径")
    current: JSON | None = strawberry.field(description="What stands there now; null for nothing. 当前值")
    sent: JSON | None = strawberry.field(description="What was sent; null for nothing. 提交值")


@strawberry.type(description="One reason why a mutation did nothing, or why an action is not open. 错误")
class UserError:
    """A Problem in the caller's language."""

    code: ErrorCode = strawberry.field(description="What programs go by. 错误代码")
    message: str = strawberry.field(
        description="What people read, in the language of Accept-Language. 错误说明"
    )
    path: list[str] | None = strawberry.field(
        description="The field it is about, by ids where there are ids. 字段路径"
    )
    rule: str | None = strawberry.field(
        description="The rule, by the regulator's code where there is one. 规则编号"
    )
    suggestion: str | None = strawberry.field(description="What would satisfy it. 修改建议")
    severity: Severity = strawberry.field(description="How much it weighs. 严重程度")
    blocking_id: strawberry.ID | None = strawberry.field(
        description="The filing, record or note in the way. 阻碍对象的标识"
    )
    current_version: int | None = strawberry.field(description="The version as it is now. 当前版本")
    retry_after: int | None = strawberry.field(
        description="Seconds to wait before trying again. 重试等待秒数"
    )
    conflicts: list[FieldConflict] = strawberry.field(
        description="Of an edit that came too late: each field in which what was sent differs. 冲突字段",
        default_factory=list,
    )


def user_error(problem: Problem, language: str) -> UserError:
    """The one way from a problem to a UserError; `language` is `zh` or `en`."""
    return UserError(
        code=ErrorCode(problem.code),
        message=problem.en if language == "en" else problem.zh,
        path=None if problem.path is None else list(problem.path),
        rule=problem.rule,
        suggestion=problem.suggestion,
        severity=Severity(problem.severity),
        blocking_id=None if problem.blocking_id is None else strawberry.ID(problem.blocking_id),
        current_version=problem.current_version,
        retry_after=problem.retry_after,
        conflicts=[
            FieldConflict(path=list(one.path), current=one.current, sent=one.sent)
            for one in problem.conflicts
        ],
    )


def user_errors(problems: Iterable[Problem], language: str) -> list[UserError]:
    """The errors of a payload, in the order of the problems."""
    return [user_error(problem, language) for problem in problems]


class CodedError(GraphQLError):
    """An error at the top of an answer, in both languages; `code` is its `extensions.code`."""

    code = "BAD_REQUEST"

    def __init__(self, zh: str, en: str, language: str) -> None:
        super().__init__(en if language == "en" else zh, extensions={"code": self.code})


class Unauthenticated(CodedError):
    """The field is not open to visitors."""

    code = "UNAUTHENTICATED"

    def __init__(self, language: str) -> None:
        super().__init__("请先登录。", "Sign in first.", language)


class Forbidden(CodedError):
    """The caller's role, or his token's scopes, do not reach this field."""

    code = "FORBIDDEN"

    def __init__(self, language: str) -> None:
        super().__init__(
            "您的角色或令牌权限不允许此操作。", "Your role or token does not reach this.", language
        )


class BadUserInput(CodedError):
    """An argument that cannot be used."""

    code = "BAD_USER_INPUT"


class RateLimited(CodedError):
    """Too many questions; `extensions.retryAfter` in seconds."""

    code = "RATE_LIMITED"

    def __init__(self, problem: Problem, language: str) -> None:
        super().__init__(problem.zh, problem.en, language)
        self.extensions = {"code": self.code, "retryAfter": problem.retry_after}


def refuse_at_the_top(problems: Iterable[Problem], language: str) -> None:
    """Raise the first problem of a query, which has no payload to tell it in."""
    for problem in problems:
        if problem.code == "THROTTLED":
            raise RateLimited(problem, language)
        if problem.code == "NOT_PERMITTED":
            raise Forbidden(language)
        raise BadUserInput(problem.zh, problem.en, language)
