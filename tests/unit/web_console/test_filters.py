"""What is chosen above a page: it never widens what somebody may see, and days are whole days."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from chatcrew.accounts import Principal, Role
from chatcrew.web.console._filters import MOST_DAYS, PRESETS, Business, Filters, filters_of

NOW = datetime(2026, 8, 3, 1, 30, tzinfo=UTC)
PAULO, ACRE = ZoneInfo("America/Sao_Paulo"), ZoneInfo("America/Rio_Branco")
CLINIC = Business("health/varizemed", "Varizemed", PAULO)
SHOP = Business("cosmetics/bella", "Bella", ACRE)
OWNER = Principal("ana", Role.OWNER)
WORDS = st.sampled_from([CLINIC.key, SHOP.key, "", "x", "2026-08-01", "2026-13-01", "7", "-1", "²"])


def chosen(who: Principal = OWNER, *seen: Business, **query: str) -> Filters:
    """Return what a query chooses."""
    return filters_of(query, who=who, businesses=seen or (CLINIC, SHOP), now=NOW)


def test_days_begin_in_the_zone_of_the_tenant_that_was_chosen() -> None:
    """Half open, in UTC; of several zones in UTC; of one zone that all have, in that one."""
    one = chosen(tenant=CLINIC.key, days="1")
    assert (one.first, one.last) == (date(2026, 8, 2), date(2026, 8, 2))
    assert one.since == datetime(2026, 8, 2, 3, tzinfo=UTC)
    assert one.until == datetime(2026, 8, 3, 3, tzinfo=UTC)
    assert chosen().zone == ZoneInfo("UTC")
    assert chosen(OWNER, CLINIC).zone == PAULO


def test_what_makes_no_sense_is_the_usual_month() -> None:
    """A typed address is no fault."""
    for query in (
        {"days": "8"},
        {"since": "ontem"},
        {"days": "x"},
        {"days": "0" * 5000},
        {"tenant": "no/body"},
    ):
        found = chosen(**query)
        assert (found.tenants, found.days) == (None, 30)
        assert found.last - found.first == timedelta(29)


def test_the_query_of_what_was_chosen_chooses_the_same() -> None:
    """A link to another page keeps tenant and days, and a preset replaces dates."""
    for query in ({}, {"days": "7"}, {"since": "2026-07-01", "until": "2026-07-09"}):
        found = chosen(tenant=CLINIC.key, **query)
        pairs = dict(one.split("=") for one in found.query().lstrip("?").split("&"))
        again = chosen(**{key: value.replace("%2F", "/") for key, value in pairs.items()})
        assert again == found
    assert chosen(since="2026-07-01").query(days=7) == "?days=7"


@given(
    st.dictionaries(st.sampled_from(["tenant", "days", "since", "until"]), WORDS),
    st.none() | st.frozensets(st.sampled_from([CLINIC.key, SHOP.key, "other/one"])),
)
def test_no_query_widens_what_somebody_may_see(
    query: dict[str, str], tenants: frozenset[str] | None
) -> None:
    """Whatever stands in the address (S2-20)."""
    who = Principal("bia", Role.VIEWER, tenants)
    seen = [one for one in (CLINIC, SHOP) if who.sees(one.key)]
    found = filters_of(query, who=who, businesses=seen, now=NOW)
    assert tenants is None or (found.tenants is not None and found.tenants <= tenants)
    assert found.since < found.until
    assert found.last - found.first < timedelta(MOST_DAYS)
    assert found.days is None or found.days in PRESETS
