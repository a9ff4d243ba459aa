"""No log call passes what customers say or are: looked for in the source of every one (N8, N15)."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "chatcrew"
LEVELS = {"debug", "info", "warning", "error", "critical", "exception"}
CONTENT = {
    *("text", "content", "body", "payload", "line", "inputs", "prompt", "summary", "question"),
    *("answer", "reply", "snapshot", "contact", "phone", "email", "arguments", "args", "feedback"),
    *("words", "transcript", "history", "burst", "raw", "quote", "note", "headers", "url", "query"),
    *("data", "event", "request", "person", "author", "attachments", "draft", "suggestion"),
}
"""Names under which such things go about in the source."""
HARMLESS = {"len", "type", "sha256", "bool", "place"}
"""Calls of which nothing comes out that was said."""
OF_THE_HOUSE = {
    # the embedded server's own reason why it did not start
    ("database/_attach.py", "str(error)"),
    ("database/_server.py", "str(error)"),
    # which tenant's person it was, not who
    ("lgpd/_house.py", "person.tenant"),
}


def calls() -> Iterator[tuple[str, ast.Call]]:
    """Yield every log call with the file it stands in."""
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in LEVELS
                and ast.unparse(node.func.value) in {"_log", "log", "self._log"}
            ):
                yield path.relative_to(SOURCE).as_posix(), node


def content_in(value: ast.expr) -> set[str]:
    """Return the names in an expression that stand for what customers say, or an error's words."""
    if isinstance(value, ast.Call):
        called = ast.unparse(value.func).rpartition(".")[2]
        if called in HARMLESS:
            return set()
        if called in {"str", "repr"} and ast.unparse(value.args[0]) in {"error", "exception"}:
            return {ast.unparse(value)}
    if isinstance(value, ast.IfExp):
        # what it depends on is not what is logged
        return content_in(value.body) | content_in(value.orelse)
    own = {getattr(value, "attr", None), getattr(value, "id", None)} & CONTENT
    inner = (child for child in ast.iter_child_nodes(value) if isinstance(child, ast.expr))
    return {str(name) for name in own}.union(*(content_in(child) for child in inner))


def faults(file: str, call: ast.Call) -> set[str]:
    """Return what is wrong with a log call."""
    event, *more = call.args or [ast.Constant(None)]
    found = {ast.unparse(one) for one in more}
    if not (isinstance(event, ast.Constant) and isinstance(event.value, str)):
        found.add(ast.unparse(event))
    if isinstance(call.func, ast.Attribute) and call.func.attr == "exception":
        found.add("exception")
    for keyword in call.keywords:
        said = ast.unparse(keyword.value)
        if keyword.arg in {"exc_info", "stack_info"}:
            found.add(keyword.arg)
        elif content_in(keyword.value) and (file, said) not in OF_THE_HOUSE:
            found.add(said)
    return found


def test_no_log_call_passes_what_customers_say() -> None:
    """Events are constants; values are ids, counts, kinds and hashes, never words or traces."""
    found = {f"{file}:{call.lineno}": faults(file, call) for file, call in calls()}

    assert len(found) > 80
    assert {place: what for place, what in found.items() if what} == {}


@pytest.mark.parametrize(
    "call",
    [
        "_log.info('x', text=line.text)",
        "_log.info(f'x {message}')",
        "_log.info('x %s', name)",
        "_log.error('x', error=str(error))",
        "_log.error('x', exc_info=True)",
        "_log.exception('x')",
        "_log.debug('x', said=context.burst[0])",
        "_log.debug('x', said=f'{claim.payload}')",
    ],
)
def test_the_search_finds_them(call: str) -> None:
    """Whoever writes one of these is told."""
    node = ast.parse(call).body[0]
    assert isinstance(node, ast.Expr)
    assert isinstance(node.value, ast.Call)
    assert faults("x.py", node.value)
