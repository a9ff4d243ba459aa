"""Why the bot is silent, and what brings it back, on the sandbox's page in a real browser."""

import shutil
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Locator, Page, async_playwright, expect
from tests.browser.looks import FLAGS

from chatcrew.sandbox import Sandbox
from chatcrew.testing import Account, Conversation, FakeChatwoot

pytestmark = pytest.mark.browser


@pytest.fixture
async def page(cw: FakeChatwoot, account: Account) -> AsyncIterator[Page]:
    """The page with a first message sent; a message on its console fails the test."""
    chromium = shutil.which("chromium")
    assert chromium is not None, "the browser tests need Debian's Chromium"
    sandbox = Sandbox(cw, title="Clínica", model_configured=True, starters=["Oi"])
    await sandbox.start(port=0)
    said: list[str] = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        page = await browser.new_page(locale="pt-BR", viewport={"width": 1280, "height": 860})
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        await page.goto(sandbox.url)
        await page.get_by_role("button", name="Oi", exact=True).click()
        await expect(page.locator("#timeline .card")).to_have_count(1)
        yield page
        await browser.close()
    await sandbox.close()
    assert said == []


@pytest.fixture
def conversation(account: Account, page: Page) -> Conversation:
    """The conversation that the page began."""
    assert page
    return account.conversations[1]


async def fully_inside(one: Locator, other: Locator) -> bool:
    """Return whether one box stands in the other from top to bottom."""
    inner, outer = await one.bounding_box(), await other.bounding_box()
    assert inner is not None
    assert outer is not None
    below = inner["y"] + inner["height"] <= outer["y"] + outer["height"]
    return below and inner["y"] >= outer["y"]


async def test_after_a_handoff_both_sides_say_what_brings_the_bot_back(
    cw: FakeChatwoot, conversation: Conversation, page: Page
) -> None:
    """Who goes on writing on the phone would think the bot is broken."""
    await expect(page.locator("#phone-hint")).to_be_hidden()
    await cw.set_status(conversation, "open", by=conversation.inbox.bot)

    for hint in ("#phone-hint", "#desk-hint"):
        await expect(page.locator(hint)).to_contain_text("“Devolver ao bot” o traz de volta")
    await page.get_by_role("button", name="Devolver ao bot").click()
    await expect(page.locator("#phone-hint")).to_be_hidden()
    await expect(page.locator("#desk-hint")).to_contain_text("O bot está atendendo")


async def test_a_bot_that_was_told_to_be_silent_is_not_shown_as_serving(
    cw: FakeChatwoot, conversation: Conversation, page: Page
) -> None:
    """Chatwoot's status stays pending, which alone would read "with the bot" (S3-38)."""
    await cw.bot_says(conversation, "🔇 O bot está em silêncio nesta conversa.", private=True)

    await expect(page.locator("#detail-state .pill")).to_have_text("Bot em silêncio")
    await expect(page.locator("#conversation-list .pill")).to_have_text("Bot em silêncio")
    await expect(page.locator("#phone-hint")).to_contain_text("em silêncio")
    await page.get_by_role("button", name="Devolver ao bot").click()
    await expect(page.locator("#timeline .card.note").last).to_contain_text("/bot voltar")
    await cw.bot_says(conversation, "🔊 O bot volta a responder nesta conversa.", private=True)

    await expect(page.locator("#detail-state .pill")).to_have_text("Com o bot")
    await expect(page.locator("#phone-hint")).to_be_hidden()


async def test_a_command_is_not_sent_to_the_customer_by_mistake(
    conversation: Conversation, page: Page
) -> None:
    """The page asks before; Chatwoot itself would send it."""
    await page.locator("#desk-text").fill("/bot parar")
    await page.locator("#desk-send").click()

    await expect(page.locator("#desk-ask")).to_contain_text("iria para o cliente")
    await expect(page.locator("#timeline .card")).to_have_count(1)
    await page.get_by_role("button", name="Enviar como nota").click()
    await expect(page.locator("#timeline .card.note")).to_contain_text("/bot parar")
    await expect(page.locator("#desk-ask")).to_be_hidden()
    await page.locator("#desk-text").fill("/bot parar é o comando")
    await page.locator("#desk-text").press("Control+Enter")
    await page.get_by_role("button", name="Enviar ao cliente").click()

    await expect(page.locator("#phone-thread")).to_contain_text("/bot parar é o comando")
    assert [one.private for one in conversation.messages[1:] if one.sender] == [True, False]


async def test_the_way_to_an_answer_is_told_once_under_its_last_bubble(
    cw: FakeChatwoot, conversation: Conversation, page: Page
) -> None:
    """An answer of three bubbles came one way; the next answer has its own (N5)."""
    rungs = [["cache", "miss", 1], ["crew", "answered", 900]]
    for number in range(3):
        tag = {"chatcrew": {"engine": "crew", "turn": "t1", "rungs": rungs}}
        await cw.bot_says(conversation, f"Parte {number}", attributes=tag)
    tag = {"chatcrew": {"engine": "crew", "turn": "t2", "rungs": rungs}}
    await cw.bot_says(conversation, "Outra", attributes=tag)

    await expect(page.locator("#timeline .card.bot")).to_have_count(4)
    await expect(page.locator("#timeline .ladder")).to_have_count(2)
    entries = page.locator("#timeline .entry.ours")
    await expect(entries.nth(1).locator(".facts")).to_have_count(0)
    await expect(entries.nth(2).locator(".ladder")).to_have_text(
        "resposta guardada: nenhumaequipe de IA: 900 ms"
    )


async def test_a_note_of_the_same_turn_takes_nothing_from_the_reply(
    cw: FakeChatwoot, conversation: Conversation, page: Page
) -> None:
    """Way, tools and knowledge stand under the reply; code in a bold line of a note is code."""
    rungs = [["crew", "answered", 900]]
    tag = {"engine": "crew", "turn": "t1", "rungs": rungs, "tools": ["woo_order"]}
    tag["sources"] = ["knowledge/precos.csv:L3"]
    await cw.bot_says(conversation, "Pedi à equipe.", attributes={"chatcrew": tag})
    words = "**Pedido 1: o bot pede `pedir_troca`**"
    await cw.bot_says(conversation, words, private=True, attributes={"chatcrew": tag})

    note = page.locator("#timeline .card.note")
    await expect(note.locator("strong code")).to_have_text("pedir_troca")
    facts = page.locator("#timeline .entry.ours").nth(0).locator(".facts")
    await expect(facts).to_contain_text("Ferramentas: woo_order")
    await expect(facts).to_contain_text("Conhecimento consultado: precos.csv:L3")
    await expect(facts.locator(".ladder")).to_have_count(1)


async def test_a_small_phone_shows_the_newest_message_and_room_for_the_talk(
    cw: FakeChatwoot, conversation: Conversation, page: Page
) -> None:
    """At 360 px the header scrolls away with the talk, which opens at its end."""
    await page.set_viewport_size({"width": 360, "height": 640})
    for number in range(12):
        await cw.bot_says(conversation, f"Mensagem número {number}")
    await page.get_by_role("tab", name="Operador").click()
    detail, last = page.locator("#detail-body"), page.locator("#timeline .entry").last
    for _ in range(2):
        await page.locator("#conversation-list button").click()
        await expect(last).to_contain_text("Mensagem número 11")
        await expect(last).to_be_in_viewport(ratio=1)
        assert await fully_inside(last, detail)
        form = await page.locator("#desk-form").bounding_box()
        whole = await detail.bounding_box()
        assert form is not None
        assert whole is not None
        assert form["y"] - whole["y"] > 250, "room for the talk"
        await detail.evaluate("box => { box.scrollTop = 0; }")
        await page.get_by_role("button", name="Voltar para as conversas").click()

    script = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert await page.evaluate(script) == 0


async def test_the_page_says_that_its_conversations_are_gone_with_the_demo(page: Page) -> None:
    """The pretended Chatwoot is memory only; a real one keeps everything."""
    await expect(page.locator(".forgets")).to_contain_text("somem quando a demonstração termina")
    await page.get_by_role("button", name="English").click()
    await expect(page.locator(".forgets")).to_contain_text("gone when the demo ends")
