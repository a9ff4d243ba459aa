"""What looks like an intent and is something else."""

from chatcrew.intents import match, unlike
from chatcrew.tenancy.model import Intent


def test_what_an_intent_is_unlike_is_not_it() -> None:
    """The opposite of an example, and what only begins like one, are named by their author."""
    order = Intent(
        "order",
        ("meu pedido", "quero trocar"),
        "handoff",
        unlike=("já recebi", "já chegou", "trocar uma ideia"),
    )
    assert match("cadê meu pedido", [order]) is not None
    assert match("quero trocar o batom", [order]) is not None
    for text in ("meu pedido já chegou", "já recebi meu pedido", "quero trocar uma ideia?"):
        assert match(text, [order]) is None
        assert unlike(text, order)
    assert not unlike("cadê meu pedido", order)
