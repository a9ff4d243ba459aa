"""What is tried only where it can begin finds what a look at every place finds (N15)."""

import re
from collections.abc import Iterator
from itertools import pairwise
from string import ascii_lowercase

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chatcrew.privacy import _addresses, _emails, _keys, _numbers, _papers, _placeholders, _runs
from chatcrew.privacy._flat import Flat, _plain
from chatcrew.privacy._places import Words, holds, matches
from chatcrew.privacy._runs import Window, windows

_PIECES = (
    "rua das Flores|R.|r|av.|Avenida|jardim|via|quadra|QD.|SQN|sqnw|shis|qnm|clsw|moro|na|endereço"
    "|entregar|mandem|em|travessa|rodovia|BR|km|no km|101|116|casa|bloco|B|bl|lote|s/n|sem número"
    "|nº|rg|RG:|identidade|carteira de|título de eleitor|cartão do sus|cnh|passaporte|AB|mg|cvv"
    "|código de segurança|737|1234567|12.345.678-9|cpf|111|444|777|35|-35|.777|1|1 1 1|50000-000"
    "|50.000 - 000|01310100|cep|(81)|99999|1234|99999-1234|+55|0001|/0001|12.ABC.345/01DE-35|12ABC"
    "|34501DE35|ana|ana.b|@|exemplo.com|arroba|at|(at)|[at]|dot|ponto|com|gmail|hotmail.com|batuol"
    "|123e4567-e89b-12d3-a456-426614174000|123e4567|deadbeef|pix|chave|pedido|[|]|_1|[CPF_1]"
    "|,|;|:|?|!|$|-|\u2013|*|/|=|é|Ç|ß|Σ|９|\u200b|😀|\u00a0|\n"
)
PIECES = st.sampled_from(_PIECES.split("|"))
TEXTS = st.one_of(
    st.lists(PIECES, max_size=25).map(" ".join),
    st.lists(PIECES, max_size=25).map("".join),
    st.lists(st.tuples(PIECES, st.sampled_from(["", " ", ", ", "\n", ".", "-"])), max_size=25).map(
        lambda parts: "".join(one + gap for one, gap in parts)
    ),
    st.text(),
)
BEGUN_BY = [
    *_addresses._BEGUN_BY,
    (_addresses._LIVES, _addresses._LIVING),
    *((_papers._PATTERNS[kind], words) for kind, words in _papers._BEGUN_BY.items()),
]


def _spans(found: Iterator[re.Match[str]]) -> list[tuple[int, int]]:
    return [match.span() for match in found]


@pytest.mark.parametrize("at", range(len(BEGUN_BY)))
@given(text=TEXTS)
def test_a_pattern_is_tried_wherever_it_can_begin(at: int, text: str) -> None:
    """All words with which it begins are known."""
    pattern, first = BEGUN_BY[at]
    flat = Flat.of(text).text

    found = _spans(matches(pattern, flat, Words(flat).starts(first)))
    assert found == _spans(pattern.finditer(flat))


@given(st.text("qshnwdecliruvao0129 ./-", max_size=40), st.sampled_from(ascii_lowercase))
def test_every_name_of_a_block_in_brasilia_is_known(text: str, letter: str) -> None:
    """They are made of letters; all that the pattern takes stand in its list."""
    for flat in (f"{text} 1 bloco a", f"qn{letter} 1 casa 2", f"shis{letter} 1 lote 3"):
        found = _spans(matches(_addresses._BRASILIA, flat, Words(flat).starts(_addresses._SECTORS)))
        assert found == _spans(_addresses._BRASILIA.finditer(flat))


@example("rod. br 101, km 20")
@given(TEXTS)
def test_what_needs_a_part_of_a_text_is_not_there_without_it(text: str) -> None:
    """Roads have kilometres, codes their name, placeholders a bracket or an underscore."""
    flat = Flat.of(text).text

    assert "km" in flat or not _addresses._ROAD.search(flat)
    assert holds(flat, _numbers._CVV_NAMES) or not _numbers._CVV.search(flat)
    assert holds(text, _placeholders._BEGINNINGS) or not _placeholders._HINT.search(text)


@given(TEXTS)
def test_eight_hexadecimal_digits_in_a_row_are_seen(text: str) -> None:
    """Without them there is no random key."""
    flat = Flat.of(text).text
    seen = _keys._BEGINNING in flat.encode("ascii", "replace").translate(_keys._HEX)

    assert seen == (re.search(r"[0-9a-f]{8}", flat) is not None)


@example("fulanoatuol@x.com ponto com")
@example("a at a at uol at b dot com")
@given(TEXTS)
def test_addresses_are_read_between_breaks_as_in_the_whole(text: str) -> None:
    """No e-mail address reaches over a break, and what is left out holds none."""
    words = Words(Flat.of(text).text)
    parts = list(_emails._parts(words))
    kept = re.compile(r"@|arroba|[\[({]\s?at\b|\bat\b.*\bdot\b")

    for pattern in (_emails._PLAIN, _emails._SAID):
        found = [match for part in parts for match in pattern.finditer(words.text, *part)]
        whole = list(pattern.finditer(words.text))
        assert [m.span() for m in found if kept.search(m.group())] == [
            m.span() for m in whole if kept.search(m.group())
        ]


@example("12.ABC.345/01DE-35 12abc34501de35")
@given(TEXTS)
def test_numbers_with_letters_and_postal_codes_are_found_from_their_digits(text: str) -> None:
    """As they are where each place is tried."""
    flat = Flat.of(text).text
    everywhere = range(len(flat))

    for pattern, begins in (
        (_numbers._LETTERED, _numbers.lettered_begins(flat)),
        (_addresses._CEP, [at for chain in _runs.chains(flat) for at, _ in chain]),
    ):
        assert _spans(matches(pattern, flat, begins)) == _spans(matches(pattern, flat, everywhere))
        assert _spans(matches(pattern, flat, everywhere)) == _spans(pattern.finditer(flat))


@given(st.one_of(TEXTS, st.text("01 .-/,x\n", max_size=60)))
def test_numbers_are_looked_for_only_among_enough_digits(text: str) -> None:
    """With what stands between other groups left out, windows are the same."""
    flat = Flat.of(text).text

    assert list(windows(flat)) == list(_windows_everywhere(flat))


@given(st.one_of(TEXTS, st.text()))
def test_a_text_is_flattened_letter_by_letter(text: str) -> None:
    """However it is done for a long one."""
    assert Flat.of(text).text == "".join(map(_plain, text))


def _windows_everywhere(text: str) -> Iterator[list[Window]]:
    gap = re.compile(r"[ \t\r\n.\-()/_]{1,5}|, ?")
    groups = [match.span() for match in re.finditer(r"\d+", text)]
    for first, (start, _) in enumerate(groups):
        around = groups[max(0, first - 1) : first + 2]
        joined = all(gap.fullmatch(text, one[1], other[0]) for one, other in pairwise(around))
        single = len(around) == 3 and joined and all(end - begin == 1 for begin, end in around)
        if single or not _runs._may_begin(text, start):
            continue
        found: list[Window] = []
        count = 0
        for last in range(first, min(first + 12, len(groups))):
            if last > first and not gap.fullmatch(text, groups[last - 1][1], groups[last][0]):
                break
            count += groups[last][1] - groups[last][0]
            if count > 20:
                break
            end = groups[last][1]
            if count >= 8 and _runs._may_end(text, end):
                part = groups[first : last + 1]
                digits = "".join(text[a:b] for a, b in part)
                gaps = tuple(text[a[1] : b[0]] for a, b in pairwise(part))
                sizes = tuple(b - a for a, b in part)
                found.append(Window(text, digits, sizes, gaps, start, end))
        if found:
            yield found[::-1]
