"""``chatcrew quarantine``: what was refused is seen, and used once its reason is mended (N3)."""

import asyncio
import json
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from chatcrew.cli._commands import app
from chatcrew.clock import SystemClock
from chatcrew.mailbox import PostgresMailbox
from chatcrew.testing.commands import finished

pytestmark = pytest.mark.usefixtures("second_start")


async def command(home, *words: str) -> tuple[int, bytes, str]:
    """Run ``chatcrew quarantine`` beside the program; return code, output and complaints."""
    code, output, complaints = await finished("quarantine", *words, environment=home.environment)
    return code, output, complaints.decode()


async def kept(home, rows: list[dict]) -> dict[int, bytes]:
    """Return the bodies of what was listed, by number, as the database has them."""
    found = {}
    async with home.database() as database:
        mailbox = PostgresMailbox(database, SystemClock())
        for row in rows:
            one = await mailbox.quarantined_body(row["id"])
            assert one is not None
            found[row["id"]] = one.body
        await mailbox.close()
    return found


def messages_in(bodies: dict[int, bytes]) -> dict[int, dict]:
    """Return those of bodies that are a customer's message, by number."""
    read = {number: json.loads(body) for number, body in bodies.items()}
    return {number: body for number, body in read.items() if body["event"] == "message_created"}


def _forget_inbox(mapping: Path) -> str:
    """Take the inbox out of the mapping; return the mapping as it was."""
    before = mapping.read_text("utf-8")
    body = yaml.safe_load(before)
    (account,) = body["accounts"].values()
    tenant = account.pop("tenant")
    account["inboxes"] = {"99": {"channel": "whatsapp", "tenant": tenant}}
    mapping.write_text(yaml.safe_dump(body), "utf-8")
    return before


async def test_refused_messages_are_listed_shown_and_used_once_the_mapping_is_mended(house) -> None:
    """Who is with people by then stays there; who came back to the bot is answered."""
    async with house() as home:
        mapping = Path(home.environment["CHATCREW_MAPPING"])
        before = await asyncio.to_thread(_forget_inbox, mapping)
        async with home.program("serve") as serve:
            await serve.ready()
            assert (await command(home))[:2] == (0, b"Nada em quarentena\n")
            talks = []
            for number in range(2):
                contact = home.account.add_contact(phone_number=f"+55819000000{number:02}")
                talk = await home.chatwoot.customer_says(home.inbox, contact, home.questions[0])
                await home.chatwoot.wait_for(lambda talk=talk: talk.status == "open", timeout=20.0)
                talks.append(talk)
            with_people, with_bot = talks
            await home.chatwoot.set_status(with_bot, "pending")
            await home.chatwoot.idle()

            code, output, _ = await command(home, "--json")
            rows = json.loads(output)
            assert code == 0
            assert {(row["bot"], row["reason"]) for row in rows} == {
                ("clinic-bot", "unmapped_inbox")
            }
            bodies = await kept(home, rows)
            assert all(len(bodies[row["id"]]) == row["size"] for row in rows)
            messages = messages_in(bodies)
            assert [one["content"] for one in messages.values()] == [home.questions[0]] * 2
            for number in messages:
                assert await command(home, "--show", str(number)) == (0, bodies[number], "")

            code, _, complaints = await command(home, "--retry", "all")
            assert code == 1
            assert complaints.count("recusada de novo (unmapped_inbox)") == len(rows)

            await asyncio.to_thread(mapping.write_text, before, "utf-8")
            code, output, complaints = await command(home, "--retry", "all", "--lang", "en")
            assert (code, complaints) == (0, "")
            assert output.decode().count("stored; it goes its normal way") >= 2
            assert (await command(home))[1] == b"Nada em quarentena\n"

            async with home.program("work", CHATCREW_ADMIN_PORT="0"):
                await home.chatwoot.wait_for(lambda: with_bot.public_bot_replies, timeout=40.0)
                await home.settled()
            assert len(with_bot.public_bot_replies) == 1
            assert with_people.public_bot_replies == []
            assert with_people.status == "open"


async def test_a_message_is_not_used_while_nobody_can_say_whose_the_conversation_is(house) -> None:
    """Chatwoot is away: it stays, until it is tried again or discarded."""
    async with house() as home:
        mapping = Path(home.environment["CHATCREW_MAPPING"])
        before = await asyncio.to_thread(_forget_inbox, mapping)
        async with home.program("serve") as serve:
            await serve.ready()
            contact = home.account.add_contact(phone_number="+5581900000000")
            await home.chatwoot.customer_says(home.inbox, contact, home.questions[0])
            await home.chatwoot.idle()
            _, output, _ = await command(home, "--json")
            (message,) = messages_in(await kept(home, json.loads(output)))
            await asyncio.to_thread(mapping.write_text, before, "utf-8")
            await home.chatwoot.refuse_connections()

            code, _, complaints = await command(home, "--retry", str(message))
            assert (code, "continua em quarentena" in complaints) == (1, True)
            code, output, _ = await command(home, "--discard", str(message))
            assert (code, output.decode()) == (0, f"{message}: descartada\n")
            code, _, complaints = await command(home, "--discard", str(message))
            assert (code, complaints) == (1, f"{message}: não está em quarentena\n")
            assert (await command(home, "--show", str(message)))[0] == 1


def test_options_that_make_no_sense_end_with_2_before_anything_is_started() -> None:
    """A number that is none, and two things at once."""
    for words in (("--retry", "nonsense"), ("--retry", "1", "--show", "1")):
        assert CliRunner().invoke(app, ["quarantine", *words]).exit_code == 2
