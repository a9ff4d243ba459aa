"""What ``doctor`` says of the files: whether the server has them in force, and if not why."""

import asyncio
from collections.abc import Mapping
from typing import Any

from chatcrew.app._verdicts_sql import PostgresVerdicts
from chatcrew.app.news import SHOWN, way_out
from chatcrew.app.rehearsal import Rehearsal, faults
from chatcrew.app.verdicts import failures_of
from chatcrew.clock import SystemClock
from chatcrew.database import Database
from chatcrew.errors import StoreError
from chatcrew.provision.findings import Finding, Level
from chatcrew.provision.local import demo_answers, health_of
from chatcrew.settings import Settings
from chatcrew.tenancy import Configuration

OWN = ""
"""Stands where findings of Chatwoot have their account: these are this installation's own."""


async def examine_files(
    settings: Settings, configuration: Configuration, database: Database | None
) -> list[Finding]:
    """Return what the server of this machine says of the files, else what the database knows."""
    if not await demo_answers(settings.host, settings.port, settings.data_dir):
        health = await health_of(settings.admin_host, settings.admin_port)
        state = health.get("config") if health is not None else None
        if isinstance(state, Mapping):
            return _of_server(state)
    return await _of_tests(settings, configuration, database) if database is not None else []


def _of_server(state: Mapping[str, Any]) -> list[Finding]:
    version = str(state.get("version"))
    if "coming" in state:
        return [_say("warning", "files_coming", version=version)]
    if not state.get("faults"):
        return [_say("ok", "files_well", version=version)]
    kept = state.get("in_force") is False
    level: Level = "fault" if kept else "warning"
    head = _say(level, "files_kept" if kept else "files_faulty", version=version)
    rows = [one for one in state.get("messages", ()) if isinstance(one, Mapping)]
    said = [(str(one.get("pt-BR")), str(one.get("en"))) for one in rows[:SHOWN]]
    return [head, *(_say(level, "files_message", message=pair) for pair in said)]


async def _of_tests(
    settings: Settings, configuration: Configuration, database: Database
) -> list[Finding]:
    """Return what is known of the conversation tests of the files as they are on disk."""
    verdicts = PostgresVerdicts(database)
    rehearsal = Rehearsal(settings, verdicts, clock=SystemClock())
    tenants = tuple(configuration.tenants.values())
    wanted = await asyncio.to_thread(rehearsal.contents, configuration, tenants)
    try:
        known = await verdicts.read(wanted.values()) if wanted else {}
    except StoreError:
        return []
    found = faults(failures_of(known.values()))
    if not found:
        return []
    said = [(one.render("pt-BR"), one.render("en")) for one in found[:SHOWN]]
    head = _say("fault", "files_fail", way=way_out(found))
    return [head, *(_say("fault", "files_message", message=pair) for pair in said)]


def _say(level: Level, code: str, **values: object) -> Finding:
    return Finding(OWN, "files", level, code, values)
