"""The public test kit: a Chatwoot on loopback, and what goes with it.

Names are imported when they are first used: pytest loads this package in every project that has
chatcrew installed, and its plugin needs none of them.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chatcrew.testing._chatwoot import FakeChatwoot
    from chatcrew.testing._chatwoot_account import Account
    from chatcrew.testing._chatwoot_call import ApiCall
    from chatcrew.testing._chatwoot_changes import Change
    from chatcrew.testing._chatwoot_client import ApiClient
    from chatcrew.testing._chatwoot_faults import Faults
    from chatcrew.testing._chatwoot_guise import Guise, guises
    from chatcrew.testing._chatwoot_people import Agent, AgentBot, Contact, File, Inbox, Team
    from chatcrew.testing._chatwoot_sender import Delivery, Disorder
    from chatcrew.testing._chatwoot_sink import Received, WebhookSink
    from chatcrew.testing._chatwoot_state import Conversation, Message
    from chatcrew.testing._chatwoot_wire import rails_json, sign, signed_headers
    from chatcrew.testing._manual_clock import ManualClock
    from chatcrew.testing._mapping import write_mapping
    from chatcrew.testing._model import ScriptedModel
    from chatcrew.testing._model_pace import ModelPace, ModelTally
    from chatcrew.testing._model_server import FakeModelServer
    from chatcrew.testing._redis import RedisForTests
    from chatcrew.testing._serving import stop_serving

__all__ = [
    "Account",
    "Agent",
    "AgentBot",
    "ApiCall",
    "ApiClient",
    "Change",
    "Contact",
    "Conversation",
    "Delivery",
    "Disorder",
    "FakeChatwoot",
    "FakeModelServer",
    "Faults",
    "File",
    "Guise",
    "Inbox",
    "ManualClock",
    "Message",
    "ModelPace",
    "ModelTally",
    "Received",
    "RedisForTests",
    "ScriptedModel",
    "Team",
    "WebhookSink",
    "guises",
    "rails_json",
    "sign",
    "signed_headers",
    "stop_serving",
    "write_mapping",
]

_PLACES = {
    "Account": "_chatwoot_account",
    "Agent": "_chatwoot_people",
    "AgentBot": "_chatwoot_people",
    "ApiCall": "_chatwoot_call",
    "ApiClient": "_chatwoot_client",
    "Change": "_chatwoot_changes",
    "Contact": "_chatwoot_people",
    "Conversation": "_chatwoot_state",
    "Delivery": "_chatwoot_sender",
    "Disorder": "_chatwoot_sender",
    "FakeChatwoot": "_chatwoot",
    "FakeModelServer": "_model_server",
    "Faults": "_chatwoot_faults",
    "File": "_chatwoot_people",
    "Guise": "_chatwoot_guise",
    "Inbox": "_chatwoot_people",
    "ManualClock": "_manual_clock",
    "Message": "_chatwoot_state",
    "ModelPace": "_model_pace",
    "ModelTally": "_model_pace",
    "Received": "_chatwoot_sink",
    "RedisForTests": "_redis",
    "ScriptedModel": "_model",
    "Team": "_chatwoot_people",
    "WebhookSink": "_chatwoot_sink",
    "guises": "_chatwoot_guise",
    "rails_json": "_chatwoot_wire",
    "sign": "_chatwoot_wire",
    "signed_headers": "_chatwoot_wire",
    "stop_serving": "_serving",
    "write_mapping": "_mapping",
}


def __getattr__(name: str) -> object:
    """Import a name of the kit (PEP 562)."""
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_PLACES[name]}"), name)
