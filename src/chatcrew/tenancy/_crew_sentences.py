"""What this package says about faults of crews, in English and in Brazilian Portuguese."""

from collections.abc import Mapping

CREW_MESSAGES: Mapping[str, tuple[str, str]] = {
    "no_default_crew": (
        "there is no crew '_default': it answers channels without a crew of their own",
        "não há a crew '_default': ela atende os canais sem crew própria",
    ),
    "no_crew_file": ("there is no crew.yaml", "não há crew.yaml"),
    "extends_cycle": ("extends leads back to {word!r}", "extends volta para {word!r}"),
    "model_twice": ("llm and model mean the same: keep one", "llm e model são o mesmo: deixe um"),
    "unknown_task": ("unknown task {word!r}", "tarefa desconhecida {word!r}"),
    "task_twice": ("task {word!r} runs twice", "a tarefa {word!r} roda duas vezes"),
    "no_tasks": (
        "crew {crew!r} has no task for function {function!r}",
        "a crew {crew!r} não tem tarefa para a função {function!r}",
    ),
    "task_incomplete": (
        "task {word!r} has no {key} for function {function!r}",
        "a tarefa {word!r} não tem {key} para a função {function!r}",
    ),
    "unknown_role": (
        "role {word!r} is in no agents.yaml",
        "o papel {word!r} não está em nenhum agents.yaml",
    ),
    "role_incomplete": (
        "role {word!r} has no {key} for function {function!r}",
        "o papel {word!r} não tem {key} para a função {function!r}",
    ),
    "unknown_context": (
        "context {word!r} is not a task that runs in function {function!r}",
        "o contexto {word!r} não é uma tarefa que roda na função {function!r}",
    ),
    "later_context": (
        "context {word!r} runs later than this task or is the task itself",
        "o contexto {word!r} roda depois desta tarefa ou é ela mesma",
    ),
    "message_nowhere": (
        "no task of function {function!r} holds {{message}}, the customer's words",
        "nenhuma tarefa da função {function!r} contém {{message}}, as palavras do cliente",
    ),
    "message_not_last": (
        "{{message}} must stand once and be the last placeholder",
        "{{message}} precisa aparecer uma vez e ser o último espaço a preencher",
    ),
    "message_in_role": (
        "{{message}} belongs in a task's description, not here",
        "{{message}} pertence à description de uma tarefa, não aqui",
    ),
    "not_compilable": (
        "engine 'compiled' takes exactly one role and one task, without process: hierarchical, "
        "allow_delegation or context (here: {keys})",
        "o engine 'compiled' aceita exatamente um papel e uma tarefa, sem process: hierarchical, "
        "allow_delegation nem context (aqui: {keys})",
    ),
    "wait_below_quiet": (
        "max_wait must not be below quiet",
        "max_wait não pode ser menor que quiet",
    ),
}
