"""The sentence of an action as the schema prints it: taken from the workflow's table, told here only where that has none."""

from models.states import FilingAction
from workflow.opening import OPENINGS
from workflow.transitions import TABLE

_OTHERS: dict[FilingAction, str] = {
    FilingAction.CREATE_SUBJECT: "create a subject and its first filing. 新建主体及首次备案",
    FilingAction.CORRECT_FILING_NUMBER: "mend a mistyped filing number. 更正备案号",
    FilingAction.CREATE_PASSWORD_GRANT: "let an agent or a job act with the filing password for a while. 授权使用备案密码",
    FilingAction.REVOKE_PASSWORD_GRANT: "take such a leave back at once. 撤销备案密码授权",
    FilingAction.REVEAL_FIELD: "a masked field was revealed, with a reason. 查看脱敏字段",
    FilingAction.RECEIVE_DATA: "data in force arrived from the authority. 收到管局备案数据",
    FilingAction.SEND_MAIL: "a mail was delivered to its server. 邮件已送达",
    FilingAction.MAIL_FAILED: "a mail could not be delivered yet. 邮件发送失败",
    FilingAction.RESET_PASSWORD: "a new filing password was made. 重置备案密码",
    FilingAction.TRANSFER: "the owner was replaced. 变更所有人",
}


def sentence_of(action: FilingAction) -> str:
    """What the action does, in English and Chinese; the outcomes of one action are joined by semicolons."""
    rows = [*(row.step for row in OPENINGS), *TABLE]
    rows = [row for row in rows if row.action is action]
    if not rows:
        return _OTHERS[action]
    english = "; ".join(dict.fromkeys(row.en for row in rows))
    chinese = "；".join(dict.fromkeys(row.zh for row in rows))
    return f"{english}. {chinese}"


def does(action: FilingAction, more: str = "") -> str:
    """The description of the mutation that is named like the action."""
    sentence = sentence_of(action)
    return f"{sentence[0].upper()}{sentence[1:]}" + (f"\n\n{more}" if more else "")
