"""A data folder in which a server ran before, for tests in which making one is not the matter."""

import asyncio
import contextlib
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

from chatcrew.database import Database, EmbeddedServer, migrate


@contextlib.asynccontextmanager
async def stopped_server(*, migrated: bool) -> AsyncIterator[Path]:
    """Give the data folder of an embedded server that has ended, to be copied.

    To make one takes half a second of a processor, to copy it a tenth.

    Args:
        migrated: its database has all tables, and no rows.

    Raises:
        StoreError: the server cannot be started.
    """
    with tempfile.TemporaryDirectory(prefix="chatcrew-") as folder:
        # Root's database runs under another account, which must be able to pass
        await asyncio.to_thread(Path(folder).chmod, 0o711)
        made = Path(folder) / "data"
        server = EmbeddedServer(made, durable=False)
        await server.start()
        try:
            if migrated:
                async with await Database.open(server.url) as database:
                    await migrate(database)
        finally:
            await server.stop()
        (made / "postgres.json").unlink()  # says where it lies
        yield made
