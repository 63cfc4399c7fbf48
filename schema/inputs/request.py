"""What many inputs share: fields that may be left out, the idempotency key, and the version that was seen."""

from typing import Any

import strawberry

# the one argument of every mutation
INPUT = strawberry.argument(description="What to do, and to what. 输入")

_KEY_WORDS = "Any text of your own, up to 255 characters: the same request under it is carried out once in 24 hours. 幂等键"
_VERSION_WORDS = "The version you saw; another one is refused with STALE_VERSION. 版本"


def optional(description: str) -> Any:
    """A field that may be left out; leaving it out and null are told apart."""
    return strawberry.field(default=strawberry.UNSET, description=description)


def required(description: str) -> Any:
    """A field that must be given."""
    return strawberry.field(description=description)


@strawberry.input(description="Base of inputs that are carried out once under a key. 幂等请求")
class Keyed:
    """Carries the key."""

    idempotency_key: str | None = optional(_KEY_WORDS)


@strawberry.input(description="Base of inputs that act on one thing as it was seen. 对象及版本")
class Versioned(Keyed):
    """Names the thing and its version."""

    id: strawberry.ID = required("What to act on. 标识")
    version: int = required(_VERSION_WORDS)


PARENT_VERSION_WORDS = "The parent's version as you saw it; adding does not raise it. 上级对象的版本"
