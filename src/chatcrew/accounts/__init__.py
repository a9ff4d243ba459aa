"""Who may enter the console and the API: people, roles, sessions, tokens."""

from chatcrew.accounts._accounts import Accounts, BadAccount, Entered, Refused
from chatcrew.accounts._memory import MemoryAccounts
from chatcrew.accounts._passwords import QUICK, Passwords, Strength
from chatcrew.accounts._port import AccountStore, Session, User
from chatcrew.accounts._principal import Principal, Role
from chatcrew.accounts._rules import (
    MOST_ADDRESS,
    MOST_HERE,
    MOST_NAME,
    SESSION_HOURS,
    SHORTEST_PASSWORD,
    TRY_WINDOW,
    account_name,
    digest,
    form_token,
    is_secret,
    new_secret,
)
from chatcrew.accounts._sql import PostgresAccounts
from chatcrew.accounts._tokens import MARK, MemoryTokens, Token, TokenStore, is_token
from chatcrew.accounts._tokens_sql import PostgresTokens

__all__ = [
    "MARK",
    "MOST_ADDRESS",
    "MOST_HERE",
    "MOST_NAME",
    "QUICK",
    "SESSION_HOURS",
    "SHORTEST_PASSWORD",
    "TRY_WINDOW",
    "AccountStore",
    "Accounts",
    "BadAccount",
    "Entered",
    "MemoryAccounts",
    "MemoryTokens",
    "Passwords",
    "PostgresAccounts",
    "PostgresTokens",
    "Principal",
    "Refused",
    "Role",
    "Session",
    "Strength",
    "Token",
    "TokenStore",
    "User",
    "account_name",
    "digest",
    "form_token",
    "is_secret",
    "is_token",
    "new_secret",
]
