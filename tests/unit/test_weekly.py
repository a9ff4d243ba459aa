"""The week's figures in a digest: named, told as estimates, laid as a mail file (S1-81..89)."""

import asyncio
import email
import email.policy
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from zoneinfo import ZoneInfo

from tests.unit.test_feedback_digest import MONDAY, WEEKLY, Clients, Whose, configured, signal

from chatcrew.analytics import Outcomes, Overview, Savings, Spend
from chatcrew.app.digests import Digests
from chatcrew.app.weekly import Weekly
from chatcrew.feedback import MemoryFeedback
from chatcrew.telemetry import Metrics
from chatcrew.tenancy.model import Exchange, ModelCatalogue
from chatcrew.testing import ManualClock

ZONE = ZoneInfo("America/Recife")
"""Read from its file before a loop runs."""
MODELS = ModelCatalogue(exchange=Exchange(datetime(2026, 11, 1, tzinfo=UTC).date(), 5.0))


class Week:
    """Satisfies what is read of ``PostgresFigures``."""

    def __init__(self) -> None:
        self.asked: list[object] = []

    async def overview(self, scope):
        """See ``Figures.overview``."""
        self.asked.append(scope)
        ends = Outcomes(attended=10, contained=8, handed_off=2)
        return Overview(sessions=10, outcomes=ends, spend=Spend(nanos=1_500_000_000))

    async def savings(self, scope):
        """See ``PostgresFigures.savings``."""
        return Savings(1_500_000_000)


def digests(clients: Clients, policy, folder: Path | None, figures: Week) -> Digests:
    """Return what sends digests with figures."""
    store = MemoryFeedback()
    return Digests(
        store,
        configurations=SimpleNamespace(current=configured(policy)),  # type: ignore[arg-type]  # as there
        clients=clients,  # type: ignore[arg-type]  # as there
        mailbox=Whose(None),  # type: ignore[arg-type]  # as there
        metrics=Metrics(),
        clock=ManualClock(MONDAY),
        weekly=Weekly(figures, models=lambda: MODELS, folder=folder),  # type: ignore[arg-type]  # what is read of it
    )


async def test_the_note_tells_the_weeks_figures() -> None:
    """Of this business and of the week before; estimates are called so."""
    clients, figures = Clients(), Week()
    await digests(clients, WEEKLY, None, figures).run()

    ((_, words),) = clients.notes
    assert "estimativas pelos nossos registros" in words
    assert "contidas sem pessoas: 80,0%" in words
    assert "custo (R$): 7,50" in words
    assert "nota média" not in words
    (scope,) = figures.asked
    assert scope.tenants == frozenset({"shop/acme"})
    assert scope.until - scope.since == timedelta(days=7)


async def test_a_mail_file_is_laid_without_what_customers_said(tmp_path: Path) -> None:
    """Also where no conversation gets a note; it opens as a mail, and only its owner reads it."""
    clients, folder = Clients(), tmp_path / "mails"
    made = digests(clients, replace(WEEKLY, conversation=None), folder, Week())
    await made._store.note([signal("t1", "complaint", 7, "Vocês são péssimos", -0.8)])
    await made.run()
    await made.run()

    assert clients.notes == []
    name, mode, data = await asyncio.to_thread(_only_file, folder)
    assert name == "digest-shop-acme-2026-11-23.eml"
    assert mode & 0o077 == 0
    letter = email.message_from_bytes(data, policy=email.policy.default)
    assert letter["Subject"] == "Semana do bot: shop/acme"
    body = letter.get_content()
    assert "contidas sem pessoas: 80,0%" in body
    assert "1 sinais em 1 conversas" in body
    assert "péssimos" not in body


def _only_file(folder: Path) -> tuple[str, int, bytes]:
    (path,) = folder.iterdir()
    return path.name, path.stat().st_mode, path.read_bytes()


async def test_a_folder_that_cannot_be_written_is_tried_again(tmp_path: Path) -> None:
    """The digest is given back, and no note is sent without its file."""
    await asyncio.to_thread((tmp_path / "file").write_text, "no folder", "utf-8")
    clients = Clients()
    made = digests(clients, WEEKLY, tmp_path / "file" / "mails", Week())
    await made.run()
    assert clients.notes == []
    await asyncio.to_thread((tmp_path / "file").unlink)
    await made.run()
    assert len(clients.notes) == 1


async def test_without_conversation_and_folder_nothing_is_read() -> None:
    """Nobody would see it."""
    figures = Week()
    await digests(Clients(), replace(WEEKLY, conversation=None), None, figures).run()
    assert figures.asked == []
