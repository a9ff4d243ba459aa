"""What the configuration says once it is loaded, merged and checked: immutable values only.

The YAML shapes are pydantic models in this package's private modules; these are what the rest of
the house sees.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from chatcrew.tenancy._values.attachments import AttachmentPolicy
from chatcrew.tenancy._values.business import Example, Place, Plan, Rule, shown_examples
from chatcrew.tenancy._values.crews import Capabilities, Crew, Delivery, RoleSpec, TaskSpec
from chatcrew.tenancy._values.documents import FOLDER as KNOWLEDGE_FOLDER
from chatcrew.tenancy._values.documents import LARGEST as LARGEST_DOCUMENT
from chatcrew.tenancy._values.documents import SUFFIXES as DOCUMENT_SUFFIXES
from chatcrew.tenancy._values.documents import Document
from chatcrew.tenancy._values.intents import Intent, Slot, Vip
from chatcrew.tenancy._values.memory import Collect, Episodes, MemoryPolicy
from chatcrew.tenancy._values.models import ModelCatalogue, ModelSpec, Price, Provider
from chatcrew.tenancy._values.secret import Secret
from chatcrew.tenancy._values.tools import NamedDatabase, ToolAuth, ToolEntry
from chatcrew.tenancy.vocabulary import CHANNEL_CLASSES, FALLBACK_CREW, HIDDEN, LANGUAGES, SURE

__all__ = [
    "DOCUMENT_SUFFIXES",
    "KNOWLEDGE_FOLDER",
    "LARGEST_DOCUMENT",
    "AttachmentPolicy",
    "Bot",
    "Capabilities",
    "Collect",
    "Configuration",
    "Crew",
    "Delivery",
    "Document",
    "Episodes",
    "Example",
    "Faq",
    "Intent",
    "MemoryPolicy",
    "ModelCatalogue",
    "ModelSpec",
    "NamedDatabase",
    "Persona",
    "Place",
    "Plan",
    "Price",
    "Professional",
    "Provider",
    "RoleSpec",
    "Route",
    "Rule",
    "Secret",
    "Slot",
    "TaskSpec",
    "Tenant",
    "ToolAuth",
    "ToolEntry",
    "Vip",
    "rules_on",
    "shown_examples",
]


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


@dataclass(frozen=True, slots=True)
class Faq:
    """One knowledge entry of a tenant: a question, its other wordings, its answer."""

    question: str
    answer: str
    keywords: tuple[str, ...]
    place: Place
    kind: str = "faq"
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Professional:
    """Somebody customers can book, with the specialties that lead to him or her."""

    name: str
    specialty: str
    symptoms: tuple[str, ...] = ()
    slots: tuple[str, ...] = ()
    """Weekly opening times as ``mon 08:00-12:00``; slots are computed from them, never invented."""


@dataclass(frozen=True, slots=True)
class Persona:
    """How the bot presents itself (S2-17)."""

    name: str
    business: str
    tone: str
    style: str = ""


@dataclass(frozen=True, slots=True)
class Tenant:
    """One customer of ours inside a domain, merged from ``_base.yaml`` and its own file.

    Attributes:
        key: ``domain/name``.
        language: tag of the language where a customer's own cannot be told.
        timezone: IANA name.
        persona: see there.
        hours: opening hours as the customer reads them, or "".
        facts: short facts by name (address, phone, site), and one for each plan; links and prices
            in replies may stand in them.
        rules: sentences the crew must always keep to.
        faq: knowledge entries, what the plans say among them.
        intents: tenant's own and its domain's intents, tenant first.
        professionals: who can be booked.
        texts: customer-facing texts by key and language: ``handoff``, ``fallback``,
            ``attachment_audio``, …
        default_function: function used until an intent or a role changes it.
        functions: functions this tenant has.
        services: names of tools this tenant allows (empty = all that its crews name).
        special_rules: rules with a type, keywords or days of their own; see ``rules_on``.
        plans: what is sold at which price.
        examples: exchanges that went well, for tone and form.
        intent_confidence: least chance, 0.5..1, that a guessed intent is right; 1: none is guessed.
        vip: whose conversations go ahead of others.
        expected: by when people answer, by priority (S1-42).
        documents: what it wrote down, its own files first, then those of its domain that it has
            none of the same name for.
        tools: what its roles may reach outside, beside the tools that its crews name.
        databases: what ``sql`` tools read, by name.
        languages: those customers are answered in.
        private: kinds of personal data that no provider may read (N15).
        attachments: which files are opened, and within which limits.
        memory: what is remembered of customers.
        collect: what customers mention that goes into their contact.
        episodes: what a resolved conversation is when the customer writes again.
    """

    key: str
    language: str
    timezone: str
    persona: Persona
    hours: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    rules: tuple[str, ...] = ()
    faq: tuple[Faq, ...] = ()
    intents: tuple[Intent, ...] = ()
    professionals: tuple[Professional, ...] = ()
    texts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    default_function: str = "support"
    functions: tuple[str, ...] = ("support",)
    services: tuple[str, ...] = ()
    special_rules: tuple[Rule, ...] = ()
    plans: tuple[Plan, ...] = ()
    examples: tuple[Example, ...] = ()
    intent_confidence: float = SURE
    vip: Vip = field(default_factory=Vip)
    expected: Mapping[str, str] = field(default_factory=dict)
    documents: tuple[Document, ...] = ()
    tools: tuple[ToolEntry, ...] = ()
    databases: Mapping[str, NamedDatabase] = field(default_factory=dict)
    languages: tuple[str, ...] = LANGUAGES
    private: tuple[str, ...] = HIDDEN
    attachments: AttachmentPolicy = field(default_factory=AttachmentPolicy)
    memory: MemoryPolicy = field(default_factory=MemoryPolicy)
    collect: Collect = field(default_factory=Collect)
    episodes: Episodes = field(default_factory=Episodes)


def rules_on(tenant: Tenant, day: date, *, talk: str | None = None) -> tuple[str, ...]:
    """Return the rules in force on ``day``, those without conditions first.

    Args:
        tenant: whose rules.
        day: today in the tenant's own time zone.
        talk: what the conversation is about; rules with keywords are left out where it holds none
            of them. None: keywords are not looked at.
    """
    special = (
        rule.text
        for rule in tenant.special_rules
        if rule.holds_on(day) and (talk is None or rule.concerns(talk))
    )
    return tuple(dict.fromkeys((*tenant.rules, *special)))


@dataclass(frozen=True, slots=True)
class Route:
    """Where an inbox leads."""

    tenant: str
    channel: str
    crew: str


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
        route = (
            self.routes.get((account, inbox_id))
            or self.routes.get((account, None))
            or self.fallback
        )
        channel = CHANNEL_CLASSES.get(channel_class or "")
        if route is None or route.channel != FALLBACK_CREW or channel is None:
            return route
        own = any(name == channel for name, _, _ in self.crews)
        return Route(route.tenant, channel, channel if own else route.crew)

    def references(self) -> frozenset[str]:
        """Return every secret reference of bots, providers and tools."""
        found: set[Secret | None] = {one.api_key for one in self.models.providers.values()}
        for bot in self.bots.values():
            found |= {bot.token, bot.path_token, bot.user_token}
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
