"""A value that this process has used is known again in whatever would be said."""

from pathlib import Path

import pytest

from chatcrew.app.secrets import SecretBox
from chatcrew.tenancy import Secret
from chatcrew.testing import ManualClock


async def test_a_token_that_was_read_is_found_in_a_text(tmp_path: Path) -> None:
    """What stands for it is no secret; its value is, from its first use on."""
    path = tmp_path / "token"
    path.write_text("frase-bem-comum\n", encoding="utf-8")
    box = SecretBox(ManualClock())
    assert not box.stand_in("a senha é frase-bem-comum, viu?")

    await box.read(Secret(f"file:{path}"))

    assert box.stand_in("a senha é frase-bem-comum, viu?")
    assert not box.stand_in(f"a senha está em file:{path}")


@pytest.mark.parametrize(("value", "found"), [("abcdefgh", True), ("azul", False), (None, False)])
def test_a_key_without_reference_is_found_unless_it_is_a_word(
    value: str | None, *, found: bool
) -> None:
    """Four letters would stand in half of all answers."""
    assert SecretBox(ManualClock(), also=(value,)).stand_in("o azul abcdefgh azul") is found
