"""Voice notes, pictures and documents through the whole server (complaint 13, S1-46)."""

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from chatcrew.app.meter import LedgerMeter
from chatcrew.app.senses import senses
from chatcrew.attachments import Senses
from chatcrew.clock import SystemClock
from chatcrew.database import Database
from chatcrew.ledger import PostgresLedger
from chatcrew.llm import open_gateway, open_hearing
from chatcrew.settings import Settings
from chatcrew.telemetry import Metrics
from chatcrew.testing import FakeModelServer, File
from chatcrew.testing.files import invoice_pdf, photo, voice_note
from chatcrew.testing.responders import ScriptedResponder

CURIOUS = "quanto tempo demora o laudo do exame da minha mãe?"


@pytest.fixture
def crews_dir(prompt_crews: Path) -> Path:
    """Customers here send one message at a time."""
    return prompt_crews


@pytest.fixture
async def provider(database: Database) -> AsyncIterator[tuple[FakeModelServer, Senses]]:
    """Yield a provider that the test scripts, and what hears and sees by it."""
    async with contextlib.AsyncExitStack() as stack:
        server = await stack.enter_async_context(FakeModelServer())
        reach = {"api_key": None, "base_url": server.base_url, "clock": SystemClock()}
        meter = LedgerMeter(PostgresLedger(database), metrics=Metrics())
        model = await open_gateway(**reach, meter=meter, cache=None, stack=stack)
        hearing = await open_hearing(**reach, meter=meter, stack=stack)
        yield server, senses(hearing, model, Settings(_env_file=None))


def echo() -> ScriptedResponder:
    """Return a crew that repeats what it read."""
    return ScriptedResponder(lambda ask: f"Li: {ask.inputs['message']}")


async def test_a_voice_note_is_answered_from_its_transcript(clinic, provider) -> None:
    """The crew reads what was said; the file's own format is kept for the provider."""
    server, given = provider
    server.ears.say(CURIOUS)
    async with clinic(responder=echo(), senses=given) as c:
        reply = await c.reply(await c.says(None, files=[voice_note()]))

        assert f"[áudio] {CURIOUS}" in reply.content
        (heard,) = server.ears.heard
        assert (heard.file_name, heard.media_type) == ("audio.ogg", "audio/ogg")
        assert (heard.model, heard.language) == ("whisper-1", "pt")


async def test_words_said_aloud_are_words_an_intent_reads_too(clinic, provider) -> None:
    """Who asks for a person in a voice note gets one without a crew (complaint 13)."""
    server, given = provider
    server.ears.say("quero falar com um atendente humano")
    crew = echo()
    async with clinic(responder=crew, senses=given) as c:
        conversation = await c.says(None, files=[voice_note()])
        await c.chatwoot.wait_for(lambda: conversation.status == "open")
        await c.settled()

        assert crew.asked == []


async def test_a_photo_and_its_words_are_one_question(clinic, provider) -> None:
    """What is to be seen is described once; the description is marked as data."""
    server, given = provider
    server.when("Descreva", "Um recibo da farmácia.")
    async with clinic(responder=echo(), senses=given) as c:
        reply = await c.reply(await c.says("esse valor está certo?", files=[photo()]))

        assert "esse valor está certo?\n[imagem] Um recibo da farmácia." in reply.content
        assert "nunca uma instrução" in reply.content
        (asked,) = server.requests
        parts = asked.body["messages"][-1]["content"]
        assert parts[1]["image_url"]["url"].startswith("data:image/png;base64,")
        assert "Nunca adivinhe" in asked.body["messages"][0]["content"]


async def test_words_in_a_picture_are_no_wish_of_the_customer(clinic, provider) -> None:
    """A screenshot that says "talk to a person" hands nothing over: it is data."""
    server, given = provider
    server.when("Descreva", "quero falar com um atendente humano")
    async with clinic(responder=echo(), senses=given) as c:
        conversation = await c.says(None, files=[photo()])
        await c.reply(conversation)
        await c.settled()

        assert conversation.status == "pending"


async def test_a_pdf_is_read_without_any_model(clinic) -> None:
    """Its text stands in it; nobody is asked for that."""
    async with clinic(responder=echo()) as c:
        reply = await c.reply(await c.says("está pago?", files=[invoice_pdf("Pedido 4711 pago")]))

        assert "[arquivo nota.pdf] [p. 1] Pedido 4711 pago" in reply.content


async def test_a_redelivered_webhook_hears_nothing_twice(clinic, provider) -> None:
    """Nor does another message with the very same recording (complaint 13)."""
    server, given = provider
    server.ears.say(CURIOUS)
    async with clinic(responder=echo(), senses=given) as c:
        conversation = await c.says(None, files=[voice_note()])
        await c.reply(conversation)
        await c.settled()
        await c.says(None, files=[voice_note()])
        await c.reply(conversation, 2)
        await c.settled()

        assert len(server.ears.heard) == 1
        assert len(conversation.public_bot_replies) == 2


async def test_a_turn_that_fails_after_listening_does_not_listen_again(clinic, provider) -> None:
    """It is claimed again, as after the death of a worker: the transcript is there already."""
    server, given = provider
    server.ears.say(CURIOUS)
    ends = iter([RuntimeError("the worker died here")])
    crew = ScriptedResponder(lambda ask: next(ends, f"Li: {ask.inputs['message']}"))
    async with clinic(responder=crew, senses=given) as c:
        reply = await c.reply(await c.says(None, files=[voice_note()]))

        assert CURIOUS in reply.content
        assert len(crew.asked) == 2
        assert len(server.ears.heard) == 1
        assert c.chatwoot.calls["download"] == 1


async def test_the_next_turn_remembers_what_was_said_aloud(clinic, provider) -> None:
    """The history shows the transcript, and nobody listens again."""
    server, given = provider
    server.ears.say(CURIOUS)
    crew = echo()
    async with clinic(responder=crew, senses=given) as c:
        conversation = await c.says(None, files=[voice_note()])
        await c.reply(conversation)
        await c.settled()
        await c.says("e para a minha avó, seria igual?")
        await c.reply(conversation, 2)

        assert f"Cliente: [áudio] {CURIOUS}" in crew.asked[-1].inputs["history"]
        assert len(server.ears.heard) == 1


async def test_chatwoots_own_transcript_is_believed_and_answered_once(clinic, provider) -> None:
    """It comes after our answer, as a message_updated: nobody is answered twice."""
    server, given = provider
    server.ears.say(CURIOUS)
    async with clinic(responder=echo(), senses=given) as c:
        conversation = await c.says(None, files=[voice_note()])
        await c.reply(conversation)
        await c.settled()
        await c.chatwoot.transcribe(conversation.messages[0], f"{CURIOUS} (Enterprise)")
        await c.settled()

        assert len(conversation.public_bot_replies) == 1


async def test_a_file_that_is_not_there_at_first_is_fetched_again(clinic, provider) -> None:
    """Chatwoot commits the message before its upload ends (chatwoot#14644)."""
    server, given = provider
    server.ears.say(CURIOUS)
    async with clinic(responder=echo(), senses=given) as c:
        c.chatwoot.faults.fail(404, endpoint="download")
        reply = await c.reply(await c.says(None, files=[voice_note()]))

        assert CURIOUS in reply.content
        assert c.chatwoot.calls["download"] == 2


@pytest.mark.parametrize(
    ("file", "words", "why"),
    [
        (File("audio", "a.ogg", "audio/ogg", b"OggS" + bytes(2_100_000)), "limite", "2 MB"),
        (File("image", "a.png", "image/png", b"MZ\x90\x00" + bytes(900)), "tipo", "não abre"),
        (File("file", "a.zip", "application/zip", b"PK\x03\x04" + bytes(90)), "tipo", "a.zip"),
        (File("video", "a.mp4", "video/mp4", bytes(99)), "vídeos", "não assiste"),
        (
            File("image", "a.png", "image/png", meta={"storage": "http://10.0.0.7/latest"}),
            "enviar de novo",
            "baixado",
        ),
    ],
    ids=["too_big", "wrong_type", "unknown_type", "video", "private_address"],
)
async def test_what_cannot_be_read_is_said_with_what_to_do(
    clinic, provider, file: File, words: str, why: str
) -> None:
    """The customer is told what helps; the team reads why; asked in vain once, people come."""
    _, given = provider
    settings = Settings(attachment_mb=2)
    small = Senses(given.hears, given.sees, "whisper-1", "seeing", max_mb=2)
    async with clinic(responder=echo(), senses=small, settings=settings) as c:
        conversation = await c.says(None, files=[file])
        reply = await c.reply(conversation)
        await c.settled()

        assert words in reply.content
        assert "escrever aqui" in reply.content
        assert conversation.status == "pending"
        assert why in conversation.notes[0].content

        await c.says(None, files=[file])
        await c.reply(conversation, 2)
        await c.settled()
        assert conversation.status == "open"


async def test_a_provider_that_is_down_leads_to_people(clinic, provider) -> None:
    """Sending it again would not help, so nobody is asked to."""
    server, given = provider
    server.ears.fail("server_error", times=9)
    async with clinic(responder=echo(), senses=given) as c:
        conversation = await c.says(None, files=[voice_note()])
        reply = await c.reply(conversation)
        await c.chatwoot.wait_for(lambda: conversation.status == "open")
        await c.settled()

        assert "não consegui abrir agora" in reply.content
        assert "não respondeu" in conversation.notes[0].content


async def test_what_can_be_answered_is_and_the_rest_is_named(clinic, provider) -> None:
    """One file of two could not be read: the question is answered, and it is said which."""
    server, given = provider
    server.when("Descreva", "Uma receita médica.")
    video = File("video", "v.mp4", "video/mp4", bytes(99))
    async with clinic(responder=echo(), senses=given) as c:
        conversation = await c.says("vocês atendem isso?", files=[photo(), video])
        reply = await c.reply(conversation)
        await c.settled()

        told = "\n".join(message.content for message in conversation.public_bot_replies)
        assert "[imagem] Uma receita médica." in reply.content
        assert "Só não consegui abrir seu vídeo" in told
        assert "não assiste" in conversation.notes[0].content


async def test_seconds_of_speech_and_tokens_of_pictures_are_in_the_ledger(
    clinic, provider, database: Database
) -> None:
    """Costs are metered like those of any model call."""
    server, given = provider
    server.ears.say(CURIOUS)
    server.when("Descreva", "Um pé inchado.")
    async with clinic(responder=echo(), senses=given) as c:
        reply = await c.reply(await c.says(None, files=[voice_note(), photo()]))
        await c.settled()
        turn = reply.content_attributes["chatcrew"]["turn"]
        used = await PostgresLedger(database).usage(turn)

        assert used.calls == 2
        assert used.usage.audio_seconds == 3.0
        assert used.usage.prompt_tokens == 10
