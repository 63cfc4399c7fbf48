"""The columns of our own: moments in UTC that sort right on SQLite, and text that is stored encrypted."""

from datetime import UTC, datetime
from typing import Any, cast

from tortoise import fields
from tortoise.models import Model

from models.cipher import PREFIX, cipher

_ISO = "%Y-%m-%d %H:%M:%S.%f+00:00"


class UTCDatetime(fields.DatetimeField):  # type: ignore[type-arg]
    """A moment, always aware and in UTC.

    SQLite compares moments as text, so they are written there in one zone and one width; PostgreSQL gets a datetime.
    """

    def to_db_value(self, value: Any, instance: type[Model] | Model) -> Any:
        moment = super().to_db_value(value, instance)
        if moment is None or not isinstance(moment, datetime):
            return moment
        moment = moment.astimezone(UTC)
        if self.model._meta.db.capabilities.dialect == "sqlite":
            return moment.strftime(_ISO)
        return moment

    def to_python_value(self, value: Any) -> datetime | None:
        moment = super().to_python_value(value)
        return None if moment is None else moment.astimezone(UTC)


class EncryptedText(fields.TextField):
    """Text that stands encrypted in the database, bound to its table and column.

    Equality is asked of a blind-index column beside it, never of this one.
    """

    def to_db_value(self, value: Any, instance: type[Model] | Model) -> Any:
        text = super().to_db_value(value, instance)
        return None if text is None else cipher().seal(text, self._place(self.model))

    def to_python_value(self, value: Any) -> Any:
        text = super().to_python_value(value)
        if text is None or not text.startswith(PREFIX):
            return text
        return cipher().open(text, self._place(self.model))

    def _place(self, instance: Any) -> str:
        return f"{cast(Any, instance)._meta.db_table}.{self.model_field_name}"
