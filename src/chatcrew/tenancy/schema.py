"""JSON schemas of every YAML file, for editors: ``docs/schema/<name>.schema.json``."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from pydantic import BaseModel

from chatcrew.tenancy._shapes.conversations import ConversationsShape
from chatcrew.tenancy._shapes.crew import AgentsShape, CrewShape, FunctionShape, TasksShape
from chatcrew.tenancy._shapes.documents import EntriesShape
from chatcrew.tenancy._shapes.domain import DomainShape
from chatcrew.tenancy._shapes.mapping import MappingShape
from chatcrew.tenancy._shapes.models import ModelsShape

_SHAPES: dict[str, tuple[str, type[BaseModel]]] = {
    "mapping": ("chatwoot_mapping.yaml", MappingShape),
    "models": ("config/models.yaml", ModelsShape),
    "domain": ("config/domains/<domain>/<tenant>.yaml", DomainShape),
    "tests": ("config/domains/<domain>/<tenant>.tests.yaml", ConversationsShape),
    "knowledge": ("config/domains/<domain>/<tenant>/knowledge/*.yaml", EntriesShape),
    "crew": ("crews/<channel>/crew.yaml", CrewShape),
    "agents": ("crews/<channel>/agents.yaml", AgentsShape),
    "tasks": ("crews/<channel>/tasks.yaml", TasksShape),
    "function": ("crews/functions/<function>.yaml", FunctionShape),
}


def schemas() -> dict[str, str]:
    """Return each schema's file name and text (JSON Schema 2020-12)."""
    found = {}
    for name, (title, shape) in _SHAPES.items():
        schema = {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            **shape.model_json_schema(),
            "title": title,
        }
        text = json.dumps(schema, indent=2, ensure_ascii=False, sort_keys=True)
        found[f"{name}.schema.json"] = text + "\n"
    return found


def main(arguments: Sequence[str]) -> None:
    """Write all schemas into the folder named by the only argument."""
    (folder,) = (Path(argument) for argument in arguments)
    for name, text in schemas().items():
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
