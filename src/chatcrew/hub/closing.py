"""Words that end a conversation: plain thanks, a goodbye, an "ok"; nobody waits after them."""

from collections.abc import Sequence
from dataclasses import replace

from chatcrew import intents
from chatcrew.messages import Line
from chatcrew.tenancy.model import Intent, Tenant

_CLOSING = ("thanks", "goodbye")
_UNDERSTOOD = Intent(
    "understood",
    (
        "ok",
        "okay",
        "certo",
        "tá",
        "tá bom",
        "tá certo",
        "tudo bem",
        "tudo certo",
        "beleza",
        "blz",
        "combinado",
        "fechado",
        "entendi",
        "entendido",
        "perfeito",
        "joia",
        "show",
        "maravilha",
        "alright",
        "got it",
        "great",
        "perfect",
        "understood",
    ),
    "reply",
    whole=True,
)
_FACES = "👍👌🙏🤝❤♥😊🙂😉😄😀🥰☺"
_SHADES = "\u200d\ufe0f\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff"
_NODS = frozenset(f" {_FACES}{_SHADES}")


def asks_nothing(lines: Sequence[Line], *, tenant: Tenant | None) -> bool:
    """Return whether a customer's lines are all of this kind, or deleted; told without a model.

    Args:
        lines: what the customer said since the last answer.
        tenant: whose own ``thanks`` and ``goodbye`` count beside the built-in ones.
    """
    left = [line for line in lines if not (line.deleted or line.automatic)]
    own = tenant.intents if tenant is not None else ()
    builtin = intents.builtin(tenant.language if tenant is not None else "pt-BR")
    closing = [one for one in (*own, *builtin) if one.name in _CLOSING]
    # A greeting beside it changes nothing: "ok, bom dia" is an ok
    beside = [one for one in builtin if one.name == "greeting"]
    known = [*(replace(one, whole=True) for one in closing), _UNDERSTOOD, *beside]
    names = [tenant.persona.name] if tenant is not None else []
    return all(_closes(line, known, names=names) for line in left)


def _closes(line: Line, known: Sequence[Intent], *, names: Sequence[str]) -> bool:
    if line.attachments or line.unsupported or "?" in line.text:
        return False
    said = line.text.strip()
    if said and _NODS.issuperset(said):
        return True
    hit = intents.match(said, known, names=names)
    return hit is not None and hit.intent.name in (*_CLOSING, _UNDERSTOOD.name)
