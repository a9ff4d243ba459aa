"""Finds the words a message means: raw text, an e-mail's own part, form values, chosen titles."""

import html
import re
from typing import Any

from chatcrew.chatwoot._fields import MAX_TEXT, flag, read_json, rows, section, text
from chatcrew.messages import clean_json

_RENDERED = re.compile(r"\s*<(?:p|div|ul|ol|h[1-6]|blockquote|pre|a|strong|em)\b", re.IGNORECASE)
_BREAK = re.compile(r"<br\s*/?>|</(?:p|div|li|h[1-6]|blockquote|pre|tr)>", re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")
_BLANK_LINES = re.compile(r"\n{3,}")
_ANSWERED_SUBJECT = re.compile(r"\s*(?:re|res|fw|fwd|enc)\s*:", re.IGNORECASE)
_BOUNCE = re.compile(r"\s*(?:mailer-daemon|postmaster)@", re.IGNORECASE)


def read_text(message: dict[str, Any], *, entry: dict[str, Any], legacy: bool) -> str:
    """Return what the author of ``message`` said, at most ``MAX_TEXT`` characters.

    Args:
        message: the message as the webhook's top level or a REST answer has it.
        entry: the same message in ``conversation.messages``, or empty: its content is raw where
            the top level's was rendered for the channel (Chatwoot 4.4.0 to 4.12.0).
        legacy: the payload is older than 4.14.2, so a top level may be HTML.
    """
    attributes = section(message, "content_attributes")
    if flag(attributes, "deleted") or flag(attributes, "is_unsupported"):
        return ""  # the content is Chatwoot's own notice, nobody's words
    raw = text(entry, "content")
    if raw is None:
        raw = text(message, "content") or ""
        if legacy and _RENDERED.match(raw):
            raw = plain_text(raw)
    if message.get("content_type") == "incoming_email":
        raw = _mail_text(attributes, entry, raw)
    flow = section(attributes, "whatsapp_flow_response")
    if flow:
        raw = _flow_text(flow) or raw
    advert = _advert(section(attributes, "referral"))
    said = "\n".join(part for part in (raw.strip(), advert) if part)
    return said[:MAX_TEXT]


def choice_text(attributes: dict[str, Any]) -> str:
    """Return what the customer chose or filled in: titles, or ``name: value`` lines of a form."""
    values = rows(attributes, "submitted_values")
    titles = [title for row in values if (title := text(row, "title"))]
    lines = [
        f"{name}: {_shown(row.get('value'))}"
        for row in values
        if (name := text(row, "name")) and "title" not in row
    ]
    if not titles and not lines:
        titles = [_shown(row["value"]) for row in values if "value" in row]
    return "\n".join([", ".join(titles)] * bool(titles) + lines).strip()[:MAX_TEXT]


def is_automatic(message: dict[str, Any], *, conversation: dict[str, Any]) -> bool:
    """Return whether a program wrote this e-mail by itself: an answer would loop (RFC 3834)."""
    attributes = section(message, "content_attributes")
    mail = section(attributes, "email")
    if message.get("content_type") != "incoming_email" and not mail:
        return False
    if "auto_reply" in mail:
        marked = flag(mail, "auto_reply")
    else:
        marked = flag(section(conversation, "additional_attributes"), "auto_reply")
    senders = mail.get("from")
    bounced = isinstance(senders, list) and any(
        isinstance(sender, str) and _BOUNCE.match(sender) for sender in senders
    )
    submitted = section(mail, "headers").get("auto-submitted")
    declared = isinstance(submitted, str) and submitted.strip().lower() not in ("", "no")
    return marked or bounced or declared


def plain_text(markup: str) -> str:
    """Return the text of HTML that Chatwoot rendered from Markdown."""
    text_only = _TAG.sub("", _BREAK.sub("\n", markup))
    return _BLANK_LINES.sub("\n\n", html.unescape(text_only)).strip()


def _mail_text(attributes: dict[str, Any], entry: dict[str, Any], raw: str) -> str:
    """Return an e-mail without quoted history, its subject first where it opens a thread."""
    mail = section(attributes, "email")
    candidates = (
        text(section(mail, "text_content"), "reply"),
        text(entry, "processed_message_content"),
        text(section(mail, "html_content"), "reply"),
        raw,
    )
    body = next((found for found in candidates if found and found.strip()), "")
    if _RENDERED.match(body):
        body = plain_text(body)
    subject = (text(mail, "subject") or "").strip()
    if not subject or _ANSWERED_SUBJECT.match(subject):
        return body
    return f"[Assunto: {subject}]\n{body}"


def _flow_text(flow: dict[str, Any]) -> str:
    """Return a WhatsApp Flow's answers as lines; its token is plumbing, not an answer."""
    answers = flow.get("response_json")
    if isinstance(answers, str):
        try:
            answers = read_json(answers.encode("utf-8", "replace"))
        except ValueError:
            return ""
    if not isinstance(answers, dict):
        return ""
    return "\n".join(
        f"{key}: {_shown(value)}"
        for key, value in clean_json(answers).items()
        if key != "flow_token" and value not in (None, "")
    )


def _advert(referral: dict[str, Any]) -> str:
    """Return which advertisement brought the customer: "the promotion" means nothing without it."""
    facts = [fact for key in ("headline", "body") if (fact := text(referral, key))]
    return f"[Veio do anúncio: {' — '.join(facts)}]" if facts else ""


def _shown(value: object) -> str:
    """Return a submitted JSON value as a person would write it."""
    cleaned = clean_json(value)
    match cleaned:
        case None:
            return ""
        case bool():
            return "sim" if cleaned else "não"
        case list():
            return ", ".join(_shown(item) for item in cleaned)
        case dict():
            named = text(cleaned, "title") or text(cleaned, "value")
            return named or ", ".join(f"{key}: {_shown(item)}" for key, item in cleaned.items())
        case _:
            return str(cleaned)
