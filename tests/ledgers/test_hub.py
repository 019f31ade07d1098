"""The hub's records: downloads of a directory, lists of a commit's files, names in the cache; and what hostile records say."""

from pathlib import Path

import pytest

from inspector.model import Severity
from inspector.verification.integrity import Answer
from tests import make
from tests.recorded import (
    COMMIT,
    FILES,
    FIRST,
    OTHER,
    SECOND,
    TIME,
    answer,
    etag,
    hub_cache,
    hub_download,
    one,
    reasons,
    rules,
    sha256,
    states,
)


def record(path: str) -> str:
    return f".cache/huggingface/download/{path}.metadata"


def test_files_of_several_commits_are_an_issue_and_no_failure(tmp_path: Path) -> None:
    top = hub_download(tmp_path / "m")
    make.tree(top, {record("a.bin"): f"{OTHER}\n{sha256(FIRST)}\n{TIME}\n"})
    found = answer(top)
    assert (found.answer, rules(found)) == (Answer.INTACT, ["verify.mixed-commits"])
    assert found.issues[0].message == "files of 2 commits stand beside each other: 0123456789ab (2), 89abcdef0123 (1)"
    assert [place.path for place in found.issues[0].locations][:1] == [record("a.bin")]


@pytest.mark.parametrize("name", ["../../outside", "a/../../../outside"])
def test_a_record_that_names_a_path_outside_is_refused_and_nothing_is_looked_at(name: str, tmp_path: Path) -> None:
    top = hub_download(tmp_path / "m", listed=True)
    path = top / f".cache/huggingface/trees/{COMMIT}.json"
    path.write_text(path.read_text().replace("a.bin", name))
    found = answer(top)
    assert "verify.unsafe-path" in rules(found)
    assert found.answer is Answer.NOT_INTACT
    assert not any("outside" in item.path for item in found.files)


def test_an_absolute_path_in_a_list_is_refused(tmp_path: Path) -> None:
    top = hub_download(tmp_path / "m", listed=True)
    path = top / f".cache/huggingface/trees/{COMMIT}.json"
    path.write_text(path.read_text().replace("a.bin", "/etc/passwd"))
    assert "verify.unsafe-path" in rules(answer(top))


@pytest.mark.parametrize("text", ["", "x\ny\nz\n", f"{COMMIT}\n{sha256(FIRST)}\n", f"{COMMIT}\n{sha256(FIRST)}\nnan\n", "\n" * 70_000])
def test_a_download_record_that_breaks_is_a_problem_and_the_others_count(text: str, tmp_path: Path) -> None:
    top = hub_download(tmp_path / "m")
    make.tree(top, {record("a.bin"): text})
    found = answer(top)
    assert found.answer is Answer.NOT_ALL_READ
    assert [problem.location.path for problem in found.problems] == [record("a.bin")]
    assert states(found) == {"a.bin": "not-recorded"}


def test_a_listed_file_that_was_never_fetched_is_not_downloaded(tmp_path: Path) -> None:
    top = hub_download(tmp_path / "m", listed=True)
    (top / "a.bin").unlink()
    (top / record("a.bin")).unlink()
    found = answer(top)
    assert (found.answer, states(found)) == (Answer.INCOMPLETE, {"a.bin": "not-downloaded"})


def test_the_list_of_another_commit_is_not_used(tmp_path: Path) -> None:
    top = hub_download(tmp_path / "m", listed=True)
    listed = top / f".cache/huggingface/trees/{COMMIT}.json"
    listed.rename(listed.with_name(f"{OTHER}.json"))
    make.tree(top, {"more.py": ""})
    found = answer(top)
    assert (found.answer, states(found)) == (Answer.PARTLY, {"more.py": "not-recorded"})
    assert found.notes == (f"a list of the hub's files is of another commit than what is here, and was not used: {OTHER[:12]}",)


def test_records_that_disagree_are_told_with_both_places(tmp_path: Path) -> None:
    top = hub_download(tmp_path / "m", listed=True)
    changed = SECOND[::-1]
    make.tree(top, {"a.bin": changed, record("a.bin"): f"{COMMIT}\n{sha256(changed)}\n{TIME}\n"})
    found = answer(top)
    assert one(found, "a.bin").state == "changed"
    issue = next(issue for issue in found.issues if issue.rule == "verify.records-disagree")
    assert {place.path for place in issue.locations} == {record("a.bin"), f".cache/huggingface/trees/{COMMIT}.json"}
    assert issue.severity is Severity.HIGH


def test_the_records_of_old_clients_are_read_too(tmp_path: Path) -> None:
    top = hub_download(tmp_path / "m")
    (top / ".cache" / "huggingface").rename(top / ".huggingface")
    assert answer(top).answer is Answer.INTACT


def test_a_download_below_another_directory_is_verified_there(tmp_path: Path) -> None:
    hub_download(tmp_path / "models" / "x")
    make.tree(tmp_path / "models" / "x", {"a.bin": SECOND})
    assert one(answer(tmp_path / "models"), "x/a.bin").state == "swapped"


def test_a_download_that_did_not_end_is_noted(tmp_path: Path) -> None:
    top = hub_download(tmp_path / "m")
    make.tree(top, {".cache/huggingface/download/abc.0123.incomplete": b"part"})
    assert answer(top).notes == ("1 download did not end: .cache/huggingface/download/abc.0123.incomplete",)


def test_a_link_of_a_cache_that_leads_to_another_blob_shows_in_the_list_alone(tmp_path: Path) -> None:
    repo = hub_cache(tmp_path)
    link = repo / "snapshots" / COMMIT / "a.bin"
    link.unlink()
    link.symlink_to(f"../../blobs/{sha256(SECOND)}")
    assert states(answer(repo)) == {}
    repo = hub_cache(tmp_path / "again", listed=True)
    link = repo / "snapshots" / COMMIT / "a.bin"
    link.unlink()
    link.symlink_to(f"../../blobs/{sha256(SECOND)}")
    assert states(answer(repo)) == {"a.bin": "swapped"}


def test_two_names_of_one_blob_are_both_intact(tmp_path: Path) -> None:
    repo = hub_cache(tmp_path, {**FILES, "copy.bin": FIRST}, listed=True)
    found = answer(repo)
    assert (found.answer, one(found, "copy.bin").state, one(found, "a.bin").state) == (Answer.INTACT, "intact", "intact")


def test_a_link_that_is_gone_is_missing_where_its_blob_is_still_here(tmp_path: Path) -> None:
    repo = hub_cache(tmp_path, listed=True)
    (repo / "snapshots" / COMMIT / "a.bin").unlink()
    (repo / "snapshots" / COMMIT / "note.txt").unlink()
    (repo / "blobs" / etag("note.txt", FILES["note.txt"])).unlink()
    assert states(answer(repo)) == {"a.bin": "missing", "note.txt": "not-downloaded"}


def test_a_file_that_does_not_exist_upstream_is_extra(tmp_path: Path) -> None:
    repo = hub_cache(tmp_path)
    make.tree(repo / "snapshots" / COMMIT, {"absent.json": "{}"})
    found = answer(repo)
    assert states(found) == {"absent.json": "extra"}
    assert reasons(found, "absent.json") == "the record says that there is no such file upstream"


def test_a_link_of_a_cache_that_leads_out_of_it_is_not_followed(tmp_path: Path) -> None:
    repo = hub_cache(tmp_path / "hub")
    make.tree(tmp_path, {"secret": FIRST})
    link = repo / "snapshots" / COMMIT / "a.bin"
    link.unlink()
    link.symlink_to(tmp_path / "secret")
    found = answer(repo)
    assert found.answer is Answer.NOT_ALL_READ
    assert "a link that leaves the root" in found.problems[0].reason


def test_a_whole_cache_is_verified_model_by_model(tmp_path: Path) -> None:
    hub_cache(tmp_path / "hub")
    (hub_cache(tmp_path / "second") / ".").rename(tmp_path / "hub" / "models--owner--other")
    found = answer(tmp_path / "hub")
    assert [root.name for root in found.roots] == ["owner/name", "owner/other"]
    assert found.answer is Answer.INTACT


def share(repo: Path, data: bytes, name: str = "c" * 64) -> Path:
    """Move a blob into the store that repositories share, as newer clients do, and leave a link in its place."""
    blob, kept = repo / "blobs" / sha256(data), repo.parent / "blobs" / name[:2] / name
    make.tree(repo.parent, {"blobs/.huggingface-shared-blobs": "1"})
    kept.parent.mkdir(parents=True, exist_ok=True)
    blob.rename(kept)
    blob.symlink_to(f"../../blobs/{name[:2]}/{name}")
    return kept


def test_content_that_repositories_share_is_verified_by_the_name_of_its_link(tmp_path: Path) -> None:
    repo = hub_cache(tmp_path, listed=True)
    kept = share(repo, FIRST)
    found = answer(repo)
    assert (found.answer, found.problems) == (Answer.INTACT, ())
    kept.write_bytes(SECOND)
    assert states(answer(repo)) == {"a.bin": "swapped"}


def test_links_beside_the_shared_store_are_not_followed(tmp_path: Path) -> None:
    repo = hub_cache(tmp_path / "hub", listed=True)
    kept = share(repo, FIRST)
    (tmp_path / "hub" / "blobs" / ".huggingface-shared-blobs").unlink()
    assert "a link that leaves the root" in answer(repo).problems[0].reason
    make.tree(tmp_path / "hub", {"blobs/.huggingface-shared-blobs": "1", "secret": FIRST})
    kept.unlink()
    kept.symlink_to(tmp_path / "hub" / "secret")
    assert "a link that leaves the root" in answer(repo).problems[0].reason
