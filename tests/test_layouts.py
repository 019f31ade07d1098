"""Layouts: stores and archives are read in place, under the names that they give, and nothing leads out of them."""

import gzip
import hashlib
import io
import json
import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from inspector import inspect, judge
from inspector.errors import UsageError
from inspector.layouts import open_layout
from inspector.model import Claim, Component
from sample_bundles.weights import Tensor, gguf_bytes, safetensors_bytes
from tests import make

GGUF = gguf_bytes([Tensor("a", "F32", (4,))], {"general.architecture": "llama"})
SAFE = safetensors_bytes([Tensor("a.weight", "F16", (4, 4))])
FILES: Mapping[str, bytes] = {"m/README.md": b"---\nlicense: mit\n---\n# M\n", "m/model.safetensors": SAFE, "m/train.py": b"import os\n"}


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def ollama(top: Path, layers: Mapping[str, bytes], tag: str = "library/tiny/latest", left_out: str = "") -> Path:
    """Write a store with one model."""
    config = json.dumps({"model_format": "gguf", "model_family": "llama"}).encode()
    listed = [
        {"mediaType": f"application/vnd.ollama.image.{kind}", "digest": f"sha256:{sha(data)}", "size": len(data)}
        for kind, data in layers.items()
    ]
    manifest = {"schemaVersion": 2, "config": {"mediaType": "x", "digest": f"sha256:{sha(config)}"}, "layers": listed}
    blobs = {f"blobs/sha256-{sha(data)}": data for kind, data in layers.items() if kind != left_out}
    path = f"manifests/registry.ollama.ai/{tag}"
    return make.tree(top, {**blobs, f"blobs/sha256-{sha(config)}": config, path: json.dumps(manifest)}) / path


def paths(path: Path) -> list[str]:
    return [record.path for record in inspect([path]).files]


def test_an_ollama_model_is_read_under_the_names_of_its_layers(tmp_path: Path) -> None:
    ollama(tmp_path, {"model": GGUF, "license": b"MIT License\n", "params": b'{"stop": ["x"]}', "template": b"{{ .Prompt }}"})
    inventory = inspect([tmp_path])
    assert [record.path for record in inventory.files] == [
        "LICENSE",
        "manifest.json",
        "model.gguf",
        "ollama-config.json",
        "params.json",
        "template",
    ]
    assert (inventory.roots[0].layout, inventory.roots[0].origin) == ("ollama", "registry.ollama.ai/library/tiny/latest")
    assert [item.value for item in inventory.evidence if (item.component, item.claim) == (Component.PARAMETERS, Claim.PRESENT)] == ["gguf"]
    assert inventory.problems == ()


def test_a_store_of_several_models_names_them_and_one_can_be_given(tmp_path: Path) -> None:
    ollama(tmp_path, {"model": GGUF})
    other = ollama(tmp_path, {"model": GGUF, "license": b"MIT"}, "library/other/7b")
    with pytest.raises(UsageError, match=r"a store of 2 models.*manifests/registry.ollama.ai/library/other/7b"):
        open_layout(tmp_path)
    assert "LICENSE" in paths(other)


def test_a_blob_that_is_not_there_is_a_problem(tmp_path: Path) -> None:
    inventory = inspect([ollama(tmp_path, {"model": GGUF, "license": b"MIT"}, left_out="model")])
    assert [problem.location.path for problem in inventory.problems] == ["model.gguf"]


def test_a_manifest_that_breaks_is_one_line(tmp_path: Path) -> None:
    manifest = ollama(tmp_path, {"model": GGUF})
    manifest.write_text("{")
    with pytest.raises(UsageError, match="cannot be read as a manifest: not JSON"):
        open_layout(tmp_path)


def tar_bytes(files: Mapping[str, bytes]) -> bytes:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w") as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return target.getvalue()


def zip_bytes(files: Mapping[str, bytes], method: int) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name), data, compress_type=method)
    return target.getvalue()


ARCHIVES = {
    "m.tar": tar_bytes(FILES),
    "m.tar.gz": gzip.compress(tar_bytes(FILES), mtime=0),
    "m.zip": zip_bytes(FILES, zipfile.ZIP_STORED),
    "deflated.zip": zip_bytes(FILES, zipfile.ZIP_DEFLATED),
}


@pytest.mark.parametrize("name", list(ARCHIVES))
def test_an_archive_is_read_as_the_directory_that_it_holds(name: str, tmp_path: Path) -> None:
    make.tree(tmp_path, {name: ARCHIVES[name], **{f"plain/{path}": data for path, data in FILES.items()}})
    archive, plain = inspect([tmp_path / name]), inspect([tmp_path / "plain"])
    assert [(record.path, record.size, record.sha256, record.format) for record in archive.files] == [
        (record.path, record.size, record.sha256, record.format) for record in plain.files
    ]
    assert [(item.component, item.claim, item.value) for item in archive.evidence] == [
        (item.component, item.claim, item.value) for item in plain.evidence
    ]
    assert archive.problems == ()


def test_members_that_lead_out_or_stand_there_twice_are_problems(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "m.tar", "w") as archive:
        for name in ("../out", "/etc/x", "a", "a", "./b"):
            archive.addfile(tarfile.TarInfo(name), io.BytesIO())
    inventory = inspect([tmp_path / "m.tar"])
    assert [record.path for record in inventory.files] == ["a", "b"]
    assert [(problem.location.path, problem.reason.partition(";")[0]) for problem in inventory.problems] == [
        ("../out", "the name of the member leads out of the archive"),
        ("/etc/x", "the name of the member leads out of the archive"),
        ("a", "the archive holds two members of this name"),
    ]


def test_a_bomb_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "bomb.tar.gz").write_bytes(gzip.compress(tar_bytes({"zeros": bytes(80 * 2**20), "a": b"x"})))
    (tmp_path / "bomb.zip").write_bytes(zip_bytes({"a.txt": b"x", "zeros": bytes(80 * 2**20)}, zipfile.ZIP_DEFLATED))
    for name, held in (("bomb.tar.gz", 0), ("bomb.zip", 1)):
        root = open_layout(tmp_path / name)
        assert [len(root.mapped or ()), len(root.flaws)] == [held, 1]
        assert "times" in root.flaws[0][1]


@pytest.mark.parametrize("name", list(ARCHIVES))
def test_an_archive_that_is_cut_is_a_problem_and_what_came_before_is_read(name: str, tmp_path: Path) -> None:
    for end in range(1, len(ARCHIVES[name].rstrip(b"\0")), 97):
        (tmp_path / name).write_bytes(ARCHIVES[name][:end])
        root = open_layout(tmp_path / name)
        assert root.flaws, end


def oci(top: Path, layers: list[tuple[str, bytes, str]]) -> Path:
    """Write an image layout of layers: media type, content, title."""
    blobs: dict[str, bytes] = {}

    def keep(data: bytes) -> str:
        blobs[f"blobs/sha256/{sha(data)}"] = data
        return f"sha256:{sha(data)}"

    listed = [
        {"mediaType": media, "digest": keep(data), "size": len(data), "annotations": {"org.cncf.model.filepath": title} if title else {}}
        for media, data, title in layers
    ]
    manifest = {"schemaVersion": 2, "config": {"mediaType": "c", "digest": keep(b'{"descriptor": {"name": "m"}}')}, "layers": listed}
    index = {
        "schemaVersion": 2,
        "manifests": [{"digest": keep(json.dumps(manifest).encode()), "annotations": {"org.opencontainers.image.ref.name": "v1"}}],
    }
    return make.tree(top, {**blobs, "oci-layout": '{"imageLayoutVersion": "1.0.0"}', "index.json": json.dumps(index)})


def test_layers_of_an_image_layout_are_files_and_members_of_tar_files(tmp_path: Path) -> None:
    top = oci(
        tmp_path / "m",
        [
            ("application/vnd.cncf.model.weight.v1.raw", SAFE, "model.safetensors"),
            ("application/vnd.kitops.modelkit.code.v1.tar+gzip", gzip.compress(tar_bytes({"code/train.py": b"import os\n"})), ""),
            ("application/vnd.cncf.model.doc.v1.raw", b"# M\n", "../../README.md"),
        ],
    )
    inventory = inspect([top])
    assert [record.path for record in inventory.files] == [
        "README.md",
        "code/train.py",
        "manifest.json",
        "model.safetensors",
        "oci-config.json",
    ]
    assert inventory.roots[0].layout == "oci"
    assert judge(inventory).standards[0].grade == "incomplete"


def test_a_link_in_place_of_a_blob_is_not_opened(tmp_path: Path) -> None:
    manifest = ollama(tmp_path / "store", {"model": GGUF})
    blob = tmp_path / "store" / "blobs" / f"sha256-{sha(GGUF)}"
    blob.rename(tmp_path / "elsewhere")
    blob.symlink_to(tmp_path / "elsewhere")
    inventory = inspect([manifest])
    assert [problem.reason for problem in inventory.problems] == ["a link or a special file stands in its place; it is not opened"]
