"""What customers and operators do in every mode: stories in beats; all settles between two."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass

from benchmarks._conform_town import Town
from chatcrew.testing import Conversation


@dataclass
class Teller:
    """Lets people of one story act; each customer's conversation is kept under a name."""

    town: Town
    story: str
    number: int
    reload: Callable[[], Awaitable[None]]
    people: int = 0

    async def says(self, text: str, *, who: str = "", place: str = "clinic") -> Conversation:
        """Let a customer of the story write."""
        where = self.town.places[place]
        key = f"{self.story}{f'/{who}' if who else ''}"
        known = self.town.talks.get(key)
        if known is not None:
            await self.town.chatwoot.customer_replies(known, text)
            return known
        self.people += 1
        number = f"+55819{self.number:04d}{self.people:04d}"
        contact = where.account.add_contact(name="Maria da Silva", phone_number=number)
        self.town.talks[key] = await self.town.chatwoot.customer_says(where.inbox, contact, text)
        return self.town.talks[key]

    async def notes(self, talk: Conversation, text: str) -> None:
        """Let the operator write a private note."""
        await self.town.chatwoot.agent_says(talk, text, private=True)


Story = Callable[[Teller], AsyncIterator[None]]


async def burst(teller: Teller) -> AsyncIterator[None]:
    """Three messages in a row get one answer that has read them all."""
    for text in ("Deixa eu contar (protocolo um)", "é o seguinte (protocolo dois)"):
        await teller.says(text)
    await teller.says("meu tornozelo coça depois do almoço, é normal? (protocolo tres)")
    yield
    await teller.says("e o outro pé também coça, o que acham? (protocolo quatro)")
    yield


async def duplicate(teller: Teller) -> AsyncIterator[None]:
    """The same message is delivered three times, at once and after its answer."""
    talk = await teller.says("Acordo cansada, isso tem a ver com as pernas? (protocolo cinco)")
    (sent,) = [
        one
        for one in teller.town.chatwoot.deliveries
        if one.conversation is talk and one.event == "message_created"
    ]
    body = sent.body()
    bot = teller.town.places["clinic"].bot
    await teller.town.chatwoot.deliver(bot, body, delivery=sent.id)
    yield
    for delivery in (sent.id, str(uuid.uuid4())):
        status, _ = await teller.town.chatwoot.deliver(bot, body, delivery=delivery)
        assert status == 200, status
    yield


async def takeover(teller: Teller) -> AsyncIterator[None]:
    """A person answers, the bot is silent; it is given back and goes on."""
    talk = await teller.says("Minha tia viaja muito, faz mal? (protocolo seis)")
    yield
    await teller.town.chatwoot.agent_says(talk, "Oi, aqui é a Patrícia, eu cuido disso.")
    yield
    await teller.says("Que bom, e pode ser de ônibus? (protocolo sete)")
    yield
    await teller.notes(talk, "/bot devolver")
    yield
    await teller.says("E de avião, muda alguma coisa? (protocolo oito)")
    yield


async def commands(teller: Teller) -> AsyncIterator[None]:
    """An operator silences the bot, asks for its state and lets it go on."""
    talk = await teller.says("Danço forró, isso ajuda? (protocolo nove)")
    yield
    await teller.notes(talk, "/bot parar")
    yield
    await teller.says("E samba, pode? (protocolo dez)")
    yield
    await teller.notes(talk, "/bot voltar")
    yield
    await teller.says("E frevo? (protocolo onze)")
    yield


async def wants_a_person(teller: Teller) -> AsyncIterator[None]:
    """A wish for people is words, a note, and a conversation that is theirs."""
    await teller.says("quero falar com um atendente humano")
    yield
    await teller.says("alguém aí? (protocolo doze)")
    yield


async def acts(teller: Teller) -> AsyncIterator[None]:
    """A tool acts outside, once for each wish."""
    await teller.says("o laudo 71 da minha mãe pode ser refeito?")
    yield
    await teller.says("e também o laudo 72, por favor")
    yield


async def asked_twice(teller: Teller) -> AsyncIterator[None]:
    """What was answered serves the next customer, in the same words and in others."""
    await teller.says("Onde fica a clínica?", who="first")
    yield
    await teller.says("Onde fica a clínica?", who="second")
    await teller.says("Qual o endereço da clínica, por favor?", who="other words")
    yield


async def asked_in_vain(teller: Teller) -> AsyncIterator[None]:
    """What nobody knows goes to people; the second time no model is asked."""
    await teller.says("Vocês alugam bicicletas elétricas?", who="first")
    yield
    await teller.says("Vocês alugam bicicletas elétricas?", who="second")
    yield


async def invented_price(teller: Teller) -> AsyncIterator[None]:
    """The model invents a price: the customer reads the one of the FAQ."""
    await teller.says("Quanto custa o Doppler?")
    yield


async def opts_out(teller: Teller) -> AsyncIterator[None]:
    """Who wants no messages is left alone, and still answered."""
    await teller.says("pare de me mandar mensagens")
    yield
    await teller.says("me diga o lema da casa")
    yield
    await teller.says("quero voltar a receber mensagens")
    yield


async def beyond_the_limit(teller: Teller) -> AsyncIterator[None]:
    """The shop may ask a model once a day: then the FAQ answers, and people."""
    shop = "shop"
    await teller.says("Meu cabelo muda com a chuva? (protocolo treze)", who="first", place=shop)
    yield
    await teller.says("Vocês consertam geladeira?", who="second", place=shop)
    yield
    await teller.says("Qual é a política de troca?", who="third", place=shop)
    yield


async def new_files(teller: Teller) -> AsyncIterator[None]:
    """The files change between two customers: the second reads the new words."""
    await teller.says("me diga o lema da casa", who="before")
    yield
    yield
    await teller.reload()
    await teller.says("me diga o lema da casa", who="after")
    yield


async def two_businesses(teller: Teller) -> AsyncIterator[None]:
    """The same words in two inboxes of two businesses: each answers as itself."""
    await teller.says("você é um robô?", who="clinic")
    await teller.says("você é um robô?", who="shop", place="shop")
    yield


STORIES: Mapping[str, Story] = {
    one.__name__: one
    for one in (
        burst,
        duplicate,
        takeover,
        commands,
        wants_a_person,
        acts,
        asked_twice,
        asked_in_vain,
        invented_price,
        opts_out,
        beyond_the_limit,
        new_files,
        two_businesses,
    )
}
"""By name."""


async def play(
    town: Town,
    *,
    settled: Callable[[], Awaitable[None]],
    reload: Callable[[], Awaitable[None]],
    between: Callable[[int], Awaitable[None]] | None = None,
) -> None:
    """Play all stories side by side, beat by beat; every beat begins where nothing waits.

    Args:
        town: where.
        settled: waits until nothing waits.
        reload: edits the files and waits until all go by them.
        between: told of each beat, once it has begun and before it has settled.
    """
    told = [
        story(Teller(town, name, number, reload))
        for number, (name, story) in enumerate(STORIES.items())
    ]
    beat = 0
    while told:
        beat += 1
        ended = await asyncio.gather(*(_next(one) for one in told))
        if between is not None:
            await between(beat)
        await settled()
        told = [one for one, over in zip(told, ended, strict=True) if not over]


async def _next(story: AsyncIterator[None]) -> bool:
    """Play a story's next beat; return whether it was over."""
    try:
        await anext(story)
    except StopAsyncIteration:
        return True
    return False
