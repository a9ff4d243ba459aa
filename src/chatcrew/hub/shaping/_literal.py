"""Shows a customer's own words in a note as they were typed: nothing in them becomes Markdown."""

import re

_INLINE = re.compile(
    r"[\\`*\[\]<>~|]"
    # Inside a word an underscore marks nothing: codes stay readable
    r"|(?<![^\W_])_|_(?![^\W_])"
    r"|&(?=\w+;|#)"
    # Chatwoot makes a link of an address, and calls whom a mention:// names
    r"|:(?=//)"
)
_MARK = re.compile(r"^(?=[-+=#])")
_NUMBER = re.compile(r"^(\d{1,9})(?=[.)](\s|$))")
_HOST_DOT = re.compile(r"(?<=\w)\.(?=[^\W\d_]{2})")
_EMAIL = re.compile(r"[\w.+\\-]+@[\w.-]+[.,;:!?)]*")


def literal(text: str, *, limit: int | None = None) -> str:
    """Return ``text`` as CommonMark that is shown letter by letter, on one line.

    What a customer writes stands in a note that the team reads as the bot's: a link or a picture
    in it must not look like ours. Any ASCII punctuation may be escaped (CommonMark 0.31.2, 2.4);
    dots of host names are, as Chatwoot's linkify makes links of bare ones. An e-mail address stays.

    Args:
        text: what was written; kinds of white space become one space.
        limit: most characters of it that are shown, the ``…`` of a cut one included.
    """
    flat = " ".join(text.split())
    if limit is not None and len(flat) > limit:
        flat = flat[: limit - 1].rstrip() + "…"
    escaped = _NUMBER.sub(r"\1\\", _MARK.sub(r"\\", _INLINE.sub(r"\\\g<0>", flat)))
    return " ".join(map(_unlinked, escaped.split(" ")))


def _unlinked(word: str) -> str:
    return word if _EMAIL.fullmatch(word) else _HOST_DOT.sub(r"\.", word)
