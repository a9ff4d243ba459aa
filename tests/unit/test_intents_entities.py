"""Entities: what customers write of themselves, read, checked and brought to one spelling."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from chatcrew.intents import KINDS, entities, past_dates

NOW = datetime(2026, 11, 21, 15, 30, tzinfo=ZoneInfo("America/Sao_Paulo"))  # a Saturday
# The example of BCB's Manual do BR Code
BR_CODE = (
    "00020126580014br.gov.bcb.pix0136123e4567-e12b-12d1-a456-4266554400005204000053039865802BR"
    "5913Fulano de Tal6008BRASILIA62070503***63041D3D"
)


def found(text: str, *, region: str = "BR") -> list[tuple[str, str, bool]]:
    """Return kind, value and validity of what is in ``text``."""
    return [(one.kind, one.value, one.valid) for one in entities(text, now=NOW, region=region)]


@pytest.mark.parametrize(
    ("text", "kind", "value", "valid"),
    [
        ("meu cpf é 529.982.247-25", "cpf", "52998224725", True),
        ("52998224725", "cpf", "52998224725", True),
        ("529.982.247-26", "cpf", "52998224726", False),
        ("111.111.111-11", "cpf", "11111111111", False),
        ("CNPJ 11.222.333/0001-81", "cnpj", "11222333000181", True),
        ("11222333000180", "cnpj", "11222333000180", False),
        ("00.000.000/0000-00", "cnpj", "00000000000000", False),
        ("12.abc.345/01de-35", "cnpj", "12ABC34501DE35", True),
        ("12.ABC.345/01DE-36", "cnpj", "12ABC34501DE36", False),
        ("moro no 01310-100", "cep", "01310100", True),
        ("cep: 01310100", "cep", "01310100", True),
        ("cep 00000-000", "cep", "00000000", False),
        ("(11) 98765-4321", "phone", "+5511987654321", True),
        ("11987654321", "phone", "+5511987654321", True),
        ("meu whats é 21 3333 4444", "phone", "+552133334444", True),
        ("+55 (11) 98765-4321", "phone", "+5511987654321", True),
        ("0 15 11 98765-4321", "phone", "+5511987654321", True),
        ("+1 415 555 2671", "phone", "+14155552671", True),
        ("+351 912 345 678", "phone", "+351912345678", True),
        ("0800 123 4567", "phone", "08001234567", True),
        ("+55 0800 123 4567", "phone", "08001234567", True),
        ("liga no 4004 1234", "phone", "40041234", True),
        ("(55) 98765-4321", "phone", "+5555987654321", True),
        ("+351 12 345 678", "phone", "35112345678", False),
        ("+999 123 456 789", "phone", "999123456789", False),
        ("telefone 98765-4321", "phone", "987654321", False),
        ("(20) 98765-4321", "phone", "20987654321", False),
        ("é Joao.Silva@Exemplo.com.br.", "email", "joao.silva@exemplo.com.br", True),
        ("joao..silva@exemplo.com", "email", "joao..silva@exemplo.com", False),
        ("joao@exemplo", "email", "joao@exemplo", False),
        ("R$ 1.234,56", "money", "BRL 1234.56", True),
        ("R$1234.5", "money", "BRL 1234.50", True),
        ("R$ 2.500", "money", "BRL 2500.00", True),
        ("50 reais", "money", "BRL 50.00", True),
        ("custa 2 mil", "money", "BRL 2000.00", True),
        ("1,5 mil reais", "money", "BRL 1500.00", True),
        ("dois mil e quinhentos reais", "money", "BRL 2500.00", True),
        ("cento e vinte e cinco reais", "money", "BRL 125.00", True),
        ("uns 80 centavos", "money", "BRL 0.80", True),
        ("US$ 10", "money", "USD 10.00", True),
        ("R$ 1.23.4", "money", "r$ 1.23.4", False),
        ("pedido 12345", "order_number", "12345", True),
        ("o número do pedido é ab-1234", "order_number", "AB-1234", True),
        ("#4711", "order_number", "4711", True),
        ("é o 12345", "number", "12345", True),
        ("123E4567-e89b-42d3-a456-426614174000", "pix_key", None, True),
        (BR_CODE, "pix_code", BR_CODE, True),
        (BR_CODE[:-1] + "E", "pix_code", BR_CODE[:-1] + "E", False),
        (BR_CODE.replace("Fulano", "Outro1"), "pix_code", None, False),
        (BR_CODE[:60], "pix_code", BR_CODE[:60].split(maxsplit=1)[0], False),
    ],
)
def test_one_thing_is_read_and_checked(
    text: str, kind: str, value: str | None, valid: bool
) -> None:
    """Value in one spelling, and whether digits, plan or check agree (S1-22)."""
    ones = [one for one in found(text) if one[0] != "number" or kind == "number"]

    assert [(one[0], one[2]) for one in ones] == [(kind, valid)]
    assert value is None or ones[0][1] == value


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("hoje", "2026-11-21"),
        ("amanhã de manhã", "2026-11-22"),
        ("AMANHA", "2026-11-22"),
        ("depois de amanhã", "2026-11-23"),
        ("foi ontem", "2026-11-20"),
        ("dia 15", "2026-12-15"),
        ("dia 21", "2026-11-21"),
        ("dia 31", "2026-12-31"),
        ("dia 1º", "2026-12-01"),
        ("dia 5 do mês que vem", "2026-12-05"),
        ("15/03", "2027-03-15"),
        ("em 24/12 pode?", "2026-12-24"),
        ("nasci em 15/03/1990", "1990-03-15"),
        ("15/03/90", "1990-03-15"),
        ("15-03-2027", "2027-03-15"),
        ("29/02", "2028-02-29"),
        ("2026-12-24", "2026-12-24"),
        ("3 de maio", "2027-05-03"),
        ("1º de maio de 2028", "2028-05-01"),
        ("próxima terça", "2026-11-24"),
        ("terça-feira que vem", "2026-11-24"),
        ("sábado", "2026-11-28"),
        ("quinta da semana que vem", "2026-11-26"),
        ("daqui a 3 dias", "2026-11-24"),
        ("em duas semanas", "2026-12-05"),
        ("tomorrow", "2026-11-22"),
        ("next friday", "2026-11-27"),
        ("march 3rd", "2027-03-03"),
    ],
)
def test_a_day_is_counted_from_now(text: str, day: str) -> None:
    """Words, weekdays and days without a year are the next such day."""
    assert found(text) == [("date", day, True)]


def test_now_decides_what_day_it_is() -> None:
    """Late in the evening in São Paulo it is already tomorrow in UTC."""
    late = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
    [one] = entities("amanhã", now=late.astimezone(ZoneInfo("America/Sao_Paulo")))

    assert one.value == "2026-11-22"


@pytest.mark.parametrize("text", ["31/02/2027", "30/02", "31 de junho", "dia 32", "2026-13-01"])
def test_a_day_that_no_calendar_has_is_not_valid(text: str) -> None:
    """It is worth asking again, and never silently another day."""
    assert [(kind, valid) for kind, _, valid in found(text)] == [("date", False)]


@pytest.mark.parametrize(
    "text",
    [
        "quero a segunda via do boleto",
        "é a terceira vez, a quarta parcela",
        "moro na Rua 15 de Novembro",
        "2 mil pessoas",
        "atende 24 horas",
        "v1.2.3",
        "https://exemplo.com/12345678",
        "nota 10, parabéns",
        "99/45 não é dia",
    ],
)
def test_what_only_looks_alike_is_left_alone(text: str) -> None:
    """A wrong value in a slot is worse than a question."""
    assert [one for one in found(text) if one[0] != "number"] == []


def test_a_month_comes_first_where_the_region_says_so() -> None:
    """03/15 is read as Americans write it."""
    assert found("03/15", region="US") == [("date", "2027-03-15", True)]
    assert found("$20", region="US") == [("money", "USD 20.00", True)]


def test_eleven_digits_may_be_two_things() -> None:
    """A CPF that is also a mobile's number is both, unless a word says which."""
    both = "11960000187"

    assert {kind for kind, _, _ in found(both)} == {"cpf", "phone"}
    assert {kind for kind, _, _ in found(f"cpf {both}")} == {"cpf"}
    assert {kind for kind, _, _ in found(f"telefone {both}")} == {"phone"}


@pytest.mark.parametrize(
    ("text", "region", "value"),
    [
        ("(415) 555-2671", "US", "+14155552671"),
        ("912 345 678", "PT", "+351912345678"),
        ("0151 23456789", "DE", "+4915123456789"),
        ("+55 11 98765-4321", "PT", "+5511987654321"),
        ("+55 0800 123 4567", "PT", "+558001234567"),
    ],
)
def test_a_telephone_is_read_by_the_plan_of_its_country(text: str, region: str, value: str) -> None:
    """The tenant's where no ``+`` says another; what only rings at home is E.164 elsewhere."""
    assert found(text, region=region) == [("phone", value, True)]


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("40041234", "BR"),
        ("800123456", "BR"),
        ("3001234567", "BR"),
        ("24.12.2026", "DK"),
        ("20987654321", "BR"),
        ("11987654321", "??"),
    ],
)
def test_digits_that_only_could_be_a_service_or_a_day_are_no_telephone(
    text: str, region: str
) -> None:
    """The plans hold short and free numbers too; without a word or a 0 they are rather orders."""
    assert [kind for kind, _, _ in found(text, region=region) if kind == "phone"] == []


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("pedido 40041234", "40041234"),
        ("o número do pedido é 12345678", "12345678"),
        ("pedido nº 11987654321", "11987654321"),
        ("protocolo: 20261121123456", "20261121123456"),
        ("#1133334444", "1133334444"),
    ],
)
def test_an_order_keeps_its_number_whatever_else_has_it(text: str, number: str) -> None:
    """4004-1234 is a bank's line, 11 digits may be a mobile's or a CPF mistyped."""
    assert found(text) == [("order_number", number, True)]


def test_a_right_document_or_a_written_telephone_after_an_order_stays_one() -> None:
    """Some answer with who they are when they are asked for the order."""
    assert found("pedido 52998224725") == [("cpf", "52998224725", True)]
    assert found("o pedido é do (11) 98765-4321") == [("phone", "+5511987654321", True)]
    assert found("do pedido, ligue 11987654321") == [("phone", "+5511987654321", True)]


def test_a_document_is_a_pix_key_where_that_is_said() -> None:
    """BCB's DICT knows CPF, CNPJ, e-mail, telephone and random keys."""
    assert {"cpf", "pix_key"} == {kind for kind, _, _ in found("minha chave pix: 529.982.247-25")}
    assert {"cpf"} == {kind for kind, _, _ in found("529.982.247-25")}


def test_everything_in_one_message_is_found_in_order() -> None:
    """Each has the place of the customer's own spelling."""
    text = (
        "Oi! Sou a Ana, CPF 529.982.247-25, fone (11) 98765-4321, ana@loja.com.br. "
        "Paguei R$ 89,90 no pedido 4711 dia 15/03, entrega no CEP 01310-100."
    )
    all_found = entities(text, now=NOW)

    assert [one.kind for one in all_found] == [
        "cpf",
        "phone",
        "email",
        "money",
        "order_number",
        "date",
        "cep",
    ]
    assert all(text[one.start : one.end] == one.text for one in all_found)
    assert {one.kind for one in all_found} <= set(KINDS)


def test_digits_of_other_scripts_and_accents_are_read() -> None:
    """Full-width digits and decomposed letters come from some keyboards."""
    assert found("ＣＰＦ ５２９．９８２．２４７-２５") == [("cpf", "52998224725", True)]
    assert found("whats ١١٩٨٧٦٥٤٣٢١") == [("phone", "+5511987654321", True)]
    assert found("cpf ٥٢٩٩٨٢٢٤٧٢٥") == [("cpf", "52998224725", True)]
    assert found("amanha\u0303") == [("date", "2026-11-22", True)]


@pytest.mark.parametrize(
    ("text", "next_one", "last_one"),
    [
        ("foi dia 10/11", "2027-11-10", "2026-11-10"),
        ("25 de dezembro", "2026-12-25", "2025-12-25"),
        ("10/11/2026", "2026-11-10", "2026-11-10"),
        ("dia 30", "2026-11-30", "2026-10-30"),
        ("na sexta", "2026-11-27", "2026-11-20"),
        ("ontem", "2026-11-20", "2026-11-20"),
    ],
)
def test_a_day_can_be_read_as_the_last_such_day(text: str, next_one: str, last_one: str) -> None:
    """The date of a bill lies in the past, that of a visit ahead; who asks knows which."""
    now = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
    assert [(one.kind, one.value) for one in entities(text, now=now)] == [("date", next_one)]
    assert [(one.kind, one.value) for one in past_dates(text, now=now)] == [("past_date", last_one)]
