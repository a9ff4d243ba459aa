"""The figures of ``benchmarks/privacy.py``, over fewer messages (N15)."""

import ast
from pathlib import Path

from benchmarks._letters import letters
from benchmarks.privacy import LEAST, LEAST_OF_OTHERS, tally

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
KINDS = {"cpf", "cnpj", "card", "phone", "email", "pix", "address"}
INNOCENT = {"order", "price", "date", "goods", "parcel", "amount"}


def test_secrets_are_found_and_nothing_else_is() -> None:
    """Seven kinds over their bounds; no order, price, date, EAN, parcel or quantity is hidden."""
    told = tally(letters(1500, seed=20260101))

    assert {kind for kind in told.seen if kind not in INNOCENT} == KINDS
    for kind in KINDS:
        assert told.seen[kind] >= 100
        assert told.recall(kind) >= LEAST.get(kind, LEAST_OF_OTHERS), (kind, told.wrong)
    assert {kind: told.alarms[kind] for kind in INNOCENT} == dict.fromkeys(INNOCENT, 0)


def test_a_detector_that_finds_nothing_would_be_seen() -> None:
    """The count is of what is hidden, not of what was written."""
    told = tally(
        type(one)(one.text.replace("0", "x").replace("1", "x"), one.kind, one.start, one.end)
        for one in letters(300, seed=1)
    )

    assert told.recall("cpf") < 0.5


def test_who_makes_the_messages_knows_nothing_of_who_reads_them() -> None:
    """The generator imports nothing of ours, so that it shares no pattern with the detector."""
    for name in ("_people", "_handwriting", "_letters"):
        tree = ast.parse((BENCHMARKS / f"{name}.py").read_text("utf-8"))
        found = {
            module
            for node in ast.walk(tree)
            if isinstance(node, ast.Import | ast.ImportFrom)
            for module in [getattr(node, "module", None) or node.names[0].name]
        }
        assert not [module for module in found if module.startswith("chatcrew")]
        assert not any(module == "re" for module in found)
