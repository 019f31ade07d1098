"""Packed tensors are put together, and read as the numbers that their library would compute."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from inspector.tensors.containers import list_tensors
from inspector.tensors.elements import read_elements
from inspector.tensors.grid import choose
from inspector.tensors.packed import assemble
from sample_bundles.weights import Tensor, safetensors_bytes
from tests import make

OUT, IN, GROUP = 64, 256, 64
AWQ = (0, 2, 4, 6, 1, 3, 5, 7)  # which output stands at each place of a word
Ints = npt.NDArray[np.int64]
DTYPES = {np.dtype("<i4"): "I32", np.dtype("<u4"): "U32", np.dtype("<f4"): "F32", np.dtype("i1"): "I8", np.dtype("<i8"): "I64"}


def small(low: int, high: int, *shape: int) -> Ints:
    return np.random.default_rng(7).integers(low, high, shape)


def scales(*shape: int) -> npt.NDArray[np.float32]:
    return np.random.default_rng(8).uniform(0.01, 0.02, shape).astype(np.float32)


def words(values: Ints, bits: int, axis: int) -> npt.NDArray[np.int32]:
    """Pack along an axis, the first value in the lowest bits."""
    moved = np.moveaxis(values, axis, -1)
    parts = moved.reshape(*moved.shape[:-1], -1, 32 // bits).astype(np.uint64)
    packed = (parts << (np.arange(32 // bits, dtype=np.uint64) * np.uint64(bits))).sum(axis=-1, dtype=np.uint64)
    turned: npt.NDArray[np.int32] = np.moveaxis(packed.astype(np.uint32), -1, axis).view(np.int32)
    return turned


def read(path: Path, arrays: Mapping[str, npt.NDArray[np.generic]]) -> tuple[str, npt.NDArray[np.float32], tuple[Ints, Ints]]:
    """Write arrays as safetensors, and read the weight that they amount to."""
    tensors = [Tensor(name, DTYPES[array.dtype], array.shape, np.ascontiguousarray(array).tobytes()) for name, array in arrays.items()]
    with make.open_file(path / "b", "m.safetensors", safetensors_bytes(tensors)) as file:
        listed = list_tensors(file)
        assert listed is not None
        (tensor,) = assemble(listed[1])
        grid = choose(*tensor.grid)
        values = read_elements(file, tensor, *grid)
    assert values is not None
    assert (tensor.name, tensor.shape) == ("q.weight", (OUT, IN))
    return tensor.encoding, values.astype(np.float32), grid


@pytest.mark.parametrize("bits", [2, 4, 8])
@pytest.mark.parametrize("ordered", [True, False])
def test_gptq(bits: int, ordered: bool, tmp_path: Path) -> None:
    # As weights do, the integers lie around their zero point: by that the two forms of it are told apart.
    zero, drawn = 1 << bits - 1, np.random.default_rng(7).normal(0, (1 << bits) / 8, (IN, OUT))
    codes, factors = np.clip(np.rint(drawn) + zero, 0, (1 << bits) - 1).astype(np.int64), scales(IN // GROUP, OUT)
    groups = np.arange(IN) // GROUP if ordered else np.random.default_rng(1).permutation(IN) // GROUP
    stored = words(np.full((IN // GROUP, OUT), zero - 1), bits, 1)
    arrays = {"q.qweight": words(codes, bits, 0), "q.qzeros": stored, "q.scales": factors, "q.g_idx": groups.astype("<i4")}
    kind, values, (rows, columns) = read(tmp_path, arrays)
    expected = ((codes - zero) * factors[groups]).T
    assert kind == f"GPTQ-{bits}"
    assert np.allclose(values, expected[rows][:, columns], atol=1e-6)


def test_awq(tmp_path: Path) -> None:
    codes, factors, zeros = small(0, 16, IN, OUT), scales(IN // GROUP, OUT), small(0, 16, IN // GROUP, OUT)
    turned = np.array([8 * (place // 8) + AWQ[place % 8] for place in range(OUT)])
    arrays = {"q.qweight": words(codes[:, turned], 4, 1), "q.qzeros": words(zeros[:, turned], 4, 1), "q.scales": factors}
    kind, values, (rows, columns) = read(tmp_path, arrays)
    expected = ((codes - np.repeat(zeros, GROUP, axis=0)) * np.repeat(factors, GROUP, axis=0)).T
    assert kind == "AWQ"
    assert np.allclose(values, expected[rows][:, columns], atol=1e-6)


def test_mlx(tmp_path: Path) -> None:
    codes, factors, biases = small(0, 16, OUT, IN), scales(OUT, IN // GROUP), -8 * scales(OUT, IN // GROUP)
    arrays = {"q.weight": words(codes, 4, 1).view("<u4"), "q.scales": factors, "q.biases": biases}
    kind, values, (rows, columns) = read(tmp_path, arrays)
    expected = codes * np.repeat(factors, GROUP, axis=1) + np.repeat(biases, GROUP, axis=1)
    assert kind == "MLX-4"
    assert np.allclose(values, expected[rows][:, columns], atol=1e-6)


def test_compressed_tensors(tmp_path: Path) -> None:
    codes, factors = small(0, 16, OUT, IN), scales(OUT, IN // GROUP)
    arrays = {"q.weight_packed": words(codes, 4, 1), "q.weight_scale": factors, "q.weight_shape": np.array([OUT, IN], "<i8")}
    kind, values, (rows, columns) = read(tmp_path, arrays)
    assert kind == "packed-4"
    assert np.allclose(values, ((codes - 8) * np.repeat(factors, GROUP, axis=1))[rows][:, columns], atol=1e-6)


@pytest.mark.parametrize("name", ["SCB", "weight_scale"])
def test_integers_with_a_scale_a_row(name: str, tmp_path: Path) -> None:
    codes, factors = small(-127, 128, OUT, IN).astype(np.int8), scales(OUT)
    kind, values, (rows, columns) = read(tmp_path, {"q.weight": codes, f"q.{name}": factors if name == "SCB" else factors[:, None]})
    assert kind == "INT8"
    assert np.allclose(values, (codes * factors[:, None] / (127 if name == "SCB" else 1))[rows][:, columns], atol=1e-6)


def test_words_without_their_scales_stay_what_they_are(tmp_path: Path) -> None:
    tensors = [Tensor("q.qweight", "I32", (8, 8)), Tensor("plain.weight", "F32", (4, 4))]
    with make.open_file(tmp_path / "b", "m.safetensors", safetensors_bytes(tensors)) as file:
        listed = list_tensors(file)
        assert listed is not None
        assert sorted(tensor.name for tensor in assemble(listed[1])) == ["plain.weight", "q.qweight"]
