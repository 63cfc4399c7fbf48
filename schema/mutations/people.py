"""Mutations about customers, about acts that take two of the staff, and about grants of a filing password."""

from typing import Annotated, Any

import strawberry

from accounts.invitation import invite_customer as invite
from models.account import Account as AccountRow
from models.states import FilingAction
from schema.absent import told
from schema.account_acts import OnceUnderKey
from schema.answers import Payload, answer, fill, shows
from schema.context import Info
from schema.inputs.people import (
    ConfirmJointActInput,
    CorrectFilingNumberInput,
    CreatePasswordGrantInput,
    InviteCustomerInput,
    RejectJointActInput,
    ResetFilingPasswordInput,
    RevokePasswordGrantInput,
    TransferSubjectInput,
)
from schema.inputs.request import INPUT
from schema.sentences import does
from schema.types.account import Account
from schema.types.joint_act import JointAct
from schema.types.password_grant import PasswordGrant
from schema.types.subject import Subject
from workflow import confirmations, grants, number_corrections, password_resets, transfers

_TWO = "Done once another reviewer has confirmed it with confirmJointAct; refused on what one owns or typed."


@strawberry.type(description="What became of inviteCustomer. 邀请客户结果")
class InviteCustomerPayload(Payload):
    """The account."""

    account: Any = shows(Account, "The new account; filings can be made for it at once. 账号")


@strawberry.type(description="Base of payloads about acts of two people. 双人事项结果")
class JointActPayload(Payload):
    """The act and its subject."""

    joint_act: Any = shows(JointAct, "What was asked for, as it is now. 双人事项")
    subject: Any = shows(Subject, "The subject as it is now. 主体")


@strawberry.type(description="What became of transferSubject. 变更主体所有人结果")
class TransferSubjectPayload(JointActPayload):
    """The act."""


@strawberry.type(description="What became of resetFilingPassword. 重置备案密码结果")
class ResetFilingPasswordPayload(JointActPayload):
    """The act, where it takes two; the subject."""


@strawberry.type(description="What became of correctFilingNumber. 更正备案号结果")
class CorrectFilingNumberPayload(JointActPayload):
    """The act."""


@strawberry.type(description="What became of confirmJointAct. 复核通过结果")
class ConfirmJointActPayload(JointActPayload):
    """The act, done."""


@strawberry.type(description="What became of rejectJointAct. 复核不通过结果")
class RejectJointActPayload(JointActPayload):
    """The act, ended."""


@strawberry.type(description="What became of createPasswordGrant. 授权使用备案密码结果")
class CreatePasswordGrantPayload(Payload):
    """The grant, with its text this once."""

    grant: str | None = strawberry.field(
        description="What is given as `filingPassword`; shown this once, and not again under the same idempotency "
        "key. 授权码",
        default=None,
    )
    password_grant: Any = shows(PasswordGrant, "What can be shown of it later. 授权")
    subject: Any = shows(Subject, "The subject. 主体")


@strawberry.type(description="What became of revokePasswordGrant. 撤销备案密码授权结果")
class RevokePasswordGrantPayload(Payload):
    """The grant."""

    password_grant: Any = shows(PasswordGrant, "The grant, taken back. 授权")


async def invite_customer(
    info: Info,
    input: Annotated[InviteCustomerInput, INPUT],
) -> InviteCustomerPayload | None:
    """Make a customer's account."""
    name, key = told(input.username), told(input.idempotency_key)
    request = {"email": input.email, "username": name}
    once = OnceUnderKey(info.context, "inviteCustomer", request, key, "account", AccountRow)
    outcome = await once.carry(lambda run: invite(info.context.known_caller, input.email, name, run=run))
    return await fill(info, InviteCustomerPayload, outcome)


async def transfer_subject(
    info: Info,
    input: Annotated[TransferSubjectInput, INPUT],
) -> TransferSubjectPayload | None:
    """Ask for a new owner."""
    command = transfers.transfer_subject(
        info.context.actor,
        subject_id=input.subject_id,
        version=input.version,
        owner_id=input.owner_id,
        reason=input.reason,
        key=told(input.idempotency_key),
    )
    return await answer(info, TransferSubjectPayload, command)


async def reset_filing_password(
    info: Info,
    input: Annotated[ResetFilingPasswordInput, INPUT],
) -> ResetFilingPasswordPayload | None:
    """Replace a filing password."""
    command = password_resets.reset_filing_password(
        info.context.actor,
        subject_id=input.subject_id,
        reason=input.reason,
        deliver_to=told(input.deliver_to),
        document_ids=told(input.document_ids) or [],
        key=told(input.idempotency_key),
    )
    return await answer(info, ResetFilingPasswordPayload, command)


async def correct_filing_number(
    info: Info,
    input: Annotated[CorrectFilingNumberInput, INPUT],
) -> CorrectFilingNumberPayload | None:
    """Ask for a number to be mended."""
    command = number_corrections.correct_filing_number(
        info.context.actor,
        id=input.id,
        version=input.version,
        number=input.number,
        reason=input.reason,
        key=told(input.idempotency_key),
    )
    return await answer(info, CorrectFilingNumberPayload, command)


async def confirm_joint_act(
    info: Info,
    input: Annotated[ConfirmJointActInput, INPUT],
) -> ConfirmJointActPayload | None:
    """Say yes."""
    command = confirmations.confirm_joint_act(
        info.context.actor, id=input.id, key=told(input.idempotency_key)
    )
    return await answer(info, ConfirmJointActPayload, command)


async def reject_joint_act(
    info: Info,
    input: Annotated[RejectJointActInput, INPUT],
) -> RejectJointActPayload | None:
    """Say no."""
    command = confirmations.reject_joint_act(
        info.context.actor, id=input.id, reason=input.reason, key=told(input.idempotency_key)
    )
    return await answer(info, RejectJointActPayload, command)


async def create_password_grant(
    info: Info,
    input: Annotated[CreatePasswordGrantInput, INPUT],
) -> CreatePasswordGrantPayload | None:
    """Make a grant."""
    outcome, text = await grants.create_password_grant(
        info.context.actor,
        subject_id=input.subject_id,
        filing_password=input.filing_password,
        actions=input.actions,
        minutes=input.minutes,
        key=told(input.idempotency_key),
    )
    return await fill(info, CreatePasswordGrantPayload, outcome, grant=text)


async def revoke_password_grant(
    info: Info,
    input: Annotated[RevokePasswordGrantInput, INPUT],
) -> RevokePasswordGrantPayload | None:
    """Take a grant back."""
    command = grants.revoke_password_grant(info.context.actor, id=input.id, key=told(input.idempotency_key))
    return await answer(info, RevokePasswordGrantPayload, command)


@strawberry.type
class PeopleMutations:
    """The roots about customers, acts of two people, and grants."""

    invite_customer = strawberry.mutation(
        resolver=invite_customer,
        description="Make an account for a customer and mail him a link, good once in seven days, to set its "
        "password; for reviewers. 邀请客户",
    )
    transfer_subject = strawberry.mutation(
        resolver=transfer_subject,
        description=f"Ask for a subject to go to another customer with all its filings. {_TWO} 变更主体所有人",
    )
    reset_filing_password = strawberry.mutation(
        resolver=reset_filing_password,
        description="Make a new filing password: mailed to the principal's approved address at once, to another one "
        "only with documents and a second reviewer. 重置备案密码",
    )
    correct_filing_number = strawberry.mutation(
        resolver=correct_filing_number,
        description=f"Ask for a mistyped number to be mended; only where `BEIAN_AUTHORITY` is `manual`. {_TWO} "
        "更正备案号",
    )
    confirm_joint_act = strawberry.mutation(
        resolver=confirm_joint_act, description="Confirm what another reviewer asked for, and do it. 复核通过"
    )
    reject_joint_act = strawberry.mutation(
        resolver=reject_joint_act,
        description="Reject what was asked for, or take back what one asked for oneself. 复核不通过或撤回",
    )
    create_password_grant = strawberry.mutation(
        resolver=create_password_grant,
        description=does(
            FilingAction.CREATE_PASSWORD_GRANT,
            "For the owner at a browser, who knows the password; never by a token.",
        ),
    )
    revoke_password_grant = strawberry.mutation(
        resolver=revoke_password_grant, description=does(FilingAction.REVOKE_PASSWORD_GRANT)
    )
