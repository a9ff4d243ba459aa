"""A tool that makes one HTTP request, as its YAML says; n8n webhooks are among them."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import orjson

from chatcrew.egress import Fetched, origin
from chatcrew.messages import ToolResult
from chatcrew.tenancy.model import ToolEntry
from chatcrew.tools._outside._reach import Outside, Remembered, spec_of, without_keys
from chatcrew.tools._outside._shown import fenced, shortened, shown
from chatcrew.tools._outside._templates import Unfit, facts, fill_body, fill_headers, fill_url
from chatcrew.tools._tool import ToolContext, ToolSettings
from chatcrew.tools._trouble import ToolTrouble

_MOST_BYTES = 1_000_000
_REDIRECTS = 3
_QUOTED = 200
_MOVED = frozenset({301, 307, 308})

_NOT_FOUND = (
    "Não encontrado: confira o número ou o nome com o cliente. "
    "(Not found: check the number or name with the customer.)"
)
_DONE = "Feito. (Done.)"


class HttpTool:
    """One request per call; what comes back is chosen, shortened and fenced.

    Args:
        entry: the tool as its YAML says it.
        outside: ways out.
    """

    def __init__(self, entry: ToolEntry, outside: Outside) -> None:
        self.spec = spec_of(entry)
        self.side_effects = entry.acts
        self.settings = ToolSettings(
            approval=entry.approval,
            patience=entry.approval_minutes * 60.0,
            timeout=entry.timeout,
            limit=entry.limit,
        )
        self._entry = entry
        self._outside = outside
        self._remembered = Remembered(outside.kept, entry)
        self._trusted = {origin(entry.url.partition("{")[0])} if entry.trusted else set()

    async def call(self, arguments: Mapping[str, Any], context: ToolContext) -> ToolResult:
        """Make the request.

        Raises:
            EgressError: there is no answer.
            ToolTrouble: the answer is none.
        """
        values = {**arguments, **facts(context.contact, context.proven)}
        try:
            url = fill_url(self._entry.url, self._entry.query, values)
            headers = fill_headers(self._entry.headers, values)
        except Unfit as error:
            return ToolResult(ok=False, text=str(error))
        body = self._body(arguments, values)
        asked = {"url": url, "headers": headers, "body": body}
        return await self._remembered.answer(
            context.tenant.key, asked, lambda: self._ask(url, headers, body)
        )

    def _body(self, arguments: Mapping[str, Any], values: Mapping[str, Any]) -> Any:
        """Return the JSON value that is sent; an n8n webhook without a body gets the arguments."""
        if self._entry.body is None:
            return dict(arguments) if self._entry.use == "n8n" else None
        return fill_body(self._entry.body, values)

    async def _ask(self, url: str, headers: Mapping[str, str], body: Any) -> ToolResult:
        shown_as = await self._outside.credentials(self._entry.auth)
        result = await self._answered(url, {**headers, **shown_as}, body)
        # Some systems say what they were sent, and what a role reads a customer may hear
        return replace(result, text=without_keys(result.text, shown_as.values()))

    async def _answered(self, url: str, headers: Mapping[str, str], body: Any) -> ToolResult:
        sent = {"Accept": "application/json, text/plain;q=0.8", **headers}
        if body is not None:
            sent["Content-Type"] = "application/json"
        fetched = await self._outside.http.request(
            self._entry.method,
            url,
            headers=sent,
            body=None if body is None else orjson.dumps(body),
            timeout=self._entry.timeout,
            max_bytes=_MOST_BYTES,
            redirects=_REDIRECTS if self._entry.method == "GET" else 0,
            trusted=self._trusted,
        )
        refused = refusal(self._entry.name, fetched, acts=self._entry.acts)
        if refused is not None:
            return refused
        value = content(fetched, acts=self._entry.acts)
        if value is None and self._entry.acts:
            return ToolResult(ok=True, text=_DONE)
        text = shown(value, pick=self._entry.pick, result=self._entry.result)
        short = shortened(text, self._entry.max_chars)
        return ToolResult(ok=True, text=fenced(self._entry.name, short))


def refusal(name: str, fetched: Fetched, *, acts: bool) -> ToolResult | None:
    """Return what a role reads where the other side said no, None where it said yes.

    Raises:
        ToolTrouble: it did not understand the tool at all, or is broken.
    """
    status = fetched.status
    if 200 <= status < 300:
        return None
    if status in (404, 410):
        return ToolResult(ok=False, text=_NOT_FOUND)
    if status in (401, 403, 407):
        raise ToolTrouble("login")
    if status == 429:
        raise ToolTrouble("busy")
    if 400 <= status < 500:
        text = (
            f"O sistema recusou os dados ({status}); corrija ou pergunte ao cliente. "
            "(The system refused the data: correct it or ask the customer.)"
        )
        return ToolResult(ok=False, text=f"{text}\n{fenced(name, _complaint(fetched))}")
    if 300 <= status < 400:
        # "See other" is what many say after an act; moved for good means that nobody was there
        raise ToolTrouble("redirect", maybe_sent=acts and status not in _MOVED)
    # A 5xx may come from a proxy before it or after the act behind it
    raise ToolTrouble("status", maybe_sent=acts)


def _complaint(fetched: Fetched) -> str:
    try:
        value = content(fetched)
    except ToolTrouble:
        return ""
    if isinstance(value, Mapping):
        value = value.get("message") or value.get("error") or value
    return shortened(value if isinstance(value, str) else shown(value), _QUOTED)


def content(fetched: Fetched, *, acts: bool = False) -> Any:
    """Return the answer's JSON value or text, None where it is empty.

    Args:
        fetched: the answer.
        acts: what was asked for may have been done, however unreadable the answer to it is.

    Raises:
        ToolTrouble: it is neither, such as a page for people.
    """
    if not fetched.body.strip():
        return None
    media = fetched.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if media in ("text/html", "application/xhtml+xml"):
        raise ToolTrouble("bad_json", maybe_sent=acts)
    if media.endswith("json") or fetched.body.lstrip()[:1] in (b"{", b"["):
        try:
            return orjson.loads(fetched.body)
        except orjson.JSONDecodeError:
            if media.endswith("json"):
                raise ToolTrouble("bad_json", maybe_sent=acts) from None
    try:
        return fetched.body.decode("utf-8")
    except UnicodeDecodeError:
        raise ToolTrouble("bad_json", maybe_sent=acts) from None
