"""Clones made by real git: objects loose and packed, git-lfs, links, line ends, what is staged; and repositories that somebody damaged."""

import hashlib
import os
import tarfile
import tempfile
import zlib
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.bundle import open_root, survey
from inspector.errors import Malformed
from inspector.git.index import read_index
from inspector.git.objects import GitObjects
from inspector.git.packs import apply_delta
from inspector.verification.integrity import Answer, Strength
from tests import make
from tests.recorded import FILES, FIRST, SECOND, answer, clone, digest, git, git_name, one, pointer, reasons, rules, states

LFS = {".gitattributes": b"*.bin filter=lfs diff=lfs merge=lfs -text\n", "a.bin": pointer(FIRST), "b.bin": pointer(SECOND), "c.txt": b"c\n"}


def plain(top: Path, files: dict[str, bytes]) -> Path:
    """Commit files as they are, whatever their attributes ask for: what the hub hands out to git."""
    attributes = {path: data for path, data in files.items() if path == ".gitattributes"}
    clone(top, {path: data for path, data in files.items() if path not in attributes})
    make.tree(top, attributes)
    git(top, "-c", "filter.lfs.clean=cat", "add", "-A")
    git(top, "-c", "filter.lfs.clean=cat", "commit", "-q", "-m", "attributes")
    return top


def test_the_commit_is_named_and_its_strength_is_told(tmp_path: Path) -> None:
    top = clone(tmp_path / "m")
    use = next(use for use in answer(top).records if use.ledger == "git-commit")
    assert (use.strength, use.complete, use.files) == (Strength.CHAINED, True, 3)
    assert use.places[0].pointer == git(top, "rev-parse", "HEAD")


def test_pointers_are_not_downloaded_and_content_in_their_place_is_intact(tmp_path: Path) -> None:
    top = plain(tmp_path / "m", LFS)
    assert states(answer(top)) == {"a.bin": "not-downloaded", "b.bin": "not-downloaded"}
    make.tree(top, {"a.bin": FIRST})
    found = answer(top)
    assert (found.answer, states(found)) == (Answer.INCOMPLETE, {"b.bin": "not-downloaded"})
    assert {check.ledger for check in one(found, "a.bin").checks} == {"git-commit", "git-index"}
    make.tree(top, {"b.bin": SECOND})
    assert answer(top).answer is Answer.INTACT


def test_content_of_git_lfs_is_told_as_swapped_truncated_and_changed(tmp_path: Path) -> None:
    top = make.tree(plain(tmp_path / "m", LFS), {"a.bin": SECOND, "b.bin": FIRST})
    assert states(answer(top)) == {"a.bin": "swapped", "b.bin": "swapped"}
    make.tree(top, {"a.bin": FIRST[:-1], "b.bin": SECOND[::-1]})
    assert states(answer(top)) == {"a.bin": "truncated", "b.bin": "changed"}


def test_content_of_git_lfs_is_intact_by_the_index_alone(tmp_path: Path) -> None:
    top = make.tree(plain(tmp_path / "m", LFS), {"a.bin": FIRST, "b.bin": SECOND})
    (top / ".git" / "HEAD").unlink()
    found = answer(top)
    assert {use.ledger for use in found.records} == {"git-index"}
    assert (found.answer, states(found)) == (Answer.INTACT, {})


def test_a_pointer_to_other_content_is_changed(tmp_path: Path) -> None:
    top = make.tree(plain(tmp_path / "m", LFS), {"a.bin": pointer(b"evil" * 100)})
    found = answer(top)
    assert one(found, "a.bin").state == "changed"
    assert "a Git LFS pointer to other content than is recorded" in reasons(found, "a.bin")


def test_content_that_git_lfs_keeps_beside_a_pointer_is_noted(tmp_path: Path) -> None:
    top = plain(tmp_path / "m", LFS)
    name = hashlib.sha256(FIRST).hexdigest()
    make.tree(top, {f".git/lfs/objects/{name[:2]}/{name[2:4]}/{name}": FIRST})
    assert answer(top).notes == (f"a.bin is a pointer, and git-lfs keeps its content: .git/lfs/objects/.../{name}",)


def test_a_change_that_was_staged_shows_against_the_commit_and_as_disagreement(tmp_path: Path) -> None:
    top = make.tree(clone(tmp_path / "m"), {"a.bin": SECOND[::-1]})
    git(top, "add", "-A")
    found = answer(top)
    assert one(found, "a.bin").state == "changed"
    assert rules(found) == ["verify.changed", "verify.records-disagree"]
    assert [check.state for check in one(found, "a.bin").checks] == ["changed", "intact"]


def test_links_are_held_against_where_they_should_lead(tmp_path: Path) -> None:
    top = make.tree(tmp_path / "m", FILES)
    (top / "alias").symlink_to("a.bin")
    (top / "folder").symlink_to("sub")
    clone(top)
    assert answer(top).answer is Answer.INTACT
    (top / "alias").unlink()
    (top / "alias").symlink_to("note.txt")
    (top / "folder").unlink()
    make.tree(top, {"folder": "a file"})
    found = answer(top)
    assert states(found) == {"alias": "changed", "folder": "changed"}
    assert "the link leads elsewhere" in reasons(found, "alias")
    assert "a file stands where a symbolic link should" in reasons(found, "folder")


def test_other_ends_of_lines_are_told_as_such(tmp_path: Path) -> None:
    top = make.tree(clone(tmp_path / "m"), {"note.txt": b"a note\r\n"})
    found = answer(top)
    assert one(found, "note.txt").state == "changed"
    assert "it differs in the ends of its lines only" in reasons(found, "note.txt")


def test_what_a_sparse_checkout_leaves_out_is_not_missing(tmp_path: Path) -> None:
    top = clone(tmp_path / "m", {**FILES, "left/out.bin": b"left out"})
    git(top, "sparse-checkout", "set", "sub")
    found = answer(top)
    assert (found.answer, states(found)) == (Answer.INCOMPLETE, {"left/out.bin": "not-downloaded"})
    git(top, "sparse-checkout", "set", "--sparse-index", "sub")
    assert states(answer(top)) == {"left/out.bin": "not-downloaded"}


def test_another_repository_in_it_is_noted_and_its_files_are_not_extra(tmp_path: Path) -> None:
    other, top = clone(tmp_path / "other"), clone(tmp_path / "m")
    git(top, "-c", "protocol.file.allow=always", "submodule", "add", "-q", str(other), "inner")
    git(top, "commit", "-q", "-m", "with another")
    found = answer(top)
    assert {state for path, state in states(found).items() if path.startswith("inner/")} == {"not-recorded"}
    assert found.answer is Answer.PARTLY
    assert any("1 other repositories belong to the commit" in note for note in found.notes)


def test_every_version_of_the_index_is_read(tmp_path: Path) -> None:
    for version in ("2", "3", "4"):
        top = clone(tmp_path / version, {f"folder/{number}.txt": str(number).encode() for number in range(30)})
        git(top, "update-index", "--index-version", version)
        (top / ".git" / "HEAD").unlink()
        found = answer(top)
        assert (found.answer, len(found.files)) == (Answer.INTACT, 30)


def test_differences_in_packs_are_applied(tmp_path: Path) -> None:
    top = tmp_path / "m"
    clone(top, {f"{number:03}.txt": b"same text\n" * 50 + str(number).encode() for number in range(300)})
    for number in range(5):
        make.tree(top, {f"{number:03}.txt": f"other {number}"})
        git(top, "commit", "-qam", f"change {number}")
    git(top, "gc", "-q", "--aggressive", "--prune=now")
    listed = git(top, "verify-pack", "-v", *(str(path) for path in (top / ".git/objects/pack").glob("*.idx")))
    assert "chain length" in listed
    assert answer(top).answer is Answer.INTACT
    held = survey(open_root(top))
    with GitObjects(held.records, ".git/") as objects:
        for line in listed.splitlines():
            name, kind, size = [*line.split(), "", ""][:3]
            if kind in {"blob", "tree", "commit"}:
                assert len(objects.read(name, kind)) == objects.measure(name)
        assert size is not None


def test_a_tree_that_was_exchanged_does_not_pass_for_the_commit(tmp_path: Path) -> None:
    top = clone(tmp_path / "m")
    tree = git(top, "rev-parse", "HEAD^{tree}")
    path = top / ".git" / "objects" / tree[:2] / tree[2:]
    body = b"100644 a.bin\0" + bytes.fromhex(git_name(b"evil"))
    path.chmod(0o644)
    path.write_bytes(zlib.compress(b"tree %d\0" % len(body) + body))
    found = answer(make.tree(top, {"a.bin": "evil"}))
    assert "verify.damaged-record" in rules(found)
    assert found.answer is Answer.NOT_INTACT


def test_an_index_that_was_changed_is_a_problem_and_the_commit_counts(tmp_path: Path) -> None:
    top = make.tree(clone(tmp_path / "m"), {"a.bin": "evil"})
    index = top / ".git" / "index"
    index.write_bytes(index.read_bytes().replace(bytes.fromhex(git_name(FIRST)), bytes.fromhex(git_name(b"evil"))))
    found = answer(top)
    assert one(found, "a.bin").state == "changed"
    assert any("another checksum than it says" in problem.reason for problem in found.problems)


def test_a_repository_without_its_objects_is_held_against_the_index_and_that_is_told(tmp_path: Path) -> None:
    top = clone(tmp_path / "m")
    for path in sorted((top / ".git" / "objects").rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    found = answer(top)
    assert found.answer is Answer.NOT_ALL_READ
    assert "is not in this repository: the files were held against the index alone" in found.problems[0].reason
    assert states(found) == {}


def index_of(path: bytes) -> bytes:
    """Write an index with one path."""
    row = bytes(24) + (0o100644).to_bytes(4, "big") + bytes(12) + bytes.fromhex(git_name(b"x")) + len(path).to_bytes(2, "big") + path
    row += b"\0" * (8 - len(row) % 8)
    data = b"DIRC" + (2).to_bytes(4, "big") + (1).to_bytes(4, "big") + row
    return data + bytes.fromhex(digest("sha1", data))


@pytest.mark.parametrize("path", [b"../outside", b"/etc/passwd", b".git/config", b"a/.GIT/hooks/x"])
def test_a_path_that_leads_out_or_into_the_repository_is_refused(path: bytes, tmp_path: Path) -> None:
    top = make.tree(tmp_path / "m", {"a": "x", ".git/index": index_of(path)})
    found = answer(top)
    assert "verify.unsafe-path" in rules(found)
    assert [item.path for item in found.files] == ["a"]


def test_links_among_the_records_are_not_followed(tmp_path: Path) -> None:
    top = clone(tmp_path / "m")
    (top / ".git" / "index").rename(tmp_path / "index")
    (top / ".git" / "index").symlink_to(tmp_path / "index")
    assert {use.ledger for use in answer(top).records} == {"git-commit"}


def test_names_that_act_on_a_terminal_are_held_by_their_escapes(tmp_path: Path) -> None:
    top = clone(tmp_path / "m", {"a\x1b[2Jb.txt": b"x", os.fsdecode(b"caf\xe9"): b"y"})
    found = answer(top)
    assert [(item.path, item.state) for item in found.files] == [("a\\x1b[2Jb.txt", "intact"), ("caf\\udce9", "intact")]


@given(st.binary(max_size=400))
def test_any_bytes_are_an_index_or_malformed(data: bytes) -> None:
    body = b"DIRC\0\0\0\2" + data
    for whole in (data, body + bytes.fromhex(digest("sha1", body))):
        with suppress(Malformed):
            list(read_index(whole))


@given(st.binary(max_size=100), st.binary(max_size=100))
def test_any_difference_makes_an_object_within_its_limit_or_is_malformed(base: bytes, delta: bytes) -> None:
    with suppress(Malformed):
        assert len(apply_delta(base, bytes([len(base)]) + delta, 1000)) <= 1000


def test_damaged_objects_end_in_an_answer(tmp_path: Path) -> None:
    top = plain(tmp_path / "m", LFS)
    for path in (top / ".git" / "objects").rglob("*"):
        if path.is_file():
            path.chmod(0o644)
            path.write_bytes(b"\xff" + path.read_bytes()[1:])
    assert "verify.damaged-record" in rules(answer(top))
    whole = plain(tmp_path / "blob", LFS)
    name = git_name(LFS["a.bin"])
    blob = whole / ".git" / "objects" / name[:2] / name[2:]
    blob.chmod(0o644)
    blob.write_bytes(b"\xff\xff")
    assert states(answer(whole)) == {"a.bin": "not-downloaded", "b.bin": "not-downloaded"}


def test_a_clone_in_an_archive_is_verified_and_its_links_are_noted(tmp_path: Path) -> None:
    top = make.tree(tmp_path / "m", FILES)
    (top / "alias").symlink_to("a.bin")
    clone(top)
    make.tree(top, {"a.bin": SECOND})
    with tarfile.open(tmp_path / "m.tar", "w") as archive:
        archive.add(top, "m")
    found = answer(tmp_path / "m.tar")
    assert states(found) == {"m/a.bin": "swapped"}
    assert found.notes == ("1 link of the commit cannot be seen in an archive",)


@given(st.binary(min_size=1, max_size=60), st.integers(0, 400))
def test_any_damage_to_a_pack_is_malformed_or_harmless(data: bytes, place: int) -> None:
    with tempfile.TemporaryDirectory() as where:
        top = make.tree(Path(where), {f".git/objects/pack/p{end}": body for end, body in PACK.items()})
        path = top / ".git/objects/pack/p.pack"
        body = PACK[".pack"]
        path.write_bytes(body[:place] + data + body[place + len(data) :])
        held = survey(open_root(top))
        with GitObjects(held.records, ".git/") as objects, suppress(Malformed):
            for name in PACKED:
                with suppress(Malformed):
                    objects.measure(name)
                with suppress(Malformed):
                    objects.read(name, "blob")


def make_pack() -> tuple[dict[str, bytes], list[str]]:
    """Make a pack of texts that are differences from each other."""
    with tempfile.TemporaryDirectory() as where:
        top = clone(Path(where), {f"{number}.txt": b"same text\n" * 40 + b"%d" % number for number in range(6)}, packed=True)
        index = next((top / ".git/objects/pack").glob("*.idx"))
        names = [line.split()[0] for line in git(top, "verify-pack", "-v", str(index)).splitlines() if " blob " in line]
        return {".idx": index.read_bytes(), ".pack": index.with_suffix(".pack").read_bytes()}, names


PACK, PACKED = make_pack()
