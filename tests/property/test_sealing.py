"""Sealing: what is stored opens to what was said, and to nothing else (S1-76)."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatcrew.database.sealing import opened_line, sealed_line
from chatcrew.privacy import BadKeys, Keyring, Unsealable, about_of, key_of, keyring, new_key

OLD, NEW = ("old", b"o" * 32), ("new", b"n" * 32)
WHOLE = base64.b64encode(b"x" * 32).decode()
TEXTS = st.text(st.characters(exclude_characters="\x00"), min_size=1)
JSON = st.recursive(
    TEXTS | st.integers() | st.booleans() | st.none(),
    lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner),
)


@given(TEXTS, TEXTS)
def test_what_is_sealed_opens_to_what_it_was(text: str, about: str) -> None:
    """With the same key, also when it is not the first any more."""
    sealed = Keyring([OLD]).seal(text, about)

    assert text not in sealed or len(text) < 4
    assert (key_of(sealed), about_of(sealed)) == ("old", about)
    assert Keyring([OLD]).open(sealed, about) == text
    assert Keyring([NEW, OLD]).open(sealed, about) == text


@given(st.binary(min_size=1), TEXTS)
def test_bytes_open_to_what_they_were(raw: bytes, about: str) -> None:
    """Also those that look sealed."""
    for keys in (Keyring(), Keyring([OLD])):
        assert keys.open_bytes(keys.seal_bytes(raw, about), about) == raw


@given(TEXTS)
def test_without_keys_text_stays_as_it_is_and_nobody_can_forge_a_sealed_one(text: str) -> None:
    """Whoever types what looks sealed reads what he typed."""
    plain = Keyring()
    forged = Keyring([OLD]).seal(text, "line")

    assert plain.open(plain.seal(text, "line"), "line") == text
    assert plain.open(plain.seal(forged, "line"), "line") == forged


@given(TEXTS, st.data())
def test_a_changed_value_is_refused(text: str, data: st.DataObject) -> None:
    """Each bit of it: key, what it is about, nonce, words."""
    keys = Keyring([OLD])
    sealed = bytearray(keys.seal_bytes(text.encode("utf-8", "surrogatepass"), "line bot"))
    place = data.draw(st.integers(6, len(sealed) - 1))
    sealed[place] ^= 1 << data.draw(st.integers(0, 7))

    with pytest.raises(Unsealable):
        keys.open_bytes(bytes(sealed), "line bot")


@given(TEXTS)
def test_another_key_opens_nothing(text: str) -> None:
    """Neither under its own name nor under the one that sealed."""
    sealed = Keyring([OLD]).seal(text, "line")

    with pytest.raises(Unsealable, match="not configured"):
        Keyring([NEW]).open(sealed, "line")
    with pytest.raises(Unsealable, match="was changed"):
        Keyring([("old", b"x" * 32)]).open(sealed, "line")


@given(TEXTS)
def test_what_is_moved_to_another_bots_row_does_not_open(text: str) -> None:
    """Nothing one business's customer said is ever read as another's (S1-76)."""
    keys = Keyring([OLD])
    line = {"text": text, "author": {"name": text}, "attachments": [], "options": [text]}
    moved = sealed_line(keys, "a-bot", line)

    assert opened_line(keys, "a-bot", moved) == line
    if text:
        with pytest.raises(Unsealable, match="was changed"):
            opened_line(keys, "b-bot", moved)
        with pytest.raises(Unsealable, match="was changed"):
            keys.open_bytes(keys.seal_bytes(text.encode("utf-8", "replace"), "a"), "b")


@given(JSON)
def test_every_text_within_json_is_opened(value: object) -> None:
    """Keys of objects and figures stay."""
    keys = Keyring([OLD])

    def sealed(one: object) -> object:
        if isinstance(one, str):
            return keys.seal(one, "line")
        if isinstance(one, dict):
            return {key: sealed(inner) for key, inner in one.items()}
        return [sealed(inner) for inner in one] if isinstance(one, list) else one

    assert keys.open_within(sealed(value), "line") == value


@given(TEXTS)
def test_what_is_stored_is_renewed_once(text: str) -> None:
    """From plain to the first key, to another, and back to plain; what is as it should be stays."""
    old, both, plain = Keyring([OLD]), Keyring([NEW, OLD]), Keyring()
    first = old.renewed(plain.seal(text, "a"), "a")
    second = both.renewed(first, "a")

    assert (key_of(first), key_of(second)) == ("old", "new")
    assert old.renewed(first, "a") is first
    assert both.renewed(second, "a") is second
    assert both.open(second, "a") == text


@given(TEXTS)
def test_what_was_moved_is_never_sealed_as_anothers(text: str) -> None:
    """Changing keys does not make a value of one business one of another's (S1-76)."""
    moved = Keyring([OLD]).seal(text, "fact shop/a")

    for ring in (Keyring([NEW, OLD]), Keyring([OLD]).opening()):
        with pytest.raises(Unsealable, match="was changed") as raised:
            ring.renewed(moved, "fact shop/b")
        assert raised.value.tampered
        assert ring.readable(moved, "fact shop/b") == ""


@given(st.lists(st.from_regex(r"[a-z0-9][a-z0-9_-]{0,31}", fullmatch=True), unique=True))
def test_keys_are_read_as_they_were_made(names: list[str]) -> None:
    """With commas or line by line."""
    entries = [new_key(name) for name in names]

    for between in (",", "\n", " , "):
        assert keyring(between.join(entries)).names == tuple(names)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("abc", "form"),
        (f"A b:{WHOLE}", "name"),
        ("a:###", "base64"),
        ("a:" + base64.b64encode(b"x" * 16).decode(), "length"),
        (f"a:{WHOLE},a:{WHOLE}", "twice"),
    ],
)
def test_keys_that_are_none_are_refused_without_being_told(text: str, kind: str) -> None:
    """By place and reason."""
    with pytest.raises(BadKeys) as raised:
        keyring(text)

    assert raised.value.kind == kind
    assert text not in str(raised.value)
