"""Tool ``update_contact``: keeps what the customer told of himself on his card (S3-68)."""

import re
from collections.abc import Mapping
from typing import Any

import phonenumbers

from chatcrew.messages import ActKind, PlannedPart, ToolResult, ToolSpec
from chatcrew.tools._tool import ToolContext, ToolSettings

_EMAIL = re.compile(r"[^@\s<>]{1,64}@[\w-]+(\.[\w-]+)+")
_SAID = {"email": "e-mail", "phone_number": "telefone"}
_DONE = "O cadastro será atualizado depois da sua mensagem."
_CHECKED = (
    "O e-mail ou telefone que já estava no cadastro não é trocado por aqui: a equipe foi avisada e "
    "confirma. O resto será atualizado depois da sua mensagem. "
    "(An address or number that was there is changed by the team only, who were told.)"
)
_KEY = re.compile(r"[a-z][a-z0-9_]{0,49}")


class UpdateContact:
    """Plans a change of this conversation's own contact; a value that is none is said so."""

    spec = ToolSpec(
        name="update_contact",
        description=(
            "Grava no cadastro do cliente o que ele mesmo informou: nome, e-mail, telefone ou "
            "outro dado. Use só o que o cliente disse nesta conversa sobre si mesmo."
        ),
        parameters={
            "type": "object",
            "properties": {
                "name": {"type": "string", "maxLength": 120, "description": "Nome completo."},
                "email": {"type": "string", "maxLength": 200, "description": "E-mail."},
                "phone": {"type": "string", "maxLength": 40, "description": "Telefone com DDD."},
                "attribute": {
                    "type": "string",
                    "description": "Nome de outro campo: minúsculas, números e sublinhado.",
                },
                "value": {
                    "type": "string",
                    "maxLength": 300,
                    "description": "Valor desse outro campo.",
                },
            },
        },
    )
    side_effects = True
    settings = ToolSettings(planned=True)

    async def call(self, arguments: Mapping[str, Any], context: ToolContext) -> ToolResult:
        """Plan what is right; say what is wrong."""
        contact = context.state.snapshot.contact.id if context.state is not None else None
        if contact is None:
            return ToolResult(ok=False, text="O cadastro do cliente não está disponível aqui.")
        given = {name: str(value).strip() for name, value in arguments.items() if value}
        try:
            changes = _changes(given)
        except ValueError as error:
            return ToolResult(ok=False, text=str(error))
        if not changes:
            return ToolResult(ok=False, text="Diga o que gravar: name, email, phone ou attribute.")
        other = _others(changes, context)
        if other:
            context.acts.append(_note(other))
            changes = {name: one for name, one in changes.items() if name not in other}
        if changes:
            payload = {"contact_id": contact, "set": changes}
            context.acts.append(PlannedPart(ActKind.CONTACT, payload))
        return ToolResult(ok=True, text=_CHECKED if other else _DONE)


def _others(changes: Mapping[str, Any], context: ToolContext) -> dict[str, str]:
    """Return what says by whom this customer is known elsewhere: orders, points, accounts.

    Nobody becomes another by saying so. An address or number that is there already, or that only
    the channel itself may say, is for people to change.
    """
    contact, proven = context.contact, context.proven
    known = {"email": ("email", contact.email), "phone_number": ("phone", contact.phone)}
    return {
        name: changes[name]
        for name, (kind, value) in known.items()
        if name in changes and (value or proven == kind) and changes[name] != value
    }


def _note(other: Mapping[str, str]) -> PlannedPart:
    words = "; ".join(f"{_SAID[name]}: {one}" for name, one in other.items())
    content = (
        f"📇 **O cliente pediu para trocar um dado do contato**: {words}. O bot não troca e-mail "
        "nem telefone que já existem: confira quem é e mude aqui, se for o caso. "
        "(The customer asks to change a contact's address or number; the bot does not.)"
    )
    return PlannedPart(ActKind.NOTE, {"content": content}, gated=False)


def _changes(given: Mapping[str, str]) -> dict[str, Any]:
    """Return Chatwoot's own names with values that it takes.

    Raises:
        ValueError: one is none, said for a model.
    """
    changes: dict[str, Any] = {}
    if given.get("name"):
        changes["name"] = " ".join(given["name"].split())
    if email := given.get("email", "").lower():
        if _EMAIL.fullmatch(email) is None:
            raise ValueError("O e-mail está incompleto: confirme com o cliente.")
        changes["email"] = email
    if given.get("phone"):
        changes["phone_number"] = _e164(given["phone"])
    if given.get("attribute"):
        name = given["attribute"].lower()
        if _KEY.fullmatch(name) is None or not given.get("value"):
            raise ValueError("Campo inválido: attribute em minúsculas e value preenchido.")
        changes["custom_attributes"] = {name: given["value"]}
    return changes


def _e164(words: str) -> str:
    """Return a telephone number as Chatwoot stores it; without a country it is Brazilian."""
    try:
        number = phonenumbers.parse(words, "BR")
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_valid_number(number):
        raise ValueError("O telefone está incompleto: confirme o número com DDD.")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
