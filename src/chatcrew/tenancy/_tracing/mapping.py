"""Where each value that the mapping gives an inbox comes from, its account's bots among them."""

from collections.abc import Iterator
from typing import Any

from chatcrew.tenancy._faults.fault import YamlPath
from chatcrew.tenancy._reading.document import Document
from chatcrew.tenancy._tracing.trail import Given, Origin, Trail, given
from chatcrew.tenancy.model import Bot

_LAYER = "mapping"


def mapping_origins(
    document: Document, *, account: str, inbox: int, bots: list[Bot]
) -> Iterator[Origin]:
    """Yield the origins of an inbox and of the bots that may answer in it.

    Secrets are references here as in the file, ``env:NAME`` or ``file:PATH``; nothing is read.
    """
    trail = Trail()
    at: YamlPath = ("accounts", account)
    places: list[tuple[YamlPath, tuple[str, ...]]] = [
        (("default",), ("tenant", "channel")),
        (at, ("base_url", "account_id", "tenant", "user_token", "tab_token", "tab_origins")),
        ((*at, "inboxes", str(inbox)), ("channel", "crew", "tenant", "first", "share")),
    ]
    for path, keys in places:
        for key in keys:
            _said(trail, document, (*path, key), shown=(key,))
    for bot in bots:
        here, shown = (*at, "bots", bot.name), ("bots", bot.name)
        keys_of_bot: list[YamlPath] = [
            ("agent_bot_id",),
            ("token",),
            ("signature",),
            ("path_token",),
            ("secrets", "agent_bot"),
            ("secrets", "account"),
            ("secrets", "api_inbox", str(inbox)),
        ]
        for key_path in keys_of_bot:
            _said(trail, document, (*here, *key_path), shown=(*shown, *key_path))
        if (*shown, "signature") not in trail.said:
            trail.add((*shown, "signature"), Given(bot.signature, "default"))
    yield from trail.origins()


def _said(trail: Trail, document: Document, path: YamlPath, *, shown: YamlPath) -> None:
    if path in document.marks:
        trail.add(shown, given(_value(document, path), _LAYER, document, path))


def _value(document: Document, path: YamlPath) -> object:
    here: Any = document.data
    for part in path:
        here = here[part]
    return here
