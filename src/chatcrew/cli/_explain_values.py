"""The part of ``chatcrew explain`` that says where each value comes from."""

from collections.abc import Iterator, Mapping, Sequence

from chatcrew.settings import Settings
from chatcrew.tenancy.provenance import Ambient, Given, Origin

_WIDTH = 48
"""Longest value shown; the file has the rest."""


def ambient(settings: Settings) -> Ambient:
    """Return the models that the settings name, with the variable where one does."""
    model = Given(settings.model, "default")
    if "model" in settings.model_fields_set:
        model = Given(settings.model, "environment", "CHATCREW_MODEL")
    if settings.fast_model is None:
        return Ambient(model)
    return Ambient(model, Given(settings.fast_model, "environment", "CHATCREW_FAST_MODEL"))


def values(origins: Sequence[Origin]) -> list[dict[str, object]]:
    """Return the origins as JSON values."""
    return [
        {"path": one.path, **_given(one.given), "over": [_given(lower) for lower in one.over]}
        for one in origins
    ]


def _given(given: Given) -> dict[str, object]:
    return {
        "value": given.value,
        "layer": given.layer,
        "file": given.file,
        "line": given.line,
    }


def value_lines(origins: Sequence[Origin], words: Mapping[str, str]) -> Iterator[str]:
    """Yield one line per value: what it is, its place, and the places it hides."""
    yield f"  {words['values']}"
    for one in origins:
        line = f"    {one.path} = {_short(one.given.value)}  {_place(one.given, words)}"
        hidden = [place for given in one.over if (place := _place(given, words))]
        yield line + (f" ({words['over']} {', '.join(hidden)})" if hidden else "")


def _place(given: Given, words: Mapping[str, str]) -> str:
    if not given.file:
        return words["default"]
    return f"{given.file}:{given.line}" if given.line else given.file


def _short(value: object) -> str:
    if isinstance(value, list):
        text = ", ".join(map(str, value))
    elif isinstance(value, bool):
        text = str(value).lower()
    else:
        text = f"{value:g}" if isinstance(value, float) else str(value)
    flat = " ".join(text.split())
    return flat if len(flat) <= _WIDTH else f"{flat[: _WIDTH - 1]}…"
