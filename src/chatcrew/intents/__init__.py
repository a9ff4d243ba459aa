"""Intents: what a customer says that needs no model (greeting, thanks, "a person, please")."""

from chatcrew.intents._builtin import builtin
from chatcrew.intents._classifier import Classifier, Context, Guess, Lesson
from chatcrew.intents._fold import fold, words
from chatcrew.intents._language import detect_language
from chatcrew.intents._match import Hit, match
from chatcrew.intents._options import chosen, listed
from chatcrew.intents._replies import choose, fill, first_name
from chatcrew.intents._typos import nearest

__all__ = [
    "Classifier",
    "Context",
    "Guess",
    "Hit",
    "Lesson",
    "builtin",
    "choose",
    "chosen",
    "detect_language",
    "fill",
    "first_name",
    "fold",
    "listed",
    "match",
    "nearest",
    "words",
]
