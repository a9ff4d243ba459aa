"""Everything the environment may set, in one table that the documentation is checked against."""

import ipaddress
import re
from pathlib import Path
from typing import Literal

from pydantic import AliasChoices, Field, SecretStr, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from chatcrew.settings._files import from_file

_ADDRESSES = {
    "database_url": (r"postgres(ql)?(\+\w+)?://", "postgresql://user:password@host/database"),
    "redis_url": (r"(rediss?|unix)://.", "redis://host:6379/0"),
    "openai_base_url": (r"https?://[^/\s]", "http://127.0.0.1:11434/v1"),
}
"""How each address has to begin, and one that does."""

Networks = tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]
"""Networks, such as those of our own proxies; a single address is one too."""


class Settings(BaseSettings):
    """Settings of one process, read from ``CHATCREW_*`` variables (and OpenAI's own two).

    An empty variable is none: stack files pass ``${OPENAI_API_KEY:-}`` on.
    Secrets are ``SecretStr``: their ``repr`` never shows the value; ``file:PATH`` reads one.
    """

    model_config = SettingsConfigDict(
        env_prefix="CHATCREW_", env_ignore_empty=True, extra="ignore", frozen=True
    )

    mapping: Path = Field(
        Path("chatwoot_mapping.yaml"), description="Which account and inbox belong to which tenant."
    )
    config_dir: Path = Field(Path("config"), description="Folder that holds domains/.")
    crews_dir: Path = Field(Path("crews"), description="Folder of crews and functions.")
    data_dir: Path = Field(
        Path("data"), description="Embedded database, cache file and scratch; nothing else is kept."
    )
    digest_dir: Path | None = Field(
        None, description="Folder where weekly digests are laid as mail files (.eml)."
    )
    host: str = Field("0.0.0.0", description="Address of the public port.")  # noqa: S104 - Chatwoot has to reach it
    port: int = Field(8080, ge=0, le=65535, description="Public port: webhooks, /health/live.")
    admin_host: str = Field("127.0.0.1", description="Address of the admin port.")
    admin_port: int = Field(
        8081, ge=0, le=65535, description="Admin port: /health/ready, /metrics."
    )
    max_connections: int = Field(
        800,
        ge=10,
        description="Connections of the public port at once, of one ingress process; who speaks "
        "first beyond it is answered 429. An eighth more may be silent, before the oldest goes.",
    )
    trusted_proxies: str | None = Field(
        None,
        description="Addresses and networks of your own proxies before the admin port, with commas "
        "between: their X-Forwarded-For says whose tries to sign in are counted.",
    )
    database_url: SecretStr | None = Field(
        None,
        description="PostgreSQL to use instead of the embedded one: postgresql://user:…@host/db.",
    )
    redis_url: SecretStr | None = Field(
        None, description="Redis for the shared cache layer; without it memory and file carry on."
    )
    model: str = Field("gpt-4o-mini", description="Model used where a role names none.")
    fast_model: str | None = Field(
        None,
        description="Model asked too when the other one is slow; left out: `fast` of models.yaml.",
    )
    transcription_model: str = Field(
        "whisper-1", description="Model that writes voice notes down (/audio/transcriptions)."
    )
    vision_model: str | None = Field(
        None, description="Model that looks at pictures; left out: CHATCREW_MODEL."
    )
    attachment_mb: float = Field(
        20, gt=0, le=40, description="Largest file that is opened, in MB; a tenant may say other."
    )
    storage_origins: str | None = Field(
        None,
        description="Origins of Chatwoot's file storage on a private network, with commas between.",
    )
    openai_api_key: SecretStr | None = Field(
        None,
        validation_alias=AliasChoices("OPENAI_API_KEY"),
        description="Key of the model provider; without key and base URL no model is asked.",
    )
    openai_base_url: str | None = Field(
        None,
        validation_alias=AliasChoices("OPENAI_BASE_URL"),
        description="Any OpenAI-compatible endpoint, such as http://127.0.0.1:11434/v1.",
    )
    embeddings_model: str | None = Field(
        None,
        description="Model of POST /embeddings: knowledge is then found by meaning, too.",
    )
    encryption_keys: SecretStr | None = Field(
        None,
        description="Keys that seal what customers say in the database: name:base64 of 32 bytes, "
        "more with commas between, or file:PATH; the first seals, all open.",
    )
    backup_dir: Path | None = Field(
        None, description="Folder of backups; with it a worker takes one of the house by itself."
    )
    backup_every_hours: float = Field(24, gt=0, description="Hours between two backups.")
    backup_keep: int = Field(7, ge=1, description="How many backups of the house are kept.")
    ingress_processes: int = Field(1, ge=1, le=32, description="Ingress processes of `run`.")
    worker_processes: int = Field(1, ge=1, le=32, description="Worker processes of `run`.")
    crew_processes: int = Field(1, ge=1, le=32, description="Crew processes of one worker.")
    worker_concurrency: int = Field(100, ge=1, le=500, description="Turns one worker runs at once.")
    model_concurrency: int = Field(100, ge=1, le=1000, description="Calls at once to one model.")
    mailbox_limit: int = Field(
        20_000, ge=1, description="Waiting messages above which the webhook answers 429."
    )
    chatwoot_per_minute: int = Field(
        2700, ge=1, description="Most requests per minute to one Chatwoot (its own limit is 3,000)."
    )
    cache_file_mb: int = Field(256, ge=1, description="Bound of the cache file, in MB.")
    rehearse: bool = Field(
        default=True,
        description="Play conversation tests; changed files that fail them stay out of force.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="Least severe level that is logged."
    )
    log_format: Literal["json", "console"] = Field(
        "json", description="One JSON object per line, or coloured text for people."
    )

    @field_validator("database_url", "redis_url", "openai_api_key", mode="before")
    @classmethod
    def _secret(cls, value: object) -> object:
        """Read a secret that stands in a file."""
        return from_file(value) if isinstance(value, str) else value

    @field_validator("database_url", "redis_url", "openai_base_url")
    @classmethod
    def _address(
        cls, value: SecretStr | str | None, info: ValidationInfo
    ) -> SecretStr | str | None:
        """Refuse what can be no address before anything starts; the fault never quotes it."""
        said = value.get_secret_value() if isinstance(value, SecretStr) else value
        form, example = _ADDRESSES[info.field_name or ""]
        if said is not None and not re.match(form, said, re.IGNORECASE):
            raise ValueError(f"not an address such as {example}")
        return value

    @field_validator("trusted_proxies")
    @classmethod
    def _networks(cls, value: str | None) -> str | None:
        """Refuse what is neither an address nor a network."""
        _read_networks(value or "")
        return value

    @property
    def proxies(self) -> Networks:
        """Networks of our own proxies."""
        return _read_networks(self.trusted_proxies or "")

    @property
    def model_configured(self) -> bool:
        """Whether a model can be asked at all."""
        return self.openai_api_key is not None or self.openai_base_url is not None


def _read_networks(said: str) -> Networks:
    """Return networks that commas stand between.

    Raises:
        ValueError: something is neither an address nor a network.
    """
    names = [one.strip() for one in said.split(",") if one.strip()]
    try:
        return tuple(ipaddress.ip_network(one, strict=False) for one in names)
    except ValueError:
        raise ValueError("not addresses or networks such as 10.0.0.5, 172.16.0.0/12") from None


__all__ = ["Networks", "Settings", "from_file"]
