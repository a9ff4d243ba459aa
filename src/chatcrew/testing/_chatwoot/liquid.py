"""The small part of Liquid that shows when model text was sent unguarded."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from chatcrew.testing._chatwoot.people import AgentBot
from chatcrew.testing._chatwoot.state import Message

_CODE = re.compile(r"```.*?```|`[^`]*`", re.DOTALL)
_RAW = re.compile(r"{%-?\s*raw\s*-?%}(.*?){%-?\s*endraw\s*-?%}", re.DOTALL)
_COMMENT = re.compile(r"{%-?\s*comment\s*-?%}.*?{%-?\s*endcomment\s*-?%}", re.DOTALL)
_VARIABLE = re.compile(r"{{-?\s*(.*?)\s*-?}}", re.DOTALL)
_TAG = re.compile(r"{%.*?%}", re.DOTALL)
_STRING = re.compile(r"""^(['"])(.*)\1$""", re.DOTALL)
_UNCLOSED = re.compile(r"{{(?!.*}})|{%(?!.*%})", re.DOTALL)


def render(message: Message) -> str | None:
    """Return the text of an outgoing message after Chatwoot's ``Liquidable``.

    Variables of contact, agent, conversation, inbox and account are filled in, unknown ones become
    nothing, tags vanish, text in backticks stays. Text that Liquid cannot parse stays as it is.
    """
    text = message.content
    if text is None or ("{{" not in text and "{%" not in text):
        return text
    kept: list[str] = []

    def keep(match: re.Match[str]) -> str:
        kept.append(match.group(match.lastindex or 0))
        return f"\0{len(kept) - 1}\0"

    rest = _COMMENT.sub("", _RAW.sub(keep, _CODE.sub(keep, text)))
    if _UNCLOSED.search(rest):
        return text
    drops = _drops(message)
    rest = _VARIABLE.sub(lambda match: _value(match.group(1), drops), rest)
    rest = _TAG.sub("", rest)
    return re.sub(r"\0(\d+)\0", lambda match: kept[int(match.group(1))], rest)


def _drops(message: Message) -> Mapping[str, Any]:
    conversation = message.conversation
    contact = conversation.contact
    names = contact.name.split()
    person = message.sender
    speaker = "" if person is None or isinstance(person, AgentBot) else person.name
    return {
        "contact": {
            "id": contact.id,
            "name": contact.name,
            "first_name": names[0] if names else "",
            "last_name": names[-1] if len(names) > 1 else "",
            "email": contact.email,
            "phone_number": contact.phone_number,
            "custom_attribute": contact.custom_attributes,
        },
        "agent": {"name": speaker, "first_name": speaker.split(" ", 1)[0]},
        "conversation": {
            "display_id": conversation.id,
            "contact_name": contact.name,
            "custom_attribute": conversation.custom_attributes,
        },
        "inbox": {"id": conversation.inbox.id, "name": conversation.inbox.name},
        "account": {"id": conversation.account_id, "name": conversation.account_name},
    }


def _value(expression: str, drops: Mapping[str, Any]) -> str:
    path, *filters = (part.strip() for part in expression.split("|"))
    quoted = _STRING.match(path)
    found: Any = quoted.group(2) if quoted else drops
    if not quoted:
        for name in path.split("."):
            found = found.get(name) if isinstance(found, Mapping) else None
    text = "" if found is None or isinstance(found, Mapping) else str(found)
    for one in filters:
        text = _filtered(text, one)
    return text


def _filtered(text: str, expression: str) -> str:
    name, _, argument = (part.strip() for part in expression.partition(":"))
    quoted = _STRING.match(argument)
    changes: dict[str, Callable[[str], str]] = {
        "upcase": str.upper,
        "downcase": str.lower,
        "capitalize": str.capitalize,
        "strip": str.strip,
    }
    if name == "default" and not text:
        return quoted.group(2) if quoted else argument
    return changes[name](text) if name in changes else text
