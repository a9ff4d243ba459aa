"""The tab inside a Chatwoot-shaped page, in a real browser (S2-08)."""

import pytest
from playwright.async_api import Frame, Route, expect
from tests.browser.looks import CONTRAST, WIDER

from chatcrew.testing.responders import ScriptedResponder

pytestmark = pytest.mark.browser

LONG = "Otorrinolaringologista" * 6
SHIFTS = """() => new Promise((done) => {
  let sum = 0;
  new PerformanceObserver((list) => {
    for (const one of list.getEntries()) if (!one.hadRecentInput) sum += one.value;
  }).observe({ type: "layout-shift", buffered: true });
  setTimeout(() => done(sum), 300);
})"""
PAINT = """() => performance.getEntriesByName("first-contentful-paint")[0].startTime"""
WIDE = """() => [...document.querySelectorAll("body *")].filter((one) =>
  one.getBoundingClientRect().right > document.documentElement.clientWidth + 1).map((one) =>
  `${one.tagName}.${one.className}`)"""


def crew() -> ScriptedResponder:
    """Return a crew that always answers the same."""
    return ScriptedResponder(lambda ask: "Sim, atendemos aos sábados das 8h às 12h.")


async def press(frame: Frame, name: str) -> None:
    """Press a button of the tab."""
    await frame.get_by_role("button", name=name, exact=True).click()


async def test_an_operator_pairs_pauses_takes_over_hands_back_corrects_and_forgets(
    tab_desk,
) -> None:
    """All of it in the tab; Chatwoot holds the notes that tell the team who did what."""
    async with tab_desk(responder=crew()) as desk:
        talk = await desk.customer("meu nome é Maria da Silva, vocês atendem sábado?")
        _, frame = await desk.open()
        await desk.pair(frame)
        head = frame.locator("#head-state")
        await expect(head).to_have_text("Com o bot")
        await expect(frame.locator(".turn")).to_have_count(1)

        await frame.locator("summary", has_text="Pausar").click()
        await press(frame, "sem prazo")
        await expect(frame.locator("#said")).to_contain_text("Pedido feito")
        await expect(head).to_have_text("Bot em silêncio", timeout=10_000)
        await press(frame, "Retomar")
        await expect(head).to_have_text("Com o bot", timeout=10_000)
        await press(frame, "Assumir")
        await expect(head).to_have_text("Com Patrícia Gomes", timeout=10_000)
        assert (talk.status, talk.assignee) == ("open", desk.agent)
        await press(frame, "Devolver ao bot")
        await expect(head).to_have_text("Com o bot", timeout=10_000)
        assert (talk.status, talk.assignee) == ("pending", None)

        await frame.get_by_role("button", name="Boa resposta").click()
        good = frame.locator('[aria-label="Boa resposta"]')
        await expect(good).to_have_attribute("aria-pressed", "true", timeout=10_000)
        await frame.locator("summary", has_text="Corrigir").click()
        await frame.get_by_label("O que o bot deveria ter dito?").fill("Sábado só até 11h.")
        await press(frame, "Enviar correção")
        await expect(frame.locator("#said")).to_contain_text("Pedido feito")
        await desk.settled()

        facts = frame.locator(".facts > li")
        await expect(facts).to_have_count(1)
        await facts.locator("summary").click()
        await facts.locator("textarea").fill("Prefere ser chamada de Mari.")
        await press(frame, "Salvar")
        await expect(facts.first).to_contain_text("Prefere ser chamada de Mari.", timeout=10_000)
        await frame.locator("summary", has_text="Esquecer tudo").click()
        await press(frame, "Sim, esquecer tudo")
        await expect(frame.locator("#part-memory")).to_contain_text(
            "não se lembra de nada", timeout=10_000
        )
        await desk.settled()
        assert "esqueceu este cliente" in talk.notes[-1].content

        await press(frame, "Sair")
        await expect(frame.locator("#command")).to_be_visible()
        await expect(frame.locator("#panel")).to_have_count(0)


async def test_the_tab_paints_at_once_shifts_nothing_and_goes_on_by_itself(tab_desk) -> None:
    """First paint below 300 ms on loopback; a new turn appears, what is written and open stays."""
    async with tab_desk(responder=crew()) as desk:
        await desk.customer("vocês atendem sábado?")
        page, frame = await desk.open()
        await desk.pair(frame)
        await page.reload()
        frame = page.frames[1]
        await expect(frame.locator("#panel")).to_be_visible()
        paint = await frame.evaluate(PAINT)
        assert paint < 300
        assert await frame.evaluate(SHIFTS) == 0

        await frame.locator("summary", has_text="Por quê").click()
        await frame.locator("summary", has_text="Corrigir").click()
        words = frame.get_by_label("O que o bot deveria ter dito?")
        await words.fill("meio escrito")
        by_hand = await frame.evaluate(SHIFTS)
        await desk.customer("e domingo?")
        await frame.get_by_role("button", name="Assumir").focus()
        await expect(words).to_have_value("meio escrito")
        await desk.customer("e feriado?")
        await words.fill("")
        await frame.get_by_role("button", name="Assumir").focus()
        await expect(frame.locator(".turn")).to_have_count(3, timeout=10_000)
        assert await frame.locator("details[open] .why").count() == 1, "what was open stays open"
        assert await frame.evaluate(SHIFTS) == by_hand, "nothing moves by itself"


async def test_who_sits_down_next_and_who_frames_the_tab_elsewhere_see_nothing(tab_desk) -> None:
    """Another operator in the same browser, a direct visit, a page that is no Chatwoot of ours."""
    async with tab_desk(responder=crew()) as desk:
        await desk.customer("vocês atendem sábado?")
        page, frame = await desk.open()
        await desk.pair(frame)
        desk.parent.agent = 13
        await page.reload()
        await expect(page.frames[1].locator("#command")).to_be_visible()
        desk.parent.agent, desk.parent.number = 12, 999
        await page.reload()
        await expect(page.frames[1].locator("#command")).to_be_visible()

        await page.goto(desk.address)
        await expect(page.locator("#outside")).to_contain_text("aba do Chatwoot")
        assert await page.locator("#command, #panel").count() == 0
        desk.parent.number = desk.talk.id
        # Another origin: the browser itself refuses to show the tab there
        await page.goto(desk.parent.url.replace("127.0.0.1", "localhost"))
        await page.wait_for_timeout(500)
        assert await page.frames[1].locator("#command, #panel").count() == 0
        refused = [words for words in desk.said if "frame-ancestors" in words]
        assert refused
        desk.said[:] = [words for words in desk.said if words not in refused]


@pytest.mark.parametrize("language", ["pt-BR", "en-US"])
async def test_nothing_is_too_wide_too_pale_or_out_of_the_keyboards_reach(
    tab_desk, language: str
) -> None:
    """At 320 px, with endless words, light and dark, everything open: WCAG AA contrast holds."""
    async with tab_desk(responder=crew()) as desk:
        desk.agent.name = LONG
        await desk.customer(f"meu nome é Maria da Silva, vocês têm {LONG}?")
        await desk.customer("quero falar com uma pessoa")
        page, frame = await desk.open(locale=language, viewport={"width": 320, "height": 700})
        assert await frame.evaluate(WIDER) <= 0
        await desk.pair(frame)
        assert await frame.evaluate("document.documentElement.lang") == language[:2].replace(
            "pt", "pt-BR"
        )
        await frame.evaluate("document.querySelectorAll('details').forEach((one) => one.open = 1)")
        for width in (320, 768, 1280):
            await page.set_viewport_size({"width": width, "height": 900})
            assert await frame.evaluate(WIDER) <= 0, await frame.evaluate(WIDE)
        for scheme in ("light", "dark"):
            await page.emulate_media(color_scheme=scheme)
            assert await frame.evaluate(CONTRAST) == [], scheme

        await frame.locator("button").first.focus()
        reached = set()
        for _ in range(12):
            await page.keyboard.press("Tab")
            reached.add(await frame.evaluate("document.activeElement.textContent.trim()"))
        assert len(reached) > 5


async def test_a_tab_that_gets_no_stream_rests_before_it_looks_again(tab_desk) -> None:
    """More people than streams must not become a storm of questions; the panel stays (S2-08)."""
    async with tab_desk(responder=crew()) as desk:
        await desk.customer("vocês atendem sábado?")
        page, frame = await desk.open()
        asked = 0

        async def full(route: Route) -> None:
            nonlocal asked
            asked += 1
            await route.fulfill(status=429, json={"error": {"kind": "too_many_streams"}})

        await page.route("**/events", full)
        await desk.pair(frame)
        await desk.customer("e no domingo?")
        await expect(frame.locator("#panel")).to_be_visible()
        assert asked == 1
        desk.said[:] = [one for one in desk.said if "429" not in one]
