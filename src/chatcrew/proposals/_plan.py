"""From a proposal to the files as they would be: the business's own and its conversation tests."""

import difflib
from dataclasses import dataclass, replace
from pathlib import Path

import yaml

from chatcrew.proposals._case import case_lines
from chatcrew.proposals._port import Kind, Proposal
from chatcrew.proposals._yaml import CannotChange, scalar, with_item, with_value
from chatcrew.tenancy.conversations import conversations_path

_TESTS = """\
# yaml-language-server: $schema=../../../docs/schema/tests.schema.json
#
# Conversas que precisam dar certo: rode com chatcrew test {tenant}
# Conversations that must go well: run them with chatcrew test {tenant}

conversations:
"""
_LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Change:
    """One file before and after; ``before`` is None where it is new."""

    path: Path
    before: str | None
    after: str

    def diff(self, shown: str) -> str:
        """Return the change as a unified diff of a file that is called ``shown``."""
        old = (self.before or "").splitlines(keepends=True)
        new = self.after.splitlines(keepends=True)
        source = "/dev/null" if self.before is None else f"a/{shown}"
        lines = difflib.unified_diff(old, new, source, f"b/{shown}")
        return "".join(line if line.endswith("\n") else f"{line}\n" for line in lines)


@dataclass(frozen=True, slots=True)
class Plan:
    """What accepting a proposal changes.

    Attributes:
        business: the tenant's own file.
        tests: its conversation tests.
        case: name of the new test.
    """

    business: Change
    tests: Change
    case: str


def plan(proposal: Proposal, config_dir: Path) -> Plan:
    """Return what accepting it would change, by the files as they are now; reads the disk.

    The question stands already: its answer is changed there, in the business's own file. Where
    the domain has it, the business gets its own entry, which replaces the domain's.

    Raises:
        CannotChange: the proposal has no text yet, or a file is shaped too unusually.
        OSError: a file cannot be read.
    """
    new = proposal.new
    content = new.content
    if not content.text or (new.kind is Kind.FAQ and not content.question):
        raise CannotChange("unsaid")
    domain, _, name = new.tenant.partition("/")
    path = config_dir / "domains" / domain / f"{name}.yaml"
    before = _read(path)
    if before is None:
        raise CannotChange("no_file", file=str(path))
    if new.kind is Kind.RULE:
        after = with_item(before, "rules", [scalar(content.text)])
    else:
        after = _answered(before, content.question, content.text)
    tests_path = conversations_path(config_dir, new.tenant)
    tests = _read(tests_path)
    said = content.text if new.kind is Kind.RULE else content.question
    case = f"correção {proposal.id}: {said[:_LONGEST_NAME].strip()}"
    written = tests if tests is not None else _TESTS.format(tenant=new.tenant)
    with_case = with_item(written, "conversations", case_lines(case, new.kind, content))
    return Plan(Change(path, before, after), Change(tests_path, tests, with_case), case)


def asked(proposal: Proposal, *, text: str = "", question: str = "") -> Proposal:
    """Return the proposal with what the admin says in its place."""
    known = proposal.new.content
    content = replace(known, text=text or known.text, question=question or known.question)
    return replace(proposal, new=replace(proposal.new, content=content))


def _answered(text: str, question: str, answer: str) -> str:
    place = _place(text, question)
    if place is not None:
        return with_value(text, "faq", place, "answer", answer)
    lines = [f"question: {scalar(question)}", f"answer: {scalar(answer)}"]
    return with_item(text, "faq", lines)


def _place(text: str, question: str) -> int | None:
    """Return which entry of ``faq`` has this question, as its own or as another wording."""
    try:
        data = yaml.safe_load(text)
    except yaml.YAMLError:
        raise CannotChange("no_yaml") from None
    entries = data.get("faq") if isinstance(data, dict) else None
    asked_for = _folded(question)
    for place, entry in enumerate(entries if isinstance(entries, list) else []):
        if isinstance(entry, dict):
            wordings = [entry.get("question"), *(entry.get("also") or [])]
            if asked_for in {_folded(one) for one in wordings if isinstance(one, str)}:
                return place
    return None


def _folded(text: str) -> str:
    return " ".join(text.casefold().split()).strip(" ?!.")


def _read(path: Path) -> str | None:
    try:
        return path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        return None
    except UnicodeDecodeError:
        raise CannotChange("no_utf8", file=str(path)) from None
