"""An account: who may sign in, as what, and under which name."""

from tortoise import fields
from tortoise.models import Model

from models.fields import UTCDatetime
from models.states import Role


class Account(Model):
    """`username_key` and `email_key` are the normalised forms that must be unique or are looked up by."""

    id = fields.BigIntField(primary_key=True)
    username = fields.CharField(max_length=64)
    username_key = fields.CharField(max_length=64, unique=True)
    email = fields.CharField(max_length=128)
    email_key = fields.CharField(max_length=128, db_index=True)
    password_hash = fields.CharField(max_length=255)
    role = fields.CharEnumField(Role, max_length=16)
    disabled = fields.BooleanField(default=False)
    created_at = UTCDatetime(auto_now_add=True)
    # the last event that its holder says he has seen, by its id
    seen_event = fields.BigIntField(null=True)

    class Meta:
        table = "account"
