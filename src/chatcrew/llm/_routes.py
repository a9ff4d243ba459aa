"""From a model's name to whom to ask: each provider's model with its own breaker and slots."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from chatcrew.clock import Clock
from chatcrew.llm._port import Model
from chatcrew.llm.fallback import Choice
from chatcrew.llm.limited import Limited
from chatcrew.tenancy import ModelCatalogue, ModelSpec, Provider


class _Place(NamedTuple):
    """What makes two names one model: the same one at the same address."""

    provider: str
    address: Provider | None
    id: str
    concurrency: int


class Routes:
    """Makes and keeps what stands between the gateway and each model.

    The catalogue is read anew for every call, so that a reload takes effect at once; breaker and
    slots of a model outlive it unless its address, id or concurrency changed.

    Args:
        ask: returns who asks the provider of a model.
        catalogue: the models as the files say it now.
        clock: measures budgets.
        concurrency: calls at once to a model that names no limit of its own.
        guard: puts a breaker around a model and the slots, which the third argument makes.
    """

    def __init__(
        self,
        ask: Callable[[ModelSpec], Model],
        *,
        catalogue: Callable[[], ModelCatalogue],
        clock: Clock,
        concurrency: int,
        guard: Callable[[Model, ModelSpec, Callable[[Model], Model]], Model],
    ) -> None:
        self._ask = ask
        self._catalogue = catalogue
        self._clock = clock
        self._concurrency = concurrency
        self._guard = guard
        self._made: dict[_Place, Model] = {}

    def __call__(self, name: str) -> Sequence[Choice]:
        """Return the model called ``name`` and its stand-ins, in order."""
        catalogue = self._catalogue()
        return [
            Choice(spec.name, self._model(spec, catalogue), spec.context)
            for spec in catalogue.chain(name)
        ]

    def _model(self, spec: ModelSpec, catalogue: ModelCatalogue) -> Model:
        address = catalogue.providers.get(spec.provider)
        most = spec.concurrency or self._concurrency
        place = _Place(spec.provider, address, spec.id, most)
        made = self._made.get(place)
        if made is None:
            made = self._made[place] = self._guard(
                self._ask(spec), spec, lambda model: Limited(model, clock=self._clock, limit=most)
            )
        return made
