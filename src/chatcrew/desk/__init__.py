"""The people's desk: who is at work, and which person a conversation is given to."""

from chatcrew.desk._chatwoot import ChatwootStaff
from chatcrew.desk._choosing import choose
from chatcrew.desk._desk import PeopleDesk
from chatcrew.desk._memory import MemoryAssignments
from chatcrew.desk._port import REMEMBERED, Assignments, NoWaits, StaffRoom, Waits
from chatcrew.desk._sql import PostgresAssignments
from chatcrew.desk._values import Agent, Case, Choice, Given, Past, Score, Staff, Team

__all__ = [
    "REMEMBERED",
    "Agent",
    "Assignments",
    "Case",
    "ChatwootStaff",
    "Choice",
    "Given",
    "MemoryAssignments",
    "NoWaits",
    "Past",
    "PeopleDesk",
    "PostgresAssignments",
    "Score",
    "Staff",
    "StaffRoom",
    "Team",
    "Waits",
    "choose",
]
