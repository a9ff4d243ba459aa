"""``/bot resetar``, ``/bot memória`` and ``/bot esquecer``: what the bot knows, and forgets."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from chatcrew.hub.context import TurnContext
from chatcrew.hub.orders._order import Kind, Order, Scene, fold
from chatcrew.hub.shaping import literal
from chatcrew.messages import Erased, Fact, Person, Topic

DONE = (
    "🧹 O bot esqueceu o assunto desta conversa: perguntas em aberto, dados coletados, resumo e "
    "função. Mensagens antigas ficam no Chatwoot, mas o bot não as lê mais. "
    "(The bot starts over here.)"
)
NO_FACT = (
    "❓ Qual fato? `/bot memória` mostra os números, `/bot esquecer 7` esquece o fato 7, "
    "`/bot esquecer tudo` esquece tudo. (Which fact?)"
)
NO_MEMORY = "🧠 O bot não se lembra de nada deste cliente. (Nothing is remembered.)"
SHOWN = "🧠 **O que o bot lembra deste cliente** (para apagar: `/bot esquecer 7`):"
NOT_KNOWN = "❓ Não há fato {number} deste cliente: veja `/bot memória`. (No such fact.)"
FORGOTTEN_ONE = "🧽 O bot esqueceu o fato {number}. (Forgotten.)"
EDITED = "✏️ Fato {number}, como o bot o lembra agora: {text} (Corrected.)"
FORGOTTEN = (
    "🧽 O bot esqueceu este cliente (fatos: {facts}, resumos: {summaries}) e não lê mais o que "
    "foi dito até aqui. O que está no contato e nas mensagens do Chatwoot continua lá. "
    "(Everything remembered is forgotten, earlier lines are not read any more.)"
)

_FACT = re.compile(r"#?\s*([0-9]{1,18})\.?")
_EDIT = re.compile(r"#?\s*([0-9]{1,18})\s*[:.,-]?\s+(\S.*)", re.DOTALL)
_LONGEST = 200
_MOST = 300
"""Characters that are kept of a fact which an operator writes."""


@dataclass(frozen=True, slots=True)
class Reset:
    """Begin the next episode."""

    async def obey(self, scene: Scene) -> str:
        """Start over."""
        await _start_over(scene)
        return DONE


@dataclass(frozen=True, slots=True)
class Show:
    """Show what is remembered."""

    async def obey(self, scene: Scene) -> str:
        """Return the facts with their numbers."""
        who = _of_operator(scene.ctx)
        facts: Sequence[Fact] = () if who is None else await scene.powers.memory.facts(who)
        if not facts:
            return NO_MEMORY
        rows = [
            f"- `{fact.id}` {literal(fact.text, limit=_LONGEST)} ({fact.created_at:%d/%m/%Y})"
            for fact in facts
        ]
        return "\n".join((SHOWN, *rows))


@dataclass(frozen=True, slots=True)
class Edit:
    """Correct one fact."""

    fact: int
    text: str

    async def obey(self, scene: Scene) -> str:
        """Replace its words."""
        who = _of_operator(scene.ctx)
        done = who is not None and await scene.powers.memory.edit(who, self.fact, self.text)
        said = literal(self.text, limit=_LONGEST)
        return (EDITED if done else NOT_KNOWN).format(number=self.fact, text=said)


@dataclass(frozen=True, slots=True)
class Forget:
    """Forget one fact, or for 0 the whole person."""

    fact: int = 0

    async def obey(self, scene: Scene) -> str:
        """Forget it."""
        who, memory = _of_operator(scene.ctx), scene.powers.memory
        if self.fact:
            done = who is not None and await memory.forget(who, self.fact)
            return (FORGOTTEN_ONE if done else NOT_KNOWN).format(number=self.fact)
        erased = Erased() if who is None else await memory.erase(who)
        # What was said before would tell it all again
        await _start_over(scene)
        return FORGOTTEN.format(facts=erased.facts, summaries=erased.summaries)


def _forget(words: str, now: datetime) -> Order | str:
    """Return which fact is to be forgotten; 0: everything. Anything else is asked about."""
    if not words or fold(words).strip(".!") in ("tudo", "all", "everything"):
        return Forget()
    found = _FACT.fullmatch(words)
    return NO_FACT if found is None else Forget(int(found[1]))


def _remembering(words: str, now: datetime) -> Order | str:
    """Return what is to be shown, or corrected where a fact's new words stand behind it."""
    found = _EDIT.fullmatch(words)
    return Show() if found is None else Edit(int(found[1]), " ".join(found[2].split())[:_MOST])


def _of_operator(ctx: TurnContext) -> Person | None:
    """Return whose memory an operator means, also where it has been switched off since."""
    state = ctx.claim.state
    contact = state.snapshot.contact.id
    if contact is None or state.tenant is None:
        return None
    return Person(state.tenant, ctx.claim.key.conversation.account, contact)


async def _start_over(scene: Scene) -> None:
    ctx = scene.ctx
    await scene.powers.turns.start_over(ctx.claim)
    await scene.powers.memory.seal(ctx.claim)
    state = ctx.claim.state
    fresh = replace(state, episode=state.episode + 2, function=None, topic=Topic())
    ctx.claim = replace(ctx.claim, state=fresh)


RESET = Kind(
    "resetar",
    "resetar reset reiniciar limpar clear restart",
    ("`/bot resetar`: o bot esquece o que foi dito até aqui nesta conversa",),
    "reset",
    lambda words, now: Reset(),
)
MEMORY = Kind(
    "memória",
    "memoria memorias memory lembra lembrancas",
    (
        "`/bot memória`: o que o bot lembra deste cliente; `/bot memória 7 Prefere manhãs.` "
        "corrige o fato 7",
    ),
    "memory",
    _remembering,
)
FORGET = Kind(
    "esquecer",
    "esquecer esqueca esquece forget",
    ("`/bot esquecer`: esquece tudo o que lembra dele; `/bot esquecer 7`, só o fato 7",),
    "forget",
    _forget,
)
