"""What an operation found, in the API's own shapes; and its refusals."""

from chatcrew.ids import ConversationId
from chatcrew.messages import Line, Outcome, Person
from chatcrew.web.api._operations import Call, Refusal
from chatcrew.web.api._ports import NotSimulated, Simulated
from chatcrew.web.api._shapes import LineOut, Reply, Tried

_STATUSES = {"no_answer": 504, "unknown_tenant": 404, "not_mapped": 409}
_SAID = {
    "unknown_tenant": "no such tenant",
    "not_mapped": "no inbox of chatwoot_mapping.yaml leads to this tenant",
    "unknown_channel": "the tenant has no inbox of this channel",
    "empty": "nothing was said",
    "too_long": "more characters than a message may have",
    "no_answer": "no worker took the message in time: does one run?",
}


def not_simulated(error: NotSimulated) -> Refusal:
    """Return why it cannot be tried, and what can."""
    known = f" (there are: {', '.join(error.known)})" if error.known else ""
    status = _STATUSES.get(error.kind, 422)
    return Refusal(status, kind=error.kind, message=_SAID[error.kind] + known)


def tried(found: Simulated) -> Tried:
    """Return what the bot made of a simulated customer's words."""
    record = found.facts.record if found.facts else None
    details = record.details if record else {}
    mood = details.get("mood")
    return Tried(
        conversation=found.conversation.number,
        turn=found.turn,
        replies=[Reply(text=one.text, options=list(one.options)) for one in found.replies],
        notes=list(found.notes),
        outcome=found.outcome.value if found.outcome else "",
        reason=found.reason,
        handoff=found.outcome is Outcome.HANDED_OFF,
        with_people=found.with_people,
        intent=details.get("intent"),
        mood=float(mood) if mood is not None else None,
        engine=record.engine if record else None,
        function=record.function if record else None,
        language=details.get("language"),
        seconds=round(found.seconds, 3),
        cost=found.usage.cost,
        unpriced=found.usage.unpriced,
        prompt_tokens=found.usage.usage.prompt_tokens,
        completion_tokens=found.usage.usage.completion_tokens,
    )


def line_out(one: Line) -> LineOut:
    """Return one message of a conversation."""
    return LineOut(
        id=one.message_id,
        author=one.author.kind.value,
        name=one.author.name,
        text=one.text,
        at=one.created_at,
        private=one.private,
        attachments=[file.kind for file in one.attachments],
    )


def person_of(call: Call) -> Person:
    """Return the customer that an address names."""
    return Person(call.tenant, call.part("account"), int(call.part("contact")))


def target(conversation: ConversationId) -> str:
    """Return a conversation as the audit log has it."""
    return f"{conversation.bot}/{conversation.number}"


def no_conversation() -> Refusal:
    """Return what is said of a conversation that is not there, or another's."""
    return Refusal(404, kind="unknown_conversation", message="no such conversation of this tenant")


def bad_page() -> Refusal:
    """Return what is said of a page that nobody gave."""
    return Refusal(422, kind="invalid", message="query.after: is not `next` of a page")
