"""Rules with days and keywords: the crew reads those that hold, and only their figures count."""

from chatcrew.testing.responders import ScriptedResponder

QUESTION = "Vocês consertam geladeira importada da Noruega?"
PROMOTION = """
  - text: Em promoção, a primeira visita sai por R$ 99,00.
    type: promotion
    keywords: [geladeira]
    {days}
"""


async def test_a_rule_in_force_is_read_and_its_price_may_be_said(clinic) -> None:
    """S2-14: a promotion with its days."""
    crew = ScriptedResponder(lambda ask: "A primeira visita sai por R$ 99,00.")
    days = "from: 2020-01-01"
    async with clinic(responder=crew, rules=PROMOTION.format(days=days)) as c:
        reply = await c.reply(await c.says(QUESTION))
        assert "R$ 99,00" in reply.content
        assert "R$ 99,00" in crew.asked[0].inputs["rules"]


async def test_a_promotion_that_is_over_is_neither_read_nor_a_source(clinic) -> None:
    """A model that remembers last month's price says nothing invented (S3-116)."""
    crew = ScriptedResponder(lambda ask: "A primeira visita sai por R$ 99,00.")
    days = "until: 2020-12-31"
    async with clinic(responder=crew, rules=PROMOTION.format(days=days)) as c:
        conversation = await c.says(QUESTION)
        await c.chatwoot.wait_for(lambda: conversation.status == "open")
        assert "R$ 99" not in conversation.public_bot_replies[0].content
        assert "R$ 99" not in crew.asked[0].inputs["rules"]


async def test_a_rule_about_something_else_is_left_out_of_the_prompt(clinic) -> None:
    """Keywords keep prompts short."""
    crew = ScriptedResponder(lambda ask: "Não consertamos.")
    days = "from: 2020-01-01"
    async with clinic(responder=crew, rules=PROMOTION.format(days=days)) as c:
        await c.reply(await c.says("Vocês consertam fogão importado da Suécia?"))
        assert "R$ 99" not in crew.asked[0].inputs["rules"]
