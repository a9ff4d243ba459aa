"""Keeps Chatwoot from running text as a Liquid template."""

import re

_SPLIT = re.compile(r"(?<=\{)(?=[{%])|(?<=[%}])(?=\})")
_ZERO_WIDTH_SPACE = "\u200b"


def neutralise(text: str) -> str:
    """Return ``text`` with every Liquid mark broken by a zero-width space.

    Chatwoot renders outgoing content as Liquid with the contact, the agent and the account in
    reach (app/models/concerns/liquidable.rb). Code in backticks is exempt there, but what counts
    as code is Chatwoot's decision, so it is broken too. Doing it twice changes nothing.
    """
    return _SPLIT.sub(_ZERO_WIDTH_SPACE, text)
