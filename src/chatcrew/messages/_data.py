"""Shows a model text that others wrote so that it cannot pass for a part of its orders."""

import re

_INVISIBLE = re.compile("[\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f]")
# What chat templates put around messages: a model may read these in a text as the real ones
_TEMPLATE = re.compile(
    r"<\|([^|<>\n]{1,40})\|>|\[(/?INST|/?SYS(?:TEM)?)\]|<<(/?SYS)>>|"
    r"</?(s|start_of_turn|end_of_turn|system|assistant|user|tool|instructions?|im_start|im_end)>",
    re.IGNORECASE,
)
_SPEAKERS = (
    r"system|assistant|user|developer|human|tool|function|sistema|assistente|usu[áa]rio|"
    r"desenvolvedor|cliente|voc[êe]|atendente|ferramenta|administrador|admin|instru[çc](?:ão|ões)|"
    r"instructions?|current\s+task|ignore|regras?|rules?"
)
_HEADINGS = (
    r"hor[áa]rio\s+de\s+atendimento|fatos|conhecimento|profissionais|o\s+cliente\s+j[áa]\s+informou|"
    r"conversa\s+at[ée]\s+aqui|mensagem\s+do\s+cliente|regras\s+da\s+casa|estilo|canal|"
    r"como\s+a\s+casa\s+responde|nome\s+do\s+cliente|(?:o\s+que\s+)?(?:se\s+)?lembra\w*|resumo"
)
_LOOKS_LIKE_ORDERS = re.compile(
    rf"^([ \t]*)(?=[>*_#=\-\[(\"'`]*\s*(?:{_SPEAKERS}|{_HEADINGS})[^\n:]{{0,40}}[\])*_`]*\s*:"
    rf"|#{{1,6}}\s|-{{3,}}|={{3,}})",
    re.IGNORECASE | re.MULTILINE,
)
MARK = "› "
"""Stands before a line of data that looks like a heading of the prompt or another's words."""


def as_data(text: str) -> str:
    """Return ``text`` with nothing in it that can pass for a message, a heading or a speaker.

    Characters that nobody sees go, marks of chat templates become plain words, and a line such as
    ``system: …`` or ``Fatos:`` begins with a mark. What people write stays as they wrote it.
    """
    plain = _INVISIBLE.sub("", text)
    plain = _TEMPLATE.sub(lambda found: f"({next(filter(None, found.groups()))})", plain)
    return _LOOKS_LIKE_ORDERS.sub(lambda found: found[1] + MARK, plain)
