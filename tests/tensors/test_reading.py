"""Elements of tensors, read out of every container and encoding, are the numbers that were written."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from inspector.tensors.containers import containers, list_tensors
from inspector.tensors.elements import read_elements
from inspector.tensors.encodings import Numbers, decode, round_to
from inspector.tensors.grid import Grid, choose
from inspector.tensors.tensor import Tensor as Placed
from sample_bundles.weights import Tensor, gguf_bytes, safetensors_bytes, torch_legacy_bytes, torch_zip_bytes
from tests import make
from tests.models import Array, encode, make_model, tensors_of


def numbers(shape: tuple[int, ...], seed: int = 3) -> Array:
    return np.random.default_rng(seed).standard_normal(shape).astype(np.float32)


def read_back(path: Path, data: bytes, name: str = "model.x") -> dict[str, tuple[Placed, Numbers | None, Grid]]:
    """Read the chosen elements of every tensor of a file."""
    found = {}
    with make.open_file(path / "bundle", name, data) as file:
        listed = list_tensors(file)
        assert listed is not None
        for tensor in listed[1]:
            grid = choose(*tensor.grid)
            found[tensor.name] = (tensor, read_elements(file, tensor, *grid), grid)
    return found


def npy_bytes(values: Array, order: str = "C") -> bytes:
    import io

    stream = io.BytesIO()
    np.save(stream, np.asarray(values, order=order))  # type: ignore[call-overload]
    return stream.getvalue()


WRITERS: dict[str, Callable[[list[Tensor]], bytes]] = {
    "safetensors": safetensors_bytes,
    "torch-zip": torch_zip_bytes,
    "torch-legacy": torch_legacy_bytes,
    "gguf": lambda tensors: gguf_bytes(tensors, {"general.architecture": "x"}),
}


@pytest.mark.parametrize("dtype", ["F32", "F16", "BF16", "F64"])
@pytest.mark.parametrize("container", WRITERS)
@pytest.mark.parametrize("shape", [(7,), (3, 5), (70, 600), (4, 2, 40), (8, 4, 3, 3)])
def test_every_container_gives_the_numbers_that_were_written(container: str, dtype: str, shape: tuple[int, ...], tmp_path: Path) -> None:
    values = {"a.weight": numbers(shape), "b.weight": numbers((2, 32), 4)}
    found = read_back(tmp_path, WRITERS[container](tensors_of(values, dtype)))
    assert list(found) == list(values)
    for name, (tensor, read, (rows, columns)) in found.items():
        written = decode(np.frombuffer(encode(values[name], dtype), np.uint8), dtype)
        assert written is not None
        assert read is not None
        assert tensor.shape == values[name].shape
        assert np.array_equal(read, written.reshape(tensor.grid)[rows][:, columns])


@pytest.mark.parametrize("kind", ["Q4_0", "Q8_0", "Q4_K"])
def test_blocks_of_gguf_are_read_at_the_chosen_columns_only(kind: str, tmp_path: Path) -> None:
    values = numbers((50, 2048))
    _, read, (rows, columns) = read_back(tmp_path, WRITERS["gguf"]([Tensor("w", kind, values.shape, encode(values, kind))]))["w"]
    assert read is not None
    assert read.shape == (32, 128)
    assert np.corrcoef(read.ravel(), values[rows][:, columns].ravel())[0, 1] > 0.99


@pytest.mark.parametrize("order", ["C", "F"])
def test_numpy_arrays_are_read_in_both_orders(order: str, tmp_path: Path) -> None:
    values = numbers((20, 30))
    ((_, read, (rows, columns)),) = read_back(tmp_path, npy_bytes(values, order), "w.npy").values()
    assert read is not None
    assert np.array_equal(read, values[rows][:, columns])


def test_the_smaller_of_two_embeddings_shares_its_rows_with_the_larger() -> None:
    small, large = choose(50_000, 512), choose(50_100, 512)
    assert len(np.intersect1d(small.rows, large.rows)) >= 31
    assert np.array_equal(small.columns, large.columns)


@pytest.mark.parametrize(("rows", "columns"), [(1, 1), (1, 5), (3, 257), (1000, 8192), (40, 100_000), (1, 3_000_000), (2**24, 3)])
def test_a_choice_lies_in_the_tensor_and_is_no_larger_than_asked_for(rows: int, columns: int) -> None:
    grid = choose(rows, columns)
    assert 0 < len(grid.rows) * len(grid.columns) <= 4096
    assert grid.rows.max() < rows
    assert grid.columns.max() < columns
    assert len(set(grid.columns.tolist())) == len(grid.columns)


def test_rounding_is_what_a_cast_does() -> None:
    values = numbers((1000,))
    half = decode(np.frombuffer(encode(values, "BF16"), np.uint8), "BF16")
    assert half is not None
    assert np.array_equal(round_to(values, "BF16"), half)
    assert np.array_equal(round_to(values, "F16"), values.astype(np.float16).astype(np.float32))


def test_eight_bit_floats_are_those_of_the_specification() -> None:
    codes = np.array([0x00, 0x01, 0x08, 0x38, 0x7E, 0x7F, 0xB8], np.uint8)
    read = decode(codes, "F8_E4M3")
    assert read is not None
    assert read[[0, 1, 2, 3, 4, 6]].tolist() == [0.0, 2.0**-9, 2.0**-6, 1.0, 448.0, -1.0]
    assert np.isnan(read[5])


def test_a_file_of_another_kind_has_no_tensors(tmp_path: Path) -> None:
    with make.open_file(tmp_path / "b", "README.md", "# Model") as file:
        assert list_tensors(file) is None
    assert {name for name, _ in containers()} >= {"gguf", "npy", "npz", "safetensors", "torch-legacy", "torch-zip"}


def test_a_whole_made_model_is_read_from_shards(tmp_path: Path) -> None:
    model = make_model(1, layers=1)
    found = read_back(tmp_path, safetensors_bytes(tensors_of(model, "BF16")))
    assert set(found) == set(model)
