"""The stage after the answer: noted once more where a turn is delivered again, worth no answer."""

from datetime import UTC, datetime

import pytest
from structlog.testing import capture_logs

from chatcrew.errors import StoreError
from chatcrew.hub.context import TurnContext
from chatcrew.hub.memories import Forgetful
from chatcrew.hub.stages.remember import Remember
from chatcrew.ids import ConversationId
from chatcrew.messages import (
    Claim,
    Consent,
    Contact,
    ConversationState,
    Filled,
    Noted,
    Person,
    Recollection,
    Snapshot,
    Topic,
    TurnKey,
    TurnState,
)
from chatcrew.tenancy.model import Configuration, MemoryPolicy, Persona, Tenant
from chatcrew.testing import ManualClock

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
TALK = ConversationId("acme", "bot", 1)
PERSON = Person("shop/acme", "acme", 501)


class Notebook(Forgetful):
    """A memory that writes down what it is told, or cannot."""

    def __init__(self, known: Recollection | None = None, *, away: bool = False) -> None:
        self.known = known or Recollection()
        self.away = away
        self.noted: list[Noted] = []

    async def recall(self, claim: Claim, person: Person | None) -> Recollection:
        """Return what is known."""
        return self.known

    async def note(self, noted: Noted, *, keep_days: int) -> None:
        """Write it down."""
        if self.away:
            raise StoreError("away")
        self.noted.append(noted)


def decided(*, policy: MemoryPolicy | None = None, topic: Topic | None = None) -> TurnContext:
    """Return a turn that an earlier claim has decided: nothing is resolved in it."""
    tenant = Tenant(
        "shop/acme",
        "pt-BR",
        "America/Sao_Paulo",
        Persona("Ana", "Acme", "leve"),
        memory=policy or MemoryPolicy(),
    )
    state = ConversationState(
        TALK,
        tenant=tenant.key,
        snapshot=Snapshot(contact=Contact(id=501)),
        last_message_id=40,
        topic=topic or Topic(),
    )
    claim = Claim(
        key=TurnKey("t1", TALK, 1),
        state=state,
        burst=(),
        turn_state=TurnState.DECIDED,
        arrivals=1,
        attempts=2,
        lease_until=0.0,
        started_at=NOW,
    )
    configuration = Configuration("v1", {}, {}, None, {tenant.key: tenant}, {})
    return TurnContext(claim, configuration, deadline=0.0)


async def noted(ctx: TurnContext, memory: Notebook) -> Noted:
    """Run the stage; return what it noted."""
    await Remember(memory, ManualClock(NOW))(ctx)
    (one,) = memory.noted
    return one


async def test_a_turn_delivered_again_is_noted_by_what_was_decided() -> None:
    """Whoever died between answering and noting loses nothing: the topic has it all."""
    topic = Topic("refund", Filled(refused=("cpf",)), consent="given:3f2a")
    one = await noted(decided(policy=MemoryPolicy(consent="required"), topic=topic), Notebook())

    assert (one.person, one.tenant, one.up_to, one.remember) == (PERSON, "shop/acme", 40, True)
    assert [fact.about for fact in one.facts] == ["untold:cpf"]
    assert one.consent == Consent(given=True, at=NOW, version="3f2a", source="acme/bot/1")


async def test_consent_that_is_known_is_not_recorded_anew() -> None:
    """Its date stays that of the day on which it was given."""
    known = Recollection(consent=Consent(given=True, at=NOW, version="3f2a", source="x"))
    topic = Topic(consent="given:3f2a")

    assert (await noted(decided(topic=topic), Notebook(known))).consent is None


async def test_consent_that_an_attribute_gave_is_taken_back_with_it() -> None:
    """LGPD art. 8 § 5: who unticks the box in Chatwoot is remembered no longer."""
    policy = MemoryPolicy(consent="required", attribute="lgpd_ok")
    ticked = Recollection(consent=Consent(given=True, at=NOW, version="attribute", source="x"))
    said = Recollection(consent=Consent(given=True, at=NOW, version="3f2a", source="x"))

    one = await noted(decided(policy=policy), Notebook(ticked))
    assert (one.remember, one.consent) == (
        False,
        Consent(given=False, at=NOW, version="attribute", source="acme/bot/1"),
    )
    other = await noted(decided(policy=policy), Notebook(said))
    assert (other.remember, other.consent) == (True, None)


@pytest.mark.parametrize(
    "policy",
    [MemoryPolicy(enabled=False), MemoryPolicy(consent="required")],
    ids=["off", "not agreed"],
)
async def test_without_leave_only_the_episode_is_noted(policy: MemoryPolicy) -> None:
    """Its summary serves the very conversation."""
    assert not (await noted(decided(policy=policy), Notebook())).remember


async def test_a_storage_that_is_away_costs_no_answer() -> None:
    """The customer has it already; the log says so, without a word of the talk."""
    with capture_logs() as logs:
        await Remember(Notebook(away=True), ManualClock(NOW))(decided())

    assert [line["event"] for line in logs] == ["memory.not_noted"]
