"""What ``connect`` has to be told: from the command line, else asked where a person sits."""

import asyncio
import re
import sys
from dataclasses import dataclass
from getpass import getpass
from pathlib import Path
from urllib.parse import urlsplit

import typer

from chatcrew.chatwoot.admin import ListedInbox, Profile
from chatcrew.provision.reading import value_of
from chatcrew.provision.refusals import Refusal
from chatcrew.provision.situation import Wish, channel_of, known_account, label_from
from chatcrew.settings import Settings
from chatcrew.tenancy.model import Configuration, Secret
from chatcrew.tenancy.vocabulary import CHANNELS

_LABEL = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,62}")

_WORDS = {
    "pt-BR": {
        "url": "Endereço do Chatwoot",
        "token": "Token de acesso de um administrador (não aparece)",
        "account": "Número da conta",
        "public_url": "Endereço público do chatcrew (https://…), como o Chatwoot o alcança",
        "inboxes": "Números das caixas, separados por vírgula",
        "tenant": "Negócio",
        "accounts_are": "Contas deste token:",
        "inboxes_are": "Caixas de entrada:",
    },
    "en": {
        "url": "Chatwoot's address",
        "token": "Access token of an administrator (not shown)",
        "account": "Account id",
        "public_url": "chatcrew's public address (https://…) as Chatwoot reaches it",
        "inboxes": "Inbox ids, separated by commas",
        "tenant": "Tenant",
        "accounts_are": "Accounts of this token:",
        "inboxes_are": "Inboxes:",
    },
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What stood on the command line; None is asked for, or found out."""

    url: str | None
    token: str | None
    account: int | None
    label: str | None
    bot: str | None
    name: str
    public_url: str | None
    inboxes: tuple[str, ...]
    all_inboxes: bool
    tenant: str | None
    keep_user_token: bool
    tab: bool
    replace: bool
    prove: bool
    seconds: float
    dry_run: bool
    questions: bool
    lang: str
    mapping: Path | None
    secrets_dir: Path | None


class Questions:
    """Gives what was said, asks for the rest, and refuses where nobody can be asked.

    Args:
        settings: where the files are.
        asked: what stood on the command line.
        language: ``pt-BR`` or ``en``.
    """

    def __init__(self, settings: Settings, asked: Asked, language: str) -> None:
        self._settings = settings
        self._asked = asked
        self._words = _WORDS[language]
        self._ask = asked.questions and sys.stdin.isatty()

    def address(self, given: str | None, what: str, *, flag: str) -> str:
        """Return an http(s) address without a slash at its end.

        Raises:
            Refusal: there is none, or it is no address.
        """
        text = given
        if text is None:
            if not self._ask:
                raise Refusal("needed", what=flag)
            text = str(typer.prompt(self._words[what]))
        text = text.strip().rstrip("/")
        if not _is_address(text):
            raise Refusal("bad_url", what=flag)
        return text

    def token(self) -> str:
        """Return the user's token; it is never on the command line and never shown.

        Raises:
            Refusal: there is none, or it stood where others read it.
        """
        reference = self._asked.token
        if reference is None:
            if not self._ask:
                raise Refusal("needed", what="--token env:… / file:…")
            # click shows the question before it turns the echo off; getpass the other way round
            return _usable(getpass(f"{self._words['token']}: "), reference="-")
        if not reference.startswith(("env:", "file:")):
            raise Refusal("token_reference")
        return _usable(asyncio.run(value_of(Secret(reference))), reference=reference)

    def account(self, profile: Profile) -> int:
        """Return the account to connect.

        Raises:
            Refusal: it is not clear which.
        """
        if self._asked.account is not None:
            return self._asked.account
        accounts = profile.accounts
        if not accounts:
            raise Refusal("no_account")
        if len(accounts) == 1:
            return accounts[0].account_id
        choices = ", ".join(f"{one.account_id} ({one.name})" for one in accounts)
        if not self._ask:
            raise Refusal("which_account", choices=choices)
        typer.echo(f"{self._words['accounts_are']} {choices}")
        return int(typer.prompt(self._words["account"], type=int))

    def wish(
        self,
        configuration: Configuration | None,
        profile: Profile,
        inboxes: tuple[ListedInbox, ...],
        *,
        url: str,
        public: str,
        account: int,
    ) -> Wish:
        """Return everything that is wanted, with labels found or made.

        Raises:
            Refusal: something is missing, or was said wrong.
        """
        asked = self._asked
        member = profile.of(account)
        name = member.name if member is not None else str(account)
        bots = list(configuration.bots.values()) if configuration is not None else []
        known = known_account(configuration, url, account)
        label = known or asked.label or label_from(name, taken={one.account for one in bots})
        own = [one.name for one in bots if one.account == label]
        bot = asked.bot or (own[0] if len(own) == 1 else None)
        bot = bot or label_from(f"{label}-bot", taken={one.name for one in bots})
        for word in (label, bot):
            if not _LABEL.fullmatch(word):
                raise Refusal("bad_label", word=word)
        return Wish(
            base_url=url,
            account_id=account,
            account=label,
            bot=bot,
            public_url=public,
            bot_name=asked.name,
            inboxes=self._inboxes(inboxes),
            tenant=self._tenant(configuration, label),
            keep_user_token=asked.keep_user_token,
            tab=asked.tab,
            replace=asked.replace,
        )

    def _inboxes(self, listed: tuple[ListedInbox, ...]) -> dict[int, str]:
        """Return channel by inbox id."""
        asked, there = self._asked, {one.id: one for one in listed}
        words = list(asked.inboxes)
        choices = ", ".join(f"{one.id} ({one.name})" for one in listed) or "-"
        if asked.all_inboxes:
            words += [str(one.id) for one in listed]
        elif not words and self._ask:
            typer.echo(self._words["inboxes_are"])
            for one in listed:
                typer.echo(f"  {one.id}  {one.name} ({channel_of(one) or one.channel_class})")
            said = str(typer.prompt(self._words["inboxes"]))
            words = [word.strip() for word in said.split(",") if word.strip()]
        if not words:
            raise Refusal("which_inboxes", choices=choices)
        found: dict[int, str] = {}
        for word in words:
            number, _, channel = word.partition("=")
            if not number.isdecimal():
                raise Refusal("bad_inbox", word=word)
            inbox = there.get(int(number))
            if inbox is None:
                raise Refusal("no_such_inbox", inbox=number, choices=choices)
            if channel and channel not in self._channels():
                known = ", ".join(sorted(self._channels()))
                raise Refusal("no_such_channel", inbox=number, channel=channel, choices=known)
            channel = channel or found.get(inbox.id, "") or channel_of(inbox) or ""
            if not channel:
                raise Refusal("which_channel", inbox=number)
            found[inbox.id] = channel
        return found

    def _channels(self) -> frozenset[str]:
        """Return what an inbox may be: a folder below the crews' adds its own."""
        crews = self._settings.crews_dir
        own = {path.name for path in crews.iterdir() if path.is_dir()} if crews.is_dir() else set()
        return CHANNELS | {
            name for name in own if not name.startswith(("_", ".")) and name != "functions"
        }

    def _tenant(self, configuration: Configuration | None, account: str) -> str | None:
        """Return the tenant of the inboxes, None where the account has one already."""
        domains = (self._settings.config_dir / "domains").glob("*/*.yaml")
        files = [path for path in domains if not path.stem.startswith("_") and "." not in path.stem]
        keys = sorted(f"{path.parent.name}/{path.stem}" for path in files)
        choices = ", ".join(keys) or "-"
        said = self._asked.tenant
        if said is None:
            if configuration is not None and (account, None) in configuration.routes:
                return None
            if len(keys) == 1:
                return keys[0]
            if not self._ask:
                raise Refusal("which_tenant", choices=choices)
            said = str(typer.prompt(f"{self._words['tenant']} ({choices})")).strip()
        if said not in keys:
            raise Refusal("no_such_tenant", tenant=said, choices=choices)
        return said


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    odd = any(char.isspace() or not char.isprintable() for char in text)
    plain = not (parts.username or parts.password or parts.query or parts.fragment or odd)
    return parts.scheme in ("http", "https") and bool(host) and plain


def _usable(token: str | None, *, reference: str) -> str:
    """Return a token as it may stand in a header.

    Raises:
        Refusal: there is none, or it holds what no token holds.
    """
    found = (token or "").strip()
    if not found or not found.isascii() or not found.isprintable() or " " in found:
        raise Refusal("token_unread", reference=reference)
    return found
