"""A telephone, e-mail or CPF is found in whatever spelling and encoding, and nothing else is."""

import base64
import gzip
import html
import json
from urllib.parse import quote

from hypothesis import given, settings
from hypothesis import strategies as st

from chatcrew.lgpd import Searcher
from chatcrew.lgpd import given as told
from chatcrew.lgpd._views import views, words_of

EACH = settings(deadline=None, derandomize=True, database=None, max_examples=200)
AREAS = st.sampled_from(["11", "21", "51", "81", "85"])
LOCAL = st.from_regex(r"9[6-9][0-9]{7}", fullmatch=True)
SPELLINGS = st.sampled_from(
    [
        "+55{area}{local}",
        "({area}) {first}-{last}",
        "0{area} {first} {last}",
        "{area}.{first}.{last}",
        "55 {area} 9 {old_first}-{last}",
        "{area} {old_first}-{last}",
    ]
)
PACKING = st.sampled_from(
    [
        lambda said: said,
        quote,
        lambda said: json.dumps({"tel": said}),
        lambda said: base64.b64encode(f"fone {said} ok".encode()).decode(),
        lambda said: f"fone {said} ok".encode().hex(),
        lambda said: "".join(f"&#{ord(char)};" for char in said),
        lambda said: words_of(gzip.compress(said.encode())),
        lambda said: said.translate({ord("0") + n: chr(0xFF10 + n) for n in range(10)}),
    ]
)


@EACH
@given(area=AREAS, local=LOCAL, spelling=SPELLINGS, pack=PACKING)
def test_a_telephone_is_found_however_it_is_written(area, local, spelling, pack) -> None:
    """With and without 55, 0 and the ninth digit, in any encoding that programs write (N8)."""
    parts = {"area": area, "local": local, "first": local[:5], "last": local[5:]}
    said = spelling.format(**parts, old_first=local[1:5])
    searcher = Searcher(told("phone", f"+55 {area} {local}"))

    assert searcher.kinds(f"ligue {pack(said)} por favor") == {"phone"}


@EACH
@given(
    name=st.from_regex(r"[a-z]{3,8}\.[a-z]{3,8}", fullmatch=True),
    host=st.from_regex(r"[a-z]{3,10}\.com(\.br)?", fullmatch=True),
    upper=st.booleans(),
    pack=PACKING,
)
def test_an_address_is_found_however_it_is_written(name, host, upper, pack) -> None:
    """In capitals, behind percent signs, entities and base64 (N8)."""
    mail = f"{name}@{host}"
    searcher = Searcher(told("email", mail))

    assert searcher.kinds(pack(mail.upper() if upper else mail)) == {"email"}
    assert searcher.kinds(html.escape(f"<{mail}>")) == {"email"}
    assert searcher.kinds(f"{name} arroba {host}") == {"email"}


@EACH
@given(text=st.text(max_size=200), area=AREAS, local=LOCAL)
def test_any_text_is_read_without_an_error_and_without_inventing(text, area, local) -> None:
    """What holds no eight digits in a row holds no telephone; unpacking always ends."""
    searcher = Searcher(told("phone", f"{area}{local}"))

    assert next(views(text)) == text
    if sum(char.isdecimal() for view in views(text) for char in view) < 8:
        assert searcher.kinds(text) == frozenset()


@EACH
@given(raw=st.binary(max_size=300))
def test_any_bytes_are_read(raw) -> None:
    """Broken archives and half characters are nobody's fault."""
    assert isinstance(words_of(raw), str)
    assert isinstance(words_of(b"\x1f\x8b" + raw), str)


def test_orders_dates_and_other_peoples_numbers_are_nobody() -> None:
    """Digits that are not the person's are not found (N8)."""
    searcher = Searcher(told("phone", "81 98765-4321") | told("cpf", "111.444.777-35"))
    for said in (
        "pedido 4471, dia 23/11/2026 às 09:30, total R$ 1.234,56",
        "fone 81 98765-4322",
        "cpf 222.555.888-46",
        "0193a5f2-7c1e-7b6a-9d41-1f0e2c3b4a59",
    ):
        assert searcher.kinds(said) == frozenset(), said
