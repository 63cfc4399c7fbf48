"""The expected refusals: what a command answers when it says no, in the terms of the API's UserError.

Refused                       carries one or more problems
├── NotFound                  there is no such thing, or not for this caller
├── NotPermitted              the caller sees it, but the step is not his
├── WrongState                the step is not possible as things stand; says what blocks it
├── StaleVersion              it was changed meanwhile; carries the current version
├── Invalid                   a value cannot even be stored
├── Throttled                 too many tries; carries when to come back
└── KeyReused / KeyInProgress an idempotency key was used for something else, or is being used now
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Conflict:
    """One field of a stale edit: where, what stands there now, and what was sent."""

    path: tuple[str, ...]
    current: Any
    sent: Any


@dataclass(frozen=True, slots=True)
class Problem:
    """One reason: `code` is the contract's ErrorCode, `path` names the field, `zh` and `en` say it in words."""

    code: str
    zh: str
    en: str
    path: tuple[str, ...] | None = None
    rule: str | None = None
    suggestion: str | None = None
    severity: str = "ERROR"
    blocking_id: str | None = None
    current_version: int | None = None
    retry_after: int | None = None
    conflicts: tuple[Conflict, ...] = ()


class Refused(Exception):
    """An expected refusal; rolls back what was begun and stands in the payload's `errors`."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("; ".join(f"{problem.code} {problem.en}" for problem in problems))
        self.problems = problems


class NotFound(Refused):
    """Unknown, foreign and malformed ids are answered alike."""

    def __init__(self, path: Sequence[str] | None = None) -> None:
        super().__init__(
            Problem("NOT_FOUND", "没有找到", "not found", path=tuple(path) if path is not None else None)
        )


class NotPermitted(Refused):
    """The caller may see the thing but not do this to it."""

    def __init__(self, zh: str = "您无权进行此操作", en: str = "this step is not yours to take") -> None:
        super().__init__(Problem("NOT_PERMITTED", zh, en))


class WrongState(Refused):
    """The step is not possible now; `blocking_id` names the filing or record in the way."""

    def __init__(self, zh: str, en: str, *, rule: str | None = None, blocking_id: str | None = None) -> None:
        super().__init__(Problem("WRONG_STATE", zh, en, rule=rule, blocking_id=blocking_id))


class StaleVersion(Refused):
    """Somebody was faster; the caller should look again."""

    def __init__(
        self, current_version: int, path: Sequence[str] = ("version",), conflicts: Sequence[Conflict] = ()
    ) -> None:
        super().__init__(
            Problem(
                "STALE_VERSION",
                "数据已被更改，请刷新后重试",
                "it was changed meanwhile; look again and retry",
                path=tuple(path),
                current_version=current_version,
                conflicts=tuple(conflicts),
            )
        )


class Invalid(Refused):
    """A value of the input cannot be stored."""

    def __init__(self, path: Sequence[str], zh: str, en: str, *, rule: str | None = None) -> None:
        super().__init__(Problem("INVALID", zh, en, path=tuple(path), rule=rule))


class Throttled(Refused):
    """Too many tries; `retry_after` in seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(
            Problem(
                "THROTTLED",
                "尝试次数过多，请稍后再试",
                "too many tries; come back later",
                retry_after=retry_after,
            )
        )


class KeyReused(Refused):
    """The idempotency key belongs to another request."""

    def __init__(self) -> None:
        super().__init__(
            Problem(
                "IDEMPOTENCY_KEY_REUSED",
                "幂等键已用于另一请求",
                "this idempotency key was used for another request",
                path=("idempotencyKey",),
            )
        )


class KeyInProgress(Refused):
    """The first request with this key has not been answered yet."""

    def __init__(self) -> None:
        super().__init__(
            Problem(
                "IDEMPOTENCY_IN_PROGRESS",
                "相同请求正在处理",
                "the same request is being carried out",
                path=("idempotencyKey",),
                retry_after=1,
            )
        )
