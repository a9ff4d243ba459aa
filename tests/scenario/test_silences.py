"""How the bot comes back: at the end of a pause, by policy, and where a customer writes again."""

import shutil

import pytest

from chatcrew.testing.acting import make_due
from chatcrew.testing.responders import ScriptedResponder

QUESTION = "tenho uma dúvida sobre o exame da minha mãe"
AGAIN = "voltei com uma outra dúvida bem diferente"


@pytest.fixture
def policy(lean_config, tmp_path):
    """Return the configuration with this ``people.takeover`` of the clinic."""

    def write(**keys: str):
        folder = shutil.copytree(lean_config("health/varizemed"), tmp_path / "by_policy")
        file = folder / "domains" / "health" / "varizemed.yaml"
        rows = "".join(f"    {key}: {value}\n" for key, value in keys.items())
        words = file.read_text("utf-8")
        head, found, tail = words.partition("\npeople:\n")
        people = f"\npeople:\n  takeover:\n{rows}"
        file.write_text(head + people + tail if found else words + people, "utf-8")
        return folder

    return write


def _crew() -> ScriptedResponder:
    return ScriptedResponder(lambda ask: f"Sobre: {ask.inputs['message']}")


async def _over(c, database) -> None:
    """Let every pause be over, and what fires it look."""
    await make_due(database)
    await c.bot.parts.alarms.run()
    await c.settled()


async def _somebody(c, name: str, text: str):
    contact = c.account.add_contact(name=name, phone_number=f"+55819{len(name):08}")
    conversation = await c.chatwoot.customer_says(c.inbox, contact, text)
    await c.settled()
    return conversation


async def test_a_pause_ends_by_itself_and_who_waited_is_answered(clinic, database) -> None:
    """`/bot pausar 2h almoço`: the note says until when and why; the end is said too."""
    async with clinic(responder=_crew()) as c:
        conversation = await c.says(QUESTION)
        await c.reply(conversation)
        await c.settled()
        await c.chatwoot.agent_says(conversation, "/bot pausar 2h almoço", private=True)
        await c.settled()
        await c.says("alô, alguém pode me dizer do laudo?")
        await c.settled()
        state = await c.bot.base.mailbox.state(next(iter(await _states(c))).id)
        assert len(conversation.public_bot_replies) == 1
        assert (state.silence_by, state.silence_why) == ("Patrícia Gomes", "almoço")
        paused = next(note for note in conversation.notes if "em silêncio" in note.content)
        assert "até " in paused.content
        assert "almoço" in paused.content

        await _over(c, database)
        reply = await c.reply(conversation, 2)

        assert "laudo" in reply.content
        assert any("A pausa acabou" in note.content for note in conversation.notes)


async def _states(c):
    return await c.bot.base.mailbox.unanswered(before=c.chatwoot.clock.now())


async def test_by_policy_the_bot_comes_back_or_says_that_it_is_still_the_teams(
    clinic, database, policy
) -> None:
    """``resume_after``: pending ones are answered again, a person's stays his with a note."""
    async with clinic(responder=_crew(), config_dir=policy(resume_after="4h")) as c:
        pending = await _somebody(c, "Ana", QUESTION)
        owned = await _somebody(c, "Beatriz", QUESTION)
        for conversation in (pending, owned):
            await c.chatwoot.agent_says(conversation, "Já vejo isso para você")
        await c.chatwoot.assign(owned, c.agent)
        await c.chatwoot.set_status(owned, "open", by=c.agent)
        await c.settled()
        for conversation in (pending, owned):
            await c.chatwoot.customer_replies(conversation, "alguma novidade do laudo dela?")
        await c.settled()
        assert len(pending.public_bot_replies) == 1

        await _over(c, database)

        assert "laudo" in (await c.reply(pending, 2)).content
        assert any("não escreve ao cliente há 4 h" in note.content for note in pending.notes)
        assert len(owned.public_bot_replies) == 1
        assert (owned.status, owned.assignee) == ("open", c.agent)
        assert any("continua com a equipe" in note.content for note in owned.notes)


async def test_by_policy_the_bot_takes_back_what_the_team_left(clinic, database, policy) -> None:
    """``take_back``: also what is open and a person's; Chatwoot sees it as pending and nobody's."""
    config_dir = policy(resume_after="90m", take_back="true")
    async with clinic(responder=_crew(), config_dir=config_dir) as c:
        conversation = await _somebody(c, "Ana", QUESTION)
        await c.chatwoot.set_status(conversation, "open", by=c.agent)
        await c.chatwoot.agent_says(conversation, "Já vejo isso para você")
        await c.chatwoot.customer_replies(conversation, "alguma novidade do laudo dela?")
        await c.settled()

        await _over(c, database)

        assert "laudo" in (await c.reply(conversation, 2)).content
        assert (conversation.status, conversation.assignee) == ("pending", None)
        assert any("o bot retoma" in note.content for note in conversation.notes)


async def test_who_writes_into_a_resolved_conversation_of_a_person_is_seen(clinic) -> None:
    """Chatwoot makes it pending and keeps the owner (contract §2.3): opened with a note, once."""
    async with clinic(responder=_crew()) as c:
        conversation = await _somebody(c, "Ana", QUESTION)
        await c.chatwoot.assign(conversation, c.agent)
        await c.chatwoot.resolve(conversation)
        await c.settled()
        await c.chatwoot.customer_replies(conversation, AGAIN)
        await c.chatwoot.wait_for(lambda: conversation.status == "open")
        await c.chatwoot.customer_replies(conversation, "alguém aí?")
        await c.settled()
        notes = [note.content for note in conversation.notes if "estava resolvida" in note.content]

        assert len(conversation.public_bot_replies) == 1
        assert conversation.assignee is c.agent
        assert len(notes) == 1
        assert "Patrícia Gomes" in notes[0]


async def test_by_policy_the_bot_goes_on_where_a_person_had_ended(clinic, policy) -> None:
    """``reopened: bot`` and ``snoozed: bot``: the bot takes them, and answers."""
    config_dir = policy(reopened="bot", snoozed="bot")
    async with clinic(responder=_crew(), config_dir=config_dir) as c:
        resolved = await _somebody(c, "Ana", QUESTION)
        snoozed = await _somebody(c, "Beatriz", QUESTION)
        await c.chatwoot.assign(resolved, c.agent)
        await c.chatwoot.resolve(resolved)
        await c.chatwoot.set_status(snoozed, "snoozed")
        await c.settled()
        for conversation in (resolved, snoozed):
            await c.chatwoot.customer_replies(conversation, AGAIN)
        await c.settled()

        for conversation in (resolved, snoozed):
            assert AGAIN in (await c.reply(conversation, 2)).content
            assert conversation.assignee is None
            assert conversation.status == "pending"


async def test_by_policy_people_go_on_with_who_comes_back(clinic, policy) -> None:
    """``reopened: people``: opened with a note before the bot says a word; snoozed stays open."""
    async with clinic(responder=_crew(), config_dir=policy(reopened="people")) as c:
        resolved = await _somebody(c, "Ana", QUESTION)
        snoozed = await _somebody(c, "Beatriz", QUESTION)
        await c.chatwoot.resolve(resolved)
        await c.chatwoot.set_status(snoozed, "snoozed")
        await c.settled()
        for conversation in (resolved, snoozed):
            await c.chatwoot.customer_replies(conversation, AGAIN)
        await c.settled()

        for conversation in (resolved, snoozed):
            assert len(conversation.public_bot_replies) == 1
            assert conversation.status == "open"
        assert any("a equipe continua" in note.content for note in resolved.notes)


async def test_assigning_the_bot_is_enough_to_give_it_back(clinic) -> None:
    """4.16.2 leaves the status open then; the bot makes it pending, and answers who waits."""
    async with clinic(responder=_crew()) as c:
        waiting, idle = [await _somebody(c, name, QUESTION) for name in ("Ana", "Beatriz")]
        for conversation in (waiting, idle):
            await c.chatwoot.set_status(conversation, "open", by=c.agent)
            await c.chatwoot.agent_says(conversation, "Já vejo isso para você")
        await c.chatwoot.customer_replies(waiting, "alguma novidade do laudo dela?")
        await c.settled()
        for conversation in (waiting, idle):
            await c.chatwoot.assign(conversation, c.agent_bot)
        await c.settled()

        assert "laudo" in (await c.reply(waiting, 2)).content
        assert [one.status for one in (waiting, idle)] == ["pending", "pending"]
        assert len(idle.public_bot_replies) == 1
