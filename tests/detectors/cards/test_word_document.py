"""Word documents: read by their paragraphs; a summary by categories mentions, particulars describe."""

import pytest

from detectors.cards.word_document import word_document
from inspector.detector import Format, Found, Said
from inspector.errors import Malformed
from inspector.model import Claim, Component, Role
from sample_bundles.docx import docx_bytes
from sample_bundles.formats.word_document import FILES
from tests import make


def hear(data: bytes, name: str = "x.docx") -> list[Said]:
    return make.look(word_document, name, data, Role.DATA)


def claims(said: list[Said]) -> set[tuple[str, Claim]]:
    return {
        (item.value, item.claim)
        for item in said
        if isinstance(item, Found) and item.component is Component.DATASETS and item.claim is not Claim.NAMED
    }


def test_a_filled_summary_describes_what_it_names_and_mentions_the_rest() -> None:
    said = hear(FILES["training-summary.docx"])
    assert said[0] == Format("docx")
    assert isinstance(said[1], Found)
    assert (said[1].component, said[1].claim, said[1].value) == (Component.DATA_CARD, Claim.PRESENT, "training-content-summary")
    assert claims(said) == {
        ("provenance", Claim.DESCRIBED),
        ("public-listing", Claim.DESCRIBED),
        ("scope", Claim.DESCRIBED),
        ("scope", Claim.MENTIONED),
        ("processing", Claim.MENTIONED),
    }


def test_places_are_paragraphs() -> None:
    pointers = {
        item.value: item.pointer
        for item in hear(FILES["training-summary.docx"])
        if isinstance(item, Found) and item.claim is Claim.DESCRIBED
    }
    assert pointers["provenance"] == "/paragraphs/10"


def test_a_letter_is_a_document_and_nothing_more() -> None:
    assert hear(docx_bytes((("", "We trained on Wikipedia with 3B tokens."),))) == [Format("docx")]


def test_other_zip_files_and_other_files_are_left_alone() -> None:
    assert hear(b"no zip") == []
    assert hear(docx_bytes(()).replace(b"word/document.xml", b"word/another0.xml")) == []


def test_a_broken_zip_file_is_one_problem() -> None:
    with pytest.raises(Malformed):
        hear(FILES["training-summary.docx"][:-30])


def test_entities_are_text_and_never_resolved() -> None:
    data = docx_bytes((("Title", "Datasheet for A & B <C>"), ("Heading1", "Composition"), ("", "It has 3B tokens & more.")))
    assert ("scope", Claim.DESCRIBED) in claims(hear(data))
