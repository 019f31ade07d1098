"""The text of PDF files: read within bounds, refused in one line."""

import zlib

import pytest

from inspector.documents.pdf_text import LARGEST_PAGE, MOST_PAGES, read_pdf
from inspector.errors import Malformed
from sample_bundles.pdf import pdf_bytes


@pytest.mark.parametrize("flate", [False, True])
def test_text_is_read_page_by_page(flate: bool) -> None:
    text = read_pdf(pdf_bytes([["One (1)", "Two"], ["Three"]], title="A title", flate=flate))
    assert text.pages == ("One (1)\nTwo", "Three")
    assert (text.count, text.title, text.unread) == (2, "A title", ())


def test_an_encrypted_file_is_refused() -> None:
    with pytest.raises(Malformed, match="encrypted: it cannot be read without its password"):
        read_pdf(pdf_bytes([["x"]], encrypted=True))


@pytest.mark.parametrize("data", [b"", b"%PDF-1.4\n", b"%PDF-1.4\n" + b"\0" * 500, pdf_bytes([["x"]])[:200]])
def test_a_broken_file_is_refused(data: bytes) -> None:
    with pytest.raises(Malformed):
        read_pdf(data)


def test_no_more_than_three_hundred_pages_are_read() -> None:
    text = read_pdf(pdf_bytes([["x"]] * (MOST_PAGES + 5)))
    assert (len(text.pages), text.count) == (MOST_PAGES, MOST_PAGES + 5)


def test_a_page_that_draws_more_than_a_megabyte_is_not_read_and_the_others_are() -> None:
    text = read_pdf(pdf_bytes([["before"], ["a" * 100] * (LARGEST_PAGE // 100), ["after"]], flate=True))
    assert (text.pages, text.unread) == (("before", "", "after"), (2,))


def test_a_bomb_is_a_page_that_is_not_read() -> None:
    whole = pdf_bytes([["x"]], flate=True)
    bomb = zlib.compress(b"\0" * 100_000_000, 9)
    start, end = whole.index(b"4 0 R >>") if b"4 0 R >>" in whole else 0, whole.index(b"endstream")
    begin = whole.index(b"stream\n", start) + 7
    text = read_pdf(whole[:begin] + bomb + whole[end:])
    assert text.unread in {(), (1,)}
    assert sum(map(len, text.pages)) < 1000
