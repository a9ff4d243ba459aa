"""Masking loses nothing and lets nothing through, whatever the text is (N15)."""

from hypothesis import example, given
from hypothesis import strategies as st

from chatcrew.privacy import KINDS, Masker, _placeholders, detect, mask, restore

PIECES = st.sampled_from(
    [
        "meu cpf é 111.444.777-35",
        "11144477735",
        "111 444 777 35",
        "cnpj 11.222.333/0001-81",
        "cartão 4111 1111 1111 1111",
        "(81) 99999-1234",
        "81999991234",
        "ana@exemplo.com.br",
        "ana arroba gmail ponto com",
        "Rua das Flores, 123",
        "123e4567-e89b-12d3-a456-426614174000",
        "[CPF_1]",
        "CPF_1",
        "[cpf 1]",
        "**[PHONE_1]**",
        "[MARK_1]",
        "MARK_1",
        "CPF_1b",
        "[",
        "]",
        "_1",
        "CPF",
        " ",
        "\n",
        "\u200b",
        "é",
        "９",
    ]
)
TEXTS = st.one_of(st.text(), st.lists(PIECES).map("".join), st.lists(PIECES).map(" ".join))


@given(TEXTS)
def test_what_is_masked_comes_back_letter_by_letter(text: str) -> None:
    """Whoever types placeholders of his own gets these back, too."""
    masked, vault = mask(text)

    assert restore(masked, vault) == text


@example("11144477735:CPF_0A11144477735")
@given(TEXTS)
def test_no_value_that_is_found_stays(text: str) -> None:
    """What the detector finds in a text, it does not find in the masked one."""
    masked, vault = mask(text)

    left = [masked[span.start : span.end] for span in detect(masked)]
    assert not [one for one in left if one in vault.texts.values()]


@example(["CPF111000000[PHONE0]MARK_1111000000"], {"cpf"})
@given(st.lists(TEXTS, max_size=4), st.sets(st.sampled_from(KINDS)))
def test_texts_of_one_request_come_back_each_as_it_was(texts: list[str], kinds: set[str]) -> None:
    """Numbers run over the whole request, and are the same when it is masked again."""
    masker = Masker(kinds)
    masked = masker.mask_all(texts)

    assert [restore(one, masker.vault) for one in masked] == texts
    assert Masker(kinds).mask_all(texts) == masked


@example(["CPF00000000/0:0000000000", "CPF0000000000"])
@example(["MARK_000000000", "CPF000000000"])
@example(["cpf 111.444.777-35 x11144477735x", "cpf 111 444 777 35"])
@example(["cpf 111.444.777-35 x111 444 777 35x y11144477735y", "cpf 111 444 777 35"])
@given(st.lists(TEXTS, min_size=1, max_size=4))
def test_what_was_said_before_keeps_its_placeholders(texts: list[str]) -> None:
    """Another message at the end changes no number given before it."""
    before, after = Masker(), Masker()
    before.mask_all(texts[:-1])
    after.mask_all(texts)

    assert before.vault.texts.items() <= after.vault.texts.items()


@given(
    st.lists(
        st.sampled_from(
            [
                *("[", "]", "\uff3b", "_", "\\", "-", " ", "*", "`", "\n", "1", "42", "a", "CPF"),
                *("cartão", "e-mail", "Mark", "PHONE_7", "[CPF_1]", "oi"),
            ]
        ),
        max_size=14,
    ).map("".join)
)
def test_the_quick_look_for_placeholders_misses_none(text: str) -> None:
    """What the hint passes over, the whole search finds nothing in (N15)."""
    assert _placeholders.typed(text) == tuple(
        match.span() for match in _placeholders._TYPED.finditer(text)
    )
