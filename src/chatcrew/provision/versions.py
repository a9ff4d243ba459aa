"""What each version of Chatwoot can do for a bot, and what does not work without it."""

import re
from dataclasses import dataclass

Version = tuple[int, int, int]

_NUMBERS = re.compile(r"v?(\d{1,4})\.(\d{1,4})(?:\.(\d{1,4}))?")

SIGNED = (4, 13, 0)
"""Since then bot webhooks are signed, and bots are told of changed conversations."""

PRIVATE = (4, 14, 0)
"""Since then webhooks to private addresses are refused unless the installation allows them."""


@dataclass(frozen=True, slots=True)
class Feature:
    """Something that needs a version; sources in Chatwoot's own release history.

    Attributes:
        name: short stable name.
        since: first version that has it.
        pt: what does not work without it, in Portuguese.
        en: the same in English.
    """

    name: str
    since: Version
    pt: str
    en: str


FEATURES = (
    Feature(
        "custom_attributes",
        (4, 2, 0),
        "o bot não grava atributos da conversa",
        "the bot cannot set attributes of a conversation",
    ),
    Feature(
        "typing",
        (4, 11, 2),
        "o bot não mostra que está digitando",
        "the bot cannot show that it is typing",
    ),
    Feature(
        "delivery_ids",
        (4, 11, 2),
        "entregas sem número nem assinatura da conta",
        "deliveries have no id, account webhooks no signature",
    ),
    Feature(
        "bot_signature",
        SIGNED,
        "entregas do bot sem assinatura: o endereço precisa de um token (path_token)",
        "bot deliveries are unsigned: the address needs a token (path_token)",
    ),
    Feature(
        "bot_hears_changes",
        SIGNED,
        "o bot só sabe de trocas de status e dono pelo webhook da conta",
        "the bot hears of status and owner only by the account webhook",
    ),
    Feature(
        "bot_reads",
        (4, 14, 2),
        "o bot não lê a conversa: uma resposta perdida só se confirma com o token de usuário",
        "the bot cannot read a conversation: a lost answer is settled with the user token only",
    ),
    Feature(
        "labels",
        (4, 14, 2),
        "o bot não põe etiquetas",
        "the bot cannot set labels",
    ),
    Feature(
        "bot_owner",
        (4, 16, 2),
        "as conversas não mostram o bot como responsável",
        "conversations do not show the bot as their owner",
    ),
)


def parse(text: str | None) -> Version | None:
    """Return a version's numbers, None where the text holds none."""
    found = _NUMBERS.match(text.strip()) if text else None
    if found is None:
        return None
    major, minor, patch = found.groups()
    return int(major), int(minor), int(patch or 0)


def missing(version: Version | None) -> tuple[Feature, ...]:
    """Return what does not work with a version; nothing is said of an unknown one."""
    if version is None:
        return ()
    return tuple(feature for feature in FEATURES if version < feature.since)
