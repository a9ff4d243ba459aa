"""Changing a business's YAML for a correction: the value asked for, and not a byte more (N10)."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from chatcrew.proposals._yaml import CannotChange, scalar, with_item, with_value

FILE = """\
# The business
persona: {name: Clara} # hers

rules: # always
  - Never promise discounts. # said the boss
  # - an old one

faq:
  # --- prices
  - question: Quanto custa?
    answer: R$ 350. # old
    also: ["Qual o preço?"]

  - question: Onde fica?
    answer: >
      Rua A,
      120.
    keywords: [rua]

  # --- the end
language: pt-BR
"""


def test_an_item_is_added_behind_the_last_and_every_comment_stays() -> None:
    """Lists keep their order, items that stand apart get a blank line."""
    after = with_item(FILE, "faq", ["question: Abre sábado?", "answer: Sim."])

    data = yaml.safe_load(after)
    assert [one["question"] for one in data["faq"]] == [
        "Quanto custa?",
        "Onde fica?",
        "Abre sábado?",
    ]
    assert data["language"] == "pt-BR"
    last = "    keywords: [rua]\n"
    new = "\n  - question: Abre sábado?\n    answer: Sim.\n"
    assert after == FILE.replace(last, last + new)


def test_a_rule_is_added_below_the_last_rule() -> None:
    """Without a blank line where there is none."""
    after = with_item(FILE, "rules", ["Say hello."])

    assert "    # said the boss\n  - Say hello.\n" in after.replace(
        "discounts. #", "discounts.     #"
    )
    assert yaml.safe_load(after)["rules"] == ["Never promise discounts.", "Say hello."]


def test_a_list_that_is_missing_or_empty_is_begun() -> None:
    """At the end of the file, in its place, or instead of ``[]``; one on one line is left alone."""
    assert yaml.safe_load(with_item("a: 1", "faq", ["x"])) == {"a": 1, "faq": ["x"]}
    assert yaml.safe_load(with_item("faq:\nb: 2\n", "faq", ["x"])) == {"faq": ["x"], "b": 2}
    assert yaml.safe_load(with_item("faq: []\nb: 2\n", "faq", ["x"])) == {"faq": ["x"], "b": 2}
    with pytest.raises(CannotChange):
        with_item("faq: [y]\n", "faq", ["x"])
    with pytest.raises(CannotChange):
        with_item("- a\n", "faq", ["x"])


@pytest.mark.parametrize(("place", "left"), [(0, "# old"), (1, "keywords: [rua]")])
def test_an_answer_is_replaced_whatever_style_it_is_written_in(place: int, left: str) -> None:
    """Plain or folded over lines; what stands beside it stays."""
    after = with_value(FILE, "faq", place, "answer", "Agora: R$ 250 #1")

    data, before = yaml.safe_load(after), yaml.safe_load(FILE)
    assert data["faq"][place].pop("answer") == "Agora: R$ 250 #1"
    before["faq"][place].pop("answer")
    assert data == before
    assert left in after


printable = st.text(min_size=1, max_size=60).filter(
    lambda text: text.strip() == text and text.isprintable()
)


@given(printable)
def test_any_printable_text_is_read_back_as_itself(text: str) -> None:
    """As an item, as a value, and written in the place of another."""
    assert yaml.safe_load(f"- {scalar(text)}\n") == [text]
    after = with_value(FILE, "faq", 0, "answer", text)
    assert yaml.safe_load(after)["faq"][0]["answer"] == text
    assert yaml.safe_load(with_item(FILE, "rules", [scalar(text)]))["rules"][-1] == text
    assert after.splitlines()[0] == "# The business"


def test_carriage_returns_stay() -> None:
    """A file of Windows keeps its ends of lines."""
    after = with_item(FILE.replace("\n", "\r\n"), "rules", ["Say hello."])

    assert "\n" not in after.replace("\r\n", "")
    assert yaml.safe_load(after)["rules"][-1] == "Say hello."
