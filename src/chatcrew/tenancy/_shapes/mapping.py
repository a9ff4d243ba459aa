"""The shape of ``chatwoot_mapping.yaml``: which account and inbox leads to which tenant."""

import re
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

from chatcrew.tenancy._shapes.shape import LABEL, Name, Shape, TenantKey, Text

REFERENCE = r"^(env:[A-Za-z_][A-Za-z0-9_]*|file:.+)$"
_REFERENCE = re.compile(REFERENCE)


def _reference(value: object) -> object:
    """Refuse anything but a reference, without repeating the value anywhere."""
    if isinstance(value, str) and _REFERENCE.fullmatch(value):
        return value
    raise PydanticCustomError("literal_secret", "not a reference", {"hint": "reference_it"})


def _first(value: int) -> int:
    """Accept the only version of this file's shape."""
    if value != 1:
        raise PydanticCustomError("bad_version", "version must be 1")
    return value


def _listed(value: object) -> object:
    """Let one reference stand for a list of one."""
    return [value] if isinstance(value, str) else value


SecretReference = Annotated[
    str,
    BeforeValidator(_reference),
    WithJsonSchema({"type": "string", "pattern": REFERENCE}),
]
SecretList = Annotated[
    list[SecretReference],
    BeforeValidator(_listed),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "pattern": REFERENCE},
                {"type": "array", "items": {"type": "string", "pattern": REFERENCE}},
            ]
        }
    ),
]
InboxId = Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]{0,9}$")]
BotLabel = Annotated[str, StringConstraints(pattern=LABEL)]
Id = Annotated[int, Field(ge=1)]


Version = Annotated[int, AfterValidator(_first), WithJsonSchema({"const": 1})]


class SecretsShape(Shape):
    """Webhook secrets by kind of sender; any one of a list may verify, so that they can rotate."""

    agent_bot: SecretList = Field([], description="The agent bot's own secret.")
    account: SecretList = Field([], description="Secrets of account webhooks.")
    api_inbox: dict[InboxId, SecretList] = Field({}, description="Secrets of API inboxes, by id.")


class BotShape(Shape):
    """One agent bot; its label is the last part of its webhook address."""

    agent_bot_id: Id = Field(description="Chatwoot's id of the agent bot.")
    token: SecretReference = Field(description="The bot's access token.")
    signature: Literal["required", "if_present", "off"] = Field(
        "required", description="The last two need a path_token."
    )
    secrets: SecretsShape = Field(SecretsShape(), description="What signatures are checked with.")
    path_token: SecretReference | None = Field(
        None, description="Second factor in the address: /webhooks/chatwoot/{bot}/{path_token}."
    )


class InboxShape(Shape):
    """One inbox."""

    channel: Name = Field(description="How it speaks: whatsapp, web_widget, instagram, …")
    crew: Name | None = Field(None, description="Folder under crews/; left out: the channel's.")
    tenant: TenantKey | None = Field(None, description="Left out: the account's, then default's.")
    first: Literal["bot", "people"] | None = Field(
        None, description="Who has a conversation first; left out: the bot."
    )
    share: int | None = Field(
        None, ge=0, le=100, description="Percent of conversations for which first holds."
    )
    mode: Literal["answer", "draft"] = Field(
        "answer", description="draft: the bot writes its answer as a private note, a person sends."
    )

    @model_validator(mode="after")
    def _shared(self) -> Self:
        """Accept a share only of something."""
        if self.share is not None and self.first is None:
            raise PydanticCustomError("share_of_whom", "of whom")
        return self


class AccountShape(Shape):
    """One Chatwoot account; its label is ours and unique, Chatwoot's number is not."""

    account_id: Id = Field(description="Chatwoot's account id.")
    base_url: Text = Field(description="Chatwoot's address, such as https://desk.example.com.")
    tenant: TenantKey | None = Field(None, description="Tenant of inboxes that name none.")
    bots: dict[BotLabel, BotShape] = Field(description="Agent bots by label.")
    user_token: SecretReference | None = Field(
        None, description="Token of a user, for what bots may not do (history, contacts)."
    )
    tab_token: SecretReference | None = Field(
        None, description="Last part of the tab's address: /tab/{tab_token}. Left out: no tab."
    )
    tab_origins: list[Text] = Field(
        [], description="From where operators open Chatwoot; left out: base_url."
    )
    inboxes: dict[InboxId, InboxShape] = Field({}, description="Inboxes by Chatwoot's id.")


class DefaultShape(Shape):
    """Where everything leads that neither inbox nor account decides."""

    tenant: TenantKey = Field(description="domain/name, as under config/domains.")
    channel: Name | None = Field(None, description="Left out: told by Chatwoot's own channel.")


class MappingShape(Shape):
    """``chatwoot_mapping.yaml``."""

    version: Version = Field(description="Version of this file's shape.")
    default: DefaultShape | None = Field(None, description="Last resort; left out: refuse.")
    accounts: dict[BotLabel, AccountShape] = Field(description="Chatwoot accounts by label.")
