"""The weekly digest: when it is due, what it says, and that it is sent once."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatcrew.app.digests import Digests, bot_of
from chatcrew.errors import ChatwootUnavailable
from chatcrew.feedback import LEASE, MemoryFeedback, digest, due, written
from chatcrew.ids import ConversationId
from chatcrew.messages import ConversationState, Signal
from chatcrew.telemetry import Metrics
from chatcrew.tenancy.model import Configuration, Digest, Feedback, People, Persona, Route, Tenant
from chatcrew.testing import ManualClock

MONDAY = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
"""09:00 in Recife."""

WEEKLY = Digest(conversation=42)


@pytest.mark.parametrize(
    ("now", "said"),
    [
        (MONDAY - timedelta(minutes=1), None),
        (MONDAY, MONDAY),
        (MONDAY + timedelta(days=2), MONDAY),
        (MONDAY + timedelta(days=4), None),
    ],
)
def test_a_digest_is_due_on_its_day_where_the_business_is(now, said) -> None:
    """From 09:00 there for three days, then it is left out."""
    assert due(WEEKLY, "America/Recife", now) == said


@given(
    now=st.integers(0, 15 * 366 * 24 * 60).map(lambda n: MONDAY + timedelta(minutes=n)),
    weekday=st.sampled_from(["mon", "wed", "sun"]),
    hour=st.integers(0, 23),
    zone=st.sampled_from(["America/Sao_Paulo", "America/New_York", "UTC", "Asia/Tokyo"]),
)
def test_what_is_due_lies_in_the_past_on_that_day(now, weekday, hour, zone) -> None:
    """Whatever the zone and its clock changes do."""
    moment = due(Digest(conversation=1, weekday=weekday, at=f"{hour:02}:00"), zone, now)
    if moment is not None:
        assert timedelta(0) <= now - moment <= timedelta(days=3, hours=1)
        assert ["mon", "wed", "sun"].index(weekday) == {0: 0, 2: 1, 6: 2}[moment.weekday()]
        assert moment.hour == hour


def signal(turn: str, kind: str, number: int, said: str = "", mood: float = 0.0) -> Signal:
    """Return a signal of the week."""
    place = ConversationId("acme", "acme-bot", number)
    at = MONDAY - timedelta(days=1)
    return Signal(kind, "shop/acme", place, turn, at, "no_answer", "order", "support", mood, said)


def test_a_digest_counts_turns_and_conversations_and_quotes_the_worst_first() -> None:
    """A turn with two signals is one example and one reason."""
    found = [
        signal("t1", "complaint", 7, "que absurdo", -0.8),
        signal("t1", "unable", 7, "que absurdo", -0.8),
        signal("t2", "unable", 9, "qual o prazo?"),
    ]
    one = digest("shop/acme", found, since=MONDAY - timedelta(days=7), until=MONDAY)

    assert (one.signals, one.conversations) == (3, 2)
    assert one.kinds == {"unable": 2, "complaint": 1}
    assert one.reasons == {"no_answer": 2}
    assert [said for _, said in one.examples] == ["que absurdo", "qual o prazo?"]
    for language, words in (("pt-BR", "não conseguiu: 2"), ("en", "unable: 2")):
        told = written(one, language=language, quote=str.upper)
        assert words in told
        assert "#7: QUE ABSURDO" in told


def test_a_quiet_week_is_told_too() -> None:
    """Silence would look like a broken digest."""
    one = digest("shop/acme", [], since=MONDAY - timedelta(days=7), until=MONDAY)

    assert "Nenhum sinal" in written(one, language="pt-BR")


class Clients:
    """Chatwoot as far as a digest needs it."""

    has_user_token = True

    def __init__(self) -> None:
        self.notes: list[tuple[int, str]] = []
        self.tags: list[dict[str, object]] = []
        self.away = False
        self.dies = ""

    async def client(self, bot: str) -> "Clients":
        """Return itself; there is one bot."""
        assert bot == "acme-bot"
        return self

    async def create_message(
        self, number: int, content: str, *, private: bool, content_attributes: dict[str, object]
    ) -> int:
        """Write a note, unless it is away; the worker may be killed before it or after."""
        assert private
        if self.away:
            raise ChatwootUnavailable("away", retryable=True)
        if self.dies == "before":
            raise asyncio.CancelledError
        self.notes.append((number, content))
        self.tags.append({"id": len(self.notes), "content_attributes": content_attributes})
        if self.dies == "after":
            raise asyncio.CancelledError
        return 1

    async def messages(self, number: int) -> list[dict[str, object]]:
        """Return what was written."""
        assert number == 42
        return self.tags


class Whose:
    """Our records, as far as a digest needs them."""

    def __init__(self, tenant: str | None) -> None:
        self._tenant = tenant

    async def state(self, conversation: ConversationId) -> ConversationState | None:
        """Return whose conversation it is; None: nobody ever saw it."""
        return ConversationState(conversation, self._tenant) if self._tenant else None


def configured(policy: Digest) -> Configuration:
    """Return a business with one bot."""
    tenant = Tenant(
        "shop/acme",
        "pt-BR",
        "America/Recife",
        Persona("Ana", "Acme", "leve"),
        people=People(feedback=Feedback(digest=policy)),
    )
    bots = {"acme-bot": SimpleNamespace(account="acme")}
    routes = {("acme", None): Route("shop/acme", "whatsapp", "whatsapp")}
    return Configuration("v1", bots, routes, None, {tenant.key: tenant}, {})  # type: ignore[arg-type]  # the one field of a bot that is read


async def test_it_is_sent_once_and_again_only_where_it_certainly_was_not() -> None:
    """Two workers look; Chatwoot is away first."""
    clock, clients, store = ManualClock(MONDAY), Clients(), MemoryFeedback()
    await store.note([signal("t1", "complaint", 7, "![x](http://evil.example/a.png)", -0.8)])
    both = [
        Digests(
            store,
            configurations=SimpleNamespace(current=configured(WEEKLY)),  # type: ignore[arg-type]  # as above
            clients=clients,  # type: ignore[arg-type]  # as above
            mailbox=Whose(None),  # type: ignore[arg-type]  # the one method that is called
            metrics=Metrics(),
            clock=clock,
        )
        for _ in range(2)
    ]
    clients.away = True
    await both[0].run()
    assert clients.notes == []

    clients.away = False
    for one in both:
        await one.run()
    ((number, words),) = clients.notes
    assert number == 42
    assert "![x]" not in words

    await clock.advance(timedelta(days=7).total_seconds())
    await both[1].run()
    assert "Nenhum sinal" in clients.notes[1][1]


def test_without_a_conversation_or_a_bot_nobody_is_written_to() -> None:
    """The bot is the first that serves the business."""
    configuration = configured(WEEKLY)

    assert bot_of(configuration, "shop/acme") == "acme-bot"
    assert bot_of(configuration, "shop/other") is None


async def test_no_other_business_s_bot_writes_the_digest() -> None:
    """Its people would read what our customers said, in a Chatwoot that is not ours (N1)."""
    configuration = configured(replace(WEEKLY, bot="rival-bot"))
    bots = {**configuration.bots, "rival-bot": SimpleNamespace(account="rival")}
    clients = Clients()
    rival = replace(configuration, bots=bots)
    digests = Digests(
        MemoryFeedback(),
        configurations=SimpleNamespace(current=rival),  # type: ignore[arg-type]  # as above
        clients=clients,  # type: ignore[arg-type]  # as above
        mailbox=Whose(None),  # type: ignore[arg-type]  # the one method that is called
        metrics=Metrics(),
        clock=ManualClock(MONDAY),
    )
    await digests.run()

    assert clients.notes == []
    assert bot_of(rival, "shop/acme", named="acme-bot") == "acme-bot"
    assert replace(WEEKLY, conversation=None).conversation is None


@pytest.mark.parametrize(("owner", "notes"), [("shop/rival", 0), ("shop/acme", 1)])
async def test_no_conversation_of_another_business_gets_the_digest(owner, notes) -> None:
    """Two businesses may share an account, and each its people."""
    clients, metrics = Clients(), Metrics()
    digests = Digests(
        MemoryFeedback(),
        configurations=SimpleNamespace(current=configured(WEEKLY)),  # type: ignore[arg-type]  # as above
        clients=clients,  # type: ignore[arg-type]  # as above
        mailbox=Whose(owner),  # type: ignore[arg-type]  # as above
        metrics=metrics,
        clock=ManualClock(MONDAY),
    )
    await digests.run()

    assert len(clients.notes) == notes


def sending(
    store: MemoryFeedback, clients: Clients, clock: ManualClock, *others: Tenant
) -> Digests:
    """Return what a worker that has just started sends digests with."""
    configuration = configured(WEEKLY)
    tenants = {one.key: one for one in others} | dict(configuration.tenants)
    return Digests(
        store,
        configurations=SimpleNamespace(current=replace(configuration, tenants=tenants)),  # type: ignore[arg-type]  # as above
        clients=clients,  # type: ignore[arg-type]  # as above
        mailbox=Whose(None),  # type: ignore[arg-type]  # as above
        metrics=Metrics(),
        clock=clock,
    )


@pytest.mark.parametrize("moment", ["before", "after"])
async def test_a_worker_killed_over_a_digest_leaves_one_note(moment) -> None:
    """Another looks whether the note is there, once nobody can be at it any more (S3-100)."""
    store, clients, clock = MemoryFeedback(), Clients(), ManualClock(MONDAY)
    clients.dies = moment
    with pytest.raises(asyncio.CancelledError):
        await sending(store, clients, clock).run()
    clients.dies = ""

    await sending(store, clients, clock).run()
    assert len(clients.notes) == (1 if moment == "after" else 0)
    for _ in range(3):
        await clock.advance(LEASE.total_seconds())
        await sending(store, clients, clock).run()
    assert len(clients.notes) == 1


async def test_what_fails_with_one_business_keeps_no_other_from_its_digest() -> None:
    """An error nobody foresaw, too; its own digest is tried again."""
    store, clients, clock = MemoryFeedback(), Clients(), ManualClock(MONDAY)
    broken = Tenant("shop/aaa", "pt-BR", "No/Where", Persona("Ana", "Acme", "leve"))
    broken = replace(broken, people=People(feedback=Feedback(digest=WEEKLY)))

    await sending(store, clients, clock, broken).run()

    assert len(clients.notes) == 1
