"""Passages of questions that were asked before."""

from datetime import date

from chatcrew.knowledge._asked_before import Answers
from chatcrew.messages import Passage

FOUND = (Passage("a.yaml:1", "Onde fica?", "Na rua.", 1.0),)
DAY = date(2026, 3, 2)


def test_a_question_is_found_again_in_its_own_version_tenant_day_and_number_alone():
    """Any other version, tenant, day, number or wording is another question (S4-33)."""
    answers = Answers()
    answers.put(answers.key("shop", "1", "Onde?", DAY, 5), FOUND)
    assert answers.get(answers.key("shop", "1", "Onde?", DAY, 5)) == FOUND
    others = [
        ("shop", "2", "Onde?", DAY, 5),
        ("clinic", "1", "Onde?", DAY, 5),
        ("shop", "1", "Onde?", date(2026, 3, 3), 5),
        ("shop", "1", "Onde?", DAY, 3),
        ("shop", "1", "onde?", DAY, 5),
    ]
    assert [answers.get(answers.key(*one)) for one in others] == [None] * 5


def test_the_question_that_was_not_asked_for_longest_is_forgotten():
    """What is kept has a bound, and who is asked often stays."""
    answers = Answers(most=2)
    keys = [answers.key("shop", "1", word, DAY, 5) for word in ("um", "dois", "três")]
    for key in keys[:2]:
        answers.put(key, FOUND)
    assert answers.get(keys[0]) == FOUND
    answers.put(keys[2], FOUND)
    assert [answers.get(key) for key in keys] == [FOUND, None, FOUND]


def test_no_words_of_a_customer_are_kept():
    """A question may hold what identifies him; only what it hashes to stays (S1-21)."""
    answers = Answers()
    key = answers.key("shop", "1", "Meu CPF é 111.444.777-35", DAY, 5)
    assert "111" not in repr(key)
