"""What of a role's settings is said to its model in words, the same for both engines."""

from chatcrew.tenancy.model import RoleSpec

TOOLS_FIRST = (
    "- Antes de responder, consulte as ferramentas que possam ter a resposta, mesmo quando achar "
    "que já sabe. Para cumprimentar, agradecer ou se despedir não é preciso."
)
"""Said to a role with ``tools_first: true`` (S3-18).

In words and not by ``tool_choice: required``: that would cost every "obrigado" a tool call and a
second model call, and many servers that speak OpenAI's API do not know it.
"""


def backstory(role: RoleSpec, *, with_tools: bool) -> str:
    """Return how ``role`` behaves, where it is offered tools and where it is not."""
    return f"{role.backstory}\n{TOOLS_FIRST}" if role.tools_first and with_tools else role.backstory
