"""The knowledge of a process: in its database, by meaning as well where a model for it is set."""

from contextlib import AsyncExitStack

from chatcrew.app.privacy import Policies
from chatcrew.cache import LayeredCache
from chatcrew.clock import Clock
from chatcrew.database import Database
from chatcrew.knowledge import PostgresKnowledge
from chatcrew.llm import Meter, Purse
from chatcrew.llm.embeddings import open_embeddings
from chatcrew.settings import Settings
from chatcrew.telemetry import Metrics
from chatcrew.tenancy import Directory


async def open_knowledge(  # noqa: PLR0913 - the composition root names each part once
    settings: Settings,
    database: Database,
    *,
    directory: Directory,
    clock: Clock,
    metrics: Metrics,
    stack: AsyncExitStack,
    cache: LayeredCache | None = None,
    purse: Purse | None = None,
    meter: Meter | None = None,
) -> PostgresKnowledge:
    """Return what a turn searches; a command that shows it must search no other.

    Args:
        settings: which model embeds, and where it is asked.
        database: migrated.
        directory: says what of a tenant's texts may leave for a provider.
        clock: tells time.
        metrics: counts what is embedded.
        stack: closes what is opened.
        cache: keeps what was embedded.
        purse: allows each call to the model; left out, all are.
        meter: keeps the calls, or None.
    """
    key = settings.openai_api_key
    embedder = await open_embeddings(
        settings.embeddings_model,
        api_key=key.get_secret_value() if key else None,
        base_url=settings.openai_base_url,
        cache=cache,
        metrics=metrics,
        clock=clock,
        stack=stack,
        policy=Policies(lambda: directory.current),
        purse=purse,
        meter=meter,
        price=lambda name: directory.current.models.spec(name).price,
    )
    return PostgresKnowledge(database, clock, embedder=embedder)
