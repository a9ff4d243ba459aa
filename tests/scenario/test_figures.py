"""What happens in a running bot stands in the figures: sessions, outcomes, times (S3-101)."""

from datetime import timedelta

from chatcrew.analytics import PostgresFacts, PostgresFigures, Scope, transcript
from chatcrew.app.figures import open_figures
from chatcrew.app.telling import open_why
from chatcrew.clock import SystemClock
from chatcrew.ids import ConversationId
from chatcrew.testing.responders import ScriptedResponder

TENANT = "health/varizemed"
ASKED = "tenho uma dúvida sobre o exame da minha mãe"


async def lived(c) -> tuple[int, int, int]:
    """Let three customers talk; return the numbers of their conversations."""
    c.inbox.csat_survey_enabled = c.inbox.lock_to_single_conversation = True
    first = await c.says(ASKED)
    await c.reply(first)
    await c.settled()
    await c.chatwoot.resolve(first)
    await c.settled()
    await c.chatwoot.rate(next(m for m in first.messages if m.content_type == "input_csat"), 5)
    await c.settled()
    await c.says("e o laudo, quanto tempo demora afinal?")
    await c.reply(first, 2)
    await c.settled()
    rui = c.account.add_contact(name="Rui", phone_number="+5581990000001")
    second = await c.chatwoot.customer_says(c.inbox, rui, "quero falar com um atendente humano")
    await c.chatwoot.wait_for(lambda: second.status == "open")
    await c.settled()
    eva = c.account.add_contact(name="Eva", phone_number="+5581990000002")
    third = await c.chatwoot.customer_says(c.inbox, eva, "minha perna incha quando viajo, por quê?")
    await c.reply(third)
    await c.settled()
    await c.chatwoot.agent_says(third, "Oi, aqui é a Patrícia!")
    await c.settled()
    return first.id, second.id, third.id


async def figures_of(c, database) -> PostgresFigures:
    """Return the figures of a running bot, with everything added up."""
    base, clock = c.bot.base, SystemClock()
    await PostgresFacts(database, clock).run({TENANT: "America/Sao_Paulo"})
    why = open_why(
        database,
        states=base.mailbox,
        configuration=lambda: base.directory.current,
        settings=base.settings,
        clock=clock,
    )
    return open_figures(database, why=why, clock=clock)


async def test_a_day_at_the_clinic_is_counted_as_it_was(clinic, database) -> None:
    """Answered, closed, rated; reopened; given to people; taken by people; nothing twice."""
    crew = ScriptedResponder(lambda ask: "resposta do bot")
    async with clinic(responder=crew) as c:
        first, second, third = await lived(c)
        figures = await figures_of(c, database)
        now = SystemClock().now() + timedelta(seconds=1)
        scope = Scope(frozenset({TENANT}), now - timedelta(hours=1), now)
        found = {(one.number, one.episode): one for one in (await figures.sessions(scope)).items}
        seen = await figures.overview(scope)
        place = ConversationId(found[(first, 1)].account, "clinic-bot", first)
        trace = await figures.trace(place, tenants=frozenset({TENANT}))
        others = await figures.trace(place, tenants=frozenset({"cosmetics/bella"}))

    begun = found[(first, 1)]
    assert (begun.ending, begun.replies, begun.heard, begun.said) == ("contained", 1, 1, 1)
    assert (begun.rating, begun.closed_at is not None) == (5, True)
    assert found[(first, 2)].ending == "going_on"
    assert (found[(second, 1)].ending, found[(second, 1)].replies) == ("handed_off", 1)
    assert found[(third, 1)].ending == "taken_over"
    assert (seen.sessions, seen.conversations, seen.users) == (4, 3, 3)
    assert (seen.outcomes.closed, seen.outcomes.reopened, seen.satisfaction.mean) == (1, 1, 5.0)
    assert seen.outcomes.reasons == {found[(second, 1)].reason: 1}
    assert seen.answer.count == seen.first_reply.count == 4
    assert others is None
    assert trace is not None
    assert next(one["text"] for one in transcript(trace)) == ASKED
    assert len(trace.turns) >= 2
