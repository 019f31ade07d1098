"""`inspector verify` as a user runs it: exit codes, the page, JSON by its schema, an earlier report, hostile names."""

import json
import os
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from inspector.errors import ExitCode
from inspector.render.verification import render_verification
from inspector.verification.ledgers import load_ledgers
from sample_bundles.weights import Tensor, safetensors_bytes
from tests import make
from tests.recorded import FIRST, answer, checksums, clone, hub_cache, hub_download, sha256
from tests.test_layouts import GGUF, ollama

TOP = Path(__file__).parent.parent


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "inspector", *map(str, arguments)]
    settings = {**os.environ, "INSPECTOR_MEMO": "off", "COLUMNS": "100"}
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=TOP, env=settings)


def test_exit_codes_tell_intact_differing_incomplete_unread_and_unrecorded_apart(tmp_path: Path) -> None:
    whole = hub_download(tmp_path / "whole")
    assert run("verify", whole).returncode == ExitCode.DONE
    make.tree(whole, {"a.bin": "x"})
    assert run("verify", whole).returncode == ExitCode.REQUIREMENT_NOT_MET
    unread = hub_download(tmp_path / "unread")
    make.tree(unread, {".cache/huggingface/download/a.bin.metadata": ""})
    done = run("verify", unread)
    assert (done.returncode, done.stderr) == (ExitCode.UNREADABLE, "inspector: 1 thing could not be read; the answer names each\n")
    bare = make.tree(tmp_path / "bare", {"a.bin": "x"})
    done = run("verify", bare)
    assert done.returncode == ExitCode.NOTHING
    assert done.stdout.startswith(" NOTHING RECORDED   bare  1 file\n There is no record to verify against:")
    assert run("verify", tmp_path / "nowhere").returncode == ExitCode.USAGE


def test_the_page_says_what_each_record_proves_and_why_a_file_differs(tmp_path: Path) -> None:
    top = make.tree(hub_download(tmp_path / "m", listed=True), {"a.bin": FIRST[:-1], "new.py": ""})
    page = run("verify", top).stdout
    assert page.startswith(" NOT INTACT   m  4 files\n Something is not as it is recorded: 1 truncated, 1 extra, 2 intact.\n")
    for told in (
        "came with it  download record of the Hugging Face hub  3 files\n",
        "came with it  list of all files of a commit of the Hugging Face hub  3 files, all of them\n",
        "239 of 240 bytes are here; sha256 is ",
        ".cache/huggingface/download/a.bin.metadata:2",
        ".cache/huggingface/trees/0123456789ab.json#/files/a.bin",
        "the record lists all files, and not this one",
    ):
        assert told in " ".join(page.split("\n          ")) or told in page.replace("\n", " ") or told in page, told


def test_every_file_is_shown_with_its_records_when_asked(tmp_path: Path) -> None:
    page = run("verify", clone(tmp_path / "m"), "--verbose").stdout
    assert page.count("git-sha1 is ") == 3


@pytest.mark.parametrize("kind", [hub_download, hub_cache, clone, checksums])
def test_the_answer_as_json_is_valid_by_its_schema(kind: object, tmp_path: Path) -> None:
    top = kind(tmp_path / "m") if callable(kind) else tmp_path
    make.tree(tmp_path, {"m/extra.txt": "x"})
    schema = json.loads((TOP / "docs" / "schema" / "verification-1.json").read_text())
    told = json.loads(run("verify", top, "--format", "json").stdout)
    jsonschema.validate(told, schema)
    assert told["schema"] == "preferred-form/verification/1"
    assert {item["state"] for item in told["files"]} >= {"intact"}


def test_names_do_not_act_on_the_terminal(tmp_path: Path) -> None:
    name = "a\x1b[2J\u202eb"
    top = make.tree(tmp_path / "m", {name: "x", "SHA256SUMS": f"{sha256(b'y')}  {name}\n{sha256(b'y')}  \x1b]0;gone\n"})
    for more in ((), ("--verbose",), ("--format", "json")):
        shown = run("verify", top, *more).stdout
        assert "\x1b" not in shown
        assert "\u202e" not in shown
    assert "a\\x1b[2J\\u202eb" in run("verify", top).stdout


def test_an_earlier_report_tells_what_changed_since(tmp_path: Path) -> None:
    weights = safetensors_bytes([Tensor("a.weight", "F16", (4, 4))])
    top, kept = make.tree(tmp_path / "m", {"model.safetensors": weights, "b.txt": "b", "c.txt": "c"}), tmp_path / "kept.json"
    assert run("audit", top, "--format", "json", "-o", kept).returncode == ExitCode.DONE
    done = run("verify", top, "--against", kept)
    assert (done.returncode, done.stdout.splitlines()[0]) == (ExitCode.DONE, " INTACT   m  3 files")
    assert "That is as good as the report that you gave." in done.stdout
    make.tree(top, {"b.txt": "c", "d.txt": "d"})
    (top / "c.txt").unlink()
    told = json.loads(run("verify", top, "--against", kept, "--format", "json").stdout)
    assert {item["path"]: item["state"] for item in told["files"]} == {
        "b.txt": "swapped", "c.txt": "missing", "d.txt": "extra", "model.safetensors": "intact",
    }  # fmt: skip
    done = run("verify", top, top, "--against", kept)
    assert (done.returncode, done.stderr) == (ExitCode.USAGE, "inspector: the report is of 1 roots (m), 2 paths were given\n")
    assert run("verify", top, "--against", top / "b.txt").returncode == ExitCode.USAGE


def test_a_report_leaves_second_names_and_records_out_and_they_are_not_extra(tmp_path: Path) -> None:
    top, kept = (
        make.tree(tmp_path / "m", {"sub/b.txt": "b", ".huggingface/download/x.lock": "", "x/.cache/huggingface/y": ""}),
        tmp_path / "kept.json",
    )
    (top / "alias").symlink_to("sub/b.txt")
    (top / "folder").symlink_to("sub")
    run("audit", top, "--format", "json", "-o", kept)
    assert run("verify", top, "--against", kept).returncode == ExitCode.DONE


def test_a_report_without_digests_proves_nothing(tmp_path: Path) -> None:
    top, kept = make.tree(tmp_path / "m", {"b.txt": "b"}), tmp_path / "kept.json"
    run("audit", top, "--no-digest", "--format", "json", "-o", kept)
    assert run("verify", top, "--against", kept).returncode == ExitCode.NOTHING


def test_a_report_of_a_store_is_held_against_its_layers(tmp_path: Path) -> None:
    manifest, kept = ollama(tmp_path / "store", {"model": GGUF, "license": b"MIT"}), tmp_path / "kept.json"
    run("audit", manifest, "--format", "json", "-o", kept)
    assert run("verify", manifest, "--against", kept).returncode == ExitCode.DONE
    blob = tmp_path / "store" / "blobs" / f"sha256-{sha256(b'MIT')}"
    blob.write_bytes(b"BSD")
    told = json.loads(run("verify", manifest, "--against", kept, "--format", "json").stdout)
    assert {item["path"] for item in told["files"] if item["state"] == "changed"} == {"LICENSE"}


def test_options_that_exclude_each_other_are_refused(tmp_path: Path) -> None:
    top = checksums(tmp_path / "m")
    assert run("verify", top, "--key", "a", "--certificate", "b").returncode == ExitCode.USAGE
    assert run("verify", top, "--key", "a", "--against", "b").returncode == ExitCode.USAGE


def test_a_file_that_cannot_be_opened_is_a_problem_and_no_agreement(tmp_path: Path) -> None:
    top = checksums(tmp_path / "m")
    (top / "a.bin").unlink()
    os.mkfifo(top / "a.bin")
    found = answer(top)
    assert "a special file" in found.problems[0].reason
    assert next(item for item in found.files if item.path == "a.bin").state == "missing"


def test_several_bundles_are_told_apart_by_their_roots(tmp_path: Path) -> None:
    first, second = checksums(tmp_path / "a" / "m"), hub_download(tmp_path / "b" / "m")
    told = json.loads(run("verify", first, second, "--format", "json").stdout)
    assert [root["name"] for root in told["roots"]] == ["m", "m-2"]


def test_the_pages_of_docs_name_every_kind_of_record() -> None:
    page = (TOP / "docs" / "verify.md").read_text()
    assert [item.id for item in load_ledgers() if f"`{item.id}`" not in page] == []


def test_a_long_list_is_folded(tmp_path: Path) -> None:
    files = {f"{number:03}.txt": b"x" for number in range(40)}
    top = clone(tmp_path / "m", files)
    for path in files:
        (top / path).unlink()
    assert "and 10 more (--verbose shows them)" in render_verification(answer(top), width=100, color=False)
