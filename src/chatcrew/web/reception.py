"""From the bytes of one POST to a row in the mailbox; HTTP is only its outer shell."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from chatcrew.chatwoot import webhook
from chatcrew.clock import Clock
from chatcrew.errors import ConfigError, MailboxFull, StoreError, WebhookError
from chatcrew.mailbox import Mailbox, PutResult
from chatcrew.messages import Snapshot
from chatcrew.telemetry import Metrics, get_logger
from chatcrew.tenancy.model import Bot, Configuration, Route, Secret

_log = get_logger("webhook")

_KEPT = (
    "X-Chatwoot-Delivery",
    "X-Chatwoot-Timestamp",
    "X-Chatwoot-Signature",
    "Content-Type",
)
"""What a second try needs; the signature proves this very body and nothing else."""

_OTHER_SENDERS = ("account", "api_inbox")
"""They tell about every inbox. An unsigned delivery may be a bot's: Chatwoot before 4.13."""


class SecretReader(Protocol):
    """Reads what a secret reference points at."""

    async def read(self, secret: Secret) -> bytes:
        """Return the secret's bytes.

        Raises:
            ConfigError: the reference leads nowhere.
        """
        ...


class Configurations(Protocol):
    """Where the current configuration comes from."""

    @property
    def current(self) -> Configuration:
        """The version that holds now."""
        ...


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a delivery: ``stored``, ``duplicate`` or ``noise``."""

    result: str


class Reception:
    """Verifies, parses, classifies and stores deliveries.

    Args:
        directory: current configuration.
        mailbox: where accepted deliveries go.
        secrets: reads secret references.
        metrics: counters.
        clock: time.
    """

    def __init__(
        self,
        directory: Configurations,
        *,
        mailbox: Mailbox,
        secrets: SecretReader,
        metrics: Metrics,
        clock: Clock,
    ) -> None:
        self._directory = directory
        self._mailbox = mailbox
        self._secrets = secrets
        self._metrics = metrics
        self._clock = clock

    async def find(self, name: str, path_token: str | None) -> Bot:
        """Return the bot a URL names.

        Raises:
            WebhookError: 404 for an unknown bot or path token, 500 if a secret cannot be read.
        """
        bot = self._directory.current.bots.get(name)
        if bot is None:
            raise WebhookError(404, kind="unknown_bot")
        if path_token is None:
            # A signature that is required proves the sender by itself; without one the token must.
            if bot.path_token is not None and bot.signature != "required":
                raise WebhookError(404, kind="unknown_bot")
            return bot
        if bot.path_token is None:
            raise WebhookError(404, kind="unknown_bot")
        expected = await self._read(bot, bot.path_token)
        if not webhook.match_path_token(path_token, expected):
            raise WebhookError(404, kind="unknown_bot")
        return bot

    async def accept(self, bot: Bot, body: bytes, headers: Mapping[str, str]) -> Receipt:
        """Store one delivery; when this returns, a crash can no longer lose it.

        Args:
            bot: found by ``find``.
            body: raw bytes, at most 8 MiB.
            headers: request headers.

        Raises:
            WebhookError: with the status of design §4.
        """
        now = self._clock.now()
        verified = await self._verified(bot, body, headers, now=now.timestamp())
        configuration = self._directory.current
        try:
            classified = webhook.classify(webhook.parse(body), bot=bot)
        except WebhookError as error:
            await self._quarantine(bot, error.kind, headers, body)
            raise
        snapshot = classified.change.snapshot
        route = configuration.route(
            bot.account,
            classified.inbox_id,
            channel_class=snapshot.channel if snapshot else None,
        )
        if route is None and classified.conversation is not None:
            if verified.sender in _OTHER_SENDERS:
                return Receipt("noise")
            await self._quarantine(bot, "unmapped_inbox", headers, body)
            # Chatwoot opens the conversation to people on 422: better than a bot that says nothing.
            raise WebhookError(422, kind="unmapped_inbox")
        delivery = webhook.to_delivery(
            classified,
            bot=bot,
            sender=verified.sender,
            headers=headers,
            body=body,
            received_at=now,
            route=route,
            keeping=_keeping(configuration, route, snapshot),
        )
        result = await self._put(delivery)
        if result is not PutResult.DUPLICATE:
            self._metrics.count(
                "chatcrew_events",
                bot=bot.name,
                weight=delivery.weight.value,
                reason=delivery.reason,
            )
        return Receipt(result.value)

    async def _put(self, delivery: webhook.Delivery) -> PutResult:
        try:
            return await self._mailbox.put(delivery)
        except MailboxFull as error:
            raise WebhookError(429, kind="mailbox_full") from error
        except StoreError as error:
            raise WebhookError(500, kind="store_unavailable") from error

    async def _quarantine(
        self, bot: Bot, reason: str, headers: Mapping[str, str], body: bytes
    ) -> None:
        """Keep a signed delivery that we cannot use, for whoever mends the reason."""
        kept = {name: headers[name] for name in _KEPT if name in headers}
        try:
            await self._mailbox.quarantine(
                bot.name, reason=reason, headers=kept, body=body, at=self._clock.now()
            )
        except StoreError as error:
            raise WebhookError(500, kind="store_unavailable") from error

    async def _verified(
        self, bot: Bot, body: bytes, headers: Mapping[str, str], *, now: float
    ) -> webhook.Verified:
        """Return who signed a delivery.

        While secrets are rotated one of them may be gone or not there yet. It verifies nobody, and
        keeps nobody out whom another one verifies; who fits none may be its own, and is told to
        try again.

        Raises:
            WebhookError: 401, or 500 where it may be for want of a secret that cannot be read.
        """
        known: dict[str, list[bytes]] = {}
        missing: WebhookError | None = None
        for kind, secrets in bot.secrets.items():
            for secret in secrets:
                try:
                    # An empty value holds its place: a sender is told by it, too
                    known.setdefault(kind, []).append(await self._read(bot, secret))
                except WebhookError as error:
                    known[kind].append(b"")
                    missing = error
        if missing is not None and not any(any(group) for group in known.values()):
            raise missing
        try:
            return webhook.verify(body, headers, secrets=known, policy=bot.signature, now=now)
        except WebhookError as error:
            if missing is not None and error.kind == "signature_mismatch":
                raise missing from error
            raise

    async def _read(self, bot: Bot, secret: Secret) -> bytes:
        try:
            return await self._secrets.read(secret)
        except ConfigError as error:
            _log.error("secret.unreadable", bot=bot.name, reference=secret.reference)
            raise WebhookError(500, kind="secret_unreadable") from error

    def refused(self, bot: str, error: WebhookError, body: bytes) -> None:
        """Log a refusal in one line: never the body, only a prefix of its digest (S4-44)."""
        _log.warning(
            "webhook.refused",
            bot=bot,
            status=error.status,
            kind=error.kind,
            digest=hashlib.sha256(body).hexdigest()[:12] if body else "",
            size=len(body),
        )


def _keeping(
    configuration: Configuration, route: Route | None, snapshot: Snapshot | None
) -> webhook.Keeping:
    """Return what the business and its channel say of how a delivery counts."""
    if route is None:
        return webhook.Keeping()
    tenant = configuration.tenants[route.tenant]
    vip = None
    if snapshot is not None and snapshot.contact.id is not None:
        vip = tenant.vip.meets(snapshot)
    return webhook.Keeping(
        timing=configuration.crew(route, None).timing,
        vip=vip,
        continued_for=tenant.episodes.continued_for.total_seconds(),
        resume_after=tenant.people.takeover.quiet_seconds,
    )
