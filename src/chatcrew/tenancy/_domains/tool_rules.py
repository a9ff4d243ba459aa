"""What one tool of a domain's file must keep to by itself."""

import re
from collections.abc import Iterator, Mapping
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from chatcrew.tenancy._faults.fault import Fault, YamlPath, choices
from chatcrew.tenancy._reading.document import Document
from chatcrew.tenancy._shapes.tools import ToolShape
from chatcrew.tenancy.vocabulary import TOOL_FACTS

WOO_NAMES = ("woo_order", "woo_orders_of_customer", "woo_product", "woo_stock")
"""What ``use: woocommerce`` offers."""

PLACEHOLDER = re.compile(r"\{([A-Za-z_][A-Za-z0-9_.]*)\}")
SQL_PARAMETER = re.compile(r"(?<![:\w]):([a-z_][a-z0-9_]*)")

_ALL = frozenset({"name", "use", "roles", "timeout", "private", "limit", "max_chars", "cache"})
_TOLD = frozenset({"description", "parameters", "pick", "result"})
_SENT = frozenset({"url", "trusted"})
_ACTS = frozenset({"once", "approval", "approval_minutes"})
_KEYS: Mapping[str, frozenset[str]] = {
    "http": _ALL | _TOLD | _SENT | _ACTS | {"method", "headers", "query", "body", "auth"},
    "n8n": _ALL | _TOLD | _SENT | _ACTS | {"headers", "body", "auth"},
    "woocommerce": _ALL | _SENT | {"consumer_key", "consumer_secret"},
    "sql": _ALL | _TOLD | {"database", "sql", "columns", "rows"},
}
_NEEDED: Mapping[str, tuple[str, ...]] = {
    "http": ("name", "description", "url"),
    "n8n": ("name", "description", "url"),
    "woocommerce": ("url", "consumer_key", "consumer_secret"),
    "sql": ("name", "description", "database", "sql"),
}
_PRIVATE_NAMES = (".local", ".internal", ".lan", ".home.arpa", ".localhost")
_KEYISH = re.compile(
    r"(?i)(^|[-_])(authorization|cookie|token|secret|password|passwd|senha|api[-_]?key|apikey|key)$"
)


def shape_faults(shape: ToolShape, document: Document, path: YamlPath) -> Iterator[Fault]:
    """Say what is wrong with one entry, whatever else the file holds."""
    said = {key for key in shape.model_fields_set if getattr(shape, key) is not None}
    for key in sorted(said - _KEYS[shape.use]):
        where = (*path, key)
        yield document.fault("tool_key_unwanted", where, key=key, use=shape.use)
    for key in _NEEDED[shape.use]:
        if key not in said:
            yield document.fault("missing_key", path, key=key)
    if shape.url is not None:
        yield from _address_faults(shape, document, (*path, "url"))
    yield from _act_faults(shape, document, path)
    yield from _secret_faults(shape, document, path)
    yield from _placeholder_faults(shape, document, path)
    if shape.sql is not None:
        yield from _sql_faults(shape.sql, document, (*path, "sql"))


def _address_faults(shape: ToolShape, document: Document, path: YamlPath) -> Iterator[Fault]:
    try:
        parts = urlsplit((shape.url or "").strip())
        host, _ = parts.hostname, parts.port
    except ValueError:
        yield document.fault("tool_address", path)
        return
    odd = "{" in parts.netloc or "@" in parts.netloc or "{" in parts.scheme
    if parts.scheme not in ("http", "https") or not host or odd or parts.fragment:
        yield document.fault("tool_address", path)
        return
    try:
        address = ip_address(host)
    except ValueError:
        own = host == "localhost" or host.endswith(_PRIVATE_NAMES) or "." not in host
    else:
        own = not address.is_global
        if address.is_link_local or address.is_unspecified or address.is_multicast:
            yield document.fault("tool_never", path)
            return
    if own and not shape.trusted:
        yield document.fault("tool_private", path)


def _act_faults(shape: ToolShape, document: Document, path: YamlPath) -> Iterator[Fault]:
    reads = shape.use in ("sql", "woocommerce") or (
        shape.use == "http" and shape.method in (None, "GET")
    )
    for key in ("once", "approval"):
        if reads and getattr(shape, key) and key in _KEYS[shape.use]:
            yield document.fault("tool_reads", (*path, key), key=key)
    acts = not reads if shape.once is None else shape.once
    if shape.cache is not None and acts and not reads:
        yield document.fault("tool_cached", (*path, "cache"))
    if shape.approval and shape.once is False and not reads:
        yield document.fault("tool_unasked", (*path, "approval"))


def _secret_faults(shape: ToolShape, document: Document, path: YamlPath) -> Iterator[Fault]:
    for key in ("headers", "query"):
        for name, value in (getattr(shape, key) or {}).items():
            if _KEYISH.search(name) and not PLACEHOLDER.search(value):
                yield document.fault("tool_secret", (*path, key, name))
    query = urlsplit(shape.url or "").query if "://" in (shape.url or "") else ""
    if any(_KEYISH.search(one.partition("=")[0]) for one in query.split("&")):
        yield document.fault("tool_secret", (*path, "url"))
    one = shape.auth
    if one is None:
        return
    pairs = (one.bearer,), (one.user, one.password), (one.header, one.value)
    ways = [pair for pair in pairs if any(part is not None for part in pair)]
    if len(ways) != 1 or None in ways[0]:
        yield document.fault("tool_auth", (*path, "auth"))


def _placeholder_faults(shape: ToolShape, document: Document, path: YamlPath) -> Iterator[Fault]:
    """Templates hold parameters and what the turn knows; an address holds nothing optional."""
    parameters = shape.parameters or {}
    known = {*parameters, *TOOL_FACTS}
    for where, text in _templates(shape):
        pattern = SQL_PARAMETER if where == ("sql",) else PLACEHOLDER
        for word in pattern.findall(text):
            name = word.replace("__", ".") if where == ("sql",) else word
            if name not in known:
                hint, values = choices(word, known)
                yield document.fault(
                    "unknown_placeholder", (*path, *where), hint=hint, word=word, **values
                )
            elif where == ("url",) and name in parameters and not parameters[name].required:
                yield document.fault("tool_optional", (*path, *where), word=word)


def _templates(shape: ToolShape) -> Iterator[tuple[YamlPath, str]]:
    if shape.url is not None:
        yield ("url",), shape.url
    for key in ("headers", "query"):
        for name, value in (getattr(shape, key) or {}).items():
            yield (key, name), value
    if shape.sql is not None:
        yield ("sql",), shape.sql
    yield from _inside(shape.body, ("body",))


def _inside(value: Any, path: YamlPath) -> Iterator[tuple[YamlPath, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Mapping):
        for key, one in value.items():
            yield from _inside(one, (*path, str(key)))
    elif isinstance(value, list):
        for place, one in enumerate(value):
            yield from _inside(one, (*path, place))


def _sql_faults(text: str, document: Document, path: YamlPath) -> Iterator[Fault]:
    """Keep to one statement that reads; the database refuses anything else as well."""
    bare = text.strip().rstrip(";").strip()
    if ";" in bare or not re.match(r"(?i)(select|with)\b", bare):
        yield document.fault("tool_sql", path)
