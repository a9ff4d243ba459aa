"""Outcomes and figures out of our own records: what the bot brought, what it cost, how fast."""

from chatcrew.analytics._columns_sql import COLUMNS
from chatcrew.analytics._csv import csv_line, csv_text
from chatcrew.analytics._figures_sql import PostgresFigures
from chatcrew.analytics._files import TRANSCRIPT, csv_file, json_lines, transcript
from chatcrew.analytics._keeper_sql import PostgresFacts
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
from chatcrew.analytics._saved import SAVERS, Sample, Saving, Savings, Told, savings
from chatcrew.analytics._scope import SIMULATED, Page, Scope
from chatcrew.analytics._trials import ENOUGH, Difference, Share, Trial, share, trials
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
    "COLUMNS",
    "ENOUGH",
    "KINDS",
    "PERSONAL",
    "SAVERS",
    "SIMULATED",
    "TRANSCRIPT",
    "Cohort",
    "Costs",
    "Day",
    "DayMoods",
    "DaySpend",
    "DebtFigures",
    "Difference",
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
    "PostgresFacts",
    "PostgresFigures",
    "RungTimes",
    "Sample",
    "Satisfaction",
    "Saving",
    "Savings",
    "Scope",
    "Session",
    "Share",
    "Sought",
    "Spend",
    "TenantFigures",
    "Times",
    "Told",
    "Trace",
    "Trial",
    "Waiting",
    "csv_file",
    "csv_line",
    "csv_text",
    "json_lines",
    "savings",
    "share",
    "transcript",
    "trials",
]
