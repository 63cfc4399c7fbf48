"""What is said about accounts (账号): signing in and out, passwords, tokens and roles."""

import strawberry

from models.states import Role, TokenScope
from schema.inputs.request import Keyed, optional, required

_CAPTCHA_ID_WORDS = "The captcha that was shown, from createCaptcha. 验证码标识"
_CAPTCHA_ANSWER_WORDS = "What it reads. 验证码"


_REF_WORDS = "Any text of your own, for your own logs; the server does not look at it. 客户端备注"


@strawberry.input(description="Ask for a picture captcha. 获取验证码")
class CreateCaptchaInput:
    """There is nothing to say; an input must have a field."""

    client_ref: str | None = optional(_REF_WORDS)


@strawberry.input(description="Sign out of this browser. 退出登录")
class LogoutInput:
    """There is nothing to say; an input must have a field."""

    client_ref: str | None = optional(_REF_WORDS)


@strawberry.input(description="Sign out of every browser. 全部退出")
class LogoutEverywhereInput:
    """There is nothing to say; an input must have a field."""

    client_ref: str | None = optional(_REF_WORDS)


@strawberry.input(description="Make an applicant's account. 注册")
class RegisterInput:
    """The new account."""

    username: str = required("3 to 64 letters, digits, Chinese characters or `. _ - @`. 用户名")
    password: str = required("The password. 密码")
    email: str = required("The mailbox that reset links go to. 电子邮箱")
    captcha_id: strawberry.ID | None = optional(_CAPTCHA_ID_WORDS)
    captcha_answer: str | None = optional(_CAPTCHA_ANSWER_WORDS)


@strawberry.input(description="Sign in at a browser; the session goes into its cookie. 登录")
class LoginInput:
    """Name, password and captcha."""

    username: str = required("The user name, in any case and width. 用户名")
    password: str = required("The password. 密码")
    captcha_id: strawberry.ID | None = optional(_CAPTCHA_ID_WORDS)
    captcha_answer: str | None = optional(_CAPTCHA_ANSWER_WORDS)


@strawberry.input(
    description="Have a reset link mailed; the answer tells nothing about whether there is an account. 忘记密码"
)
class RequestPasswordResetInput:
    """Whose password."""

    username_or_email: str = required("A user name or the address of the account's mailbox. 用户名或电子邮箱")


@strawberry.input(description="Set a new password by the mailed link. 重置密码")
class ResetPasswordInput:
    """The link's token and the new password."""

    token: str = required("What the mailed link holds after `token=`; good once. 重置令牌")
    new_password: str = required("The new password. 新密码")


@strawberry.input(description="Change one's own password. 修改密码")
class ChangePasswordInput(Keyed):
    """The old and the new one."""

    current_password: str = required("The password as it is. 当前密码")
    new_password: str = required("The password as it shall be. 新密码")


@strawberry.input(description="Make an API token for one's own account. 创建API令牌")
class CreateApiTokenInput(Keyed):
    """The token to make."""

    name: str = required("What to call it, 1 to 64 characters. 名称")
    scopes: list[TokenScope] = required("What it may be used for. 权限范围")
    days: int = required("How many days it is good for, 1 to 365. 有效天数")


@strawberry.input(description="Say that everything up to an event has been seen. 标为已读")
class MarkSeenInput(Keyed):
    """The last event that was seen."""

    cursor: str = required("Its `cursor`. 游标")


@strawberry.input(description="End one of one's own tokens at once. 撤销API令牌")
class RevokeApiTokenInput(Keyed):
    """The token to end."""

    id: strawberry.ID = required("The token. 令牌标识")


@strawberry.input(description="Give an account another role; it binds at once. 设置角色")
class SetRoleInput(Keyed):
    """The account and its role."""

    account_id: strawberry.ID = required("The account. 账号标识")
    role: Role = required("What it shall be. 角色")


@strawberry.input(
    description="Keep an account from signing in; its sessions and tokens end at once. 停用账号"
)
class DisableAccountInput(Keyed):
    """The account to disable."""

    account_id: strawberry.ID = required("The account. 账号标识")


@strawberry.input(description="Let an account sign in again. 启用账号")
class EnableAccountInput(Keyed):
    """The account to enable."""

    account_id: strawberry.ID = required("The account. 账号标识")
