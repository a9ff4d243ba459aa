"""The migrations as Alembic sees them; slow to import, so only ``migrate`` does, in a thread."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from alembic.config import Config
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext, MigrationStep
from alembic.script import ScriptDirectory
from sqlalchemy import Connection


class Migrations:
    """The revisions in a folder, loaded.

    There is no ``env.py``: it would be read on the event loop, and says only what stands here.
    """

    def __init__(self, folder: Path) -> None:
        config = Config()
        config.set_main_option("script_location", str(folder).replace("%", "%%"))
        config.set_main_option("path_separator", "os")
        self._script = ScriptDirectory.from_config(config)
        self._script.get_heads()  # imports every revision now and not on the event loop

    def upgrade(self, connection: Connection, to: str = "head") -> None:
        """Run what is missing up to ``to``, inside the transaction that ``connection`` is in."""

        def missing(current: Any, _: MigrationContext) -> list[MigrationStep]:
            scripts = self._script.iterate_revisions(to, current, implicit_base=True)
            oldest_first = reversed(list(scripts))
            revisions = self._script.revision_map
            return [MigrationStep.upgrade_from_script(revisions, script) for script in oldest_first]

        self._run(connection, missing)

    def downgrade(self, connection: Connection, to: str) -> None:
        """Undo what came after ``to``, newest first, in the transaction of ``connection``."""

        def later(current: Any, _: MigrationContext) -> list[MigrationStep]:
            revisions = self._script.revision_map
            return [
                MigrationStep.downgrade_from_script(revisions, script)
                for script in self._script.iterate_revisions(current, to)
            ]

        self._run(connection, later)

    def _run(
        self,
        connection: Connection,
        steps: Callable[[Any, MigrationContext], list[MigrationStep]],
    ) -> None:
        context = MigrationContext.configure(connection, opts={"fn": steps})
        with Operations.context(context):
            context.run_migrations()
