"""Every action that the sweep counts is explained in the documentation, and no other."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "src/chatcrew/worker").glob("sweep*.py"))
SOURCES.append(ROOT / "src/chatcrew/hub/waiting.py")
_DECIDE = ("action_for", "_needed")
DOCUMENT = ROOT / "docs/configuration.md"


def _counted(tree: ast.AST) -> Iterator[str]:
    """Yield the actions named in a source: counted, noted, or returned by who decides."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            given = [word.value for word in node.keywords if word.arg == "action"]
            if isinstance(node.func, ast.Attribute) and node.func.attr == "_note":
                given.append(node.args[-1])
            yield from _texts(*given)
        functions = (ast.FunctionDef, ast.AsyncFunctionDef)
        if isinstance(node, functions) and node.name in _DECIDE:
            for inner in ast.walk(node):
                if isinstance(inner, ast.Return) and isinstance(inner.value, ast.IfExp):
                    yield from _texts(inner.value.body, inner.value.orelse)
                elif isinstance(inner, ast.Return) and inner.value is not None:
                    yield from _texts(inner.value)


def _texts(*values: ast.expr) -> Iterator[str]:
    for value in values:
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            yield value.value


def _documented() -> set[str]:
    text = DOCUMENT.read_text("utf-8")
    _, found, rest = text.partition("`action` of `chatcrew_sweeps` is one of:\n\n")
    assert found
    return set(re.findall(r"^\| `(\w+)` \|", rest.split("\n\n", 1)[0], re.MULTILINE))


def test_the_table_of_actions_is_complete() -> None:
    """Who looks at the metric finds each label explained."""
    counted = {
        action for path in SOURCES for action in _counted(ast.parse(path.read_text("utf-8")))
    }

    assert _documented() == counted
