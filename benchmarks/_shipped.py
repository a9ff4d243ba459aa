"""The configuration that is shipped, and turns of its example business without a database."""

import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from benchmarks._installation import BOT, SENDER, TOKEN
from chatcrew.hub.context import TurnContext
from chatcrew.ids import ConversationId
from chatcrew.messages import (
    Author,
    AuthorKind,
    Claim,
    Contact,
    ConversationState,
    Input,
    InputKind,
    Line,
    Snapshot,
    TurnKey,
    TurnState,
)
from chatcrew.tenancy import Configuration, Crew, Tenant, load
from chatcrew.testing import AgentBot, write_mapping
from chatcrew.tools import names

_ROOT = Path(__file__).parents[1]
_TENANT = "health/varizemed"
_ACCOUNT = "demo"


@dataclass(frozen=True, slots=True)
class Shipped:
    """The shipped configuration and what one inbox of it resolves to.

    Attributes:
        configuration: everything.
        tenant: the example business.
        crew: what answers its WhatsApp inbox.
    """

    configuration: Configuration
    tenant: Tenant
    crew: Crew

    def turn(self, number: int, text: str, *, name: str, at: datetime) -> TurnContext:
        """Return a turn in which a new customer has asked ``text``, ready to retrieve."""
        conversation = ConversationId(_ACCOUNT, BOT, number)
        author = Author(AuthorKind.CUSTOMER, number, name or None)
        line = Line(number, author, text, at)
        snapshot = Snapshot(inbox_id=SENDER.inbox_id, contact=Contact(number, name or None))
        claim = Claim(
            key=TurnKey(f"turn-{number}", conversation, 1),
            state=ConversationState(conversation, tenant=_TENANT, snapshot=snapshot),
            burst=(Input(number, InputKind.MESSAGE, line, at),),
            turn_state=TurnState.OPEN,
            arrivals=1,
            attempts=1,
            lease_until=0.0,
            started_at=at,
        )
        return TurnContext(
            claim,
            self.configuration,
            deadline=float("inf"),
            tenant=self.tenant,
            crew=self.crew,
            text=text,
        )


def load_shipped() -> Shipped:
    """Load it."""
    with tempfile.TemporaryDirectory(prefix="chatcrew-benchmark-") as folder:
        bot = AgentBot(SENDER.bot_id, SENDER.account_id, "benchmark", TOKEN, "secret")
        mapping = write_mapping(
            Path(folder),
            base_url="http://127.0.0.1:1",
            bots={BOT: bot},
            inboxes={SENDER.inbox_id: "whatsapp"},
            tenant=_TENANT,
            account=_ACCOUNT,
        )
        configuration = load(mapping, _ROOT / "config", _ROOT / "crews", tools=names())
    route = configuration.route(_ACCOUNT, SENDER.inbox_id, channel_class="Channel::Whatsapp")
    assert route is not None, "it was mapped just now"
    return Shipped(configuration, configuration.tenants[_TENANT], configuration.crew(route, None))


EPOCH = datetime(2026, 8, 3, 15, 0, tzinfo=UTC)
"""A Monday noon in Brazil."""
