"""The commands of docs/install.md lead from an empty mapping to a bot that is delivered to."""

import re
import shlex
import shutil
from pathlib import Path

from chatcrew.testing.installation import Installation

ROOT = Path(__file__).parents[3]
PAGES = ("docs/install.md", "docs/install.pt-BR.md")


def _commands(page: str, mark: str) -> list[list[str]]:
    """Return the words of each ``chatcrew`` command of an example."""
    text = (ROOT / page).read_text("utf-8").partition(f"<!-- example: {mark} -->")[2]
    block = text.partition("```sh\n")[2].partition("```")[0].replace("\\\n", " ")
    lines = [shlex.split(line, comments=True) for line in block.splitlines()]
    return [words[1:] for words in lines if words[:1] == ["chatcrew"]]


async def test_the_commands_of_the_page_do_what_it_says(installation: Installation) -> None:
    """New business, connect, check, doctor: nothing at fault (S4-24, N13)."""
    for name in ("config", "crews"):
        (installation.folder / name).unlink()
        shutil.copytree(ROOT / name, installation.folder / name)
    await installation.chats()
    here = {
        "https://desk.acme.example": installation.chatwoot.url,
        "https://bot.acme.example": f"http://127.0.0.1:{installation.port}",
    }

    for mark in ("business", "connect", "look"):
        commands = _commands(PAGES[0], mark)
        assert commands == _commands(PAGES[1], mark) != []
        for words in commands:
            result = await installation.run(*(here.get(word, word) for word in words))
            assert result.exit_code == 0, (words, result.output)

    assert "loja/acme" in installation.mapping.read_text("utf-8")
    assert installation.inboxes[0].bot is installation.bot


def test_the_proxy_never_answers_what_chatwoot_does_not_repeat() -> None:
    """Both pages carry the same file, with the same rule as the page about deploying."""
    blocks = [re.findall(r"```nginx\n(.*?)```", _text(page), re.DOTALL)[0] for page in PAGES]
    without = [re.sub(r" *#.*", "", block) for block in blocks]

    assert without[0] == without[1]
    rule = "error_page 502 503 504 =429 @again;"
    assert rule in without[0]
    assert rule in _text("docs/deploy.md")


def _text(page: str) -> str:
    return (ROOT / page).read_text("utf-8")
