"""The table: one row tells a transition whole. Mutations, permittedActions, the chart and the tests all read it."""

from dataclasses import dataclass
from enum import StrEnum

from models.states import OWNERS_TURN, FilingAction, FilingStatus
from workflow import effects as do
from workflow import guards as must
from workflow.approval import put_in_force
from workflow.case import Case
from workflow.effects import Effect
from workflow.guards import Guard
from workflow.letters import mail_the_approval, mail_the_password, mail_the_refusal, mail_the_return

A = FilingAction
S = FilingStatus
_LATE = frozenset({S.DRAFT, S.SUBMITTED, S.RETURNED, S.ACCEPTED, S.REFUSED, S.ABANDONED})


class Turn(StrEnum):
    """Whose step it is. There is no default: a row without it cannot be written."""

    OWNER = "OWNER"
    REVIEWER = "REVIEWER"
    SYSTEM = "SYSTEM"
    AUTHORITY = "AUTHORITY"


@dataclass(frozen=True)
class Transition:
    """One row. `target` None: the status stays. `variant` tells rows of one action apart by their outcome.

    `letters` are laid into the outbox once the step stands in the timeline. `raises`: whether the filing's version
    rises. `judges`: whether the guards ask for the rules' findings.
    """

    action: FilingAction
    zh: str
    en: str
    sources: frozenset[FilingStatus]
    target: FilingStatus | None
    turn: Turn
    guards: tuple[Guard, ...] = ()
    effects: tuple[Effect, ...] = ()
    letters: tuple[Effect, ...] = ()
    variant: str = ""
    raises: bool = True
    judges: bool = False

    def target_of(self, case: Case) -> FilingStatus:
        """Where this case goes."""
        return self.target or case.filing.status


def _edit(action: FilingAction, zh: str, en: str) -> Transition:
    return Transition(action, zh, en, OWNERS_TURN, None, Turn.OWNER, effects=(do.note_editor,))


_DECIDES = (must.names_the_current_revision, must.no_other_claims_it, must.is_not_his_own)

TABLE: tuple[Transition, ...] = (
    _edit(A.UPDATE_SUBJECT, "修改主体信息", "edit the subject"),
    _edit(A.ADD_WEBSITE, "添加网站", "add a website"),
    _edit(A.UPDATE_WEBSITE, "修改网站信息", "edit a website"),
    _edit(A.REMOVE_WEBSITE, "移除网站", "remove a website"),
    _edit(A.ADD_ACCESS, "添加接入", "add an access"),
    _edit(A.UPDATE_ACCESS, "修改接入信息", "edit an access"),
    _edit(A.REMOVE_ACCESS, "移除接入", "remove an access"),
    Transition(
        A.SUBMIT_FILING,
        "提交接入商核实",
        "submit for the provider's check",
        OWNERS_TURN,
        S.SUBMITTED,
        Turn.OWNER,
        guards=(must.stands_alone, must.satisfies_the_rules, must.notes_are_met),
        effects=(do.settle_notes, do.keep_a_revision, do.start_the_providers_clock, do.end_the_claim),
        judges=True,
    ),
    Transition(
        A.WITHDRAW_FILING,
        "撤回",
        "withdraw to draft",
        frozenset({S.SUBMITTED, S.ACCEPTED}),
        S.DRAFT,
        Turn.OWNER,
        guards=(must.report_is_not_out,),
        effects=(
            do.cancel_the_waiting_report,
            do.void_approvals,
            do.end_the_claim,
            do.stop_the_clock,
            do.clear_the_error,
        ),
    ),
    Transition(
        A.DROP_FILING,
        "放弃",
        "drop and archive",
        OWNERS_TURN,
        S.ABANDONED,
        Turn.OWNER,
        effects=(do.archive_drafts, do.stop_the_clock),
    ),
    Transition(
        A.RESTORE_FILING,
        "恢复为草稿",
        "restore as a draft",
        frozenset({S.ABANDONED}),
        S.DRAFT,
        Turn.OWNER,
        guards=(must.stands_alone,),
        effects=(do.bring_back_drafts,),
    ),
    Transition(
        A.CLONE_FILING,
        "复制为新草稿",
        "make a new draft of it",
        frozenset(S),
        None,
        Turn.OWNER,
        raises=False,
    ),
    Transition(
        A.REPLY_TO_NOTE,
        "答复退回意见",
        "answer a returned note",
        OWNERS_TURN,
        None,
        Turn.OWNER,
        guards=(must.has_a_note_to_answer,),
        raises=False,
    ),
    Transition(
        A.CLAIM_FILING,
        "领取",
        "claim for review",
        frozenset({S.SUBMITTED}),
        None,
        Turn.REVIEWER,
        guards=(must.no_other_claims_it, must.is_not_his_own),
        effects=(do.claim,),
        raises=False,
    ),
    Transition(
        A.RELEASE_FILING,
        "放回",
        "release the claim",
        frozenset({S.SUBMITTED}),
        None,
        Turn.REVIEWER,
        guards=(must.is_claimed_by_actor,),
        effects=(do.end_the_claim,),
        raises=False,
    ),
    Transition(
        A.APPROVE_FILING,
        "核实通过",
        "approve, and pass on to the authority",
        frozenset({S.SUBMITTED}),
        S.ACCEPTED,
        Turn.REVIEWER,
        guards=(*_DECIDES, must.has_not_approved_yet, must.satisfies_the_rules),
        effects=(
            do.keep_the_approval,
            do.lay_a_report,
            do.end_the_claim,
            do.stop_the_clock,
            do.clear_the_error,
        ),
        judges=True,
    ),
    Transition(
        A.RETURN_FILING,
        "核实不通过退回",
        "return with reasons",
        frozenset({S.SUBMITTED}),
        S.RETURNED,
        Turn.REVIEWER,
        guards=_DECIDES,
        effects=(do.void_approvals, do.keep_notes, do.end_the_claim, do.stop_the_clock, do.clear_the_error),
        letters=(mail_the_return,),
    ),
    Transition(
        A.PULL_BACK_FILING,
        "撤销核实通过",
        "pull back before it is reported",
        frozenset({S.ACCEPTED}),
        S.SUBMITTED,
        Turn.REVIEWER,
        guards=(must.names_the_current_revision, must.is_not_his_own, must.report_is_not_out),
        effects=(do.cancel_the_waiting_report, do.void_approvals, do.start_the_providers_clock),
    ),
    Transition(
        A.REPORT_FILING_AGAIN,
        "重新上报",
        "report again after a processing error",
        frozenset({S.SUBMITTED}),
        S.ACCEPTED,
        Turn.REVIEWER,
        guards=(*_DECIDES, must.has_an_error_to_settle),
        effects=(do.lay_a_report, do.end_the_claim, do.stop_the_clock, do.clear_the_error),
    ),
    Transition(
        A.RECORD_REPORT,
        "登记已上报",
        "record that it was reported by hand",
        frozenset({S.ACCEPTED}),
        S.AT_AUTHORITY,
        Turn.REVIEWER,
        guards=(must.is_recorded_by_hand, must.report_is_not_out, must.is_not_his_own),
        effects=(do.accept_the_report, do.start_the_authoritys_clock),
    ),
    Transition(
        A.RECORD_AUTHORITY_RESULT,
        "登记管局审核通过",
        "record the authority's approval and numbers",
        frozenset({S.AT_AUTHORITY}),
        S.APPROVED,
        Turn.REVIEWER,
        variant="APPROVED",
        guards=(must.is_recorded_by_hand, must.is_not_his_own),
        effects=(do.complete_the_report, put_in_force, do.stop_the_clock),
        letters=(mail_the_password, mail_the_approval),
    ),
    Transition(
        A.RECORD_AUTHORITY_RESULT,
        "登记管局审核不通过",
        "record the authority's refusal",
        frozenset({S.AT_AUTHORITY}),
        S.REFUSED,
        Turn.REVIEWER,
        variant="REFUSED",
        guards=(must.is_recorded_by_hand, must.is_not_his_own),
        effects=(do.refuse_the_report, do.stop_the_clock),
        letters=(mail_the_refusal,),
    ),
    Transition(
        A.RECORD_AUTHORITY_RESULT,
        "登记管局处理错误",
        "record the authority's processing error",
        frozenset({S.AT_AUTHORITY}),
        S.SUBMITTED,
        Turn.REVIEWER,
        variant="PROCESSING_ERROR",
        guards=(must.is_recorded_by_hand, must.is_not_his_own),
        effects=(do.keep_the_error, do.void_approvals, do.start_the_providers_clock),
    ),
    Transition(
        A.REPORT,
        "上报管局",
        "report to the authority",
        frozenset({S.ACCEPTED}),
        S.AT_AUTHORITY,
        Turn.SYSTEM,
        effects=(do.accept_the_report, do.start_the_authoritys_clock),
    ),
    Transition(
        A.REPORT_REFUSED,
        "管局拒收，待处理",
        "the authority did not take it; set aside with an alarm",
        frozenset({S.ACCEPTED}),
        None,
        Turn.SYSTEM,
        effects=(do.park_the_report,),
        raises=False,
    ),
    Transition(
        A.REPORT_REFUSED,
        "上报前检查不通过，退回核实",
        "a new finding takes it back to the provider's check",
        frozenset({S.ACCEPTED}),
        S.SUBMITTED,
        Turn.SYSTEM,
        variant="FINDINGS",
        effects=(do.cancel_the_waiting_report, do.void_approvals, do.start_the_providers_clock),
    ),
    Transition(
        A.RECEIVE_DECISION,
        "收到管局同意，待备案号",
        "the authority said yes; the numbers are to come",
        frozenset({S.AT_AUTHORITY}) | _LATE,
        None,
        Turn.AUTHORITY,
        variant="HALF",
        effects=(do.cancel_the_waiting_report, do.keep_the_decision),
        raises=False,
    ),
    Transition(
        A.RECEIVE_DECISION,
        "管局审核通过",
        "the authority said yes; the numbers were here already",
        frozenset({S.AT_AUTHORITY}) | _LATE,
        S.APPROVED,
        Turn.AUTHORITY,
        variant="APPROVED",
        effects=(
            do.cancel_the_waiting_report,
            do.complete_the_report,
            put_in_force,
            do.end_the_claim,
            do.stop_the_clock,
        ),
        letters=(mail_the_password, mail_the_approval),
    ),
    Transition(
        A.RECEIVE_DECISION,
        "管局审核不通过",
        "the authority said no",
        frozenset({S.AT_AUTHORITY}),
        S.REFUSED,
        Turn.AUTHORITY,
        variant="REFUSED",
        guards=(must.is_the_latest_report,),
        effects=(do.refuse_the_report, do.stop_the_clock),
        letters=(mail_the_refusal,),
    ),
    Transition(
        A.RECEIVE_NUMBERS,
        "收到备案号，待管局决定",
        "the numbers are here; the decision is to come",
        frozenset({S.AT_AUTHORITY}) | _LATE,
        None,
        Turn.AUTHORITY,
        variant="HALF",
        effects=(do.cancel_the_waiting_report, do.keep_the_numbers),
        raises=False,
    ),
    Transition(
        A.RECEIVE_NUMBERS,
        "收到备案号，备案成功",
        "the numbers complete the approval",
        frozenset({S.AT_AUTHORITY}) | _LATE,
        S.APPROVED,
        Turn.AUTHORITY,
        variant="APPROVED",
        effects=(
            do.cancel_the_waiting_report,
            do.complete_the_report,
            put_in_force,
            do.end_the_claim,
            do.stop_the_clock,
        ),
        letters=(mail_the_password, mail_the_approval),
    ),
    Transition(
        A.RECEIVE_ERROR,
        "管局处理错误，退回核实",
        "the authority could not process it; back to the provider's check",
        frozenset({S.AT_AUTHORITY}),
        S.SUBMITTED,
        Turn.AUTHORITY,
        variant="DATA",
        guards=(must.is_the_latest_report,),
        effects=(do.keep_the_error, do.void_approvals, do.start_the_providers_clock),
    ),
    Transition(
        A.RECEIVE_ERROR,
        "系统上报有误，重新生成上报",
        "the report was at fault, not the data; it is made anew",
        frozenset({S.AT_AUTHORITY}),
        S.ACCEPTED,
        Turn.AUTHORITY,
        variant="OURS",
        guards=(must.is_the_latest_report,),
        effects=(do.reject_the_report, do.lay_a_mended_report, do.stop_the_clock),
    ),
    Transition(
        A.RECEIVE_ERROR,
        "系统上报屡次有误，待处理",
        "the report was at fault again and again; set aside with an alarm",
        frozenset({S.AT_AUTHORITY}),
        S.ACCEPTED,
        Turn.AUTHORITY,
        variant="OURS_AGAIN",
        guards=(must.is_the_latest_report,),
        effects=(do.reject_the_report, do.stop_the_clock),
    ),
    Transition(
        A.RECEIVE_ERROR,
        "备案密码错误，退回主办者",
        "the filing password was wrong; back to the owner",
        frozenset({S.AT_AUTHORITY}),
        S.RETURNED,
        Turn.AUTHORITY,
        variant="PASSWORD",
        guards=(must.is_the_latest_report,),
        effects=(do.reject_the_report, do.void_approvals, do.stop_the_clock),
        letters=(mail_the_return,),
    ),
    Transition(
        A.RECEIVE_ERROR,
        "唯一接入不能取消，请改为注销网站",
        "the only access of a website cannot be cancelled; cancel the website",
        frozenset({S.AT_AUTHORITY}),
        S.REFUSED,
        Turn.AUTHORITY,
        variant="LAST_ACCESS",
        guards=(must.is_the_latest_report,),
        effects=(do.reject_the_report, do.stop_the_clock),
        letters=(mail_the_refusal,),
    ),
    Transition(
        A.RECEIVE_ERROR,
        "管局称已报备，等待原上报的结果",
        "the authority has it already; the answer to the earlier report is to come",
        frozenset({S.AT_AUTHORITY}),
        None,
        Turn.AUTHORITY,
        variant="ALREADY_THERE",
        guards=(must.is_the_latest_report,),
        effects=(do.keep_the_codes,),
        raises=False,
    ),
)


def rows_of(action: FilingAction, variant: str | None = None) -> tuple[Transition, ...]:
    """The rows of an action, or the one of them with that variant."""
    return tuple(row for row in TABLE if row.action is action and variant in (None, row.variant))
