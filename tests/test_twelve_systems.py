"""The twelve systems of the Initiative's validation in miniature: every verdict, the weights alone, and what each trap comes out as."""

import datetime as dt
from functools import cache
from pathlib import Path

import pytest

from inspector import inspect, judge
from inspector.audit import Attestation
from inspector.judgement import Grade, Report, Verdict
from inspector.model import Bucket, Claim, Component, Issue, Role
from sample_bundles.build import ATTESTATION, System, all_systems, build, place_roots, twelve_systems

LARGEST = 2**20
TODAY = dt.date(2026, 12, 1)
SYSTEMS = {system.name: system for system in all_systems()}
TWELVE = tuple(system.name for system in twelve_systems())
MET, TERMS, REFERENCED, PARTIAL, ABSENT, NOT_APPLICABLE, REVIEW = Verdict
LETTERS = {"+": MET, "T": TERMS, "R": REFERENCED, "P": PARTIAL, "-": ABSENT, "n": NOT_APPLICABLE, "?": REVIEW}
# By what can be read: + met, n not applicable, T terms, P partial, R referenced, ? review, - absent.
TABLE = """
                       amber crystalcoder olmo pythia t5  bloom falcon starcoder2  grok1 llama2 mixtral phi2
data.provenance          +        +        +     +    +     +     +        +         -     P       -     P
data.scope               +        +        +     +    +     +     +        +         -     +       -     P
data.collection          +        +        +     +    +     +     +        +         -     -       -     P
data.labeling            n        n        n     n    +     n     P        n         -     P       -     P
data.processing          +        +        +     +    +     +     +        +         -     -       -     P
data.public-listing      +        +        +     +    +     +     +        +         -     P       -     P
data.third-party-listing n        n        n     n    n     n     ?        +         -     ?       -     ?
data.terms               +        +        +     +    +     +     +        T         -     T       -     +
code.data-processing     +        +        +     +    +     +     -        +         -     -       -     -
code.training            +        +        +     +    +     +     -        +         -     -       -     -
code.validation          +        +        +     +    +     +     -        +         -     P       -     -
code.supporting          +        +        +     +    +     +     P        +         +     +       P     P
code.inference           +        +        +     +    +     +     R        +         +     +       R     R
code.architecture        +        +        +     +    +     +     +        +         +     +       R     +
code.terms               +        +        +     +    +     +     +        +         +     T       -     +
parameters.present       +        +        +     +    +     +     +        +         +     +       +     +
parameters.terms         +        +        +     +    +     T     T        T         +     T       +     +
parameters.intermediate  -        -        -     -    -     -     -        -         -     -       -     -
"""
INCOMPLETE, TERMS_ONLY, CONFORMS = Grade.INCOMPLETE, Grade.TERMS_ONLY, Grade.CONFORMS
# By reading: the grade, and the elements: data information, code, parameters.
GRADES = {
    **dict.fromkeys(("amber", "crystalcoder", "olmo", "pythia", "t5"), (CONFORMS, CONFORMS, CONFORMS, CONFORMS)),
    "bloom": (TERMS_ONLY, CONFORMS, CONFORMS, TERMS_ONLY),
    "starcoder2": (TERMS_ONLY, TERMS_ONLY, CONFORMS, TERMS_ONLY),
    "falcon": (INCOMPLETE, INCOMPLETE, INCOMPLETE, TERMS_ONLY),
    "llama2": (INCOMPLETE, INCOMPLETE, INCOMPLETE, TERMS_ONLY),
    **dict.fromkeys(("grok1", "mixtral", "phi2"), (INCOMPLETE, INCOMPLETE, INCOMPLETE, CONFORMS)),
}
# What the terms of the weights come to in their own root; data information and code are never there.
RESTRICTED = ("bloom", "falcon", "llama2", "starcoder2")
# Issues above low that belong to a trap: code that runs on loading, and a card that names two licences.
TRAPS = {
    "amber": {"terms.conflict"},
    "crystalcoder": {"config.remote-code"},
    "falcon": {"config.remote-code"},
    "olmo": {"config.remote-code"},
    "phi2": {"config.remote-code"},
}
# Roots of a system that conforms without which it still would: another root says or does the same.
SPARE = {
    "amber": {"AmberDatasets"},
    "crystalcoder": {"Analysis360"},
    "olmo": {"OLMo-7B-hf", "OLMo-7B", "OLMo-Eval"},
    "t5": {"datasets", "c4"},
}
CONFORMING = tuple(name for name in GRADES if GRADES[name][0] is CONFORMS)


@cache
def report_of(name: str, top: Path) -> Report:
    first, others = place_roots(SYSTEMS[name], top)
    return judge(inspect([first], supplements=others, digest=False))


@pytest.fixture(scope="module")
def top(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("twelve")
    for system in SYSTEMS.values():
        build(system, place)
    return place


def roots_of(name: str, top: Path, *, without: str = "") -> list[Path]:
    return [top / name / root.name for root in SYSTEMS[name].roots if root.name != without]


def roles_of(name: str, top: Path) -> list[tuple[Role, Path]]:
    return [(root.role, top / name / root.name) for root in SYSTEMS[name].roots]


def verdicts(report: Report) -> dict[str, Verdict]:
    return {finding.requirement.removeprefix("osaid."): finding.verdict for finding in report.standards[0].findings}


def grades(report: Report) -> tuple[Grade, ...]:
    (result,) = report.standards
    return (result.grade, *(element.verdict for element in result.elements))


def rules(report: Report, *severities: str) -> set[str]:
    return {issue.rule for issue in report.inventory.issues if not severities or issue.severity in severities}


def issues(report: Report, rule: str) -> list[Issue]:
    return [issue for issue in report.inventory.issues if issue.rule == rule]


def expected(name: str) -> dict[str, Verdict]:
    head, *rows = (line.split() for line in TABLE.strip().splitlines())
    return {row[0]: LETTERS[row[1 + head.index(name)]] for row in rows}


@pytest.mark.parametrize("name", TWELVE)
def test_every_requirement_has_the_verdict_of_the_table(name: str, top: Path) -> None:
    report = report_of(name, top)
    found = verdicts(report)
    told = [f"{finding.requirement}: {finding.verdict}: {finding.reason}" for finding in report.standards[0].findings]
    assert found == expected(name), "\n".join(told)
    assert grades(report) == GRADES[name]


@pytest.mark.parametrize("name", TWELVE)
def test_weights_alone_never_conform(name: str, top: Path) -> None:
    alone = judge(inspect(roots_of(name, top)[:1], digest=False))
    parameters = TERMS_ONLY if name in RESTRICTED else CONFORMS
    assert grades(alone) == (INCOMPLETE, INCOMPLETE, INCOMPLETE, parameters)


@pytest.mark.parametrize("name", TWELVE)
def test_a_system_comes_out_as_the_initiative_grouped_it(name: str, top: Path) -> None:
    system = SYSTEMS[name]
    grade = report_of(name, top).standards[0].grade
    if system.attestation:
        assert grade is INCOMPLETE
        attested = Attestation(top / name / ATTESTATION, TODAY)
        grade = judge(report_of(name, top).inventory, attested=attested).standards[0].grade
    assert grade is system.group


@pytest.mark.parametrize(("name", "left_out"), [(name, root.name) for name in CONFORMING for root in SYSTEMS[name].roots])
def test_a_root_that_alone_brings_something_cannot_be_left_out(name: str, left_out: str, top: Path) -> None:
    kept = [(role, path) for role, path in roles_of(name, top) if path.name != left_out]
    report = judge(inspect([kept[0][1]], supplements=kept[1:], digest=False))
    assert (grades(report)[0] is CONFORMS) == (left_out in SPARE.get(name, set()))


@pytest.mark.parametrize("name", TWELVE)
def test_a_system_is_small_healthy_and_raises_what_belongs_to_its_traps(name: str, top: Path) -> None:
    report = report_of(name, top)
    assert sum(path.stat().st_size for path in (top / name).rglob("*") if path.is_file()) < LARGEST
    assert report.inventory.problems == ()
    assert rules(report, "high", "medium") == TRAPS.get(name, set())
    assert rules(report, "high") == set()


def test_there_are_twelve_and_each_has_a_group() -> None:
    assert sorted(TWELVE) == sorted(GRADES) == sorted(TABLE.split("\n")[1].split())
    assert [sum(system.group is grade for system in twelve_systems()) for grade in (CONFORMS, TERMS_ONLY, INCOMPLETE)] == [5, 3, 4]


# ---------------------------------------------------------------- traps


@pytest.mark.parametrize("name", ["pythia", "olmo", "amber", "crystalcoder", "t5"])
def test_terms_in_front_matter_alone_are_terms_and_the_text_is_missed(name: str, top: Path) -> None:
    report = report_of(name, top)
    weights = SYSTEMS[name].roots[0]
    assert not any(path.startswith(("LICENSE", "COPYING")) for path in weights.files)
    assert verdicts(report)["parameters.terms"] is MET
    assert any(weights.name in issue.message for issue in issues(report, "terms.missing-text"))


@pytest.mark.parametrize("name", ["olmo", "crystalcoder", "t5"])
def test_no_intermediate_checkpoint_never_fails(name: str, top: Path) -> None:
    report = report_of(name, top)
    assert verdicts(report)["parameters.intermediate"] in (ABSENT, REFERENCED)
    assert grades(report)[3] is CONFORMS


def test_olmo_an_older_data_sheet_under_other_terms_takes_nothing_from_the_card(top: Path) -> None:
    report = report_of("olmo", top)
    assert {item.value for item in report.inventory.evidence if item.component is Component.DATASETS and item.claim is Claim.LICENSED} == {
        "ODC-By-1.0"
    }
    assert verdicts(report)["data.terms"] is MET


def test_olmo_loading_the_native_weights_runs_three_files_that_only_import_a_package(top: Path) -> None:
    found = issues(report_of("olmo", top), "config.remote-code")
    assert {location.root for issue in found for location in issue.locations} == {"OLMo-7B"}
    assert len(found) == 3
    packages = [item for item in report_of("olmo", top).inventory.evidence if item.value == "package" and item.location.root == "OLMo-7B"]
    assert len(packages) >= 2


def test_amber_a_card_of_the_data_with_two_licences_is_a_conflict_with_both_places(top: Path) -> None:
    (conflict,) = issues(report_of("amber", top), "terms.conflict")
    assert {location.path for location in conflict.locations} == {"README.md"}
    assert {location.root for location in conflict.locations} == {"AmberDatasets"}
    assert "ODC-By-1.0" in conflict.message
    assert "Apache-2.0" in conflict.message


def test_amber_the_branch_of_a_checkpoint_states_no_terms(top: Path) -> None:
    report = report_of("amber_checkpoint", top)
    assert verdicts(report)["parameters.terms"] is TERMS
    assert "no terms are stated" in next(
        item.reason for item in report.standards[0].findings if item.requirement == "osaid.parameters.terms"
    )


def test_crystalcoder_without_the_third_repository_no_code_trains_it(top: Path) -> None:
    report = judge(inspect(roots_of("crystalcoder", top, without="modelzoo"), digest=False))
    assert verdicts(report)["code.training"] is PARTIAL
    assert grades(report)[:1] == (INCOMPLETE,)


def test_crystalcoder_the_vendored_tree_is_listed_with_its_licence_and_trains_nothing(top: Path) -> None:
    report = report_of("crystalcoder", top)
    trees = [item for item in report.inventory.evidence if item.component is Component.SUPPORTING and item.claim is Claim.DERIVED]
    assert [item.value for item in trees] == ["finetune/Megatron-LM"]
    composite = [item for item in report.terms if item.root == "crystalcoder-train" and "BSD-3-Clause" in (item.expression or "")]
    assert {item.bucket for item in composite} == {Bucket.OSI_APPROVED}
    inside = {item.value for item in report.inventory.evidence if item.component is Component.TRAINING and "Megatron" in item.location.path}
    assert "pre-training" not in inside
    assert "training" not in inside


def test_t5_one_set_of_parameters_in_five_formats(top: Path) -> None:
    report = report_of("t5", top)
    found = [
        (item.location.path.split("!/")[0], item.value)
        for item in report.inventory.evidence
        if item.component is Component.PARAMETERS and item.claim is Claim.PRESENT
    ]
    assert sorted(found) == [
        ("flax_model.msgpack", "flax-msgpack"),
        ("model.safetensors", "safetensors"),
        ("pytorch_model.bin", "torch-legacy"),
        ("rust_model.ot", "torch-zip"),
        ("tf_model.h5", "hdf5"),
    ]


def test_t5_labels_apply_to_supervised_sets(top: Path) -> None:
    assert verdicts(report_of("t5", top))["data.labeling"] is MET


@pytest.mark.parametrize("name", ["bloom", "starcoder2"])
def test_open_code_does_not_open_weights_under_rail(name: str, top: Path) -> None:
    report = report_of(name, top)
    weights = SYSTEMS[name].roots[0].name
    (found,) = [item for item in report.terms if item.root == weights and item.component is Component.PARAMETERS]
    assert found.bucket is Bucket.RESTRICTED
    assert verdicts(report)["code.terms"] is MET


def test_starcoder2_a_repository_of_its_name_only_fine_tunes(top: Path) -> None:
    report = judge(inspect(roots_of("starcoder2", top, without="NeMo"), digest=False))
    assert verdicts(report)["code.training"] is PARTIAL


def test_starcoder2_a_gate_on_the_data_stands_in_the_way_of_what_its_card_tells(top: Path) -> None:
    report = report_of("starcoder2", top)
    (reason,) = [item.reason for item in report.standards[0].findings if item.requirement == "osaid.data.terms"]
    assert "the-stack-v2" in reason
    assert "stated-restriction" in reason


def test_falcon_an_address_for_a_licence_a_gate_and_unknown_terms_are_all_seen(top: Path) -> None:
    report = report_of("falcon", top)
    (found,) = [item for item in report.terms if item.root == "falcon-180B" and item.component is Component.PARAMETERS]
    for part in ("LicenseRef-falcon-180b", "LicenseRef-stated-restriction", "LicenseRef-unknown", "LicenseRef-use-policy"):
        assert part in (found.expression or "")
    assert found.bucket is Bucket.RESTRICTED


def test_falcon_the_code_of_an_older_sister_runs_on_loading(top: Path) -> None:
    found = issues(report_of("falcon", top), "config.remote-code")
    assert {location.root for issue in found for location in issue.locations} == {"falcon-40b"}


def test_falcon_its_attestation_answers_only_what_reading_left_open(top: Path) -> None:
    report = judge(report_of("falcon", top).inventory, attested=Attestation(top / "falcon" / ATTESTATION, TODAY))
    (result,) = report.standards
    assert (result.grade, verdicts(report)["parameters.terms"]) == (TERMS_ONLY, TERMS)
    assert all("reading alone gives" in item.reason for item in result.findings if item.attested)
    assert not next(item for item in result.findings if item.requirement == "osaid.data.provenance").attested


def test_grok1_pickles_without_a_suffix_are_weights_and_their_record_is_nothing_to_fear(top: Path) -> None:
    report = report_of("grok1", top)
    present = [item for item in report.inventory.evidence if item.component is Component.PARAMETERS and item.claim is Claim.PRESENT]
    assert {item.value for item in present} == {"pickle"}
    assert len(present) == sum(path.startswith("ckpt-0/") for path in SYSTEMS["grok1"].roots[0].files)
    assert "pickle.unexpected-global" not in rules(report)


def test_phi2_a_summary_by_categories_gives_an_amount_at_most(top: Path) -> None:
    report = report_of("phi2", top)
    card = [
        item for item in report.inventory.evidence if item.location.path == "data_summary_card.md" and item.component is Component.DATASETS
    ]
    assert {item.value for item in card if item.claim is Claim.DESCRIBED} <= {"scope"}
    assert Claim.WITHHELD in {item.claim for item in card}


def test_phi2_the_first_revision_stays_under_its_own_terms(top: Path) -> None:
    report = report_of("phi2_first", top)
    (found,) = [item for item in report.terms if item.component is Component.PARAMETERS]
    assert (found.expression, found.bucket) == ("LicenseRef-scancode-ms-research-license-terms", Bucket.RESTRICTED)


def test_mixtral_two_sets_of_weights_and_perfect_terms_do_not_make_up_for_the_rest(top: Path) -> None:
    report = report_of("mixtral", top)
    present = {item.value for item in report.inventory.evidence if item.component is Component.PARAMETERS and item.claim is Claim.PRESENT}
    assert present == {"safetensors", "torch-zip"}
    assert grades(report) == GRADES["mixtral"]


def test_no_sample_is_tied_to_one_that_is_not_of_the_twelve() -> None:
    others = {name for name, system in SYSTEMS.items() if system.group is None}
    assert others == {"amber_checkpoint", "damaged", "empty", "formats", "gallery", "phi2_first", "traps"}
    assert isinstance(SYSTEMS["amber_checkpoint"], System)
