"""Articles (文章) of the entrance: announcements and the introduction, which anyone may read."""

from tortoise import fields
from tortoise.models import Model

from models.fields import UTCDatetime


class Article(Model):
    """`slug` names what was shipped with the system, None for what an administrator wrote."""

    id = fields.BigIntField(primary_key=True)
    version = fields.IntField(default=1)
    slug = fields.CharField(max_length=64, null=True, unique=True)
    title = fields.CharField(max_length=200)
    body = fields.TextField()
    publisher = fields.CharField(max_length=64)
    published_at = UTCDatetime(db_index=True)
    updated_at = UTCDatetime()
    withdrawn = fields.BooleanField(default=False)
    view_count = fields.BigIntField(default=0)

    class Meta:
        table = "article"
