"""The public test kit: a Chatwoot on loopback, and what goes with it."""

from chatcrew.testing._chatwoot import FakeChatwoot
from chatcrew.testing._chatwoot_account import Account
from chatcrew.testing._chatwoot_call import ApiCall
from chatcrew.testing._chatwoot_changes import Change
from chatcrew.testing._chatwoot_client import ApiClient
from chatcrew.testing._chatwoot_faults import Faults
from chatcrew.testing._chatwoot_people import Agent, AgentBot, Contact, File, Inbox, Team
from chatcrew.testing._chatwoot_sender import Delivery, Disorder
from chatcrew.testing._chatwoot_sink import Received, WebhookSink
from chatcrew.testing._chatwoot_state import Conversation, Message
from chatcrew.testing._chatwoot_wire import rails_json, sign, signed_headers
from chatcrew.testing._manual_clock import ManualClock
from chatcrew.testing._mapping import write_mapping
from chatcrew.testing._model import ScriptedModel
from chatcrew.testing._model_server import FakeModelServer
from chatcrew.testing._redis import RedisForTests

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
    "Inbox",
    "ManualClock",
    "Message",
    "Received",
    "RedisForTests",
    "ScriptedModel",
    "Team",
    "WebhookSink",
    "rails_json",
    "sign",
    "signed_headers",
    "write_mapping",
]
