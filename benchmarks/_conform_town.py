"""What every mode of conformance answers: two businesses in two Chatwoot accounts, their models."""

import asyncio
import contextlib
import re
import shutil
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from benchmarks._chaos_talks import TOOL, Outside, outside
from chatcrew.testing import (
    Account,
    Agent,
    AgentBot,
    Conversation,
    FakeChatwoot,
    FakeModelServer,
    Inbox,
    write_mapping,
)
from chatcrew.testing._models.replies import Reply, tool_call

ROOT = Path(__file__).parents[1]
MOTTO = "Cuidar bem de cada passo."
NEW_MOTTO = "Pernas leves, vida leve."
_FILE = "domains/health/varizemed.yaml"
_SHOP = "domains/cosmetics/bella.yaml"
_MOTTO = f"""\
  - name: motto
    action: reply
    phrases: [me diga o lema da casa]
    replies: ["{MOTTO}"]
"""
_TOOLS = """
tools:
  - name: {name}
    use: http
    method: POST
    url: {url}/reports
    trusted: true
    timeout: 10
    description: Manda refazer um laudo.
    parameters:
      report: {{type: integer, description: Número do laudo., required: true}}
    body: {{report: "{{report}}"}}
"""
_MARK = re.compile(r"\(protocolo (\w+)\)")
_REPORT = re.compile(r"laudo (\d+)")


@dataclass
class Place:
    """One business in its account."""

    name: str
    account: Account
    inbox: Inbox
    bot: AgentBot
    agent: Agent


@dataclass
class Town:
    """Everything around the bot.

    Attributes:
        chatwoot: the installation of both businesses.
        models: what answers where a model is asked.
        outside: a system in which a tool acts.
        places: the clinic and the shop.
        mapping: of both.
        config: copy of the shipped files, which a story edits.
        crews: copy of the shipped crews.
        talks: conversations by the name of the story's part they belong to.
    """

    chatwoot: FakeChatwoot
    models: FakeModelServer
    outside: Outside
    places: Mapping[str, Place]
    mapping: Path
    config: Path
    crews: Path
    talks: dict[str, Conversation] = field(default_factory=dict)

    def environment(self) -> dict[str, str]:
        """Return what a chatcrew has to know of the town."""
        return {
            "CHATCREW_MAPPING": str(self.mapping),
            "CHATCREW_CONFIG_DIR": str(self.config),
            "CHATCREW_CREWS_DIR": str(self.crews),
            "CHATCREW_REHEARSE": "false",
            "CHATCREW_LOG_LEVEL": "info",
            "CHATCREW_LOG_FORMAT": "json",
            "OPENAI_BASE_URL": self.models.base_url,
            "OPENAI_API_KEY": "sk-none",
        }

    def listens(self, public_url: str) -> None:
        """Let Chatwoot post to a bot that answers there."""
        for place in self.places.values():
            place.bot.outgoing_url = f"{public_url}/webhooks/chatwoot/{place.name}-bot"

    def edit(self) -> None:
        """Let the clinic have another motto from now on."""
        path = self.config / _FILE
        path.write_text(path.read_text("utf-8").replace(MOTTO, NEW_MOTTO), "utf-8")


@contextlib.asynccontextmanager
async def town(folder: Path) -> AsyncIterator[Town]:
    """Furnish a town in a folder."""
    async with AsyncExitStack() as stack:
        system = await stack.enter_async_context(outside())
        config, crews = await asyncio.to_thread(_files, folder, system.url)
        chatwoot = await stack.enter_async_context(FakeChatwoot(speed=50.0))
        models = await stack.enter_async_context(FakeModelServer(default=says, latency=0.1))
        places, mappings = {}, []
        for number, (name, tenant) in enumerate(
            (("clinic", "health/varizemed"), ("shop", "cosmetics/bella")), 1
        ):
            account = chatwoot.add_account(number, name)
            inbox = account.add_inbox(20 + number, channel="Channel::Whatsapp")
            bot = account.add_bot(6 + number)
            agent = account.add_agent(10 + number, "Patrícia Gomes")
            places[name] = Place(name, account, inbox, bot, agent)
            mappings.append(
                await asyncio.to_thread(
                    write_mapping,
                    folder / name,
                    base_url=chatwoot.url,
                    bots={f"{name}-bot": bot},
                    inboxes={inbox.id: "whatsapp"},
                    tenant=tenant,
                    account=name,
                    user_token=agent.access_token,
                )
            )
        mapping = await asyncio.to_thread(_both, folder, mappings)
        yield Town(chatwoot, models, system, places, mapping, config, crews)


def says(body: dict[str, Any]) -> str | Reply:
    """Return what the model answers: by the customer's last words alone, in every mode."""
    messages = body["messages"]
    if messages[-1]["role"] == "tool":
        called = [call["function"]["name"] for call in messages[-2].get("tool_calls") or ()]
        if called == [TOOL]:
            return "Pronto, pedi que o laudo seja refeito. A equipe avisa quando sair."
        return "Vou chamar uma pessoa da equipe para ver isso com você."
    said = [str(one["content"] or "") for one in messages if one["role"] == "user"]
    asked = said[-1].rpartition("Mensagem do cliente:")[2] if said else ""
    names = [one["function"]["name"] for one in body.get("tools") or ()]
    call = _call(asked, names)
    if call is not None:
        return call
    if "Doppler" in asked or any("999" in str(one["content"]) for one in messages):
        return "O Doppler das duas pernas custa R$ 999,00."
    if "clínica" in asked and ("Onde" in asked or "endereço" in asked):
        return "Ficamos na Rua das Acácias, 120, perto do metrô."
    heard = _MARK.findall(asked)
    return f"Entendi tudo. Quem avalia isso com calma é a equipe, conversando com você. {heard}"


def _call(asked: str, names: Collection[str]) -> Reply | None:
    report = _REPORT.search(asked)
    if report and TOOL in names:
        return tool_call(TOOL, {"report": int(report.group(1))})
    if "bicicletas" in asked and "handoff" in names:
        return tool_call("handoff", {"reason": "no_answer", "summary": "Quer uma bicicleta."})
    return None


def _files(folder: Path, url: str) -> tuple[Path, Path]:
    """Return copies of the shipped files with what the stories need.

    Nothing in them depends on the hour, on how fast a model is, or on CrewAI, which is a matter
    of other tests.
    """
    wanted = {"health", "cosmetics"}
    others = {one.name for one in (ROOT / "config" / "domains").iterdir()} - wanted
    left_out = shutil.ignore_patterns("knowledge", "*.tests.yaml", *others)
    config = Path(shutil.copytree(ROOT / "config", folder / "config", ignore=left_out))
    _rewrite(
        config / _FILE,
        (r"^hours: .*$", ""),
        (r"^intents:.*$", f"intents:\n{_MOTTO}"),
        (r"\Z", _TOOLS.format(name=TOOL, url=url)),
    )
    _rewrite(
        config / _SHOP,
        (r"^hours: .*$", ""),
        (r"^limits:\n( .*\n)+", "limits: {calls: {day: 1}}\n"),
    )
    crews = Path(shutil.copytree(ROOT / "crews", folder / "crews"))
    times = (("quiet", "1.0"), ("max_wait", "20"), ("deadline", "60"), ("hedge", "0"))
    changes = ((rf"^( *){key}: \S+", rf"\g<1>{key}: {value}") for key, value in times)
    _rewrite(crews / "_default" / "crew.yaml", *changes)
    for name in ("scheduling", "sales", "customer_success"):
        shutil.copy(crews / "functions" / "support.yaml", crews / "functions" / f"{name}.yaml")
    return config, crews


def _rewrite(path: Path, *changes: tuple[str, str]) -> None:
    """Change what each pattern finds, which is one place."""
    text = path.read_text("utf-8")
    for pattern, made in changes:
        text, found = re.subn(f"(?m){pattern}", made, text, count=2)
        assert found == 1, (path, pattern)
    path.write_text(text, "utf-8")


def _both(folder: Path, mappings: list[Path]) -> Path:
    read = [yaml.safe_load(path.read_text("utf-8")) for path in mappings]
    accounts = {name: body for one in read for name, body in one["accounts"].items()}
    made = folder / "chatwoot_mapping.yaml"
    made.write_text(yaml.safe_dump({"version": 1, "accounts": accounts}), "utf-8")
    return made
