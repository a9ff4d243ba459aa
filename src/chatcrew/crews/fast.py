"""The fast model's one call: the customer-facing task of a crew, from what is already known."""

import re
from collections.abc import Awaitable, Callable

from chatcrew.crews import _sentences
from chatcrew.crews._fill import nothing_in
from chatcrew.crews._templates import templates
from chatcrew.crews._usable import cut, usable
from chatcrew.messages import Answer, Ask, ModelAnswer, ModelRequest
from chatcrew.tenancy.model import Crew, RoleSpec

DECLINE = "ENCAMINHAR"
"""What the model says when a tool or a person is needed; no customer ever reads it."""

_RULE = (
    "Agora você não tem ferramentas: responda só com o Conhecimento, os Fatos e a conversa que "
    "recebeu. Se a resposta não estiver ali, ou se for preciso uma ferramenta ou uma pessoa, "
    f"responda exatamente com a palavra {DECLINE} e mais nada."
)
_DECLINED = re.compile(rf"\b{DECLINE}\b|^\W*{DECLINE.lower()}\W*$")


def declines(text: str) -> bool:
    """Return whether the model says that a tool or a person is needed."""
    return _DECLINED.search(text) is not None


def speaker(crew: Crew) -> RoleSpec:
    """Return the role whose words customers read: of a task that names none, the manager's.

    One that speaks in CrewAI's words alone knows nothing of the business; then the first role does.
    """
    if crew.manager is not None and crew.manager.role:
        return crew.manager
    role = crew.tasks[-1].role
    return next((one for one in crew.roles if one.name == role), crew.roles[0])


async def respond_fast(
    crew: Crew,
    ask: Ask,
    *,
    complete: Callable[[ModelRequest], Awaitable[ModelAnswer]],
    model: str,
    config: str,
) -> Answer:
    """Return the answer of one call without tools; an empty one where the model declined.

    Of an answer that was cut off only the whole sentences are returned, which may be none.

    Args:
        crew: the resolved crew; its last task is the one whose result customers read.
        ask: what is asked, with the knowledge already in ``inputs``.
        complete: the gateway; whatever it raises is raised here.
        model: name of the model that is asked.
        config: version of the configuration.

    Raises:
        CrewError: CrewAI's sentences cannot be read.
        ModelRefused: the model said no, or its answer was filtered.
    """
    task = crew.tasks[-1]
    role = speaker(crew)
    empty = nothing_in(ask.inputs)
    words = templates(role, task, await _sentences.load(), with_tools=False, empty=empty)
    system, user = words.messages(ask.inputs)
    known = ask.inputs.get("knowledge", "")
    rule = _RULE if "{knowledge}" in task.description else f"{_RULE}\n\nConhecimento:\n{known}"
    request = ModelRequest(
        tenant=ask.tenant,
        model=model,
        messages=({**system, "content": f"{system['content']}\n\n{rule}"}, user),
        temperature=role.temperature,
        max_tokens=role.max_tokens,
        budget=ask.budget,
        turn_id=ask.turn_id,
        role=role.name,
        config=config,
        begun=ask.begun,
    )
    answer = usable(await complete(request))
    declined = declines(answer.text)
    return Answer(
        text="" if declined else answer.text,
        engine="fast",
        passages=tuple(ask.passages),
        model_calls=1,
        details={
            "roles": [role.name],
            "model": answer.model or request.model,
            "prompt_tokens": answer.usage.prompt_tokens,
            "completion_tokens": answer.usage.completion_tokens,
            **({"declined": True} if declined else {}),
            **({"cut": True} if cut(answer) else {}),
        },
    )
