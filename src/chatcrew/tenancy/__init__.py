"""Tenancy: who the bot speaks for, and how: mapping, domains and crews as checked values."""

from chatcrew.tenancy import secrets
from chatcrew.tenancy._faults.fault import Fault
from chatcrew.tenancy._reading.memory import Memory
from chatcrew.tenancy.directory import Directory
from chatcrew.tenancy.lint import Advice
from chatcrew.tenancy.loading import Report, check, load
from chatcrew.tenancy.model import (
    Bot,
    Capabilities,
    Configuration,
    Crew,
    Document,
    Example,
    Faq,
    Intent,
    ModelCatalogue,
    ModelSpec,
    Persona,
    Place,
    Plan,
    Price,
    Professional,
    Provider,
    RoleSpec,
    Route,
    Rule,
    Secret,
    TaskSpec,
    Tenant,
    rules_on,
)

__all__ = [
    "Advice",
    "Bot",
    "Capabilities",
    "Configuration",
    "Crew",
    "Directory",
    "Document",
    "Example",
    "Faq",
    "Fault",
    "Intent",
    "Memory",
    "ModelCatalogue",
    "ModelSpec",
    "Persona",
    "Place",
    "Plan",
    "Price",
    "Professional",
    "Provider",
    "Report",
    "RoleSpec",
    "Route",
    "Rule",
    "Secret",
    "TaskSpec",
    "Tenant",
    "check",
    "load",
    "rules_on",
    "secrets",
]
