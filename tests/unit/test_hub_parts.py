"""A reply becomes parts that fit the channel, in the order in which they must be sent."""

import pytest

from chatcrew.hub.shaping import for_channel, split


def test_short_text_stays_one_bubble() -> None:
    """Nothing is cut that fits."""
    assert split("Olá!", max_chars=100) == ["Olá!"]


def test_long_text_is_cut_at_paragraphs_before_sentences() -> None:
    """A customer reads whole thoughts."""
    text = "Primeiro parágrafo aqui.\n\nSegundo parágrafo. Com duas frases."
    assert split(text, max_chars=40) == [
        "Primeiro parágrafo aqui.",
        "Segundo parágrafo. Com duas frases.",
    ]


def test_whatsapp_gets_bare_links_bold_headings_and_no_table_rules() -> None:
    """Chatwoot's own conversion would lose link texts, heading marks and tables (contract §7)."""
    text = "# Preços\n| a | b |\n|---|---|\n| 1 | 2 |\n[site](https://x.example.com)"
    assert for_channel(text, "whatsapp") == "**Preços**\na · b\n1 · 2\nsite: https://x.example.com"


def test_plain_channels_get_no_marks() -> None:
    """SMS shows asterisks as asterisks."""
    assert for_channel("**oi** _tudo_ `bem`", "plain") == "oi tudo bem"


def test_markdown_channels_get_the_text_as_it_is() -> None:
    """The web widget renders CommonMark."""
    text = "# Oi\n[site](https://x.example.com)"
    assert for_channel(text, "markdown") == text


@pytest.mark.parametrize("limit", [50, 320, 4096])
def test_a_word_longer_than_the_limit_is_cut_hard(limit: int) -> None:
    """Too long is worse than ugly: Chatwoot would fail the message."""
    parts = split("x" * (limit * 2 + 7), max_chars=limit)
    assert [len(part) for part in parts] == [limit, limit, 7]
