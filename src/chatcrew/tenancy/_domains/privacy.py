"""What a business hides from providers, how long it keeps what, and how it asks for consent."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from chatcrew.tenancy._reading.merge import merge
from chatcrew.tenancy._values.privacy import Retention
from chatcrew.tenancy.model import Tenant
from chatcrew.tenancy.vocabulary import HIDDEN


def with_privacy(tenant: Tenant, said: Mapping[str, Any]) -> Tenant:
    """Return ``tenant`` with what ``privacy:`` says of it."""
    asked = said.get("consent", {}).get("text", {})
    return replace(
        tenant,
        private=tuple(said.get("mask", HIDDEN)),
        retention=Retention(**said.get("retention", {})),
        texts=merge(tenant.texts, {"memory_consent": asked}) if asked else tenant.texts,
    )
