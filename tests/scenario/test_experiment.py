"""Two personas of one business in one running bot (S2-41)."""

import asyncio
import shutil
from pathlib import Path

import pytest

from chatcrew.ids import ConversationId
from chatcrew.ledger import PostgresLedger
from chatcrew.tenancy.model import Experiment
from chatcrew.tenancy.trial import variant_of
from chatcrew.testing.responders import ScriptedResponder

TRIAL = "\nexperiment:\n  name: lia\n  b: {name: Lia, style: Uma frase.}\n"


@pytest.fixture
def crews_dir(prompt_crews: Path) -> Path:
    """Customers here send one message at a time."""
    return prompt_crews


def _with_trial(folder: Path, shipped: Path) -> Path:
    config = Path(shutil.copytree(shipped, folder / "trial"))
    file = config / "domains" / "health" / "varizemed.yaml"
    file.write_text(file.read_text("utf-8") + TRIAL, "utf-8")
    return config


async def test_each_customer_meets_one_persona_and_the_turn_says_which(
    clinic, lean_config, tmp_path: Path
) -> None:
    """In a new conversation he meets the same one; the facts of his turns carry the variant."""
    shipped = lean_config("health/varizemed")
    config = await asyncio.to_thread(_with_trial, tmp_path, shipped)
    crew = ScriptedResponder(lambda ask: f"Aqui é {ask.inputs['agent_name']}.")
    async with clinic(
        responder=crew,
        config_dir=config,
    ) as c:
        people = [c.contact, *(c.account.add_contact(name=f"Cliente {n}") for n in range(12))]
        ledger, met = PostgresLedger(c.bot.base.database), {}
        for person in people:
            variant = variant_of(
                Experiment("lia"), "health/varizemed", account="demo", contact=person.id
            )
            met.setdefault(variant, person)
        assert set(met) == {"a", "b"}

        for variant, person in met.items():
            talks = set()
            for question in ("Vocês consertam geladeira?", "E televisão antiga, consertam?"):
                talk = await c.chatwoot.customer_says(c.inbox, person, question)
                talks.add(talk.id)
                reply = await c.reply(talk)
                await c.settled()
                (turn,) = await ledger.turns(ConversationId("demo", "clinic-bot", talk.id), limit=1)

                assert ("Lia" in reply.content) == (variant == "b")
                assert turn.record.details["variant"] == f"lia/{variant}"
                await c.chatwoot.resolve(talk)
                await c.settled()
            assert len(talks) == 2
