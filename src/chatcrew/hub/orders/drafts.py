"""``/bot rascunho``: the bot writes what it would answer, for a person to send."""

from dataclasses import dataclass

from chatcrew.hub.orders._order import Kind, Scene


@dataclass(frozen=True, slots=True)
class Suggest:
    """Draft an answer to the customer's last words."""

    async def obey(self, scene: Scene) -> str:
        """Leave it to the turn: its reply becomes the note."""
        scene.obeyed.drafts = True
        return ""


DRAFT = Kind(
    "rascunho",
    "rascunho rascunhar rascunhe sugestao sugerir sugira draft suggest suggestion",
    ("`/bot rascunho`: o que o bot responderia, em nota, para você enviar",),
    "draft",
    lambda words, now: Suggest(),
)
