"""What the configuration says once it is loaded, merged and checked: immutable values only.

The YAML shapes are pydantic models in this package's private modules; these are what the rest of
the house sees.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from chatcrew.ids import SIMULATED, is_simulated
from chatcrew.tenancy._values.abuse import Abuse
from chatcrew.tenancy._values.answers import AnswerPolicy
from chatcrew.tenancy._values.attachments import AttachmentPolicy
from chatcrew.tenancy._values.business import Example, Place, Plan, Rule, shown_examples
from chatcrew.tenancy._values.crews import Capabilities, Crew, Delivery, RoleSpec, TaskSpec
from chatcrew.tenancy._values.distribution import Distribution, Part, Specialty
from chatcrew.tenancy._values.documents import FOLDER as KNOWLEDGE_FOLDER
from chatcrew.tenancy._values.documents import LARGEST as LARGEST_DOCUMENT
from chatcrew.tenancy._values.documents import SUFFIXES as DOCUMENT_SUFFIXES
from chatcrew.tenancy._values.documents import Document
from chatcrew.tenancy._values.experiment import VARIANTS, Experiment
from chatcrew.tenancy._values.feedback import Digest, Feedback
from chatcrew.tenancy._values.handoff import HandoffPolicy, LowEvidence, TopicTrigger, Trigger
from chatcrew.tenancy._values.inactivity import Inactivity, MessageTemplate
from chatcrew.tenancy._values.intents import Intent, Slot, Vip
from chatcrew.tenancy._values.limits import Bound, BusinessLimits, Money, Rate
from chatcrew.tenancy._values.memory import Collect, Episodes, MemoryPolicy
from chatcrew.tenancy._values.models import Exchange, ModelCatalogue, ModelSpec, Price, Provider
from chatcrew.tenancy._values.opening import Opening
from chatcrew.tenancy._values.people import People
from chatcrew.tenancy._values.privacy import Retention
from chatcrew.tenancy._values.secret import Secret
from chatcrew.tenancy._values.takeover import Takeover
from chatcrew.tenancy._values.tenant import Faq, Persona, Professional, Tenant, rules_on
from chatcrew.tenancy._values.tools import NamedDatabase, ToolAuth, ToolEntry
from chatcrew.tenancy._values.waiting import WaitingPolicy, WaitingStep
from chatcrew.tenancy.vocabulary import CHANNEL_CLASSES, FALLBACK_CREW

__all__ = [
    "DOCUMENT_SUFFIXES",
    "KNOWLEDGE_FOLDER",
    "LARGEST_DOCUMENT",
    "VARIANTS",
    "Abuse",
    "AnswerPolicy",
    "AttachmentPolicy",
    "Bot",
    "Bound",
    "BusinessLimits",
    "Capabilities",
    "Collect",
    "Configuration",
    "Crew",
    "Delivery",
    "Digest",
    "Distribution",
    "Document",
    "Episodes",
    "Example",
    "Exchange",
    "Experiment",
    "Faq",
    "Feedback",
    "HandoffPolicy",
    "Inactivity",
    "Intent",
    "LowEvidence",
    "MemoryPolicy",
    "MessageTemplate",
    "ModelCatalogue",
    "ModelSpec",
    "Money",
    "NamedDatabase",
    "Opening",
    "Part",
    "People",
    "Persona",
    "Place",
    "Plan",
    "Price",
    "Professional",
    "Provider",
    "Rate",
    "Retention",
    "RoleSpec",
    "Route",
    "Rule",
    "Secret",
    "Slot",
    "Specialty",
    "Takeover",
    "TaskSpec",
    "Tenant",
    "ToolAuth",
    "ToolEntry",
    "TopicTrigger",
    "Trigger",
    "Vip",
    "WaitingPolicy",
    "WaitingStep",
    "rules_on",
    "shown_examples",
]


SIMULATED_BOT = 1
"""Id of the bot of every simulated account."""

_NO_TOKEN = Secret("")
"""Nothing is ever sent in a simulated account, so there is nothing to read."""


@dataclass(frozen=True, slots=True)
class Bot:
    """One agent bot of Chatwoot and how its deliveries are verified.

    Attributes:
        name: label in the mapping, unique over all accounts; the URL's last part.
        account: label of its account.
        account_id: Chatwoot's account id.
        base_url: Chatwoot's address without a trailing slash.
        agent_bot_id: Chatwoot's id of the bot.
        token: the bot's access token.
        signature: ``required``, ``if_present`` or ``off``.
        secrets: accepted secrets by kind of sender (``agent_bot``, ``account``, ``api_inbox``),
            any may verify.
        path_token: second factor in the URL, or None.
        user_token: token of a normal user for what bots may not do, or None.
        tab_token: last part of the address of the account's tab in Chatwoot, or None.
        tab_origins: from where operators open Chatwoot; empty: from ``base_url``.
    """

    name: str
    account: str
    account_id: int
    base_url: str
    agent_bot_id: int
    token: Secret
    signature: str = "required"
    secrets: Mapping[str, tuple[Secret, ...]] = field(default_factory=dict)
    path_token: Secret | None = None
    user_token: Secret | None = None
    tab_token: Secret | None = None
    tab_origins: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Route:
    """Where an inbox leads.

    Attributes:
        tenant: key of the tenant.
        channel: how it speaks.
        crew: name of the crew that answers.
        first: who has a conversation first: ``bot`` or ``people``.
        share: percent of conversations for which that holds; the others are first.
        mode: ``answer``, or ``draft``: the bot only proposes, to the team.
    """

    tenant: str
    channel: str
    crew: str
    first: str = "bot"
    share: int = 100
    mode: str = "answer"


@dataclass(frozen=True, slots=True)
class Configuration:
    """One consistent version of everything an admin edits.

    Attributes:
        version: first 12 hex digits of the sha256 over all files.
        bots: by label.
        routes: by (account label, inbox id); inbox id None is the account's default.
        fallback: the mapping's ``default`` route, or None.
        tenants: by key.
        crews: by (crew name, tenant key, function), resolved.
        capabilities: of a channel that a crew of another name answers, by (crew name, channel).
        models: models, their providers and prices.
    """

    version: str
    bots: Mapping[str, Bot]
    routes: Mapping[tuple[str, int | None], Route]
    fallback: Route | None
    tenants: Mapping[str, Tenant]
    crews: Mapping[tuple[str, str, str], Crew]
    capabilities: Mapping[tuple[str, str], Capabilities] = field(default_factory=dict)
    models: ModelCatalogue = field(default_factory=ModelCatalogue)

    def route(
        self, account: str, inbox_id: int | None, *, channel_class: str | None = None
    ) -> Route | None:
        """Return where an inbox leads by precedence inbox → account → default, or None.

        Args:
            account: label of the account.
            inbox_id: Chatwoot's inbox id.
            channel_class: Chatwoot's class, such as ``Channel::Whatsapp``; tells the channel of an
                inbox for which the mapping names none.
        """
        if is_simulated(account):
            return self._simulated(account.removeprefix(SIMULATED), channel_class)
        route = (
            self.routes.get((account, inbox_id))
            or self.routes.get((account, None))
            or self.fallback
        )
        channel = CHANNEL_CLASSES.get(channel_class or "")
        if route is None or route.channel != FALLBACK_CREW or channel is None:
            return route
        own = any(name == channel for name, _, _ in self.crews)
        return replace(route, channel=channel, crew=channel if own else route.crew)

    def _simulated(self, tenant: str, channel_class: str | None) -> Route | None:
        """Return the tenant's own route of a channel, its first where it has none of that channel.

        The bot answers there whatever the inbox says of drafts and of people who come first.
        """
        routes = self.routes_of(tenant)
        wanted = CHANNEL_CLASSES.get(channel_class or "")
        same = [route for route in routes if route.channel == wanted]
        return next(
            (replace(one, first="bot", share=100, mode="answer") for one in (*same, *routes)), None
        )

    def bot(self, label: str) -> Bot | None:
        """Return a bot of the mapping, or the one that simulates a tenant: ``sim:<tenant>``."""
        if not is_simulated(label):
            return self.bots.get(label)
        if label.removeprefix(SIMULATED) not in self.tenants:
            return None
        return Bot(
            name=label,
            account=label,
            account_id=0,
            base_url="",
            agent_bot_id=SIMULATED_BOT,
            token=_NO_TOKEN,
        )

    def routes_of(self, tenant: str) -> tuple[Route, ...]:
        """Return how a tenant can be reached, its inboxes before the mapping's ``default``."""
        known = [*self.routes.values(), *([self.fallback] if self.fallback else [])]
        return tuple(route for route in known if route.tenant == tenant)

    def references(self) -> frozenset[str]:
        """Return every secret reference of bots, providers and tools."""
        found: set[Secret | None] = {one.api_key for one in self.models.providers.values()}
        for bot in self.bots.values():
            found |= {bot.token, bot.path_token, bot.user_token, bot.tab_token}
            found.update(*bot.secrets.values())
        for tenant in self.tenants.values():
            found.update(one.dsn for one in tenant.databases.values())
            for tool in tenant.tools:
                found |= {tool.auth.secret, tool.auth.user} if tool.auth else set()
        return frozenset(one.reference for one in found if one is not None)

    def crew(self, route: Route, function: str | None) -> Crew:
        """Return the crew of a route for ``function`` (None or unknown: the tenant's default).

        Raises:
            KeyError: the route is not of this version.
        """
        tenant = self.tenants[route.tenant]
        wanted = function if function in tenant.functions else tenant.default_function
        crew = self.crews[(route.crew, tenant.key, wanted or tenant.default_function)]
        if route.channel in (crew.channel, FALLBACK_CREW):
            return crew
        shown = self.capabilities.get((route.crew, route.channel), crew.capabilities)
        return replace(crew, channel=route.channel, capabilities=shown)
