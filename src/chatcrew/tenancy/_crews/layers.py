"""One layer of a crew and where each of its words stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chatcrew.tenancy._faults.fault import YamlPath
from chatcrew.tenancy._reading.document import Document
from chatcrew.tenancy._shapes.crew import LayerShape


@dataclass(frozen=True, slots=True)
class Layer:
    """One file's, or one part of a file's, say in a crew.

    Attributes:
        values: a ``LayerShape`` as plain values, unset keys left out.
        document: where its lines are.
        prefix: where it stands in the document.
        mount: where the document stands in the layer: ``("agents",)`` for an ``agents.yaml``.
    """

    values: Mapping[str, Any]
    document: Document
    prefix: YamlPath = ()
    mount: YamlPath = ()

    def place(self, path: YamlPath) -> YamlPath | None:
        """Return where ``path`` of the layer stands in its document, None if it does not."""
        if path[: len(self.mount)] != self.mount:
            return None
        there = (*self.prefix, *path[len(self.mount) :])
        return there if there in self.document.marks else None


def layer(shape: LayerShape, document: Document, *, prefix: YamlPath = ()) -> Layer:
    """Return a shape as a layer."""
    return Layer(shape.model_dump(exclude_none=True), document, prefix)
