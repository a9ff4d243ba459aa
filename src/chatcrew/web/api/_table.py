"""Every operation of the API in one table: addresses, rights and documentation come from it."""

import asyncio
import functools

from chatcrew.accounts import Role
from chatcrew.analytics import Page, Session
from chatcrew.version import VERSION
from chatcrew.web.api._api import Api
from chatcrew.web.api._openapi import document
from chatcrew.web.api._operations import TALK, TENANT, Call, Operation
from chatcrew.web.api._ports import Business, Contact
from chatcrew.web.api._shapes import (
    ExportQuery,
    Health,
    LineOut,
    Listed,
    ListedPeriod,
    Newest,
    Period,
    PersonOut,
    ReceiptOut,
    Stats,
    Trial,
    Tried,
)
from chatcrew.why import Account

_PERSON = TENANT + "/contacts/{account}/{contact}"


def operations(api: Api) -> tuple[Operation, ...]:
    """Return what ``api`` can do, and what describes it."""

    @functools.cache
    def described() -> dict[str, object]:
        return document(table, version=VERSION)

    async def describe(_call: Call) -> dict[str, object]:
        # Anybody may ask, and making it takes as long as taking in many webhooks
        return await asyncio.to_thread(described)

    talks = TENANT + "/conversations"
    table = (
        Operation("health", "GET", "/health", "Say that the API answers", api.health, None, Health),
        Operation("openapi", "GET", "/openapi.json", "This document", describe, None, dict),
        Operation(
            "listTenants",
            "GET",
            "/tenants",
            "Tenants that the token may see",
            api.tenants,
            answer=list[Business],
        ),
        Operation(
            "sendMessage",
            "POST",
            TENANT + "/messages",
            "Say something as a simulated customer and wait for the replies",
            api.say,
            Role.ADMIN,
            Tried,
            body=Trial,
            faults=(409, 504),
        ),
        Operation(
            "listConversations",
            "GET",
            talks,
            "Sessions that began in the time, newest first",
            api.conversations,
            answer=Page[Session],
            query=ListedPeriod,
        ),
        Operation(
            "listMessages",
            "GET",
            TALK + "/messages",
            "What was said in a conversation, oldest first",
            api.messages,
            answer=list[LineOut],
        ),
        Operation(
            "listTurns",
            "GET",
            TALK + "/turns",
            "Why the bot did what it did, newest first; no customer's words",
            api.turns,
            answer=list[Account],
            query=Newest,
        ),
        Operation(
            "readTurn",
            "GET",
            TALK + "/turns/{turn}",
            "Why the bot did what it did in one turn",
            api.turn,
            answer=Account,
        ),
        Operation(
            "listContacts",
            "GET",
            TENANT + "/contacts",
            "Customers, by account and number",
            api.contacts,
            Role.ADMIN,
            Page[Contact],
            query=Listed,
        ),
        Operation(
            "exportContact",
            "GET",
            _PERSON,
            "Everything that is kept of a customer (LGPD art. 18, II and V)",
            api.export_person,
            Role.ADMIN,
            PersonOut,
        ),
        Operation(
            "eraseContact",
            "DELETE",
            _PERSON,
            "Erase a customer everywhere; the signed receipt (LGPD art. 18, VI)",
            api.erase_person,
            Role.OWNER,
            ReceiptOut,
        ),
        Operation(
            "readStats",
            "GET",
            TENANT + "/stats",
            "Figures of the time: outcomes, cost, speed, intents",
            api.stats,
            answer=Stats,
            query=Period,
        ),
        Operation(
            "exportFacts",
            "GET",
            TENANT + "/export/{kind}",
            "The facts that the figures rest on, as a file",
            api.export,
            query=ExportQuery,
            media=("application/jsonl", "text/csv"),
        ),
    )
    return table
