"""Both images, run as compose.yml runs them: what they may write, what they answer, how they end.

Run from the repository's root, after building them: ``python -m benchmarks.images``. See
benchmarks/README.md. The network is the machine's own, for what they talk to listens on loopback.
"""

import argparse
import asyncio
import json
import shlex
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

from benchmarks._figures import Report
from benchmarks._processes import MB
from chatcrew.privacy import new_key
from chatcrew.testing import Conversation, FakeChatwoot, FakeModelServer, write_mapping
from chatcrew.testing._redis import RedisForTests
from chatcrew.testing.external_postgres import external_postgres
from chatcrew.testing.processes import free_port

_UP = 90.0
_ANSWER = 60.0
_GRACE = {"ingress": 15, "worker": 40}
"""Seconds, as compose.yml has them."""
_GREETING = "Bom dia"
_ASKED = "Onde fica a clínica?"
_SAID = "Ficamos na Rua das Acácias, 120, perto do metrô."


@dataclass(frozen=True)
class Box:
    """One container.

    Attributes:
        tool: ``podman`` or ``docker``.
        name: of the container.
        check: the image's own health check, on the ports used here.
    """

    tool: str
    name: str
    check: tuple[str, ...]

    async def does(self, *words: str) -> bool:
        """Run a command in it; return whether it ended with 0."""
        code, _ = await _run([self.tool, "exec", self.name, *words])
        return code == 0

    async def says(self, *words: str) -> str:
        """Run a command in it; return what it printed."""
        _, text = await _run([self.tool, "exec", self.name, *words])
        return text.strip()

    async def well(self) -> float:
        """Wait until its health check passes; return after how many seconds it did."""
        begun = time.monotonic()
        async with asyncio.timeout(_UP):
            while not await self.does(*self.check):  # noqa: ASYNC110 - it is in another process
                await asyncio.sleep(0.5)
        return time.monotonic() - begun

    async def end(self, grace: int) -> tuple[int, float]:
        """Stop it as a deployment does; return its exit code and the seconds it took."""
        begun = time.monotonic()
        await _run([self.tool, "stop", "--time", str(grace), self.name])
        code = await _inspect(self.tool, "container", self.name, "{{.State.ExitCode}}")
        return int(code), time.monotonic() - begun


class Bench:
    """A Chatwoot, a model, PostgreSQL and Redis on loopback, and the two containers."""

    def __init__(self, options: argparse.Namespace, report: Report) -> None:
        self._options = options
        self._report = report
        self._ports = {"8080": str(free_port()), "8081": str(free_port())}

    async def run(self) -> None:
        """Measure everything and report it."""
        async with AsyncExitStack() as stack:
            made = tempfile.TemporaryDirectory(prefix="chatcrew-images-")
            folder = Path(stack.enter_context(made))
            await asyncio.to_thread(folder.chmod, 0o755)
            chatwoot = await stack.enter_async_context(FakeChatwoot(speed=50.0))
            model = await stack.enter_async_context(FakeModelServer(default=_SAID, latency=0.5))
            account = chatwoot.add_account(1, "clinic")
            inbox = account.add_inbox(21, channel="Channel::Whatsapp")
            bot = account.add_bot(7)
            bot.outgoing_url = f"http://127.0.0.1:{self._ports['8080']}/webhooks/chatwoot/bot"
            mapping = write_mapping(
                folder / "mapping",
                base_url=chatwoot.url,
                bots={"bot": bot},
                inboxes={inbox.id: "whatsapp"},
                tenant="health/varizemed",
            )
            _readable(folder)
            external = await stack.enter_async_context(external_postgres(folder / "external"))
            redis = RedisForTests(folder)
            redis.start()
            stack.callback(redis.kill)
            environment = {
                "CHATCREW_MAPPING": str(mapping),
                "CHATCREW_DATABASE_URL": await stack.enter_async_context(external.fresh()),
                "CHATCREW_ENCRYPTION_KEYS": new_key("k1"),
                "CHATCREW_REDIS_URL": redis.url,
                "CHATCREW_HOST": "127.0.0.1",
                "CHATCREW_ADMIN_HOST": "127.0.0.1",
                "CHATCREW_PORT": self._ports["8080"],
                "CHATCREW_ADMIN_PORT": self._ports["8081"],
                "CHATCREW_REHEARSE": "false",
                "OPENAI_BASE_URL": model.base_url,
                "OPENAI_API_KEY": "sk-none",
            }
            ingress = await self._start(stack, "ingress", folder, environment)
            self._ports["8081"] = environment["CHATCREW_ADMIN_PORT"] = str(free_port())
            worker = await self._start(stack, "worker", folder, environment)

            talks: list[Conversation] = []

            async def ask(text: str) -> Conversation:
                number = f"+55819{80000000 + len(talks)}"
                contact = account.add_contact(name="Maria", phone_number=number)
                talks.append(await chatwoot.customer_says(inbox, contact, text))
                return talks[-1]

            for text in (_GREETING, _ASKED):
                await self._answered(await ask(text), f"answer to {text!r}")
            await self._killed(worker, ask, model)
            for box, grace in ((worker, _GRACE["worker"]), (ingress, _GRACE["ingress"])):
                code, seconds = await box.end(grace)
                self._report.target(
                    f"{box.name.rpartition('-')[2]} stopped",
                    f"exit code {code} after {seconds:.1f} s",
                    met=code == 0 and seconds < grace,
                    wanted=f"0 within {grace} s",
                )
            counts = [len(_answers(talk)) for talk in talks]
            self._report.target(
                "answers per question",
                ", ".join(map(str, counts)),
                met=set(counts) == {1},
                wanted="1 each",
            )

    async def _start(
        self, stack: AsyncExitStack, kind: str, folder: Path, environment: Mapping[str, str]
    ) -> Box:
        tool, image = self._options.tool, getattr(self._options, kind)
        size = int(await _inspect(tool, "image", image, "{{.Size}}"))
        user = await _inspect(tool, "image", image, "{{.Config.User}}")
        check = json.loads(
            await _inspect(tool, "image", image, "{{json .Config.Healthcheck.Test}}")
        )
        name = f"{folder.name}-{kind}"
        command = [
            *(tool, "run", "--detach", "--name", name, "--network", "host"),
            *("--read-only", "--tmpfs", "/tmp", "--cap-drop", "ALL"),
            *("--security-opt", "no-new-privileges", "--volume", f"{folder}:{folder}:ro"),
            *("--volume", f"{name}:/app/data"),
            *(word for pair in environment.items() for word in ("--env", "=".join(pair))),
            *shlex.split(self._options.extra),
            image,
        ]
        box = Box(tool, name, tuple(self._on_our_ports(word) for word in check[1:]))
        stack.push_async_callback(_run, [tool, "volume", "rm", "--force", name])
        stack.push_async_callback(_run, [tool, "rm", "--force", name])
        code, text = await _run(command)
        if code:
            raise SystemExit(f"{tool} run {image}: {text}")
        self._report.title(f"{kind}: {image}, {size // MB:,} MB, user {user}")
        self._report.line("well by its own health check after", f"{await box.well():.1f} s")
        uid = await box.says("id", "-u")
        self._report.target("runs as", uid, met=uid == "10001", wanted="10001")
        wrote = [place for place in ("/app", "/", "/etc") if await box.does("touch", f"{place}/x")]
        self._report.target(
            "writes to its root", ", ".join(wrote) or "nowhere", met=not wrote, wanted="nowhere"
        )
        own = await box.does("touch", "/app/data/x") and await box.does("touch", "/tmp/x")
        self._report.target(
            "writes to /app/data and /tmp", "yes" if own else "no", met=own, wanted="yes"
        )
        if kind == "ingress":
            there = await box.does("python", "-c", "import crewai")
            self._report.target("has CrewAI", str(there), met=not there, wanted="False")
        return box

    def _on_our_ports(self, word: str) -> str:
        for usual, ours in self._ports.items():
            word = word.replace(usual, ours)
        return word

    async def _answered(self, talk: Conversation, what: str) -> None:
        begun = time.monotonic()
        async with asyncio.timeout(_ANSWER):
            while not _answers(talk):  # noqa: ASYNC110 - it comes from another process
                await asyncio.sleep(0.02)
        self._report.line(what, f"{_answers(talk)[0]!r} after {time.monotonic() - begun:.1f} s")

    async def _killed(
        self, worker: Box, ask: Callable[[str], Awaitable[Conversation]], model: FakeModelServer
    ) -> None:
        """Kill the worker while a model thinks, and start it again."""
        model.latency = 3.0
        model.busy.clear()
        talk = await ask(_ASKED + " Preciso chegar cedo.")
        async with asyncio.timeout(_ANSWER):
            await model.busy.wait()
        await _run([worker.tool, "kill", "--signal", "KILL", worker.name])
        await _run([worker.tool, "start", worker.name])
        model.latency = 0.5
        await self._answered(talk, "killed while the model thought, started again")


def _answers(talk: Conversation) -> list[str]:
    return [one.content or "" for one in talk.public_bot_replies]


def _readable(folder: Path) -> None:
    """Let the containers' user read what the mapping points to, as scripts/secrets does."""
    for path in folder.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o444)


async def _inspect(tool: str, kind: str, name: str, form: str) -> str:
    code, text = await _run([tool, kind, "inspect", "--format", form, name])
    if code:
        raise SystemExit(f"{tool} knows no {kind} {name}: build it first (docs/deploy.md)")
    return text.strip()


async def _run(command: Sequence[str]) -> tuple[int, str]:
    done = await asyncio.create_subprocess_exec(
        *command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    text, _ = await done.communicate()
    assert done.returncode is not None, "it has ended"
    return done.returncode, text.decode("utf-8", "replace")


def main() -> int:
    """Run from the command line; return 1 where a promise is not kept."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--tool", default="docker", choices=("docker", "podman"))
    parser.add_argument("--ingress", default="chatcrew-ingress", help="name of the image")
    parser.add_argument("--worker", default="chatcrew-worker", help="name of the image")
    parser.add_argument("--extra", default="", help="more options of run")
    report = Report()
    asyncio.run(Bench(parser.parse_args(), report).run())
    return report.close()


if __name__ == "__main__":
    sys.exit(main())
