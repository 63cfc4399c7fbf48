"""PasswordGrant (备案密码授权): leave to act with a filing password for a while; its secret is shown once, when it is made."""

from datetime import datetime

import strawberry

from models.filing import PasswordGrant as GrantRow
from models.states import FilingAction
from schema.node import id_field


def show_actions(grant: strawberry.Parent[GrantRow]) -> list[FilingAction]:
    """What it opens."""
    return [FilingAction(action) for action in grant.actions]


@strawberry.type(
    description="Leave to act with a filing password for a while, without knowing it: its text is given as "
    "`filingPassword`. It ends with the password, too. 备案密码授权"
)
class PasswordGrant:
    """Its value is a row of `password_grant`."""

    id = id_field(GrantRow)
    actions = strawberry.field(resolver=show_actions, description="What it opens. 可执行操作")
    created_at: datetime = strawberry.field(description="When it was made. 创建时间")
    expires_at: datetime = strawberry.field(description="Until when it is good. 到期时间")
    revoked_at: datetime | None = strawberry.field(description="When it was taken back. 撤销时间")
