"""Carries out what operators order: in their private notes, or by the tab's buttons."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from chatcrew.hub.context import TurnContext
from chatcrew.hub.orders import Given, Meant, Obeyed, Powers, Scene, read
from chatcrew.messages import AuthorKind, Input, InputKind, Line

__all__ = ["Obeyed", "Obeying"]

_ZONE = "America/Sao_Paulo"
"""Of a business that the mapping no longer knows."""


@dataclass(frozen=True, slots=True)
class Obeying:
    """Obeys each command of a burst, in its order; of those about one thing the last one stands."""

    powers: Powers

    async def obey(self, ctx: TurnContext) -> Obeyed:
        """Carry out what stands in the burst; done again in the same turn it changes nothing."""
        obeyed = Obeyed()
        given = [words for words in map(_given, ctx.claim.burst) if words is not None]
        meant = [(words, self._read(ctx, words)) for words in given]
        last = {item.kind.about: item for _, item in meant if item.kind and item.order}
        for words, item in meant:
            if item.order is None or item.kind is None:
                obeyed.notes.append(item.note)
            elif not item.kind.about or last[item.kind.about] is item:
                scene = Scene(ctx, words, self.powers, obeyed)
                obeyed.notes.append(await item.order.obey(scene))
        return obeyed

    def _read(self, ctx: TurnContext, given: Given) -> Meant:
        tenant = ctx.configuration.tenants.get(ctx.claim.state.tenant or "")
        zone = ZoneInfo(tenant.timezone if tenant is not None else _ZONE)
        return read(given.text, now=self.powers.clock.now().astimezone(zone))


def _given(item: Input) -> Given | None:
    """Return the command that an input is, or None: customers order nothing.

    It is the private note of a person, or, without a line, what a paired person did in the tab:
    ``payload`` with ``command`` (as a note would say it), ``by``, ``user_id`` and ``key``.
    """
    if item.kind is not InputKind.COMMAND:
        return None
    line = item.line
    if not isinstance(line, Line):
        return _from_tab(item)
    if line.deleted or not line.private or line.author.kind is not AuthorKind.PERSON:
        return None
    name, number = line.author.name or "", line.message_id
    return Given(line.text, name, line.author.id, str(number), number)


def _from_tab(item: Input) -> Given | None:
    text, key = item.payload.get("command"), item.payload.get("key")
    user_id = item.payload.get("user_id")
    if not (isinstance(text, str) and isinstance(key, str) and isinstance(user_id, int)):
        return None
    return Given(text, str(item.payload.get("by") or ""), user_id, key)
