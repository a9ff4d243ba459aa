"""WooCommerce: an order is for its owner only; statuses, money and dates as people say them."""

from dataclasses import replace
from typing import Any

import pytest

from chatcrew.messages import Contact
from chatcrew.tenancy.model import Secret, ToolAuth, ToolEntry
from chatcrew.testing import FakeWooCommerce
from chatcrew.tools._outside._woo import owns, subscriber
from chatcrew.tools._outside._woo_words import money, plain

NAMES = ("woo_order", "woo_orders_of_customer", "woo_product", "woo_stock")
AUTH = ToolAuth("basic", Secret("env:PASS"), user=Secret("env:USER"))


def entry(shop: FakeWooCommerce, **fields: Any) -> ToolEntry:
    """Return the set of tools of a shop."""
    made = ToolEntry("woocommerce", "woocommerce", NAMES, url=shop.url, auth=AUTH, trusted=True)
    return replace(made, **fields)


async def test_the_owner_reads_the_order(caller: Any) -> None:
    """By the telephone of the conversation; no address and no payment data is among it (S3-73)."""
    async with FakeWooCommerce() as shop:
        shop.add_order(
            12345,
            status="completed",
            billing={"phone": "(41) 95555-0131", "address_1": "Rua das Flores, 9"},
            date_completed="2026-11-20T08:00:00",
            meta_data=[
                {"key": "_wc_shipment_tracking_items", "value": [{"tracking_number": "BR123"}]}
            ],
        )
        caller.contact = Contact(phone="+554155550131")
        caller.begin(entry(shop))
        text = (await caller.call("woo_order", id=12345)).text

    assert "Pedido 12345 (feito em 18/11/2026): concluído. Total: R$ 189,90" in text
    assert "1x Kit Pele Oleosa" in text
    assert "Rastreio: BR123" in text
    assert "Concluído em: 20/11/2026" in text
    assert "Rua das Flores" not in text


@pytest.mark.parametrize(
    ("contact", "said", "word"),
    [
        (Contact(), {}, "Por privacidade"),
        (Contact(email="other@example.com"), {}, "Por privacidade"),
        (Contact(), {"email": "other@example.com"}, "Nenhum pedido"),
        (Contact(), {"phone": "11 98888-7777"}, "Nenhum pedido"),
    ],
)
@pytest.mark.parametrize("number", [12345, 99999])
async def test_others_do_not_even_learn_that_it_exists(
    caller: Any, contact: Contact, said: dict[str, str], word: str, number: int
) -> None:
    """The very same words for another's order and for one that is not there."""
    async with FakeWooCommerce() as shop:
        shop.add_order(12345, billing={"email": "marina@example.com", "phone": "41955550131"})
        caller.contact = contact
        caller.begin(entry(shop))
        result = await caller.call("woo_order", id=number, **said)

    assert not result.ok
    assert result.text.startswith(word)
    assert "Kit" not in result.text


async def test_who_says_the_purchases_email_reads_the_order(caller: Any) -> None:
    """Number and e-mail address together, as the shop's own tracking page asks."""
    async with FakeWooCommerce() as shop:
        shop.add_order(12345, billing={"email": "Marina@Example.com"})
        caller.begin(entry(shop))
        assert (await caller.call("woo_order", id=12345, email=" marina@example.com")).ok


async def test_the_customers_own_orders_are_listed_where_the_channel_proves_who_writes(
    caller: Any,
) -> None:
    """WhatsApp vouches for the number; anybody may type an e-mail address into a web chat."""
    async with FakeWooCommerce() as shop:
        shop.add_order(1, billing={"phone": "(41) 95555-0131"}, date_created="2026-01-02T00:00:00")
        shop.add_order(2, billing={"phone": "+55 41 5555-0131"}, status="on-hold")
        shop.add_order(3, billing={"phone": "(11) 95555-0131"})
        caller.contact = Contact(phone="+5541955550131", email="marina@example.com")
        caller.channel = "Channel::Whatsapp"
        caller.begin(entry(shop))
        text = (await caller.call("woo_orders_of_customer")).text
        caller.channel = "Channel::WebWidget"
        caller.begin(entry(shop))
        unproved = await caller.call("woo_orders_of_customer")

    assert text.index("Pedido 2") < text.index("Pedido 1")
    assert "aguardando a confirmação do pagamento" in text
    assert "Pedido 3" not in text
    assert not unproved.ok
    assert "número do pedido" in unproved.text


async def test_products_and_stock(caller: Any) -> None:
    """Name, price, whether it is there, address; nothing is made up where there is none."""
    async with FakeWooCommerce() as shop:
        shop.add_product(
            "Kit Pele Seca",
            price="209.90",
            regular_price="250",
            on_sale=True,
            short_description="<p>Leite &amp; creme<script>x</script></p>",
            stock_quantity=7,
        )
        shop.add_product("Batom Pétala", stock_status="outofstock", sku="BAT-1")
        caller.begin(entry(shop))
        product = (await caller.call("woo_product", search="pele seca")).text
        stock = (await caller.call("woo_stock", search="kit")).text
        gone = (await caller.call("woo_stock", sku="BAT-1")).text
        none = await caller.call("woo_product", search="geladeira")
        asked = await caller.call("woo_product")

    assert "Kit Pele Seca | R$ 209,90 (de R$ 250,00) | em estoque | http://" in product
    assert "Leite & creme" in product
    assert "em estoque (7 unidades)" in stock
    assert "Batom Pétala: esgotado" in gone
    assert (none.ok, asked.ok) == (False, False)


async def test_a_shop_with_another_key_is_the_admins(caller: Any) -> None:
    """The role hears that access failed, and not why."""
    async with FakeWooCommerce(key="ck_other") as shop:
        caller.contact = Contact(email="marina@example.com")
        caller.begin(entry(shop))
        assert "recusou o nosso acesso" in (await caller.call("woo_order", id=1)).text


async def test_english_businesses_read_english(caller: Any) -> None:
    """Statuses, money and dates too."""
    async with FakeWooCommerce() as shop:
        shop.add_order(7, currency="USD", total="1234.5", status="in-transit")
        caller.language = "en"
        caller.contact = Contact(email="marina@example.com")
        caller.begin(entry(shop))
        text = (await caller.call("woo_order", id=7)).text
    assert "Order 7 (made on 2026-11-18): in-transit. Total: US$ 1,234.50" in text


def test_telephones_are_compared_by_area_and_the_last_eight_digits() -> None:
    """The ninth digit and the country code are written by some and not by others."""
    same = {subscriber(one) for one in ("+5541955550131", "041 5555-0131", "(41) 95555-0131")}
    assert same == {"4155550131"}
    assert subscriber("5555-0131") == ""
    assert not owns({"billing": {"phone": "", "email": ""}}, "", "")
    assert not owns({"billing": {"phone": "5555-0131", "email": ""}}, None, "5555-0131")
    assert not owns({}, "a@b.example", None)


def test_money_and_html_are_plain() -> None:
    """Amounts nobody can read are shown as they are."""
    assert money("1234567.891", "BRL", "pt-BR") == "R$ 1.234.567,89"
    assert money("a combinar", "BRL", "pt-BR") == "a combinar"
    assert plain("<b>Kit</b>&nbsp;&eacute; <i>bom</i>") == "Kit é bom"


async def test_what_personal_data_the_shop_may_get_is_the_admins_word(caller: Any) -> None:
    """``private`` holds for each of the four; left out, they get all (N15)."""
    async with FakeWooCommerce() as shop:
        for said, given in (((), frozenset()), (None, None), (("email",), {"email"})):
            tenant = caller.begin(entry(shop, private=said)).tenant
            catalogue = caller.catalogue.of(tenant)
            assert [one.private for one in catalogue.specs(NAMES)] == [given] * 4
