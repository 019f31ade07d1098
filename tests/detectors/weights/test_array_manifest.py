"""Manifests of raw arrays: what they describe, and records that do not fit."""

import json
from collections.abc import Mapping

import pytest

from detectors.weights.array_manifest import array_manifest
from inspector.detector import Format
from inspector.model import Claim, Component, Count, Stored
from sample_bundles.formats.array_manifest import ENTRIES, MANIFEST, SHARD
from tests.detectors.weights.hearing import found, hear, rules, survive, weights


def written(entries: list[dict[str, object]], **shard: object) -> bytes:
    return json.dumps({"records": [SHARD | {"records": entries} | shard]}).encode()


def changed(number: int, values: Mapping[str, object]) -> list[dict[str, object]]:
    return [dict(entry, **values) if place == number else dict(entry) for place, entry in enumerate(ENTRIES)]


def test_the_arrays_and_the_file_beside_are_said() -> None:
    said, fault = hear(array_manifest, "m/ndarray-cache.json", json.dumps(MANIFEST).encode())
    assert (fault, rules(said), said[0]) == (None, [], Format("array-manifest"))
    assert weights(said).dtypes == (Count("F16", 4), Count("F32 as f32-to-bf16", 4), Count("U32", 8))
    (beside,) = found(said, Component.PARAMETERS, Claim.REFERENCED)
    assert beside.details == Stored(files=("m/params_shard_0.bin",), size=48, whole=True)


@pytest.mark.parametrize(
    ("rule", "data"),
    [
        ("array-manifest.size-mismatch", written(changed(0, {"shape": [4, 3]}))),
        ("array-manifest.outside", written(changed(2, {"nbytes": 9}))),
        ("array-manifest.overlap", written(changed(1, {"byteOffset": 30}), nbytes=48)),
        ("array-manifest.hole", written(changed(2, {"byteOffset": 60}), nbytes=80)),
        ("array-manifest.unsafe-name", written(changed(0, {}), dataPath="../params.bin")),
    ],
)
def test_what_is_readable_but_wrong_is_an_issue(rule: str, data: bytes) -> None:
    said, fault = hear(array_manifest, "ndarray-cache.json", data)
    assert fault is None
    assert rule in rules(said)


@pytest.mark.parametrize(
    "data", [b'{"records": 5}', b'{"records": [{"a": 1}]}', b'{"records": [', written(changed(0, {"nbytes": -1})), b'{"records": []} x']
)
def test_what_is_no_manifest_is_a_problem(data: bytes) -> None:
    said, fault = hear(array_manifest, "ndarray-cache.json", data)
    assert said == [Format("array-manifest")]
    assert fault is not None


def test_other_files_are_left_alone_and_damage_is_no_crash() -> None:
    assert hear(array_manifest, "ndarray-cache.json", b"{}") == ([], None)
    survive(array_manifest, "ndarray-cache.json", json.dumps(MANIFEST).encode())
