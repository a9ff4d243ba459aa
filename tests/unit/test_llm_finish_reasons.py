"""Why an answer ended, in one vocabulary whatever the server calls it."""

import pytest

from chatcrew.llm._wire import read_answer_data


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("stop", "stop"),
        ("length", "length"),
        ("MAX_TOKENS", "length"),
        ("model_length", "length"),
        ("content_filter", "content_filter"),
        ("SAFETY", "content_filter"),
        ("refusal", "content_filter"),
        (None, "stop"),
        ("eos", "eos"),
    ],
)
def test_a_cut_or_refused_answer_is_known_by_any_name(said, read):
    """Else half a sentence of another provider would pass for a whole answer (S3-64)."""
    choice = {"message": {"content": "Depende de"}, "finish_reason": said}

    assert read_answer_data({"choices": [choice]}).finish_reason == read


def test_a_refusal_is_one_although_the_server_says_stop():
    """OpenAI puts it beside the content (``message.refusal``) and ends with ``stop``."""
    choice = {"message": {"content": None, "refusal": "I can't."}, "finish_reason": "stop"}

    assert read_answer_data({"choices": [choice]}).finish_reason == "content_filter"
