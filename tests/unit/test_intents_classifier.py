"""The classifier: right on words nobody wrote down, and "don't know" where it does not know."""

import runpy
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from chatcrew.intents import Classifier, Context, Guess, Lesson, builtin
from chatcrew.tenancy.model import Intent

SAMPLES = Path(__file__).parents[1] / "samples" / "intents"
MADE = runpy.run_path(str(SAMPLES / "generate.py"))

TRACK = Lesson(
    "track",
    (
        "onde está meu pedido",
        "quero rastrear meu pedido",
        "cadê minha encomenda",
        "meu pacote não chegou",
        "qual o status da entrega",
        "acompanhar pedido",
    ),
    keywords=("rastreio",),
)
CANCEL = Lesson(
    "cancel",
    (
        "quero cancelar meu pedido",
        "cancela a compra",
        "desisti da compra",
        "como faço para cancelar",
        "preciso de um cancelamento",
        "pode cancelar por favor",
    ),
)
HOURS = Lesson(
    "hours",
    (
        "que horas vocês abrem",
        "qual o horário de funcionamento",
        "estão abertos agora",
        "abre no domingo",
        "até que horas ficam abertos",
        "horário de atendimento",
    ),
)
PAYMENT = Lesson(
    "payment",
    (
        "quais as formas de pagamento",
        "aceita pix",
        "posso pagar no cartão",
        "parcela em quantas vezes",
        "dá para pagar com boleto",
        "tem desconto à vista",
    ),
)


@pytest.fixture(scope="module")
def shop() -> Classifier:
    """Give a small shop's classifier."""
    return Classifier.train([TRACK, CANCEL, HOURS, PAYMENT])


def taught(language: str) -> Classifier:
    """Return a classifier of the lines drawn from a language's patterns."""
    lines: dict[str, list[str]] = {}
    for text, intent in MADE["drawn"](language, each=40):
        lines.setdefault(intent, []).append(text)
    return Classifier.train([Lesson(name, tuple(own)) for name, own in lines.items()])


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("kd meu pedido, quero rastrear", "track"),
        ("ACOMPANHAR MEU PEDIDO", "track"),
        ("quero cancela meu pedidoo", "cancel"),
        ("qual é o horario de funcionamneto?", "hours"),
        ("rastreio", "track"),
        ("vocês aceitam pix?", "payment"),
        ("posso parcelar no cartao?", "payment"),
    ],
)
def test_words_that_are_in_no_example_are_understood(
    shop: Classifier, text: str, intent: str
) -> None:
    """Endings, accents, case, abbreviations and slips of the thumb do not matter (S1-19)."""
    assert shop.classify(text).intent == intent


@pytest.mark.parametrize(
    "text",
    [
        "qual a capital da austrália",
        "meu cachorro está doente",
        "how tall is mount everest",
        "quem ganhou o jogo ontem",
        "asdf qwer zxcv",
        "🎉🎉🎉",
        "123",
        "",
    ],
)
def test_what_is_none_of_the_intents_is_not_known(shop: Classifier, text: str) -> None:
    """Precision before coverage: the model reads it instead (S3-41)."""
    guess = shop.classify(text)

    assert guess.intent is None
    assert guess.confidence < shop.reject


def test_an_example_said_word_for_word_is_certain(shop: Classifier) -> None:
    """The certain path needs no estimate."""
    assert shop.classify("Cadê minha ENCOMENDA?!") == Guess("track", 0.99, "track")


def test_a_phrase_of_two_intents_is_certain_of_neither() -> None:
    """What the files leave open stays open."""
    both = Classifier.train(
        [Lesson("a", ("falar do pedido", "onde anda")), Lesson("b", ("falar do pedido", "trocar"))]
    )

    assert both.classify("falar do pedido").confidence < 0.9


def test_a_wish_that_is_denied_is_not_the_wish(shop: Classifier) -> None:
    """None of the examples of cancelling says no."""
    assert shop.classify("quero cancelar minha compra").intent == "cancel"
    assert shop.classify("não quero cancelar minha compra").intent is None


def test_a_question_is_not_taken_for_a_statement_nor_for_a_wish() -> None:
    """A canned reply to "tenho varizes" does not answer "varizes doem?"; a request still counts."""
    veins = Intent("veins", ("tenho varizes", "minhas varizes"), "reply", ("x",))
    move = Intent("move", ("quero remarcar", "remarcar minha consulta"), "handoff")
    price = Intent("price", ("quanto custa", "qual o valor"), "reply", ("x",))
    clinic = Classifier.train([Lesson.of(veins), Lesson.of(move), Lesson.of(price)])

    def sure(text: str) -> float:
        return clinic.classify(text).confidence

    assert [Lesson.of(one).questions for one in (veins, move, price)] == ["none", "requests", "all"]
    assert sure("tenho muitas varizes?") == pytest.approx(sure("tenho muitas varizes") / 2)
    assert sure("posso remarcar consulta?") == sure("posso remarcar consulta")
    assert sure("tem como remarcar consulta?") == sure("tem como remarcar consulta")
    assert sure("precisa remarcar consulta?") == pytest.approx(
        sure("precisa remarcar consulta") / 2
    )
    assert sure("quanto custa isso?") == sure("quanto custa isso")


def test_thousands_of_phrases_made_of_two_lists_do_not_drown_the_rest() -> None:
    """The built-in wish for a person is taught by some from everywhere (a first turn waits)."""
    person = next(one for one in builtin("pt-BR") if len(one.phrases) > 1000)
    lesson = Lesson.of(person)
    assert 50 <= len(lesson.examples) <= 150
    assert lesson.examples[0] == person.phrases[0]

    shop = Classifier.train([lesson, TRACK, CANCEL, HOURS])
    assert shop.classify("queria conversar com um atendente agora").intent == "wants_person"
    assert shop.classify("quero rastrear meu pedido logo").intent == "track"


def test_an_answer_to_an_open_slot_goes_on_with_the_last_intent(shop: Classifier) -> None:
    """Just "é o 12345" means the order that was asked for (S1-20)."""
    open_slot = Context("track", waiting=("order_number",), found=("order_number",))

    assert shop.classify("é o 12345").intent is None
    assert shop.classify("é o 12345", last=open_slot).intent == "track"
    assert shop.classify("é o 12345", last=Context("track", waiting=("cpf",))).intent is None


def test_context_does_not_hold_a_customer_who_wants_something_else(shop: Classifier) -> None:
    """A clear wish wins over what was said before."""
    before = Context("track", waiting=("order_number",), found=("order_number",))

    assert shop.classify("pode cancelar por favor", last=before).intent == "cancel"


def test_a_short_message_leans_to_what_was_said_before(shop: Classifier) -> None:
    """After talking of hours, "e no domingo" is about hours."""
    alone = shop.classify("e no domingo", last=None)
    leaning = shop.classify("e no domingo", last=Context("hours"))

    assert leaning.best == "hours"
    assert leaning.confidence > alone.confidence


def test_messages_known_to_be_none_are_learned() -> None:
    """Out-of-scope examples of the tenant's own are refused word for word and in other words."""
    jobs = ("vocês têm vaga de emprego", "estão contratando gente", "quero trabalhar com vocês")
    shop = Classifier.train([TRACK, CANCEL, HOURS], aside=jobs)

    assert shop.classify("vocês têm vaga de emprego").intent is None
    assert shop.classify("estão contratando?").intent is None


def test_nothing_to_learn_is_never_an_answer() -> None:
    """No intents, intents without examples, and one intent alone do not break."""
    assert Classifier.train([]).classify("oi") == Guess(None, 0.0)
    assert Classifier.train([Lesson("a", ()), Lesson("b", ("!!!",))]).classify("oi").intent is None
    alone = Classifier.train([TRACK])
    assert alone.classify("onde está o meu pedido").intent == "track"
    assert alone.classify("qual a capital da austrália").intent is None


def test_training_twice_gives_the_same_answers(shop: Classifier) -> None:
    """A restart changes no answer (S1-58)."""
    again = Classifier.train([TRACK, CANCEL, HOURS, PAYMENT])

    for text in ("queria cancelar", "vocês abrem amanhã?", "parcelam?", "bolo de cenoura"):
        assert again.classify(text) == shop.classify(text)


def test_threads_may_ask_at_once(shop: Classifier) -> None:
    """Stemmers keep a cache without a lock, so each thread has its own."""
    texts = [text for text, _ in MADE["by_hand"]("portuguese")]
    expected = [shop.classify(text) for text in texts]
    found: list[list[Guess]] = []
    threads = [
        threading.Thread(target=lambda: found.append([shop.classify(text) for text in texts]))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert found == [expected] * 4


@pytest.mark.parametrize(
    ("language", "accuracy", "precision", "refused"),
    [("english", 0.75, 0.9, 0.93), ("portuguese", 0.72, 0.82, 0.85)],
)
def test_lines_written_by_hand_are_told_apart(
    language: str, accuracy: float, precision: float, refused: float
) -> None:
    """Forced, most are right; unforced, what is told is right and strangers are refused (S3-41)."""
    classifier = taught(language)
    rows = [(classifier.classify(text), intent) for text, intent in MADE["by_hand"](language)]
    inside = [(guess, intent) for guess, intent in rows if intent != "oos"]
    told = [(guess, intent) for guess, intent in inside if guess.intent is not None]
    strange = [guess for guess, intent in rows if intent == "oos"]

    assert sum(guess.best == intent for guess, intent in inside) / len(inside) >= accuracy
    assert sum(guess.intent == intent for guess, intent in told) / len(told) >= precision
    assert sum(guess.intent is None for guess in strange) / len(strange) >= refused


def test_confidence_ranks_what_is_right_above_what_is_wrong() -> None:
    """Of the most confident fifth nearly everything is right, of all much less."""
    classifier = taught("portuguese")
    rows = [(classifier.classify(text), intent) for text, intent in MADE["by_hand"]("portuguese")]
    rows.sort(key=lambda row: -row[0].confidence)
    right = [guess.best == intent for guess, intent in rows]

    assert sum(right[: len(right) // 5]) / (len(right) // 5) >= 0.9
    assert sum(right[: len(right) // 5]) / (len(right) // 5) > sum(right) / len(right) + 0.2


def test_importing_intents_loads_neither_numpy_nor_stemmers() -> None:
    """The web processes import the package and never classify."""
    code = "import sys, chatcrew.intents; print({'numpy', 'Stemmer'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "set()"
