"""What each channel behind Chatwoot lets through: reply windows, lengths, buttons."""

from datetime import datetime, timedelta

from chatcrew.testing._chatwoot.state import Conversation, Message

# Chatwoot app/services/conversations/message_window_service.rb
_WINDOW_HOURS = {
    "Channel::Whatsapp": 24,
    "Channel::TwilioSms": 24,
    "Channel::FacebookPage": 24,
    "Channel::Instagram": 24,
    "Channel::Tiktok": 48,
}
# Limits of the providers; Chatwoot neither splits nor cuts, the provider refuses.
_TEXT_LIMITS = {
    "Channel::Whatsapp": 4096,
    "Channel::TwilioSms": 1600,
    "Channel::Instagram": 1000,
    "Channel::FacebookPage": 2000,
    "Channel::Telegram": 4096,
    "Channel::Line": 5000,
    "Channel::Sms": 320,
    "Channel::Tiktok": 6000,
}
_WINDOW_ERRORS = {
    "pt_BR": (
        "A mensagem não foi enviada porque a janela de atendimento de 24 horas do WhatsApp foi "
        "encerrada e nenhum parâmetro de modelo foi fornecido. "
        "Envie uma mensagem de modelo aprovada."
    ),
    "en": (
        "Message was not sent because the 24-hour WhatsApp window is closed and no template "
        "parameters were given. Send an approved template message."
    ),
}

# WhatsApp (Meta): up to 3 items become buttons, more become rows of one list.
_BUTTONS, _BUTTON_TITLE, _ROWS, _ROW_TITLE, _BODY = 3, 20, 10, 24, 1024


def can_reply(conversation: Conversation, now: datetime) -> bool:
    """Whether a plain message still reaches the customer (Chatwoot's ``can_reply``)."""
    hours = _WINDOW_HOURS.get(conversation.inbox.channel)
    if hours is None:
        return True
    incoming = [m.created_at for m in conversation.messages if m.message_type == "incoming"]
    return bool(incoming) and now - incoming[-1] <= timedelta(hours=hours)


def refusal(message: Message, now: datetime, *, locale: str) -> str | None:
    """Return why the provider does not deliver ``message``, None when it does."""
    conversation = message.conversation
    if not can_reply(conversation, now) and "template_params" not in message.additional_attributes:
        return _WINDOW_ERRORS[locale]
    limit = _TEXT_LIMITS.get(conversation.inbox.channel)
    if limit is not None and len(message.content or "") > limit:
        return f"100: The parameter text['body'] is too long (maximum is {limit} characters)"
    if conversation.inbox.channel == "Channel::Whatsapp" and message.content_type == "input_select":
        return _interactive_refusal(message)
    return None


def has_receipts(message: Message) -> bool:
    """Whether the provider reports sent, delivered and read."""
    return message.conversation.inbox.channel in {"Channel::Whatsapp", "Channel::TwilioSms"}


def _interactive_refusal(message: Message) -> str | None:
    titles = [str(item.get("title", "")) for item in message.content_attributes.get("items", [])]
    longest = _BUTTON_TITLE if len(titles) <= _BUTTONS else _ROW_TITLE
    if len(titles) > _ROWS:
        return f"131009: Parameter value is not valid: more than {_ROWS} rows"
    if len(set(titles)) < len(titles):
        return "131009: Parameter value is not valid: duplicated title"
    for title in titles:
        if not 0 < len(title) <= longest:
            return f"131009: Parameter value is not valid: title length must be 1 to {longest}"
    if len(message.content or "") > _BODY:
        return f"131009: Parameter value is not valid: body longer than {_BODY}"
    return None
