"""Which words of a customer end a conversation, so that nobody has to be told of them."""

from datetime import UTC, datetime

import pytest

from chatcrew.hub.closing import asks_nothing
from chatcrew.messages import Attachment, Author, AuthorKind, Line

NOW = datetime(2026, 8, 3, 15, 0, tzinfo=UTC)


def line(text: str, **others: object) -> Line:
    """Return a line of the customer."""
    return Line(1, Author(AuthorKind.CUSTOMER, 501), text, NOW, **others)  # type: ignore[arg-type]  # fields of Line


@pytest.mark.parametrize(
    "text",
    [
        "obrigado",
        "Ok, obrigada!",
        "muito obrigada pela atenção, boa noite",
        "valeu",
        "beleza",
        "ok",
        "Entendi, perfeito.",
        "tchau, até mais",
        "👍",
        "❤️🙏🏽",
        "thanks a lot!",
        "got it",
    ],
)
def test_thanks_goodbye_and_ok_ask_nothing(text: str) -> None:
    """They need no answer, of the bot or of people."""
    assert asks_nothing([line(text)], tenant=None)


@pytest.mark.parametrize(
    "text",
    [
        "ok, mas quanto custa?",
        "obrigado, e o horário de amanhã",
        "ok?",
        "bom dia",
        "alguém aí",
        "???",
        "sim",
        "fico no aguardo",
        "não entendi",
        "",
        "😡",
    ],
)
def test_anything_else_is_a_wait(text: str) -> None:
    """In doubt people are told: a note too many is better than a customer forgotten."""
    assert not asks_nothing([line(text)], tenant=None)


def test_a_file_is_no_thanks() -> None:
    """Somebody has to look at it."""
    picture = Attachment("image", "https://desk.example/a.jpg")
    assert not asks_nothing([line("obrigado", attachments=(picture,))], tenant=None)


def test_one_question_among_thanks_counts_and_a_deleted_one_does_not() -> None:
    """Each line since the last answer counts."""
    question = line("quanto custa?")
    assert not asks_nothing([question, line("obrigado")], tenant=None)
    assert asks_nothing([line("", deleted=True), line("obrigado")], tenant=None)
