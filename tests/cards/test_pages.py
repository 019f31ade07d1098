"""Pages of text as a document: headings that are headings, pages in place of lines."""

import pytest

from inspector.cards.pages import read_page_document

FIRST = "A Small Model\nA. Body\nAbstract\nWe train a model.\n1 Introduction\nWords."


def headings(*pages: str) -> list[str]:
    return [section.heading for section in read_page_document(pages).sections if section.path]


def test_numbered_headings_make_sections_with_pages_for_lines() -> None:
    document = read_page_document((FIRST, "2 Training Data\nFrom Wikipe-\ndia.\n2.1 Filtering\nBy length.", "3 Results\nGood."))
    assert [(section.path, section.first) for section in document.sections if section.path] == [
        (("Abstract",), 1),
        (("Introduction",), 1),
        (("Training Data",), 2),
        (("Training Data", "Filtering"), 2),
        (("Results",), 3),
    ]
    assert document.sections[3].blocks[0].text == "From Wikipedia."
    assert document.sections[3].blocks[0].first == 2


@pytest.mark.parametrize(
    "line",
    [
        "7 Layers of a Network",  # not the next number
        "2 of the models failed.",
        "2 Smith, Jones, and Others",
        "2 Books | 300B",
        "2 The model was trained on data of the",
        "the training data",
        "2023 Training Data",
    ],
)
def test_a_line_that_only_looks_like_one_is_no_heading(line: str) -> None:
    assert headings(FIRST, f"{line}\nMore.") == ["Abstract", "Introduction"]


def test_known_titles_are_headings_without_a_number() -> None:
    assert headings("Abstract\nx", "Pre-training Data\nx\nReferences\n[1] x") == ["Abstract", "Pre-training Data", "References"]


def test_letters_are_headings_behind_the_references_only() -> None:
    pages = ("Abstract\nx\nA Data Sheet\nx", "References\n[1] x\nA Data Details\nx\nB More Details\nx\nK Kim\nx")
    assert headings(*pages) == ["Abstract", "References", "Data Details", "More Details"]


def test_headers_footers_and_page_numbers_that_return_are_left_out() -> None:
    document = read_page_document([f"A Journal of Things\nWord{number} here.\n{number}" for number in range(1, 6)])
    assert [block.text for section in document.sections for block in section.blocks] == [f"Word{n} here." for n in range(1, 6)]


def test_the_title_is_the_described_one_where_the_first_page_says_it() -> None:
    assert read_page_document((FIRST,), "A Small Model").title == "A Small Model"
    assert read_page_document((FIRST,), "untitled.dvi").title == "A Small Model A. Body"
    assert read_page_document(("", "")).title == ""


def test_addresses_are_links_of_their_page() -> None:
    document = read_page_document(("x.", "Get it at https://example.org/a.jsonl."))
    assert [(link.target, link.line) for section in document.sections for link in section.links] == [("https://example.org/a.jsonl", 2)]
