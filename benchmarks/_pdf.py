"""Writes small PDFs by hand, so that tests and figures need no library for it."""

Text = tuple[float, float, str]
"""Size, distance from the bottom, words."""


def pdf(*pages: list[Text], title: str = "", locked: bool = False) -> bytes:
    """Return a PDF of lines, written by hand (ISO 32000-1); ``locked``: with a password."""
    bodies: list[bytes] = []
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(pages)))
    bodies.append(b"<< /Type /Catalog /Pages 2 0 R >>")
    bodies.append(f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode())
    bodies.append(
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
    )
    for number, lines in enumerate(pages):
        content = "".join(
            f"BT /F1 {size} Tf 50 {y} Td ({text}) Tj ET\n" for size, y, text in lines
        ).encode("cp1252")
        bodies.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {5 + 2 * number} 0 R"
            " /Resources << /Font << /F1 3 0 R >> >> >>".encode()
        )
        bodies.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content))
    bodies.append(f"<< /Title ({title}) >>".encode())
    trailer = f"/Root 1 0 R /Info {len(bodies)} 0 R"
    if locked:
        key = "00" * 32
        bodies.append(
            f"<< /Filter /Standard /V 1 /R 2 /P -4 /O <{key}> /U <{key}> >>".encode(),
        )
        trailer += f" /Encrypt {len(bodies)} 0 R /ID [<00> <00>]"
    out, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(bodies, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    start = len(out)
    size = len(bodies) + 1
    out += f"xref\n0 {size}\n0000000000 65535 f \n{table}".encode()
    return out + f"trailer\n<< /Size {size} {trailer} >>\nstartxref\n{start}\n%%EOF".encode()
