"""The bot that simulates a tenant: whom it stands for, and what it may not reach."""

import pytest

import chatcrew
from chatcrew.app.simulated import SimulatedCalls
from chatcrew.app.trying import process_message
from chatcrew.chatwoot import ChatwootClient
from chatcrew.errors import ChatwootError
from chatcrew.ids import ConversationId
from chatcrew.tenancy.model import SIMULATED_BOT
from chatcrew.testing.door import TENANT, configuration


class _Numbers:
    """Counts."""

    def __init__(self) -> None:
        self.last = 0

    async def next_message(self) -> int:
        self.last += 1
        return self.last


def test_the_python_call_is_the_packages_own() -> None:
    """``chatcrew.process_message`` is loaded when it is asked for (S2-32)."""
    assert chatcrew.process_message is process_message
    with pytest.raises(AttributeError, match="nothing"):
        _ = chatcrew.nothing


def test_each_tenant_has_a_simulated_bot_and_nobody_else_has_one() -> None:
    """No mapping can name it, so no webhook ever comes to it."""
    known = configuration()
    label = f"sim:{TENANT}"

    bot = known.bot(label)

    assert bot is not None
    assert (bot.account, bot.agent_bot_id) == (label, SIMULATED_BOT)
    assert label not in known.bots
    assert known.bot("sim:health/nobody") is None
    assert known.bot("loja-bot") is known.bots["loja-bot"]
    assert known.bot("nobody") is None


def test_a_simulated_bot_answers_as_the_tenants_own_inbox_would() -> None:
    """Its own channel where it has one of that kind, else its first."""
    known = configuration()

    for channel in ("Channel::Whatsapp", "Channel::Email", None):
        route = known.route(f"sim:{TENANT}", 1, channel_class=channel)
        assert route is not None
        assert (route.tenant, route.channel) == (TENANT, "whatsapp")
    assert known.route("sim:health/nobody", 1) is None


async def test_what_a_simulated_bot_says_gets_a_number_and_goes_nowhere() -> None:
    """There is nothing to read, and every write is taken."""
    client = ChatwootClient(SimulatedCalls(_Numbers()), base_url="", account_id=0, token="")

    first = await client.create_message(1, "Oi!")
    note = await client.create_message(1, "para a equipe", private=True)
    await client.toggle_status(1, "open")
    await client.add_labels(1, ["bot"])

    assert (first, note) == (1, 2)
    with pytest.raises(ChatwootError, match="nobody has it"):
        await client.conversation(1)


async def test_a_last_look_may_still_stop_what_a_simulated_bot_says() -> None:
    """The gate right before each write holds here as well."""
    numbers = _Numbers()
    client = ChatwootClient(SimulatedCalls(numbers), base_url="", account_id=0, token="")

    async def stop() -> None:
        raise ValueError("taken over")

    with pytest.raises(ValueError, match="taken over"):
        await client.create_message(1, "Oi!", last_check=stop)
    assert numbers.last == 0


@pytest.mark.parametrize(("label", "simulated"), [("sim:a/b", True), ("loja-bot", False)])
def test_a_conversation_tells_whether_it_is_simulated(label: str, *, simulated: bool) -> None:
    """By the label of its bot."""
    assert ConversationId(label, label, 1).simulated is simulated
