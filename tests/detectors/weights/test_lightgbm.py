"""LightGBM: what is said of a whole model, and of each way in which one can be wrong."""

import pytest

from detectors.weights.lightgbm import lightgbm
from inspector.detector import Format
from inspector.model import Claim, Component, Count, Issue, Severity
from sample_bundles.formats.lightgbm import MODEL, model_text, tree_text
from tests.detectors.weights.damage import cut, flipped
from tests.detectors.weights.hearing import found, hear, rules, weights

TREES = [tree_text(0, 4), tree_text(1, 3)]
WHOLE = MODEL.encode()


def test_a_whole_model_gives_its_trees_and_how_it_was_trained() -> None:
    said, fault = hear(lightgbm, "model.txt", WHOLE)
    assert fault is None
    assert said[0] == Format("lightgbm-text")
    assert len(said) == 4
    details = weights(said)
    assert (details.tensors, details.parameters) == (2, 7 + 5)
    assert details.dtypes == (Count("F64", 12),)
    assert "feature_names" in details.metadata
    assert found(said, Component.ARCHITECTURE, Claim.REFERENCED)[0].value == "gbdt binary sigmoid:1"
    (settings,) = found(said, Component.MODEL_METADATA, Claim.PRESENT)
    assert settings.span is not None
    assert WHOLE[settings.span.start : settings.span.end].startswith(b"parameters:\n[boosting")


def test_the_file_of_training_data_that_it_names_is_a_reference() -> None:
    text = model_text(TREES, parameters={"data": "/home/me/train.csv", "valid": "val.csv"})
    said, _ = hear(lightgbm, "model.txt", text.encode())
    first, second = found(said, Component.DATASETS, Claim.REFERENCED)
    assert (first.value, first.pointer, second.value) == ("/home/me/train.csv", "data", "val.csv")
    assert first.span is not None
    assert text[first.span.start : first.span.end] == "[data: /home/me/train.csv]"


def test_a_model_without_sizes_is_read_tree_by_tree() -> None:
    text = model_text([tree_text(0, 4), tree_text(1, 900)], {"tree_sizes": "", "version": ""})
    said, fault = hear(lightgbm, "model.txt", text.encode())
    assert fault is None
    assert (weights(said).tensors, weights(said).parameters) == (2, 7 + 1799)


def test_the_coefficients_of_linear_trees_count() -> None:
    tree = tree_text(0, 2).replace("is_linear=0\n", "is_linear=1\nleaf_const=1 2\nnum_features=1 2\nleaf_coeff=0.5  0.5 0.25 \n")
    said, fault = hear(lightgbm, "model.txt", model_text([tree]).encode())
    assert (fault, weights(said).parameters) == (None, 3 + 2 + 3)


def test_other_text_is_left_alone() -> None:
    for text in (b"tree\n", b"tree\nof life\n", b"tree\nversion=v4\nroot=1\n"):
        assert hear(lightgbm, "model.txt", text) == ([], None)


@pytest.mark.parametrize(
    ("rule", "severity", "text"),
    [
        ("lightgbm.broken-tree", Severity.HIGH, model_text([tree_text(0, 4).replace("num_leaves=4", "num_leaves=9")])),
        ("lightgbm.broken-tree", Severity.HIGH, model_text([tree_text(0, 4).replace("num_leaves=4", "num_leaves=-4")])),
        ("lightgbm.broken-tree", Severity.HIGH, model_text([tree_text(0, 4).replace("threshold=0.5 ", "threshold=")])),
        ("lightgbm.no-trees", Severity.LOW, model_text([])),
        ("lightgbm.missing-key", Severity.MEDIUM, model_text(TREES, {"feature_infos": ""})),
        ("lightgbm.feature-count", Severity.MEDIUM, model_text(TREES, {"max_feature_idx": "7"})),
        ("lightgbm.trailing-bytes", Severity.MEDIUM, MODEL + "#!/bin/sh\n"),
    ],
)
def test_what_is_readable_but_wrong_is_an_issue(rule: str, severity: Severity, text: str) -> None:
    said, fault = hear(lightgbm, "m.txt", text.encode())
    assert fault is None
    assert [(told.rule, told.severity) for told in said if isinstance(told, Issue)] == [(rule, severity)]


@pytest.mark.parametrize(
    "text",
    [
        model_text(TREES, {"tree_sizes": "99 5"}),
        model_text(TREES, {"tree_sizes": "-1"}),
        model_text(TREES, {"tree_sizes": "9" * 30}),
        model_text(TREES, {"tree_sizes": "999999999999"}),
        model_text(TREES, {"tree_sizes": "1 " * 2_000_000}),
        MODEL.replace("label_index", "num_class"),
        "tree\nnum_class=1\n" + "x" * 20_000_000,
    ],
)
def test_a_header_that_lies_is_refused(text: str) -> None:
    said, fault = hear(lightgbm, "m.txt", text.encode())
    assert said[0] == Format("lightgbm-text")
    assert fault


def test_a_model_cut_among_its_trees_is_said_to_miss_its_end() -> None:
    start, end = WHOLE.index(b"Tree=0"), WHOLE.index(b"end of trees")
    for data in cut(WHOLE, 200):
        said, fault = hear(lightgbm, "m.txt", data)
        if start < len(data) < end:
            assert fault is not None
            assert "truncated" in fault
            assert (
                not found(said, Component.PARAMETERS, Claim.MISSING)
                or found(said, Component.PARAMETERS, Claim.MISSING)[0].value == "truncated"
            )


def test_a_flipped_bit_gives_evidence_or_a_problem() -> None:
    for changed in flipped(WHOLE):
        said, fault = hear(lightgbm, "m.txt", changed)
        assert said or fault is None
        assert all(rule.startswith("lightgbm.") for rule in rules(said))
