"""How long nothing fences a process: from the last look at the lease until the request is out."""

import time
from types import SimpleNamespace
from typing import Any

import aiohttp

from chatcrew.chatwoot import ChatwootClient, Pacing, Transport
from chatcrew.clock import SystemClock
from chatcrew.testing import FakeChatwoot

FIRST = 20
"""Messages that only open connections and warm the code up."""


async def window(messages: int) -> list[float]:
    """Return, for so many messages, the seconds in which a stop would go unnoticed."""
    looked, found = 0.0, []

    async def last_check() -> None:
        nonlocal looked
        looked = time.perf_counter()

    async def sent(_session: Any, _context: SimpleNamespace, _what: Any) -> None:
        found.append(time.perf_counter() - looked)

    trace = aiohttp.TraceConfig()
    trace.on_request_chunk_sent.append(sent)
    clock = SystemClock()
    async with FakeChatwoot(messages_per_minute=10**6, requests_per_minute=10**6) as chatwoot:
        account = chatwoot.add_account(1)
        inbox, bot = account.add_inbox(21, channel="Channel::Whatsapp"), account.add_bot(7)
        talk = await chatwoot.customer_says(inbox, account.add_contact(), "Oi?")
        async with aiohttp.ClientSession(trace_configs=[trace]) as session:
            transport = Transport(
                lambda: session, pacing=Pacing(clock, per_minute=10**6), clock=clock
            )
            client = ChatwootClient(
                transport, base_url=chatwoot.url, account_id=1, token=bot.access_token
            )
            for number in range(FIRST + messages):
                await client.create_message(talk.id, f"Oi {number}", last_check=last_check)
    return found[FIRST:]
