"""A tenant as the rest of the house sees it, and what it is made of; through ``model``."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from chatcrew.tenancy._values.answers import AnswerPolicy
from chatcrew.tenancy._values.attachments import AttachmentPolicy
from chatcrew.tenancy._values.business import Example, Place, Plan, Rule
from chatcrew.tenancy._values.documents import Document
from chatcrew.tenancy._values.experiment import Experiment
from chatcrew.tenancy._values.intents import Intent, Vip
from chatcrew.tenancy._values.limits import BusinessLimits
from chatcrew.tenancy._values.memory import Collect, Episodes, MemoryPolicy
from chatcrew.tenancy._values.people import People
from chatcrew.tenancy._values.privacy import Retention
from chatcrew.tenancy._values.tools import NamedDatabase, ToolEntry
from chatcrew.tenancy.vocabulary import HIDDEN, LANGUAGES, SURE


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
        retention: how long what is kept of customers.
        attachments: which files are opened, and within which limits.
        memory: what is remembered of customers.
        collect: what customers mention that goes into their contact.
        episodes: what a resolved conversation is when the customer writes again.
        people: how bot and people work as one team.
        limits: what its bot may use.
        answers: which of its answers are given again.
        experiment: two personas, compared, or None.
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
    retention: Retention = field(default_factory=Retention)
    attachments: AttachmentPolicy = field(default_factory=AttachmentPolicy)
    memory: MemoryPolicy = field(default_factory=MemoryPolicy)
    collect: Collect = field(default_factory=Collect)
    episodes: Episodes = field(default_factory=Episodes)
    people: People = field(default_factory=People)
    limits: BusinessLimits = field(default_factory=BusinessLimits)
    answers: AnswerPolicy = field(default_factory=AnswerPolicy)
    experiment: Experiment | None = None


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
