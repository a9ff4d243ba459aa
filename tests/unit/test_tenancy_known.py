"""The version of a tenant's knowledge: of what is searched, and made once."""

from dataclasses import replace

from chatcrew.tenancy import known
from chatcrew.tenancy.known import knowledge_version
from chatcrew.tenancy.model import Faq, Persona, Tenant

HOURS = Faq("Que horas abre?", "Às 8h.", ("horário",), ("shop.yaml", 4))


def shop(*entries: Faq) -> Tenant:
    """Return a business that knows these."""
    persona = Persona("Bia", "Loja", "leve")
    return Tenant("shop/a", "pt-BR", "America/Sao_Paulo", persona, faq=entries)


def test_whatever_is_searched_or_shown_changes_it_and_nothing_else_does() -> None:
    """Answer, wordings, keywords and place count; a persona does not, nor who read the file."""
    first = knowledge_version(shop(HOURS))

    others = [
        replace(HOURS, answer="Às 9h."),
        replace(HOURS, question="Quando abre?"),
        replace(HOURS, also=("Quando abre?",)),
        replace(HOURS, keywords=()),
        replace(HOURS, place=("shop.yaml", 5)),
    ]
    assert len({first, *(knowledge_version(shop(one)) for one in others)}) == 6
    assert knowledge_version(shop()) != first
    assert knowledge_version(replace(shop(HOURS), persona=Persona("Léo", "L", "x"))) == first
    assert knowledge_version(shop(replace(HOURS))) == first


def test_a_turn_finds_it_made() -> None:
    """Every turn asks for it: the entries of a tenant are read once, not once a turn."""
    tenant = shop(*(replace(HOURS, place=("shop.yaml", line)) for line in range(200)))
    knowledge_version(tenant)
    made = known._digest.cache_info().misses

    for _ in range(100):
        knowledge_version(tenant)
        knowledge_version(replace(tenant, hours="8-18"))

    assert known._digest.cache_info().misses == made
