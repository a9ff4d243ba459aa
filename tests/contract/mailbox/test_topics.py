"""What intents know of a talk is kept with each decision: one suite over PostgreSQL and memory."""

from dataclasses import replace

import pytest

from chatcrew.messages import ActKind, Claim, ConversationState, Filled, PlannedPart, Topic
from chatcrew.testing import ManualClock
from chatcrew.testing.stores import REPLIED, Stores, Talk

PLAN = (PlannedPart(ActKind.MESSAGE, {"content": "Qual é o número?"}),)
TOPIC = Topic(
    "order",
    Filled({"pedido": "BF-1"}, {"cpf": 2}, refused=("cpf",), later=("email",), waiting="email"),
)


async def asked(stores: Stores, talk: Talk, clock: ManualClock) -> Claim:
    """Put a message and claim it."""
    await stores.mailbox.put(talk.says("Oi"))
    await clock.advance(6)
    (claim,) = await stores.mailbox.claim("w1", limit=1)
    return claim


async def test_what_intents_know_is_kept_with_the_decision_until_the_next_episode(
    stores, talk, clock
):
    """A crash before deciding forgets it, as the question was not asked either (S1-24)."""
    claim = await asked(stores, talk, clock)
    assert claim.state.topic == Topic()
    await stores.outbox.decide(claim.key, PLAN, replace(REPLIED, topic=TOPIC))
    later = replace(REPLIED, topic=Topic("other"))
    await stores.outbox.decide(claim.key, PLAN, later)
    assert (await stores.mailbox.state(talk.id)).topic == TOPIC

    await stores.mailbox.settle(claim.key, REPLIED, arrivals=claim.arrivals)
    claim = await asked(stores, talk, clock)
    assert claim.state.topic == TOPIC
    await stores.outbox.decide(claim.key, PLAN, REPLIED)
    await stores.mailbox.settle(claim.key, REPLIED, arrivals=claim.arrivals)
    assert (await stores.mailbox.state(talk.id)).topic == TOPIC

    await stores.mailbox.put(talk.becomes("resolved"))
    await stores.mailbox.put(talk.becomes("pending"))
    assert (await stores.mailbox.state(talk.id)).topic == Topic()


async def test_what_was_asked_before_people_had_the_talk_is_no_question_any_more(
    stores, talk, clock
):
    """What was told stays known; the next words are no answer to a question of long ago."""
    claim = await asked(stores, talk, clock)
    await stores.outbox.decide(claim.key, PLAN, replace(REPLIED, topic=TOPIC))
    await stores.mailbox.settle(claim.key, REPLIED, arrivals=claim.arrivals)

    await stores.mailbox.put(talk.becomes("open"))
    assert (await stores.mailbox.state(talk.id)).topic == TOPIC
    await stores.mailbox.put(talk.becomes("pending"))

    handed_back = replace(TOPIC, filled=replace(TOPIC.filled, waiting=None))
    assert (await stores.mailbox.state(talk.id)).topic == handed_back


async def _reopened(
    stores: Stores, talk: Talk, clock: ManualClock, *, after: float, continued_for: float
) -> ConversationState:
    """Resolve a talk of which something is known; return it as it is when it is reopened."""
    claim = await asked(stores, talk, clock)
    await stores.mailbox.set_function(claim.key, "scheduling")
    await stores.outbox.decide(claim.key, PLAN, replace(REPLIED, topic=TOPIC))
    await stores.mailbox.settle(claim.key, REPLIED, arrivals=claim.arrivals)
    await stores.mailbox.put(talk.becomes("resolved"))
    later = (talk.snapshot.version or 0.0) + after - 1.0
    talk.snapshot = replace(talk.snapshot, version=later)
    await stores.mailbox.put(replace(talk.becomes("pending"), continued_for=continued_for))
    state = await stores.mailbox.state(talk.id)
    assert state is not None
    return state


async def test_a_reopened_talk_goes_on_where_the_business_says_so(stores, talk, clock) -> None:
    """The same episode, function and answers; what was asked then is no question any more."""
    state = await _reopened(stores, talk, clock, after=3_600.0, continued_for=86_400.0)

    expected = replace(TOPIC, filled=replace(TOPIC.filled, waiting=None))
    assert (state.episode, state.function, state.topic) == (1, "scheduling", expected)


@pytest.mark.parametrize(("after", "continued_for"), [(86_401.0, 86_400.0), (1.0, 0.0)])
async def test_too_late_or_by_default_it_is_a_new_one(
    stores, talk, clock, after: float, continued_for: float
) -> None:
    """Nothing is known, and the default function answers."""
    state = await _reopened(stores, talk, clock, after=after, continued_for=continued_for)

    assert (state.episode, state.function, state.topic) == (2, None, Topic())
