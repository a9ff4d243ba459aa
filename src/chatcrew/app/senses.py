"""What reads customers' files in a worker: the models that hear and see, and the way to files."""

from contextlib import AsyncExitStack
from dataclasses import replace

from chatcrew.app.configuration import model_available
from chatcrew.app.foundation import Foundation
from chatcrew.attachments import AttachmentReader, Downloads, Hears, PostgresReadings, Senses
from chatcrew.egress import GuardedHttp, origin
from chatcrew.llm import Meter, Model, NoModel, Purse, open_hearing
from chatcrew.settings import Settings


def no_senses(settings: Settings) -> Senses:
    """Return what reads documents only: no model hears or sees."""
    return replace(senses(NoModel(), NoModel(), settings), able=lambda: False)


def senses(hears: Hears, sees: Model, settings: Settings) -> Senses:
    """Return what hears and sees, under the names that the settings give."""
    return Senses(
        hears=hears,
        sees=sees,
        transcription_model=settings.transcription_model,
        vision_model=settings.vision_model or settings.model,
        max_mb=settings.attachment_mb,
    )


async def open_senses(
    base: Foundation,
    stack: AsyncExitStack,
    *,
    sees: Model,
    meter: Meter,
    purse: Purse | None = None,
) -> Senses:
    """Return what the configured endpoints hear and ``sees`` sees; closed with ``stack``."""
    settings, directory = base.settings, base.directory
    hearing = await open_hearing(
        api_key=settings.openai_api_key.get_secret_value() if settings.openai_api_key else None,
        base_url=settings.openai_base_url,
        meter=meter,
        clock=base.clock,
        stack=stack,
        catalogue=lambda: directory.current.models,
        read_secret=base.secrets.read,
        purse=purse,
    )
    made = senses(hearing, sees, settings)
    return replace(made, able=lambda: model_available(settings, directory.current.models))


async def open_reader(
    base: Foundation, stack: AsyncExitStack, given: Senses | None
) -> AttachmentReader:
    """Return the reader of attachments over ``given``; without it nothing is heard or seen."""
    http = await stack.enter_async_context(GuardedHttp())
    named = (one.strip() for one in (base.settings.storage_origins or "").split(","))
    reader = AttachmentReader(
        PostgresReadings(base.database),
        downloads=Downloads(http, base.clock, frozenset(origin(one) for one in named if one)),
        senses=given or no_senses(base.settings),
        clock=base.clock,
        observe=lambda kind, end: base.metrics.count("chatcrew_attachments", kind=kind, end=end),
    )
    stack.push_async_callback(reader.aclose)
    return reader
