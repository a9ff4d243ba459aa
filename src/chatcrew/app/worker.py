"""The worker process: everything that answers, wired together."""

import asyncio
import os
import socket
from collections.abc import Sequence
from contextlib import AsyncExitStack
from functools import partial

from chatcrew import tools
from chatcrew.app.assembly import assemble_worker
from chatcrew.app.chores import Chores, Round
from chatcrew.app.configuration import model_available, renew_knowledge, sync_knowledge
from chatcrew.app.examining import Advice
from chatcrew.app.figures import facts_round
from chatcrew.app.foundation import approval, lay_foundation
from chatcrew.app.ingress import Gauges, serve_app
from chatcrew.app.keeping import backup_rounds
from chatcrew.app.kept import keep
from chatcrew.app.knowing import open_knowledge
from chatcrew.app.limiting import alerts_over, open_keeper
from chatcrew.app.meter import BreakerMeter, LedgerMeter
from chatcrew.app.privacy import Policies
from chatcrew.app.privacy_rounds import privacy_rounds
from chatcrew.app.reload import Files, Hooks, Reloader, following
from chatcrew.app.remembering import Mind
from chatcrew.app.responder import CrewResponder
from chatcrew.app.rounds import ALERT_EVERY, WORKERS, rounds
from chatcrew.app.rulings import ToolRulings
from chatcrew.app.senses import open_senses
from chatcrew.app.sockets import listen
from chatcrew.app.teaching import Teaching
from chatcrew.app.telling import keep_version
from chatcrew.crews import CrewPool, engines, needs_crewai
from chatcrew.egress import GuardedHttp
from chatcrew.intents import Classifiers, load_languages
from chatcrew.ledger import PostgresLedger
from chatcrew.llm import fast_model_name, gateway
from chatcrew.provision._sql import PostgresExaminations
from chatcrew.settings import Settings
from chatcrew.telemetry import Health, get_logger
from chatcrew.tenancy import Configuration, Tenant
from chatcrew.tools import (
    LoggedEffects,
    Outside,
    PostgresToolCalls,
    TenantCatalogue,
    everybodys_tools,
)
from chatcrew.version import VERSION
from chatcrew.web import admin_app
from chatcrew.worker import Worker

_log = get_logger("worker")


async def open_worker(
    settings: Settings,
    stack: AsyncExitStack,
    *,
    may_own: bool,
    admin: bool,
    name: str | None = None,
) -> Worker:
    """Return a worker that is ready to run; everything it uses is closed with ``stack``.

    Args:
        settings: of this process.
        stack: owner of everything opened here.
        may_own: run the embedded server here if nobody does.
        admin: serve health and metrics.
        name: of this worker and, one after the other, of those before it that have ended; None:
            nobody had it before.

    Raises:
        ConfigErrors: a file the admin edits is at fault.
        StoreError: the database cannot be reached.
    """
    called = name or f"{socket.gethostname()}-{os.getpid()}"
    # Takes a second of a processor, while most of what follows waits for the database
    languages = asyncio.create_task(asyncio.to_thread(load_languages), name="languages")
    stack.callback(languages.cancel)
    base = await lay_foundation(
        settings, stack, name=f"{WORKERS}-{called}", may_own=may_own, plays=True
    )
    clock, metrics = base.clock, base.metrics
    directory, database, mailbox = base.directory, base.database, base.mailbox
    ledger = PostgresLedger(database)
    meter = LedgerMeter(ledger, metrics=metrics)
    keeper, pace = await open_keeper(base, stack)
    knowledge = await open_knowledge(
        settings,
        database,
        directory=directory,
        clock=clock,
        metrics=metrics,
        stack=stack,
        cache=base.cache,
        purse=keeper,
        meter=meter,
    )
    await sync_knowledge(knowledge, directory.current.tenants.values())

    model = await gateway.open_gateway(
        api_key=settings.openai_api_key.get_secret_value() if settings.openai_api_key else None,
        base_url=settings.openai_base_url,
        concurrency=settings.model_concurrency,
        meter=meter,
        cache=base.cache,
        clock=clock,
        stack=stack,
        catalogue=lambda: directory.current.models,
        read_secret=base.secrets.read,
        observer=BreakerMeter(metrics),
        policy=Policies(lambda: directory.current),
        purse=keeper,
    )
    pool = CrewPool(
        size=settings.crew_processes,
        observe=lambda event: metrics.count("chatcrew_crew_processes", event=event),
    )
    stack.push_async_callback(pool.close)

    classifiers = Classifiers()
    teaching = await stack.enter_async_context(Teaching(classifiers))

    async def prepare(coming: Configuration, changed: Sequence[Tenant]) -> None:
        """Make this process ready for a version before it is in force."""
        await sync_knowledge(knowledge, changed)
        await keep_version(database, settings, version=coming.version, clock=clock)
        teaching.begin(changed)
        if needs_crewai(coming) and model_available(settings, coming.models):
            # CrewAI takes 5 s to import; who is answered without it does not wait for that.
            pool.start()

    await prepare(directory.current, ())
    teaching.begin(directory.current.tenants.values())

    http = await stack.enter_async_context(GuardedHttp())
    outside = Outside(http, secret=base.secrets.read, kept=base.cache)
    calls = PostgresToolCalls(database, clock)
    responder = CrewResponder(
        engines(pool),
        model=model,
        catalogue=TenantCatalogue(everybodys_tools(), outside=outside),
        knowledge=knowledge,
        default_model=settings.model,
        fast_model=lambda: fast_model_name(
            settings.fast_model, directory.current.models, settings.model
        ),
        available=lambda: model_available(settings, directory.current.models),
        clock=clock,
        effects=lambda: LoggedEffects(calls, clock=clock),
    )
    if name is not None:
        # Its predecessor was killed: nobody has to wait until what it leased runs out.
        freed = await mailbox.free(name)
        if freed:
            _log.info("worker.freed", conversations=freed)
    parts = await assemble_worker(
        called,
        stack,
        base=base,
        knowledge=knowledge,
        responder=responder,
        classifiers=classifiers,
        senses=await open_senses(base, stack, sees=model, meter=meter, purse=keeper),
        mind=Mind(
            model,
            name=lambda: (
                fast_model_name(settings.fast_model, directory.current.models, settings.model)
                or settings.model
            ),
            available=lambda: model_available(settings, directory.current.models),
        ),
        rulings=ToolRulings(calls, configurations=directory, carry_out=responder.carry_out),
        booked=partial(gateway.booked, model),
    )
    responder.archive = parts.archive
    chores = Chores(
        [
            *rounds(
                parts,
                database=database,
                mailbox=mailbox,
                calls=calls,
                renew=lambda: renew_knowledge(knowledge, directory.current.tenants.values()),
                clock=clock,
                limits=(keeper, pace),
            ),
            facts_round(database, configuration=lambda: directory.current, clock=clock),
            Round("alerts", ALERT_EVERY, alerts_over(base).run),
            *privacy_rounds(base),
            *backup_rounds(base),
        ],
        clock=clock,
    )
    await stack.enter_async_context(chores)
    await stack.enter_async_context(parts.examining)
    await stack.enter_async_context(parts.digests)
    reloader = Reloader(
        directory,
        Files.of(settings),
        tools=tools.names(),
        metrics=metrics,
        clock=clock,
        hooks=Hooks(approve=approval(base), prepare=prepare, keep=partial(keep, settings)),
    )
    await stack.enter_async_context(following(reloader))
    if admin:
        bound = stack.enter_context(
            listen(settings.admin_host, settings.admin_port, setting="ADMIN_PORT")
        )
        health = Health({"database": database.ping, "mailbox": mailbox.depth})
        app = admin_app(
            health,
            metrics=metrics,
            gauges=Gauges(mailbox).read,
            version=VERSION,
            config=reloader.status,
            advice=Advice(directory, PostgresExaminations(database)).read,
        )
        await serve_app(app, bound, stack)
    await languages
    _log.info("worker.ready", config=directory.current.version, model=responder.available)
    return parts.worker
