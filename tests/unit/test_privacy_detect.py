"""What counts as personal data in a text, case by case (N15)."""

import pytest

from chatcrew.privacy import KINDS, detect, mask, restore
from chatcrew.tenancy.vocabulary import PRIVATE_KINDS


def found(text: str) -> list[tuple[str, str]]:
    """Return kind and text of what is found."""
    return [(one.kinds[0], text[one.start : one.end]) for one in detect(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("meu cpf é 111 444 777 35", [("cpf", "111 444 777 35")]),
        ("cpf 111.444.777-36, acho", [("cpf", "111.444.777-36")]),
        ("CPF: 111.444\n.777-35", [("cpf", "111.444\n.777-35")]),
        ("cpf １１１．４４４．７７７－３５", [("cpf", "１１１．４４４．７７７－３５")]),
        ("cpf ١١١٤٤٤٧٧٧٣٥", [("cpf", "١١١٤٤٤٧٧٧٣٥")]),
        ("1114447773\u200b5", [("cpf", "1114447773\u200b5")]),
        ("111·444·777-35", [("cpf", "111·444·777-35")]),
        ("é 1 1 1 4 4 4 7 7 7 3 5", [("cpf", "1 1 1 4 4 4 7 7 7 3 5")]),
        ("81 3333-4444 · 81 99999-1234", [("phone", "81 3333-4444"), ("phone", "81 99999-1234")]),
        ("cnpj 12.ABC.345/01DE-35", [("cnpj", "12.ABC.345/01DE-35")]),
        ("4111 1111 1111 1111 cvv 123", [("card", "4111 1111 1111 1111"), ("card", "123")]),
        ("zap 81 9 9999-1234", [("phone", "81 9 9999-1234")]),
        ("me liga: 99991234", [("phone", "99991234")]),
        ("99991234 é meu zap", [("phone", "99991234")]),
        ("ligue +1 415 555 2671", [("phone", "+1 415 555 2671")]),
        ("fulano arroba gmail ponto com", [("email", "fulano arroba gmail ponto com")]),
        ("rg 12.345.678-9 SSP", [("rg", "12.345.678-9")]),
        ("minha CNH: 12345678900", [("cnh", "12345678900")]),
        ("passaporte FZ123456", [("passport", "FZ123456")]),
        (
            "chave aleatória 123e4567-e89b-42d3-a456-426614174000",
            [("pix", "123e4567-e89b-42d3-a456-426614174000")],
        ),
        (
            "moro na Rua das Flores, 123, apto 45, Boa Viagem, Recife - PE, 51020-000 ok?",
            [("address", "Rua das Flores, 123, apto 45, Boa Viagem, Recife - PE, 51020-000")],
        ),
        ("rua 7 de setembro 100", [("address", "rua 7 de setembro 100")]),
        ("moro na rua do sol perto da feira", [("address", "rua do sol")]),
        ("cep 51020000", [("address", "51020000")]),
    ],
)
def test_personal_data_is_found_as_people_type_it(text: str, expected: list[object]) -> None:
    """Spaces, slips, other digits, words for signs."""
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "pedido 12345678901",
        "Atendente: qual o número do pedido?\nCliente: 11144477735",
        "protocolo 20241120001234",
        "#11987654321",
        "R$ 1.234.567,89 à vista, 10x de R$ 99,90",
        "dia 12/03/2026 às 14:30, ou 10-11-2026, ou 2019-2024",
        "quero 100 200 300 unidades do 7891234567895",
        "rastreio BR123456789BR",
        "a rua das flores tem 2 opções; tv samsung 50 polegadas",
        "na rua paralela 3 dias depois",
        "loja.com/p/11987654321 ou https://x.com/a/123e4567-e89b-42d3-a456-426614174000",
        "boleto 23793.38128 60000.000003 00000.000400 1 84340000010000",
        "@lojadaana no insta",
        "ligue 0800 123 4567",
    ],
)
def test_what_only_looks_like_it_is_left_alone(text: str) -> None:
    """Orders, prices, dates, goods, links: a model needs them."""
    assert found(text) == []


def test_a_telephone_that_is_a_pix_key_is_hidden_by_either_kind() -> None:
    """``mask: [pix]`` hides keys only; the same number elsewhere stays."""
    text = "liga 81 99999-1234. minha chave pix é 81 98888-4321"

    assert mask(text, ["pix"])[0] == "liga 81 99999-1234. minha chave pix é [PIX_1]"
    assert mask(text, ["phone"])[0] == "liga [PHONE_1]. minha chave pix é [PHONE_2]"


def test_another_spelling_of_a_value_is_told_by_a_letter() -> None:
    """The number says that it is the same; the letter lets it come back as it was."""
    text = "111.444.777-35, isto é 11144477735, repito 111.444.777-35; outro: 529.982.247-25"

    masked, vault = mask(text)

    assert masked == "[CPF_1], isto é [CPF_1b], repito [CPF_1]; outro: [CPF_2]"
    assert restore(masked, vault) == text


@pytest.mark.parametrize(
    "bent",
    ["[CPF_1]", "CPF_1", "[cpf_1]", "**[CPF_1]**", "[ CPF 1 ]", "[CPF-1]", "CPF\\_1", "［CPF_1］"],
)
def test_placeholders_come_back_however_a_model_bends_them(bent: str) -> None:
    """Small letters, blanks, bold, lost brackets."""
    _, vault = mask("111.444.777-35")

    assert restore(f"é {bent}!", vault).strip("é! *") == "111.444.777-35"


def test_translated_names_come_back_and_unknown_ones_stay() -> None:
    """A model that writes Portuguese writes TELEFONE; a number nobody gave stays as it is."""
    _, vault = mask("(81) 99999-1234")

    assert restore("[TELEFONE_1] e [PHONE_2] e [CPF_1]", vault) == (
        "(81) 99999-1234 e [PHONE_2] e [CPF_1]"
    )


def test_what_yaml_may_name_is_what_can_be_found() -> None:
    """The two closed lists stand on one floor, so neither imports the other."""
    assert tuple(PRIVATE_KINDS) == KINDS
