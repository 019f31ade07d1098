"""Shard indexes and part names: what is announced, and what is missing."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors.weights import gguf, lfs_pointer, pickle, safetensors, torch_zip
from detectors.weights.shards import shard_index, shards
from inspector.detector import Format, Found, Gathered
from inspector.errors import Malformed
from inspector.model import Claim, Component, Evidence, FileRecord, Issue, Location, Reference, Severity
from sample_bundles import weights as build
from sample_bundles.weights import Tensor
from tests import make
from tests.detectors.weights.hearing import found, hear, rules

TENSORS = tuple(Tensor(f"model.layers.{number}.weight", "F32", (2, 2)) for number in range(6))
INDEX = "model.safetensors.index.json"
MODEL = build.safetensors_shards(TENSORS, 3)
DETECTORS = (safetensors.safetensors, gguf.gguf, torch_zip.torch_zip, pickle.pickle, lfs_pointer.lfs_pointer, shard_index)


def gather(top: Path, files: Mapping[str, bytes]) -> Gathered:
    """What the detectors of weights say of a directory, as a crosscheck sees it."""
    records: list[FileRecord] = []
    evidence: list[Evidence] = []
    for entry in make.entries(make.tree(top / "bundle", files)):
        with entry.open() as file:
            records.append(FileRecord(root="bundle", path=file.path, size=file.size))
            for item in DETECTORS:
                if item.wants.match_name(file.path) or item.wants.match_head(file.head):
                    try:
                        evidence.extend(as_evidence(told, item.id, file.path) for told in item.look(file) if isinstance(told, Found))
                    except Malformed:
                        continue
    return Gathered(tuple(records), tuple(evidence))


def as_evidence(told: Found, detector: str, path: str) -> Evidence:
    return Evidence(
        component=told.component,
        claim=told.claim,
        value=told.value,
        location=Location(root="bundle", path=f"{path}!/{told.member}" if told.member else path, pointer=told.pointer),
        certainty=told.certainty,
        detector=detector,
        details=told.details,
    )


def compare(top: Path, files: Mapping[str, bytes]) -> tuple[list[str], list[Issue]]:
    """The names of the parts that are missing, and the issues."""
    told = list(shards.compare(gather(top, files)))
    assert all((item.component, item.claim) in shards.emits for item in told if isinstance(item, Found))
    return [item.value for item in told if isinstance(item, Found)], [item for item in told if isinstance(item, Issue)]


def test_an_index_names_its_files_with_the_first_tensor_of_each() -> None:
    said, fault = hear(shard_index, f"unet/{INDEX}", MODEL[INDEX])
    assert fault is None
    assert said[0] == Format("shard-index")
    *named, total = found(said, Component.PARAMETERS, Claim.REFERENCED)
    assert (total.value, total.pointer) == ("96 bytes of tensors", "/metadata/total_size")
    assert [item.value for item in named] == [f"model-0000{number}-of-00003.safetensors" for number in (1, 2, 3)]
    assert named[0].details == Reference(kind="file", target="unet/model-00001-of-00003.safetensors")
    assert named[0].pointer == "/weight_map/model.layers.0.weight"


@pytest.mark.parametrize("name", ["../x.safetensors", "/etc/passwd", "a\\b.bin", "", "x\n.bin"])
def test_an_index_that_leads_out_of_its_directory_is_an_issue(name: str) -> None:
    said, _ = hear(shard_index, INDEX, json.dumps({"weight_map": {"a": name}}).encode())
    assert rules(said) == ["shards.unsafe-name"]
    assert found(said, Component.PARAMETERS, Claim.REFERENCED) == []


def test_other_indexes_are_left_alone() -> None:
    assert hear(shard_index, "pages.index.json", b'{"pages": []}') == ([], None)


@pytest.mark.parametrize(
    "data", [b'{"weight_map": 1}', b'{"weight_map": {"a": 1}}', b'{"weight_map": {"a": "b"}', b'{"weight_map":' + b"[" * 9999]
)
def test_a_broken_index_is_malformed(data: bytes) -> None:
    said, fault = hear(shard_index, INDEX, data)
    assert said == [Format("shard-index")]
    assert fault


@given(cut=st.integers(0, 600), extra=st.binary(max_size=20))
def test_no_index_is_more_than_malformed(cut: int, extra: bytes) -> None:
    said, fault = hear(shard_index, INDEX, MODEL[INDEX][:cut] + extra)
    assert fault is None or said == [Format("shard-index")]


def test_a_whole_model_has_nothing_missing(tmp_path: Path) -> None:
    assert compare(tmp_path, MODEL) == ([], [])


@pytest.mark.parametrize("files", [build.torch_shards(TENSORS, 3), MODEL])
def test_a_missing_part_is_said_with_its_place_in_the_index(tmp_path: Path, files: dict[str, bytes]) -> None:
    gone = min(name for name in files if not name.endswith(".json"))
    index = next(name for name in files if name.endswith(".index.json"))
    names, issues = compare(tmp_path, {name: data for name, data in files.items() if name != gone})
    assert names == [gone]
    assert [(issue.rule, issue.severity) for issue in issues] == [("shards.missing", Severity.HIGH)]
    assert issues[0].locations[0].path == index
    assert "1 of 3" in issues[0].message


def test_a_pointer_in_place_of_a_part_is_missing(tmp_path: Path) -> None:
    gone = "model-00002-of-00003.safetensors"
    assert compare(tmp_path, MODEL | {gone: build.lfs_pointer("0" * 64, 99)})[0] == [gone]


def test_pointers_only_are_all_missing(tmp_path: Path) -> None:
    files = {name: data if name == INDEX else build.lfs_pointer("0" * 64, 99) for name, data in MODEL.items()}
    assert len(compare(tmp_path, files)[0]) == 3


@pytest.mark.parametrize(
    "pattern", ["model-{:05d}-of-{:05d}.safetensors", "model_{:05d}-of-{:05d}.safetensors", "sub/consolidated-{:05d}-of-{:05d}.safetensors"]
)
def test_names_alone_show_what_is_missing(tmp_path: Path, pattern: str) -> None:
    files = build.safetensors_shards(TENSORS, 3, pattern=pattern)
    del files[INDEX], files[pattern.format(2, 3)]
    names, issues = compare(tmp_path, files)
    assert names == [Path(pattern.format(2, 3)).name]
    assert len(issues) == 1


def test_parts_of_a_split_gguf_are_checked_by_name(tmp_path: Path) -> None:
    part = build.gguf_bytes(TENSORS, {"split.no": 0, "split.count": 3})
    assert compare(tmp_path, {"m-00001-of-00003.gguf": part, "m-00003-of-00003.gguf": part})[0] == ["m-00002-of-00003.gguf"]


def test_parts_that_are_counted_from_zero_are_complete(tmp_path: Path) -> None:
    part = build.safetensors_bytes(TENSORS)
    assert compare(tmp_path, {f"m-0000{number}-of-00002.safetensors": part for number in (0, 1)}) == ([], [])


def test_a_name_that_announces_a_million_parts_costs_a_thousand_pieces_of_evidence(tmp_path: Path) -> None:
    names, issues = compare(tmp_path, {"m-000001-of-999999.safetensors": build.safetensors_bytes(TENSORS)})
    assert len(names) == 1000
    assert len(issues) == 1
