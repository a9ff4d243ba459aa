"""Intents: what a customer says that needs no model (greeting, thanks, "a person, please")."""

from chatcrew.intents._builtin import builtin
from chatcrew.intents._classifier import Classifier, Context, Guess, Lesson
from chatcrew.intents._entities import KINDS, Entity, entities, past_dates
from chatcrew.intents._fold import fold, word_set, words
from chatcrew.intents._kept import Classifiers, Version, version
from chatcrew.intents._language import detect_language, language_held, load_languages
from chatcrew.intents._lessons import known, lessons
from chatcrew.intents._match import ASKING, Hit, match, unlike
from chatcrew.intents._names import asks_name, told_name
from chatcrew.intents._options import chosen, listed
from chatcrew.intents._plain import plain
from chatcrew.intents._replies import choose, fill, first_name, holds
from chatcrew.intents._shown import shown, suits
from chatcrew.intents._slots import MOST_ASKED, fill_slots, fits
from chatcrew.intents._typos import Slips, nearest
from chatcrew.privacy import codes as pix_codes

__all__ = [
    "ASKING",
    "KINDS",
    "MOST_ASKED",
    "Classifier",
    "Classifiers",
    "Context",
    "Entity",
    "Guess",
    "Hit",
    "Lesson",
    "Slips",
    "Version",
    "asks_name",
    "builtin",
    "choose",
    "chosen",
    "detect_language",
    "entities",
    "fill",
    "fill_slots",
    "first_name",
    "fits",
    "fold",
    "holds",
    "known",
    "language_held",
    "lessons",
    "listed",
    "load_languages",
    "match",
    "nearest",
    "past_dates",
    "pix_codes",
    "plain",
    "shown",
    "suits",
    "told_name",
    "unlike",
    "version",
    "word_set",
    "words",
]
