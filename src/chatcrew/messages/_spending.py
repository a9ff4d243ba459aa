"""What a model call may cost at worst, for whoever has to allow it before it is made."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bid:
    """One call that is about to be made.

    Attributes:
        tenant: who pays.
        model: the configured model that will be asked.
        tokens: most that request and answer can be.
        cost: US dollars of these, or None where the price of the model is not known.
        seconds: how long the call may take at most.
        role: which role asks, or "".
        function: of the crew that asks, or "".
    """

    tenant: str
    model: str
    tokens: int = 0
    cost: float | None = None
    seconds: float = 30.0
    role: str = ""
    function: str = ""
