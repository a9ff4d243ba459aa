"""Tools in YAML: domain and tenant add up, roles get them, and every slip is said with its line."""

import shutil
from pathlib import Path

import pytest

from chatcrew.tenancy import Configuration, check, load
from chatcrew.tenancy.sealed import fingerprint, seal, unseal

VALID = Path(__file__).parents[1] / "samples" / "tenancy" / "valid"
TOOLS = frozenset({"search_knowledge", "handoff", "available_slots"})
HEAD = "persona: {name: Ana, business: Acme}\nfunctions: [support]\n"
GOOD = """
databases:
  erp: {dsn: env:ERP_DSN}
tools:
  - name: order_status
    use: http
    description: Consulta um pedido.
    url: https://api.shop.example/orders/{id}
    query: {expand: items, per_page: 5}
    auth: {bearer: env:SHOP_TOKEN}
    parameters:
      id: {type: integer, description: Número do pedido.}
    pick: [status, items.name]
    cache: 60
    private: [cpf]
  - name: open_ticket
    use: http
    method: POST
    description: Abre um chamado.
    url: https://api.shop.example/tickets
    body: {order: "{id}", phone: "{contact.phone}"}
    parameters: {id: {type: integer, description: Pedido.}}
    approval: true
  - use: woocommerce
    url: https://shop.example/
    consumer_key: env:WOO_KEY
    consumer_secret: file:woo.secret
  - name: balance
    use: sql
    description: Saldo do cliente.
    database: erp
    sql: select points from clients where phone = :contact__phone
"""
BASE_TOOL = """
tools:
  - {name: order_status, use: http, description: Do domínio., url: "https://base.example"}
  - {name: ping, use: http, description: Do domínio., url: "https://base.example"}
"""


def _files(folder: Path, own: str, base: str = "") -> tuple[Path, Path, Path]:
    shutil.copytree(VALID, folder, dirs_exist_ok=True)
    (folder / "config/domains/shop/acme.yaml").write_text(HEAD + own, "utf-8")
    (folder / "config/domains/shop/acme.tests.yaml").unlink()
    place = folder / "config/domains/shop/_base.yaml"
    place.write_text(place.read_text("utf-8") + base, "utf-8")
    return folder / "chatwoot_mapping.yaml", folder / "config", folder / "crews"


def _loaded(folder: Path, own: str = GOOD, base: str = "") -> Configuration:
    return load(*_files(folder, own, base), tools=TOOLS)


def test_tools_of_domain_and_tenant_add_up_by_name(tmp_path: Path) -> None:
    """The tenant's comes first and replaces the domain's of the same name."""
    tenant = _loaded(tmp_path, base=BASE_TOOL).tenants["shop/acme"]

    assert [tool.name for tool in tenant.tools] == [
        "order_status",
        "open_ticket",
        "woocommerce",
        "balance",
        "ping",
    ]
    status, ticket, shop = tenant.tools[:3]
    assert (status.url, status.query["per_page"]) == ("https://api.shop.example/orders/{id}", "5")
    assert (status.acts, status.cache, status.private) == (False, 60, ("cpf",))
    assert status.place == ("config/domains/shop/acme.yaml", 7)
    assert (ticket.acts, ticket.approval, ticket.method) == (True, True, "POST")
    assert shop.names[0] == "woo_order"
    assert shop.auth is not None
    assert shop.auth.secret.reference == f"file:{tmp_path}/config/domains/shop/woo.secret"
    assert status.parameters["properties"]["id"]["type"] == "integer"


def test_roles_with_tools_get_those_of_their_business(tmp_path: Path) -> None:
    """Where a tool names roles, only those; the crew's own stay."""
    configuration = _loaded(tmp_path)
    for (_, tenant, _), crew in configuration.crews.items():
        for role in crew.roles:
            offered = tenant == "shop/acme" and bool(set(role.tools) & TOOLS)
            assert ("order_status" in role.tools) == offered
            assert ("woo_stock" in role.tools) == offered


def test_a_tool_for_a_named_role_is_offered_to_no_other(tmp_path: Path) -> None:
    """``roles:`` is an allow-list."""
    loaded = _loaded(tmp_path)
    name = next(iter(loaded.crews.values())).roles[0].name
    own = GOOD.replace("    cache: 60\n", f"    cache: 60\n    roles: [{name}]\n")
    other = _loaded(tmp_path / "again", own)
    crews = [crew for (_, key, _), crew in other.crews.items() if key == "shop/acme"]
    for crew in crews:
        for role in crew.roles:
            assert ("order_status" in role.tools) == (role.name == name)


def test_a_sealed_configuration_keeps_its_tools(tmp_path: Path) -> None:
    """What workers get from the cache is what was loaded."""
    files = _files(tmp_path, GOOD)
    loaded = load(*files, tools=TOOLS)
    print_ = fingerprint(*files, tools=TOOLS)

    assert unseal(seal(loaded, print_), print_) == loaded


def test_secrets_of_tools_are_tried_by_check(tmp_path: Path, monkeypatch) -> None:
    """A reference that leads nowhere is said with its line."""
    monkeypatch.setenv("SHOP_TOKEN", "x")
    report = check(*_files(tmp_path, GOOD), tools=TOOLS, read_secrets=True)
    said = "\n".join(report.lines())

    assert "ERP_DSN" in said
    assert "WOO_KEY" in said
    assert "woo.secret" in said
    assert "SHOP_TOKEN" not in said


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (("use: http", "use: soap"), "unknown_word"),
        (("cache: 60", "database: erp"), "tool_key_unwanted"),
        (("    url: https://api.shop.example/orders/{id}\n", ""), "missing_key"),
        (("orders/{id}", "orders/{idd}"), "unknown_placeholder"),
        (("api.shop.example/orders", "{id}.example/orders"), "tool_address"),
        (("https://api.shop.example/orders", "https://u:p@shop.example/orders"), "tool_address"),
        (("https://api.shop.example/orders", "https://10.0.0.5/orders"), "tool_private"),
        (("https://api.shop.example/orders", "http://localhost/orders"), "tool_private"),
        (("https://api.shop.example/orders", "http://shop.internal/orders"), "tool_private"),
        (("https://api.shop.example/orders", "http://169.254.169.254/orders"), "tool_never"),
        (("expand: items", "api_key: abc"), "tool_secret"),
        (("query: {", "headers: {X-Auth-Token: abc}\n    query: {"), "tool_secret"),
        (("bearer: env:SHOP_TOKEN", "bearer: sk-123456"), "literal_secret"),
        (("{bearer: env:SHOP_TOKEN}", "{user: env:A}"), "tool_auth"),
        (("{bearer: env:SHOP_TOKEN}", "{bearer: env:A, header: X, value: env:B}"), "tool_auth"),
        (("cache: 60", "once: true"), "tool_reads"),
        (("cache: 60", "approval: true"), "tool_reads"),
        (("approval: true", "cache: 60"), "tool_cached"),
        (("approval: true", "once: false\n    approval: true"), "tool_unasked"),
        (("Número do pedido.}", "Número do pedido., required: false}"), "tool_optional"),
        (("cache: 60", "roles: [ghost]"), "unknown_role"),
        (("name: open_ticket", "name: order_status"), "tool_twice"),
        (("name: open_ticket", "name: handoff"), "tool_is_taken"),
        (("name: open_ticket", "name: woo_stock"), "tool_twice"),
        (("[cpf]", "[cfp]"), "unknown_word"),
        (("database: erp", "database: epr"), "unknown_database"),
        (("select points", "delete points"), "tool_sql"),
        (("select points", "select 1; drop table x; select points"), "tool_sql"),
        ((":contact__phone", ":contact__fone"), "unknown_placeholder"),
        (('"{contact.phone}"', '"{contact.cpf}"'), "unknown_placeholder"),
        (("dsn: env:ERP_DSN", "dsn: postgresql://a:b@c/d"), "literal_secret"),
    ],
)
def test_a_slip_is_said_with_its_line(tmp_path: Path, change: tuple[str, str], code: str) -> None:
    """Each has a sentence of its own in both languages, and never the secret itself."""
    assert change[0] in GOOD
    files = _files(tmp_path, GOOD.replace(*change, 1))
    report = check(*files, tools=TOOLS, read_secrets=False)

    assert code in [fault.code for fault in report.faults]
    fault = next(one for one in report.faults if one.code == code)
    assert fault.line is not None
    assert fault.line > 2
    assert fault.render("pt-BR") != fault.render("en") or code == "tool_key_unwanted"
    assert "sk-123456" not in str(fault)
