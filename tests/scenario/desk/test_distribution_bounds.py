"""What bounds a choice among people: limits, absence, kinds, ratings, an inbox's share."""

import asyncio

from chatcrew.testing import Agent

ASKS = "quero falar com uma pessoa"


def ways(**policy: object) -> dict[str, object]:
    """Return a distribution."""
    return {"distribution": policy}


async def test_limits_absence_kinds_ratings_and_an_inboxs_share_are_minded(house) -> None:
    """Full teams, who is away, specialties by label and reason, content, share (S3-80, S3-84)."""
    kinds = [
        {"labels": ["ouro"], "agents": ["Bia kinds"]},
        {"reasons": ["alarm"], "agents": ["Ana kinds"]},
    ]
    businesses = {
        "full": ways(method="round_robin", team="time full", per_team=1),
        "away": ways(method="load"),
        "kinds": ways(method="round_robin", specialties=kinds),
        "rated": ways(method="performance"),
        "mixed": ways(method="round_robin"),
    }
    rows = {"mixed": {"first": "people", "share": 50}}
    async with house(businesses, rows=rows) as h:
        h.people["away"][0].availability_status = "busy"
        h.inboxes["rated"].csat_survey_enabled = True

        async def rated() -> None:
            """Who leaves customers content gets two after the other."""
            for _ in range(4):
                talk = await h.asks("rated")
                await h.chatwoot.agent_says(talk, "Oi! Resolvido.", agent=talk.assignee)
                await h.chatwoot.resolve(talk, by=talk.assignee)
                (survey,) = [one for one in talk.messages if one.content_type == "input_csat"]
                bia = talk.assignee is h.people["rated"][1]
                await h.chatwoot.rate(survey, 5 if bia else 1)
                await h.settled()

        async def golden() -> Agent | None:
            talk = await h.asks("kinds", "oi")
            await h.chatwoot.set_labels(talk, ["ouro"])
            await h.settled()
            await h.chatwoot.customer_says(talk.inbox, talk.contact, ASKS)
            await h.settled()
            return talk.assignee

        *mixed, best, alarmed, _ = await asyncio.gather(
            *(h.asks("mixed", "vocês entregam?") for _ in range(8)),
            golden(),
            h.asks("kinds", "vou no procon amanhã"),
            rated(),
        )
        given = {
            name: [(await h.asks(name)).assignee for _ in range(2)]
            for name in ("full", "away", "rated")
        }
        assert given["full"] == [h.people["full"][0], None]
        assert given["away"] == [h.people["away"][1]] * 2
        assert given["rated"] == [h.people["rated"][1]] * 2
        assert (best, alarmed.assignee) == (h.people["kinds"][1], h.people["kinds"][0])
        people = [one for one in mixed if one.status == "open"]
        bots = [one for one in mixed if one.status == "pending"]
        assert len(bots) + len(people) == 8
        assert min(len(bots), len(people)) >= 1
        assert {one.assignee for one in people} <= set(h.people["mixed"])
        assert all("entregamos" in one.public_bot_replies[0].content for one in bots)


async def test_what_is_not_handed_over_after_all_is_nobodys_turn(house) -> None:
    """Deleted while the desk was asked: the next one gets who would have had it (S3-82)."""
    async with house({"turns": ways(method="round_robin")}) as h:
        h.chatwoot.faults.delay(0.7, endpoint="list_agents")
        contact = h.account.add_contact(name="Desiste")
        talk = await h.chatwoot.customer_says(h.inboxes["turns"], contact, ASKS)
        async with asyncio.timeout(20):
            while not any(one.endpoint == "list_agents" for one in h.chatwoot.requests):
                await asyncio.sleep(0.01)
        await h.chatwoot.delete(talk.messages[0])
        await h.settled()
        nobody, given = talk.status, await h.asks("turns")

        assert nobody == "pending"
        assert given.assignee is h.people["turns"][0]
