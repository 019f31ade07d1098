"""Bundles in object stores: the same findings as on a disk, and of large files only the ranges that are asked for.

The server of objects is a process on the loopback address; what speaks to it are processes too, so that no socket is opened in this one.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest

from inspector import inspect
from inspector.bundle import file
from inspector.errors import ExitCode, InspectorError, UsageError
from inspector.fleet import remote
from inspector.fleet.remote import BLOCK, SMALL, FetchedFile, lay_out, lay_out_names
from inspector.model import RootRecord, Weights
from sample_bundles.weights import Tensor, safetensors_bytes
from tests import fleets, make
from tests.test_cli import TOP, run

SERVER = """
import sys
from moto.server import ThreadedMotoServer
server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
print(server.get_host_and_port()[1], flush=True)
sys.stdin.read()
"""
UPLOAD = """
import sys
from pathlib import Path
import fsspec
store = fsspec.filesystem("s3")
store.mkdir("models")
top = Path(sys.argv[1])
for path in sorted(top.rglob("*")):
    if path.is_file():
        store.pipe_file(f"models/{path.relative_to(top.parent)}", path.read_bytes())
"""


class Counting:
    """A store of objects in memory that counts what is fetched."""

    def __init__(self, objects: dict[str, bytes]) -> None:
        self.objects, self.fetched = objects, list[tuple[str, int, int]]()

    def find(self, path: str, *, detail: bool) -> dict[str, dict[str, object]]:
        assert detail
        return {name: {"size": len(data)} for name, data in self.objects.items() if name.startswith(path)}

    def info(self, path: str) -> dict[str, object]:
        return {"size": len(self.objects[path])}

    def open(self, path: str, mode: str, *, cache_type: str) -> BytesIO:
        raise AssertionError((path, mode, cache_type))

    def cat_file(self, path: str, start: int | None = None, end: int | None = None) -> bytes:
        data = self.objects[path][start:end]
        self.fetched.append((path, start or 0, len(data)))
        return data


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Counting:
    """A bucket with one bundle whose weights have 48 MiB, behind the address s3://bucket/m."""
    large = safetensors_bytes([Tensor("model.embed_tokens.weight", "F16", (16, 8))]) + bytes(48 * 2**20)
    made = Counting({"bucket/m/model.gguf.part": large, "bucket/m/config.json": b"{}"})
    monkeypatch.setattr(remote, "_connect", lambda _: (made, "bucket/m"))
    return made


def test_an_audit_without_digests_fetches_the_header_of_weights_and_no_tensor(store: Counting, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file, "_openers", [remote.open_hole])
    store.objects["bucket/m/model.safetensors"] = safetensors_bytes([Tensor("a.weight", "F16", (8192, 3072))])
    with lay_out("s3://bucket/m") as top:
        inventory = inspect([top], digest=False, jobs=1)
    held = {item.location.path: item.details.parameters for item in inventory.evidence if isinstance(item.details, Weights)}
    assert held["model.safetensors"] == 8192 * 3072
    assert sum(length for name, _, length in store.fetched if name.endswith(".safetensors")) < 3 * BLOCK


def test_of_a_large_file_only_what_is_read_is_fetched(store: Counting) -> None:
    size = len(store.objects["bucket/m/model.gguf.part"])
    with FetchedFile(RootRecord(name="m"), "model.gguf.part", size, store, "bucket/m/model.gguf.part") as held:
        assert held.head == store.objects["bucket/m/model.gguf.part"][:4096]
        assert held.read(8, 100) == store.objects["bucket/m/model.gguf.part"][8:108]
        assert held.read(BLOCK - 10, 20) == store.objects["bucket/m/model.gguf.part"][BLOCK - 10 : BLOCK + 10]
    assert store.fetched == [("bucket/m/model.gguf.part", 0, BLOCK), ("bucket/m/model.gguf.part", BLOCK, BLOCK)]


@pytest.mark.usefixtures("store")
def test_small_files_are_laid_out_and_large_ones_are_holes_that_fetch() -> None:
    with lay_out("s3://bucket/m") as top:
        assert (top.name, (top / "config.json").read_bytes()) == ("m", b"{}")
        entries = {entry.path: entry for entry in make.entries(top)}
        assert entries["model.gguf.part"].size > SMALL
        assert remote.open_hole(entries["config.json"]) is None
        hole = entries["model.gguf.part"]
        held = remote.open_hole(hole)
        assert held is not None
        assert held.head[8:9] == b"{"
    assert not top.exists()
    assert remote.open_hole(hole) is None


def test_a_store_that_fails_or_is_cut_short_is_a_problem_of_the_file(store: Counting) -> None:
    with pytest.raises(OSError, match="10 bytes were asked for at byte 0, 2 came"):
        remote.fetch(store, "bucket/m/config.json", 0, 10)
    with pytest.raises(OSError, match="KeyError"):
        remote.fetch(store, "bucket/none", 0, 10)


@pytest.mark.parametrize("name", ["../up", "a//b", "a/../b", "x" * 300, "config.json/below"])
def test_a_bundle_with_objects_whose_names_no_file_can_have_is_not_audited_in_part(name: str, store: Counting) -> None:
    store.objects |= {f"bucket/m/{name}": b"x", "bucket/m/sub/": b""}
    with pytest.raises(InspectorError, match="a name that no file can have"), lay_out("s3://bucket/m"):
        pass
    with lay_out_names("s3://bucket/m") as top:
        assert {path.name for path in top.iterdir()} == {"model.gguf.part", "config.json"}


def test_an_archive_in_a_store_is_told_to_be_fetched(store: Counting) -> None:
    del store
    with pytest.raises(UsageError, match="archives in object stores are not read in place"), lay_out("s3://bucket/m.tar.gz"):
        pass


@pytest.fixture
def bucket() -> Iterator[dict[str, str]]:
    """A server of objects; the environment in which the program finds it."""
    pytest.importorskip("moto")
    pytest.importorskip("s3fs")
    with subprocess.Popen(
        [sys.executable, "-c", SERVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        port = process.stdout.readline().strip() if process.stdout else ""
        named = {"AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}", "AWS_DEFAULT_REGION": "us-east-1"}
        yield {**named, "AWS_ACCESS_KEY_ID": "none", "AWS_SECRET_ACCESS_KEY": "none"}
        process.kill()


def test_bundles_of_a_bucket_have_the_reports_of_the_same_bundles_on_a_disk(bucket: dict[str, str], tmp_path: Path) -> None:
    local = fleets.write_store(tmp_path / "store", 3)
    make.tree(local / "owner0" / "large", {"config.json": "{}", "model.safetensors": safetensors_bytes([Tensor("a", "F16", (2048, 2048))])})
    subprocess.run([sys.executable, "-c", UPLOAD, str(local)], env={**os.environ, **bucket}, check=True, cwd=TOP)
    results, here = tmp_path / "r", tmp_path / "here"
    done = run("fleet", "s3://models/store", "--results", results, "-j", "1", cwd=TOP, **bucket)
    assert (done.returncode, fleets.without_pace(done.stderr)) == (ExitCode.DONE, ""), done.stdout
    assert run("fleet", local, "--results", here, "-j", "1").returncode == ExitCode.DONE

    def reports(top: Path) -> dict[str, str]:
        sql = "SELECT place, bundle FROM bundles"
        rows = json.loads(run("query", top, sql, "--format", "json").stdout)
        return {row["place"]: (top / "reports" / f"{row['bundle']}.json").read_text() for row in rows}

    assert reports(results) == reports(here)
    assert "s3://models/store/owner0/large" in run("query", results, "SELECT path FROM bundles").stdout


def test_a_bucket_that_is_not_there_is_one_line(bucket: dict[str, str], tmp_path: Path) -> None:
    done = run("fleet", "s3://nothing/here", "--results", tmp_path / "r", cwd=TOP, **bucket)
    assert done.returncode in {ExitCode.USAGE, ExitCode.NOTHING}
    assert done.stderr.startswith("inspector: s3://nothing/here: ")
    assert done.stderr.count("\n") == 1
