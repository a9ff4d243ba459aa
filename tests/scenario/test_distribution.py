"""Handoffs reach the right person: one bot, a business and an inbox per way of choosing."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml

from chatcrew.testing import Account, Agent, Conversation, FakeChatwoot, Inbox, write_mapping
from chatcrew.testing.bot import RunningBot, running_bot

ASKS = "quero falar com uma pessoa"
BASE = {
    "persona": {"name": "Lia", "business": "Casa Lia", "tone": "claro"},
    "timezone": "America/Sao_Paulo",
    "intents": [
        {"name": "boleto", "phrases": ["segunda via do boleto"], "action": "handoff"},
    ],
    "faq": [{"question": "Vocês entregam?", "answer": "Sim, entregamos em todo o Brasil."}],
}


@dataclass
class House:
    """A Chatwoot with an inbox, two people and a team per business."""

    chatwoot: FakeChatwoot
    account: Account
    bot: RunningBot
    inboxes: Mapping[str, Inbox]
    people: Mapping[str, tuple[Agent, Agent]]
    customers: int = field(default=0)

    async def asks(self, where: str, text: str = ASKS) -> Conversation:
        """Let a new customer write and wait until the bot has done all it does."""
        self.customers += 1
        number = f"+55819900{self.customers:05}"
        contact = self.account.add_contact(name=f"Cliente {self.customers}", phone_number=number)
        conversation = await self.chatwoot.customer_says(self.inboxes[where], contact, text)
        await self.chatwoot.wait_for(lambda: bool(conversation.public_bot_replies), timeout=20.0)
        await self.settled()
        return conversation

    async def settled(self) -> None:
        """Wait until nobody has anything left to do."""
        for _ in range(3):
            await self.chatwoot.idle()
            await self.bot.quiet()


@contextlib.asynccontextmanager
async def house(
    database: object,
    folder: Path,
    businesses: Mapping[str, Mapping[str, object]],
    *,
    crews: Path,
    rows: Mapping[str, Mapping[str, object]] | None = None,
    user_token: bool = True,
) -> AsyncIterator[House]:
    """Run a bot for these businesses: ``people`` of each by its name."""
    domain = folder / "config" / "domains" / "lojas"
    await asyncio.to_thread(domain.mkdir, parents=True)
    for name, said in (("_base", BASE), *((n, {"people": p}) for n, p in businesses.items())):
        text = yaml.safe_dump(said, allow_unicode=True)
        await asyncio.to_thread((domain / f"{name}.yaml").write_text, text, "utf-8")
    async with FakeChatwoot(speed=50.0) as chatwoot:
        account = chatwoot.add_account(1, "Casa Lia")
        admin = account.add_agent(90, "Rita Admin", role="administrator")
        inboxes, people = {}, {}
        for place, name in enumerate(businesses):
            inbox = inboxes[name] = account.add_inbox(21 + place, name)
            pair = (account.add_agent(name=f"Ana {name}"), account.add_agent(name=f"Bia {name}"))
            people[name], ids = pair, [one.id for one in pair]
            inbox.member_ids = ids
            account.add_team(41 + place, f"time {name}").member_ids = ids
        agent_bot = account.add_bot(7)
        mapping = await asyncio.to_thread(
            write_mapping,
            folder,
            base_url=chatwoot.url,
            bots={"casa-bot": agent_bot},
            inboxes={
                inbox.id: {
                    "channel": "whatsapp",
                    "tenant": f"lojas/{name}",
                    **(rows or {}).get(name, {}),
                }
                for name, inbox in inboxes.items()
            },
            tenant=f"lojas/{next(iter(businesses))}",
            user_token=admin.access_token if user_token else None,
        )
        async with running_bot(
            database, mapping, config_dir=folder / "config", crews_dir=crews
        ) as bot:
            agent_bot.outgoing_url = bot.webhook_url("casa-bot")
            yield House(chatwoot, account, bot, inboxes, people)


def ways(**policy: object) -> dict[str, object]:
    """Return a distribution."""
    return {"distribution": policy}


async def test_every_method_gives_a_handoff_to_its_person(database, tmp_path, prompt_crews) -> None:
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
    async with house(database, tmp_path, businesses, crews=prompt_crews) as h:
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


async def test_outside_hours_nothing_untrue_is_said_and_nobody_is_burdened(
    database, tmp_path, prompt_crews
) -> None:
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
    async with house(database, tmp_path, businesses, crews=prompt_crews) as h:
        for name in businesses:
            conversation = await h.asks(name)
            said = " ".join(reply.content for reply in conversation.public_bot_replies)
            assert "A equipe não está atendendo agora" in said
            assert ("06:30" in said) == (name == "later")
            assert "{" not in said
            assert (conversation.assignee, conversation.labels) == (None, ["fora-do-horario"])
            assert conversation.team is not None
            assert conversation.status == "open"


async def test_people_come_first_where_the_inbox_says_so(database, tmp_path, prompt_crews) -> None:
    """Greeted, opened, noted and assigned at once; given back, the bot answers (S3-87)."""
    businesses = {
        "greet": ways(method="round_robin"),
        "answer": ways(method="round_robin", people_first="answer"),
        "closed": {"opening": {"times": []}},
    }
    rows = {name: {"first": "people"} for name in businesses}
    async with house(database, tmp_path, businesses, crews=prompt_crews, rows=rows) as h:
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
async def test_a_handoff_never_waits_for_the_lists_of_people(
    database, tmp_path, prompt_crews, trouble
) -> None:
    """Without a user token, or where Chatwoot does not tell, its own assignment chooses."""
    businesses = {"blind": ways(method="load", team="41")}
    async with house(
        database, tmp_path, businesses, crews=prompt_crews, user_token=trouble != "no_token"
    ) as h:
        if trouble == "chatwoot_refuses":
            h.chatwoot.faults.fail(403, times=99, endpoint="list_agents")
        conversation = await h.asks("blind")

        assert (conversation.status, conversation.assignee) == ("open", None)
        assert conversation.team is not None
        assert conversation.team.id == 41
