"""What proves an account over time: browser sessions, API tokens, and the one-time helpers around signing in."""

from tortoise import fields
from tortoise.models import Model

from models.account import Account
from models.fields import EncryptedText, UTCDatetime


class Session(Model):
    """A browser session, found by the SHA-256 of the value in the cookie. Ended by time, by `ended_at` or with its account."""

    id = fields.BigIntField(primary_key=True)
    secret_hash = fields.CharField(max_length=64, unique=True)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "models.Account", related_name=False, on_delete=fields.RESTRICT
    )
    account_id: int
    created_at = UTCDatetime(auto_now_add=True)
    seen_at = UTCDatetime()
    expires_at = UTCDatetime(db_index=True)
    ended_at = UTCDatetime(null=True)

    class Meta:
        table = "session"


class ApiToken(Model):
    """A machine's token: found by the public part of it, proved by the SHA-256 of the secret part."""

    id = fields.BigIntField(primary_key=True)
    public_id = fields.CharField(max_length=16, unique=True)
    secret_hash = fields.CharField(max_length=64)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "models.Account", related_name=False, on_delete=fields.RESTRICT
    )
    account_id: int
    name = fields.CharField(max_length=64)
    scopes = fields.JSONField[list[str]]()
    created_at = UTCDatetime(auto_now_add=True)
    expires_at = UTCDatetime()
    revoked_at = UTCDatetime(null=True)
    last_used_at = UTCDatetime(null=True)

    class Meta:
        table = "api_token"


class Captcha(Model):
    """A picture captcha (验证码): usable once, until it expires."""

    id = fields.CharField(max_length=32, primary_key=True)
    answer = EncryptedText()
    expires_at = UTCDatetime(db_index=True)
    used_at = UTCDatetime(null=True)

    class Meta:
        table = "captcha"


class PasswordReset(Model):
    """A one-time link to set a new account password, found by the SHA-256 of its value."""

    id = fields.BigIntField(primary_key=True)
    secret_hash = fields.CharField(max_length=64, unique=True)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "models.Account", related_name=False, on_delete=fields.RESTRICT
    )
    account_id: int
    expires_at = UTCDatetime(db_index=True)
    used_at = UTCDatetime(null=True)

    class Meta:
        table = "password_reset"


class Throttle(Model):
    """How many tries a key (account, address, number …) has had in its window, counted before anything is verified."""

    key = fields.CharField(max_length=160, primary_key=True)
    tries = fields.IntField()
    window_ends_at = UTCDatetime(db_index=True)

    class Meta:
        table = "throttle"
