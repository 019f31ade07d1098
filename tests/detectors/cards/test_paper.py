"""Paper: format by content, meaning by name only."""

import pytest

from detectors.cards.paper import paper
from inspector.detector import Format, Found
from inspector.model import Certainty, Component
from tests import make


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
def test_the_name_tells_what_a_pdf_is(path: str, component: Component) -> None:
    form, found = make.look(paper, path, b"%PDF-1.7\n")
    assert form == Format("pdf")
    assert isinstance(found, Found)
    assert (found.component, found.certainty) == (component, Certainty.NAMED)


def test_a_figure_is_a_pdf_and_nothing_more() -> None:
    assert make.look(paper, "plots/loss.pdf", b"%PDF-1.4\n") == [Format("pdf")]


def test_tex_is_known_by_its_first_command() -> None:
    assert make.look(paper, "paper.tex", "% comment\n\\documentclass{article}\n")[0] == Format("tex")
    assert make.look(paper, "paper.tex", "not TeX\n") == []
