"""What a channel shows of the Markdown of a reply (contract §7: what Chatwoot converts)."""

import pytest

from chatcrew.hub.shaping import for_channel

PIX = (
    "00020126360014br.gov.bcb.pix0114+55119999999995204000053039865802BR"
    "5913FULANO DE TAL6009SAO PAULO62070503***63041D3D"
)


@pytest.mark.parametrize(
    ("written", "whatsapp", "telegram", "plain"),
    [
        ("**a** b", "**a** b", "**a** b", "a b"),
        ("_a_ e *b*", "_a_ e *b*", "_a_ e *b*", "a e b"),
        ("**muito _forte_**", "**muito _forte_**", "**muito _forte_**", "muito forte"),
        ("de ~~R$ 20~~", "de ~R$ 20~", "de ~~R$ 20~~", "de R$ 20"),
        ("use `x_y`", "use `x_y`", "use `x_y`", "use x_y"),
        ("``a`b``", "``a`b``", "``a`b``", "a`b"),
        ("## Preços **de** hoje", "**Preços de hoje**", "**Preços de hoje**", "Preços de hoje"),
        ("> a\n> b", "> a\n> b", "> a\n> b", "a\nb"),
        ("```py\na * b\n```", "```\na * b\n```", "```\na * b\n```", "a * b"),
        ("- a\n* b", "- a\n- b", "- a\n- b", "- a\n- b"),
        ("1. a\n2. b", "1. a\n2. b", "1. a\n2. b", "1. a\n2. b"),
        ("1. a\n1. b", "1. a\n2. b", "1. a\n2. b", "1. a\n2. b"),
        ("a\nb\n\nc", "a\nb\n\nc", "a\nb\n\nc", "a\nb\n\nc"),
        (r"5 \* 3", r"5 \* 3", r"5 \* 3", "5 * 3"),
        ("<seu nome>", r"\<seu nome>", r"\<seu nome>", "<seu nome>"),
        ("<b>a</b><br>c", "a\nc", "a\nc", "a\nc"),
        ("snake_case_name", "snake_case_name", "snake_case_name", "snake_case_name"),
    ],
)
def test_each_mark_is_written_as_the_channel_shows_it(
    written: str, whatsapp: str, telegram: str, plain: str
) -> None:
    """WhatsApp and Telegram get CommonMark that survives Chatwoot; the others get no marks."""
    assert for_channel(written, "whatsapp") == whatsapp
    assert for_channel(written, "telegram") == telegram
    assert for_channel(written, "plain") == plain
    assert for_channel(written, "markdown") == written


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("[nosso site](https://x.example.com/a_b_c)", "nosso site: https://x.example.com/a_b_c"),
        ("[x.example.com](https://x.example.com)", "https://x.example.com"),
        ("<https://x.example.com>", "https://x.example.com"),
        ("veja https://x.example.com/_a_/*b*.", "veja https://x.example.com/_a_/*b*."),
        ("[a@b.com](mailto:a@b.com)", "a@b.com"),
        ("[(81) 3333-4444](tel:+558133334444)", "(81) 3333-4444"),
        ("[ligue](tel:+558133334444)", "ligue: +558133334444"),
        ("![mapa](https://x.example.com/m.png)", "mapa: https://x.example.com/m.png"),
        ("[**forte**](https://x.example.com)", "forte: https://x.example.com"),
        ("[sem endereço]()", "sem endereço"),
        ("[a]: https://x.example.com", "[a]: https://x.example.com"),
    ],
)
def test_a_link_keeps_its_words_and_its_address(written: str, plain: str) -> None:
    """Chatwoot drops a link's words on WhatsApp; written out, nothing is lost."""
    assert for_channel(written, "plain") == plain


def test_telegram_keeps_links_with_words() -> None:
    """Its HTML has links, so the address need not stand beside the words."""
    written = "[nosso site](https://x.example.com/a_b)"
    assert for_channel(written, "telegram") == written


def test_a_list_inside_a_list_stays_inside() -> None:
    """Indented as far as CommonMark wants it, so that Chatwoot reads the same list."""
    written = "1. casa\n   - sala\n   - quarto\n     - cama\n2. rua"
    assert for_channel(written, "whatsapp") == written


def test_a_table_becomes_lines() -> None:
    """Pipes are all that WhatsApp would show of it."""
    written = "Planos:\n\n| Plano | Preço |\n|:--|--:|\n| **A** | R$ 10 |\n| B | a \\| b |\n\nfim"
    lines = "Planos:\n\nPlano · Preço\nA · R$ 10\nB · a | b\n\nfim"
    assert for_channel(written, "plain") == lines


@pytest.mark.parametrize("around", ["{}", "**{}**", "`{}`", "{}.", "**{}**."])
def test_a_pix_code_is_written_without_what_must_not_be_copied(around: str) -> None:
    """Its own asterisks are no marks, and bold or a full stop would be pasted into the bank."""
    written = "Copie: " + around.format(PIX)
    assert for_channel(written, "whatsapp") == f"Copie: {PIX}"
    assert for_channel(written, "plain") == f"Copie: {PIX}"


@pytest.mark.parametrize("written", [">" * 60 + " fundo", "- " * 40 + "fundo"])
def test_what_is_nested_too_deeply_keeps_its_words(written: str) -> None:
    """The reader would drop words that stand deeper than it goes."""
    assert "fundo" in for_channel(written, "whatsapp")


@pytest.mark.parametrize("written", ["```", "#", "---", "`" * 50, "[]()"])
def test_a_reply_of_nothing_but_marks_is_not_silence(written: str) -> None:
    """Every turn ends with something visible (design §4)."""
    assert for_channel(written, "whatsapp") == written
