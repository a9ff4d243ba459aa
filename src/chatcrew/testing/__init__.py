"""The public test kit: a Chatwoot on loopback, and what goes with it.

Names are imported when they are first used: pytest loads this package in every project that has
chatcrew installed, and its plugin needs none of them.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chatcrew.testing._chatwoot.account import Account
    from chatcrew.testing._chatwoot.call import ApiCall
    from chatcrew.testing._chatwoot.changes import Change
    from chatcrew.testing._chatwoot.client import ApiClient
    from chatcrew.testing._chatwoot.fake import FakeChatwoot
    from chatcrew.testing._chatwoot.faults import Faults
    from chatcrew.testing._chatwoot.guise import Guise, guises
    from chatcrew.testing._chatwoot.people import Agent, AgentBot, Contact, File, Inbox, Team
    from chatcrew.testing._chatwoot.sender import Delivery, Disorder
    from chatcrew.testing._chatwoot.sink import Received, WebhookSink
    from chatcrew.testing._chatwoot.state import Conversation, Message
    from chatcrew.testing._chatwoot.wire import rails_json, sign, signed_headers
    from chatcrew.testing._manual_clock import ManualClock
    from chatcrew.testing._mapping import write_mapping
    from chatcrew.testing._models.pace import ModelPace, ModelTally
    from chatcrew.testing._models.scripted import ScriptedModel
    from chatcrew.testing._models.server import FakeModelServer
    from chatcrew.testing._outside.api import ApiRequest, FakeApi, FakeN8n
    from chatcrew.testing._outside.woo import FakeWooCommerce
    from chatcrew.testing._redis import RedisForTests
    from chatcrew.testing._serving import stop_serving

__all__ = [
    "Account",
    "Agent",
    "AgentBot",
    "ApiCall",
    "ApiClient",
    "ApiRequest",
    "Change",
    "Contact",
    "Conversation",
    "Delivery",
    "Disorder",
    "FakeApi",
    "FakeChatwoot",
    "FakeModelServer",
    "FakeN8n",
    "FakeWooCommerce",
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
    "Account": "_chatwoot.account",
    "Agent": "_chatwoot.people",
    "AgentBot": "_chatwoot.people",
    "ApiCall": "_chatwoot.call",
    "ApiClient": "_chatwoot.client",
    "ApiRequest": "_outside.api",
    "Change": "_chatwoot.changes",
    "Contact": "_chatwoot.people",
    "Conversation": "_chatwoot.state",
    "Delivery": "_chatwoot.sender",
    "Disorder": "_chatwoot.sender",
    "FakeChatwoot": "_chatwoot.fake",
    "FakeApi": "_outside.api",
    "FakeModelServer": "_models.server",
    "FakeN8n": "_outside.api",
    "FakeWooCommerce": "_outside.woo",
    "Faults": "_chatwoot.faults",
    "File": "_chatwoot.people",
    "Guise": "_chatwoot.guise",
    "Inbox": "_chatwoot.people",
    "ManualClock": "_manual_clock",
    "Message": "_chatwoot.state",
    "ModelPace": "_models.pace",
    "ModelTally": "_models.pace",
    "Received": "_chatwoot.sink",
    "RedisForTests": "_redis",
    "ScriptedModel": "_models.scripted",
    "Team": "_chatwoot.people",
    "WebhookSink": "_chatwoot.sink",
    "guises": "_chatwoot.guise",
    "rails_json": "_chatwoot.wire",
    "sign": "_chatwoot.wire",
    "signed_headers": "_chatwoot.wire",
    "stop_serving": "_serving",
    "write_mapping": "_mapping",
}


def __getattr__(name: str) -> object:
    """Import a name of the kit (PEP 562)."""
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_PLACES[name]}"), name)
