"""The gateway to language models: deadlines, one retry layer, limits, cache and usage (S3-64)."""

from chatcrew.llm._names import fast_model_name
from chatcrew.llm._none import NoModel
from chatcrew.llm._openai import OpenAIModel
from chatcrew.llm._port import BreakerObserver, Meter, Model
from chatcrew.llm._prices import cost
from chatcrew.llm._purse import OpenPurse, Purse
from chatcrew.llm._rows import Rows
from chatcrew.llm.cached import Cached
from chatcrew.llm.fallback import Choice, Fallback
from chatcrew.llm.gateway import build, open_gateway
from chatcrew.llm.hearing import Hearing, open_hearing
from chatcrew.llm.limited import Limited, NoSlot
from chatcrew.llm.masked import Masked
from chatcrew.llm.metered import Booked, Metered
from chatcrew.llm.retrying import Retrying

__all__ = [
    "Booked",
    "BreakerObserver",
    "Cached",
    "Choice",
    "Fallback",
    "Hearing",
    "Limited",
    "Masked",
    "Meter",
    "Metered",
    "Model",
    "NoModel",
    "NoSlot",
    "OpenAIModel",
    "OpenPurse",
    "Purse",
    "Retrying",
    "Rows",
    "build",
    "cost",
    "fast_model_name",
    "open_gateway",
    "open_hearing",
]
