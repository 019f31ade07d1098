"""Digests in names: held against the files, and nothing else taken for one."""

from hashlib import sha256
from pathlib import Path

import pytest

from inspector import inspect
from sample_bundles.weights import Tensor, torch_zip_bytes
from tests import make

WEIGHTS = torch_zip_bytes([Tensor("a.weight", "F32", (4, 4))], "archive")
DIGEST = sha256(WEIGHTS).hexdigest()


def rules(top: Path, name: str, *, digest: bool = True) -> list[str]:
    return [issue.rule for issue in inspect([make.tree(top / "hub" / "checkpoints", {name: WEIGHTS})], digest=digest).issues]


@pytest.mark.parametrize("name", [f"resnet50-{DIGEST[:8]}.pth", f"a_{DIGEST[:10]}.pt", f"b-{DIGEST}.pth", f"c-{DIGEST[:8]}.pth.tar"])
def test_a_digest_that_is_right_is_no_issue(name: str, tmp_path: Path) -> None:
    assert rules(tmp_path, name) == []


@pytest.mark.parametrize("name", ["resnet50-0676ba61.pth", f"b-{DIGEST[:-1]}{'0' if DIGEST[-1] != '0' else '1'}.pth"])
def test_another_digest_is_an_issue(name: str, tmp_path: Path) -> None:
    assert rules(tmp_path, name) == ["torch-hub.other-digest"]
    assert rules(tmp_path / "unhashed", name, digest=False) == []


@pytest.mark.parametrize("name", ["model-20240131.pth", "model-abc.pth", "model-v1.pth", "0676ba61.pth", "model-0676BA61.pth"])
def test_dates_and_short_or_other_words_are_no_digests(name: str, tmp_path: Path) -> None:
    assert rules(tmp_path, name) == []
