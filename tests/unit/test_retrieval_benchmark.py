"""The shipped retrieval set is what it says it is, and search answers it as well as promised."""

import hashlib
import math
import sys
from pathlib import Path

import pytest

from chatcrew.intents import words
from chatcrew.knowledge import MemoryKnowledge
from chatcrew.knowledge._analysis import weight
from chatcrew.tenancy.model import Document

sys.path.append(str(Path(__file__).parents[2]))  # pytest, unlike python -m pytest, leaves it out
from benchmarks import _padding, retrieval
from benchmarks._unstemmed import Unstemmed


def content(text: str) -> set[str]:
    """Return the words of a text that carry meaning, in the form they have there."""
    return {word for word in words(text) if weight(word)}


def test_half_of_the_questions_share_no_content_word_with_their_passage() -> None:
    """A search by the very words could not answer them (issue 5)."""
    passages, questions = retrieval.read(retrieval.SHIPPED)

    assert len(passages) >= 60
    assert len(questions) >= 150
    strange = [
        one
        for one in questions
        if all(content(one.text).isdisjoint(content(passages[name])) for name in one.answers)
    ]
    assert len(strange) >= len(questions) / 2
    splits = [one.split for one in questions]
    assert abs(splits.count("dev") - splits.count("held")) <= 1
    assert all(one.answers <= passages.keys() for one in questions)


async def test_the_answer_is_found_as_well_as_promised(tmp_path: Path) -> None:
    """MRR ≥ 0.78 without embeddings, and far ahead of a search by words as they stand."""
    passages, questions = retrieval.read(retrieval.SHIPPED)
    ids: dict[str, str] = {}
    documents: list[Document] = []
    for number, (name, text) in enumerate(passages.items()):
        said = retrieval.as_document(text)
        path = tmp_path / f"p{number}.md"
        path.write_text(said, encoding="utf-8")
        ids[path.name] = name
        digest = hashlib.sha256(said.encode()).hexdigest()
        documents.append(Document(path.name, digest, len(said), str(path)))
    knowledge = MemoryKnowledge()
    await knowledge.sync("bench/unit", (), version="1", documents=documents)
    plain = Unstemmed(passages)
    ours, theirs = [], []
    for one in questions:
        found = await knowledge.search("bench/unit", one.text, version="1", limit=20)
        names = [ids[passage.source.rpartition(":")[0]] for passage in found]
        for rows, seen in ((ours, names), (theirs, [*plain.search(one.text, limit=20)])):
            place = next((at for at, name in enumerate(seen, 1) if name in one.answers), 0)
            rows.append(1 / place if place else 0.0)

    reached, before = math.fsum(ours) / len(ours), math.fsum(theirs) / len(theirs)
    assert reached >= 0.78
    assert reached - before >= 0.05


@pytest.mark.parametrize(
    ("rows", "at_one", "at_three", "expected"),
    [((1, 1), 1.0, 1.0, 1.0), ((2, 0), 0.0, 0.5, 0.25), ((0, 0), 0.0, 0.0, 0.0)],
)
def test_recall_and_mrr_count_the_first_answer(
    rows: tuple[int, ...], at_one: float, at_three: float, expected: float
) -> None:
    """A question whose answer is nowhere counts nothing."""
    question = retrieval.Question("?", frozenset("a"), "dev")
    asked = [retrieval.Asked(question, place, 0.0) for place in rows]

    assert retrieval.recall(asked, 1) == at_one
    assert retrieval.recall(asked, 3) == at_three
    assert retrieval.mrr(asked) == expected


def test_padding_makes_as_many_passages_as_asked_for_and_the_same_each_time() -> None:
    """A figure can be had again."""
    made = [*_padding.documents(50, seed=1)]

    assert made == [*_padding.documents(50, seed=1)]
    assert sum(said.count("## ") for _, said in made) == 50
    assert made != [*_padding.documents(50, seed=2)]


def test_a_file_of_another_form_is_refused(tmp_path: Path) -> None:
    """The message says what is wanted."""
    path = tmp_path / "x.json"
    path.write_text('{"passages": 3}')
    with pytest.raises(SystemExit, match="questions"):
        retrieval.read(path)
