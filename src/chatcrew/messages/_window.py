"""How long after a customer's last word a channel takes free text; the one place that says so."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from chatcrew.messages._conversation import ConversationState
from chatcrew.messages._lines import AuthorKind, Line

_DAY = timedelta(hours=24)
_WINDOWS = {
    "Channel::Whatsapp": _DAY,
    "Channel::TwilioSms": _DAY,
    "Channel::FacebookPage": _DAY,
    "Channel::Instagram": _DAY,
    "Channel::Tiktok": timedelta(hours=48),
}
"""By Chatwoot's channel, as its message_window_service.rb has them.

The seven days that Meta grants to people do not count for a bot, whatever ``can_reply`` says.
"""
_BY_CREW = {
    "whatsapp": _DAY,
    "facebook": _DAY,
    "instagram": _DAY,
    "tiktok": timedelta(hours=48),
}
"""The same by the mapping's channel, where no webhook has named Chatwoot's yet."""


def reply_window(state: ConversationState) -> timedelta | None:
    """Return how long after the customer's last word a bot may write freely; None: always."""
    if state.snapshot.channel == "Channel::TwilioSms" and state.channel != "whatsapp":
        return None  # plain SMS has no window
    known = _WINDOWS.get(state.snapshot.channel or "")
    return known or _BY_CREW.get(state.channel or "")


def last_word(lines: Iterable[Line]) -> datetime | None:
    """Return when the customer last wrote, or None where he did not."""
    said = [one.created_at for one in lines if one.author.kind is AuthorKind.CUSTOMER]
    return max(said, default=None)


def window_closed(
    state: ConversationState, *, now: datetime, said: datetime | None, fresh: bool
) -> bool:
    """Return whether free text would not reach the customer any more.

    Args:
        state: the conversation.
        now: UTC.
        said: when the customer last wrote, or None where that is not known.
        fresh: that word is what is being answered: it opens a window, whatever a picture of the
            conversation from before it says.
    """
    window = reply_window(state)
    if window is not None and said is not None and now > said + window:
        return True
    return not (state.snapshot.can_reply or (fresh and said is not None))
