"""``chatcrew connect``: from a Chatwoot's address and a token to a bot that gets its deliveries."""

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import typer

from chatcrew.chatwoot import ChatwootClient, Transport
from chatcrew.chatwoot.admin import AdminClient, Greeting, Profile, greet
from chatcrew.cli._connect_questions import Asked, Questions
from chatcrew.cli._provisioning import (
    configured,
    faults_of,
    language_of,
    our_records,
    say_refusal,
    to_chatwoot,
)
from chatcrew.clock import SystemClock
from chatcrew.errors import ChatwootError, ConfigError, ConfigErrors
from chatcrew.provision import versions
from chatcrew.provision._sql import PostgresRecords
from chatcrew.provision.connect import Connector
from chatcrew.provision.doing import Doing
from chatcrew.provision.files import KeyFolder, MappingFile
from chatcrew.provision.local import Server, ask_server, demo_answers
from chatcrew.provision.proof import Place, Proof
from chatcrew.provision.refusals import Refusal, refusal_of
from chatcrew.provision.situation import (
    Wish,
    look,
)
from chatcrew.provision.steps import Step
from chatcrew.provision.writing import Disk
from chatcrew.settings import Settings
from chatcrew.tenancy.model import Configuration

T = TypeVar("T")

_RELOAD = 15.0
"""Seconds a running server has to take up the new mapping."""

_MARKS = {"planned": "~", "done": "+", "there": "=", "warning": "!"}
_WORDS = {
    "pt-BR": {
        "plan": "Plano (nada é feito):",
        "nothing": "Nada a mudar: tudo já está como deve.",
        "done": "Pronto. Agora: chatcrew run; e chatcrew doctor quando algo parecer errado.",
        "running": "Pronto: o servidor desta máquina já atende estas caixas; chatcrew doctor "
        "quando algo parecer errado.",
        "kept": "O que já foi feito fica: arrume e rode connect de novo, ele continua daí.",
        "waiting": "Esperando a entrega (até {seconds:.0f} s) na porta {port}{records}…",
        "records": " e nos registros do servidor",
    },
    "en": {
        "plan": "Plan (nothing is done):",
        "nothing": "Nothing to change: all is as it should be.",
        "done": "Done. Now: chatcrew run; and chatcrew doctor when something looks wrong.",
        "running": "Done: the server of this machine serves these inboxes already; chatcrew "
        "doctor when something looks wrong.",
        "kept": "What is done stays: mend it and run connect again, it goes on from there.",
        "waiting": "Waiting for the delivery (up to {seconds:.0f} s) on port {port}{records}…",
        "records": " and in the server's records",
    },
}


def run_connect(settings: Settings, asked: Asked) -> int:
    """Set up what was asked; return the exit code: 0, 1 where something is away, else 2."""
    language = language_of(asked.lang)
    walk = _Walk(settings, asked, language)
    try:
        return walk.through()
    except ChatwootError as error:
        code = say_refusal(refusal_of(error, url=walk.url), language)
    except (Refusal, ConfigError, ConfigErrors, OSError) as error:
        code = say_refusal(error, language)
    if walk.acted:
        typer.echo(_WORDS[language]["kept"], err=True)
    return code


class _Walk:
    """One walk from question to question; network in between, never while a person types."""

    def __init__(self, settings: Settings, asked: Asked, language: str) -> None:
        self._settings = settings
        self._asked = asked
        self._language = language
        self._words = _WORDS[language]
        self._clock = SystemClock()
        self._mapping = asked.mapping or settings.mapping
        self._running = False
        self._doing = Doing(self._tell, dry=asked.dry_run)
        self.url = ""

    @property
    def acted(self) -> bool:
        """Whether anything was changed."""
        return self._doing.changed > 0 and not self._doing.dry

    def through(self) -> int:
        """Ask, look, do, prove."""
        asked = self._asked
        questions = Questions(self._settings, asked, self._language)
        self.url = questions.address(asked.url, "url", flag="--url")
        token = questions.token()
        public = questions.address(asked.public_url, "public_url", flag="--public-url")
        greeting, profile = self._net(lambda to: self._hello(to, token))
        account = questions.account(profile)
        configuration = configured(self._settings, self._mapping)
        inboxes = self._net(lambda to: self._admin(to, token).inboxes(account))
        wish = questions.wish(
            configuration, profile, inboxes, url=self.url, public=public, account=account
        )
        keys = KeyFolder(self._keys_of(wish.account), mapping=self._mapping)
        disk = Disk(
            MappingFile.read(self._mapping),
            keys,
            lambda path: faults_of(self._settings, path),
            self._clock.now,
        )
        self._net(lambda to: self._do(to, token, wish, disk, configuration, greeting))
        if not asked.dry_run:
            end = "running" if self._running else "done"
            typer.echo(self._words[end if self.acted else "nothing"])
        return 0

    def _begin(self, wish: Wish) -> None:
        """Say what follows, and what is better mended before it."""
        if self._doing.dry:
            typer.echo(self._words["plan"])
        if _in_the_clear(self.url):
            self._doing.say("plain_http", "warning")
        if _in_the_clear(wish.public_url):
            self._doing.say("public_http", "warning", url=wish.public_url)

    async def _hello(self, to: Transport, token: str) -> tuple[Greeting, Profile]:
        return await greet(to, self.url), await self._admin(to, token).profile()

    async def _do(
        self,
        to: Transport,
        token: str,
        wish: Wish,
        disk: Disk,
        configuration: Configuration | None,
        greeting: Greeting,
    ) -> None:
        settings, doing = self._settings, self._doing
        if await demo_answers(settings.host, settings.port, settings.data_dir):
            raise Refusal("demo_answers", port=settings.port)
        admin = self._admin(to, token)
        version = versions.parse(greeting.version)
        situation = await look(admin, wish.account_id, wish.inboxes, version=version)
        connector = Connector(
            admin,
            user_token=token,
            wish=wish,
            disk=disk,
            configuration=configuration,
            doing=doing,
        )
        await connector.rehearse(situation)
        self._begin(wish)
        await connector.set_up(situation)
        if doing.dry:
            await connector.connect_inboxes(situation)
            if self._asked.prove:
                doing.say("proof", seconds=self._asked.seconds)
            return
        configuration = await asyncio.to_thread(configured, self._settings, self._mapping)
        assert configuration is not None, "the mapping was just written and checked"
        await self._served(configuration, wish, doing)
        await connector.connect_inboxes(situation)
        proven = f"{wish.bot}.proven"
        known = await asyncio.to_thread(disk.keys.read, proven)
        if self._asked.prove and (doing.changed or known is None):
            await self._prove(to, token, wish, configuration, doing, disk)

    async def _served(self, configuration: Configuration, wish: Wish, doing: Doing) -> None:
        """See that a server of this machine knows the bot before customers are sent to it.

        Raises:
            Refusal: it does not take the mapping up.
        """
        settings, bot = self._settings, configuration.bots[wish.bot]
        end = self._clock.monotonic() + _RELOAD
        while True:
            server = await ask_server(settings.host, settings.port, bot)
            if server is Server.KNOWS:
                doing.say("server", "there", bot=wish.bot)
                self._running = True
                return
            if server is Server.NONE:
                doing.say("no_server", "warning")
                return
            if self._clock.monotonic() >= end:
                raise Refusal("not_reloaded", bot=wish.bot, port=settings.port)
            await self._clock.sleep(0.5)

    async def _prove(
        self,
        to: Transport,
        token: str,
        wish: Wish,
        configuration: Configuration,
        doing: Doing,
        disk: Disk,
    ) -> None:
        client = ChatwootClient(
            to,
            base_url=wish.base_url,
            account_id=wish.account_id,
            token=token,
            user_token=token,
        )
        settings, seconds = self._settings, self._asked.seconds
        async with our_records(settings) as database:
            records = PostgresRecords(database, configuration.bots) if database else None
            proof = Proof(
                client,
                bot=configuration.bots[wish.bot],
                place=Place(settings.host, settings.port, records),
                public_url=wish.public_url,
                clock=self._clock,
            )
            number = await proof.conversation(wish.inboxes)
            if number is None:
                doing.say("no_conversation", "warning")
                return
            also = self._words["records"] if records else ""
            waiting = self._words["waiting"]
            typer.echo(waiting.format(seconds=seconds, port=settings.port, records=also))
            how = await proof.run(number, seconds=seconds)
        doing.say("proven", "done", how=how)
        stamp = self._clock.now().isoformat(timespec="seconds")
        await asyncio.to_thread(disk.keys.write, f"{wish.bot}.proven", stamp)

    def _keys_of(self, account: str) -> Path:
        return (self._asked.secrets_dir or self._settings.data_dir / "secrets") / account

    def _admin(self, to: Transport, token: str) -> AdminClient:
        return AdminClient(to, base_url=self.url, token=token)

    def _net(self, work: Callable[[Transport], Coroutine[Any, Any, T]]) -> T:
        async def run() -> T:
            async with to_chatwoot(self._settings, self._clock) as to:
                return await work(to)

        return asyncio.run(run())

    def _tell(self, step: Step) -> None:
        typer.echo(f"{_MARKS[step.state]} {step.render(self._language)}")
        for line in step.diff:
            typer.echo(f"    {line}")


def _in_the_clear(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme == "http" and parts.hostname not in ("127.0.0.1", "::1", "localhost")
