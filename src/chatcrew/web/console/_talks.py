"""The page of conversations: a list to look through, and everything about one (S2-21, S2-23)."""

from collections.abc import AsyncIterator

from aiohttp import web

from chatcrew.analytics import (
    TRANSCRIPT,
    Figures,
    Session,
    Sought,
    Trace,
    csv_line,
    json_lines,
    transcript,
)
from chatcrew.ids import ConversationId
from chatcrew.web.console._asking import Asked, Missing, Page, Shown, download
from chatcrew.web.console._mailbox import conversation_of
from chatcrew.web.console._sheets import scope_of
from chatcrew.web.console._streams import Row, given
from chatcrew.web.console._words_talks import WORDS

SHOWN = 50
ENDINGS = ("contained", "handed_off", "taken_over", "abandoned", "going_on")
_KEPT = ("ending", "unhappy", "number", "intent")
_COLUMNS = (
    *("account", "bot", "number", "episode", "tenant", "channel", "began_at", "last_at"),
    *("closed_at", "ending", "reason", "turns", "replies", "heard", "said", "intent", "mood"),
    *("rating", "function", "config", "variant", "usd"),
)


class TalksPage:
    """Conversations.

    Args:
        figures: everything that is counted, and the records of one conversation.
    """

    def __init__(self, figures: Figures) -> None:
        self._figures = figures

    def page(self) -> Page:
        """Return the page."""
        return Page(
            "conversations",
            group="figures",
            icon="talk",
            show=self.show,
            words=WORDS,
            detail=self.one,
            keeps=_KEPT,
        )

    async def show(self, asked: Asked) -> Shown:
        """Return the sessions that began in the time, newest first; no customer's word."""
        after, sought = asked.query.get("after") or None, sought_of(asked)
        try:
            found = await self._figures.sessions(
                scope_of(asked), sought=sought, after=after, limit=SHOWN
            )
        except ValueError as error:
            raise Missing from error
        return Shown(
            "conversations.html",
            {
                "found": found.items,
                "next": found.next,
                "sought": sought,
                "endings": ENDINGS,
                "narrowed": sought != Sought() or after is not None,
            },
        )

    async def one(self, asked: Asked) -> Shown | web.StreamResponse:
        """Return one conversation with all its words, or the list or its words as a file.

        Who looks is put on record before anything is shown.
        """
        if asked.rest in ("sessions.csv", "sessions.json"):
            return await self._listed(asked)
        place, _, file = asked.rest.rpartition("/")
        is_file = file in ("transcript.csv", "transcript.json")
        conversation = conversation_of(place if is_file else asked.rest)
        found = (
            None
            if conversation is None
            else await self._figures.trace(conversation, tenants=asked.who.tenants)
        )
        if conversation is None or found is None:
            raise Missing
        action = "conversation.exported" if is_file else "conversation.viewed"
        await self._noted(asked, action, conversation, found)
        if is_file:
            return await _file(file, found, conversation)
        return Shown(
            "conversation.html",
            {"trace": found, "conversation": conversation},
            title=asked.words["talk.number"].format(number=conversation.number),
        )

    async def _listed(self, asked: Asked) -> web.StreamResponse:
        sought = sought_of(asked)

        async def page(after: str | None) -> tuple[list[Row], str | None]:
            found = await self._figures.sessions(
                scope_of(asked), sought=sought, after=after, limit=500
            )
            return [_row(one) for one in found.items], found.next

        return await given(asked, "sessions", page, columns=_COLUMNS)

    async def _noted(
        self, asked: Asked, action: str, conversation: ConversationId, found: Trace
    ) -> None:
        newest = next((one for one in found.sessions if one.contact is not None), None)
        tenant = found.standing.tenant or (newest.tenant if newest else None) or None
        target = f"{conversation.bot}/{conversation.number}"
        await asked.audited(action, tenant=tenant, target=target, person=found.person)


def sought_of(asked: Asked) -> Sought:
    """Return what the list is narrowed to; what makes no sense is left out."""
    ending, number = asked.query.get("ending", ""), asked.query.get("number", "")
    whole = number.isascii() and number.isdigit() and len(number) < 19
    return Sought(
        ending=ending if ending in ENDINGS else None,
        intent=asked.query.get("intent", "").replace("\0", "") or None,
        number=int(number) if whole else None,
        unhappy=True if asked.query.get("unhappy") else None,
    )


def _row(one: Session) -> Row:
    return {**{key: getattr(one, key) for key in _COLUMNS[:-1]}, "usd": one.spend.known_usd}


async def _file(name: str, found: Trace, conversation: ConversationId) -> web.Response:
    title = f"{conversation.bot}-{conversation.number}-{name}"
    rows = list(transcript(found))
    if name.endswith(".csv"):
        lines = [
            csv_line(TRANSCRIPT),
            *(csv_line([row[key] for key in TRANSCRIPT]) for row in rows),
        ]
        return download(title, "".join(lines).encode(), "text/csv")

    async def each() -> AsyncIterator[Row]:
        for row in rows:
            yield row

    body = b"".join([piece async for piece in json_lines(each())])
    return download(title, body, "application/jsonl")
