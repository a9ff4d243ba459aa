"""Tools of other packages come by the entry point that our own use."""

import sys
import tomllib
from importlib.metadata import EntryPoint
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from chatcrew.errors import ConfigError
from chatcrew.messages import ToolResult, ToolSpec
from chatcrew.tools import builtin_tools, names
from chatcrew.tools._installed import GROUP, OURS, installed


class Dice:
    """A third party's tool."""

    spec = ToolSpec("roll_dice", "Rolls.", {"type": "object", "properties": {}})
    side_effects = False

    async def call(self, arguments: object, context: object) -> ToolResult:
        """Roll."""
        return ToolResult(ok=True, text="4")


@pytest.fixture
def package(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Install a package for the test."""
    module = ModuleType("dice_for_chatcrew")
    module.tools = lambda: [Dice()]  # type: ignore[attr-defined]
    module.listed = [Dice()]  # type: ignore[attr-defined]
    module.nothing = lambda: [SimpleNamespace(spec=None)]  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, module.__name__, module)
    return module


def _point(value: str, name: str = "dice") -> EntryPoint:
    return EntryPoint(name, value, GROUP)


@pytest.mark.parametrize("value", ["dice_for_chatcrew:tools", "dice_for_chatcrew:listed"])
def test_a_packages_tools_stand_beside_ours(package: Any, value: str) -> None:
    """A function that returns tools, or the tools themselves."""
    found = installed(builtin_tools, [_point(value)])
    assert [one.spec.name for one in found][-1] == "roll_dice"
    assert [one.spec.name for one in found[:-1]] == [one.spec.name for one in builtin_tools()]


@pytest.mark.parametrize(
    "value", ["dice_for_chatcrew:missing", "no_such_package:tools", "dice_for_chatcrew:nothing"]
)
def test_a_package_that_is_broken_is_named(package: Any, value: str) -> None:
    """A server starts with all the tools its admin installed, or says which are at fault."""
    with pytest.raises(ConfigError, match="dice"):
        installed(builtin_tools, [_point(value)])


def test_a_name_is_nobodys_twice(package: Any) -> None:
    """Neither ours nor another package's."""
    points = [_point("dice_for_chatcrew:tools"), _point("dice_for_chatcrew:tools", "more")]
    with pytest.raises(ConfigError, match="already"):
        installed(builtin_tools, points)


def test_our_own_come_by_the_same_way() -> None:
    """The project declares the entry point; a checkout that lacks its metadata has them still."""
    project = tomllib.loads((Path(__file__).parents[3] / "pyproject.toml").read_text("utf-8"))
    value = project["project"]["entry-points"][GROUP][OURS]
    assert EntryPoint(OURS, value, GROUP).load() is builtin_tools
    assert set(names()) >= {one.spec.name for one in builtin_tools()}
