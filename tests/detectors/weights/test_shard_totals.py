"""Totals of shards: tensors that are not as many bytes as the index says, and parts that nobody announced."""

import json
from pathlib import Path

import pytest

from detectors.weights.shard_totals import shard_totals
from inspector.model import Issue, Severity
from sample_bundles import weights as build
from sample_bundles.weights import Tensor
from tests.detectors.weights.test_shards import INDEX, MODEL, TENSORS, gather

PART = build.safetensors_bytes([Tensor("other.weight", "F32", (2, 2))])


def judge(top: Path, files: dict[str, bytes]) -> list[Issue]:
    told = list(shard_totals.compare(gather(top, files)))
    assert all(isinstance(item, Issue) for item in told)
    return [item for item in told if isinstance(item, Issue)]


def with_total(total: object) -> dict[str, bytes]:
    return MODEL | {INDEX: json.dumps(json.loads(MODEL[INDEX]) | {"metadata": {"total_size": total}}).encode()}


BYTES = sum(4 * 4 for _ in TENSORS)


@pytest.mark.parametrize("total", [BYTES, float(BYTES), None, "many", True, -1, 1 << 80])
def test_a_total_that_fits_or_is_none_is_no_issue(tmp_path: Path, total: object) -> None:
    assert judge(tmp_path, with_total(total)) == []


@pytest.mark.parametrize(("total", "severity"), [(BYTES + 1, Severity.MEDIUM), (BYTES - 1, Severity.LOW)])
def test_a_total_that_does_not_fit_is_an_issue(tmp_path: Path, total: int, severity: Severity) -> None:
    (issue,) = judge(tmp_path, with_total(total))
    assert (issue.rule, issue.severity, issue.locations[0].pointer) == ("shards.total-size", severity, "/metadata/total_size")
    assert f"{BYTES:,}" in issue.message


def test_a_missing_part_is_no_matter_of_totals(tmp_path: Path) -> None:
    files = with_total(BYTES + 1)
    del files["model-00002-of-00003.safetensors"]
    assert judge(tmp_path, files) == []


@pytest.mark.parametrize("name", ["model-00004-of-00003.safetensors", "model-00001-of-00002.safetensors"])
def test_a_part_beside_an_index_that_does_not_name_it_is_an_issue(tmp_path: Path, name: str) -> None:
    (issue,) = judge(tmp_path, MODEL | {name: PART})
    assert (issue.rule, [place.path for place in issue.locations]) == ("shards.extra", [name])


@pytest.mark.parametrize("name", ["model-00001-of-00002.fp16.safetensors", "vae/model-00001-of-00002.safetensors", "model.safetensors"])
def test_parts_of_other_models_are_not_extra(tmp_path: Path, name: str) -> None:
    assert judge(tmp_path, MODEL | {name: PART}) == []


def test_a_number_above_the_count_is_an_issue_without_an_index(tmp_path: Path) -> None:
    files = {name: data for name, data in MODEL.items() if name != INDEX} | {"model-00005-of-00003.safetensors": PART}
    assert [issue.rule for issue in judge(tmp_path, files)] == ["shards.extra"]
