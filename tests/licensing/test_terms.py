"""Which statement governs what: reach, precedence, conflict, and the mistakes that must never be made."""

import pytest

from inspector.judgement import Resolution
from inspector.licensing.licenses import load_licenses
from inspector.licensing.terms import resolve_terms
from inspector.model import CODE, Bucket, Claim, Component, Evidence, Scope, Source
from tests import make

TREE, ROOT, FILE, SYSTEM = Scope.TREE, Scope.ROOT, Scope.FILE, Scope.SYSTEM
LLAMA2 = "LicenseRef-scancode-llama-2-license-2023"


def weights(path: str = "model.safetensors", root: str = "weights") -> Evidence:
    return make.evidence(Component.PARAMETERS, Claim.PRESENT, "safetensors", root=root, path=path)


def training(path: str = "train.py", root: str = "code") -> Evidence:
    return make.evidence(Component.TRAINING, Claim.PRESENT, "training", root=root, path=path)


def described(path: str = "README.md", root: str = "data") -> Evidence:
    return make.evidence(Component.DATASETS, Claim.DESCRIBED, "provenance", root=root, path=path)


def card(text: str, component: Component = Component.PARAMETERS, root: str = "weights", link: str | None = None) -> Evidence:
    return make.statement(text, scope=ROOT, source=Source.DECLARED, component=component, root=root, path="README.md", link=link)


def text(expression: str, path: str = "LICENSE", root: str = "weights", component: Component = Component.UNSPECIFIED) -> Evidence:
    return make.statement(expression, scope=TREE, source=Source.TEXT, root=root, path=path, component=component)


def header(expression: str, path: str = "train.py", root: str = "code") -> Evidence:
    return make.statement(expression, scope=FILE, source=Source.HEADER, root=root, path=path)


def prose(expression: str, component: Component, root: str = "code") -> Evidence:
    scope = ROOT if component in CODE else SYSTEM
    return make.statement(expression, scope=scope, source=Source.PROSE, component=component, root=root, path="README.md")


def resolved(*items: Evidence) -> list[tuple[str, str, str | None, Bucket, bool]]:
    resolutions = resolve_terms(make.inventory(*items), load_licenses()).resolutions
    return [(item.component, item.root, item.expression, item.bucket, item.conflict) for item in resolutions]


def only(*items: Evidence) -> Resolution:
    (resolution,) = resolve_terms(make.inventory(*items), load_licenses()).resolutions
    return resolution


@pytest.mark.parametrize(
    ("case", "items", "expression", "bucket", "conflict"),
    [
        ("a card alone states the terms", (weights(), card("Apache-2.0")), "Apache-2.0", Bucket.OSI_APPROVED, False),
        ("a licence file beside the weights states them", (weights(), text("MIT")), "MIT", Bucket.OSI_APPROVED, False),
        ("no statement at all leaves them unstated", (weights(),), None, Bucket.UNSTATED, False),
        ("card and text agree", (weights(), card(LLAMA2), text(LLAMA2)), LLAMA2, Bucket.RESTRICTED, False),
        ("an alias agrees with its text", (weights(), card("GPL-3.0"), text("GPL-3.0-only")), None, Bucket.OSI_APPROVED, False),
        ("card says open, text says restricted", (weights(), card("Apache-2.0"), text(LLAMA2)), None, Bucket.RESTRICTED, True),
        ("two open licences still contradict each other", (weights(), card("MIT"), text("Apache-2.0")), None, Bucket.OSI_APPROVED, True),
        (
            "an id may name a part of a composite text",
            (weights(), card("Apache-2.0"), text("Apache-2.0 AND MIT")),
            None,
            Bucket.OSI_APPROVED,
            False,
        ),
        (
            "the file's own metadata must agree too",
            (weights(), card("MIT"), header(LLAMA2, "model.safetensors", "weights")),
            None,
            Bucket.RESTRICTED,
            True,
        ),
        ("the code root's licence does not reach the weights", (weights(), text("MIT", root="code")), None, Bucket.UNSTATED, False),
        (
            "a sentence in the code root that names the models does",
            (weights(), prose("Apache-2.0", Component.PARAMETERS)),
            "Apache-2.0",
            Bucket.OSI_APPROVED,
            False,
        ),
        ("a sentence that names the code does not", (weights(), prose("MIT", Component.UNSPECIFIED)), None, Bucket.UNSTATED, False),
        (
            "a sentence against the card is a conflict",
            (weights(), card(LLAMA2), prose("MIT", Component.PARAMETERS)),
            None,
            Bucket.RESTRICTED,
            True,
        ),
        (
            "LICENSE-MODEL beats LICENSE for weights",
            (weights(), text("MIT"), text(LLAMA2, "LICENSE-MODEL", component=Component.PARAMETERS)),
            LLAMA2,
            Bucket.RESTRICTED,
            False,
        ),
        (
            "a nearer licence file beats a farther one",
            (weights("sub/model.bin"), text("MIT"), text(LLAMA2, "sub/LICENSE")),
            LLAMA2,
            Bucket.RESTRICTED,
            False,
        ),
        ("an unknown id is never approved", (weights(), card("LicenseRef-unknown")), "LicenseRef-unknown", Bucket.UNKNOWN, False),
        (
            "an unknown id beside a text leaves the text",
            (weights(), card("LicenseRef-unknown"), text("MIT")),
            "MIT",
            Bucket.OSI_APPROVED,
            False,
        ),
        (
            "a link leads to the file it names",
            (weights(), card("LicenseRef-unknown", link="LICENSE"), text(LLAMA2)),
            LLAMA2,
            Bucket.RESTRICTED,
            False,
        ),
        (
            "text that nothing explains is never approved",
            (weights(), text("MIT AND LicenseRef-unexplained-text")),
            None,
            Bucket.UNKNOWN,
            False,
        ),
    ],
)
def test_terms_of_parameters(case: str, items: tuple[Evidence, ...], expression: str | None, bucket: Bucket, conflict: bool) -> None:
    found = only(*items)
    assert (case, found.bucket, found.conflict) == (case, bucket, conflict)
    if expression is not None or bucket is Bucket.UNSTATED:
        assert found.expression == expression


def test_a_use_policy_beside_an_open_licence_restricts_it() -> None:
    policy = make.statement("LicenseRef-use-policy", scope=TREE, source=Source.POLICY, path="USE_POLICY.md")
    found = only(weights(), card("Apache-2.0"), policy)
    assert found.expression == "Apache-2.0 AND LicenseRef-use-policy"
    assert found.bucket not in (Bucket.OSI_APPROVED, Bucket.FREE)


def test_a_notice_neither_grants_nor_contradicts() -> None:
    notice = make.statement("GPL-2.0-only", scope=TREE, source=Source.NOTICE, path="NOTICE")
    assert only(weights(), card("Apache-2.0"), notice).expression == "Apache-2.0"
    assert only(weights(), notice).bucket is Bucket.UNSTATED


def test_a_header_beats_the_licence_file_for_its_own_file_only() -> None:
    items = (training("a.py"), training("b.py"), header("BSD-3-Clause", "a.py"), text("Apache-2.0", root="code"))
    assert resolved(*items) == [
        ("training-code", "code", "BSD-3-Clause", Bucket.OSI_APPROVED, False),
        ("training-code", "code", "Apache-2.0", Bucket.OSI_APPROVED, False),
    ]


def test_a_vendored_tree_keeps_its_own_licence() -> None:
    items = (training("train.py"), training("vendor/x/train.py"), text("MIT", root="code"), text(LLAMA2, "vendor/x/LICENSE", root="code"))
    assert {(expression, bucket) for _, _, expression, bucket, _ in resolved(*items)} == {
        ("MIT", Bucket.OSI_APPROVED),
        (LLAMA2, Bucket.RESTRICTED),
    }


def test_code_beside_weights_is_governed_by_the_card_when_nothing_is_nearer() -> None:
    assert only(training("modeling.py", root="weights"), card("Apache-2.0")).expression == "Apache-2.0"


def test_two_licence_files_side_by_side_both_apply() -> None:
    found = only(training(), text("MIT", "LICENSE-MIT", "code"), text("Apache-2.0", "LICENSE-APACHE", "code"))
    assert (found.expression, found.conflict) == ("Apache-2.0 AND MIT", False)


def test_a_data_card_whose_body_disagrees_with_its_front_matter_is_a_conflict() -> None:
    front = make.statement("ODC-By-1.0", scope=ROOT, source=Source.DECLARED, component=Component.DATASETS, root="data", path="README.md")
    body = prose("Apache-2.0", Component.DATASETS, root="data")
    terms = resolve_terms(make.inventory(described(), front, body), load_licenses())
    assert [item.conflict for item in terms.resolutions] == [True]
    assert [issue.rule for issue in terms.issues] == ["terms.conflict"]
    assert {place.path for place in terms.issues[0].locations} == {"README.md"}


def test_a_conflict_between_open_and_restricted_is_high_and_names_both_places() -> None:
    terms = resolve_terms(make.inventory(weights(), card("Apache-2.0"), text(LLAMA2)), load_licenses())
    assert [(issue.severity, [place.path for place in issue.locations]) for issue in terms.issues] == [("high", ["LICENSE", "README.md"])]


def test_a_family_beside_its_exact_licence_says_only_less() -> None:
    found = only(weights(), card("LicenseRef-vague-apache"), text("Apache-2.0"))
    assert (found.expression, found.conflict) == ("Apache-2.0", False)


def test_a_family_beside_another_licence_contradicts_it_and_alone_is_never_approved() -> None:
    assert only(weights(), card("LicenseRef-vague-gpl"), text("MIT")).conflict
    assert only(weights(), card("LicenseRef-vague-apache")).bucket is Bucket.UNKNOWN


def test_a_licence_file_that_nobody_can_make_out_is_not_passed_over_for_an_id() -> None:
    found = only(weights(), card("Apache-2.0"), text("LicenseRef-unknown"))
    assert (found.bucket, found.conflict) == (Bucket.UNKNOWN, False)


def test_a_use_policy_anywhere_in_the_root_of_the_weights_restricts_them() -> None:
    policy = make.statement("LicenseRef-use-policy", scope=TREE, source=Source.POLICY, path="docs/USE_POLICY.md")
    assert only(weights(), card("Apache-2.0"), policy).expression == "Apache-2.0 AND LicenseRef-use-policy"


def test_a_sentence_alone_is_no_licence_of_code() -> None:
    said = prose("MIT", Component.TRAINING)
    assert (only(training(), said).expression, only(training(), said).bucket) == ("MIT", Bucket.UNKNOWN)
    assert only(training(), said, text("MIT", root="code")).bucket is Bucket.OSI_APPROVED
