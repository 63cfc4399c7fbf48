"""Migration steps of our own: SQL for one of the two databases, fields the program alone knows, steps taken together."""

from collections.abc import Sequence

from tortoise.migrations.operations import AlterField, TortoiseOperation
from tortoise.migrations.schema_editor import BaseSchemaEditor
from tortoise.migrations.schema_generator.state import State


class RunSQLOn(TortoiseOperation):
    """Runs `statements` on the database whose dialect is `dialect` ("sqlite" or "postgres"), nothing on the other.

    The stock operation cuts its text at every semicolon, which no trigger survives.
    """

    def __init__(self, dialect: str, statements: Sequence[str]) -> None:
        self.dialect = dialect
        self.statements = tuple(statements)

    async def database_forward(
        self,
        app_label: str,
        old_state: State,
        new_state: State,
        state_editor: BaseSchemaEditor | None = None,
    ) -> None:
        """Run them, print them where only the SQL is asked for, or do nothing."""
        if state_editor is None or state_editor.client.capabilities.dialect != self.dialect:
            return
        for statement in self.statements:
            if state_editor.collect_sql:
                state_editor.collected_sql.append(f"{statement};")
            else:
                await state_editor.client.execute_query(statement)


class DescribeField(AlterField):
    """A field whose column stays as it is: the program alone knows more of it, such as a further value of an enum."""

    async def database_forward(
        self,
        app_label: str,
        old_state: State,
        new_state: State,
        state_editor: BaseSchemaEditor | None = None,
    ) -> None:
        """Nothing to run."""


class Together(TortoiseOperation):
    """Steps of which none needs the state that another one found: all are described first, then run in their order.

    Before each step the library copies every model there is, which for a fresh database took longer than its SQL.
    A step that alters what another one of them creates stands outside.
    """

    def __init__(self, steps: Sequence[TortoiseOperation]) -> None:
        self.steps = tuple(steps)

    def state_forward(self, app_label: str, state: State) -> None:
        """Describe them all."""
        for step in self.steps:
            step.state_forward(app_label, state)

    async def database_forward(
        self,
        app_label: str,
        old_state: State,
        new_state: State,
        state_editor: BaseSchemaEditor | None = None,
    ) -> None:
        """Run them in their order."""
        for step in self.steps:
            await step.database_forward(app_label, old_state, new_state, state_editor)

    async def database_backward(
        self,
        app_label: str,
        old_state: State,
        new_state: State,
        state_editor: BaseSchemaEditor | None = None,
    ) -> None:
        """Take them back, the last one first."""
        for step in reversed(self.steps):
            await step.database_backward(app_label, old_state, new_state, state_editor)
