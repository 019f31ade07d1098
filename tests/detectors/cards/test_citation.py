"""Citations: a project's own paper, and nobody else's."""

import pytest

from detectors.cards.citation import citation
from inspector.detector import Format, Found
from inspector.errors import Malformed
from inspector.model import Claim, Component, Reference, Span
from sample_bundles.formats.citation import BIB, CFF
from tests import make

ENTRY = "@article{{a{0},\n title={{T{0}}},\n doi={{10.5555/{0}}}\n}}\n"


def names(path: str, text: str) -> list[str]:
    return [item.value for item in make.look(citation, path, text) if isinstance(item, Found)]


def test_the_preferred_citation_is_the_paper_and_the_software_is_none() -> None:
    form, found = make.look(citation, "CITATION.cff", CFF)
    assert form == Format("cff")
    assert isinstance(found, Found)
    assert (found.component, found.claim, found.value) == (Component.RESEARCH_PAPER, Claim.REFERENCED, "doi:10.5555/1234567")
    assert (found.details, found.excerpt, found.span) == (
        Reference(kind="paper", target="doi:10.5555/1234567"),
        "A Paper on Tiny",
        Span(6, 6),
    )


@pytest.mark.parametrize(
    "text",
    [
        "cff-version: 1.2.0\ntitle: tiny\ntype: software\ndoi: 10.5281/zenodo.1\n",
        "cff-version: 1.2.0\ntitle: tiny\nreferences:\n- title: Another\n  type: article\n",
        "cff-version: 1.2.0\ntitle: tiny\npreferred-citation:\n  type: software\n  title: tiny\n",
    ],
)
def test_software_and_references_are_no_papers_of_its_own(text: str) -> None:
    assert names("CITATION.cff", text) == []


def test_a_citation_without_an_id_is_named_by_its_title() -> None:
    assert names("CITATION.cff", "cff-version: 1.2.0\npreferred-citation:\n  type: article\n  title: Words\n") == ["Words"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (BIB, "arXiv:2301.00001"),
        ("@article{a, title={B}, journal={arXiv preprint arXiv:2101.00027}}", "arXiv:2101.00027"),
        ('@inproceedings{a, title = "B", doi = "10.18653/v1/2020.acl-main.1"}', "doi:10.18653/v1/2020.acl-main.1"),
        ("@misc{a, title={B}, url={https://doi.org/10.48550/arXiv.2203.15556}}", "arXiv:2203.15556"),
        ("@misc{a, title={B}, url={https://example.org}}", "B"),
    ],
)
def test_a_bibtex_entry_gives_its_best_name(text: str, name: str) -> None:
    assert names("CITATION.bib", text) == [name]


@pytest.mark.parametrize("text", ["@software{a, title={B}}", "@book{a, title={B}}"])
def test_software_and_books_are_no_papers(text: str) -> None:
    assert names("citation.bib", text) == []


def test_a_bibliography_of_many_entries_is_of_other_people() -> None:
    assert names("paper.bib", "".join(ENTRY.format(number) for number in range(3))) == []
    assert names("paper.bib", ENTRY.format(1)) == ["doi:10.5555/1"]


def test_a_file_that_is_no_citation_is_one_problem() -> None:
    with pytest.raises(Malformed, match="without cff-version"):
        names("CITATION.cff", "title: tiny\n")


@pytest.mark.usefixtures("bounded")
def test_fields_without_an_end_cost_no_more_than_their_length() -> None:
    names("citation.bib", "@misc{a,title={" + "title={" * 140_000)
