"""Lists of checksums in every form, digests in names, blobs with their manifests, and what safetensors files say of each other."""

import json
from pathlib import Path

import pytest

from inspector.model import Severity
from inspector.verification.integrity import Answer
from sample_bundles.weights import Tensor, safetensors_bytes
from tests import make
from tests.recorded import FILES, FIRST, SECOND, answer, checksums, clone, digest, one, reasons, rules, sha256, states
from tests.test_layouts import GGUF, ollama

SHARD = safetensors_bytes([Tensor("a.weight", "F16", (4, 4))])
MD5 = digest("md5", FIRST)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("SHA256SUMS", f"{sha256(FIRST)}  a.bin\n"),
        ("sha256sum.txt", f"{sha256(FIRST).upper()} *./a.bin\r\n"),
        ("checksums.txt", f"# made today\n\n{digest('sha512', FIRST)}  a.bin\n"),
        ("model-1.0.sha256", f"SHA256 (a.bin) = {sha256(FIRST)}\n"),
        ("a.bin.sha256", f"{sha256(FIRST)}\n"),
        ("a.bin.md5", f"{MD5}  a.bin"),
        ("MD5SUMS", f"MD5 (a.bin) = {MD5}\n"),
        ("checklist.chk", f"{MD5}  a.bin\n"),
        ("a.bin.sha1", f"{digest('sha1', FIRST)} *a.bin\n"),
        ("b2sums", f"BLAKE2b (a.bin) = {digest('blake2b', FIRST)}\n"),
    ],
)
def test_every_form_of_a_list_is_read(name: str, text: str, tmp_path: Path) -> None:
    top = make.tree(tmp_path, {"a.bin": FIRST, name: text})
    found = answer(top)
    assert (found.answer, one(found, "a.bin").state) == (Answer.PARTLY, "intact")
    assert reasons(found, name) == "it is a record itself, and nothing is recorded of it"
    make.tree(top, {"a.bin": SECOND})
    assert states(answer(top))["a.bin"] == "changed"


def test_names_with_escapes_and_in_directories_are_read(tmp_path: Path) -> None:
    top = make.tree(tmp_path, {"sub/a\nb": FIRST, "sub/SHA256SUMS": f"\\{sha256(FIRST)}  a\\nb\n"})
    assert one(answer(top), "sub/a\\nb").state == "intact"


@pytest.mark.parametrize("name", ["../outside", "/etc/passwd", "a/../../b"])
def test_a_list_that_names_paths_outside_is_refused(name: str, tmp_path: Path) -> None:
    found = answer(make.tree(tmp_path, {"a.bin": FIRST, "SHA256SUMS": f"{sha256(FIRST)}  {name}\n"}))
    assert (rules(found), found.answer) == (["verify.unsafe-path"], Answer.NOT_INTACT)
    assert found.issues[0].locations[0].span is not None


def test_what_is_no_list_says_nothing_and_a_line_that_breaks_is_a_problem(tmp_path: Path) -> None:
    top = make.tree(tmp_path, {"a.bin": FIRST, "checksums.txt": "How to verify checksums\n"})
    assert answer(top).answer is Answer.NOTHING_RECORDED
    make.tree(top, {"checksums.txt": f"{sha256(FIRST)}  a.bin\nnothing\n"})
    found = answer(top)
    assert found.answer is Answer.NOT_ALL_READ
    assert "line 2 is no checksum and name" in found.problems[0].reason


def test_signatures_beside_and_in_lists_are_said_to_be_not_verified(tmp_path: Path) -> None:
    text = f"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n{sha256(FIRST)}  a.bin\n-----BEGIN PGP SIGNATURE-----\nabc\n"
    found = answer(make.tree(tmp_path, {"a.bin": FIRST, "SHA256SUMS": text, "SHA256SUMS.asc": "x"}))
    assert (found.answer, found.problems) == (Answer.PARTLY, ())
    assert found.notes == (
        "SHA256SUMS carries a signature of its own; it was not verified",
        "SHA256SUMS.asc is a detached signature of SHA256SUMS; it was not verified",
    )


def test_two_lists_that_disagree_are_told(tmp_path: Path) -> None:
    top = make.tree(checksums(tmp_path), {"MD5SUMS": f"{digest('md5', SECOND)}  a.bin\n"})
    found = answer(top)
    assert {check.state for check in one(found, "a.bin").checks} == {"intact", "changed"}
    assert "verify.records-disagree" in rules(found)


def test_a_list_of_files_that_belong_elsewhere_is_a_note(tmp_path: Path) -> None:
    found = answer(clone(tmp_path, {**FILES, "SHA256SUMS": f"{sha256(b'data')}  /data.zip\n{sha256(b'x')}  data.zip\n".encode()}))
    assert [(issue.rule, issue.severity) for issue in found.issues] == [
        ("verify.unsafe-path", Severity.HIGH),
        ("verify.list-of-others", Severity.NOTE),
    ]
    assert states(found) == {}


def test_the_digest_in_a_checkpoints_name_is_compared_and_a_date_is_none(tmp_path: Path) -> None:
    top = make.tree(tmp_path, {f"net-{sha256(FIRST)[:8]}.pth": FIRST, "net-20230115.pth": FIRST, "net-0123456a.pth": FIRST})
    found = answer(top)
    assert {item.path: item.state for item in found.files} == {
        f"net-{sha256(FIRST)[:8]}.pth": "intact",
        "net-20230115.pth": "not-recorded",
        "net-0123456a.pth": "changed",
    }


def test_a_store_of_ollama_is_held_against_its_manifests(tmp_path: Path) -> None:
    ollama(tmp_path, {"model": GGUF, "license": b"MIT"})
    manifest = ollama(tmp_path, {"model": GGUF + b"2", "license": b"MIT"}, "library/other/7b")
    assert answer(tmp_path).answer is Answer.PARTLY
    blobs = {name: tmp_path / "blobs" / f"sha256-{sha256(data)}" for name, data in {"model": GGUF, "license": b"MIT"}.items()}
    blobs["model"].write_bytes(GGUF[:-1])
    blobs["license"].unlink()
    found = answer(tmp_path)
    assert set(states(found).values()) == {"truncated", "missing", "not-recorded"}
    assert [check.record.pointer for check in one(found, f"blobs/{blobs['license'].name}").checks] == ["/layers/1", "/layers/1"]
    alone = answer(manifest)
    assert {path: state for path, state in states(alone).items() if state != "not-recorded"} == {
        f"blobs/{blobs['license'].name}": "missing"
    }


def test_an_image_layout_is_followed_from_its_index(tmp_path: Path) -> None:
    layer, config = b"layer" * 10, b"{}"
    manifest = json.dumps({
        "schemaVersion": 2,
        "config": {"digest": f"sha256:{sha256(config)}", "size": len(config)},
        "layers": [{"digest": f"sha256:{sha256(layer)}", "size": len(layer)}],
    }).encode()  # fmt: skip
    index = {"schemaVersion": 2, "manifests": [{"digest": f"sha256:{sha256(manifest)}", "size": len(manifest)}]}
    blobs = {f"blobs/sha256/{sha256(data)}": data for data in (layer, config, manifest)}
    top = make.tree(tmp_path, {**blobs, "oci-layout": '{"imageLayoutVersion":"1.0.0"}', "index.json": json.dumps(index)})
    assert {path: state for path, state in states(answer(top)).items() if not path.endswith(("oci-layout", "index.json"))} == {}
    (top / "blobs" / "sha256" / sha256(layer)).write_bytes(b"evil" * 10)
    found = answer(top)
    assert one(found, f"blobs/sha256/{sha256(layer)}").state == "truncated"
    assert len(one(found, f"blobs/sha256/{sha256(layer)}").checks) == 2


def test_a_safetensors_file_that_was_cut_shows_without_any_record(tmp_path: Path) -> None:
    top = make.tree(tmp_path, {"model.safetensors": SHARD[:-1]})
    found = answer(top)
    assert (found.answer, states(found)) == (Answer.NOT_INTACT, {"model.safetensors": "truncated"})
    make.tree(top, {"model.safetensors": SHARD})
    whole = answer(top)
    assert (whole.answer, states(whole)) == (Answer.NOTHING_RECORDED, {"model.safetensors": "not-recorded"})


def test_an_index_of_parts_tells_what_is_missing_and_whether_the_bytes_add_up(tmp_path: Path) -> None:
    names = ("model-1.safetensors", "model-2.safetensors")
    index = {"metadata": {"total_size": 64}, "weight_map": {"a": names[0], "b": names[1]}}
    top = make.tree(tmp_path, {**dict.fromkeys(names, SHARD), "model.safetensors.index.json": json.dumps(index)})
    assert answer(top).issues == ()
    index["metadata"] = {"total_size": 96}
    make.tree(top, {"model.safetensors.index.json": json.dumps(index)})
    assert [(issue.rule, issue.severity) for issue in answer(top).issues] == [("verify.index-total", Severity.MEDIUM)]
    (top / names[1]).unlink()
    assert states(answer(top))[names[1]] == "missing"


def test_a_pointer_alone_is_not_downloaded(tmp_path: Path) -> None:
    text = f"version https://git-lfs.github.com/spec/v1\noid sha256:{sha256(FIRST)}\nsize {len(FIRST)}\n"
    found = answer(make.tree(tmp_path, {"model.bin": text}))
    assert (found.answer, states(found)) == (Answer.INCOMPLETE, {"model.bin": "not-downloaded"})


def test_the_beginning_of_a_digest_in_a_list_is_a_problem_and_no_agreement(tmp_path: Path) -> None:
    found = answer(make.tree(tmp_path, {"a.bin": FIRST, "SHA256SUMS": f"SHA256 (a.bin) = {sha256(FIRST)[:32]}\n"}))
    assert (found.answer, one(found, "a.bin").state) == (Answer.NOT_ALL_READ, "not-recorded")
