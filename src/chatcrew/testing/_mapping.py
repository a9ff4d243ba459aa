"""Writes a ``chatwoot_mapping.yaml`` with its secrets for a FakeChatwoot."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import yaml

from chatcrew.testing._chatwoot.people import AgentBot


def write_mapping(  # noqa: PLR0913 - everything that a mapping may say
    folder: Path,
    *,
    base_url: str,
    bots: Mapping[str, AgentBot],
    inboxes: Mapping[int, str | Mapping[str, str]],
    tenant: str,
    account: str = "demo",
    user_token: str | None = None,
    tab_token: str | None = None,
    tab_origins: Sequence[str] = (),
) -> Path:
    """Write mapping and secrets into ``folder``; return the mapping's absolute path.

    Args:
        folder: made if missing; secrets go to ``secrets/`` with mode 0600.
        base_url: address of the Chatwoot.
        bots: agent bots by label; they belong to one account.
        inboxes: channel by inbox id, or a whole row of the mapping (channel, tenant, crew).
        tenant: whose inboxes they are.
        account: label of the account.
        user_token: token of a person, or None.
        tab_token: last part of the tab's address, or None.
        tab_origins: from where the tab is opened; empty: from ``base_url``.
    """
    keys = folder.absolute() / "secrets"
    keys.mkdir(parents=True, exist_ok=True, mode=0o700)
    first = next(iter(bots.values()))
    rows = {
        label: {
            "agent_bot_id": bot.id,
            "token": _secret(keys / f"{label}.token", bot.access_token),
            "signature": "required",
            "secrets": {"agent_bot": [_secret(keys / f"{label}.secret", bot.secret or "")]},
        }
        for label, bot in bots.items()
    }
    body: dict[str, object] = {
        "account_id": first.account_id,
        "base_url": base_url,
        "tenant": tenant,
        "bots": rows,
        "inboxes": {
            str(number): {"channel": row} if isinstance(row, str) else dict(row)
            for number, row in inboxes.items()
        },
    }
    if user_token is not None:
        body["user_token"] = _secret(keys / "user.token", user_token)
    if tab_token is not None:
        body["tab_token"] = _secret(keys / "tab.token", tab_token)
    if tab_origins:
        body["tab_origins"] = list(tab_origins)
    mapping = folder.absolute() / "chatwoot_mapping.yaml"
    text = yaml.safe_dump({"version": 1, "accounts": {account: body}}, sort_keys=False)
    mapping.write_text(f"# Written by the test kit: changes here are lost.\n{text}", "utf-8")
    return mapping


def _secret(path: Path, value: str) -> str:
    """Write a secret that only its owner may read; return its reference."""
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(value)
    return f"file:{path}"
