"""What the intents that every business has are called where operators read of them."""

_NAMES = {
    "wants_person": ("pedir uma pessoa", "asking for a person"),
    "wants_bot": ("continuar com o bot", "going on with the bot"),
    "emergency": ("urgência", "emergency"),
    "complaint": ("reclamação", "complaint"),
    "greeting": ("cumprimento", "greeting"),
    "thanks": ("agradecimento", "thanks"),
    "goodbye": ("despedida", "goodbye"),
}


def plain(name: str, language: str) -> str:
    """Return an intent's name in plain words; one of the business's own without its underscores.

    Args:
        name: key of the intent.
        language: ``en``, else Portuguese.
    """
    return _NAMES[name][language == "en"] if name in _NAMES else name.replace("_", " ")
