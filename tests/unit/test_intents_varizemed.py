"""The example clinic's intents: emergencies, the diary, results, and what they must leave alone."""

from pathlib import Path

import pytest
import yaml

from chatcrew import intents
from chatcrew.tenancy import load
from chatcrew.tenancy.model import Tenant
from chatcrew.tools import names

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "tests" / "samples" / "intents_varizemed.yaml"
DANGER = ("emergency", "cry_for_help", "self_harm")
"""What may never be missed."""


@pytest.fixture(scope="module")
def clinic() -> Tenant:
    """Give the clinic as loaded."""
    loaded = load(ROOT / "chatwoot_mapping.yaml", ROOT / "config", ROOT / "crews", tools=names())
    return loaded.tenants["health/varizemed"]


def named(text: str, tenant: Tenant) -> str | None:
    """Return the intent's name as the turn would find it."""
    own = {intent.name for intent in tenant.intents}
    builtin = [intent for intent in intents.builtin("pt-BR") if intent.name not in own]
    hit = intents.match(text, [*tenant.intents, *builtin], names=[tenant.persona.name])
    return hit.intent.name if hit else None


def labelled() -> list[tuple[str, str | None]]:
    """Return every labelled message with its intent's name."""
    batches = yaml.safe_load(SAMPLES.read_text(encoding="utf-8"))
    return [
        (text, None if name == "none" else name)
        for batch in batches.values()
        for name, texts in batch.items()
        for text in texts
    ]


def test_the_clinics_intents_keep_precision_1_00_and_recall_0_95_on_150_messages(
    clinic: Tenant,
) -> None:
    """No question is taken for an intent, and nothing of danger is missed (S3-41, N4)."""
    found = [(text, name, named(text, clinic)) for text, name in labelled()]
    wrong = [row for row in found if row[2] not in (row[1], None)]
    missed = [row for row in found if row[1] is not None and row[2] is None]

    assert wrong == []
    assert len(found) >= 145
    assert len(missed) / sum(name is not None for _, name, _ in found) <= 0.05
    assert [text for text, name, _ in missed if name in DANGER] == []


def test_every_intent_of_the_clinic_is_labelled(clinic: Tenant) -> None:
    """A new intent without labelled messages fails here."""
    english = {"greeting_english"}  # the same words as the built-in greeting, labelled there
    assert {intent.name for intent in clinic.intents} - english <= {name for _, name in labelled()}


@pytest.mark.parametrize("name", DANGER)
def test_danger_is_told_where_to_go_before_anything_else_in_both_languages(
    clinic: Tenant, name: str
) -> None:
    """The canned words name 192 and the emergency room, hand over, and go first (S1-37)."""
    intent = next(one for one in clinic.intents if one.name == name)
    languages = {intents.detect_language(words, default="") for words in intent.replies}

    assert intent.action == "handoff"
    assert intent.priority == "urgent"
    assert languages == {"pt-BR", "en"}
    for reply in intent.replies:
        assert "192" in reply
        assert "pronto-socorro" in reply or "emergency room" in reply


def test_who_speaks_of_dying_reads_where_somebody_listens_at_any_hour(clinic: Tenant) -> None:
    """CVV, 188, is free and open day and night (https://cvv.org.br)."""
    intent = next(one for one in clinic.intents if one.name == "self_harm")

    assert all("188" in reply and "CVV" in reply for reply in intent.replies)


def test_what_no_phrase_matches_is_guessed_right_or_not_at_all(clinic: Tenant) -> None:
    """After the phrases, the classifier adds no wrong answer to the labelled messages (S3-41)."""
    own = {intent.name for intent in clinic.intents}
    builtin = [intent for intent in intents.builtin("pt-BR") if intent.name not in own]
    known = [*clinic.intents, *builtin]
    classifier = intents.Classifier.train(
        [intents.Lesson.of(intent) for intent in known if not intent.whole],
        aside=[phrase for intent in known if intent.whole for phrase in intent.phrases],
    )
    left = [(text, name) for text, name in labelled() if named(text, clinic) is None]
    guessed = [(text, name, classifier.classify(text).intent) for text, name in left]
    wrong = [row for row in guessed if row[2] not in (None, row[1])]

    assert len(left) >= 30
    assert wrong == []
    assert [row for row in guessed if row[2] is not None] != []
