"""How a customer feels about how he is served, told from his words without a model (S1-29)."""

from chatcrew.hub.mood._score import Mood, mood, named

__all__ = ["Mood", "mood", "named"]
