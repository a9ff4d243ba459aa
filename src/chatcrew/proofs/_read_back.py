"""Asks Chatwoot itself how often it holds each message of ours."""

from collections import Counter
from collections.abc import Mapping

from chatcrew.chatwoot import TAG_KEY, ChatwootClient

_PAGES = 25
"""Of 20 messages each: a longer conversation is read back only so far."""


async def found_in_chatwoot(
    client: ChatwootClient, number: int, *, oldest: int
) -> Mapping[str, int]:
    """Return by tag how often a conversation holds a message of ours.

    Args:
        client: with a user token: a bot may not list messages.
        number: of the conversation.
        oldest: message id from which on the answer has to be whole.

    Raises:
        ChatwootError: it could not be asked.
    """
    found: Counter[str] = Counter()
    seen: set[int] = set()
    before: int | None = None
    for _ in range(_PAGES):
        page = await client.messages(number, before=before)
        fresh = [one for one in page if int(one["id"]) not in seen]
        for one in fresh:
            seen.add(int(one["id"]))
            attributes = one.get("content_attributes")
            ours = attributes.get(TAG_KEY) if isinstance(attributes, Mapping) else None
            if isinstance(ours, Mapping) and isinstance(ours.get("tag"), str):
                found[ours["tag"]] += 1
        if not fresh or min(seen) <= oldest:
            break
        before = min(seen)
    return found
