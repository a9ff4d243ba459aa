"""Every file of the house is read to its end, or named as one that was not (N8)."""

import gzip
import os
import random
import zipfile
from pathlib import Path

import pytest

from chatcrew.lgpd import FileLayer, Hit, Looked, Searcher, given, sentences

MAIL = "ana.lopes@exemplo.com.br"
STORY = "Comprei o kit hidratante azul para o casamento da minha prima em Olinda"
WANTED = Searcher(given("email", MAIL) | sentences([STORY]))


async def looked(folder: Path) -> Looked:
    """Search a folder for Ana."""
    return await FileLayer((folder,)).search(WANTED.kinds, tenant="shop/acme")


def packed(path: Path, members: dict[str, bytes]) -> Path:
    """Write a ZIP."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in members.items():
            archive.writestr(name, body)
    return path


async def test_a_large_file_is_read_to_its_end(tmp_path: Path) -> None:
    """It is larger than what was skipped once; what lies across two pieces is found (N8)."""
    with (tmp_path / "large.log").open("wb") as file:
        file.truncate(66 * 1024 * 1024)
        for place in (256 * 1024 - 10, 66 * 1024 * 1024 - 200):
            file.seek(place)
            file.write(STORY.encode() if place < 10**6 else MAIL.encode())

    found = await FileLayer((tmp_path,)).search(quick, tenant="shop/acme")

    assert found.searched == {f"files.{tmp_path.name}": 1}
    assert [hit.kind for hit in found.hits] == ["email", "text"]


def quick(text: str) -> frozenset[str]:
    """Find what the searcher would in a file of zeros, in a hundredth of its time."""
    return frozenset(
        kind for kind, one in (("email", MAIL), ("text", STORY)) if one in text.strip("\0")
    )


@pytest.mark.parametrize("wide", ["utf-8", "utf-16"])
async def test_what_is_packed_is_unpacked(tmp_path: Path, wide: str) -> None:
    """ZIP with its names, gzip, one in the other, and text of two bytes a sign (N8)."""
    noise = random.Random(7).randbytes(40_000)
    said = f"fala com {MAIL}".encode(wide)
    inner = packed(tmp_path / "inner.zip", {"carta.txt": said, "ruído": noise}).read_bytes()
    (tmp_path / "inner.zip").unlink()
    packed(tmp_path / "a.docx", {"word/document.xml": said})
    packed(tmp_path / "b.zip", {"dentro.zip": inner})
    packed(tmp_path / "c.zip", {f"de {MAIL}.txt": b""})
    (tmp_path / "d.gz").write_bytes(gzip.compress(inner))
    packed(tmp_path / "house.zip", {"manifest.json": b"{}", "tables/message.jsonl": said})

    found = await looked(tmp_path)

    hits = [Hit(f"{tmp_path.name}/{name}", "", "email") for name in ("a.docx", "b.zip", "c.zip")]
    assert list(found.hits) == [*hits, Hit(f"{tmp_path.name}/d.gz", "", "email")]
    assert (found.searched, found.away) == ({f"files.{tmp_path.name}": 5}, [])


async def test_what_cannot_be_read_is_named_and_not_counted(tmp_path: Path) -> None:
    """Cut off, packed in another way or too deep: nothing is said of it but where it lies (N8)."""
    whole = packed(tmp_path / "cut.zip", {"carta.txt": random.Random(7).randbytes(4_000)})
    os.truncate(whole, 2_000)
    (tmp_path / "cut.gz").write_bytes(gzip.compress(os.urandom(2_000))[:1_000])
    (tmp_path / "old.7z").write_bytes(b"7z\xbc\xaf\x27\x1c" + bytes(40))
    deep = MAIL.encode()
    for _ in range(5):
        deep = gzip.compress(deep)
    (tmp_path / "deep.gz").write_bytes(deep)
    (tmp_path / "broken.sqlite").write_bytes(b"SQLite format 3\x00" + MAIL.encode() + bytes(200))

    found = await looked(tmp_path)

    names = ("broken.sqlite", "cut.gz", "cut.zip", "deep.gz", "old.7z")
    assert found.away == [f"{tmp_path.name}/{name}" for name in names]
    assert found.searched == {f"files.{tmp_path.name}": 0}
    assert [hit.place for hit in found.hits] == [f"{tmp_path.name}/broken.sqlite"]
