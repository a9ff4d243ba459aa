"""``chatcrew connect`` at a terminal: it asks for everything, and the token is never seen."""

import asyncio
import contextlib
import os
import pty
import sys

from chatcrew.testing.installation import Installation


class Terminal:
    """A command at a terminal of its own, with a person who answers what is asked."""

    def __init__(self, master: int) -> None:
        self._master = master
        self.seen = ""

    async def answer(self, question: str, words: str, *, within: float = 30.0) -> None:
        """Wait for a question and type an answer."""
        await self.until(question, within=within)
        os.write(self._master, f"{words}\n".encode())

    async def until(self, text: str, *, within: float = 30.0) -> None:
        """Read until ``text`` stands on the screen behind what was read for before."""
        start = len(self.seen)
        async with asyncio.timeout(within):
            while text not in self.seen[start:]:
                self.seen += await asyncio.to_thread(self._read)

    async def rest(self) -> None:
        """Read to the end."""
        with contextlib.suppress(OSError):
            while piece := await asyncio.to_thread(self._read):
                self.seen += piece

    def _read(self) -> str:
        return os.read(self._master, 4096).decode("utf-8", "replace")


async def test_a_person_is_led_through_and_the_token_stays_unseen(
    installation: Installation,
) -> None:
    """Address, token, our address, inboxes, tenant; then everything is done as planned."""
    master, slave = pty.openpty()
    environment = {**os.environ, "COLUMNS": "200"}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "chatcrew", "connect", "--no-prove"),
        cwd=installation.folder,
        env=environment,
        stdin=slave,
        stdout=slave,
        stderr=slave,
        start_new_session=True,
    )
    os.close(slave)
    terminal = Terminal(master)
    try:
        await terminal.answer("Endereço do Chatwoot", installation.chatwoot.url)
        await terminal.answer("Token de acesso", installation.admin.access_token)
        await terminal.answer("Endereço público", "https://bot.example.com/")
        await terminal.answer("Números das caixas", "21, 22")
        await terminal.answer("Negócio", "health/varizemed")
        await terminal.rest()
        assert await process.wait() == 0, terminal.seen
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
        os.close(master)

    assert installation.admin.access_token not in terminal.seen
    assert "22  Site (web_widget)" in terminal.seen
    assert "Pronto." in terminal.seen
    assert {inbox.bot for inbox in installation.inboxes} == {installation.bot}
    assert installation.bot.outgoing_url == "https://bot.example.com/webhooks/chatwoot/clinica-bot"
