"""What a business's weekly digest says in figures, and the folder of digests as mail files."""

import asyncio
import os
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path

from chatcrew.analytics import PostgresFigures, Scope
from chatcrew.app.report_sheets import Sheet
from chatcrew.app.report_words import cell, told
from chatcrew.app.reports import Reports
from chatcrew.feedback import Digest, written
from chatcrew.tenancy.model import ModelCatalogue, Tenant

_WORDS = {
    "pt-BR": {
        "title": "📈 **Números da semana** (estimativas pelos nossos registros)",
        "subject": "Semana do bot",
        "more": "Mais: chatcrew report",
    },
    "en": {
        "title": "📈 **Figures of the week** (estimates out of our own records)",
        "subject": "Week of the bot",
        "more": "More: chatcrew report",
    },
}


class Weekly:
    """Figures for digests.

    Args:
        figures: read here.
        models: prices, and what a dollar is, as the files hold now.
        folder: where mail files are laid; None: nowhere.
    """

    def __init__(
        self,
        figures: PostgresFigures,
        *,
        models: Callable[[], ModelCatalogue],
        folder: Path | None = None,
    ) -> None:
        self._figures = figures
        self._models = models
        self.folder = folder

    async def told(self, tenant: Tenant, since: datetime, until: datetime) -> str:
        """Return the figures of a week in Markdown.

        Raises:
            StoreError: the records are away.
        """
        scope = Scope(frozenset({tenant.key}), since, until)
        reports = Reports(self._figures, self._models())
        return in_words(
            await reports.sheet("summary", scope, tenants=[tenant.key]), tenant.language
        )

    async def lay(self, one: Digest, figures: str, *, language: str, at: datetime) -> None:
        """Lay a digest into the folder, where there is one; another of the same day is replaced.

        What customers said is left out: a file is read by whoever can read the folder.

        Raises:
            OSError: it cannot be written.
        """
        if self.folder is None:
            return
        words = written(replace(one, examples=()), language=language)
        body = f"{figures}\n\n{words}\n"
        data = mail(one.tenant, body, language=language, at=at).as_bytes()
        name = f"digest-{one.tenant.replace('/', '-')}-{one.until:%Y-%m-%d}.eml"
        await asyncio.to_thread(_write, self.folder / name, data)


def in_words(sheet: Sheet, language: str) -> str:
    """Return the figures that are known, a line each."""
    words = _WORDS.get(language, _WORDS["pt-BR"])
    lines = [
        f"- {told(str(figure), language)}: {cell(value, language, figure=str(figure))}"
        for figure, value in sheet.rows
        if value is not None
    ]
    return "\n".join([words["title"], "", *lines, "", words["more"]])


def mail(tenant: str, body: str, *, language: str, at: datetime) -> EmailMessage:
    """Return a digest as a mail without addressee: whoever sends it on says to whom."""
    subject = _WORDS.get(language, _WORDS["pt-BR"])["subject"]
    found = EmailMessage(policy=SMTP)
    found["Subject"] = f"{subject}: {tenant}"
    found["From"] = "chatcrew <chatcrew@localhost>"
    found["Date"] = format_datetime(at)
    found.set_content(body.replace("**", ""), cte="quoted-printable")
    return found


def _write(path: Path, data: bytes) -> None:
    """Write a file that is there whole or not at all, and that nobody else can read."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
    part.replace(path)
