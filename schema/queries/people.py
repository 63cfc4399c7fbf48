"""Queries of staff for one customer and for what waits for a second of them, and of owners for their grants."""

from typing import Annotated

import strawberry

from accounts.customers import find_customer
from models.account import Account as AccountRow
from models.filing import PasswordGrant as GrantRow
from models.node_ids import number_of
from models.states import JointState
from models.subject import Subject
from schema.absent import told
from schema.account_acts import attempt
from schema.connections import After, Before, Connection, ConnectionSource, First, Last, arguments, connect
from schema.context import Info
from schema.errors import refuse_at_the_top
from schema.loaders import BY_ID, NEWEST_ID
from schema.types.account import Account
from schema.types.joint_act import JointAct
from schema.types.password_grant import PasswordGrant
from schema.types.undelivered import UndeliveredPassword
from workflow import grants
from workflow.joint_acts import acts_in, visible_acts
from workflow.undelivered import undelivered_passwords


async def query_customer(
    info: Info,
    username: Annotated[
        str | None, strawberry.argument(description="The user name. 用户名")
    ] = strawberry.UNSET,
    email: Annotated[str | None, strawberry.argument(description="The address. 电子邮箱")] = strawberry.UNSET,
) -> AccountRow | None:
    """One customer's account."""
    act = find_customer(info.context.known_caller, told(username), told(email))
    account, problems = await attempt(act)
    refuse_at_the_top(problems, info.context.language)
    return account


async def query_joint_acts(
    info: Info,
    state: Annotated[
        JointState | None, strawberry.argument(description="In which state; all if left out. 状态")
    ] = strawberry.UNSET,
    subject_id: Annotated[
        strawberry.ID | None, strawberry.argument(description="About which subject. 主体标识")
    ] = strawberry.UNSET,
    first: First = strawberry.UNSET,
    after: After = strawberry.UNSET,
    last: Last = strawberry.UNSET,
    before: Before = strawberry.UNSET,
) -> ConnectionSource:
    """A page of acts of two people, the newest first."""
    rows = visible_acts(info.context.actor)
    wanted, subject = told(state), told(subject_id)
    rows = rows if wanted is None else acts_in(rows, wanted)
    rows = rows if subject is None else rows.filter(subject_id=number_of(Subject, subject) or 0)
    return await connect(info.context, rows, NEWEST_ID, arguments(first, after, last, before))


async def query_undelivered_passwords(
    info: Info,
    first: First = strawberry.UNSET,
    after: After = strawberry.UNSET,
    last: Last = strawberry.UNSET,
    before: Before = strawberry.UNSET,
) -> ConnectionSource:
    """A page of filing passwords that have not arrived, the oldest first."""
    rows = undelivered_passwords(info.context.actor)
    return await connect(info.context, rows, BY_ID, arguments(first, after, last, before))


async def query_password_grants(
    info: Info,
    subject_id: Annotated[strawberry.ID, strawberry.argument(description="One's own subject. 主体标识")],
) -> list[GrantRow]:
    """The living grants on one's own subject."""
    return await grants.password_grants(info.context.actor, subject_id)


@strawberry.type
class PeopleQueries:
    """The roots about customers, acts of two people, and grants."""

    customer = strawberry.field(
        resolver=query_customer,
        graphql_type=Account | None,
        description="The customer of exactly that user name or address, or null; audited, for reviewers. 查找客户",
    )
    joint_acts = strawberry.field(
        resolver=query_joint_acts,
        graphql_type=Connection[JointAct],
        description="What one reviewer asked for and another decides, the newest first; for staff. 双人事项",
    )
    undelivered_passwords = strawberry.field(
        resolver=query_undelivered_passwords,
        graphql_type=Connection[UndeliveredPassword],
        description="Filing passwords whose mail was given up, or is under way for over an hour; for reviewers. 备案密码未送达",
    )
    password_grants = strawberry.field(
        resolver=query_password_grants,
        graphql_type=list[PasswordGrant],
        description="The living grants on one's own subject, the newest first; at most 20. 备案密码授权",
    )
