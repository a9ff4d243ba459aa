"""What a copied business still says of the one it was copied from, line by line."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

_PERSONA = re.compile(r"(?m)^ +(?:name|business): *[\"']?(\S[^\"'#\n]*?)[\"']? *(?:#.*)?$")
_ADDRESS = re.compile(
    r"https?://[^\s\"'<>]*[^\s\"'<>.,;:!?)\]]|[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
    r"|(?:\+55 ?)?\(?\b\d\d\)? ?9?\d{4}-\d{4}\b|\b0800[ \d-]{6,}\d"
)


def left_lines(original: str, copies: Sequence[Path]) -> Iterator[str]:
    """Yield ``file:line  words`` for each line that holds a name, link, e-mail or phone.

    Args:
        original: the tenant's file that was copied, as text: it tells whose names to look for.
        copies: files that were written.
    """
    names = _names(original)
    called = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, names))})(?!\w)") if names else None
    for path in copies:
        for number, row in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if row.lstrip().startswith("#"):
                continue
            found = _ADDRESS.findall(row)
            found += called.findall(_ADDRESS.sub(" ", row)) if called else []
            if found:
                yield f"{path.as_posix()}:{number}  {', '.join(dict.fromkeys(found))}"


def _names(original: str) -> list[str]:
    """Return what the original and its bot are called, longest first.

    Of a business's name also each word that its addresses are made of: "Bella" of "Bella Flor
    Cosméticos" at bellaflor.example, and not what any shop is called.
    """
    persona = _PERSONA.findall(original.partition("\npersona:")[2])[:2]
    addresses = " ".join(_ADDRESS.findall(original)).casefold()
    words = [word for name in persona for word in name.split() if word.casefold() in addresses]
    proper = [word for word in words if word[:1].isupper() and len(word) > 2]
    return sorted({*persona, *proper}, key=lambda name: (-len(name), name))
