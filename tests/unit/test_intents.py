"""Intents: what is answered before any model, and what never is."""

from collections import Counter
from pathlib import Path

import pytest
import yaml

from chatcrew import intents
from chatcrew.messages import Contact
from chatcrew.tenancy.model import Intent, Persona, Tenant

SAMPLES = Path(__file__).parents[1] / "samples" / "intents.yaml"
BUILTIN = intents.builtin("pt-BR")
BOOK = Intent(
    "book",
    ("quero marcar uma consulta", "agendar consulta", "marcar horário"),
    "route",
    route="scheduling",
)
EMERGENCY = Intent("emergency", ("falta de ar", "dor no peito"), "handoff")


def named(text: str, *known: Intent, offered: tuple[str, ...] = ()) -> str | None:
    """Return the name of the intent that ``text`` is."""
    hit = intents.match(text, [*known, *BUILTIN], offered=offered)
    return hit.intent.name if hit else None


def labelled() -> list[tuple[str, str | None]]:
    """Return every labelled message with its intent's name."""
    found = []
    for batch in yaml.safe_load(SAMPLES.read_text(encoding="utf-8")).values():
        for name, texts in batch.items():
            found += [(str(text), None if name == "none" else name) for text in texts]
    return found


def test_builtin_intents_keep_precision_1_00_and_recall_0_98_on_182_labelled_messages() -> None:
    """No message is answered wrongly, and hardly one is missed (S3-41, S1-56, N4)."""
    messages = labelled()
    wrong = [
        (text, name, got) for text, name in messages if (got := named(text)) not in (name, None)
    ]
    missed = [text for text, name in messages if name is not None and named(text) is None]
    count = Counter(name for _, name in messages)

    assert wrong == []
    assert len(messages) >= 180
    assert len(missed) / (len(messages) - count[None]) <= 0.02


@pytest.mark.parametrize(("text", "name"), labelled())
def test_a_labelled_message_is_never_taken_for_another_intent(text: str, name: str | None) -> None:
    """Each labelled message is its own intent or none at all (S1-57)."""
    assert named(text) in (name, None)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Oiiii!!! 😀", "oi"),
        ("ESTÁ  às ordens…", "esta as ordens"),
        ("carro, pessoa, assssim", "carro pessoa assim"),
        ("R$ 1.500,00", "r 1 500 00"),
        ("¿Não_é?", "nao e"),
        ("", ""),
    ],
)
def test_folding_takes_case_accents_punctuation_emoji_and_drawn_out_letters(
    text: str, plain: str
) -> None:
    """Matching sees one spelling of what people type (S1-18)."""
    assert intents.fold(text) == plain


def test_a_greeting_with_a_question_goes_to_the_crew() -> None:
    """A pure greeting is answered, a greeting that wants something is not (S1-56)."""
    assert named("oi, bom dia") == "greeting"
    assert named("oi, quero remarcar") is None
    assert named("bom dia! vocês atendem no sábado?") is None


def test_the_bots_own_name_adds_nothing_to_a_greeting() -> None:
    """Greeting Clara is a greeting where the bot is called Clara, and a riddle elsewhere."""
    assert intents.match("Oi, Clara!", BUILTIN, names=["Clara"]) is not None
    assert intents.match("Oi, Clara!", BUILTIN) is None


def test_a_phrase_inside_a_sentence_is_found_with_other_small_words_and_wishes() -> None:
    """A tenant writes three examples; customers write it with articles and politeness."""
    assert named("Oi! Gostaria de marcar a consulta com a doutora", BOOK) == "book"
    assert named("eu queria agendar uma consulta por favor", BOOK) == "book"
    assert named("quanto custa uma consulta?", BOOK) is None


def test_a_negated_symptom_is_not_an_emergency() -> None:
    """What the customer says he does not have hands nothing over."""
    assert named("estou com muita falta de ar", EMERGENCY) == "emergency"
    assert named("não tenho falta de ar, só a perna inchada", EMERGENCY) is None


def test_a_handover_wins_over_everything_else() -> None:
    """An emergency or the wish for a person is never lost beside a booking."""
    assert named("quero marcar uma consulta, estou com dor no peito", BOOK, EMERGENCY) == (
        "emergency"
    )
    assert named("quero marcar uma consulta, me passa para um atendente", BOOK) == "wants_person"


def test_of_two_handovers_the_urgent_one_wins_wherever_it_stands() -> None:
    """A business's own wishes stand before the domain's emergencies, and must not hide them."""
    diary = Intent("reschedule", ("cancelar minha consulta",), "handoff")
    urgent = Intent("emergency", ("falta de ar",), "handoff", priority="urgent")
    text = "quero cancelar minha consulta, estou com falta de ar"

    assert named(text, diary, urgent) == "emergency"
    assert named(text, diary, EMERGENCY) == "reschedule"


def test_of_two_other_intents_the_earlier_wins() -> None:
    """The tenant's own stand before the domain's, in the order of the file."""
    other = Intent("other", ("marcar uma consulta",), "reply", ("x",))
    assert named("quero marcar uma consulta", BOOK, other) == "book"
    assert named("quero marcar uma consulta", other, BOOK) == "other"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Oi! Tenho varizes nas pernas", "veins"),
        ("estou preocupada, tenho varizes", "veins"),
        ("tenho varizes, quanto custa o laser?", None),
        ("tenho varizes. vocês atendem unimed", None),
        ("tenho varizes, pode ser grave?", None),
    ],
)
def test_a_canned_reply_never_swallows_a_question(text: str, name: str | None) -> None:
    """What is asked beside the phrase goes to the crew (S3-41)."""
    assert named(text, Intent("veins", ("tenho varizes",), "reply", ("x",))) == name


def test_one_slip_of_the_thumb_is_forgiven_in_long_words_only() -> None:
    """A near word of six letters or more is read as the known one, if only one is near (S1-19)."""
    assert intents.nearest("atendete", ["atendente", "humano"]) == "atendente"
    assert intents.nearest("casa", ["caso"]) is None
    assert intents.nearest("marcado", ["marcada", "mercado"]) is None
    assert intents.nearest("desmaio", ["desmaiou"]) is None
    assert named("quero falar com um atendnete") == "wants_person"


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Marcar consulta", "Marcar consulta"),
        ("marcar CONSULTA ✅", "Marcar consulta"),
        ("marcar consluta", "Marcar consulta"),
        ("Falar com a rec", "Falar com a recepção"),
        ("1", "Marcar consulta"),
        ("2.", "Ver preços"),
        ("opção 3", "Falar com a recepção"),
        ("2. Ver preços", "Ver preços"),
        ("4", None),
        ("ver", None),
        ("quero ver os preços", None),
    ],
)
def test_a_tapped_or_numbered_option_is_the_title_we_offered(text: str, title: str | None) -> None:
    """WhatsApp sends a tap back as plain text, cut or retyped (S1-39)."""
    offered = ("Marcar consulta", "Ver preços", "Falar com a recepção")
    assert intents.chosen(text, offered) == title


def test_a_number_means_nothing_where_nothing_was_offered() -> None:
    """Only our last message can make "1" a choice."""
    assert intents.chosen("1", ()) is None


@pytest.mark.parametrize(
    ("text", "options"),
    [
        (
            "Oi! Como posso ajudar?\n\n1. Marcar consulta\n2. Ver valores",
            ("Marcar consulta", "Ver valores"),
        ),
        ("1. Só um", ()),
        ("Passos:\n1. Venha\n2. Espere\nAté logo!", ()),
        ("2. Ver valores\n1. Marcar", ()),
        ("Custa R$ 1.500", ()),
        ("", ()),
    ],
)
def test_numbered_lines_at_the_end_are_options(text: str, options: tuple[str, ...]) -> None:
    """Where a channel has no buttons, our own numbered lines are what "2" refers to (S1-39)."""
    assert intents.listed(text) == options


def test_an_option_is_matched_by_its_title() -> None:
    """A chosen title counts as if the customer had written it."""
    offered = ("Agendar consulta", "Falar com atendente")
    hit = intents.match("2", [BOOK, *BUILTIN], offered=offered)

    assert hit is not None
    assert (hit.intent.name, hit.how) == ("wants_person", "option")
    assert named("1", BOOK, offered=offered) == "book"


def test_the_same_seed_chooses_the_same_variant_and_all_are_used() -> None:
    """A replay says the same words, and different conversations hear different ones (S1-58)."""
    replies = ("a", "b", "c")
    chosen = [intents.choose(replies, seed=f"acme/bot/{n}") for n in range(200)]

    assert chosen == [intents.choose(replies, seed=f"acme/bot/{n}") for n in range(200)]
    assert set(chosen) == set(replies)


def test_replies_carry_the_first_name_or_leave_it_out_with_its_comma() -> None:
    """A name is customer text: letters only, and none is no gap (S1-59)."""
    tenant = Tenant(
        key="health/x",
        language="pt-BR",
        timezone="America/Sao_Paulo",
        persona=Persona("Clara", "Clínica X", "calmo"),
        facts={"telefone": "(11) 3055-0120"},
    )
    text = "Olá, {contact_name}! Sou {agent_name}: {telefone} {outro}"

    def said(name: str | None) -> str:
        return intents.fill(text, tenant=tenant, contact=Contact(name=name))

    assert said("MARIA da Silva").startswith("Olá, Maria! Sou Clara: (11) 3055-0120 {outro}")
    assert said(None).startswith("Olá! Sou Clara")
    assert said("+55 11 98888-7777").startswith("Olá! Sou")
    assert said("{telefone}").startswith("Olá, Telefone! ")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("quanto custa a consulta?", "pt-BR"),
        ("how much is an appointment?", "en"),
        ("I need a doppler", "en"),
        ("doppler", "es-default"),
        ("vcs atendem hj?", "pt-BR"),
    ],
)
def test_language_is_voted_by_small_words_and_else_the_default(text: str, language: str) -> None:
    """A word without a language keeps the conversation's own."""
    assert intents.detect_language(text, default="es-default") == language


def test_english_customers_get_english_replies() -> None:
    """The variants are in the conversation's language."""
    greeting = {intent.name: intent for intent in intents.builtin("en")}["greeting"]
    assert all("you" in reply or "do" in reply for reply in greeting.replies)
