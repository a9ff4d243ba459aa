"""Orders to a bot in a document or a tool's result: nothing in such a sentence is a source."""

import re

from chatcrew.hub.claims._reading import sentences

_ORDERS = re.compile(
    r"\b(?:ignor\w+|esque[cç]\w+|desconsider\w+|disregard|forget|olvid\w+|ignora)\b[^.\n]{0,40}"
    r"\b(?:instru\w+|regras?|rules?|reglas|anterior\w*|previous|tudo|all)\b"
    r"|^\W*(?:system|sistema|assistant|assistente|developer|nova\s+regra|new\s+rule)\b[^\n]{0,30}:"
    r"|\b(?:diga|dig[ao]m|responda|confirme|repita|informe|fale|finja|fingir|prometa|jure|acrescente|"
    r"avise|invente|oferece?r?|say|tell|reply|confirm|pretend|dime|diles)\s+(?:sempre\s+)?"
    r"(?:que|em\s+toda|ao\s+cliente|aos?\s+clientes|às\s+pessoas|that|the\s+customer|customers)\b"
    r"|\b(?:o|a|ao|à|do|da|caro|dear)\s+(?:rob[ôo]|bot|chatbot|assistente\s+virtual|IA|AI|modelo|"
    r"assistant)\b[^.\n]{0,20}\b(?:dev[ea]|precis\w+|must|should|ignor\w+|respond\w+)"
    r"|\b(?:mande|encaminhe|direcione|leve|envie|send|direct)\s+(?:todos|todas|as\s+pessoas|"
    r"os\s+clientes|everyone|customers|all)\b"
    r"|\b(?:aparec\w+|inclu\w+|acrescent\w+|adicion\w+|appear|add|include)\b[^.\n]{0,30}"
    r"\b(?:respostas?|mensage(?:m|ns)|answers?|repl(?:y|ies))\b"
    r"|\b(?:a\s+partir\s+de\s+agora|from\s+now\s+on)\b"
    r"|<\|[^|\n]{1,40}\||\[/?INST\]|<</?SYS>>",
    re.IGNORECASE,
)


def without_orders(text: str) -> str:
    """Return ``text`` without its sentences that tell a bot what to say or to forget.

    Who can write into an order's note or into a page that was read must not make a source of it.
    """
    if _ORDERS.search(text) is None:
        return text
    return "\n".join(one for one in sentences(text) if _ORDERS.search(one) is None)
