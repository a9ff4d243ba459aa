"""A value that was said once is hidden wherever it stands, however many there are (N15, S1-74)."""

import time

import pytest

from chatcrew.privacy import Masker


@pytest.mark.parametrize("again", ["é AB1234567?", "e ab1234567.", "AB1234567", "Ab1234567 não"])
def test_a_value_is_known_again_in_whatever_letters_and_beside_whatever_text(again: str) -> None:
    """What nothing around it gives away is hidden because it was told before."""
    told, masked = Masker().mask_all(["meu passaporte é aB1234567", again])

    assert told == "meu passaporte é [PASSPORT_1]"
    assert "1234567" not in masked


def test_a_list_of_numbers_told_message_by_message_costs_no_seconds() -> None:
    """Of some hundred values each is searched for where it is, not everywhere by a pattern."""
    said = [
        " ".join(f"(81) 9{9000 + message}-{1000 + one}" for one in range(12))
        for message in range(40)
    ]
    begun = time.thread_time()

    masked = Masker().mask_all(said)

    assert time.thread_time() - begun < 4
    assert all("1000" not in text for text in masked)
