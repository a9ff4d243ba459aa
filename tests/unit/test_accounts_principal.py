"""Roles and tenants of whoever asks (S2-05)."""

import pytest

from chatcrew.accounts import Principal, Role


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        (Role.VIEWER, {Role.VIEWER}),
        (Role.ADMIN, {Role.VIEWER, Role.ADMIN}),
        (Role.OWNER, {Role.VIEWER, Role.ADMIN, Role.OWNER}),
    ],
)
def test_a_role_may_do_what_those_below_it_may(role: Role, allowed: set[Role]) -> None:
    """An owner looks and acts; a viewer only looks."""
    assert {needed for needed in Role if role.may(needed)} == allowed


def test_a_filter_never_shows_a_tenant_that_is_not_his() -> None:
    """Whatever is asked for, only what he may see is among the answer (S2-05)."""
    his = Principal("ana", Role.VIEWER, frozenset({"health/a", "health/b"}))

    assert his.among(None) == {"health/a", "health/b"}
    assert his.among(frozenset({"health/a", "jobs/c"})) == {"health/a"}
    assert his.among(frozenset({"jobs/c"})) == frozenset()
    assert [his.sees(tenant) for tenant in ("health/a", "jobs/c", None)] == [True, False, False]


def test_who_is_bound_to_no_tenant_sees_all() -> None:
    """Also what belongs to nobody yet, such as quarantine."""
    everybody = Principal("root", Role.OWNER)

    assert everybody.among(None) is None
    assert everybody.among(frozenset({"jobs/c"})) == {"jobs/c"}
    assert everybody.sees(None)
