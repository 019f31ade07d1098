"""A report as it is kept says of each file what the weights in it say, also where these stand in a member of an archive."""

from pathlib import Path

from inspector import inspect, judge
from inspector.model import Count
from inspector.saved import FileView, view_report
from sample_bundles.weights import Tensor, safetensors_bytes, torch_module_bytes, torch_zip_bytes
from tests import make

TENSORS = (Tensor("weight", "F32", (8, 4)), Tensor("bias", "F16", (8,)))


def files_of(top: Path) -> dict[str, FileView]:
    return {file.path: file for file in view_report(judge(inspect([top]), ())).files}


def test_every_container_of_the_same_tensors_counts_the_same(tmp_path: Path) -> None:
    make.tree(
        tmp_path / "model",
        {
            "model.safetensors": safetensors_bytes(TENSORS),
            "model.pt": torch_zip_bytes(TENSORS),
            "model.jit": torch_module_bytes(TENSORS, "model"),
        },
    )
    files = files_of(tmp_path / "model")
    assert {path: (file.tensors, file.parameters) for path, file in files.items()} == dict.fromkeys(files, (2, 40))
    assert {frozenset(file.dtypes) for file in files.values()} == {frozenset((Count("F32", 32), Count("F16", 8)))}
