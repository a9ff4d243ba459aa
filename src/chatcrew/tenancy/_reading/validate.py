"""Hold a document against its shape and say every difference in our own words, with its line."""

from collections.abc import Mapping
from types import UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, RootModel, ValidationError
from pydantic_core import ErrorDetails

from chatcrew.tenancy._faults import catalog
from chatcrew.tenancy._faults.fault import Fault, YamlPath, choices
from chatcrew.tenancy._reading.document import Document, kind
from chatcrew.tenancy._shapes.shape import (
    ATTRIBUTE,
    DURATION,
    HEADER,
    LABEL,
    MODEL,
    NAME,
    TAG,
    TAG_OR_NONE,
    TENANT,
)

M = TypeVar("M", bound=BaseModel)

_EXPECTED = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "finite_number": "a number",
    "bool_type": "true or false",
    "list_type": "a list",
    "dict_type": "a map",
    "model_type": "a map",
    "model_attributes_type": "a map",
}
_LARGEST = 1e29
"""A whole number beyond is read as a float (``scalar``)."""
_WAYS_OUT = (
    ("a list", Mapping, "dash_form"),
    ("a list", object, "list_form"),
    ("a map", object, "map_form"),
    ("text", int | float, "quote_it"),
    ("text", list, "text_form"),
    ("true or false", str, "true_or_false"),
)
"""What is mended how: what was expected, what was found."""
_RELATIONS = {
    "greater_than_equal": ("at least", "ge"),
    "less_than_equal": ("at most", "le"),
    "greater_than": ("more than", "gt"),
    "less_than": ("less than", "lt"),
}
_SIZES = {
    "string_too_short": ("empty_text", "min_length"),
    "string_too_long": ("text_too_long", "max_length"),
    "too_short": ("empty_list", "min_length"),
    "too_long": ("list_too_long", "max_length"),
}
_PATTERNS = {
    NAME: "bad_name",
    LABEL: "bad_label",
    TAG: "bad_tag",
    TAG_OR_NONE: "bad_tag",
    TENANT: "bad_tenant",
    MODEL: "bad_model",
    DURATION: "bad_duration",
    ATTRIBUTE: "bad_attribute",
    HEADER: "bad_header",
}
# CrewAI's own keys that an author may bring along; chatcrew decides each of them elsewhere
_CREWAI_KEYS = frozenset(
    {
        "allow_code_execution",
        "async_execution",
        "cache",
        "callback",
        "config",
        "embedder",
        "function_calling_llm",
        "guardrail",
        "human_input",
        "inject_date",
        "knowledge_sources",
        "markdown",
        "max_execution_time",
        "max_retry_limit",
        "max_rpm",
        "memory",
        "multimodal",
        "output_file",
        "output_json",
        "output_pydantic",
        "prompt_template",
        "reasoning",
        "respect_context_window",
        "response_template",
        "step_callback",
        "system_template",
        "verbose",
    }
)


def validated(shape: type[M], document: Document) -> tuple[M | None, list[Fault]]:
    """Return the document as ``shape``, or None with every fault found."""
    try:
        return shape.model_validate(document.data), []
    except ValidationError as error:
        details = error.errors(include_url=False)
        return None, [_fault(shape, document, detail) for detail in details]


def as_map(value: object) -> Mapping[str, Any]:
    """Return a map as it is, anything else as an empty one: for rules over what no shape holds."""
    return value if isinstance(value, Mapping) else {}


def _fault(shape: type[BaseModel], document: Document, detail: ErrorDetails) -> Fault:
    """Turn one of pydantic's errors into ours; values of secrets never get here as input."""
    path = tuple(part for part in detail["loc"] if part != "[key]")
    code, hint, values = _say(shape, path, detail)
    return document.fault(code, path, hint=hint, **values)


def _say(
    shape: type[BaseModel], path: YamlPath, detail: ErrorDetails
) -> tuple[str, str | None, dict[str, object]]:
    """Return sentence, hint and values for one of pydantic's errors."""
    error, context, found = detail["type"], detail.get("ctx") or {}, detail["input"]
    if error in catalog.MESSAGES:  # raised by a shape of ours under the sentence's own key
        return error, context.get("hint"), {k: v for k, v in context.items() if k != "hint"}
    if error == "extra_forbidden":
        return _unknown_key(shape, path, found)
    if error == "missing":
        return "missing_key", None, {"key": str(path[-1])}
    if error in _EXPECTED:
        return _wrong_type(_EXPECTED[error], found)
    if error == "literal_error" and not isinstance(found, str):
        return "wrong_type", None, {"expected": "text", "found": kind(found)}
    return _say_more(error, context, found=found, problem=detail["msg"])


def _wrong_type(expected: str, found: object) -> tuple[str, str | None, dict[str, object]]:
    """Return the sentence for a value of another kind, or for a number that is none."""
    if "number" in expected and isinstance(found, float) and not abs(found) < _LARGEST:
        return "odd_number", None, {}  # .inf, .nan, or more digits than anything needs
    return "wrong_type", _way_out(expected, found), {"expected": expected, "found": kind(found)}


def _way_out(expected: str, found: object) -> str | None:
    """Return the hint for a value of the wrong kind: often only quotes or brackets are."""
    if found is None:
        return "value_there"
    if "number" in expected and isinstance(found, str):
        return "unquote_it" if found.strip().isdecimal() else "number_form"
    ways = (
        hint for word, kinds, hint in _WAYS_OUT if word == expected and isinstance(found, kinds)
    )
    return next(ways, None)


def _say_more(
    error: str, context: Mapping[str, Any], *, found: object, problem: str
) -> tuple[str, str | None, dict[str, object]]:
    """Return the sentence for a wrong word or a wrong size, else pydantic's own words."""
    if error == "literal_error":
        return _unknown_word(str(found), str(context["expected"]))
    if error == "string_pattern_mismatch":
        code = _PATTERNS.get(str(context["pattern"]), "bad_inbox")
        return code, None, {"word": _short(found)}
    if error in _RELATIONS:
        relation, key = _RELATIONS[error]
        return "out_of_range", None, {"relation": relation, "limit": f"{context[key]:g}"}
    if error in _SIZES:
        code, key = _SIZES[error]
        return code, None, {"limit": context[key]}
    return "invalid", None, {"problem": problem}


def _unknown_key(
    shape: type[BaseModel], path: YamlPath, found: object
) -> tuple[str, str | None, dict[str, object]]:
    key = str(path[-1])
    hint, values = choices(key, known_keys(shape, path[:-1]))
    if key.isdecimal() and found is None:
        hint, values = "decimal_point", {}  # {quiet: 0,8} is a 0 and a key 8
    if key in _CREWAI_KEYS and hint != "did_you_mean":
        hint, values = "crewai_key", {}
    return "unknown_key", hint, {"key": _short(key), **values}


def _unknown_word(found: str, expected: str) -> tuple[str, str | None, dict[str, object]]:
    """Read pydantic's ``'a', 'b' or 'c'`` back into words."""
    known = [word.strip(" '") for word in expected.replace(" or ", ", ").split(",")]
    hint, values = choices(found, known)
    return "unknown_word", hint, {"word": _short(found), **values}


def _short(word: object) -> str:
    text = str(word)
    return text if len(text) <= 60 else f"{text[:59]}…"


def known_keys(shape: type[BaseModel], path: YamlPath) -> frozenset[str]:
    """Return the keys that a map at ``path`` of ``shape`` may have; empty where any name goes."""
    here: Any = shape
    for part in path:
        here = _below(_bare(here), part)
        if here is None:
            return frozenset()
    here = _bare(here)
    if isinstance(here, type) and issubclass(here, BaseModel):
        return frozenset(field.alias or name for name, field in here.model_fields.items())
    return frozenset()


def _bare(annotation: Any) -> Any:
    """Strip Annotated and Optional; a root model stands for what it holds."""
    while True:
        origin = get_origin(annotation)
        if origin is Annotated:
            annotation = get_args(annotation)[0]
        elif origin in (Union, UnionType):
            annotation = next(arg for arg in get_args(annotation) if arg is not type(None))
        elif isinstance(annotation, type) and issubclass(annotation, RootModel):
            annotation = annotation.model_fields["root"].annotation
        else:
            return annotation


def _below(annotation: Any, part: str | int) -> Any:
    """Return the annotation one step down, or None where there is no such step."""
    if get_origin(annotation) in (dict, list):
        return get_args(annotation)[-1]
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        name = next((n for n, one in annotation.model_fields.items() if one.alias == part), part)
        field = annotation.model_fields.get(str(name))
        return None if field is None else field.annotation
    return None
