"""Outcomes and figures out of our own records: what the bot brought, what it cost, how fast."""

from chatcrew.analytics._csv import csv_line, csv_text
from chatcrew.analytics._lists import (
    Cohort,
    DebtFigures,
    GapFigures,
    ParkedTurn,
    Session,
    Sought,
    TenantFigures,
    Trace,
    Waiting,
)
from chatcrew.analytics._measures import Mean, Outcomes, Satisfaction, Spend, Times
from chatcrew.analytics._port import COHORTS, KINDS, PERSONAL, Figures
from chatcrew.analytics._scope import SIMULATED, Page, Scope
from chatcrew.analytics._values import (
    Costs,
    Day,
    DayMoods,
    DaySpend,
    IntentFigures,
    Latency,
    Moods,
    Overview,
    RungTimes,
)

__all__ = [
    "COHORTS",
    "KINDS",
    "PERSONAL",
    "SIMULATED",
    "Cohort",
    "Costs",
    "Day",
    "DayMoods",
    "DaySpend",
    "DebtFigures",
    "Figures",
    "GapFigures",
    "IntentFigures",
    "Latency",
    "Mean",
    "Moods",
    "Outcomes",
    "Overview",
    "Page",
    "ParkedTurn",
    "RungTimes",
    "Satisfaction",
    "Scope",
    "Session",
    "Sought",
    "Spend",
    "TenantFigures",
    "Times",
    "Trace",
    "Waiting",
    "csv_line",
    "csv_text",
]
