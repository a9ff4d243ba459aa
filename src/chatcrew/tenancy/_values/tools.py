"""Tools of a business as its configuration says them: values only."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from chatcrew.tenancy._values.business import Place
from chatcrew.tenancy._values.secret import Secret


@dataclass(frozen=True, slots=True)
class ToolAuth:
    """How a tool shows who it is.

    Attributes:
        kind: ``bearer``, ``basic`` or ``header``.
        secret: token, password or the header's value.
        user: of basic authentication.
        header: name of the header.
    """

    kind: str
    secret: Secret
    user: Secret | None = None
    header: str = "Authorization"


@dataclass(frozen=True, slots=True)
class ToolEntry:
    """One entry of ``tools:``.

    Attributes:
        name: by which roles call it; of a set, the set's name.
        use: ``http``, ``n8n``, ``woocommerce`` or ``sql``.
        names: every name it offers.
        description: when to use it.
        parameters: JSON schema of its arguments.
        method: HTTP method.
        url: address with ``{placeholders}``.
        headers: templates by name.
        query: templates by name.
        body: JSON value with templates, or None.
        auth: or None.
        database: name of the database, or "".
        sql: statement with ``:parameters``, or "".
        columns: the only columns shown; none means all.
        rows: most rows.
        roles: who may call it; none means every role with tools.
        timeout: seconds.
        cache: seconds an answer serves again; 0: never.
        acts: it changes something, so it is called at most once and never answered by a cache.
        approval: an operator agrees first.
        approval_minutes: how long he has for it.
        private: kinds of personal data it may receive unmasked; None: all.
        trusted: its origin may be on a private network.
        limit: calls per turn.
        pick: fields of the answer a role reads; none means all.
        result: template of the answer, or "".
        max_chars: most characters a role reads.
        place: file and line.
    """

    name: str
    use: str
    names: tuple[str, ...] = ()
    description: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    method: str = "GET"
    url: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    auth: ToolAuth | None = None
    database: str = ""
    sql: str = ""
    columns: tuple[str, ...] = ()
    rows: int = 20
    roles: tuple[str, ...] = ()
    timeout: float = 5.0
    cache: int = 0
    acts: bool = False
    approval: bool = False
    approval_minutes: int = 30
    private: tuple[str, ...] | None = None
    trusted: bool = False
    limit: int = 6
    pick: tuple[str, ...] = ()
    result: str = ""
    max_chars: int = 4000
    place: Place = ("", 0)


@dataclass(frozen=True, slots=True)
class NamedDatabase:
    """One entry of ``databases:``: where it is, and whether it may be chatcrew's own."""

    dsn: Secret
    own: bool = False
