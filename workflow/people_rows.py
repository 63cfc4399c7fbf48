"""The rows of people: what owners and reviewers do to a filing."""

from models.states import OWNERS_TURN, FilingAction, FilingKind, FilingStatus
from workflow import effects as do
from workflow import guards as must
from workflow.approval import put_in_force
from workflow.archiving import archive_drafts, bring_back_drafts
from workflow.case import completes_the_approvals, wants_another_approval
from workflow.letters import mail_the_approval, mail_the_password, mail_the_refusal, mail_the_return
from workflow.transition import Transition, Turn

A = FilingAction
S = FilingStatus
_DECIDES = (must.names_the_current_revision, must.no_other_claims_it, must.is_not_his_own)


K = FilingKind
_DRAFTING = frozenset({K.NEW_FILING, K.ADD_WEBSITE})
_TYPING = frozenset({K.NEW_FILING, K.ADD_ACCESS, K.CHANGE})
_ENDING = frozenset({K.CANCEL_ACCESS, K.CANCEL_WEBSITE, K.CANCEL_SUBJECT})


def _edit(action: FilingAction, zh: str, en: str, kinds: frozenset[FilingKind]) -> Transition:
    return Transition(action, zh, en, OWNERS_TURN, None, Turn.OWNER, effects=(do.note_editor,), kinds=kinds)


ROWS: tuple[Transition, ...] = (
    _edit(A.UPDATE_SUBJECT, "修改主体信息", "edit the subject", _TYPING),
    _edit(A.ADD_WEBSITE, "添加网站", "add a website", _DRAFTING),
    _edit(A.UPDATE_WEBSITE, "修改网站信息", "edit a website", _TYPING | _DRAFTING),
    _edit(A.REMOVE_WEBSITE, "移除网站", "remove a website", _DRAFTING),
    _edit(A.ADD_ACCESS, "添加接入", "add an access", _DRAFTING),
    _edit(A.UPDATE_ACCESS, "修改接入信息", "edit an access", _TYPING | _DRAFTING),
    _edit(A.REMOVE_ACCESS, "移除接入", "remove an access", _DRAFTING),
    _edit(A.ATTACH_FILE, "添加附件", "attach a document", _TYPING | _DRAFTING),
    _edit(A.DETACH_FILE, "移除附件", "take a document away", _TYPING | _DRAFTING),
    _edit(
        A.ADD_CHANGE_TARGET, "增加变更对象", "take a further record into the change", frozenset({K.CHANGE})
    ),
    _edit(A.UPDATE_CANCELLATION, "修改注销理由", "edit reason and remark of a cancellation", _ENDING),
    Transition(
        A.SUBMIT_FILING,
        "提交接入商核实",
        "submit for the provider's check",
        OWNERS_TURN,
        S.SUBMITTED,
        Turn.OWNER,
        guards=(must.is_proven, must.may_stand, must.satisfies_the_rules, must.notes_are_met),
        effects=(
            do.keep_the_proof,
            do.settle_notes,
            do.keep_a_revision,
            do.keep_the_claims,
            do.start_the_providers_clock,
            do.end_the_claim,
        ),
        judges=True,
        stands=True,
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
        effects=(archive_drafts, do.void_proofs, do.stop_the_clock),
    ),
    Transition(
        A.RESTORE_FILING,
        "恢复为草稿",
        "restore as a draft",
        frozenset({S.ABANDONED}),
        S.DRAFT,
        Turn.OWNER,
        guards=(must.is_proven, must.may_stand),
        effects=(bring_back_drafts, do.keep_the_proof),
        stands=True,
    ),
    Transition(
        A.CLONE_FILING,
        "复制为新草稿",
        "make a new draft of it",
        frozenset(S),
        None,
        Turn.OWNER,
        raises=False,
        kinds=frozenset({K.NEW_FILING}),
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
        when=completes_the_approvals,
    ),
    Transition(
        A.APPROVE_FILING,
        "第一次核实通过，待另一名核实人员",
        "approve first; another reviewer must too",
        frozenset({S.SUBMITTED}),
        None,
        Turn.REVIEWER,
        variant="FIRST",
        guards=(*_DECIDES, must.has_not_approved_yet, must.satisfies_the_rules),
        effects=(do.keep_the_approval, do.end_the_claim),
        judges=True,
        raises=False,
        when=wants_another_approval,
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
        effects=(do.complete_the_report, put_in_force, do.forget_the_password, do.stop_the_clock),
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
        effects=(do.refuse_the_report, do.forget_the_password, do.stop_the_clock),
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
)
