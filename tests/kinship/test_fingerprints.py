"""Fingerprints stand in for weights, whatever dtype, shards or container a copy has; thousands of them are searched by their signs."""

import json
from pathlib import Path

import numpy as np
import pytest

from inspector.errors import Malformed, UsageError
from inspector.kinship.fingerprint import read_fingerprint, samples_of, write_fingerprint
from inspector.kinship.relation import Whole
from inspector.memo import Memo
from inspector.subjects import compare, fingerprint_of, load_subject, trace
from tests import make
from tests.models import as_gguf, as_safetensors, as_torch, make_model, merge_adapter, renumber, step

BASE = make_model(1)
COPIES = {
    "itself": (as_safetensors(BASE), Whole.REPACKED),  # a fingerprint does not know how files were cut
    "in shards": (as_safetensors(BASE, shards=3), Whole.REPACKED),
    "in torch's container": (as_torch(BASE), Whole.REPACKED),
    "cast to F32": (as_safetensors(BASE, "F32"), Whole.CAST),
    "cast to F16": (as_safetensors(BASE, "F16"), Whole.CAST),
    "quantized to Q8_0": (as_gguf(BASE, "Q8_0"), Whole.QUANTIZED),
    "quantized to Q4_0": (as_gguf(BASE, "Q4_0"), Whole.QUANTIZED),
    "quantized to Q4_K": (as_gguf(BASE, "Q4_K"), Whole.QUANTIZED),
    "trained on": (as_safetensors(step(BASE, 0.3)), Whole.TUNED),
    "merged with an adapter": (as_safetensors(merge_adapter(BASE, 8)), Whole.TUNED),  # the change is not there to be decomposed
    "with a layer dropped": (as_safetensors(renumber(BASE, [0, 1, 3])), Whole.SHARES),
    "another seed": (as_safetensors(make_model(2)), Whole.UNRELATED),
}


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a directory of fingerprints: the base, and models that have nothing to do with it."""
    top = tmp_path_factory.mktemp("known")
    directory = make.tree(top / "fingerprints", {"README.md": "# Known models\n", "broken.json": "{}"})
    for name, seed in (("base", 1), ("stranger", 5), ("other", 6)):
        bundle = make.tree(top / name, as_safetensors(make_model(seed)))
        (directory / f"{name}.json").write_text(write_fingerprint(fingerprint_of(load_subject(bundle))))
    return directory


@pytest.mark.parametrize("case", COPIES)
def test_a_fingerprint_is_compared_as_the_weights_would_be(case: str, known: Path, tmp_path: Path) -> None:
    files, whole = COPIES[case]
    found = compare(load_subject(make.tree(tmp_path / "suspect", files)), load_subject(known / "base.json"))
    assert found.kinship.whole is whole
    assert "the original is a fingerprint: a merged adapter cannot be told from other training" in found.kinship.notes


@pytest.mark.parametrize("case", COPIES)
def test_the_nearest_known_model_is_found(case: str, known: Path, tmp_path: Path) -> None:
    files, whole = COPIES[case]
    with Memo(None) as memo:
        found = trace(load_subject(make.tree(tmp_path / "suspect", files)), known, memo)
    related = [item.file for item in found.nearest if item.compared.kinship.whole is not Whole.UNRELATED]
    assert related == ([] if whole is Whole.UNRELATED else ["base.json"])
    assert found.known == 3
    assert found.unread == ("broken.json",)


def test_a_fingerprint_of_numbers_that_bf16_cannot_hold_still_knows_its_model(tmp_path: Path) -> None:
    finer = {name: (value * np.float32(1.00013)).astype(np.float32) for name, value in BASE.items()}
    bundle = make.tree(tmp_path / "finer", as_safetensors(finer, "F32"))
    (tmp_path / "finer.json").write_text(write_fingerprint(fingerprint_of(load_subject(bundle))))
    original = load_subject(tmp_path / "finer.json")
    assert compare(load_subject(bundle), original).kinship.whole is Whole.REPACKED
    cast = make.tree(tmp_path / "cast", as_safetensors(finer, "F16"))
    assert compare(load_subject(cast), original).kinship.whole is Whole.CAST


def test_what_is_remembered_of_fingerprints_gives_the_same_answer(known: Path, tmp_path: Path) -> None:
    suspect = load_subject(make.tree(tmp_path / "suspect", as_gguf(BASE, "Q4_0")))
    answers = []
    for _ in range(2):
        with Memo(tmp_path / "memo.sqlite") as memo:
            answers.append(trace(suspect, known, memo))
    assert answers[0] == answers[1]


def test_a_fingerprint_is_written_the_same_twice_and_read_back(known: Path, tmp_path: Path) -> None:
    text = (known / "base.json").read_text()
    again = write_fingerprint(fingerprint_of(load_subject(make.tree(tmp_path / "base", as_safetensors(BASE)))))
    assert text == again
    assert len(samples_of(read_fingerprint(text.encode()))) == len(BASE)


@pytest.mark.parametrize(
    "change",
    [
        {"schema": "other/1"},
        {"sketches": [{"name": "w", "encoding": "F32", "shape": [4, 4], "numbers": "AAAA"}]},
        {"sketches": [{"name": "w", "encoding": "F32", "shape": [-1], "numbers": "AAAA"}]},
        {"sketches": [{"name": "w", "encoding": "F32", "shape": [2], "numbers": "?"}]},
        {"sketches": "none"},
        {"more": 1},
    ],
)
def test_a_broken_fingerprint_is_refused_with_its_reason(change: dict[str, object], known: Path) -> None:
    whole = json.loads((known / "base.json").read_text())
    with pytest.raises(Malformed, match=r"."):
        samples_of(read_fingerprint(json.dumps(whole | change).encode()))


def test_numbers_near_the_largest_of_a_dtype_are_compared_like_others(tmp_path: Path) -> None:
    huge = {name: values * np.float32(1e37 / np.abs(values).max()) for name, values in BASE.items()}
    bundle = make.tree(tmp_path / "huge", as_safetensors(huge))
    other = make.tree(tmp_path / "renamed", as_safetensors({f"x{place}": values for place, values in enumerate(huge.values())}))
    known = make.tree(tmp_path / "known", {"huge.json": write_fingerprint(fingerprint_of(load_subject(bundle)))})
    assert compare(load_subject(other), load_subject(bundle)).kinship.whole is Whole.REPACKED
    assert trace(load_subject(other), known, Memo(None), 1).nearest[0].agreement == 1


def test_all_elements_cannot_be_compared_with_a_fingerprint(known: Path, tmp_path: Path) -> None:
    suspect = load_subject(make.tree(tmp_path / "suspect", as_safetensors(BASE)))
    with pytest.raises(UsageError, match="with the weights themselves only"):
        compare(suspect, load_subject(known / "base.json"), exact=True)
    with pytest.raises(UsageError, match="the suspect is a fingerprint"):
        compare(load_subject(known / "base.json"), suspect)
