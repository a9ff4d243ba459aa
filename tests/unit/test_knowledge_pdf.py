"""PDFs as passages: pages, headings by size, paragraphs over pages, scans told so (S3-97)."""

from pathlib import Path

import pytest
from benchmarks._pdf import pdf

from chatcrew.errors import DocumentError
from chatcrew.knowledge import read

CONFIG = Path(__file__).parents[2] / "config" / "domains"
WIDE = "uma linha que vai quase ate o fim da folha e por isso continua na linha de baixo sem parar"


def test_larger_lines_are_headings_and_pages_are_cited() -> None:
    """What stands under a heading on the next page still says which."""
    data = pdf(
        [(24, 780, "Guia"), (11, 740, f"{WIDE},"), (11, 726, "e aqui acaba.")],
        [(16, 780, "Retorno"), (11, 750, "Sem custo por 30 dias.")],
        title="O guia",
    )

    found = read("g.pdf", data)

    assert [(one.source_mark, one.title, one.headings, one.text) for one in found] == [
        ("p1", "O guia", ("Guia",), f"{WIDE}, e aqui acaba."),
        ("p2", "O guia", ("Guia", "Retorno"), "Sem custo por 30 dias."),
    ]
    assert found[1].source("a/g.pdf") == "a/g.pdf#page=2"


def test_a_sentence_goes_on_over_the_page_without_its_edges() -> None:
    """Page numbers and running titles, the same on every page, are no knowledge."""
    pages = [
        [(9, 810, "Loja Bella, manual"), (11, 700, text), (9, 30, f"Página {number} de 3")]
        for number, text in enumerate([WIDE, "termina aqui.", "Outra coisa."], 1)
    ]

    found = read("manual.pdf", pdf(*pages))

    assert [one.text for one in found] == [f"{WIDE} termina aqui.\n\nOutra coisa."]
    assert found[0].title == "manual"


def test_a_gap_ends_a_paragraph_and_short_lines_stay_lines() -> None:
    """A price list keeps its rows."""
    data = pdf([(11, 740, "Doppler R$ 420"), (11, 726, "Retorno sem custo"), (11, 680, f"{WIDE}.")])

    assert read("a.pdf", data)[0].text == f"Doppler R$ 420\nRetorno sem custo\n\n{WIDE}."


@pytest.mark.parametrize(
    ("data", "kind"),
    [(pdf([]), "scanned"), (pdf([(11, 700, "x")], locked=True), "encrypted"), (b"", "broken")],
    ids=["no text", "password", "nothing"],
)
def test_a_pdf_without_text_says_why(data: bytes, kind: str) -> None:
    """A scan, a password and rubbish have different ways out."""
    with pytest.raises(DocumentError) as raised:
        read("a.pdf", data)

    assert raised.value.kind == kind
    assert raised.value.number == (1 if kind == "scanned" else raised.value.number)


def test_the_shipped_guide_reads_as_it_looks() -> None:
    """A browser's PDF: two pages, five sections, hyphens where they belong."""
    path = CONFIG / "health" / "varizemed" / "knowledge" / "guia-da-aplicacao.pdf"
    found = read(path.name, path.read_bytes())

    assert [(one.source_mark, one.headings) for one in found] == [
        ("p1", ()),
        ("p1", ("Antes de sair de casa",)),
        ("p1", ("Na clínica",)),
        ("p2", ("Ao voltar para casa",)),
        ("p2", ("Quando falar com a clínica",)),
    ]
    assert "pode usar o Wi-Fi." in found[2].text
    assert "ligue 192 (SAMU)" in found[4].text
