"""A writer of small PDF files: pages of lines in one font, with streams as they are or deflated. Source: ISO 32000-2, sections 7.5 and 9.4."""

import zlib
from collections.abc import Sequence

ESCAPES = str.maketrans({"\\": r"\\", "(": r"\(", ")": r"\)"})


def pdf_bytes(pages: Sequence[Sequence[str]], *, title: str = "", flate: bool = False, encrypted: bool = False) -> bytes:
    """Write pages of lines; an encrypted file names a password that nobody has."""
    kids = " ".join(f"{4 + 2 * index} 0 R" for index in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for index, lines in enumerate(pages):
        resources = "/Resources << /Font << /F1 3 0 R >> >> /MediaBox [0 0 612 792]"
        objects.append(f"<< /Type /Page /Parent 2 0 R {resources} /Contents {5 + 2 * index} 0 R >>".encode())
        objects.append(stream_bytes(draw_lines(lines), flate=flate))
    trailer = f"/Size {len(objects) + 2} /Root 1 0 R /Info {len(objects) + 1} 0 R"
    objects.append(f"<< /Title ({title.translate(ESCAPES)}) >>".encode("latin-1"))
    if encrypted:
        secret = "41" * 32
        objects.append(f"<< /Filter /Standard /V 1 /R 2 /O <{secret}> /U <{secret}> /P -4 >>".encode())
        trailer = f"/Size {len(objects) + 1} /Root 1 0 R /ID [<{secret}> <{secret}>] /Encrypt {len(objects)} 0 R"
    return _assemble(objects, trailer)


def draw_lines(lines: Sequence[str]) -> bytes:
    """Write the instructions that draw lines one below the other."""
    drawn = "".join(f"({line.translate(ESCAPES)}) Tj T*\n" for line in lines)
    return f"BT /F1 10 Tf 12 TL 72 740 Td\n{drawn}ET".encode("latin-1", "replace")


def stream_bytes(data: bytes, *, flate: bool) -> bytes:
    """Write a stream with its length, deflated where that is asked for."""
    body = zlib.compress(data, 9) if flate else data
    filtered = " /Filter /FlateDecode" if flate else ""
    return f"<< /Length {len(body)}{filtered} >>\nstream\n".encode() + body + b"\nendstream"


def _assemble(objects: Sequence[bytes], trailer: str) -> bytes:
    parts, places, length = [b"%PDF-1.5\n"], list[int](), 9
    for number, body in enumerate(objects, 1):
        places.append(length)
        parts.append(f"{number} 0 obj\n".encode() + body + b"\nendobj\n")
        length += len(parts[-1])
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    end = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer\n<< {trailer} >>\nstartxref\n{length}\n%%EOF\n"
    return b"".join(parts) + end.encode()
