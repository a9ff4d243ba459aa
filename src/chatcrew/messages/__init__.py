"""The values that travel between the parts: what came in, what a turn is, what goes out."""

from chatcrew.messages._acts import UNLESS_SPOKEN, ActKind, PlannedPart, unless_spoken
from chatcrew.messages._clean import clean_json, clean_text
from chatcrew.messages._conduct import Conduct, OptOut
from chatcrew.messages._conversation import (
    AuthorKind,
    Contact,
    ConversationState,
    Owner,
    OwnerKind,
    Silence,
    Snapshot,
)
from chatcrew.messages._data import as_data
from chatcrew.messages._debts import Debt, DebtEnd, DebtKind, NewDebt, Promise
from chatcrew.messages._delivery import Change, Delivery, Effect, Rating, Weight
from chatcrew.messages._drafts import Fate, Suggested, Suggestion
from chatcrew.messages._feedback import Signal
from chatcrew.messages._gate import closed_because
from chatcrew.messages._json import (
    line_from_json,
    line_to_json,
    snapshot_from_json,
    snapshot_to_json,
)
from chatcrew.messages._kept import Kept, Piece, Wanted
from chatcrew.messages._lines import Attachment, Author, Line, Receipt
from chatcrew.messages._media import (
    Reading,
    SentFile,
    SpeechRequest,
    Transcript,
    Unread,
    WhyUnread,
)
from chatcrew.messages._memory import (
    Consent,
    Erased,
    Fact,
    FactKind,
    NewFact,
    Noted,
    Person,
    Recollection,
    Work,
)
from chatcrew.messages._models import (
    ModelAnswer,
    ModelCall,
    ModelRequest,
    ToolCall,
    ToolResult,
    ToolSpec,
    Usage,
)
from chatcrew.messages._outgoing import PartState, StoredPart, TurnRecord
from chatcrew.messages._placement import Placement, Placing, Wait
from chatcrew.messages._refusals import amount_told, limit_told, refusal_told
from chatcrew.messages._spending import Bid
from chatcrew.messages._spoken import mark, own_words, spoken
from chatcrew.messages._talkover import Talkover, talkovers
from chatcrew.messages._topic import Filled, Topic, topic_from_json, topic_to_json
from chatcrew.messages._turn import (
    Answer,
    Ask,
    Burst,
    Claim,
    Handoff,
    Input,
    InputKind,
    Outcome,
    Passage,
    Rung,
    Talk,
    Timing,
    TurnKey,
    TurnState,
)
from chatcrew.messages._window import last_word, reply_window, window_closed

__all__ = [
    "UNLESS_SPOKEN",
    "ActKind",
    "Answer",
    "Ask",
    "Attachment",
    "Author",
    "AuthorKind",
    "Bid",
    "Burst",
    "Change",
    "Claim",
    "Conduct",
    "Consent",
    "Contact",
    "ConversationState",
    "Debt",
    "DebtEnd",
    "DebtKind",
    "Delivery",
    "Effect",
    "Erased",
    "Fact",
    "FactKind",
    "Fate",
    "Filled",
    "Handoff",
    "Input",
    "InputKind",
    "Kept",
    "Line",
    "ModelAnswer",
    "ModelCall",
    "ModelRequest",
    "NewDebt",
    "NewFact",
    "Noted",
    "OptOut",
    "Outcome",
    "Owner",
    "OwnerKind",
    "PartState",
    "Passage",
    "Person",
    "Piece",
    "Placement",
    "Placing",
    "PlannedPart",
    "Promise",
    "Rating",
    "Reading",
    "Receipt",
    "Recollection",
    "Rung",
    "SentFile",
    "Signal",
    "Silence",
    "Snapshot",
    "SpeechRequest",
    "StoredPart",
    "Suggested",
    "Suggestion",
    "Talk",
    "Talkover",
    "Timing",
    "ToolCall",
    "ToolResult",
    "ToolSpec",
    "Topic",
    "Transcript",
    "TurnKey",
    "TurnRecord",
    "TurnState",
    "Unread",
    "Usage",
    "Wait",
    "Wanted",
    "Weight",
    "WhyUnread",
    "Work",
    "amount_told",
    "as_data",
    "clean_json",
    "clean_text",
    "closed_because",
    "last_word",
    "limit_told",
    "line_from_json",
    "line_to_json",
    "mark",
    "own_words",
    "refusal_told",
    "reply_window",
    "snapshot_from_json",
    "snapshot_to_json",
    "spoken",
    "talkovers",
    "topic_from_json",
    "topic_to_json",
    "unless_spoken",
    "window_closed",
]
