"""Stores of several bundles: split by rules that are said, and never read as one system where a program keeps them."""

import hashlib
import json
from pathlib import Path

import pytest

from inspector import inspect
from inspector.errors import UsageError
from inspector.fleet.plan import find_fleet
from inspector.layouts import open_layout
from inspector.store import find_bundles, load_rules, open_place
from sample_bundles.weights import Tensor, gguf_bytes, safetensors_bytes
from tests import make
from tests.test_cli import run

GGUF = gguf_bytes([Tensor("a", "F32", (4,))], {"general.architecture": "llama"})
SAFE = safetensors_bytes([Tensor("a.weight", "F16", (4, 4))])
CONFIG = '{"model_type": "llama"}'
MODEL: dict[str, str | bytes] = {"config.json": CONFIG, "model.safetensors": SAFE}


def below(place: str, files: dict[str, str | bytes]) -> dict[str, str | bytes]:
    return {f"{place}/{path}": data for path, data in files.items()}


def hub(top: Path, name: str, *revisions: str) -> Path:
    """Write a repository of a hub's cache, with links to its blobs."""
    repository = top / f"models--{name.replace('/', '--')}"
    for revision in revisions:
        blob = repository / "blobs" / hashlib.sha256(SAFE).hexdigest()
        make.tree(repository, {f"blobs/{blob.name}": SAFE, f"snapshots/{revision}/config.json": CONFIG, "refs/main": revisions[-1]})
        (repository / "snapshots" / revision / "model.safetensors").symlink_to(f"../../blobs/{blob.name}")
    return repository


def split(path: Path) -> list[tuple[str, str, str, str]]:
    """List the bundles: the path below the one given, the name, the layout, the rule."""
    return [(str(Path(item.path).relative_to(path)), item.name, item.layout, item.rule) for item in find_bundles(path).places]


def test_a_hub_cache_is_split_by_repository_and_by_snapshot(tmp_path: Path) -> None:
    hub(tmp_path, "a/one", "1" * 40)
    hub(tmp_path, "b/two--x", "2" * 40, "3" * 40)
    assert split(tmp_path) == [
        ("models--a--one", "a/one", "hub-cache", "hub-cache"),
        (f"models--b--two--x/snapshots/{'2' * 40}", "b/two--x@222222222222", "hub-cache", "hub-snapshot"),
        (f"models--b--two--x/snapshots/{'3' * 40}", "b/two--x@333333333333", "hub-cache", "hub-snapshot"),
    ]
    with pytest.raises(UsageError, match=r"a store of 3 bundles \(`inspector bundles` lists them\); give one of them: .*models--a--one, "):
        inspect([tmp_path])
    for item in find_bundles(tmp_path).places:
        assert [record.path for record in inspect([item.path]).files] == ["config.json", "model.safetensors"]


def test_a_cache_with_one_repository_is_that_repository(tmp_path: Path) -> None:
    hub(tmp_path / "huggingface" / "hub", "a/one", "1" * 40)
    inventory = inspect([tmp_path])
    assert (inventory.name, inventory.roots[0].layout, inventory.roots[0].revision) == ("a/one", "hub-cache", "1" * 40)
    assert [record.path for record in inventory.files] == ["config.json", "model.safetensors"]


def test_files_beside_the_only_repository_are_read_too(tmp_path: Path) -> None:
    hub(tmp_path / "cache", "a/one", "1" * 40)
    make.tree(tmp_path, {"train.py": "import os\n"})
    assert find_bundles(tmp_path).loose == 1
    assert "train.py" in [record.path for record in inspect([tmp_path]).files]


def test_two_names_that_are_shown_alike_are_two_bundles_each_with_its_own_path(tmp_path: Path) -> None:
    names = ("evil\u202ecod", "evil\\u202ecod")
    make.tree(tmp_path, {f"{name}/{file}": "{}" for name in names for file in ("config.json", "model.safetensors")})
    places = find_bundles(tmp_path).places
    assert {place.path for place in places} == {str(tmp_path / names[1])}
    assert {place.where for place in places} == {tmp_path / name for name in names}
    orders = find_fleet([str(tmp_path)]).orders
    assert {order.where for order in orders} == {str(tmp_path / name) for name in names}
    assert {order.place for order in orders} == {f"{tmp_path.name}/{names[1]}"}
    done = run("bundles", tmp_path)
    assert f" $'{tmp_path}/evil\\xe2\\x80\\xaecod'  " in done.stdout
    assert "\u202e" not in done.stdout


def test_an_ollama_store_is_split_by_manifest(tmp_path: Path) -> None:
    digest = hashlib.sha256(GGUF).hexdigest()
    manifest = json.dumps({"layers": [{"mediaType": "application/vnd.ollama.image.model", "digest": f"sha256:{digest}"}]})
    make.tree(tmp_path, {f"models/manifests/r.example/library/{tag}": manifest for tag in ("a/latest", "b/7b")})
    make.tree(tmp_path, {f"models/blobs/sha256-{digest}": GGUF})
    assert [item[1:] for item in split(tmp_path)] == [
        ("r.example/library/a/latest", "ollama", "ollama"),
        ("r.example/library/b/7b", "ollama", "ollama"),
    ]
    assert [record.path for record in inspect([find_bundles(tmp_path).places[1].path]).files] == ["manifest.json", "model.gguf"]


def test_lm_studio_is_split_by_publisher_and_model(tmp_path: Path) -> None:
    top = tmp_path / ".lmstudio" / "models"
    make.tree(top, {"pub/A-GGUF/a-Q4.gguf": GGUF, "pub/A-GGUF/mmproj.gguf": GGUF, "other/B/b.gguf": GGUF, "other/empty/note.txt": "x"})
    assert split(top) == [
        ("other/B", "other/B", "lm-studio", "lm-studio"),
        ("pub/A-GGUF", "pub/A-GGUF", "lm-studio", "lm-studio"),
    ]
    record = open_layout(top / "pub" / "A-GGUF").record
    assert (record.layout, record.origin, record.name) == ("lm-studio", "pub/A-GGUF", "A-GGUF")
    for path in (top, tmp_path):
        with pytest.raises(UsageError, match="a store of 2 bundles"):
            inspect([path])


def test_kagglehub_is_split_by_its_markers(tmp_path: Path) -> None:
    top = tmp_path / "kagglehub" / "models" / "google" / "gemma" / "transformers" / "2b"
    make.tree(top, {**below("1", MODEL), "1.complete": "", **below("2", MODEL), "2.complete": "", **below("3", MODEL)})
    assert split(top) == [
        ("1", "google/gemma/transformers/2b/1", "kagglehub", "kagglehub"),
        ("2", "google/gemma/transformers/2b/2", "kagglehub", "kagglehub"),
    ]
    record = open_layout(top / "2").record
    assert (record.layout, record.origin, record.revision) == ("kagglehub", "google/gemma/transformers/2b", "2")


def test_modelscope_is_split_by_its_records_and_nothing_of_them_is_loaded(tmp_path: Path) -> None:
    hostile = b"\x80\x02cos\nsystem\nX\x04\x00\x00\x00true\x85R."
    files: dict[str, str | bytes] = {**MODEL, ".msc": hostile, ".mv": "Revision:v1.0.2,CreatedAt:1709876543\n"}
    make.tree(tmp_path / "hub", {**below("iic/a", files), **below("qwen/b", files)})
    assert [item[1:] for item in split(tmp_path)] == [("iic/a", "modelscope", "modelscope"), ("qwen/b", "modelscope", "modelscope")]
    inventory = inspect([tmp_path / "hub" / "iic" / "a"])
    assert (inventory.roots[0].layout, inventory.roots[0].origin, inventory.roots[0].revision) == ("modelscope", "iic/a", "v1.0.2")
    assert any(issue.rule.startswith("pickle.") and issue.severity == "high" for issue in inventory.issues)


def test_plain_directories_are_split_by_key_files_and_the_report_only_notes_them(tmp_path: Path) -> None:
    files = {
        **below("small", MODEL),
        **below("large", MODEL),
        **below("large/onnx", MODEL),
        "README.md": "# Two models\n",
    }
    make.tree(tmp_path / "two", files)
    assert split(tmp_path / "two") == [("large", "large", "directory", "key-files"), ("small", "small", "directory", "key-files")]
    (note,) = inspect([tmp_path / "two"]).notes
    assert note == "two: 2 models seem to lie here and are read as one system: large, small; `inspector bundles` splits them"
    assert f"Note: {note[:40]}" in run("audit", tmp_path / "two").stdout


def test_a_model_with_parts_checkpoints_or_code_is_one_bundle(tmp_path: Path) -> None:
    pipeline = {"model_index.json": "{}", **below("unet", MODEL), **below("vae", MODEL)}
    training = {**below("checkpoint-5", MODEL), **below("checkpoint-10", MODEL), "README.md": "# T\n"}
    code: dict[str, str | bytes] = {"train.py": "import os\n", "tests/tiny.bin": b"x", "data/README.md": "# D\n"}
    make.tree(tmp_path / "converted", {"config.json": CONFIG, "onnx/model.onnx": b"x"})
    for name, files in (("pipeline", pipeline), ("training", training), ("code", code)):
        make.tree(tmp_path / name, files)
    assert [item[:1] + item[2:] for item in split(tmp_path)] == [
        ("converted", "directory", "key-files"),
        ("pipeline", "diffusers", "key-files"),
        ("training", "directory", "checkpoints"),
    ]
    assert split(tmp_path / "code") == [(".", "code", "directory", "whole")]
    for name in ("pipeline", "training", "code"):
        assert inspect([tmp_path / name]).notes == ()


def test_archives_beside_one_another_are_bundles_and_clones_are_not_split(tmp_path: Path) -> None:
    make.tree(tmp_path, {"a.zip": b"x", "b.tar.gz": b"x", "clone/.git/HEAD": "ref: refs/heads/main\n", **below("clone/m", MODEL)})
    assert [(item[0], item[3]) for item in split(tmp_path)] == [("a.zip", "archive"), ("b.tar.gz", "archive"), ("clone", "git")]


def test_links_to_directories_are_not_followed(tmp_path: Path) -> None:
    make.tree(tmp_path / "elsewhere", MODEL)
    make.tree(tmp_path / "store", below("a", MODEL))
    (tmp_path / "store" / "b").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "store" / "loop").symlink_to(tmp_path / "store")
    assert [item[0] for item in split(tmp_path / "store")] == ["a"]


def test_a_directory_that_is_too_deep_is_said_to_be(tmp_path: Path) -> None:
    make.tree(tmp_path, below("/".join("abcdefghijkl"), MODEL))
    assert not find_bundles(tmp_path).complete
    assert open_place(tmp_path)[1] is None


def test_every_rule_says_what_it_is() -> None:
    assert all(rule.text and rule.id == name for name, rule in load_rules().items())


def test_the_command_prints_paths_and_rules(tmp_path: Path) -> None:
    hub(tmp_path, "a/one", "1" * 40)
    hub(tmp_path, "b/two", "2" * 40)
    done = run("bundles", tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"2 bundles at {tmp_path}\n\nhub-cache: each `models--OWNER--NAME`")
    assert f" {tmp_path}/models--a--one  a/one  hub-cache\n" in done.stdout
    view = json.loads(run("bundles", tmp_path, "--format", "json").stdout)
    assert [item["name"] for item in view["bundles"]] == ["a/one", "b/two"]
    assert [rule["id"] for rule in view["rules"]] == ["hub-cache"]
    assert run("bundles", tmp_path / "nothing").returncode == 2


@pytest.mark.parametrize(
    ("names", "layout"),
    [
        (("MLmodel", "model.pkl"), "mlflow"),
        (("model_index.json", "hubconf.py"), "diffusers"),
        (("modules.json", "config.json", "config_sentence_transformers.json"), "sentence-transformers"),
        (("params.json", "consolidated.00.pth", "tokenizer.model"), "llama-original"),
        (("params.json", "consolidated.safetensors", "tekken.json"), "mistral"),
        (("hubconf.py",), "torch-hub"),
        (("config.json", "params.json", "consolidated.00.pth"), "directory"),
    ],
)
def test_a_plain_directory_is_named_by_its_key_files(names: tuple[str, ...], layout: str, tmp_path: Path) -> None:
    assert open_layout(make.tree(tmp_path / "m", dict.fromkeys(names, "x"))).record.layout == layout
