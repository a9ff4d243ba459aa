"""What is told shorter loses no fact, keeps its budget and survives any text (S2-01, S3-51)."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from chatcrew.intents import gist, told_name
from chatcrew.messages import Author, AuthorKind, Line

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
KINDS = st.sampled_from([AuthorKind.CUSTOMER, AuthorKind.BOT, AuthorKind.PERSON])
FACTS = st.sampled_from(
    [
        "Meu pedido é o 48213",
        "Comprei 3 caixas por R$ 1.297,00",
        "Meu e-mail é ana@loja.example.com",
        "Meu nome é Joana Prado",
        "Vou enviar o boleto na sexta",
        "Prometo ligar amanhã às 15h",
        "O código é BF-10233",
        "Moro perto da Rua Flores",
        "ok",
        "E aí?",
    ]
)
TEXTS = st.lists(FACTS, min_size=1, max_size=4).map(". ".join)


def lines(said: list[tuple[AuthorKind, str]]) -> list[Line]:
    """Return lines in message order."""
    return [Line(n + 1, Author(kind), text, NOW) for n, (kind, text) in enumerate(said)]


@given(st.lists(st.tuples(KINDS, TEXTS), max_size=12))
def test_what_is_extracted_misses_nothing(said: list[tuple[AuthorKind, str]]) -> None:
    """Held against itself a summary by readers is whole, and extracting again adds nothing."""
    facts = gist.extract(lines(said))

    assert gist.missing("\n".join(facts), facts) == ()
    every = {atom.key for _, text in said for atom in gist.atoms(text) if atom.key[:3] != "nam"}
    kept = {atom.key for fact in facts for atom in gist.atoms(fact.partition(": ")[2])}
    assert every <= kept


@given(st.lists(st.tuples(KINDS, TEXTS), max_size=30), st.integers(20, 400))
def test_a_budget_is_kept(said: list[tuple[AuthorKind, str]], budget: int) -> None:
    """However much was said."""
    fitted = gist.fitted(gist.extract(lines(said)), budget=budget)

    assert sum(gist.tokens(fact) + 1 for fact in fitted) <= budget + 1


@given(st.text(max_size=900), TEXTS)
def test_what_is_condensed_keeps_the_figures_of_what_was_cut(noise: str, facts: str) -> None:
    """A long message is cut behind 450 characters, its facts are told behind the mark."""
    text = f"{noise} {'blá ' * 150}\n{facts}"
    short = gist.condensed(text)

    assert short[: gist.MAX_LINE - 60].startswith(text[:100].rstrip()[:90])
    if any(char.isdigit() for char in noise):
        return
    numbers = {atom.text for atom in gist.atoms(facts) if atom.key.startswith(("no:", "at:"))}
    assert all(number in short for number in numbers)


@given(st.text(max_size=600))
def test_any_text_is_read(text: str) -> None:
    """Whatever customers paste, nothing is raised, and tokens are never counted too few."""
    line = Line(1, Author(AuthorKind.CUSTOMER), text, NOW)

    gist.extract([line])
    gist.said(line)
    told_name(text, asked=True)
    assert gist.missing(text, gist.extract([line])) == ()
    assert gist.tokens(text) * 3 >= len(text)
