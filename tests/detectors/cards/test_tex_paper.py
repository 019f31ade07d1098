"""Papers as LaTeX: present with a reason, specific with lines, and silent on what is somebody else's."""

import pytest

from detectors.cards.tex_paper import tex_paper
from inspector.detector import Declared, Format, Found, Said
from inspector.model import Certainty, Claim, Component, Constructs, Count, Issue, Reference, Role, Scope, Span
from sample_bundles.formats.tex_paper import PAPER, PART
from tests import make


def hear(text: str, name: str = "main.tex", role: Role | None = Role.DOCS) -> list[Said]:
    return make.look(tex_paper, name, text, role)


def data(said: list[Said]) -> list[Found]:
    return [item for item in said if isinstance(item, Found) and item.component is Component.DATASETS]


def whole(body: str, title: str = "Foo: A Model") -> str:
    return f"\\documentclass{{article}}\n\\title{{{title}}}\n\\begin{{document}}\n\\begin{{abstract}}x\\end{{abstract}}\n{body}\n\\end{{document}}\n"


def test_a_paper_is_present_by_its_abstract_and_names_the_files_it_is_made_of() -> None:
    form, present, *_ = hear(PAPER)
    assert form == Format("tex")
    assert isinstance(present, Found)
    assert (present.component, present.claim, present.certainty) == (Component.RESEARCH_PAPER, Claim.PRESENT, Certainty.MATCHED)
    assert present.details == Constructs(seen=(Count("input:sections/evaluation", 26),))


def test_what_it_describes_has_the_lines_of_the_section() -> None:
    described = {(item.value, item.span) for item in data(hear(PAPER)) if item.claim is Claim.DESCRIBED}
    assert ("provenance", Span(11, 24)) in described
    assert ("scope", Span(11, 24)) in described
    assert ("processing", Span(25, 29)) in described


def test_a_table_of_sources_with_amounts_counts() -> None:
    seen = [count.name for item in data(hear(PAPER)) if isinstance(item.details, Constructs) for count in item.details.seen]
    assert "sources-with-amounts" in seen


@pytest.mark.parametrize(
    ("title", "component"),
    [
        ("Foo: Technical Report", Component.TECHNICAL_REPORT),
        ("Datasheet for the Foo Corpus", Component.DATA_CARD),
        ("Foo: A Model", Component.RESEARCH_PAPER),
    ],
)
def test_the_title_tells_a_report_from_a_paper_and_a_sheet(title: str, component: Component) -> None:
    present = hear(whole("\\section{A}\nx", title))[1]
    assert isinstance(present, Found)
    assert present.component is component


@pytest.mark.parametrize(
    "text",
    [
        "\\documentclass{letter}\n\\begin{document}\nDear all, we trained on Wikipedia.\n\\end{document}\n",
        "\\documentclass{beamer}\n\\title{Foo}\n\\begin{document}\n\\section{Training Data}\nWikipedia, 3B tokens.\n\\end{document}\n",
    ],
)
def test_letters_and_slides_are_tex_and_nothing_more(text: str) -> None:
    assert hear(text, "talk.tex") == [Format("tex")]


@pytest.mark.parametrize("text", ["not TeX at all\n", "", "% \\documentclass{article}\n", "\\newcommand{\\a}{b}\n"])
def test_what_is_no_latex_is_left_alone(text: str) -> None:
    assert hear(text) == []


def test_a_part_is_read_without_being_called_a_paper() -> None:
    said = hear(
        "\\section{Training Data}\nWe collected text from Wikipedia and removed documents with fewer than 100 words.\n", "sections/data.tex"
    )
    assert said[0] == Format("tex")
    assert not [item for item in said if isinstance(item, Found) and item.claim is Claim.PRESENT]
    assert ("provenance", Claim.DESCRIBED) in {(item.value, item.claim) for item in data(said)}


@pytest.mark.parametrize("text", [PAPER, "\\section{Training Data}\nWe collected text from Wikipedia.\n"])
def test_beside_weights_of_another_name_it_only_mentions(text: str) -> None:
    said = hear(text, role=Role.WEIGHTS)  # the root is called `bundle`
    assert {item.claim for item in data(said)} == {Claim.MENTIONED}
    assert [item.rule for item in said if isinstance(item, Issue)] == ["paper.names-another"]


def test_related_work_experiments_and_evaluations_say_nothing() -> None:
    body = "".join(
        f"\\section{{{name}}}\nIt was trained on Wikipedia with 3B tokens.\n"
        for name in ("Related Work", "Experiments", "Evaluation", "Background")
    )
    assert data(hear(whole(body))) == []


@pytest.mark.parametrize("title", ["Foo-Bench: A Benchmark", "A Survey of Data", "Extracting Training Data from Models", "Evaluating Foo"])
def test_papers_that_measure_survey_or_attack_say_nothing(title: str) -> None:
    assert data(hear(whole("\\section{Training Data}\nWe collected text from Wikipedia with 3B tokens.", title))) == []


def test_what_is_withheld_in_a_paper_is_withheld() -> None:
    said = hear(whole("\\section{Training Data}\nWe do not disclose the sources of our training data."))
    assert [(item.value, item.claim) for item in data(said)] == [("all", Claim.WITHHELD)]


def test_its_own_repositories_and_terms_are_given() -> None:
    code, terms = (
        "Our training code is at \\url{https://github.com/example/foo}.",
        "The model weights are released under the Apache 2.0 license.",
    )
    body = f"\\section{{Release}}\n{code}\n{terms}"
    said = hear(whole(body))
    assert Reference(kind="repository", target="github.com/example/foo") in [item.details for item in said if isinstance(item, Found)]
    assert [item.component for item in said if isinstance(item, Declared)] == [Component.PARAMETERS]


@pytest.mark.parametrize(
    ("sentence", "count"),
    [("Dumps of this corpus are released under CC BY-SA 4.0.", 0), ("Our data, Foo, is released under CC BY 4.0.", 1)],
)
def test_terms_of_data_are_those_of_what_the_title_names(sentence: str, count: int) -> None:
    said = hear(whole(f"\\section{{Training Data}}\n{sentence}"))
    assert len([item for item in said if isinstance(item, Declared) and item.component is Component.DATASETS]) == count


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("This work is licensed under a Creative Commons Attribution 4.0 International License.", [(Component.DATASETS, Scope.FILE)]),
        ("This work is distributed under CC BY-NC 4.0.", [(Component.DATASETS, Scope.FILE)]),
        ("That work is licensed under CC BY 4.0.", []),
    ],
)
def test_the_terms_of_a_paper_are_those_of_what_it_tells(sentence: str, expected: list[tuple[Component, Scope]]) -> None:
    said = hear(whole(f"\\section{{Introduction}}\n{sentence}"))
    assert [(item.component, item.scope) for item in said if isinstance(item, Declared)] == expected


def test_a_paper_that_calls_the_code_this_work_says_nothing_of_itself() -> None:
    said = hear(whole("\\section{Release}\nThis work is licensed under the MIT license."))
    assert Component.DATASETS not in {item.component for item in said if isinstance(item, Declared)}


def test_the_sample_part_says_nothing_of_training_data() -> None:
    assert hear(PART, "sections/evaluation.tex") == [Format("tex")]
