"""The scorer: every verdict by its rule, the three grades, and that no evidence of something bad ever makes a grade better."""

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.judgement import Grade, StandardResult, Verdict
from inspector.licensing.licenses import load_licenses
from inspector.licensing.terms import resolve_terms
from inspector.model import Certainty, Claim, Component, Evidence, Scope, Source
from inspector.scoring.catalogue import load_standard
from inspector.scoring.score import judge_standard
from tests import make

ASPECTS = ("provenance", "scope", "collection", "processing", "public-listing", "self-supervised", "no-third-party")
ORDER = (Grade.INCOMPLETE, Grade.TERMS_ONLY, Grade.CONFORMS)
PRESENT, DESCRIBED = Claim.PRESENT, Claim.DESCRIBED


def judged(items: Iterable[Evidence]) -> StandardResult:
    inventory = make.inventory(*items)
    return judge_standard(inventory, resolve_terms(inventory, load_licenses()), load_standard("osaid"))


def whole(weights: str = "Apache-2.0", code: str = "Apache-2.0", data: str = "CC-BY-4.0") -> list[Evidence]:
    """A system that has everything, under the given terms."""
    items = [make.evidence(Component.DATASETS, DESCRIBED, aspect, root="data", path="README.md") for aspect in ASPECTS]
    items.append(make.statement(data, scope=Scope.TREE, source=Source.TEXT, root="data"))
    for component, value in (
        (Component.PREPROCESSING, "processing"),
        (Component.TRAINING, "training"),
        (Component.TRAINING, "settings"),
        (Component.EVALUATION, "evaluation"),
        (Component.SUPPORTING, "requirements"),
        (Component.INFERENCE, "inference"),
        (Component.ARCHITECTURE, "modeling"),
    ):
        items.append(make.evidence(component, PRESENT, value, root="code", path=f"{value}.py"))
    items.append(make.statement(code, scope=Scope.TREE, source=Source.TEXT, root="code"))
    items.append(make.evidence(Component.PARAMETERS, PRESENT, "safetensors", path="model.safetensors"))
    items.append(make.statement(weights, scope=Scope.TREE, source=Source.TEXT))
    return items


def verdict(result: StandardResult, requirement: str) -> Verdict:
    return next(finding.verdict for finding in result.findings if finding.requirement == requirement)


def test_a_system_with_everything_under_approved_terms_conforms() -> None:
    result = judged(whole())
    assert result.grade is Grade.CONFORMS
    assert verdict(result, "osaid.data.labeling") is Verdict.NOT_APPLICABLE
    assert verdict(result, "osaid.parameters.intermediate") is Verdict.ABSENT


@pytest.mark.parametrize(
    ("terms", "requirement"),
    [
        ({"weights": "LicenseRef-scancode-llama-2-license-2023"}, "osaid.parameters.terms"),
        ({"weights": "CC-BY-NC-4.0"}, "osaid.parameters.terms"),
        ({"weights": "LicenseRef-never-heard-of"}, "osaid.parameters.terms"),
        ({"code": "LicenseRef-scancode-llama-2-license-2023"}, "osaid.code.terms"),
        ({"code": "CC-BY-4.0"}, "osaid.code.terms"),
        ({"data": "CC-BY-NC-4.0"}, "osaid.data.terms"),
    ],
)
def test_terms_alone_that_stand_in_the_way_make_it_terms_only(terms: dict[str, str], requirement: str) -> None:
    result = judged(whole(**terms))
    assert (result.grade, verdict(result, requirement)) == (Grade.TERMS_ONLY, Verdict.TERMS)


def test_what_a_restricted_card_says_may_be_said_again_under_approved_terms() -> None:
    items = whole(weights="LicenseRef-scancode-bigscience-rail-1.0")
    items.append(make.evidence(Component.DATASETS, DESCRIBED, "self-supervised", path="README.md"))
    assert verdict(judged(items), "osaid.data.terms") is Verdict.MET
    alone = [item for item in items if not (item.location.root == "data" and item.value == "self-supervised")]
    assert verdict(judged(alone), "osaid.data.terms") is Verdict.TERMS


def test_weights_alone_under_an_open_licence_are_incomplete() -> None:
    result = judged(item for item in whole() if item.location.root == "weights")
    assert result.grade is Grade.INCOMPLETE
    assert [part.verdict for part in result.elements] == [Grade.INCOMPLETE, Grade.INCOMPLETE, Grade.CONFORMS]


def test_nothing_at_all_is_incomplete() -> None:
    assert judged([]).grade is Grade.INCOMPLETE


def test_fine_tuning_code_is_only_part_of_the_training_code() -> None:
    items = [item for item in whole() if item.value != "training"]
    items.append(make.evidence(Component.TRAINING, PRESENT, "fine-tuning", root="code", path="sft.py"))
    assert verdict(judged(items), "osaid.code.training") is Verdict.PARTIAL


def test_training_code_without_settings_is_partial() -> None:
    assert verdict(judged(item for item in whole() if item.value != "settings"), "osaid.code.training") is Verdict.PARTIAL


def test_a_missing_shard_makes_parameters_partial_and_a_pointer_alone_referenced() -> None:
    missing = make.evidence(Component.PARAMETERS, Claim.MISSING, "model-2.safetensors")
    assert verdict(judged([*whole(), missing]), "osaid.parameters.present") is Verdict.PARTIAL
    assert verdict(judged([missing]), "osaid.parameters.present") is Verdict.REFERENCED


def test_an_adapter_is_only_a_part_of_the_parameters() -> None:
    items = [item for item in whole() if item.component is not Component.PARAMETERS]
    items.append(make.evidence(Component.PARAMETERS, PRESENT, "safetensors-adapter"))
    assert verdict(judged(items), "osaid.parameters.present") is Verdict.PARTIAL


def test_vague_words_are_partial_and_a_refusal_spoils_a_description() -> None:
    vague = [item for item in whole() if item.value != "provenance"]
    vague.append(make.evidence(Component.DATASETS, Claim.MENTIONED, "provenance", root="data", path="README.md"))
    assert verdict(judged(vague), "osaid.data.provenance") is Verdict.PARTIAL
    refused = [*whole(), make.evidence(Component.DATASETS, Claim.WITHHELD, "all", root="data", path="README.md")]
    assert verdict(judged(refused), "osaid.data.provenance") is Verdict.PARTIAL


def test_labels_that_are_mentioned_are_not_waved_away_by_a_self_supervised_phase() -> None:
    mentioned = make.evidence(Component.DATASETS, Claim.MENTIONED, "labeling", root="data", path="README.md")
    assert verdict(judged([*whole(), mentioned]), "osaid.data.labeling") is Verdict.PARTIAL


def test_what_no_evidence_decides_is_asked_of_a_person() -> None:
    result = judged(item for item in whole() if item.value != "no-third-party")
    finding = next(item for item in result.findings if item.requirement == "osaid.data.third-party-listing")
    assert (finding.verdict, result.grade) == (Verdict.REVIEW, Grade.INCOMPLETE)
    assert finding.missing.endswith("?")


def test_every_verdict_but_absent_and_unstated_carries_its_evidence() -> None:
    for finding in judged(whole(weights="CC-BY-NC-4.0")).findings:
        assert bool(finding.because) is (finding.verdict is not Verdict.ABSENT)
        assert bool(finding.missing) is (finding.verdict not in (Verdict.MET, Verdict.NOT_APPLICABLE))


def test_satisfied_findings_are_counted_by_what_they_rest_on() -> None:
    counts = {count.name: count.number for count in judged(whole()).rests_on}
    assert counts == {"read": 14, "matched": 3}


GOOD = st.sampled_from(whole())
RESTRICTING = st.sampled_from(["CC-BY-NC-4.0", "LicenseRef-scancode-llama-2-license-2023", "LicenseRef-unheard", "LicenseRef-unknown"])


@given(st.lists(GOOD, unique_by=id))
def test_removing_evidence_never_raises_a_grade(kept: list[Evidence]) -> None:
    assert ORDER.index(judged(kept).grade) <= ORDER.index(judged(whole()).grade)
    if {item.component for item in kept} != {item.component for item in whole()}:
        assert judged(kept).grade is not Grade.CONFORMS


@given(
    st.sampled_from(["weights", "code", "data"]),
    RESTRICTING,
    st.sampled_from([Scope.TREE, Scope.ROOT]),
    st.sampled_from(["LICENSE.txt", "README.md"]),
)
def test_adding_a_restriction_never_raises_a_grade(root: str, expression: str, scope: Scope, path: str) -> None:
    source = Source.TEXT if scope is Scope.TREE else Source.DECLARED
    added = [*whole(), make.statement(expression, scope=scope, source=source, root=root, path=path)]
    assert ORDER.index(judged(added).grade) <= ORDER.index(judged(whole()).grade)


@given(
    st.sampled_from([Claim.MENTIONED, Claim.REFERENCED, Claim.MISSING, Claim.WITHHELD]),
    st.sampled_from(Component),
    st.sampled_from([*ASPECTS, "x"]),
)
def test_claims_of_absence_or_vagueness_never_satisfy_anything(claim: Claim, component: Component, value: str) -> None:
    result = judged([make.evidence(component, claim, value, certainty=Certainty.NAMED)])
    assert not [finding for finding in result.findings if finding.verdict in (Verdict.MET, Verdict.NOT_APPLICABLE)]


def test_weights_made_from_others_whose_training_is_not_here_do_not_conform() -> None:
    items = [*whole(), make.evidence(Component.TRAINING, Claim.MISSING, "the training of a/parent")]
    result = judged(items)
    assert (result.grade, verdict(result, "osaid.code.training")) == (Grade.INCOMPLETE, Verdict.PARTIAL)
