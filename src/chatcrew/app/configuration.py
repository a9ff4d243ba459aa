"""Loads everything an admin edits, once per process start."""

import asyncio

from chatcrew import tools
from chatcrew.settings import Settings
from chatcrew.tenancy import Directory, load


async def load_directory(settings: Settings) -> Directory:
    """Return the configuration on disk.

    Raises:
        ConfigErrors: with every fault at once.
    """
    configuration = await asyncio.to_thread(
        load,
        settings.mapping,
        settings.config_dir,
        settings.crews_dir,
        tools=tools.names(),
    )
    return Directory(configuration)
