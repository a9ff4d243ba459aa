"""The shape of ``tools:`` and ``databases:`` in a domain's file: what roles may reach outside."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, StringConstraints, WithJsonSchema

from chatcrew.tenancy._shapes.mapping import SecretReference
from chatcrew.tenancy._shapes.shape import HEADER, Name, Shape, Text
from chatcrew.tenancy.vocabulary import PrivateKind


def _scalar(value: object) -> object:
    """Let numbers and truth stand where a template may: ``per_page: 5``."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, int | float) else value


Template = Annotated[
    Text,
    BeforeValidator(_scalar),
    WithJsonSchema({"type": ["string", "number", "boolean"]}),
]
HeaderName = Annotated[str, StringConstraints(pattern=HEADER)]


class ParameterShape(Shape):
    """One argument of a tool, as the model reads it."""

    type: Literal["string", "integer", "number", "boolean"] = Field(
        "string", description="What it is; left out: string."
    )
    description: Text = Field(description="What the model writes there, with an example.")
    required: bool = Field(default=True, description="false: the model may leave it out.")
    enum: list[Text] | None = Field(None, min_length=1, description="The only words it may be.")
    max_length: int | None = Field(None, ge=1, le=4000, description="Most characters.")


class AuthShape(Shape):
    """How the tool shows who it is: one of three ways, secrets as references only."""

    bearer: SecretReference | None = Field(None, description="Authorization: Bearer …")
    user: SecretReference | None = Field(None, description="Basic authentication, with password.")
    password: SecretReference | None = Field(None, description="Goes with user.")
    header: HeaderName | None = Field(None, description="Name of a header, such as X-Api-Key.")
    value: SecretReference | None = Field(None, description="Goes with header.")


class ToolShape(Shape):
    """One tool, or with ``use: woocommerce`` a set of them."""

    name: Name | None = Field(
        None, description="By which roles call it; woocommerce brings its own names."
    )
    use: Literal["http", "n8n", "woocommerce", "sql"] = Field(description="What stands behind it.")
    description: Text | None = Field(None, description="When a role should use it.")
    parameters: dict[Name, ParameterShape] | None = Field(None, description="Its arguments.")
    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"] | None = Field(
        None, description="Of http; left out: GET."
    )
    url: Text | None = Field(
        None, description="Address; {parameters} may stand in its path, never in its host."
    )
    headers: dict[HeaderName, Template] | None = Field(None, description="Beside auth.")
    query: dict[Text, Template] | None = Field(None, description="Behind the question mark.")
    body: dict[str, Any] | None = Field(
        None, description="Sent as JSON; '{id}' alone keeps its type."
    )
    auth: AuthShape | None = Field(None, description="Left out: none.")
    consumer_key: SecretReference | None = Field(None, description="Of woocommerce.")
    consumer_secret: SecretReference | None = Field(None, description="Of woocommerce.")
    database: Name | None = Field(None, description="Of sql: a name under databases.")
    sql: Text | None = Field(None, description="One SELECT with :parameters.")
    columns: list[Text] | None = Field(
        None, min_length=1, description="Of sql: the only columns a role sees."
    )
    rows: int | None = Field(None, ge=1, le=200, description="Of sql: most rows; left out: 20.")
    roles: list[Name] | None = Field(
        None, min_length=1, description="Who may call it; left out: every role that has tools."
    )
    timeout: float | None = Field(None, gt=0, le=15, description="Seconds; left out: 5.")
    cache: int | None = Field(
        None, ge=1, le=86400, description="Seconds an answer serves again; left out: never."
    )
    once: bool | None = Field(
        None, description="It acts, so at most once; left out: true for all but GET."
    )
    approval: bool = Field(default=False, description="An operator agrees first (/bot approve).")
    approval_minutes: int | None = Field(
        None, ge=1, le=10080, description="How long an operator has for it; left out: 30."
    )
    private: list[PrivateKind] | None = Field(
        None, description="Personal data it may receive unmasked; left out: all."
    )
    trusted: bool = Field(default=False, description="The address is yours, on a private network.")
    limit: int | None = Field(None, ge=1, le=20, description="Calls per turn; left out: 6.")
    pick: list[Text] | None = Field(
        None, min_length=1, description="The only fields of the answer a role reads: items.name."
    )
    result: Text | None = Field(
        None, description="The answer in words, with {fields} of it: 'Pedido {id}: {status}'."
    )
    max_chars: int | None = Field(
        None, ge=100, le=20000, description="Most characters a role reads; left out: 4000."
    )


class DatabaseShape(Shape):
    """One database that sql tools may read."""

    dsn: SecretReference = Field(
        description="Reference to its address, postgresql://user:password@host/name."
    )
    own: bool = Field(default=False, description="true: it may be chatcrew's own database.")
