"""Advice about limits: those that nobody set, that hold nobody, and that cannot hold."""

from collections.abc import Collection, Iterator
from datetime import date

from chatcrew.tenancy._domains.rules import DomainFile
from chatcrew.tenancy._domains.tenant import TenantFiles
from chatcrew.tenancy._faults.fault import Fault, YamlPath, choices
from chatcrew.tenancy._reading.document import Document
from chatcrew.tenancy.model import Configuration, ModelCatalogue, Tenant

EXCHANGE_OLD = 90
"""Days after which somebody should look at the dollar again."""


def limit_warnings(
    files: TenantFiles,
    tenant: Tenant,
    *,
    roles: Collection[str],
    configuration: Configuration,
    asks: bool,
) -> Iterator[Fault]:
    """Say which limits are left to the program's default, and which bound nobody (S3-112).

    Args:
        files: where they stand.
        tenant: whose.
        roles: that crews have.
        configuration: which models may be asked, and their prices.
        asks: a model is configured, so that something can cost money.
    """
    limits, money = tenant.limits, tenant.limits.tenant.money
    if asks and not limits.own_money:
        sign = "R$" if limits.currency == "BRL" else "US$"
        day, month = f"{sign} {money.day:g}", f"{sign} {money.month:g}"
        at: YamlPath = ("limits",) if files.own.shape.limits is not None else ()
        yield files.own.document.fault("money_unsaid", at, hint="say_money", word=day, number=month)
    if not money.day and not money.month:
        yield files.own.document.fault("money_off", ("limits", "money"))
    elif asks:
        yield from _unpriced(files, tenant, configuration)
    for file in files.files:
        yield from _of_one(file, tenant, roles)


def exchange_warnings(
    catalogue: ModelCatalogue, document: Document, today: date
) -> Iterator[Fault]:
    """Say that the dollar was looked up long ago."""
    known = catalogue.exchange
    if known is not None and (age := (today - known.as_of).days) > EXCHANGE_OLD:
        yield document.fault("exchange_old", ("exchange", "as_of"), hint="new_day", number=age)


def _unpriced(files: TenantFiles, tenant: Tenant, configuration: Configuration) -> Iterator[Fault]:
    """Say which models that the business's roles name have no price."""
    named = {
        role.model
        for (_, key, _), crew in configuration.crews.items()
        if key == tenant.key
        for role in crew.everybody()
        if role.model is not None
    }
    listed = configuration.models
    for name in sorted(named):
        if name in listed.models and any(one.price is None for one in listed.chain(name)):
            at: YamlPath = ("limits", "money")
            yield files.own.document.fault("money_unheld", at, word=name)


def _of_one(file: DomainFile, tenant: Tenant, roles: Collection[str]) -> Iterator[Fault]:
    limits = file.shape.limits
    if limits is None:
        return
    bounds = [
        (("limits",), limits),
        *((("limits", "roles", name), one) for name, one in (limits.roles or {}).items()),
        *((("limits", "functions", name), one) for name, one in (limits.functions or {}).items()),
    ]
    for path, bound in bounds:
        money = bound.money
        if money is not None and money.day and money.month and money.day > money.month:
            where = (*path, "money", "day")
            yield file.document.fault(
                "day_over_month", where, word=f"{money.day:g}", number=f"{money.month:g}"
            )
    known = (
        ("roles", limits.roles, roles, "limit_of_nobody"),
        ("functions", limits.functions, tenant.functions, "limit_of_no_function"),
    )
    for key, named, among, code in known:
        for name in named or {}:
            if name not in among:
                hint, values = choices(name, among)
                at: YamlPath = ("limits", key, name)
                yield file.document.fault(code, at, hint=hint, word=name, **values)
