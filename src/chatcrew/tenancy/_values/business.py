"""What a business decides, as values: rules that hold on some days, plans with their prices."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from chatcrew.tenancy._fold import folded

Place = tuple[str, int]
"""File (relative to the configuration's root) and 1-based line."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule with more to it than its sentence.

    Attributes:
        text: the sentence.
        type: ``rule``, ``policy``, ``promotion`` or ``safety``.
        keywords: it matters only where the talk holds one of them; none: always.
        since: first day on which it holds, or None.
        until: last day on which it holds, or None.
        place: where it stands.
    """

    text: str
    type: str = "rule"
    keywords: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    place: Place = ("", 0)

    @property
    def plain(self) -> bool:
        """Whether it is no more than its sentence."""
        return self == Rule(self.text, place=self.place)

    def holds_on(self, day: date) -> bool:
        """Return whether it is in force on ``day``, in the tenant's own time zone."""
        return (self.since is None or self.since <= day) and (
            self.until is None or day <= self.until
        )

    def concerns(self, talk: str) -> bool:
        """Return whether it has no keywords, or ``talk`` holds one as whole words."""
        said = f" {folded(talk)} "
        return not self.keywords or any(f" {folded(word)} " in said for word in self.keywords)


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan, package or service with its price.

    Attributes:
        name: as customers read it.
        price: in full units of ``currency``, None on request.
        currency: ``BRL``, ``USD`` or ``EUR``.
        period: ``once``, ``session``, ``day``, ``week``, ``month`` or ``year``.
        features: what is included.
        ideal_for: whom it suits, or "".
        recommended: the one to suggest in doubt.
        place: where it stands.
    """

    name: str
    price: float | None = None
    currency: str = "BRL"
    period: str = "once"
    features: tuple[str, ...] = ()
    ideal_for: str = ""
    recommended: bool = False
    place: Place = ("", 0)


@dataclass(frozen=True, slots=True)
class Example:
    """An exchange that went well: how the bot should sound (S2-18)."""

    customer: str
    reply: str


MOST_EXAMPLES = 6
"""So many stand in a prompt at most: tone needs few, and every call pays for all of them."""
MOST_EXAMPLE_CHARS = 2000
"""Characters of all of them together at most."""


def shown_examples(examples: Sequence[Example]) -> tuple[Example, ...]:
    """Return those that ``{examples}`` shows: the first ones, as many as fit.

    Always the same ones in the author's order, whatever the customer asks. An example is there for
    the tone: the one most like the message would be copied with its price. And what never changes
    stands at the beginning of the prompt, which providers reuse.
    """
    shown: list[Example] = []
    left = MOST_EXAMPLE_CHARS
    for one in examples[:MOST_EXAMPLES]:
        left -= len(one.customer) + len(one.reply)
        if left < 0:
            break
        shown.append(one)
    return tuple(shown)


_SIGNS = {"BRL": "R$", "USD": "US$", "EUR": "€"}
_WORDS = {
    "pt-BR": {
        "plan": "plano {name}",
        "ask": "Quanto custa o plano {name}?",
        "all": "Quais são os planos e os preços?",
        "request": "preço sob consulta",
        "with": "inclui {features}",
        "for": "indicado para {ideal_for}",
        "best": "o mais recomendado",
        "once": "",
        "session": " por sessão",
        "day": " por dia",
        "week": " por semana",
        "month": " por mês",
        "year": " por ano",
    },
    "en": {
        "plan": "plan {name}",
        "ask": "How much is the {name} plan?",
        "all": "Which plans are there and what do they cost?",
        "request": "price on request",
        "with": "includes {features}",
        "for": "suits {ideal_for}",
        "best": "the most recommended one",
        "once": "",
        "session": " a session",
        "day": " a day",
        "week": " a week",
        "month": " a month",
        "year": " a year",
    },
    "es": {
        "plan": "plan {name}",
        "ask": "¿Cuánto cuesta el plan {name}?",
        "all": "¿Qué planes hay y cuánto cuestan?",
        "request": "precio a consultar",
        "with": "incluye {features}",
        "for": "indicado para {ideal_for}",
        "best": "el más recomendado",
        "once": "",
        "session": " por sesión",
        "day": " por día",
        "week": " por semana",
        "month": " al mes",
        "year": " al año",
    },
}
_ALSO = {
    "pt-BR": ("Qual o preço do plano {name}?", "O que inclui o plano {name}?", "{name}"),
    "en": ("What is the price of {name}?", "What does {name} include?", "{name}"),
    "es": ("¿Cuál es el precio de {name}?", "¿Qué incluye el plan {name}?", "{name}"),
}
_ALL_ALSO = {
    "pt-BR": ("Que planos vocês têm?", "Quanto custam os planos?", "Qual plano escolher?"),
    "en": ("Which plans do you have?", "How much are the plans?", "Which plan suits me?"),
    "es": ("¿Qué planes tienen?", "¿Cuánto cuestan los planes?", "¿Qué plan me conviene?"),
}
_KEYWORDS = {
    "pt-BR": ("planos", "preços", "valores", "mensalidade"),
    "en": ("plans", "prices", "costs"),
    "es": ("planes", "precios", "costos"),
}


def money(amount: float, currency: str, language: str) -> str:
    """Return an amount as it is written: ``R$ 1.297,00`` in Portuguese, ``US$ 1,297.00``."""
    text = f"{amount:,.2f}"
    if language != "en":
        text = text.replace(",", " ").replace(".", ",").replace(" ", ".")
    return f"{_SIGNS[currency]} {text}"


def plan_text(plan: Plan, language: str) -> str:
    """Return what a plan costs and includes, in one sentence without its name."""
    words = _WORDS[language]
    price = words["request"]
    if plan.price is not None:
        price = money(plan.price, plan.currency, language) + words[plan.period]
    parts = [price]
    if plan.features:
        parts.append(words["with"].format(features=", ".join(plan.features)))
    if plan.ideal_for:
        parts.append(words["for"].format(ideal_for=plan.ideal_for))
    if plan.recommended:
        parts.append(words["best"])
    return "; ".join(parts)


def plan_facts(plans: Iterable[Plan], language: str) -> dict[str, str]:
    """Return one fact per plan, by a name that says what it is."""
    name = _WORDS[language]["plan"]
    return {name.format(name=plan.name): plan_text(plan, language) for plan in plans}


@dataclass(frozen=True, slots=True)
class PlanEntry:
    """A knowledge entry made of plans."""

    question: str
    answer: str
    keywords: tuple[str, ...]
    also: tuple[str, ...]
    place: Place


def plan_entries(plans: Sequence[Plan], language: str) -> list[PlanEntry]:
    """Return what can be asked about the plans: one entry each, and one over all of them."""
    words = _WORDS[language]
    found = [
        PlanEntry(
            words["ask"].format(name=plan.name),
            f"{plan.name}: {plan_text(plan, language)}.",
            (plan.name,),
            tuple(one.format(name=plan.name) for one in _ALSO[language]),
            plan.place,
        )
        for plan in plans
    ]
    if len(plans) > 1:
        listed = "\n".join(f"- {plan.name}: {plan_text(plan, language)}" for plan in plans)
        found.append(
            PlanEntry(
                words["all"], listed, _KEYWORDS[language], _ALL_ALSO[language], plans[0].place
            )
        )
    return found
