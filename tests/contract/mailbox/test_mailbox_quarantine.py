"""What could not be used is listed, shown and forgotten: over PostgreSQL and memory (N3)."""

from datetime import timedelta

from chatcrew.mailbox import Quarantined

BODY = b"\x00not json"
HEADERS = {"X-Chatwoot-Delivery": "one", "X-Chatwoot-Timestamp": "1785769200"}


async def test_what_is_kept_is_listed_oldest_first_and_shown_as_it_came(mailbox, clock) -> None:
    """The list shows no body; the bytes come back unchanged."""
    now = clock.now()
    await mailbox.quarantine("a-bot", reason="unreadable", headers=HEADERS, body=BODY, at=now)
    later = now + timedelta(seconds=5)
    await mailbox.quarantine("b-bot", reason="unmapped_inbox", headers={}, body=b"{}", at=later)

    first, second = await mailbox.in_quarantine()
    assert first == Quarantined(first.id, "a-bot", "unreadable", now, 9)
    assert (second.bot, second.at, second.size) == ("b-bot", later, 2)
    assert await mailbox.in_quarantine(limit=1) == [first]
    shown = await mailbox.quarantined_body(first.id)
    assert (shown.entry, dict(shown.headers), shown.body) == (first, HEADERS, BODY)


async def test_what_is_discarded_is_gone_once(mailbox, clock) -> None:
    """A second discard, and a look at nothing, say so."""
    await mailbox.quarantine("a-bot", reason="x", headers={}, body=BODY, at=clock.now())
    (entry,) = await mailbox.in_quarantine()

    assert await mailbox.discard_quarantined(entry.id) is True
    assert await mailbox.discard_quarantined(entry.id) is False
    assert await mailbox.quarantined_body(entry.id) is None
    assert await mailbox.in_quarantine() == []
