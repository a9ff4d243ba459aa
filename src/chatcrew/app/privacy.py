"""What each tenant hides from providers, and what of its own is public anyway."""

from collections.abc import Callable, Iterator

from chatcrew.privacy import Policy, values
from chatcrew.tenancy.model import Configuration, Tenant


class Policies:
    """Satisfies what ``llm.Masked`` asks: the policy of a tenant, by its key.

    Args:
        current: the configuration in force.
    """

    def __init__(self, current: Callable[[], Configuration]) -> None:
        self._current = current
        self._made: dict[str, tuple[Tenant, Policy]] = {}

    def __call__(self, tenant: str) -> Policy:
        """Return the policy; of a tenant that is no more, or not yet, everything is hidden."""
        found = self._current().tenants.get(tenant)
        if found is None:
            return Policy()
        kept = self._made.get(tenant)
        if kept is None or kept[0] is not found:
            self._made[tenant] = kept = (found, policy_of(found))
        return kept[1]


def policy_of(tenant: Tenant) -> Policy:
    """Return what ``tenant`` hides: its kinds, but for what its own files tell everybody."""
    if not tenant.private:
        return Policy(())
    return Policy(frozenset(tenant.private), values(_published(tenant)))


def _published(tenant: Tenant) -> Iterator[str]:
    """Yield what the business tells its customers: facts, hours, rules, answers, texts."""
    yield from (f"{name}: {said}" for name, said in tenant.facts.items())
    yield from (tenant.hours, tenant.persona.business, tenant.persona.style)
    if tenant.experiment is not None:
        for persona in tenant.experiment.personas.values():
            yield persona.get("style", "")
    yield from tenant.rules
    yield from (rule.text for rule in tenant.special_rules)
    for entry in tenant.faq:
        yield from (entry.question, entry.answer)
    yield from (reply for intent in tenant.intents for reply in intent.replies)
    yield from (words for said in tenant.texts.values() for words in said.values())
    yield from (example.reply for example in tenant.examples)
