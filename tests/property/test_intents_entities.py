"""Entities: any text is read without a fault, and no wrong check digit passes for a right one."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatcrew.intents import KINDS, Classifier, Lesson, entities, fill_slots, fits
from chatcrew.messages import Filled
from chatcrew.privacy import _documents as documents
from chatcrew.tenancy.model import Slot

NOW = datetime(2026, 11, 21, 15, 30, tzinfo=UTC)
NOWS = st.timedeltas(timedelta(-9000), timedelta(9000)).map(lambda away: NOW + away)
LISTED = """
    cpf cnpj cep pix dia de amanhã próxima terça R$ 50 mil 1.234,56 reais 15/03 31/02 pedido #
    ０ ½ ² a@b.co +55 (11) 98765-4321 529.982.247-25 00020126 6304 . , - / @
"""
PIECES = st.sampled_from(LISTED.split())
TEXTS = st.one_of(
    st.text(max_size=200),
    st.lists(PIECES, max_size=25).map(" ".join),
    st.lists(PIECES).map("".join),
)
EACH = settings(deadline=None, derandomize=True, database=None, max_examples=400)


@EACH
@given(TEXTS, NOWS, st.sampled_from(["BR", "US", "PT", "??"]))
def test_any_text_is_read_and_every_place_is_inside_it(text, now, region):
    """No exception, known kinds, and the text between start and end is what was found (S1-22)."""
    for one in entities(text, now=now, region=region):
        assert one.kind in KINDS
        assert 0 <= one.start < one.end <= len(text)
        assert text[one.start : one.end] == one.text


@EACH
@given(TEXTS)
def test_what_is_told_valid_is_valid(text):
    """Documents agree with their check digits, codes with their sum, days with the calendar."""
    for one in entities(text, now=NOW):
        if one.kind == "cpf":
            assert one.valid is documents.is_cpf(one.value)
        if one.kind == "cnpj":
            assert one.valid is documents.is_cnpj(one.value)
        if one.kind == "date" and one.valid:
            assert date.fromisoformat(one.value).isoformat() == one.value


@EACH
@given(
    st.text("0123456789.-/", max_size=18).filter(
        lambda text: not (text.isdigit() and len(text) in (11, 14))
    )
)
def test_what_has_not_the_shape_of_a_document_is_none(text):
    """The library fills zeros and passes over marks, which would let a short number through."""
    assert not documents.is_cpf(text)
    assert not documents.is_cnpj(text)


def check_digits(first: str, longest: int) -> str:
    """Append both check digits by the textbook: remainders of weighted sums, right to left."""
    for _ in range(2):
        total = sum(
            (ord(char) - 48) * (2 + place % (longest - 1))
            for place, char in enumerate(reversed(first))
        )
        first += str(0 if total % 11 < 2 else 11 - total % 11)
    return first


@EACH
@given(st.text("0123456789", min_size=9, max_size=9).filter(lambda digits: len(set(digits)) > 1))
def test_a_cpf_goes_through_and_one_wrong_digit_does_not(first):
    """Each other last digit is told invalid."""
    good = check_digits(first, 11)
    written = f"{good[:3]}.{good[3:6]}.{good[6:9]}-{good[9:]}"
    [one] = entities(f"é {written}, ok", now=NOW)
    assert (one.kind, one.value, one.valid) == ("cpf", good, True)

    for digit in set("0123456789") - {good[-1]}:
        [one] = entities(written[:-1] + digit, now=NOW)
        assert (one.kind, one.valid) == ("cpf", False)


@EACH
@given(st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=12, max_size=12))
def test_a_cnpj_goes_through_and_one_wrong_digit_does_not(first):
    """Numeric and alphanumeric (Receita Federal, IN RFB 2.229/2024)."""
    good = check_digits(first, 9)
    if len(set(good)) == 1:
        return
    written = f"{good[:2]}.{good[2:5]}.{good[5:8]}/{good[8:12]}-{good[12:]}"
    [one] = entities(f"cnpj {written.lower()}", now=NOW)
    assert (one.kind, one.value, one.valid) == ("cnpj", good, True)

    wrong = written[:-1] + str((int(good[-1]) + 1) % 10)
    [one] = entities(wrong, now=NOW)
    assert (one.kind, one.valid) == ("cnpj", False)


@EACH
@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)))
def test_a_full_date_goes_through(day):
    """As Brazilians and as machines write it."""
    for written in (f"{day:%d/%m/%Y}", f"{day.day}/{day.month}/{day.year}", day.isoformat()):
        [one] = entities(f"foi {written}!", now=NOW)
        assert (one.kind, one.value, one.valid) == ("date", day.isoformat(), True)


@EACH
@given(st.dates(date(2020, 1, 1), date(2090, 12, 31)), st.integers(0, 6))
def test_a_weekday_is_one_of_the_next_seven_days(today, place):
    """Never today, never the past."""
    names = ("segunda-feira", "terça", "quarta-feira", "quinta", "sexta", "sábado", "domingo")
    now = datetime(today.year, today.month, today.day, 12, tzinfo=UTC)
    [one] = entities(f"pode ser {names[place]}?", now=now)
    day = date.fromisoformat(one.value)

    assert day.weekday() == place
    assert timedelta(1) <= day - today <= timedelta(7)


@EACH
@given(st.integers(0, 10**11))
def test_money_goes_through(cents):
    """With its thousands marked and without."""
    whole, rest = divmod(cents, 100)
    marked = f"{whole:,}".replace(",", ".")
    for written in (f"R$ {marked},{rest:02}", f"R${whole},{rest:02}", f"{marked},{rest:02} reais"):
        [one] = [one for one in entities(f"deu {written}.", now=NOW) if one.kind == "money"]
        assert (one.value, one.valid) == (f"BRL {whole}.{rest:02}", True)


def crc16(data: bytes) -> int:
    """Divide by 0x1021 bit by bit, as the manual draws it."""
    rest = 0xFFFF
    for byte in data:
        rest ^= byte << 8
        for _ in range(8):
            rest = (rest << 1) ^ 0x1021 if rest & 0x8000 else rest << 1
        rest &= 0xFFFF
    return rest


@EACH
@given(
    st.text(st.characters(codec="utf-8", exclude_characters="\n"), min_size=1, max_size=25),
    st.integers(0, 40),
)
def test_a_pix_code_goes_through_and_a_changed_one_does_not(name, at):
    """Whatever the shop's name; a letter that changes breaks the check (BCB, Manual do BR Code)."""
    key = "0014br.gov.bcb.pix01111234567890a"
    body = f"00020126{len(key):02}{key}52040000530398659{len(name):02}{name}6304"
    code = f"{body}{crc16(body.encode('utf-8', 'replace')):04X}"
    [one] = [one for one in entities(f"paga aqui: {code} ok", now=NOW) if one.kind == "pix_code"]
    assert (one.value, one.valid) == (code, True)

    place = code.index("bcb.pix") + at % 7
    wrong = f"{code[:place]}#{code[place + 1 :]}"
    assert not any(one.valid for one in entities(wrong, now=NOW) if one.kind == "pix_code")


@pytest.mark.parametrize("data", ["1" * 9000, "1." * 5000, "a@" * 5000, "(" * 9000, "000201" * 900])
def test_hostile_text_takes_no_time(data):
    """Nothing backtracks: the longest message there is stays within milliseconds."""
    began = datetime.now(UTC)
    entities(data, now=NOW)

    assert datetime.now(UTC) - began < timedelta(seconds=1)


SLOTS = [Slot("a", "cpf"), Slot("b", "date"), Slot("c", "text"), Slot("d", "pix_key")]
LINES = st.one_of(
    TEXTS, st.sampled_from(["não quero informar", "depois", "529.982.247-25", "amanhã", "oi", ""])
)


@EACH
@given(st.lists(LINES, max_size=14))
def test_no_slot_is_asked_for_more_than_twice(lines):
    """Whatever the customer says, the questions come to an end, and only what fits is kept."""
    filled = Filled()
    asked = []
    for line in lines:
        found = entities(line, now=NOW)
        before = filled
        filled, ask = fill_slots(SLOTS, found, filled, text=line)
        told = {(one.kind, one.value) for one in found if one.valid}
        if ask is not None:
            assert ask.name not in filled.values
            assert ask.name not in filled.refused
            asked.append(ask.name)
        for slot in SLOTS:
            if slot.kind != "text" and slot.name in filled.values.keys() - before.values.keys():
                assert any((kind, filled.values[slot.name]) in told for kind in fits(slot.kind))
    assert all(asked.count(slot.name) <= 2 for slot in SLOTS)
    assert len(asked) <= 2 * len(SLOTS)


CLASSIFIER = Classifier.train(
    [
        Lesson("track", ("onde está meu pedido", "rastrear pedido", "cadê meu pacote")),
        Lesson("cancel", ("quero cancelar", "cancela a compra", "desisti do pedido")),
    ]
)


@EACH
@given(TEXTS)
def test_any_text_is_classified_and_confidence_is_a_chance(text):
    """No exception, 0..1, and an intent is only told from the threshold on."""
    guess = CLASSIFIER.classify(text)

    assert 0.0 <= guess.confidence <= 1.0
    assert guess.intent in {None, "track", "cancel"}
    assert guess.intent is None or guess.confidence >= CLASSIFIER.reject
    assert guess.intent in {None, guess.best}
