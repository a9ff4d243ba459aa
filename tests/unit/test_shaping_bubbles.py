"""A long reply becomes a few short bubbles, cut where a person would pause (S2-12)."""

import re
from itertools import pairwise

import pytest

from chatcrew.hub.shaping import micro

PIX = (
    "00020126360014br.gov.bcb.pix0114+55119999999995204000053039865802BR"
    "5913FULANO DE TAL6009SAO PAULO62070503***63041D3D"
)
BOLETO = "23793.38128 60007.827136 95000.063305 9 75520000370000"


def cut(text: str, **options: int) -> list[str]:
    """Cut as WhatsApp does unless told otherwise."""
    return micro(text, **{"max_chars": 4096, "length": 120, "bubbles": 4, **options})


def test_a_short_reply_stays_one_bubble() -> None:
    """Up to half more than the wished length nothing is cut."""
    text = "Olá, Maria! " + "A consulta custa R$ 350 e o retorno em 15 dias é grátis. " * 2
    assert cut(text) == [text.strip()]


def test_sentences_are_kept_together_up_to_the_length() -> None:
    """Each bubble is whole sentences, of about the wished length."""
    text = " ".join(f"Esta é a frase de número {number} desta resposta." for number in range(1, 9))
    found = cut(text)

    assert [one.count("frase") for one in found] == [2, 2, 4]
    assert all(one.endswith(".") and len(one) <= 180 for one in found)


def test_paragraphs_come_before_sentences() -> None:
    """What the writer set apart stays apart."""
    first = "Atendemos de segunda a sexta, das 8h às 18h. Aos sábados só pela manhã."
    second = "Para marcar, diga o dia que prefere. Eu confirmo o horário na hora, combinado?"
    third = "Se precisar remarcar, avise com um dia de antecedência. Não há custo nenhum."
    assert cut(f"{first}\n\n{second}\n\n{third}") == [first, second, third]


def test_a_sentence_that_is_too_long_is_cut_at_a_pause_then_at_a_conjunction() -> None:
    """Sentences → pauses → conjunctions → words."""
    pause = "a" * 70 + " bem" + ", " + "b" * 70 + " tudo isso que eu disse " + "c" * 50
    assert cut(pause)[0].endswith("bem,")
    conjunction = "a" * 70 + " bem " + "mas " + "b" * 70 + " tudo isso " + "c" * 50
    assert cut(conjunction)[1].startswith("mas ")
    words = " ".join(["palavra"] * 40)
    assert all(set(one.split()) == {"palavra"} for one in cut(words))
    assert len(cut(words)) == 3


@pytest.mark.parametrize(
    "sentence",
    [
        "O Dr. João Souza e a Dra. Ana atendem na Av. Brasil, nº 10.000, 3º andar.",
        "A Sra. Lima pagou R$ 1.250,00 e a Profa. Rosa pagou US$ 10.50 por tudo.",
        "Fale com J. P. Souza ou com o Sr. Alves, no tel. 3333-4444, ramal. 12.",
    ],
)
def test_an_abbreviation_ends_no_sentence(sentence: str) -> None:
    """Dr., Sra., nº and thousands have full stops of their own."""
    text = " ".join(
        [sentence, "Isto aqui é outra frase, bem mais longa do que devia ser.", sentence]
    )
    for one in cut(text, length=60):
        assert not re.search(r"\b(?:Dra?|Sra?|Av|Profa|tel|J|P)\.$", one), one


@pytest.mark.parametrize(
    "whole",
    [
        "https://agenda.example.com/marcar?medico=joao_souza&dia=2026-12-01&hora=14:30",
        "R$ 1.250,00",
        "10x de R$ 125,00",
        "(81) 99999-0000",
        "+55 81 99999-0000",
        "atendimento.da.clinica@varizemed.example.com",
        "nº 10.000",
        "**muito importante mesmo para a senhora**",
        "[nossa agenda na internet](https://x.example.com)",
        "Dr. João",
    ],
)
@pytest.mark.parametrize("before", range(30, 61, 6))
def test_what_belongs_together_is_never_cut(whole: str, before: int) -> None:
    """Wherever it falls, it stands whole in one bubble."""
    text = f"{'uma palavra ' * (before // 6)}{whole} {'e mais palavras ' * 12}".strip()
    assert any(whole in one for one in cut(text, length=60, bubbles=10))


@pytest.mark.parametrize("code", [PIX, BOLETO, "b3f1c2d4-1111-4222-8333-444455556666"])
def test_a_code_to_copy_stands_alone_and_the_words_around_it_stay(code: str) -> None:
    """One tap copies a bubble: nothing else may stand in it."""
    text = f"Claro! Pague com este código: {code} Depois me mande o comprovante."
    assert cut(text) == [
        "Claro! Pague com este código:",
        code,
        "Depois me mande o comprovante.",
    ]


def test_codes_stay_alone_where_there_are_more_of_them_than_bubbles() -> None:
    """The count is a wish; a code with words beside it is of no use."""
    text = "\n".join(f"Parcela {number}:\n{PIX}" for number in range(4))
    assert cut(text, bubbles=2).count(PIX) == 4


def test_a_list_stays_whole_with_the_line_that_introduces_it() -> None:
    """Half a list is a riddle."""
    plans = "Temos estes planos:\n" + "\n".join(
        f"- Plano {name}: consulta, retorno e exame por R$ {price},00"
        for name, price in (("bronze", 100), ("prata", 200), ("ouro", 300), ("diamante", 400))
    )
    text = f"Que bom que você se interessou, Maria! Vou explicar tudo.\n\n{plans}\n\nQual prefere?"
    assert plans in "\n".join(cut(text)).replace("\n\n", "\n")
    assert any(one.startswith("Temos") and one.endswith("R$ 400,00") for one in cut(text))


def test_there_are_never_more_bubbles_than_wished_where_they_fit() -> None:
    """Twenty bubbles in a row are no conversation."""
    text = " ".join(f"Esta é a frase de número {number} desta resposta." for number in range(60))
    assert len(cut(text)) == 4
    assert len(cut(text, bubbles=1)) == 1
    found = cut(text, bubbles=2, max_chars=500)
    assert all(len(one) <= 500 for one in found)
    assert all(len(one) + len(two) > 500 for one, two in pairwise(found))


def test_no_bubble_of_two_words_is_left_at_the_end() -> None:
    """A short last sentence stays with the one before it."""
    text = (
        "Esta frase tem mais ou menos cem letras, contando espaços, vírgulas e o ponto dela. " * 2
    )
    assert cut(text + "Obrigada!")[-1].endswith("dela. Obrigada!")


def test_an_emoji_is_not_torn_apart_where_a_text_has_no_white_space() -> None:
    """A hard cut keeps a family of code points together."""
    family = "👩\u200d👩\u200d👧"
    for one in micro(family * 40, max_chars=51, length=51, bubbles=4):
        assert not one.startswith("\u200d")
        assert not one.endswith("\u200d")
