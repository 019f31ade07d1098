"""The relation matrix: made models, what was done to them, and what the comparison says. Thresholds are explained in docs/lineage.md."""

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pytest

from inspector.kinship.models import Side, relate_models
from inspector.kinship.relation import Kinship, Relation, Whole
from inspector.kinship.samples import density_for, take_samples
from inspector.tensors.weights import gather_weights, open_files
from tests import make
from tests.models import (
    LAYERS,
    Model,
    as_gguf,
    as_safetensors,
    as_torch,
    bf16,
    make_model,
    merge_adapter,
    renumber,
    step,
)

BASE = make_model(1)
Files = Mapping[str, str | bytes]


def relate(top: Path, suspect: Files, original: Files, *, exact: bool = False) -> Kinship:
    """Write two models, and hold the first against the second."""
    with open_files() as files:
        sides = []
        for name, written in (("suspect", suspect), ("original", original)):
            weights = gather_weights(make.entries(make.tree(top / name, written)))
            samples, unread = take_samples(weights, files, density_for(len(weights.tensors)))
            sides.append(Side(name, samples, unread, (weights.container, *sorted(entry.path for entry in weights.files))))
        return relate_models(sides[0], sides[1], files, exact=exact)


def pruned(model: Model) -> Model:
    return {
        name: np.where(np.abs(value) < 0.4 * value.std(), 0, value).astype(np.float32) if value.ndim > 1 else value
        for name, value in model.items()
    }


def extended(model: Model) -> Model:
    more = make_model(77, rows=700)
    return {
        name: np.concatenate([value, more[name][len(value) :]]) if "embed" in name or "lm_head" in name else value
        for name, value in model.items()
    }


def renamed(model: Model) -> Model:
    return {f"tensor.{place}": value for place, value in enumerate(model.values())}


def permuted(model: Model) -> Model:
    order = np.random.default_rng(3).permutation(512)
    turned = dict(model)
    for name, value in model.items():
        if ".gate_proj." in name or ".up_proj." in name:
            turned[name] = value[order]
        elif ".down_proj." in name:
            turned[name] = np.ascontiguousarray(value[:, order])
    return turned


CASES: dict[str, tuple[Callable[[], Files], Whole]] = {
    "itself": (lambda: as_safetensors(BASE), Whole.IDENTICAL),
    "in shards": (lambda: as_safetensors(BASE, shards=3), Whole.REPACKED),
    "in torch's container": (lambda: as_torch(BASE), Whole.REPACKED),
    "under names that nobody knows": (lambda: as_safetensors(renamed(BASE)), Whole.REPACKED),
    "in another order": (lambda: as_safetensors(dict(reversed(BASE.items()))), Whole.IDENTICAL),
    "in GGUF, where norms alone are cast": (lambda: as_gguf(BASE, "BF16"), Whole.REPACKED),
    "cast to F32": (lambda: as_safetensors(BASE, "F32"), Whole.CAST),
    "cast to F16": (lambda: as_safetensors(BASE, "F16"), Whole.CAST),
    "quantized to Q8_0": (lambda: as_gguf(BASE, "Q8_0"), Whole.QUANTIZED),
    "quantized to Q4_0": (lambda: as_gguf(BASE, "Q4_0"), Whole.QUANTIZED),
    "quantized to Q4_K": (lambda: as_gguf(BASE, "Q4_K"), Whole.QUANTIZED),
    "trained on by small steps": (lambda: as_safetensors(step(BASE, 0.01)), Whole.TUNED),
    "trained on by large steps": (lambda: as_safetensors(step(BASE, 1.0)), Whole.TUNED),
    "merged with an adapter of rank 4": (lambda: as_safetensors(merge_adapter(BASE, 4)), Whole.MERGED),
    "merged with an adapter of rank 16": (lambda: as_safetensors(merge_adapter(BASE, 16)), Whole.MERGED),
    "merged with an adapter of rank 64": (lambda: as_safetensors(merge_adapter(BASE, 64)), Whole.MERGED),
    "pruned": (lambda: as_safetensors(pruned(BASE)), Whole.PRUNED),
    "with an extended vocabulary": (lambda: as_safetensors(extended(BASE)), Whole.EXTENDED),
    "with a layer dropped": (lambda: as_safetensors(renumber(BASE, [0, 1, 3])), Whole.SHARES),
    "with a layer repeated": (lambda: as_safetensors(renumber(BASE, [0, 1, 1, 2, 3])), Whole.SHARES),
    "with its neurons permuted": (lambda: as_safetensors(permuted(BASE)), Whole.SHARES),  # a stated limit: their matrices are like none
    "another seed": (lambda: as_safetensors(make_model(2)), Whole.UNRELATED),
    "another seed, quantized": (lambda: as_gguf(make_model(2), "Q4_0"), Whole.UNRELATED),
}


@pytest.mark.parametrize("case", CASES)
def test_what_was_done_to_a_model_is_what_is_said(case: str, tmp_path: Path) -> None:
    write, whole = CASES[case]
    found = relate(tmp_path, write(), as_safetensors(BASE))
    assert found.whole is whole, [(pair.name, pair.relation, pair.cosine, pair.equal) for pair in found.pairs][:8]


@pytest.mark.parametrize("rank", [4, 8, 16, 32, 64])
def test_the_rank_of_a_merged_adapter_is_found_where_it_was_merged(rank: int, tmp_path: Path) -> None:
    found = relate(tmp_path, as_safetensors(merge_adapter(BASE, rank)), as_safetensors(BASE))
    ranks = {pair.name: pair.rank for pair in found.pairs if pair.relation is Relation.MERGED}
    assert set(ranks.values()) == {rank}
    assert set(ranks) == {name for name in BASE if ".q_proj." in name or ".v_proj." in name}


def test_full_training_is_no_merged_adapter(tmp_path: Path) -> None:
    found = relate(tmp_path, as_safetensors(step(BASE, 0.1)), as_safetensors(BASE))
    assert {pair.relation for pair in found.pairs} == {Relation.TUNED}


def test_an_adapter_is_seen_below_a_quantized_neighbour_of_the_same_name(tmp_path: Path) -> None:
    found = relate(tmp_path, as_gguf(merge_adapter(BASE, 8, size=0.5), "Q8_0"), as_gguf(BASE, "Q8_0"))
    assert {pair.rank for pair in found.pairs if ".attn_v." in pair.name} == {8}


def test_what_became_of_layers_is_told(tmp_path: Path) -> None:
    dropped = relate(tmp_path / "a", as_safetensors(renumber(BASE, [0, 1, 3])), as_safetensors(BASE))
    repeated = relate(tmp_path / "b", as_safetensors(renumber(BASE, [0, 1, 1, 2, 3])), as_safetensors(BASE))
    moved = relate(tmp_path / "c", as_safetensors(renumber(BASE, [1, 0, 2, 3])), as_safetensors(BASE))
    assert dropped.notes == (f"of the original's {LAYERS} layers 2 is not here",)
    assert repeated.notes == ("of the original's layers 1 is here more than once",)
    assert moved.notes == ("layers stand in another order than in the original",)
    assert all("layers.2." in name for name in dropped.left_out)


def test_rows_that_were_added_are_counted(tmp_path: Path) -> None:
    found = relate(tmp_path, as_safetensors(extended(BASE)), as_safetensors(BASE))
    assert "lm_head.weight has 60 more rows than lm_head.weight" in found.notes


def test_one_changed_number_escapes_a_sample_and_not_an_exact_comparison(tmp_path: Path) -> None:
    name = "model.layers.0.mlp.up_proj.weight"
    changed = {key: value.copy() for key, value in BASE.items()}
    changed[name][5] += np.float32(0.5)
    changed[name] = bf16(changed[name])
    exact = relate(tmp_path / "a", as_safetensors(changed), as_safetensors(BASE), exact=True)
    pair = next(pair for pair in exact.pairs if pair.name == name)
    assert pair.relation is not Relation.IDENTICAL
    assert pair.compared == BASE[name].size
    assert all(pair.relation is Relation.IDENTICAL for pair in exact.pairs if pair.name != name)


def test_exact_comparison_knows_rows_in_another_order(tmp_path: Path) -> None:
    found = relate(tmp_path, as_gguf(BASE, "BF16"), as_safetensors(BASE), exact=True)
    assert found.whole is Whole.REPACKED
    assert all(pair.compared == np.prod(pair.shape) for pair in found.pairs)


def test_shares_add_up_and_the_answer_is_the_same_twice(tmp_path: Path) -> None:
    one = relate(tmp_path / "a", as_safetensors(merge_adapter(BASE, 8)), as_safetensors(BASE))
    two = relate(tmp_path / "b", as_safetensors(merge_adapter(BASE, 8)), as_safetensors(BASE))
    assert one == two
    assert abs(sum(share.number for share in one.shares) - 1000) <= len(one.shares)


@pytest.mark.parametrize("write", [lambda: as_safetensors(step(BASE, 0.05)), lambda: as_gguf(step(BASE, 0.05), "Q4_K")])
def test_a_comparison_is_the_same_whichever_side_is_packed(write: Callable[[], Files], tmp_path: Path) -> None:
    there = relate(tmp_path / "a", write(), as_safetensors(BASE))
    back = relate(tmp_path / "b", as_safetensors(BASE), write())
    assert there.whole is back.whole
    assert abs(there.median_cosine - back.median_cosine) < 0.02
