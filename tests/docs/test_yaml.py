"""``docs/yaml.md`` names every key a file may have, and nothing the program does not know."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import annotated_types
import pytest
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from chatcrew import tools
from chatcrew.hub.texts import DEFAULTS
from chatcrew.intents import builtin
from chatcrew.messages import Timing
from chatcrew.tenancy import schema
from chatcrew.tenancy._shapes.shape import Shape
from chatcrew.tenancy.model import Crew, RoleSpec
from chatcrew.tenancy.vocabulary import CHANNELS, PLACEHOLDERS, REPLY_PLACEHOLDERS, TEXT_KEYS

ROOT = Path(__file__).parents[2]
DOCUMENT = (ROOT / "docs" / "yaml.md").read_text("utf-8")


def shapes() -> list[type[BaseModel]]:
    """Return every shape that can be reached from a file, and what it inherits from."""
    found: dict[str, type[BaseModel]] = {}
    waiting = [shape for _, shape in schema._SHAPES.values()]
    while waiting:
        shape = waiting.pop()
        if shape.__name__ not in found:
            found[shape.__name__] = shape
            waiting += [one for one in shape.__mro__ if _is_ours(one)]
            waiting += [one for field in shape.model_fields.values() for one in _inside(field)]
    return [shape for shape in found.values() if _own(shape)]


def _is_ours(one: type) -> bool:
    return issubclass(one, BaseModel) and one.__module__.startswith("chatcrew") and one is not Shape


def _inside(kind: Any) -> Iterator[type[BaseModel]]:
    if isinstance(kind, FieldInfo):
        kind = kind.annotation
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        yield kind
    for part in get_args(kind):
        yield from _inside(part)


def _own(shape: type[BaseModel]) -> dict[str, FieldInfo]:
    """Return the keys a shape adds to those it inherits."""
    fields = {name: shape.model_fields[name] for name in shape.__annotations__ if name != "root"}
    return {field.alias or name: field for name, field in fields.items()}


def _choices(kind: Any) -> Iterator[str]:
    if get_origin(kind) is Literal:
        yield from map(str, get_args(kind))
    else:
        for part in get_args(kind):
            yield from _choices(part)


def rows(marker: str) -> dict[str, list[str]]:
    """Return the rows of a table by the code in their first cell."""
    _head, found, rest = DOCUMENT.partition(f"<!-- {marker} -->")
    assert found, f"{marker} has no table"
    assert f"<!-- {marker} -->" not in rest, f"{marker} stands twice"
    lines = rest.strip().splitlines()[2:]
    end = next(n for n, line in enumerate([*lines, ""]) if not line.startswith("|"))
    cells = [[cell.strip() for cell in line[1:-1].split("|")] for line in lines[:end]]
    return {row[0].strip("`"): row for row in cells}


def listed(name: str) -> list[str]:
    """Return the codes of a list in a sentence."""
    _, _, rest = DOCUMENT.partition(f"<!-- list: {name} -->")
    return re.findall(r"`([^`]+)`", rest.partition("<!-- end -->")[0])


def _name(shape: type[BaseModel]) -> str:
    return shape.__name__


def test_every_shape_is_found() -> None:
    """A walk that finds nothing would pass everything; no table is left of a shape that is gone."""
    marked = set(re.findall(r"<!-- shape: (\w+) -->", DOCUMENT))

    assert marked == {shape.__name__ for shape in shapes()}
    assert len(marked) >= 18


@pytest.mark.parametrize("shape", shapes(), ids=_name)
def test_every_key_of_a_shape_has_its_row(shape: type[BaseModel]) -> None:
    """Keys, whether they are required, their choices and bounds."""
    table = rows(f"shape: {shape.__name__}")
    fields = _own(shape)

    assert table.keys() == fields.keys()
    for key, field in fields.items():
        _, value, default, meaning = table[key]
        assert (default == "required") == field.is_required(), key
        assert meaning.endswith("."), key
        assert all(f"`{choice}`" in value for choice in _choices(field.annotation)), key
        bounds = [str(getattr(one, one.__slots__[0])) for one in _bounds(field)]
        assert all(bound in value for bound in bounds), (key, bounds)


def _bounds(field: FieldInfo) -> Iterator[Any]:
    kinds = (annotated_types.Ge, annotated_types.Le)
    yield from (one for one in field.metadata if isinstance(one, kinds))


@pytest.mark.parametrize("shape", shapes(), ids=_name)
def test_defaults_in_the_tables_are_the_shapes(shape: type[BaseModel]) -> None:
    """A default that stands in the table is the one that is used."""
    table = rows(f"shape: {shape.__name__}")
    for key, field in _own(shape).items():
        said = table[key][2]
        if said.startswith("`"):
            assert said.strip("`") == str(field.default).lower(), key


def test_defaults_in_the_sentences_are_the_programs() -> None:
    """What holds where no layer says anything is the value of the resolved crew."""
    crew = {name: field.default for name, field in Crew.__dataclass_fields__.items()}
    role = {name: field.default for name, field in RoleSpec.__dataclass_fields__.items()}
    timing = Timing()
    expected = {
        "LayerShape": {key: crew[key] for key in ("promise", "hedge", "deadline", "history")},
        "_RoleSettings": {
            "temperature": role["temperature"],
            "max_tokens": role["max_tokens"],
            "max_iter": role["max_rounds"],
        },
        "TimingShape": {"quiet": timing.quiet, "max_wait": timing.max_wait},
    }

    for shape, values in expected.items():
        for key, value in values.items():
            assert f"({value:g} if nobody says)" in rows(f"shape: {shape}")[key][3], key


def test_texts_placeholders_tools_and_channels_are_complete() -> None:
    """The closed lists are written out, word for word."""
    assert set(rows("table: texts")) == set(DEFAULTS) == TEXT_KEYS
    assert {word.strip("{}") for word in rows("table: placeholders")} == PLACEHOLDERS
    assert set(rows("table: tools")) == set(tools.names())
    assert listed("channels") == sorted(CHANNELS)
    assert {word.strip("{}") for word in listed("reply placeholders")} == REPLY_PLACEHOLDERS


def test_the_built_in_intents_are_named() -> None:
    """Who replaces one has to know its name."""
    names = {intent.name for intent in builtin("pt-BR")}

    assert all(f"`{name}`" in DOCUMENT for name in names)


def test_every_file_of_the_configuration_has_its_schema() -> None:
    """Editors complete keys by the schemas that the page points at."""
    for name, text in schema.schemas().items():
        assert (ROOT / "docs" / "schema" / name).read_text("utf-8") == text
