"""Drafts for people to send: on demand and in draft inboxes (S3-38, N10, complaint 20)."""

import pytest

from chatcrew.conversations import PostgresHistory
from chatcrew.messages import Fate
from chatcrew.proposals import PostgresDrafts, settle_drafts
from chatcrew.testing.responders import ScriptedResponder
from chatcrew.worker import SweepPolicy

QUESTION = "tenho uma dúvida sobre o exame da minha mãe"


def _crew() -> ScriptedResponder:
    return ScriptedResponder(lambda ask: f"Li: {ask.inputs['message']}")


def _drafts(conversation) -> list[str]:
    return [one.content for one in conversation.notes if "Rascunho do bot" in one.content]


@pytest.fixture
def mode() -> dict[str, str]:
    """The row of a draft inbox in the mapping."""
    return {"channel": "whatsapp", "mode": "draft"}


async def test_a_draft_inbox_proposes_to_the_team_and_says_nothing_to_the_customer(
    clinic, mode
) -> None:
    """One note per burst, the conversation is opened, a person's answer ends it (complaint 20)."""
    async with clinic(responder=_crew(), row=mode) as c:
        conversation = await c.says(QUESTION)
        await c.settled()

        assert conversation.public_bot_replies == []
        assert conversation.status == "open"
        (first,) = _drafts(conversation)
        assert f"Li: {QUESTION}" in first

        # the draft has told people of this wait: the sweep says nothing beside it
        c.bot.parts.sweep.policy = SweepPolicy(older_than=0.0, grace=0.0, every=0.0)
        assert await c.bot.parts.sweep.run() == 1
        await c.settled()
        assert len(conversation.notes) == 1

        # people have it: the next burst is drafted all the same, once
        await c.chatwoot.assign(conversation, c.agent)
        await c.says("e o prazo")
        await c.says("do laudo dela?")
        await c.settled()
        assert len(_drafts(conversation)) == 2
        assert "prazo" in _drafts(conversation)[1]
        assert "laudo" in _drafts(conversation)[1]

        # sent as it was, and the next one with a word more
        store, history = PostgresDrafts(c.bot.base.database), PostgresHistory(c.bot.base.database)
        latest = (await store.open())[-1].suggestion
        await c.chatwoot.agent_says(conversation, latest.text.upper())
        await c.settled()
        clock = c.bot.base.clock
        assert await settle_drafts(store, history, now=clock.now()) == 2
        (figures,) = await store.figures(since=clock.now().replace(year=2000))
        # one answer for two drafts: the older one was answered by it too, and is not alike
        assert figures.fates.get(Fate.SENT) == 1
        assert figures.made == 2
        assert await store.open() == []

        # stopped by command: not even drafts
        await c.chatwoot.agent_says(conversation, "/bot parar", private=True)
        await c.settled()
        await c.says("mais uma coisa")
        await c.settled()
        assert len(_drafts(conversation)) == 2
        assert conversation.public_bot_replies == []


async def test_an_operator_gets_a_draft_on_demand_while_people_have_the_conversation(
    clinic,
) -> None:
    """The customer reads nothing of it, and whom it belongs to does not change (S3-38)."""
    async with clinic(responder=_crew()) as c:
        conversation = await c.says("quero falar com um atendente humano")
        await c.chatwoot.wait_for(lambda: conversation.status == "open")
        await c.settled()
        said = len(conversation.public_bot_replies)

        # that a person comes is nothing that the person would send
        await c.chatwoot.agent_says(conversation, "/bot rascunho", private=True)
        await c.settled()
        assert "**Sem rascunho**: o cliente pediu uma pessoa" in conversation.notes[-1].content

        await c.chatwoot.assign(conversation, c.agent)
        await c.says(QUESTION)
        await c.settled()
        assert _drafts(conversation) == []

        await c.chatwoot.agent_says(conversation, "/bot rascunho", private=True)
        await c.settled()

        (draft,) = _drafts(conversation)
        assert f"Li: {QUESTION}" in draft
        assert len(conversation.public_bot_replies) == said
        assert conversation.status == "open"
        assert conversation.assignee is c.agent

        await c.chatwoot.agent_says(conversation, "/bot resumo", private=True)
        await c.settled()
        summary = conversation.notes[-1].content
        assert summary.startswith("📋 **Resumo da conversa**")
        assert f"> {QUESTION}" in summary
        assert "Cliente: Maria da Silva" in summary
        assert "Última resposta, do bot" in summary
        assert "O cliente espera há 1 min." in summary

        # answered already: a draft of the same question is still given to who asks for it
        await c.chatwoot.agent_says(conversation, "Já vejo isso para você!")
        await c.settled()
        await c.chatwoot.agent_says(conversation, "/bot draft", private=True)
        await c.settled()
        assert len(_drafts(conversation)) == 2
