"""Logs, metrics and health: how the server says what it does, without a customer's words in it."""

from chatcrew.telemetry.burn import Burn
from chatcrew.telemetry.health import Check, Health, Report
from chatcrew.telemetry.logs import configure, get_logger, place
from chatcrew.telemetry.metrics import CATALOGUE, Metrics, forget_process, measure_anew

__all__ = [
    "CATALOGUE",
    "Burn",
    "Check",
    "Health",
    "Metrics",
    "Report",
    "configure",
    "forget_process",
    "get_logger",
    "measure_anew",
    "place",
]
