"""Plays a script of faults in a world of its own, and says what did not hold."""

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from benchmarks import _virtual
from benchmarks._court import WORD, Court, Witness, word
from benchmarks._parts import Paces
from benchmarks._script import Script, Step
from benchmarks._seams import Plan
from benchmarks._witness import departures, listen, now
from benchmarks._world import Setting, World, running
from chatcrew.errors import ModelUnavailable
from chatcrew.hub.answers_port import NothingKept
from chatcrew.messages import Answer, Ask
from chatcrew.tenancy.model import Crew, Tenant
from chatcrew.testing import Conversation
from chatcrew.testing.responders import NobodyResponds

START = datetime(2026, 8, 3, 15, 0, tzinfo=UTC)
QUESTION = "tenho uma dúvida sobre o exame da minha mãe"
PERSON = "quero falar com uma pessoa"
SETTLED, HOPELESS = 150.0, 1500.0
"""Seconds after the last step: whatever goes wrong shows by then; what is not right never is."""

Bug = Callable[[World], None]
"""Plants a mistake in a world before it begins."""


@dataclass(frozen=True, slots=True)
class Played:
    """What became of a script.

    Attributes:
        violations: what did not hold, each beginning with the name of the promise.
        passed: points that were passed, and how often.
        messages: customers' messages.
        struck: processes that something happened to at a point.
        ends: turns by outcome.
        seconds: of virtual time.
    """

    violations: tuple[str, ...]
    passed: Counter[str] = field(default_factory=Counter)
    messages: int = 0
    struck: int = 0
    ends: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0

    @property
    def kinds(self) -> frozenset[str]:
        """Names of the promises that were broken."""
        return frozenset(one.partition(":")[0] for one in self.violations)


class Repeats(NobodyResponds):
    """A crew that answers with the words it was asked, as well as the script lets it."""

    available = True

    def __init__(self, script: Script) -> None:
        self._script = script
        self._calls = 0

    async def respond(self, crew: Crew, tenant: Tenant, ask: Ask, *, config: str) -> Answer:
        """Answer, or fail, or never come back."""
        what = self._script.model[self._calls % len(self._script.model)]
        self._calls += 1
        await asyncio.sleep({"slow": 4.0, "hangs": 3600.0}.get(what, 0.4))
        if what == "fails":
            raise ModelUnavailable("simulated")
        said = ", ".join(dict.fromkeys(WORD.findall(ask.inputs["message"])))
        return Answer(f"Sobre {said}: a equipe explica tudo com calma.", engine="compiled")


def play(setting: Setting, script: Script, *, bug: Bug | None = None) -> Played:
    """Play a script; the same one always gives the same."""
    random.seed(script.seed)
    return _virtual.run(_play(setting, script, bug))


async def _play(setting: Setting, script: Script, bug: Bug | None) -> Played:
    chance = random.Random(f"world {script.seed}")
    responder = Repeats(script)
    witness = Witness()
    plan = Plan({(one.point, one.nth): one for one in script.blows})
    world = World(
        setting,
        lambda *_: responder,
        chance,
        START,
        plan=plan,
        paces=Paces(kept=NothingKept()),
        way=lambda: chance.expovariate(1 / script.delay) if script.delay else 0.0,
        line=lambda session: departures(session, witness),
    )
    world.chatwoot.disorder.shuffle = script.shuffle
    world.chatwoot.disorder.duplicates = script.duplicates
    if bug is not None:
        bug(world)
    listen(world, witness)
    async with running(world, workers=script.workers):
        stage = _Stage(world, script, witness)
        await stage.run()
        court = Court(list(world.account.conversations.values()), world.stores.tables, witness)
        await asyncio.sleep(SETTLED)
        until = now() + HOPELESS
        while now() < until and court.unsettled():  # noqa: ASYNC110 - nobody tells when all is well
            await asyncio.sleep(60.0)
        violations = tuple(dict.fromkeys([*court.broken(), *court.unsettled()]))
        turns = world.stores.tables.turns.values()
        return Played(
            violations,
            plan.passed,
            stage.said,
            len(plan.struck),
            Counter(one.record.outcome.value for one in turns if one.record is not None),
            now(),
        )


@dataclass
class _Stage:
    """Lets happen what the script says."""

    world: World
    script: Script
    witness: Witness
    said: int = 0
    away: list[asyncio.Task[None]] = field(default_factory=list)

    async def run(self) -> None:
        self.talks = [await self._begin(number) for number in range(self.script.talks)]
        begun = now()
        for step in self.script.steps:
            await asyncio.sleep(max(0.0, begun + step.at - now()))
            await self._step(step)

    async def _begin(self, number: int) -> Conversation:
        world = self.world
        contact = world.account.add_contact(name="Maria", phone_number=f"+55119{number:08d}")
        return await world.chatwoot.begins(world.inboxes[1 + number % 2], contact)

    async def _step(self, step: Step) -> None:
        world, chatwoot = self.world, self.world.chatwoot
        talk, agent = self.talks[step.talk], self.world.agents[0]
        match step.what:
            case "says" | "asks":
                self.said += 1
                text = PERSON if step.what == "asks" else QUESTION
                await chatwoot.customer_replies(talk, f"{text} {word(self.said)}")
            case "person":
                await chatwoot.agent_says(talk, "Oi Maria, deixa comigo", agent=agent)
            case "note":
                await chatwoot.agent_says(talk, "olhar depois", agent=agent, private=True)
            case "opens":
                await chatwoot.set_status(talk, "open", by=agent)
            case "assigns":
                await chatwoot.assign(talk, agent, by=agent)
            case "returns":
                self.witness.returned.setdefault(talk.id, []).append(now())
                await chatwoot.set_status(talk, "pending", by=agent)
                await chatwoot.assign(talk, world.bot, by=agent)
            case "resolves":
                self.witness.returned.setdefault(talk.id, []).append(now())
                await chatwoot.resolve(talk, by=agent)
            case "deletes":
                mine = [one for one in talk.messages if one.message_type == "incoming"]
                if mine:
                    self.witness.gone.add(mine[-1].id)
                    await chatwoot.delete(mine[-1])
            case _:
                self._fault(step)

    def _fault(self, step: Step) -> None:
        world, faults, endpoint = self.world, self.world.chatwoot.faults, step.text or None
        loop = asyncio.get_running_loop()
        match step.what.split("_"):
            case ["drop"]:
                faults.drop_response(endpoint=endpoint)
            case ["hang"]:
                faults.hang(endpoint=endpoint)
            case ["hang", "after"]:
                faults.hang(endpoint=endpoint, after_effect=True)
            case ["status", status]:
                faults.fail(int(status), times=2, endpoint=endpoint)
            case ["chatwoot", "away"]:
                self.away.append(loop.create_task(self._away(step.amount)))
            case ["ingress", "away"]:
                world.cut(seconds=step.amount)
            case ["kill", kind]:
                world.kill(kind, seconds=step.amount)
            case ["jump"]:
                world.clock.wrong += step.amount
            case _:
                raise ValueError(step.what)

    async def _away(self, seconds: float) -> None:
        await self.world.chatwoot.refuse_connections()
        await asyncio.sleep(seconds)
        await self.world.chatwoot.accept_connections()


def points(setting: Setting) -> Counter[str]:
    """Return the points of worlds in which nothing fails, and how often each is passed."""
    steps = (Step(0.0, "says"), Step(0.4, "says"), Step(9.0, "asks"), Step(12.0, "says"))
    found = play(setting, Script(seed=0, steps=steps)).passed
    return Counter({point: times for point, times in found.items() if not point.endswith("/clock")})


def shown(script: Script, violations: Sequence[str]) -> str:
    """Return a test that repeats a violation, ready to be kept."""
    text = script.to_json().replace("\\", "\\\\")
    told = "\n".join(f"#   {one}" for one in violations)
    return f'''"""A world in which a promise was broken (``month --faults``)."""

from benchmarks._faults import play
from benchmarks._script import Script
from benchmarks._world import setting

# It broke:
{told}
SCRIPT = """{text}"""


def test_the_promise_holds_in_this_world() -> None:
    """Every burst has one visible end, in order, and nothing is said over a person's head."""
    assert play(setting(), Script.from_json(SCRIPT)).violations == ()
'''
