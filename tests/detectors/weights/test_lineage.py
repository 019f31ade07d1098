"""Weights made from others: what the parent was made of counts, unless the parent is here."""

import pytest

from detectors.weights.lineage import lineage
from inspector.detector import Found, Gathered
from inspector.licensing.lineage import last_name
from inspector.model import Claim, Component, FileRecord, Issue, Reference
from tests import make


def told(*roots: str, parent: str = "meta-llama/Llama-2-7b") -> list[Found | Issue]:
    item = make.evidence(Component.PARAMETERS, Claim.DERIVED, parent, path="README.md", details=Reference(kind="model", target=parent))
    files = tuple(FileRecord(root=root, path="x", size=1) for root in ("weights", *roots))
    return list(lineage.compare(Gathered(files, (item,))))


def test_a_parent_that_is_not_here_leaves_training_and_data_missing() -> None:
    training, data, issue = told()
    assert isinstance(training, Found)
    assert isinstance(data, Found)
    assert isinstance(issue, Issue)
    assert (training.component, training.claim) == (Component.TRAINING, Claim.MISSING)
    assert (data.component, data.claim) == (Component.DATASETS, Claim.MISSING)
    assert issue.rule == "lineage.parent-not-here"
    assert "meta-llama/Llama-2-7b" in issue.message


@pytest.mark.parametrize("root", ["Llama-2-7b", "meta-llama/llama-2-7B"])
def test_a_parent_among_the_roots_is_here(root: str) -> None:
    assert told(root) == []


def test_addresses_and_ids_name_the_same_model() -> None:
    assert {last_name(text) for text in ("a/Base", "https://huggingface.co/a/base/", "base", "https://example.com/a/base.git")} == {"base"}
