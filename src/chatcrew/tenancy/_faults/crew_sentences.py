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
        "allow_delegation, context or async_execution (here: {keys})",
        "o engine 'compiled' aceita exatamente um papel e uma tarefa, sem process: hierarchical, "
        "allow_delegation, context nem async_execution (aqui: {keys})",
    ),
    "no_manager": (
        "process: hierarchical needs a manager for function {function!r}",
        "process: hierarchical precisa de um gerente na função {function!r}",
    ),
    "manager_twice": (
        "manager_agent and manager_llm both name the manager",
        "manager_agent e manager_llm dizem, os dois, quem é o gerente",
    ),
    "manager_works": (
        "role {word!r} is the manager and takes part in function {function!r} itself: it cannot "
        "hand work to itself",
        "o papel {word!r} é o gerente e também participa da função {function!r}: ele não pode "
        "passar trabalho a si mesmo",
    ),
    "manager_tools": (
        "the manager {word!r} may have no tools: it only hands work to the other roles",
        "o gerente {word!r} não pode ter ferramentas: ele só passa trabalho aos outros papéis",
    ),
    "roles_alike": (
        "roles {other!r} and {word!r} are called the same: no work can be handed to the second",
        "os papéis {other!r} e {word!r} têm o mesmo nome: ninguém consegue passar trabalho ao "
        "segundo",
    ),
    "nobody_to_lead": (
        "the manager has nobody to hand work to in function {function!r}",
        "o gerente não tem a quem passar trabalho na função {function!r}",
    ),
    "beside_manager": (
        "async_execution of task {word!r} does not go with process: hierarchical: there is one "
        "manager",
        "async_execution da tarefa {word!r} não combina com process: hierarchical: o gerente é um "
        "só",
    ),
    "context_beside": (
        "context {word!r} runs at the same time as this task: it has no result yet",
        "o contexto {word!r} roda ao mesmo tempo que esta tarefa: ainda não tem resultado",
    ),
    "ends_beside": (
        "tasks {other!r} and {word!r} run at the same time at the end: the last one writes the "
        "reply and has to wait for the others",
        "as tarefas {other!r} e {word!r} rodam ao mesmo tempo no fim: a última escreve a resposta "
        "e precisa esperar pelas outras",
    ),
    "wait_below_quiet": (
        "max_wait must not be below quiet",
        "max_wait não pode ser menor que quiet",
    ),
}
