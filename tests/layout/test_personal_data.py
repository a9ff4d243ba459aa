"""Every table is known to who exports, erases and forgets (N8, LGPD art. 18)."""

import pytest
from sqlalchemy import ARRAY, LargeBinary, Text
from sqlalchemy.dialects.postgresql import JSONB

from chatcrew.database.schema import metadata
from chatcrew.lgpd import REGISTER, Link

HOW = (
    "add it to src/chatcrew/lgpd/_register_sql.py (or _others_sql.py, _house_sql.py), "
    "as its first lines say"
)
TABLES = sorted(metadata.tables)


@pytest.mark.parametrize("table", TABLES)
def test_every_table_says_what_it_holds_of_people(table: str) -> None:
    """Else a person's data would outlive its erasure in it."""
    assert table in REGISTER, f"table {table}: {HOW}"


@pytest.mark.parametrize("table", [name for name in TABLES if name in REGISTER])
def test_every_column_that_can_hold_words_is_sorted(table: str) -> None:
    """Each column of text, JSON or bytes is either personal or known to be plain."""
    wordy = {
        column.name
        for column in metadata.tables[table].columns
        if isinstance(column.type, Text | JSONB | LargeBinary | ARRAY)
    }
    holding = REGISTER[table]
    sorted_out = {*holding.personal, *holding.plain}
    assert wordy == sorted_out, f"table {table}, columns {wordy ^ sorted_out}: {HOW}"
    assert not set(holding.personal) & set(holding.plain)


@pytest.mark.parametrize("table", [name for name in TABLES if name in REGISTER])
def test_what_is_personal_can_be_erased(table: str) -> None:
    """Nothing personal belongs to nobody, and links name columns that are there."""
    holding, columns = REGISTER[table], set(metadata.tables[table].columns.keys())
    needed = {
        Link.CONVERSATION: {"bot", "number"},
        Link.PERSON: {"tenant", "account", "contact"},
        Link.TENANT: {"tenant"},
    }
    assert needed.get(holding.link, set()) <= columns
    assert set(holding.told) <= columns
    if holding.link is Link.NOBODY:
        assert not holding.personal
        assert holding.note
