"""Ladders: classes are cumulative, one thing may stand in for another, and less evidence never leads higher. The framework's classes by evidence."""

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.judgement import Finding, Grade, Ladder, StandardResult, Verdict
from inspector.licensing.licenses import load_licenses
from inspector.licensing.terms import resolve_terms
from inspector.model import Certainty, Claim, Component, Evidence, Scope, Source
from inspector.scoring.catalogue import load_standard
from inspector.scoring.ladder import Held, Step, climb, satisfies
from inspector.scoring.score import judge_standard
from tests import make

STEPS = (Step("low", "Low", ("a", "b")), Step("high", "High", ("c", "paper")))
CODE = (
    (Component.ARCHITECTURE, "modeling"),
    (Component.TRAINING, "training"),
    (Component.INFERENCE, "inference"),
    (Component.EVALUATION, "evaluation"),
    (Component.PREPROCESSING, "processing"),
)
DOCUMENTS = (Component.MODEL_CARD, Component.DATA_CARD, Component.TECHNICAL_REPORT, Component.EVALUATION_RESULTS, Component.RESEARCH_PAPER)
DATA = (Component.EVALUATION_DATA, Component.DATASETS)
MOF = load_standard("mof")


def whole(
    code: str = "Apache-2.0", weights: str = "Apache-2.0", documents: str = "CC-BY-4.0", data: str = "CDLA-Permissive-2.0"
) -> list[Evidence]:
    """A system with all that Class I asks for, under the given terms."""
    items = [make.evidence(part, Claim.PRESENT, value, root="code", path=f"{value}.py") for part, value in CODE]
    items += [make.evidence(part, Claim.PRESENT, "text", root="docs", path=f"{part}.md") for part in DOCUMENTS]
    items += [make.evidence(part, Claim.PRESENT, "rows", root="data", path=f"{part}.parquet") for part in DATA]
    items.append(make.evidence(Component.PARAMETERS, Claim.PRESENT, "safetensors", path="model.safetensors"))
    items.append(make.evidence(Component.CHECKPOINTS, Claim.PRESENT, "safetensors", path="step1/model.safetensors"))
    for root, terms in (("code", code), ("docs", documents), ("data", data), ("weights", weights)):
        items.append(make.statement(terms, scope=Scope.TREE, source=Source.TEXT, root=root))
    return items


def judged(items: Iterable[Evidence]) -> StandardResult:
    inventory = make.inventory(*items)
    asked = frozenset(selector.component for rule in MOF.requirements if rule.terms for selector in rule.terms.of)
    return judge_standard(inventory, resolve_terms(inventory, load_licenses(), asked), MOF)


def ladder(items: Iterable[Evidence]) -> Ladder:
    found = judged(items).ladder
    assert found is not None
    return found


def height(items: Iterable[Evidence]) -> int:
    return sum(rung.complete for rung in ladder(items).rungs)


def finding(result: StandardResult, requirement: str) -> Finding:
    return next(item for item in result.findings if item.requirement == requirement)


def without(*parts: Component) -> list[Evidence]:
    return [item for item in whole() if item.component not in parts or item.claim is Claim.LICENSED]


def test_everything_under_terms_that_fit_is_class_one() -> None:
    result = judged(whole())
    assert result.ladder is not None
    assert (result.grade, result.ladder.title) == (Grade.CONFORMS, "Class I - Open Science Model")
    assert [(rung.included, rung.required, rung.percent) for rung in result.ladder.rungs] == [(6, 6, 100), (10, 10, 100), (14, 14, 100)]


def test_classes_are_cumulative_and_a_class_above_one_that_is_not_complete_counts_nothing() -> None:
    found = ladder(without(Component.MODEL_CARD))
    assert (found.reached, found.title) == (None, "No class")
    assert [rung.percent for rung in found.rungs] == [83.3, 0, 0]
    assert [rung.missing for rung in found.rungs] == [("mof.model-card",)] * 3


def test_a_class_in_between_is_reached() -> None:
    result = judged(without(Component.DATASETS, Component.CHECKPOINTS))
    assert result.ladder is not None
    assert (result.ladder.reached, result.grade) == ("ii", Grade.INCOMPLETE)
    assert result.reason.startswith("Class II - Open Tooling Model; of what Class I - Open Science Model requires, 12 of 14")


@pytest.mark.parametrize(
    ("missing", "counts"),
    [
        (Component.TECHNICAL_REPORT, [(6, 6), (10, 10), (13, 13)]),
        (Component.RESEARCH_PAPER, [(6, 6), (10, 10), (13, 13)]),
    ],
)
def test_report_and_paper_stand_in_for_each_other_and_count_once(missing: Component, counts: list[tuple[int, int]]) -> None:
    items = without(missing)
    assert [(rung.included, rung.required) for rung in ladder(items).rungs] == counts
    assert "stands in for it" in finding(judged(items), f"mof.{missing}").reason


def test_with_neither_report_nor_paper_nothing_stands_in() -> None:
    found = ladder(without(Component.TECHNICAL_REPORT, Component.RESEARCH_PAPER))
    assert [(rung.included, rung.required) for rung in found.rungs] == [(5, 6), (9, 10), (12, 14)]


@pytest.mark.parametrize(
    ("terms", "requirement", "reached"),
    [
        ({"weights": "LicenseRef-scancode-llama-2-license-2023"}, "mof.parameters-final", None),
        ({"weights": "LicenseRef-never-heard-of"}, "mof.parameters-final", None),
        ({"documents": "CC-BY-ND-4.0"}, "mof.model-card", None),
        ({"code": "CC-BY-4.0"}, "mof.architecture", None),
        ({"data": "CC-BY-NC-4.0"}, "mof.evaluation-data", "iii"),
    ],
)
def test_what_is_there_under_terms_that_do_not_fit_is_not_included(terms: dict[str, str], requirement: str, reached: str | None) -> None:
    result = judged(whole(**terms))
    assert result.ladder is not None
    assert (finding(result, requirement).verdict, result.ladder.reached) == (Verdict.TERMS, reached)
    assert requirement in result.ladder.rungs[-1].unfit
    assert requirement not in result.ladder.rungs[-1].missing


def test_what_the_tool_would_let_pass_is_said_and_changes_nothing() -> None:
    reason = finding(judged(whole(code="CC-BY-4.0")), "mof.training-code").reason
    assert reason.endswith("which the wider test of the Model Openness Tool lets pass")


def test_what_has_no_terms_is_not_included() -> None:
    items = [item for item in whole() if not (item.claim is Claim.LICENSED and item.location.root == "docs")]
    assert finding(judged(items), "mof.model-card").reason.endswith("no terms are stated for model-card in docs (1 file)")


def test_one_document_under_terms_that_fit_is_enough_and_of_code_all_files_count() -> None:
    card = make.evidence(Component.MODEL_CARD, Claim.PRESENT, "text", root="more", path="README.md")
    code = make.evidence(Component.TRAINING, Claim.PRESENT, "training", root="more", path="train.py")
    assert height([*whole(), card]) == 3
    assert height([*whole(), code]) == 1


def test_a_model_card_that_describes_sources_scope_and_processing_is_a_data_card() -> None:
    told = [
        make.evidence(Component.DATASETS, Claim.DESCRIBED, aspect, root="docs", path="model-card.md") for aspect in ("provenance", "scope")
    ]
    assert finding(judged([*without(Component.DATA_CARD), *told]), "mof.data-card").verdict is Verdict.PARTIAL
    told.append(make.evidence(Component.DATASETS, Claim.DESCRIBED, "processing", root="docs", path="model-card.md"))
    assert finding(judged([*without(Component.DATA_CARD), *told]), "mof.data-card").verdict is Verdict.MET


def test_a_document_that_is_known_by_its_name_only_counts_in_part() -> None:
    named = make.evidence(Component.MODEL_CARD, Claim.PRESENT, "pdf", root="docs", path="model_card.pdf", certainty=Certainty.NAMED)
    assert finding(judged([*without(Component.MODEL_CARD), named]), "mof.model-card").verdict is Verdict.PARTIAL


def test_a_rung_that_is_required_is_that_one_at_least() -> None:
    second, third = judged(without(Component.DATASETS)), judged(without(Component.EVALUATION))
    assert [satisfies(second, rung) for rung in (None, "iii", "ii", "i")] == [True, True, True, False]
    assert [satisfies(third, rung) for rung in (None, "iii", "ii", "i")] == [True, True, False, False]
    assert not satisfies(judged([]))


@given(st.lists(st.sampled_from(whole()), unique_by=id))
def test_removing_evidence_never_raises_a_class(kept: list[Evidence]) -> None:
    assert height(kept) <= height(whole())


@given(st.lists(st.sampled_from(whole()), unique_by=id))
def test_removing_what_is_there_never_raises_a_class(kept: list[Evidence]) -> None:
    terms = [item for item in whole() if item.claim is Claim.LICENSED]
    there = [item for item in kept if item.claim is not Claim.LICENSED]
    for place in range(len(there)):
        assert height([*there[:place], *there[place + 1 :], *terms]) <= height([*there, *terms])


@given(st.sets(st.sampled_from("ab")), st.sets(st.sampled_from(["c", "paper", "a"])), st.booleans())
def test_holding_more_never_leads_lower(some: set[str], more: set[str], instead: bool) -> None:
    stand_ins = {"a": "paper"} if instead else {}

    def reached(good: set[str]) -> int:
        return sum(rung.complete for rung in climb(STEPS, Held(frozenset(good), frozenset(), stand_ins), "none").rungs)

    assert reached(some) <= reached(some | more)
