"""Handoffs reach the right person: one bot, a business and an inbox per way of choosing."""

import asyncio
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from chatcrew.testing import Agent

ASKS = "quero falar com uma pessoa"


def ways(**policy: object) -> dict[str, object]:
    """Return a distribution."""
    return {"distribution": policy}


async def test_every_method_gives_a_handoff_to_its_person(house) -> None:
    """Previous, round robin, load, specialty, performance, shares, limits (S3-34, S3-80..86)."""
    money = {"topics": ["boleto"], "team": "time specialty", "agents": ["Bia specialty"]}
    businesses = {
        "round": ways(method="round_robin"),
        "load": ways(method="load"),
        "specialty": ways(method="round_robin", specialties=[money]),
        "performance": ways(method="performance"),
        "share": ways(
            method="share",
            shares=[{"percent": 75, "agent": "Ana share"}, {"percent": 25, "agent": "Bia share"}],
        ),
        "limit": ways(method="round_robin", per_agent=1),
        "previous": {},
    }
    async with house(businesses) as h:
        for _ in range(2):  # before the bot counts what people have open
            busy = await h.chatwoot.customer_says(
                h.inboxes["load"], h.account.add_contact(name="Antigo"), "obrigado"
            )
            await h.settled()
            await h.chatwoot.assign(busy, h.people["load"][0])
            await h.chatwoot.set_status(busy, "open")
        await h.settled()

        async def given(where: str, count: int) -> list[Agent | None]:
            """Let so many ask one after the other, and say whom they were given to."""
            found = []
            for _ in range(count):
                conversation = await h.asks(where)
                assert conversation.status == "open"
                found.append(conversation.assignee)
            return found

        async def specially() -> None:
            conversation = await h.asks("specialty", "preciso da segunda via do boleto")
            assert conversation.assignee is h.people["specialty"][1]
            assert conversation.team is not None
            assert conversation.team.name == "time specialty"
            assert await given("specialty", 1) == [h.people["specialty"][0]]

        async def as_before() -> None:
            talk = await h.asks("previous", "oi")
            await h.chatwoot.agent_says(talk, "Oi, aqui é a Bia!", agent=h.people["previous"][1])
            await h.chatwoot.resolve(talk)
            await h.settled()
            await h.chatwoot.customer_says(h.inboxes["previous"], talk.contact, ASKS)
            await h.settled()
            newest = max(h.account.conversations_of(talk.contact, talk.inbox), key=lambda c: c.id)
            assert newest.assignee is h.people["previous"][1]
            assert await given("previous", 1) == [None]  # served by nobody: Chatwoot chooses

        in_turn, least, done, shared, limited, _, _ = await asyncio.gather(
            given("round", 3),
            given("load", 1),
            given("performance", 1),
            given("share", 4),
            given("limit", 3),
            specially(),
            as_before(),
        )
        ana, bia = h.people["round"]
        assert in_turn == [ana, bia, ana]
        assert least == [h.people["load"][1]]
        assert done[0] in h.people["performance"]
        assert [shared.count(one) for one in h.people["share"]] == [3, 1]
        assert limited == [*h.people["limit"], None]


async def test_outside_hours_nothing_untrue_is_said_and_nobody_is_burdened(house) -> None:
    """The customer reads when people are back, the team finds it by its label (S3-79)."""
    today = datetime.now(ZoneInfo("America/Sao_Paulo")).date()
    days = f"{today}/{today + timedelta(days=1)}"
    never: dict[str, object] = {"times": []}
    later = {"times": ["mon-sun 06:30-24:00"], "holidays": {days: "recesso"}}
    businesses = {
        name: {
            "opening": opening,
            "distribution": {"method": "round_robin", "team": f"time {name}"},
        }
        for name, opening in (("never", never), ("later", later))
    }
    async with house(businesses) as h:
        for name in businesses:
            conversation = await h.asks(name)
            said = " ".join(reply.content for reply in conversation.public_bot_replies)
            assert "A equipe não está atendendo agora" in said
            assert ("06:30" in said) == (name == "later")
            assert "{" not in said
            assert (conversation.assignee, conversation.labels) == (None, ["fora-do-horario"])
            assert conversation.team is not None
            assert conversation.status == "open"


async def test_people_come_first_where_the_inbox_says_so(house) -> None:
    """Greeted, opened, noted and assigned at once; given back, the bot answers (S3-87)."""
    businesses = {
        "greet": ways(method="round_robin"),
        "answer": ways(method="round_robin", people_first="answer"),
        "closed": {"opening": {"times": []}},
    }
    rows = {name: {"first": "people"} for name in businesses}
    async with house(businesses, rows=rows) as h:
        greeted = await h.asks("greet", "vocês entregam?")
        assert "uma pessoa atende você" in greeted.public_bot_replies[0].content
        assert greeted.assignee is h.people["greet"][0]
        assert "as pessoas atendem primeiro" in greeted.notes[-1].content

        answered = await h.asks("answer", "vocês entregam?")
        assert "entregamos em todo o Brasil" in answered.public_bot_replies[0].content
        assert (answered.status, answered.assignee) == ("open", h.people["answer"][0])

        night = await h.asks("closed", "vocês entregam?")
        assert "entregamos em todo o Brasil" in night.public_bot_replies[0].content
        assert night.status == "pending"

        await h.chatwoot.assign(greeted, None)
        await h.chatwoot.set_status(greeted, "pending")
        await h.settled()
        await h.chatwoot.customer_says(greeted.inbox, greeted.contact, "e vocês entregam?")
        await h.settled()
        assert "entregamos" in greeted.public_bot_replies[-1].content
        assert greeted.status == "pending"


@pytest.mark.parametrize("trouble", ["no_token", "chatwoot_refuses"])
async def test_a_handoff_never_waits_for_the_lists_of_people(house, trouble) -> None:
    """Without a user token, or where Chatwoot does not tell, its own assignment chooses."""
    businesses = {"blind": ways(method="load", team="41")}
    async with house(businesses, user_token=trouble != "no_token") as h:
        if trouble == "chatwoot_refuses":
            h.chatwoot.faults.fail(403, times=99, endpoint="list_agents")
        conversation = await h.asks("blind")

        assert (conversation.status, conversation.assignee) == ("open", None)
        assert conversation.team is not None
        assert conversation.team.id == 41
