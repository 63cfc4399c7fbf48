"""Mutations about the way to the authority (管局) and back, and the one that reveals a masked field."""

from typing import Annotated

import strawberry

from models.states import FilingAction
from schema.absent import plain, told
from schema.answers import FilingPayload, SubjectPayload, answer, fill
from schema.context import Info
from schema.inputs.filing import RevealFieldInput
from schema.inputs.request import INPUT
from schema.inputs.review import RecordAuthorityResultInput, RecordReportInput, ReportFilingAgainInput
from schema.sentences import does
from workflow import results_by_hand, reviews
from workflow.reveal import reveal_field as reveal


@strawberry.type(description="What became of reportFilingAgain. 重新上报结果")
class ReportFilingAgainPayload(FilingPayload):
    """The filing."""


@strawberry.type(description="What became of recordReport. 登记已上报结果")
class RecordReportPayload(FilingPayload):
    """The filing."""


@strawberry.type(description="What became of recordAuthorityResult. 登记管局结果")
class RecordAuthorityResultPayload(SubjectPayload):
    """The filing and its subject."""


@strawberry.type(description="What became of revealField. 查看脱敏字段结果")
class RevealFieldPayload(FilingPayload):
    """The value in the clear."""

    value: str | None = strawberry.field(
        description="The value in the clear; null where it is empty or refused. 字段值", default=None
    )


async def report_filing_again(
    info: Info,
    input: Annotated[ReportFilingAgainInput, INPUT],
) -> ReportFilingAgainPayload | None:
    """Report again."""
    command = reviews.report_filing_again(
        info.context.actor,
        id=input.id,
        version=input.version,
        revision=input.revision,
        key=told(input.idempotency_key),
    )
    return await answer(info, ReportFilingAgainPayload, command)


async def record_report(
    info: Info,
    input: Annotated[RecordReportInput, INPUT],
) -> RecordReportPayload | None:
    """Record a report made by hand."""
    command = results_by_hand.record_report(
        info.context.actor,
        id=input.id,
        version=input.version,
        reported_at=input.reported_at,
        key=told(input.idempotency_key),
    )
    return await answer(info, RecordReportPayload, command)


async def record_authority_result(
    info: Info,
    input: Annotated[RecordAuthorityResultInput, INPUT],
) -> RecordAuthorityResultPayload | None:
    """Record what the authority did."""
    command = results_by_hand.record_authority_result(
        info.context.actor,
        id=input.id,
        version=input.version,
        outcome=input.outcome.value,
        result_codes=told(input.result_codes) or [],
        opinion=told(input.opinion),
        decided_at=input.decided_at,
        subject_number=told(input.subject_number),
        websites=plain(told(input.websites) or []),
        key=told(input.idempotency_key),
    )
    return await answer(info, RecordAuthorityResultPayload, command)


async def reveal_field(
    info: Info,
    input: Annotated[RevealFieldInput, INPUT],
) -> RevealFieldPayload | None:
    """Show one masked field."""
    outcome, value = await reveal(info.context.actor, id=input.id, path=input.path, reason=input.reason)
    return await fill(info, RevealFieldPayload, outcome, value=value)


@strawberry.type
class AuthorityMutations:
    """The roots about the authority, and revealField."""

    report_filing_again = strawberry.mutation(
        resolver=report_filing_again,
        description=does(FilingAction.REPORT_FILING_AGAIN, "Nothing of the filing changes."),
    )
    record_report = strawberry.mutation(
        resolver=record_report,
        description=does(FilingAction.RECORD_REPORT, "Only where `BEIAN_AUTHORITY` is `manual`."),
    )
    record_authority_result = strawberry.mutation(
        resolver=record_authority_result,
        description=does(
            FilingAction.RECORD_AUTHORITY_RESULT,
            "Only where `BEIAN_AUTHORITY` is `manual`. With APPROVED the numbers of the subject and every website.",
        ),
    )
    reveal_field = strawberry.mutation(
        resolver=reveal_field,
        description="Show one masked field in the clear: one's own, or for staff with a reason. Audited; never to a "
        "token. 查看脱敏字段",
    )
