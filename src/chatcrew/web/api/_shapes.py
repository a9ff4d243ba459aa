"""What the API takes and gives, as shapes: they validate, serialise, and are its documentation."""

from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from chatcrew.analytics import Costs, IntentFigures, Latency, Outcomes, Overview

_Key = Annotated[
    str, StringConstraints(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f]+$")
]


_FROM, _TO = datetime(2000, 1, 1, tzinfo=UTC), datetime(3000, 1, 1, tzinfo=UTC)


def _countable(moment: datetime) -> datetime:
    """Return a moment whose days, in every timezone, are dates.

    Raises:
        ValueError: it is none.
    """
    if not _FROM <= moment < _TO:
        raise ValueError("must be in the years 2000 to 2999")
    return moment


_Moment = Annotated[AwareDatetime, AfterValidator(_countable)]


class Closed(BaseModel):
    """Refuses what it does not know: a mistyped key must not pass for one that was left out."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ErrorBody(BaseModel):
    """Why something was refused."""

    kind: str = Field(description="Short stable name.")
    message: str = Field(description="In words, with the place and the way out.")


class Error(BaseModel):
    """The one shape of every error."""

    error: ErrorBody


class Trial(Closed):
    """What a simulated customer says."""

    text: str = Field(description="The words; at most 10,000 characters.", max_length=10_000)
    session: _Key = Field(
        "default", description="Name of the conversation; another name is another conversation."
    )
    contact: _Key = Field(
        "visitor", description="Name of the customer, whom the bot remembers by it."
    )
    name: str = Field("", max_length=100, description="As the bot may call the customer.")
    phone: str | None = Field(
        None, pattern=r"^\+[1-9][0-9]{7,14}$", description="E.164, such as +5581999990000."
    )
    channel: str | None = Field(
        None, max_length=40, description="One the tenant has; left out: its first."
    )


class Reply(BaseModel):
    """One message of the bot."""

    text: str
    options: list[str] = Field(description="Titles of the options offered with it.")


class Tried(BaseModel):
    """What the bot made of it."""

    conversation: int = Field(description="Number of the simulated conversation (bot `sim`).")
    turn: str
    replies: list[Reply] = Field(description="What the customer would read, in order.")
    notes: list[str] = Field(description="What the team would read as private notes.")
    outcome: str = Field(description="replied, handed_off, dropped or parked.")
    reason: str = Field(description="Short stable name of why.")
    handoff: bool = Field(description="The turn gave the conversation to people.")
    with_people: bool = Field(description="People have it: the bot says nothing more in it.")
    intent: str | None
    mood: float | None = Field(description="-1 to 1, or null where none was read.")
    engine: str | None
    function: str | None
    language: str | None
    seconds: float = Field(description="From the customer's word to the end of the turn.")
    cost: float = Field(description="US dollars, as far as prices are known.")
    unpriced: int = Field(description="Model calls whose price nobody knows.")
    prompt_tokens: int
    completion_tokens: int


class Period(Closed):
    """Which time; left out, the last 30 days."""

    since: _Moment | None = Field(None, description="First moment that counts.")
    until: _Moment | None = Field(None, description="First moment that counts no more.")


class Listed(Closed):
    """Which page of a list."""

    after: str | None = Field(None, max_length=200, description="`next` of the page before.")
    limit: int = Field(50, ge=1, le=200)


class ListedPeriod(Period):
    """Which page of a list, of which time."""

    after: str | None = Field(None, max_length=200, description="`next` of the page before.")
    limit: int = Field(50, ge=1, le=200)


class Newest(Closed):
    """How many, the newest."""

    limit: int = Field(20, ge=1, le=100)


class ExportQuery(Period):
    """Which time, in which form."""

    format: Literal["csv", "jsonl"] = "jsonl"


class Nothing(Closed):
    """No parameters."""


class Health(BaseModel):
    """The API answers."""

    status: Literal["live"] = "live"
    version: str


class LineOut(BaseModel):
    """One message of a conversation."""

    id: int
    author: str = Field(description="customer, bot, person, phone, other_bot, automation, …")
    name: str | None
    text: str
    at: datetime
    private: bool
    attachments: list[str] = Field(description="Kinds of the files that came with it.")


class PersonOut(BaseModel):
    """Everything that is kept of a customer."""

    data: dict[str, object]


class ReceiptOut(BaseModel):
    """Proof of an erasure: counts and hashes, signed; no data."""

    id: str
    document: dict[str, object]
    signature: str = Field(description="Ed25519, base64.")
    public_key: str = Field(description="Raw Ed25519 key, base64.")


class Stats(BaseModel):
    """Figures of a time; docs/analytics.md has every formula."""

    since: datetime
    until: datetime
    overview: Overview
    outcomes: Outcomes
    costs: Costs
    latency: Latency
    intents: list[IntentFigures]
