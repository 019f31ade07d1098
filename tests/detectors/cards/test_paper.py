"""Papers as PDF: what they are has a reason, what they say has a page, and what cannot be read is one line."""

import pytest

from detectors.cards.paper import paper
from inspector.detector import Declared, Format, Found, Said
from inspector.model import Certainty, Claim, Component, Issue, Role
from sample_bundles.formats.paper import FILES, PAGES
from sample_bundles.pdf import pdf_bytes
from tests import make
from tests.detectors.weights import hearing


def hear(data: bytes, name: str = "x.pdf", role: Role | None = Role.DOCS) -> list[Said]:
    return make.look(paper, name, data, role)


def found(said: list[Said], component: Component = Component.DATASETS) -> dict[str, Found]:
    return {item.value: item for item in said if isinstance(item, Found) and item.component is component and item.claim is not Claim.NAMED}


@pytest.mark.parametrize(
    ("path", "component"),
    [
        ("paper.pdf", Component.RESEARCH_PAPER),
        ("docs/2304.01373v2.pdf", Component.RESEARCH_PAPER),
        ("tech-report.pdf", Component.TECHNICAL_REPORT),
        ("foo_technical_report.pdf", Component.TECHNICAL_REPORT),
        ("datasheet.pdf", Component.DATA_CARD),
    ],
)
def test_the_name_tells_what_a_pdf_is_that_says_nothing(path: str, component: Component) -> None:
    form, item = make.look(paper, path, pdf_bytes([["Nothing in particular is said here."]]))
    assert form == Format("pdf")
    assert isinstance(item, Found)
    assert (item.component, item.certainty) == (component, Certainty.NAMED)


@pytest.mark.parametrize("name", list(FILES))
def test_a_report_describes_its_data_with_pages(name: str) -> None:
    said = hear(FILES[name])
    assert Component.TECHNICAL_REPORT in {item.component for item in said if isinstance(item, Found)}
    data = found(said)
    assert {aspect: item.claim for aspect, item in data.items()} == dict.fromkeys(
        ("provenance", "scope", "collection", "processing"), Claim.DESCRIBED
    )
    assert {item.pointer for item in data.values()} == {"/pages/2"}
    assert all(item.span is None for item in data.values())


def test_numbers_of_an_evaluation_are_no_training_data() -> None:
    assert "14,000" not in " ".join(item.excerpt or "" for item in hear(FILES["report.pdf"]) if isinstance(item, Found))


def test_an_abstract_with_an_introduction_makes_a_paper() -> None:
    pages = [["Some Words on a Model", "Abstract", "We train.", "1 Introduction", "Words."]]
    assert "pdf" in found(hear(pdf_bytes(pages)), Component.RESEARCH_PAPER)


@pytest.mark.parametrize(
    "lines", [["Invoice 7", "Total: 3B tokens of training data from Wikipedia"], ["Loss", "0.1", "0.2"], ["License Agreement", "Terms"]]
)
def test_what_nothing_calls_a_paper_is_a_pdf_and_nothing_more(lines: list[str]) -> None:
    assert hear(pdf_bytes([lines])) == [Format("pdf")]


def test_a_paper_on_another_model_only_mentions() -> None:
    data = FILES["report.pdf"]
    said = make.look(paper, "report.pdf", data)  # the root is called `bundle`
    assert {item.claim for item in found(said).values()} == {Claim.MENTIONED}
    assert [item.rule for item in said if isinstance(item, Issue)] == ["paper.names-another"]


def test_a_benchmark_says_nothing_of_training_data() -> None:
    pages = (("Tiny-Bench: A Benchmark for Models", *PAGES[0][1:]), PAGES[1])
    said = hear(pdf_bytes(pages, title="Tiny-Bench: A Benchmark for Models"))
    assert found(said) == {}


def test_terms_of_a_paper_have_a_page_too() -> None:
    pages = (*PAGES, ("4 Release", "The model weights are released under the Apache 2.0 license."))
    terms = [item for item in hear(pdf_bytes(pages)) if isinstance(item, Declared)]
    assert terms
    assert {(item.pointer, item.span) for item in terms} == {("/pages/3", None)}


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (pdf_bytes([["x"]], encrypted=True), "encrypted"),
        (b"%PDF-1.7\n", "no PDF that can be read"),
        (pdf_bytes([[], []]), "its 2 pages hold images and no text"),
        (
            pdf_bytes([["words of a paper"], ["a" * 100] * 11_000], flate=True),
            "1 of its 2 pages could not be read, the first of them page 2",
        ),
    ],
)
def test_what_cannot_be_read_is_one_line_and_the_paper_is_still_there(data: bytes, reason: str) -> None:
    said, told = hearing.hear(paper, "paper.pdf", data)
    assert told
    assert told.startswith(reason)
    assert said[0] == Format("pdf")
    assert isinstance(said[1], Found)
    assert said[1].component is Component.RESEARCH_PAPER
