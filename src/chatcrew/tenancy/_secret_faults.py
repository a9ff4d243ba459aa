"""What is wrong with secrets, told where they are read: missing, too short, two accounts'."""

from collections.abc import Iterable, Iterator
from contextlib import suppress

from chatcrew.tenancy import secrets
from chatcrew.tenancy._faults.fault import Fault, YamlPath
from chatcrew.tenancy._mapping import Mapped
from chatcrew.tenancy._reading.document import Document
from chatcrew.tenancy.model import Secret


def unreadable(found: Iterable[tuple[Secret, YamlPath]], document: Document) -> Iterator[Fault]:
    """Say which secret references lead to nothing."""
    for secret, path in found:
        try:
            secrets.read(secret)
        except Fault as fault:
            hint = "set_it" if fault.code == "secret_env_missing" else None
            yield document.fault(fault.code, path, hint=hint, **fault.values)


def tab_faults(found: Mapped, document: Document) -> Iterator[Fault]:
    """Say which tabs nobody can open, and which open another account's."""
    known: dict[bytes, str] = {}
    tabs = {bot.account: bot.tab_token for bot in found.bots.values() if bot.tab_token}
    for account, token in tabs.items():
        path: YamlPath = ("accounts", account, "tab_token")
        with suppress(Fault):  # told among all secrets that cannot be read
            value = secrets.read(token)
            if len(value) < secrets.SHORTEST_TAB:
                yield document.fault("tab_token_short", path, number=secrets.SHORTEST_TAB)
            other = known.setdefault(value, account)
            if other != account:
                yield document.fault("tab_token_twice", path, other=other)
