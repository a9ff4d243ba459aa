"""What the bot says in its own words: the customer's language first, the tenant's words first."""

import re
from dataclasses import replace

import pytest

from chatcrew.hub.texts import DEFAULTS, text
from chatcrew.tenancy.model import Persona, Tenant
from chatcrew.tenancy.vocabulary import LANGUAGES


def tenant(**texts: dict[str, str]) -> Tenant:
    """Return a tenant with these texts."""
    return Tenant(
        "health/x", "pt-BR", "America/Recife", Persona("Ana", "Clínica", "calmo"), texts=texts
    )


def test_the_tenants_own_words_come_first() -> None:
    """A business speaks in its own tone."""
    assert text(tenant(handoff={"pt-BR": "Já chamo!"}), "handoff", language="pt-BR") == "Já chamo!"


def test_an_english_customer_of_a_tenant_with_portuguese_words_reads_our_english() -> None:
    """Words one can read come before the right tone."""
    ours = DEFAULTS["handoff"]["en"]
    assert text(tenant(handoff={"pt-BR": "Já chamo!"}), "handoff", language="en") == ours


def test_a_language_nobody_wrote_words_in_gets_the_tenants_portuguese() -> None:
    """Chatwoot's customers may write anything; the tenant's language is the best guess."""
    assert text(tenant(handoff={"pt-BR": "Já chamo!"}), "handoff", language="de") == "Já chamo!"


def test_a_tenant_without_words_of_its_own_says_ours() -> None:
    """Also before anybody knows whose conversation it is."""
    assert text(None, "parked", language="pt-BR") == DEFAULTS["parked"]["pt-BR"]


def test_the_tenants_own_language_comes_before_portuguese() -> None:
    """The order in which texts fall back: the customer's, the tenant's, pt-BR."""
    spanish = replace(tenant(handoff={"es": "¡Ya llamo!", "pt-BR": "Já chamo!"}), language="es")

    assert text(spanish, "handoff", language="de") == "¡Ya llamo!"
    assert text(spanish, "parked", language="de") == DEFAULTS["parked"]["es"]


@pytest.mark.parametrize("key", sorted(DEFAULTS))
def test_every_text_stands_in_every_language(key: str) -> None:
    """pt-BR first, English and Spanish beside it, the same places to fill in each."""
    assert set(DEFAULTS[key]) == set(LANGUAGES)
    assert len({frozenset(re.findall(r"{\w+}", words)) for words in DEFAULTS[key].values()}) == 1
