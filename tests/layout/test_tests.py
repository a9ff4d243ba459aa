"""How tests are written: each says what it proves, none patches what it tests."""

import ast
import functools
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
FILES = sorted(path.relative_to(TESTS).as_posix() for path in TESTS.rglob("test_*.py"))

_Function = ast.FunctionDef | ast.AsyncFunctionDef


@functools.cache
def read(name: str) -> ast.Module:
    """Return what a file of tests says; several tests here look at each."""
    return ast.parse((TESTS / name).read_text("utf-8"))


def functions(tree: ast.AST) -> Iterator[_Function]:
    """Yield every function, methods included."""
    for node in ast.walk(tree):
        if isinstance(node, _Function):
            yield node


def patches(tree: ast.AST) -> Iterator[str]:
    """Yield what replaces our own code behind its back."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names if _is_mock(name.name))
        elif isinstance(node, ast.ImportFrom):
            full = [f"{node.module}.{name.name}" for name in node.names]
            yield from (name for name in full if _is_mock(name))
        elif isinstance(node, _Function):
            yield from (one.arg for one in node.args.args if one.arg == "mocker")
        elif isinstance(node, ast.Call) and _sets_attribute(node):
            target = node.args[0] if node.args else None
            if isinstance(target, ast.Constant) and str(target.value).startswith("chatcrew"):
                yield f"monkeypatch.setattr({target.value!r}, …)"


def _is_mock(name: str) -> bool:
    return name.split(".", maxsplit=1)[0] == "mock" or name.startswith("unittest.mock")


def _sets_attribute(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Attribute) and call.func.attr == "setattr"


@pytest.mark.parametrize("name", FILES)
def test_every_test_says_what_it_proves(name: str) -> None:
    """A red test is read by somebody else."""
    tree = read(name)
    silent = [
        function.name
        for function in functions(tree)
        if function.name.startswith("test_") and not ast.get_docstring(function)
    ]

    assert ast.get_docstring(tree), "the file itself says what it is for"
    assert silent == []


@pytest.mark.parametrize("name", FILES)
def test_no_test_patches_what_it_tests(name: str) -> None:
    """Fakes are classes behind ports (design §2)."""
    assert list(patches(read(name))) == []


@pytest.mark.parametrize(
    "text",
    [
        "from unittest.mock import patch",
        "from unittest import mock",
        "import mock",
        "def test_x(mocker): ...",
        "monkeypatch.setattr('chatcrew.web.live', None)",
    ],
)
def test_the_search_for_patches_finds_them(text: str) -> None:
    """A search that finds nothing would pass everything."""
    assert list(patches(ast.parse(text))) != []
