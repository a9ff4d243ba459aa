"""Each installation is told by what is odd about it, and customers are served in spite of it (N13).

One row per guise says everything: each finding, each feature that is lost, and what becomes of one
customer's message there.
"""

import contextlib
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from chatcrew.database import Database
from chatcrew.testing import Conversation, guises
from chatcrew.testing.bot import RunningBot, running_bot
from chatcrew.testing.installation import Installation
from chatcrew.testing.responders import ScriptedResponder
from chatcrew.worker import Patience

ROOT = Path(__file__).parents[3]

WELL = {"version_known", "clock_well", "limit_unseen", "token_well"}
"""What is well wherever nothing is odd."""
SEEN = {"user_well", "webhook_well", "inboxes_well", "url_well"}
"""What an administrator's token sees besides."""
ALL = WELL | SEEN | {"secret_same"}
HISTORY = {"contacts", "history", "inbox_probes", "sweep_list"}
"""What needs a user token."""

ANSWERED = "answered"
PEOPLE = "people"
LATER = "later"


@dataclass(frozen=True)
class Row:
    """What is to be expected of a guise.

    Attributes:
        ok: findings that all is well.
        warnings: findings to see to.
        faults: findings to mend.
        lost: features that do not work.
        user_token: whether the mapping has one.
        end: what becomes of a customer's message: ``answered``, given to ``people`` where it cannot
            be, or answered ``later``, once the limit is lifted.
        left_out: acts that are not even tried then.
        by_user: endpoints called with the user token in the bot's place.
    """

    ok: set[str]
    warnings: set[str] = field(default_factory=set)
    faults: set[str] = field(default_factory=set)
    lost: set[str] = field(default_factory=set)
    user_token: bool = True
    end: str = ANSWERED
    left_out: set[str] = field(default_factory=set)
    by_user: set[str] = field(default_factory=set)


OLD = WELL - {"version_known", "token_well"} | SEEN | {"token_helped"}
UNSIGNED = {"bot_hears_changes", "bot_owner", "bot_signature", "delivery_ids", "typing"}
LABELLED = {"labels", "show_labels"}

MATRIX: dict[str, Row] = {
    "4.16.2 current": Row(ALL, {"private"}),
    "4.1 old": Row(
        OLD,
        {"version_old", "token_typing", "secret_unsigned"},
        lost=UNSIGNED,
        left_out={"typing"},
        by_user=LABELLED,
    ),
    "4.11 unsigned": Row(
        OLD,
        {"version_old", "token_typing", "secret_unsigned"},
        lost=UNSIGNED,
        left_out={"typing"},
        by_user=LABELLED,
    ),
    "4.13 signed": Row(
        OLD | {"secret_same"}, {"version_old"}, lost={"bot_owner"}, by_user=LABELLED
    ),
    "4.13 signed, no user token": Row(
        {"clock_well", "limit_unseen"},
        {"version_old", "user_none", "token_less"},
        lost={"bot_owner", "bot_reads", "labels"} | HISTORY,
        user_token=False,
        left_out={"labels"},
    ),
    "4.14 private network refused": Row(
        OLD | {"secret_same"}, {"version_old", "private"}, lost={"bot_owner"}, end=PEOPLE
    ),
    "4.14 reads": Row(ALL - {"version_known"}, {"version_old", "private"}, lost={"bot_owner"}),
    "bot may only answer": Row(
        ALL - {"token_well"} | {"token_helped"},
        {"token_typing", "private"},
        lost={"typing"},
        left_out={"typing"},
        by_user=LABELLED | {"toggle_priority"},
    ),
    "bot may only answer, no user token": Row(
        WELL - {"token_well"},
        {"user_none", "token_less", "token_typing"},
        lost={"assignment", "bot_reads", "custom_attributes", "labels", "priority", "typing"}
        | HISTORY,
        user_token=False,
        left_out={"labels", "priority", "typing"},
    ),
    "bot token without rights": Row(
        ALL - {"token_well"},
        {"private"},
        {"token_mute"},
        lost={
            *("answers", "assignment", "bot_reads", "custom_attributes", "handoff", "labels"),
            *("priority", "typing"),
        },
        end=PEOPLE,
        left_out={"typing"},
        by_user={"create_message", "toggle_status"},
    ),
    "rate limited": Row(set(), faults={"limited"}, end=LATER),
    "greeting and hours": Row(ALL, {"greeting", "out_of_office", "private"}),
    "clock skewed": Row(ALL - {"clock_well"}, {"private"}, {"clock_off"}, end=PEOPLE),
    "agent's token": Row(
        WELL | {"inboxes_well", "url_well"},
        {"user_agent", "private"},
        lost={"inbox_probes"},
    ),
    "behind a proxy": Row(
        ALL - {"version_known", "clock_well"}, {"version_hidden", "clock_unknown", "private"}
    ),
}

CASES = pytest.mark.parametrize(
    ("installation", "row"),
    [(name.split(", ")[0], row) for name, row in MATRIX.items()],
    indirect=["installation"],
    ids=list(MATRIX),
)


def test_every_guise_has_its_row() -> None:
    """None is forgotten."""
    assert {name.split(", ")[0] for name in MATRIX} == set(guises())


async def set_up(installation: Installation, row: Row, *more: str) -> None:
    """Connect as an administrator on a day when nothing is limited, then put the guise on again."""
    rate, limit, role = installation.chatwoot.server.rate, 3000, installation.admin.role
    limit, rate.limit = rate.limit, limit
    installation.admin.role = "administrator"
    keep = "--keep-user-token" if row.user_token else "--no-keep-user-token"
    result = await installation.connect("--no-prove", "--inbox", "22", keep, *more)
    assert result.exit_code == 0, result.output
    rate.limit, installation.admin.role = limit, role


def by_level(found: list[dict[str, Any]], level: str) -> set[str]:
    """Return the codes of a level."""
    return {one["code"] for one in found if one["level"] == level}


@CASES
async def test_each_guise_has_these_findings_and_no_other(
    installation: Installation, row: Row
) -> None:
    """Every finding, its level, and the features that do not work because of it."""
    await set_up(installation, row)

    result = await installation.run("doctor", "--json")

    said = json.loads(result.stdout)
    unseen = set() if row.faults == {"limited"} else {"no_records"}
    assert by_level(said["findings"], "fault") == row.faults
    assert by_level(said["findings"], "warning") == row.warnings | unseen
    assert by_level(said["findings"], "ok") == row.ok
    assert set(said["degraded"]) == row.lost
    assert result.exit_code == (1 if row.faults else 0)
    assert installation.account.conversations == {}, "what is tried has no effect"


@contextlib.asynccontextmanager
async def served(
    installation: Installation, database: Database, config: Path, *, looks: int = 1
) -> AsyncIterator[RunningBot]:
    """Run the bot that ``connect`` set up, after it has looked at its installation."""
    crew = ScriptedResponder(lambda _ask: "Atendemos sim, com avaliação.")
    async with running_bot(
        database,
        installation.mapping,
        config_dir=config,
        crews_dir=ROOT / "crews",
        responder=crew,
        patience=Patience(shut=0.3),
    ) as bot:
        agent_bot = installation.bot
        assert agent_bot.outgoing_url is not None
        path = agent_bot.outgoing_url.partition("/webhooks/")[2]
        agent_bot.outgoing_url = f"{bot.public_url}/webhooks/{path}"
        assert await bot.parts.examining.round(starting=True) == looks
        yield bot


@CASES
async def test_each_guise_has_a_customer_who_is_served_without_an_error(
    installation: Installation,
    database: Database,
    lean_config: Callable[[str], Path],
    row: Row,
) -> None:
    """Answered, or given to people; what the bot may not do is left out or the user token's."""
    await set_up(installation, row, "--tenant", "cosmetics/bella")
    chatwoot, config = installation.chatwoot, lean_config("cosmetics/bella")
    if row.end == LATER:
        async with served(installation, database, config):
            pass
        chatwoot.server.rate.limit = 3000
    async with served(installation, database, config, looks=0 if row.end == LATER else 1) as bot:
        before = len(chatwoot.requests)
        contact = installation.account.add_contact(name="Ana", phone_number="+5581991111111")
        site = installation.inboxes[1]
        conversation = await chatwoot.customer_says(site, contact, "meu pedido chegou quebrado")
        await chatwoot.wait_for(ended(conversation, row.end), timeout=20.0)
        await chatwoot.idle()
        await bot.quiet(waiting=False)

        calls = chatwoot.requests[before:]
        left_out = {
            act
            for act in ("labels", "priority", "typing")
            if await bot.metric("chatcrew_acts_left_out_total", act=act)
        }
        assert left_out == row.left_out
        refused = [(one.endpoint, one.status) for one in calls if one.status in (401, 403, 404)]
        assert refused == ([("create_message", 401)] if "token_mute" in row.faults else [])
        by_user = {one.endpoint for one in calls if one.actor is installation.admin}
        assert by_user - {"show_conversation"} == row.by_user
        if row.end == ANSWERED:
            labelled = "labels" not in row.lost
            assert conversation.labels == (["troca"] if labelled else [])
            assert conversation.priority == ("high" if "priority" not in row.lost else None)
        assert await bot.metric("chatcrew_turn_failures_total") == 0
        assert await bot.metric("chatcrew_parked_total") == 0


def ended(conversation: Conversation, end: str) -> Callable[[], object]:
    """Return what says that a conversation came to this end."""
    if end == PEOPLE:
        return lambda: conversation.status == "open"
    return lambda: conversation.public_bot_replies and conversation.status == "open"
