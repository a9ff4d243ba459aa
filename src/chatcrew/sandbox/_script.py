"""What the scripted model says: only what stands in its request, so that nothing is staged."""

import base64
import re
from collections.abc import Mapping
from typing import Any

from chatcrew.crews.fast import DECLINE
from chatcrew.sandbox import _props
from chatcrew.testing._models.replies import Reply, tool_call
from chatcrew.testing._models.scripted import last_user_text

NAME = "roteiro"
"""The model's name."""

HEARD = "cadê meu pedido 12345?"
"""What is heard in every recording: a script has no ears."""

_SEEN = "Um pôr do sol sobre o mar, com o céu alaranjado."
_UNSEEN = "Uma imagem que o modelo de roteiro não conhece: ele só conhece a foto de exemplo."
_INVENTED = "O Sérum Dourado custa R$ 777,77 e chega amanhã."
_OUTSIDE_THE_SCRIPT = (
    "Aqui fala o modelo de roteiro da demonstração: só tenho falas para as mensagens da lista em "
    "docs/examples.pt-BR.md. Com um modelo de verdade eu responderia a isto também."
)
_MESSAGE = re.compile(r"\n[^\n]*(?:Mensagem|mensagem)[^\n]*:\n((?:(?!\n[^\n]*Mensagem).)*)\Z", re.S)
_NAMED = re.compile(r"^\s*- O cliente se chama ([^\n]{1,60})\.$", re.M)
_NAME = re.compile(r"\b[Mm]eu nome é ([^\n.,!]{2,40})")
_RULED = re.compile(r"A equipe autorizou [^\n]*? Resultado: (.*?) Conte isso ao cliente", re.S)
_ORDER = re.compile(r"\b(?:pedido|order|encomenda)\D{0,20}(\d{3,9})\b", re.I)
_EMAIL = re.compile(r"[\w.+-]+@[\w.-]+\.\w+")
_SWAP = re.compile(r"\btroc(?:ar|a)\b.*?(\d{3,9})", re.I | re.S)
_STOCK = re.compile(r"\b(?:estoque|tem|in stock)\b.*?\b(batom|kit|s[ée]rum)\b", re.I | re.S)
_KNOWN = re.compile(r"Conhecimento:\n\s*1\. [^\n]*\n([^\n]{1,300})")
_FENCED = re.compile(r"^\[dados de [^\n]*\]\n(.*)\n\[fim dos dados\]$", re.S | re.M)


def say(body: Mapping[str, Any]) -> str | Reply:
    """Return the answer to a request of ``/chat/completions``."""
    messages = body.get("messages", [])
    picture = _picture(messages)
    if picture is not None:
        return _SEEN if picture == _props.photo().data else _UNSEEN
    if body.get("response_format") or '{"facts"' in str(messages[:1]):
        return '{"facts": []}'
    return _of_role(messages, {one["function"]["name"] for one in body.get("tools") or ()})


def _of_role(messages: list[dict[str, Any]], offered: set[str]) -> str | Reply:
    """Return what a role of the crew says next."""
    if messages[-1].get("role") == "tool":
        return _of_tool(str(messages[-1].get("content") or ""))
    told = last_user_text(messages)
    if "foi conferida" in told:
        # Asked to repair what it made up, it insists: nobody may read it all the same
        return _INVENTED
    if ruled := _RULED.search(told):
        return f"Boas notícias! {ruled[1].strip()}"
    if "A equipe não autorizou" in told:
        return "A equipe não autorizou a troca desta vez."
    if DECLINE in str(messages):
        return DECLINE
    return _of_customer(told, offered)


def _picture(messages: list[dict[str, Any]]) -> bytes | None:
    """Return the first picture that the model is shown."""
    for message in messages:
        content = message.get("content")
        for part in content if isinstance(content, list) else ():
            if part.get("type") == "image_url":
                return base64.b64decode(part["image_url"]["url"].partition(",")[2])
    return None


def _of_tool(result: str) -> str:
    """Return what a role tells of a tool's answer: its own lines, or what it is told to do."""
    if data := _FENCED.search(result):
        return f"Achei! {data[1].strip().removeprefix('- ')}"
    if "privacidade" in result or "privacy" in result:
        return "Para mostrar o pedido, me diz o e-mail ou o telefone usado na compra?"
    if "aprov" in result:
        return "Pedi à equipe para autorizar a troca. Assim que responderem, te aviso por aqui."
    return "Não consegui ver isso agora. Quer que eu chame uma pessoa da equipe?"


def _of_customer(prompt: str, offered: set[str]) -> str | Reply:
    """Return a call of the tool that the customer's words want, or what is said without one."""
    said = found[1] if (found := _MESSAGE.search(prompt)) else prompt
    if (swap := _SWAP.search(said)) and "pedir_troca" in offered:
        return tool_call("pedir_troca", {"pedido": int(swap[1])})
    if (order := _ORDER.search(said)) and "woo_order" in offered:
        email = _EMAIL.search(said)
        stated = {"email": email[0]} if email else {}
        return tool_call("woo_order", {"id": int(order[1]), **stated})
    if (stock := _STOCK.search(said)) and "woo_stock" in offered:
        return tool_call("woo_stock", {"search": stock[1]})
    return _words(said, prompt)


def _words(said: str, prompt: str) -> str:
    if "?" in said and re.search(r"\b(?:meu nome|my name)\b", said, re.I):
        name = _NAMED.search(prompt)
        return f"Lembro, sim: {name[1]}." if name else "Ainda não sei o seu nome. Como se chama?"
    if told := _NAME.search(said):
        return f"Prazer, {told[1]}! Vou lembrar."
    if "dourado" in said.casefold():
        return _INVENTED
    if "[imagem]" in said:
        return (
            "Recebi a foto! O que eu vejo nela: "
            + said.partition("[imagem]")[2].strip().partition("\n")[0]
        )
    known = _KNOWN.search(prompt)
    return f"Está escrito assim: {known[1]}" if known and "?" in said else _OUTSIDE_THE_SCRIPT
