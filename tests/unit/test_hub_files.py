"""What a turn makes of files: time of its own, words and data apart, honest words (ADR 0021)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import pytest

from chatcrew.hub import files
from chatcrew.hub.context import Reply, TurnContext
from chatcrew.hub.signals import DropTurn, FinishTurn
from chatcrew.hub.stages.disclose import Disclose
from chatcrew.hub.stages.guard import MAX_FILE, Guard
from chatcrew.ids import ConversationId
from chatcrew.messages import (
    Attachment,
    Author,
    AuthorKind,
    Claim,
    ConversationState,
    Handoff,
    Input,
    InputKind,
    Line,
    Reading,
    SentFile,
    Snapshot,
    TurnKey,
    TurnState,
    Unread,
)
from chatcrew.tenancy.model import AttachmentPolicy, Bot, Configuration, Persona, Secret, Tenant
from chatcrew.testing import ManualClock

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
TENANT = Tenant("shop/acme", "pt-BR", "America/Sao_Paulo", Persona("Ana", "Acme", "leve"))
BOT = Bot("bot", "acme", 1, "http://chat", 7, Secret("env:X"))
AUDIO, IMAGE = Attachment("audio", "u", id=1), Attachment("image", "u", id=2)
NOTE = Attachment("file", "https://chat/x/nota%20fiscal.pdf", id=3)


@dataclass
class Read:
    """Reads what the test says, and takes its time."""

    says: Mapping[str, Reading | Unread]
    clock: ManualClock = field(default_factory=ManualClock)
    seconds: float = 0.0
    kept: Mapping[str, Reading] = field(default_factory=dict)
    budgets: list[float] = field(default_factory=list)

    async def known(self, sent: Sequence[SentFile], **_: object) -> Mapping[str, Reading]:
        """Return what was read before."""
        return self.kept

    async def read(
        self, sent: Sequence[SentFile], *, budget: float, **_: object
    ) -> list[Reading | Unread]:
        """Return what each says, after a while."""
        self.budgets.append(budget)
        await self.clock.advance(self.seconds)
        return [self.says[one.ref] for one in sent]


def context(*items: Attachment, text: str = "", wait: float = 20.0) -> TurnContext:
    """Return a turn of a customer who sent these files."""
    conversation = ConversationId("acme", "bot", 1)
    line = Line(99, Author(AuthorKind.CUSTOMER), text, NOW, attachments=items)
    claim = Claim(
        key=TurnKey("t1", conversation, 1),
        state=ConversationState(conversation, snapshot=Snapshot()),
        burst=(Input(1, InputKind.MESSAGE, line, NOW),),
        turn_state=TurnState.OPEN,
        arrivals=1,
        attempts=1,
        lease_until=0.0,
        started_at=NOW,
    )
    tenant = replace(TENANT, attachments=AttachmentPolicy(wait=wait))
    configuration = Configuration("v1", {}, {}, None, {tenant.key: tenant}, {})
    return TurnContext(claim, configuration, deadline=100.0, bot=BOT, tenant=tenant)


async def guarded(ctx: TurnContext, reads: Read) -> TurnContext:
    """Run the stage."""
    await Guard(reads, reads.clock)(ctx)
    return ctx


HEARD = {"a1": Reading("quero dois", "transcribed")}
SEEN = {"a2": Reading("um sapato", "described")}


@pytest.mark.parametrize(("seconds", "wait", "deadline"), [(3.0, 20.0, 103.0), (9.0, 5.0, 105.0)])
async def test_reading_adds_to_the_deadline_what_it_took_within_its_bound(
    seconds: float, wait: float, deadline: float
) -> None:
    """The crew has as long as ever; the customer waits at most so much longer."""
    reads = Read(HEARD, seconds=seconds)

    ctx = await guarded(context(AUDIO, wait=wait), reads)

    assert ctx.deadline == pytest.approx(deadline)
    assert reads.budgets == [wait]


async def test_words_said_are_words_and_what_is_seen_is_data() -> None:
    """Intents read the first only; the crew reads both, and which is which."""
    ctx = await guarded(context(AUDIO, IMAGE, text="olha"), Read({**HEARD, **SEEN}))

    assert ctx.text == "olha\nquero dois"
    assert ctx.seen == "um sapato"
    assert ctx.message.startswith("olha\n[áudio] quero dois\n[imagem] um sapato\n[O que está em")


async def test_plain_words_are_shown_as_they_are() -> None:
    """A burst without files is what it always was."""
    ctx = await guarded(context(text="oi"), Read({}))

    assert (ctx.text, ctx.shown, ctx.message) == ("oi", "", "oi")


async def test_a_long_document_is_cut_in_its_middle() -> None:
    """Its beginning and its end are what is asked about."""
    long = Reading("início " + "x" * 20_000 + " fim", "extracted")

    ctx = await guarded(context(NOTE, text="o que diz?"), Read({"a3": long}))

    assert len(ctx.message) < MAX_FILE + 300
    assert "[arquivo nota fiscal.pdf] início" in ctx.message
    assert " fim\n" in ctx.message


async def test_a_transcript_of_chatwoot_s_after_our_answer_is_dropped() -> None:
    """Only where we heard it ourselves: else it is the first that can be answered."""
    told = replace(AUDIO, text="quero dois!")
    ctx = context(told)
    ctx.history = [Line(100, Author(AuthorKind.BOT), "Dois de qual?", NOW)]

    with pytest.raises(DropTurn, match="already_heard"):
        await guarded(ctx, Read({}, kept=HEARD))

    ctx = context(told)
    ctx.history = [Line(100, Author(AuthorKind.BOT), "Pode escrever?", NOW)]
    assert (await guarded(ctx, Read({}))).text == "quero dois!"


async def test_a_mention_in_a_story_is_an_occasion_and_no_failure() -> None:
    """Nobody is asked to send it again."""
    mention = Attachment("story_mention", "u", id=1)

    ctx = await guarded(context(mention), Read({"a1": Unread("download")}))

    assert ctx.message == "[menção em um story]"
    assert files.missed(ctx.unread) == []


async def failed(ctx: TurnContext, why: Unread) -> Reply:
    """Return what is said of a file that was not read."""
    with pytest.raises(FinishTurn) as finish:
        await guarded(ctx, Read({"a1": why, "a3": why}))
    return finish.value.reply


async def test_what_the_customer_can_mend_he_is_asked_for_once() -> None:
    """The second time people come, also where the channel split our words."""
    first = await failed(context(NOTE), Unread("too_big", "20 MB"))
    assert first.handoff is None
    assert "seu arquivo “nota fiscal.pdf”" in first.text
    assert "20 MB" in first.text

    again = context(NOTE)
    bubble = first.text.rpartition(". ")[2]
    again.history = [Line(90, Author(AuthorKind.BOT), bubble, NOW)]
    second = await failed(again, Unread("too_big", "20 MB"))
    assert second.handoff is not None
    assert "passa de 20 MB" in second.handoff.summary


@pytest.mark.parametrize("why", ["off", "no_model", "model_down", "too_many"])
async def test_what_he_cannot_mend_goes_to_people_at_once(why: str) -> None:
    """Nobody is sent round in circles."""
    reply = await failed(context(AUDIO), Unread(why))

    assert reply.handoff == Handoff("attachment", reply.handoff.summary)


async def test_what_was_not_read_is_named_under_the_answer() -> None:
    """By our own words, never by the model's; the team has a note, people who come need none."""
    ctx = await guarded(context(AUDIO, IMAGE), Read({**HEARD, "a2": Unread("unreadable")}))
    ctx.reply = Reply("Dois, certo.", engine="crew", reason="crew")

    await Disclose()(ctx)

    assert ctx.reply.text.startswith("Dois, certo.\n\nSó não consegui abrir sua imagem.")
    assert "nada se entende" in ctx.note
    ctx.reply = Reply("Chamo alguém.", engine="crew", reason="crew", handoff=Handoff("other"))
    await Disclose()(ctx)
    assert ctx.reply.text == "Chamo alguém."


@pytest.mark.parametrize(
    ("language", "named"),
    [
        ("pt-BR", "seu áudio, sua imagem e seu arquivo “nota fiscal.pdf”"),
        ("en", "your voice message, your picture and your file “nota fiscal.pdf”"),
    ],
)
def test_files_are_called_what_the_customer_calls_them(language: str, named: str) -> None:
    """Each kind once, a document by its name."""
    assert files.named([AUDIO, IMAGE, AUDIO, NOTE], language) == named
