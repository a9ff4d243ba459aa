"""The shape of ``config/domains/<domain>/{_base,<tenant>}.yaml``: who the business is."""

from pydantic import Field

from chatcrew.tenancy._shapes.answers import AnswersShape
from chatcrew.tenancy._shapes.attachments import AttachmentsShape
from chatcrew.tenancy._shapes.business import PlanShape, Rule
from chatcrew.tenancy._shapes.crew import LayerShape
from chatcrew.tenancy._shapes.experiment import ExperimentShape
from chatcrew.tenancy._shapes.intents import IntentShape, VipShape
from chatcrew.tenancy._shapes.limits import BusinessLimitsShape
from chatcrew.tenancy._shapes.memory import CollectShape, EpisodesShape, MemoryShape
from chatcrew.tenancy._shapes.people import PeopleShape
from chatcrew.tenancy._shapes.privacy import PrivacyShape
from chatcrew.tenancy._shapes.shape import Name, Shape, Text
from chatcrew.tenancy._shapes.tools import DatabaseShape, ToolShape
from chatcrew.tenancy.vocabulary import Language, Priority


class PersonaShape(Shape):
    """How the bot presents itself."""

    name: Text | None = Field(None, description="The bot's name, as it introduces itself.")
    business: Text | None = Field(None, description="The business it speaks for.")
    tone: Text | None = Field(None, description="Two or three words, such as 'acolhedor e claro'.")
    style: Text | None = Field(None, description="How it writes: length, emojis, forms of address.")


class FaqShape(Shape):
    """One knowledge entry."""

    question: Text = Field(description="The question as customers ask it.")
    answer: Text = Field(description="The answer as it may be sent word for word.")
    keywords: list[Text] = Field([], description="Words that lead here without the question's own.")
    also: list[Text] = Field([], description="Other wordings of the same question.")


class ExampleShape(Shape):
    """How the bot should sound: one exchange that went well."""

    customer: Text = Field(description="What a customer wrote.")
    reply: Text = Field(description="How the bot should answer that.")


class ProfessionalShape(Shape):
    """Somebody customers can book."""

    name: Text = Field(description="As customers read it, such as 'Dra. Ana Lima'.")
    specialty: Text = Field(description="Such as 'Angiologia'.")
    symptoms: list[Text] = Field([], description="Complaints that lead to this specialty.")
    slots: list[Text] = Field(
        [], description="Weekly opening times: 'mon 08:00-12:00', 'mon-fri 14:00-18:00', 'seg …'."
    )


class DomainShape(Shape):
    """A domain's ``_base.yaml`` or a tenant's own file; the tenant's is laid over the domain's.

    Maps merge key by key and lists replace, except: ``rules`` add up (domain first); ``faq``,
    ``intents`` and ``tools`` add up (tenant first, the same question or name replaces the
    domain's).
    """

    persona: PersonaShape | None = Field(None, description="How the bot presents itself.")
    language: Language | None = Field(
        None, description="Language of replies where the customer's own cannot be told."
    )
    languages: list[Language] | None = Field(
        None, min_length=1, description="Languages customers are answered in; left out: all."
    )
    timezone: Text | None = Field(None, description="IANA name, such as America/Sao_Paulo.")
    hours: Text | None = Field(None, description="Opening hours as the customer reads them.")
    facts: dict[str, Text] | None = Field(
        None, description="Short facts by name (address, phone, site); replies may cite them."
    )
    rules: list[Rule] | None = Field(
        None, description="Sentences the crew must keep to, or maps with type, keywords, dates."
    )
    plans: list[PlanShape] | None = Field(None, description="What is sold at which price.")
    examples: list[ExampleShape] | None = Field(
        None, max_length=20, description="Exchanges that went well, for tone and form."
    )
    faq: list[FaqShape] | None = Field(None, description="Knowledge entries.")
    intents: list[IntentShape] | None = Field(None, description="Answered before any model.")
    intent_confidence: float | None = Field(
        None,
        ge=0.5,
        le=1,
        description="Least chance that a guess is right; 1: none is made.",
    )
    expected: dict[Priority, Text] | None = Field(
        None, description="By when people answer, by priority; replies say it as {expected}."
    )
    vip: VipShape | None = Field(None, description="Whose conversations go ahead of others.")
    memory: MemoryShape | None = Field(None, description="What is remembered of customers.")
    collect: CollectShape | None = Field(
        None, description="What customers mention that goes into their contact."
    )
    episodes: EpisodesShape | None = Field(
        None, description="What a resolved conversation is when the customer writes again."
    )
    people: PeopleShape | None = Field(None, description="How bot and people work as one team.")
    professionals: list[ProfessionalShape] | None = Field(None, description="Who can be booked.")
    texts: dict[str, dict[Language, Text]] | None = Field(
        None, description="Customer-facing texts by key and language, such as handoff."
    )
    default_function: Name | None = Field(None, description="Function until something changes it.")
    functions: list[Name] | None = Field(None, description="Functions this business has.")
    services: list[Name] | None = Field(
        None, description="Tools this business allows; left out: all that its crews name."
    )
    tools: list[ToolShape] | None = Field(
        None, max_length=60, description="What roles may reach outside: HTTP, n8n, a shop, SQL."
    )
    databases: dict[Name, DatabaseShape] | None = Field(
        None, description="Databases that sql tools read, by name."
    )
    privacy: PrivacyShape | None = Field(
        None, description="What is hidden from providers, how long data is kept, consent."
    )
    attachments: AttachmentsShape | None = Field(
        None, description="Which of a customer's files are opened; left out: all, within limits."
    )
    limits: BusinessLimitsShape | None = Field(
        None, description="What its bot may use: money, tokens, calls, answers to one customer."
    )
    answers: AnswersShape | None = Field(
        None, description="How long its answers are given again to who asks the same."
    )
    experiment: ExperimentShape | None = Field(
        None, description="Two personas, compared; a customer always meets the same one."
    )
    crew: LayerShape | None = Field(
        None, description="What differs in every crew of this business."
    )
