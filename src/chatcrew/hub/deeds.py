"""What a reply says that was done, or will be: a bot must not claim what nobody did."""

import re
from collections.abc import Iterable

_DONE = re.compile(
    r"\b(?:cancelei|estornei|reembolsei|apliquei|agendei|marquei|remarquei|desmarquei|reservei|"
    r"alterei|atualizei|liberei|cadastrei|apaguei|exclu[íi]|I\s+(?:have\s+)?(?:cancell?ed|booked|"
    r"refunded|applied|deleted|changed|updated))\b",
    re.IGNORECASE,
)
# What a desk can do with a contact or a conversation; money and agendas are not among it
_NEVER_BY_ACTS = ("cancel", "estorn", "reembols", "refund")
_WAS_DONE = re.compile(
    r"\b(?:(?:(?:o|a|seu|sua)\s+)?(?:pedido|compra|reembolso|estorno|assinatura|matr[íi]cula|consulta|"
    r"exame|retorno|reserva|agendamento|hor[áa]rio|cadastro|troca|pagamento|boleto|order|refund|"
    r"booking|appointment)\s+(?:j[áa]\s+)?(?:foi|est[áa]|ficou|has\s+been|is|was)\s+(?:j[áa]\s+)?"
    r"(?P<deed>cancelad[oa]|estornad[oa]|reembolsad[oa]|aprovad[oa]|confirmad[oa]|agendad[oa]|"
    r"marcad[oa]|remarcad[oa]|reservad[oa]|cancell?ed|refunded|booked|confirmed))\b",
    re.IGNORECASE,
)
_ONLY_IF = re.compile(
    r"\b(?:se|quando|caso|que|ap[óo]s|depois|assim|enquanto|n[ãa]o|if|when|once|after|not)\b",
    re.IGNORECASE,
)
_WHO = (
    r"(?:pessoa|equipe|atendente|humano|recep[cç][ãa]o|time|colega|especialista|suporte|gerente|"
    r"financeiro|person|team|colleague|human|agent)"
)
_PASSES = re.compile(
    r"\b(?:(?:vou|irei|estou)\s+(?:te\s+|lhe\s+)?(?:transfer\w+|encaminh\w+|pass\w+|cham\w+|"
    r"acion\w+|direcion\w+)|transferi|encaminhei|chamei|acionei|"
    r"I(?:\s+am|'m|\s+will|'ll)\s+(?:transfer\w*|pass\w*|call\w*|connect\w*|hand\w*))\b"
    rf"[^.?!\n]{{0,60}}\b{_WHO}\b[^?\n]{{0,80}}(?:[.!\n]|$)",
    re.IGNORECASE,
)


_STEM = 5


def claimed(
    text: str, *, results: Iterable[str] = (), said: Iterable[str] = (), acts: bool = False
) -> str | None:
    """Return the words in which a reply says that it did what nobody did, or None.

    Args:
        text: the reply.
        results: what tools returned; a deed of which one of them speaks was done.
        said: what the bot and the team said before; what "was done" may stand there.
        acts: something is done in Chatwoot with this answer, which "atualizei" may tell of.
    """
    results = tuple(results)
    for found in _DONE.finditer(text):
        stem = found.group().lower().removeprefix("i have ").removeprefix("i ")[:_STEM]
        if acts and not stem.startswith(tuple(one[:_STEM] for one in _NEVER_BY_ACTS)):
            continue
        if not any(stem in one.lower() for one in results):
            return found.group()
    known = (*results, *said)
    for found in _WAS_DONE.finditer(text):
        clause = re.split(r"[.!?;\n]", text[: found.start()])[-1]
        end = re.search(r"[.!?\n]|$", text[found.end() :])
        asks = end is not None and end.group() == "?"
        if asks or _ONLY_IF.search(clause):
            continue
        if not any(found["deed"].lower()[:_STEM] in one.lower() for one in known):
            return found.group()
    return None


def promises_people(text: str) -> bool:
    """Return whether a reply tells the customer that people go on: then they have to be called.

    A question ("Quer que eu chame uma pessoa?") promises nothing.
    """
    return _PASSES.search(text) is not None
