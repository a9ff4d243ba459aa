"""``chatcrew prove``: the chain of a conversation, read back from Chatwoot, and where it broke."""

import asyncio
import json
from pathlib import Path

from pydantic import SecretStr

from chatcrew.cli._prove import run_prove
from chatcrew.settings import Settings

ROOT = Path(__file__).parents[2]


async def test_the_chain_is_told_from_the_delivery_to_what_chatwoot_holds(
    clinic, database, tmp_path, capsys
) -> None:
    """A reply, a handoff, a reply that somebody deleted the tag of, and nobody (N3)."""
    async with clinic(user_token=True) as c:
        settings = Settings(
            _env_file=None,
            data_dir=tmp_path,
            database_url=SecretStr(database.address),
            config_dir=ROOT / "config",
            crews_dir=ROOT / "crews",
            mapping=tmp_path / "chatwoot_mapping.yaml",
        )

        async def prove(name: str, *, as_json: bool = False, lang: str = "en") -> tuple[int, str]:
            options = {"turns": 20, "read_back": True, "mapping": None}
            code = await asyncio.to_thread(
                run_prove, settings, name, lang=lang, as_json=as_json, **options
            )
            return code, capsys.readouterr().out

        conversation = await c.says("Onde fica a clínica?")
        reply = await c.reply(conversation)
        await c.says("Vocês consertam geladeira importada da Noruega?")
        await c.chatwoot.wait_for(lambda: conversation.status == "open")
        await c.settled()

        name = f"demo/{conversation.id}"
        code, told = await prove(name)
        assert code == 0, told
        assert told.count("read back: 1x") == told.count("echo heard") >= 3
        assert f"message {reply.id} in Chatwoot" in told
        assert "The chain is whole." in told

        trace = reply.content_attributes["chatcrew"]
        reply.content_attributes = {}
        code, told = await prove(name, as_json=True)
        (facts,) = json.loads(told)["conversations"]
        assert code == 1
        assert [(one["code"], one["subject"]) for one in facts["breaks"]] == [
            ("not_there", trace["tag"])
        ]
        assert "geladeira" not in told

        assert (await prove("demo/999", lang="pt-BR")) == (
            1,
            "nada nos registros sobre demo/999\n",
        )
