"""Mutations by which a visitor becomes somebody, and somebody a visitor again."""

from datetime import datetime
from typing import Annotated, Any

import strawberry

from accounts.captcha import DrawnCaptcha
from accounts.captcha import create_captcha as draw_captcha
from accounts.recovery import request_password_reset as request_reset
from accounts.recovery import reset_password as reset
from accounts.registration import register as make_account
from accounts.signin import SignedIn, sign_in, sign_out, sign_out_everywhere
from models.clock import now
from schema.absent import told
from schema.account_acts import attempt
from schema.answers import Payload, shows, told_to
from schema.context import Context, Info, SessionChange
from schema.inputs.account import (
    CreateCaptchaInput,
    LoginInput,
    LogoutEverywhereInput,
    LogoutInput,
    RegisterInput,
    RequestPasswordResetInput,
    ResetPasswordInput,
)
from schema.inputs.request import INPUT
from schema.types.account import Account


@strawberry.type(description="A captcha to answer. 验证码")
class CreateCaptchaPayload(Payload):
    """The captcha's id and picture."""

    captcha_id: strawberry.ID | None = strawberry.field(
        description="To answer under, once. 验证码标识", default=None
    )
    image_url: str | None = strawberry.field(
        description="Path of its picture (PNG) on this server. 验证码图片地址", default=None
    )
    expires_at: datetime | None = strawberry.field(description="Until when it counts. 到期时间", default=None)


@strawberry.type(description="What became of register. 注册结果")
class RegisterPayload(Payload):
    """The new account."""

    account: Any = shows(Account, "The new account; sign in with login. 账号")


@strawberry.type(description="What became of login; the session is in the cookie. 登录结果")
class LoginPayload(Payload):
    """The account that is signed in."""

    account: Any = shows(Account, "Who is signed in now. 账号")


@strawberry.type(description="What became of logout. 退出登录结果")
class LogoutPayload(Payload):
    """Nothing but errors."""


@strawberry.type(description="What became of logoutEverywhere. 全部退出结果")
class LogoutEverywherePayload(Payload):
    """Nothing but errors."""


@strawberry.type(
    description="What became of requestPasswordReset: the same whether or not there is an account. 忘记密码结果"
)
class RequestPasswordResetPayload(Payload):
    """Nothing but errors."""


@strawberry.type(description="What became of resetPassword. 重置密码结果")
class ResetPasswordPayload(Payload):
    """The account."""

    account: Any = shows(Account, "Whose password it is. 账号")


def keep_session(context: Context, signed: SignedIn | None) -> None:
    """Leave the new session for the cookie; whoever the browser was before, he is no more."""
    if signed is not None:
        context.session_change = SessionChange(signed.value, int((signed.expires_at - now()).total_seconds()))
        context.caller = None


def end_session(context: Context) -> None:
    """Leave word that the cookie is to go; the rest of the operation is a visitor's."""
    context.session_change = SessionChange(None)
    context.caller = None


def show_captcha(drawn: DrawnCaptcha) -> dict[str, Any]:
    """What a visitor is told of a captcha."""
    return {"captcha_id": drawn.id, "image_url": f"/captcha/{drawn.id}", "expires_at": drawn.expires_at}


async def create_captcha(
    info: Info,
    input: Annotated[CreateCaptchaInput | None, INPUT] = strawberry.UNSET,
) -> CreateCaptchaPayload | None:
    """Draw a captcha."""
    drawn, problems = await attempt(draw_captcha(info.context.address))
    shown = {} if drawn is None else show_captcha(drawn)
    return CreateCaptchaPayload(errors=told_to(info.context, problems), **shown)


async def register(
    info: Info,
    input: Annotated[RegisterInput, INPUT],
) -> RegisterPayload | None:
    """Make an applicant's account."""
    account, problems = await attempt(
        make_account(
            input.username,
            input.password,
            input.email,
            captcha_id=told(input.captcha_id),
            captcha_answer=told(input.captcha_answer),
            address=info.context.address,
            caller=info.context.caller,
        )
    )
    return RegisterPayload(account=account, errors=told_to(info.context, problems))


async def login(
    info: Info,
    input: Annotated[LoginInput, INPUT],
) -> LoginPayload | None:
    """Open a session."""
    signed, problems = await attempt(
        sign_in(
            input.username,
            input.password,
            captcha_id=told(input.captcha_id),
            captcha_answer=told(input.captcha_answer),
            address=info.context.address,
            caller=info.context.caller,
        )
    )
    keep_session(info.context, signed)
    return LoginPayload(account=signed and signed.account, errors=told_to(info.context, problems))


async def logout(
    info: Info,
    input: Annotated[LogoutInput | None, INPUT] = strawberry.UNSET,
) -> LogoutPayload | None:
    """End this session."""
    await sign_out(info.context.known_caller)
    end_session(info.context)
    return LogoutPayload()


async def logout_everywhere(
    info: Info,
    input: Annotated[LogoutEverywhereInput | None, INPUT] = strawberry.UNSET,
) -> LogoutEverywherePayload | None:
    """End every session."""
    await sign_out_everywhere(info.context.known_caller)
    end_session(info.context)
    return LogoutEverywherePayload()


async def request_password_reset(
    info: Info,
    input: Annotated[RequestPasswordResetInput, INPUT],
) -> RequestPasswordResetPayload | None:
    """Mail a reset link."""
    act = request_reset(input.username_or_email, address=info.context.address, caller=info.context.caller)
    _, problems = await attempt(act)
    return RequestPasswordResetPayload(errors=told_to(info.context, problems))


async def reset_password(
    info: Info,
    input: Annotated[ResetPasswordInput, INPUT],
) -> ResetPasswordPayload | None:
    """Set a new password by a mailed link."""
    act = reset(input.token, input.new_password, address=info.context.address, caller=info.context.caller)
    account, problems = await attempt(act)
    return ResetPasswordPayload(account=account, errors=told_to(info.context, problems))


@strawberry.type
class SessionMutations:
    """The roots about signing in and out."""

    create_captcha = strawberry.mutation(
        resolver=create_captcha,
        description="Ask for a picture captcha; good once, for five minutes. 获取验证码",
    )
    register = strawberry.mutation(
        resolver=register, description="Make an applicant's account; staff are made by administrators. 注册"
    )
    login = strawberry.mutation(
        resolver=login,
        description="Sign in at a browser: the session's secret goes into the cookie alone. 登录",
    )
    logout = strawberry.mutation(resolver=logout, description="Sign out of this browser. 退出登录")
    logout_everywhere = strawberry.mutation(
        resolver=logout_everywhere, description="Sign out of every browser, this one too. 全部退出"
    )
    request_password_reset = strawberry.mutation(
        resolver=request_password_reset,
        description="Have a one-time link mailed that sets a new account password; never a filing password. 忘记密码",
    )
    reset_password = strawberry.mutation(
        resolver=reset_password,
        description="Set a new password by the mailed link; every session and API token of the account ends. 重置密码",
    )
