"""The mapping's text changes where it must and nowhere else: comments, order and bytes stay."""

import difflib

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from chatcrew.provision._edit import CannotEdit, put, remove, scalar

TEXT = """\
# Quem é quem: conta e caixa de entrada do Chatwoot → empresa (tenant) e canal.
version: 1

accounts:
  demo: # um rótulo seu
    account_id: 1 # o número em https://SEU-CHATWOOT/app/accounts/1/…
    base_url: http://127.0.0.1:3000 # endereço do Chatwoot
    tenant: health/varizemed

    bots:
      demo-bot: # → POST /webhooks/chatwoot/demo-bot
        agent_bot_id: 1
        token: env:CHATWOOT_BOT_TOKEN
        secrets:
          agent_bot: [env:CHATWOOT_BOT_SECRET] # o segredo do bot
          # account: [env:CHATWOOT_ACCOUNT_SECRET] # webhooks da conta

    # user_token: env:CHATWOOT_USER_TOKEN

    inboxes: # o número da caixa de entrada no Chatwoot
      "1": {channel: whatsapp}
      "2": {channel: web_widget}
      # "3": {channel: instagram, tenant: health/outra-clinica} # outra empresa
      # "4": {channel: whatsapp, crew: whatsapp_vendas} # outra pasta de crews/ para esta caixa

# Para onde vai o que nenhuma conta ou caixa decide. Sem isto, é recusado.
# default: {tenant: health/varizemed}
"""
INBOX = ("accounts", "demo", "inboxes")


def added(before: str, after: str) -> list[str]:
    """Return the lines that came, having seen that none went and none moved."""
    lines = list(difflib.ndiff(before.splitlines(), after.splitlines()))
    assert not [line for line in lines if line.startswith("- ")]
    return [line[2:] for line in lines if line.startswith("+ ")]


def test_a_new_inbox_stands_behind_the_last_one_before_the_examples() -> None:
    """The commented examples of the file keep their place at the end."""
    after = put(TEXT, (*INBOX, "31"), {"channel": "email"})

    assert added(TEXT, after) == ['      "31": {channel: email}']
    lines = after.splitlines()
    assert lines[lines.index('      "31": {channel: email}') - 1].strip().startswith('"2"')


def test_a_new_account_stands_behind_the_comments_of_the_last_one() -> None:
    """And apart from it by a line."""
    account = {"account_id": 3, "bots": {"b": {"agent_bot_id": 3}}, "inboxes": {}}

    after = put(TEXT, ("accounts", "acme"), account)

    block = (
        "\n\n  acme:\n    account_id: 3\n    bots:\n      b: {agent_bot_id: 3}\n    inboxes: {}\n"
    )
    assert len(added(TEXT, after)) == 6
    assert "outra pasta de crews/ para esta caixa" + block in after
    assert yaml.safe_load(after)["accounts"]["acme"] == account


def test_a_value_is_replaced_and_its_comment_stays() -> None:
    """Only the value's own characters go."""
    after = put(TEXT, ("accounts", "demo", "base_url"), "https://desk.example")

    assert "    base_url: https://desk.example # endereço do Chatwoot\n" in after


def test_the_last_inbox_leaves_an_empty_map_that_takes_a_new_one() -> None:
    """``inboxes:`` with nothing below it would be a fault."""
    empty = remove(remove(TEXT, (*INBOX, "1")), (*INBOX, "2"))
    again = put(empty, (*INBOX, "7"), {"channel": "email"})

    assert yaml.safe_load(empty)["accounts"]["demo"]["inboxes"] == {}
    assert yaml.safe_load(again)["accounts"]["demo"]["inboxes"] == {"7": {"channel": "email"}}
    assert '# "3": {channel: instagram' in again


@pytest.mark.parametrize(
    ("before", "path", "value", "after"),
    [
        ("a: {b: {c: 1}}\n", ("a", "b", "x"), 2, "a: {b: {c: 1, x: 2}}\n"),
        ("a: {b: {c: 1,}}\n", ("a", "b", "x"), 2, "a: {b: {c: 1, x: 2}}\n"),
        ("a: {}\n", ("a", "x"), 2, "a:\n  x: 2\n"),
        ("a:\n", ("a", "x"), 2, "a:\n  x: 2\n"),
        ("a: # hint\n", ("a", "x"), 2, "a: # hint\n  x: 2\n"),
        ("a: [1, {}]\nb: {}\n", ("b", "x"), 2, "a: [1, {}]\nb:\n  x: 2\n"),
        ("a:\r\n  x: 1\r\n", ("a", "z"), 2, "a:\r\n  x: 1\r\n  z: 2\r\n"),
        ("a:\n  x: 1", ("a", "z"), 2, "a:\n  x: 1\n  z: 2"),
        ("\ufeffa: 1\n", ("b",), 2, "\ufeffa: 1\nb: 2\n"),
        ("", ("a", "b"), 2, "a: {b: 2}\n"),
        ("a:\n  x: |\n    text\nb: 1\n", ("a", "z"), 2, "a:\n  x: |\n    text\n  z: 2\nb: 1\n"),
    ],
)
def test_every_shape_of_a_map_takes_a_key(
    before: str, path: tuple[str, ...], value: int, after: str
) -> None:
    """Flow, block, empty, nothing, Windows' line ends, no last line end, a byte order mark."""
    assert put(before, path, value) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a: {x: 1, y: 2}\n", "a: {y: 2}\n"),
        ("a: {y: 2, x: 1}\n", "a: {y: 2}\n"),
        ("a: {x: 1}\n", "a: {}\n"),
        ("a:\n  x: 1 # one\n  # stays\n  y: 2\n", "a:\n  # stays\n  y: 2\n"),
        ("a:\n  x:\n    z: 1\nb: 2\n", "a: {}\nb: 2\n"),
    ],
)
def test_a_key_goes_with_its_value_only(before: str, after: str) -> None:
    """Comments on lines of their own stay."""
    assert remove(before, ("a", "x")) == after


@pytest.mark.parametrize(
    ("text", "path"),
    [("a: [1]\n", ("a", "b")), ("a: {\n", ("a", "b")), ("a:\n  b: 1\n", ("a",)), ("- 1\n", ("a",))],
)
def test_what_cannot_be_changed_safely_is_refused(text: str, path: tuple[str, ...]) -> None:
    """A list, a broken text or a whole block is left to the person who wrote it."""
    with pytest.raises(CannotEdit):
        put(text, path, "x")


def test_a_key_that_is_not_there_cannot_be_removed() -> None:
    """Neither below a map nor below something else."""
    for path in (("accounts", "other"), ("version", "x")):
        with pytest.raises(CannotEdit):
            remove(TEXT, path)


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=20))
def test_any_text_is_read_back_as_the_same_text(text: str) -> None:
    """Words that YAML takes for something else are quoted."""
    assert yaml.safe_load(f"a: {scalar(text)}") == {"a": text}
    assert yaml.safe_load(f"a: [{scalar(text)}]") == {"a": [text]}


@given(
    st.dictionaries(
        st.from_regex(r"[a-z][a-z0-9-]{0,8}", fullmatch=True), st.integers(0, 99), max_size=4
    ),
    st.from_regex(r"[a-z][a-z0-9-]{0,8}", fullmatch=True),
    st.booleans(),
)
def test_putting_and_removing_agree_with_the_values(
    values: dict[str, int], key: str, flow: bool
) -> None:
    """Whatever map stands there, in either style, the values are what was asked for."""
    before = yaml.safe_dump({"m": values, "z": 1}, default_flow_style=flow, sort_keys=False)

    after = put(before, ("m", key), 7)

    assert yaml.safe_load(after) == {"m": {**values, key: 7}, "z": 1}
    left = {name: value for name, value in values.items() if name != key}
    assert yaml.safe_load(remove(after, ("m", key))) == {"m": left, "z": 1}
