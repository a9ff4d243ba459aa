"""What a message says, with everything that can be read of what was sent beside its words."""

from chatcrew.messages._lines import Attachment, Line

_MARKS = {
    "audio": "áudio",
    "image": "imagem",
    "video": "vídeo",
    "location": "localização",
    "contact": "contato",
    "fallback": "link",
    "embed": "link",
    "share": "publicação compartilhada",
    "ig_post": "publicação compartilhada",
    "ig_reel": "publicação compartilhada",
    "story_mention": "menção em um story",
    "ig_story": "story",
}
_OWN_WORDS = frozenset({"audio", "location", "contact", "fallback", "embed"})
"""Kinds whose text the customer said or chose; what stands in a picture or file is only data."""


def mark(item: Attachment) -> str:
    """Return what stands before the text of an attachment: ``[áudio]``, ``[arquivo nota.pdf]``."""
    known = _MARKS.get(item.kind)
    if known is None:
        known = " ".join(["arquivo", item.name]).strip()
    return f"[{known.replace('[', '(').replace(']', ')')}]"


def spoken(line: Line) -> str:
    """Return the message as a crew reads it: its words, then a marked line for each attachment.

    One that nobody could read is its mark alone, so that nothing is forgotten to have been sent.
    """
    if line.deleted:
        return ""
    said = [line.text.strip()] if not line.unsupported else []
    said += [f"{mark(item)} {(item.text or '').strip()}".strip() for item in line.attachments]
    return "\n".join(part for part in said if part)


def own_words(line: Line) -> str:
    """Return what the customer said himself, typed or aloud, without marks.

    What stands in a picture or a document is not among it: no text in it may be taken for a wish.
    """
    if line.unsupported or line.deleted:
        return ""
    said = [line.text.strip()]
    said += [(item.text or "").strip() for item in line.attachments if item.kind in _OWN_WORDS]
    return "\n".join(part for part in said if part)
