"""Tasks that run side by side in a real crew process: at once, bounded, ended together."""

import asyncio
import contextlib

import pytest

from chatcrew.errors import CrewError, ModelDeadlineExceeded, ModelRefused
from chatcrew.messages import ModelAnswer, ToolCall
from chatcrew.tenancy.model import RoleSpec, TaskSpec

pytestmark = [
    pytest.mark.crewai,
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.xdist_group("crew-pool"),
]

REPLY = RoleSpec("reply", "Atendente", "Responder", "Gentil.")


def team(kit, *names, parallel=2, same_role=False):
    """Return a crew with a task for each name, all side by side, and one that reads them all."""
    roles = [RoleSpec(name, f"Papel {name}", "Achar", "Procura.") for name in names]
    if same_role:
        roles = roles[:1]
    beside = [
        TaskSpec(name, f"Ache {name} em: {{message}}", "Uma linha", one.name, async_execution=True)
        for name, one in zip(names, roles * len(names) if same_role else roles, strict=False)
    ]
    last = TaskSpec("reply", "Responda: {message}", "Uma frase", "reply", names)
    return kit.crew(roles=(*roles, REPLY), tasks=(*beside, last), parallel=parallel)


class Crowd:
    """A model that counts how many of its calls are open, and keeps those of tasks beside."""

    def __init__(self, *, wait):
        self.wait = wait
        self.open = self.most = self.ended = 0
        self.asked = asyncio.Event()

    async def __call__(self, request):
        if request.role == "reply":
            return ModelAnswer("Pronto.")
        self.open += 1
        self.most = max(self.most, self.open)
        self.asked.set()
        try:
            await self.wait()
        finally:
            self.open -= 1
            self.ended += 1
        return ModelAnswer(f"resultado de {request.role}")


async def quiet(pool):
    """Wait until no turn is left in any crew process."""
    async with asyncio.timeout(10):
        while pool.stats().running:
            await asyncio.sleep(0.01)


async def test_two_tasks_ask_their_models_at_the_same_time(pool, kit):
    """Each call waits for the other: one after the other they would never return."""
    together = asyncio.Barrier(2)
    desk = kit.Desk(Crowd(wait=together.wait))

    answer = await desk.ask(pool, "perna", crew=team(kit, "preco", "agenda"), budget=20)

    assert {one.role for one in desk.requests[:2]} == {"preco", "agenda"}
    assert desk.requests[2].role == "reply"
    words = kit.last_user_words(desk.requests[2])
    assert words.index("resultado de preco") < words.index("resultado de agenda")
    assert (answer.text, answer.model_calls) == ("Pronto.", 3)


@pytest.mark.parametrize(("parallel", "names"), [(1, "abc"), (2, "abcd"), (3, "abcdef")])
async def test_no_more_run_at_once_than_the_crew_allows(pool, kit, parallel, names):
    """As many as ``parallel`` says meet, again and again, and never one more."""
    together = asyncio.Barrier(parallel)
    crowd = Crowd(wait=together.wait)
    desk = kit.Desk(crowd)

    await desk.ask(pool, crew=team(kit, *names, parallel=parallel), budget=20)

    assert crowd.most == parallel
    assert [one.role for one in desk.requests[:-1]] == list(names)


async def test_one_role_may_do_two_tasks_at_once(pool, kit):
    """Each keeps its own words: CrewAI's agent has room for one task only."""
    together = asyncio.Barrier(2)

    async def echo(request):
        if request.role == "reply":
            return ModelAnswer("Pronto.")
        words = kit.last_user_words(request)
        await together.wait()
        return ModelAnswer("achei " + words.split("Ache ", 1)[1].split(" em:", 1)[0])

    desk = kit.Desk(echo)
    await desk.ask(pool, crew=team(kit, "preco", "agenda", same_role=True), budget=20)

    words = kit.last_user_words(desk.requests[2])
    assert [one.role for one in desk.requests] == ["preco", "preco", "reply"]
    assert "achei preco" in words
    assert "achei agenda" in words


async def test_when_nobody_wants_the_turn_any_more_all_of_them_end(pool, kit):
    """Two calls are open and a third task waits for its place: nothing of it is left (N5)."""
    before, killed = pool.pids, pool.stats().killed
    both = asyncio.Barrier(3)

    async def hang():
        await both.wait()
        await asyncio.Event().wait()

    crowd = Crowd(wait=hang)
    desk = kit.Desk(crowd)
    task = asyncio.create_task(desk.ask(pool, crew=team(kit, "a", "b", "c")))
    await both.wait()
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task

    assert (crowd.open, crowd.ended) == (0, 2)
    await quiet(pool)
    assert [one.role for one in desk.requests] == ["a", "b"]
    assert (pool.pids, pool.stats().killed) == (before, killed)


async def test_the_deadline_ends_all_of_them(pool, kit):
    """Past the budget no call is open, and the process serves the next turn."""
    before = pool.pids
    crowd = Crowd(wait=asyncio.Event().wait)

    with pytest.raises(ModelDeadlineExceeded):
        await kit.Desk(crowd).ask(pool, crew=team(kit, "a", "b", "c"), budget=0.5)

    assert (crowd.open, crowd.ended) == (0, 2)
    await quiet(pool)
    assert (await kit.Desk(kit.says(ModelAnswer("aqui"))).ask(pool)).text == "aqui"
    assert pool.pids == before


async def test_what_one_call_raises_ends_the_others(pool, kit):
    """The fault comes out as itself, at once, though another task's model is still writing."""
    refused = ModelRefused("no quota", kind="insufficient_quota", status=429)
    hanging, crowd = asyncio.Event(), Crowd(wait=asyncio.Event().wait)

    async def model(request):
        if request.role == "a":
            await hanging.wait()
            raise refused
        hanging.set()
        return await crowd(request)

    with pytest.raises(ModelRefused) as caught:
        await kit.Desk(model).ask(pool, crew=team(kit, "a", "b"), budget=20)

    assert caught.value is refused
    assert (crowd.open, crowd.ended) == (0, 1)
    await quiet(pool)


@pytest.mark.parametrize("failing", ["a", "b"])
async def test_a_task_that_fails_leaves_no_other_running(pool, kit, failing):
    """CrewAI would go on asking for a turn that is over, and its process would be killed for it."""
    before, killed = pool.pids, pool.stats().killed
    crowd = Crowd(wait=asyncio.Event().wait)

    async def model(request):
        if request.role == failing:
            await crowd.asked.wait()
            return ModelAnswer("")
        return await crowd(request)

    desk = kit.Desk(model)
    with pytest.raises(CrewError, match="answered nothing"):
        await desk.ask(pool, crew=team(kit, "a", "b", "c"), budget=20)

    assert (crowd.open, crowd.ended) == (0, 1)
    assert [one.role for one in desk.requests] == ["a", "b"]
    await quiet(pool)
    assert (await kit.Desk(kit.says(ModelAnswer("aqui"))).ask(pool)).text == "aqui"
    assert (pool.pids, pool.stats().killed) == (before, killed)


async def test_work_that_was_handed_on_keeps_no_thread_when_its_turn_fails(pool, kit):
    """It blocks one of 64 threads; after more failures than that the process still hands on."""
    lead = RoleSpec("lead", "Líder", "Dividir", "Sabe quem.", allow_delegation=True)
    crew = kit.crew(
        roles=(lead, RoleSpec("other", "Colega", "Achar", "Procura."), REPLY),
        tasks=(
            TaskSpec("a", "Ache: {message}", "Uma linha", "lead", async_execution=True),
            TaskSpec("b", "Ache: {message}", "Uma linha", "reply", async_execution=True),
            TaskSpec("c", "Responda: {message}", "Uma frase", "reply", ("a", "b")),
        ),
    )
    work = '{"task": "Ache", "context": "nada", "coworker": "Colega"}'

    async def fail():
        handed_on = asyncio.Event()

        async def model(request):
            if request.role == "lead":
                return ModelAnswer("", (ToolCall("d", "delegate_work_to_coworker", work),))
            if request.role == "other":
                handed_on.set()
                await asyncio.Event().wait()
            await handed_on.wait()
            return ModelAnswer("")

        with pytest.raises(CrewError, match="answered nothing"):
            await kit.Desk(model).ask(pool, crew=crew, budget=20)

    for _ in range(7):
        await asyncio.gather(*(fail() for _ in range(10)))
