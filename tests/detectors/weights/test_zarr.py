"""Arrays in chunks: what their descriptions say, and what is no description."""

import json

import pytest

from detectors.weights.zarr import zarr
from inspector.detector import Format
from inspector.model import Claim, Component, Count, Grid
from sample_bundles.formats.zarr import FILES, second, third
from tests.detectors.weights.hearing import found, hear, survive, weights


def test_a_parameter_is_counted_by_its_description() -> None:
    said, fault = hear(zarr, "target.dense.kernel/.zarray", str(FILES["target.dense.kernel/.zarray"]).encode())
    assert (fault, said[0]) == (None, Format("zarr"))
    told = weights(said)
    assert (told.tensors, told.parameters, told.dtypes) == (1, 24, (Count("F32", 24),))
    (grid,) = found(said, Component.PARAMETERS, Claim.REFERENCED)
    assert grid.details == Grid(counts=(2, 2), prefix="", joint=".", size=24)


def test_version_3_names_its_chunks_in_another_way() -> None:
    said, _ = hear(zarr, "params/bias/zarr.json", third((6,), (4,), packed="zstd").encode())
    (grid,) = found(said, Component.PARAMETERS, Claim.REFERENCED)
    assert grid.details == Grid(counts=(2,), prefix="c", joint="/")
    said, _ = hear(zarr, "params/bias/zarr.json", third((6,), (4,), keys="v2").encode())
    (grid,) = found(said, Component.PARAMETERS, Claim.REFERENCED)
    assert grid.details == Grid(counts=(2,), prefix="", joint=".", size=16)


@pytest.mark.parametrize("path", ["state.step/.zarray", "opt_state/0/mu/kernel/.zarray", "_optimizer.state.param_states.bias/.zarray"])
def test_the_state_of_an_optimizer_is_no_parameter(path: str) -> None:
    said, _ = hear(zarr, path, second((2,), (2,)).encode())
    assert weights(said, Component.CHECKPOINTS).parameters == 2
    assert found(said, Component.PARAMETERS, Claim.PRESENT) == []


def test_other_arrays_are_recognised_and_not_called_parameters() -> None:
    said, _ = hear(zarr, "temperature/.zarray", second((2,), (2,)).encode())
    assert said[0] == Format("zarr")
    assert found(said, Component.PARAMETERS, Claim.PRESENT) == []
    assert hear(zarr, ".zgroup", b'{"zarr_format": 2}') == ([Format("zarr-group")], None)
    assert hear(zarr, "zarr.json", b'{"zarr_format": 3, "node_type": "group"}') == ([Format("zarr-group")], None)


@pytest.mark.parametrize(
    "data",
    [
        b'{"zarr_format": 2}',
        b'{"zarr_format"',
        second((2, 2), (2,)).encode(),
        second((2,), (0,)).encode(),
        second((-1,), (2,)).encode(),
        second((1 << 61, 1 << 61), (1, 1)).encode(),
        second((2,), (2,), separator="-").encode(),
        second((1,) * 40, (1,) * 40).encode(),
        json.dumps({**json.loads(second((2,), (2,))), "zarr_format": 3}).encode(),
    ],
)
def test_what_describes_no_array_is_a_problem(data: bytes) -> None:
    said, fault = hear(zarr, "target.w/.zarray", data)
    assert said == [Format("zarr")]
    assert fault is not None


def test_other_files_are_left_alone_and_damage_is_no_crash() -> None:
    assert hear(zarr, "zarr.json", b"{}") == ([], None)
    survive(zarr, "target.w/.zarray", second((4, 6), (2, 3)).encode())
    survive(zarr, "params/w/zarr.json", third((4, 6), (2, 3)).encode())
