"""Wires one worker from parts that are already open; the test kit does the same with its own."""

from contextlib import AsyncExitStack
from functools import partial

from chatcrew.app.answering import open_answers
from chatcrew.app.archive import ContactArchive
from chatcrew.app.clients import BotClients
from chatcrew.app.desking import open_desk
from chatcrew.app.digests import Digests
from chatcrew.app.examining import Examining, Sight
from chatcrew.app.figures import open_figures
from chatcrew.app.foundation import Foundation
from chatcrew.app.ordering import open_ordered
from chatcrew.app.remembering import Mind, Remembering, remember_with
from chatcrew.app.rights import KnownRights
from chatcrew.app.senses import open_reader
from chatcrew.app.simulated import PostgresSimulations, SimulatedCalls
from chatcrew.app.telling import why_over
from chatcrew.app.weekly import Weekly
from chatcrew.attachments import Senses
from chatcrew.chatwoot import ChatwootClient, Pacing, Transport, open_session
from chatcrew.chatwoot.lookups import Lookups
from chatcrew.conduct import PostgresConduct
from chatcrew.conversations import PostgresHistory
from chatcrew.debts import PostgresDebts
from chatcrew.feedback import PostgresFeedback
from chatcrew.hub import Hub
from chatcrew.hub.ports import Responder, Rulings
from chatcrew.intents import Classifiers
from chatcrew.knowledge import Knowledge, PostgresGaps, PostgresKnowledge
from chatcrew.ledger import PostgresTalks
from chatcrew.outbox import PostgresOutbox
from chatcrew.proposals import PostgresDrafts
from chatcrew.provision._sql import PostgresExaminations, PostgresRecords
from chatcrew.telemetry import Metrics
from chatcrew.timers import PostgresTimers
from chatcrew.worker import (
    Alarms,
    Courier,
    DebtWatch,
    Leases,
    Limits,
    Patience,
    StoredTurns,
    Sweep,
    Typing,
    Worker,
)
from chatcrew.worker.history import EpisodeHistory
from chatcrew.worker.memory import StoredMemory
from chatcrew.worker.second_look import SecondLook
from chatcrew.worker.turns import Booked


class WorkerParts:
    """What a worker is made of.

    Attributes:
        worker: the loop.
        sweep: looks for forgotten customers.
        alarms: fires timers.
        debts: looks after who waits for people.
        pacing: keeps calls below Chatwoot's limits.
        examining: looks at each account; the caller enters it.
        remembering: remembers beside the turns.
        archive: what tools may read beyond their conversation.
        digests: writes to supervisors; the caller enters it.
    """

    def __init__(  # noqa: PLR0913 - what a worker is made of
        self,
        worker: Worker,
        sweep: Sweep,
        alarms: Alarms,
        *,
        debts: DebtWatch,
        pacing: Pacing,
        examining: Examining,
        remembering: Remembering,
        archive: ContactArchive,
        digests: Digests,
    ) -> None:
        self.worker = worker
        self.sweep = sweep
        self.alarms = alarms
        self.debts = debts
        self.pacing = pacing
        self.examining = examining
        self.remembering = remembering
        self.archive = archive
        self.digests = digests


async def assemble_worker(  # noqa: PLR0913 - the parts of a whole worker
    name: str,
    stack: AsyncExitStack,
    *,
    base: Foundation,
    knowledge: Knowledge,
    responder: Responder,
    patience: Patience | None = None,
    limits: Limits | None = None,
    classifiers: Classifiers | None = None,
    senses: Senses | None = None,
    mind: Mind | None = None,
    rulings: Rulings | None = None,
    booked: Booked | None = None,
) -> WorkerParts:
    """Return a worker over parts that the caller opened.

    Args:
        name: unique among live workers.
        stack: closes what is opened here.
        base: storage, configuration, time.
        knowledge: what the business knows.
        responder: the crews.
        patience: how long a lost answer of Chatwoot is waited for.
        limits: bounds of the loop; left out, what the settings say.
        classifiers: of intents; left out, they are learned beside the first turns.
        senses: what hears and sees; left out, only documents are read.
        mind: the model that memory asks; left out, readers alone remember.
        rulings: of risky calls; left out, no tool acts.
        booked: waits until the model calls of a turn are on the books; left out, nothing does.
    """
    settings, clock, metrics = base.settings, base.clock, base.metrics
    directory, mailbox = base.directory, base.mailbox
    session = await stack.enter_async_context(open_session())
    pacing = Pacing(clock, per_minute=settings.chatwoot_per_minute, share=settings.worker_processes)
    transport = Transport(
        lambda: session,
        pacing=pacing,
        clock=clock,
        timeout=(patience or Patience()).post,
        observe=partial(_observe, metrics),
    )
    examinations = PostgresExaminations(base.database)
    rights = KnownRights(directory, examinations=examinations, metrics=metrics, clock=clock)
    clients = BotClients(
        directory,
        transport=transport,
        secrets=base.secrets,
        rights=rights,
        simulated=SimulatedCalls(PostgresSimulations(base.database)),
    )
    leases = Leases(clock)
    outbox = PostgresOutbox(base.database, clock)
    timers = PostgresTimers(base.database, clock)
    debts = PostgresDebts(base.database, clock)
    watch = DebtWatch(
        debts, mailbox=mailbox, configurations=directory, metrics=metrics, clock=clock
    )
    courier = Courier(
        outbox,
        mailbox=mailbox,
        clients=clients,
        leases=leases,
        metrics=metrics,
        clock=clock,
        patience=patience,
        rights=rights,
        timers=timers,
        owe=watch.owe,
    )
    alarms = Alarms(timers, mailbox=mailbox, metrics=metrics, clock=clock, worker=name)
    reader = await open_reader(base, stack, senses)
    history = EpisodeHistory(PostgresHistory(base.database), reader)
    remembering = await stack.enter_async_context(remember_with(base, history, mind=mind))
    answers = open_answers(
        base.database,
        cache=base.cache,
        configuration=lambda: directory.current,
        clock=clock,
        metrics=metrics,
        vectors=knowledge.embedder if isinstance(knowledge, PostgresKnowledge) else None,
        booked=booked,
    )
    hub = Hub(
        directory,
        history=history,
        memory=StoredMemory(remembering.store, clock=clock, wake=remembering.wake),
        knowledge=knowledge,
        responder=responder,
        kept=answers,
        turns=StoredTurns(
            mailbox,
            outbox=outbox,
            courier=courier,
            look=SecondLook(
                outbox, mailbox=mailbox, clients=clients, rights=rights, patience=patience
            ),
            booked=booked,
        ),
        metrics=metrics,
        clock=clock,
        classifiers=classifiers,
        attachments=reader,
        rulings=rulings,
        gaps=PostgresGaps(base.database, clock),
        ordered=open_ordered(base),
        drafts=PostgresDrafts(base.database, clock),
        conducts=PostgresConduct(base.database, clock),
        desk=open_desk(base, clients),
        confidential=base.secrets.stand_in,
        talks=PostgresTalks(base.database, booked=booked),
        feedback=PostgresFeedback(base.database),
        debts=debts,
    )
    worker = Worker(
        name,
        mailbox=mailbox,
        hub=hub,
        leases=leases,
        typing=Typing(clients, rights=rights),
        metrics=metrics,
        clock=clock,
        limits=limits or Limits(concurrency=settings.worker_concurrency),
        booked=booked,
    )

    async def is_there(account: str, inbox_id: int, client: ChatwootClient) -> bool:
        return await Lookups(base.cache, client, account=account).inbox(inbox_id) is not None

    sweep = Sweep(
        mailbox,
        configurations=directory,
        clients=clients,
        metrics=metrics,
        clock=clock,
        is_there=is_there,
    )
    examining = Examining(
        directory,
        sight=Sight(
            Transport(
                lambda: session,
                pacing=pacing,
                clock=clock,
                attempts=1,
                observe=partial(_observe, metrics),
            ),
            records=lambda configuration: PostgresRecords(base.database, configuration.bots),
            per_minute=settings.chatwoot_per_minute,
        ),
        examinations=examinations,
        rights=rights,
        metrics=metrics,
        clock=clock,
    )
    digests = Digests(
        PostgresFeedback(base.database),
        configurations=directory,
        clients=clients,
        mailbox=mailbox,
        metrics=metrics,
        clock=clock,
        weekly=Weekly(
            open_figures(base.database, why=why_over(base), clock=clock),
            models=lambda: directory.current.models,
            folder=settings.digest_dir,
        ),
    )
    return WorkerParts(
        worker,
        sweep,
        alarms,
        debts=watch,
        pacing=pacing,
        examining=examining,
        remembering=remembering,
        digests=digests,
        archive=ContactArchive(
            PostgresHistory(base.database), clients=clients, configurations=directory
        ),
    )


def _observe(metrics: Metrics, act: str, result: str) -> None:
    metrics.count("chatcrew_chatwoot_requests", act=act, result=result)
