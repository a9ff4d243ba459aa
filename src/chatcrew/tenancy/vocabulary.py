"""The closed lists that configuration is checked against: channels, placeholders, text keys."""

from typing import Literal, get_args

CHANNEL_CLASSES = {
    "Channel::Api": "api",
    "Channel::Email": "email",
    "Channel::FacebookPage": "facebook",
    "Channel::Instagram": "instagram",
    "Channel::Line": "line",
    "Channel::Sms": "sms",
    "Channel::Telegram": "telegram",
    "Channel::Tiktok": "tiktok",
    "Channel::TwilioSms": "sms",
    "Channel::TwitterProfile": "twitter",
    "Channel::WebWidget": "web_widget",
    "Channel::Whatsapp": "whatsapp",
}
"""Chatwoot's channel classes and our names for them; a folder under ``crews/`` adds its own."""

CHANNELS = frozenset(CHANNEL_CLASSES.values())

CHATTY = frozenset({"facebook", "instagram", "line", "telegram", "tiktok", "whatsapp"})
"""Channels where people write several short messages in a row; ``delivery.micro`` left out."""

FALLBACK_CREW = "_default"
"""The crew that answers channels without one of their own."""

PLACEHOLDERS = frozenset(
    {
        "agent_name",
        "business_name",
        "channel",
        "collected",
        "contact_name",
        "examples",
        "facts",
        "history",
        "hours",
        "knowledge",
        "language",
        "max_chars",
        "memory",
        "message",
        "now",
        "professionals",
        "rules",
        "style",
        "summary",
        "today",
        "tone",
    }
)
"""What the turn fills in; ``hub.prompt.inputs`` gives every one of them."""

TOOL_FACTS = frozenset(
    {
        "contact.email",
        "contact.id",
        "contact.name",
        "contact.phone",
        "contact.proven_email",
        "contact.proven_phone",
    }
)
"""What templates of tools may hold beside the tool's own parameters; no model writes these."""

SlotKind = Literal[
    "cpf",
    "cnpj",
    "document",
    "cep",
    "phone",
    "email",
    "date",
    "past_date",
    "money",
    "order_number",
    "number",
    "pix_key",
    "text",
]
"""What a slot of an intent may ask for; ``intents.fits`` says which entities answer it."""

PrivateKind = Literal[
    "cpf", "cnpj", "rg", "cnh", "passport", "card", "phone", "email", "pix", "address"
]
PRIVATE_KINDS = get_args(PrivateKind)
"""Personal data that may leave the house as a placeholder only; ``privacy.KINDS`` finds each."""

HIDDEN: tuple[str, ...] = ("cpf", "cnpj", "rg", "cnh", "passport", "card")
"""What is hidden from providers where a tenant says nothing: documents and cards."""

Language = Literal["pt-BR", "en", "es"]
LANGUAGES: tuple[str, ...] = get_args(Language)
"""Languages that ``hub.texts`` has every text in, the one that all fall back to first."""

Priority = Literal["low", "medium", "high", "urgent"]
PRIORITIES = get_args(Priority)
"""Chatwoot's priorities, lowest first (app/models/conversation.rb)."""

FeedbackSignal = Literal["complaint", "asked", "generic", "unable"]
SIGNALS: tuple[str, ...] = get_args(FeedbackSignal)
"""How a customer shows that the bot did not serve him well (S3-99)."""

EXPECTED = "expected"
"""What a reply of an intent with a priority may hold: by when customers may expect people."""

REPLY_PLACEHOLDERS = frozenset({"agent_name", "business_name", "contact_name", "hours"})
"""What an intent's replies may hold besides the tenant's facts; ``intents.fill`` fills them."""

TEXT_KEYS = frozenset(
    {
        "abuse_flood",
        "abuse_handoff",
        "abuse_long",
        "abuse_repeats",
        "answers_slowed",
        "attachment_again",
        "attachment_audio",
        "attachment_down",
        "attachment_file",
        "attachment_image",
        "attachment_partly",
        "attachment_too_big",
        "attachment_type",
        "attachment_unclear",
        "attachment_video",
        "handoff",
        "handoff_absent",
        "handoff_closed",
        "handoff_content_filter",
        "handoff_late",
        "handoff_loop",
        "handoff_model_down",
        "handoff_no_answer",
        "handoff_noted",
        "handoff_sorry",
        "handoff_topic",
        "handoff_wait",
        "inactivity_close",
        "inactivity_nudge",
        "handoff_returned",
        "memory_agreed",
        "memory_consent",
        "memory_refused",
        "opt_in",
        "opt_out",
        "parked",
        "people_first",
        "slot_invalid",
        "stay_asked",
        "stay_attachment",
        "stay_choice",
        "stay_model_down",
        "stay_no_answer",
        "unsupported",
    }
)
"""Texts a tenant may word for itself; ``hub.texts.DEFAULTS`` has one of each."""

SURE = 0.85
"""Least chance that a guessed intent is right where a tenant says nothing of it (S1-25): with it no
phrase of the example businesses is guessed wrong."""

BUILTIN_INTENTS = frozenset({"goodbye", "greeting", "thanks", "wants_bot", "wants_person"})
"""Intents that every tenant has without naming them; ``intents.builtin`` gives them."""

NO_INTENT = "none"
"""What a conversation test expects where no intent may answer."""
