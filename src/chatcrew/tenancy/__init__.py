"""Tenancy: who the bot speaks for, and how: mapping, domains and crews as checked values."""

from chatcrew.tenancy import secrets
from chatcrew.tenancy._faults import Fault
from chatcrew.tenancy.directory import Directory
from chatcrew.tenancy.loading import Report, check, load
from chatcrew.tenancy.model import (
    Bot,
    Capabilities,
    Configuration,
    Crew,
    Faq,
    Intent,
    ModelCatalogue,
    ModelSpec,
    Persona,
    Place,
    Price,
    Professional,
    Provider,
    RoleSpec,
    Route,
    Secret,
    TaskSpec,
    Tenant,
)

__all__ = [
    "Bot",
    "Capabilities",
    "Configuration",
    "Crew",
    "Directory",
    "Faq",
    "Fault",
    "Intent",
    "ModelCatalogue",
    "ModelSpec",
    "Persona",
    "Place",
    "Price",
    "Professional",
    "Provider",
    "Report",
    "RoleSpec",
    "Route",
    "Secret",
    "TaskSpec",
    "Tenant",
    "check",
    "load",
    "secrets",
]
