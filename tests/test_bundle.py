"""The walk and the file: what is read, in which order, and what is reported instead of followed."""

import os
from pathlib import Path

import pytest

from inspector.bundle import MAX_TEXT, Entry, open_root, printable, walk
from inspector.errors import Malformed, TooLarge, UsageError
from inspector.model import Issue, Problem
from tests import make


def reasons(top: Path) -> list[str]:
    return [f"{item.location.path}: {item.reason}" for item in walk(open_root(top)) if isinstance(item, Problem)]


def test_files_come_in_the_order_of_their_paths(tmp_path: Path) -> None:
    make.tree(tmp_path, {"b": "", "a/z": "", "a/b": "", "A": ""})
    assert [entry.path for entry in make.entries(tmp_path)] == ["A", "a/b", "a/z", "b"]


def test_a_link_out_of_the_root_is_reported_and_not_followed(tmp_path: Path) -> None:
    make.tree(tmp_path, {"outside/secret": "x", "bundle/here": "y"})
    (tmp_path / "bundle" / "there").symlink_to(tmp_path / "outside" / "secret")
    assert [entry.path for entry in make.entries(tmp_path / "bundle")] == ["here"]
    assert reasons(tmp_path / "bundle") == ["there: a link that leaves the root; it is not followed"]
    assert [item.rule for item in walk(open_root(tmp_path / "bundle")) if isinstance(item, Issue)] == ["bundle.link-outside"]


def test_a_link_inside_the_root_to_a_walked_file_is_not_read_twice(tmp_path: Path) -> None:
    make.tree(tmp_path, {"model.bin": "x"})
    (tmp_path / "alias.bin").symlink_to("model.bin")
    assert [entry.path for entry in make.entries(tmp_path)] == ["model.bin"]
    assert reasons(tmp_path) == []


def test_a_loop_of_links_ends(tmp_path: Path) -> None:
    make.tree(tmp_path, {"a/file": "x"})
    (tmp_path / "a" / "up").symlink_to("..")
    (tmp_path / "self").symlink_to("self")
    assert [entry.path for entry in make.entries(tmp_path)] == ["a/file"]
    assert reasons(tmp_path) == ["self: a link to something that cannot be read: Too many levels of symbolic links"]


def test_a_dangling_link_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "gone").symlink_to("nowhere")
    assert reasons(tmp_path) == ["gone: a link to something that cannot be read: No such file or directory"]


def test_a_pipe_is_reported_and_never_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert reasons(tmp_path) == ["pipe: a special file (device, pipe or socket); it is not opened"]


def test_a_name_that_is_not_utf8_is_shown_with_escapes(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"bad\xff.txt")).write_text("x")
    assert [entry.path for entry in make.entries(tmp_path)] == ["bad\\udcff.txt"]
    assert reasons(tmp_path) == ["bad\\udcff.txt: the name is not printable UTF-8; it is shown with escapes"]


def test_a_name_cannot_act_on_a_terminal() -> None:
    assert printable("a\x1b[31mb\u202ec\n") == "a\\x1b[31mb\\u202ec\\n"


def test_names_that_differ_in_case_only_are_an_issue(tmp_path: Path) -> None:
    make.tree(tmp_path, {"LICENSE": "a", "license": "b"})
    issues = [item for item in walk(open_root(tmp_path)) if isinstance(item, Issue)]
    assert [issue.rule for issue in issues] == ["bundle.case-collision"]
    assert [place.path for place in issues[0].locations] == ["LICENSE", "license"]


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is unreadable for root")
def test_an_unreadable_directory_is_a_problem(tmp_path: Path) -> None:
    make.tree(tmp_path, {"closed/file": "x"})
    (tmp_path / "closed").chmod(0)
    assert reasons(tmp_path) == ["closed: the directory cannot be read: Permission denied"]
    (tmp_path / "closed").chmod(0o700)


def test_directories_are_walked_to_a_depth_and_no_further(tmp_path: Path) -> None:
    deep = "/".join(["d"] * 120)
    make.tree(tmp_path, {f"{deep}/file": "x", "top": "y"})
    assert [entry.path for entry in make.entries(tmp_path)] == ["top"]
    assert "more than 100 directories deep" in reasons(tmp_path)[0]


def test_git_and_hub_records_are_not_part_of_the_bundle(tmp_path: Path) -> None:
    commit = "0123456789abcdef0123456789abcdef01234567"
    make.tree(tmp_path, {".cache/huggingface/download/config.json.metadata": f"{commit}\netag\n0.0\n", "config.json": "{}"})
    root = open_root(tmp_path)
    assert (root.record.layout, root.record.revision) == ("hub-snapshot", commit)
    assert [entry.path for entry in make.entries(tmp_path)] == ["config.json"]


def test_a_git_clone_tells_its_commit(tmp_path: Path) -> None:
    make.tree(tmp_path, {".git/HEAD": "ref: refs/heads/main\n", ".git/packed-refs": "# pack-refs\nabc123 refs/heads/main\n", "a": "x"})
    root = open_root(tmp_path)
    assert (root.record.layout, root.record.revision) == ("git", "abc123")
    assert [entry.path for entry in make.entries(tmp_path)] == ["a"]


def test_a_reference_that_leaves_git_is_not_read(tmp_path: Path) -> None:
    make.tree(tmp_path, {"secret": "do not show", "bundle/.git/HEAD": "ref: ../../secret\n", "bundle/a": "x"})
    assert open_root(tmp_path / "bundle").record.revision is None


def test_the_hub_cache_is_read_at_the_revision_of_main_through_its_links(tmp_path: Path) -> None:
    repo = tmp_path / "models--acme--tiny"
    make.tree(repo, {"blobs/aa": "{}", "refs/main": "c0ffee", "snapshots/beef/config.json": "old", "snapshots/c0ffee/.keep": ""})
    (repo / "snapshots" / "c0ffee" / "config.json").symlink_to("../../blobs/aa")
    for given in (repo, repo / "snapshots" / "c0ffee"):
        root = open_root(given)
        assert (root.record.name, root.record.layout, root.record.revision) == ("acme/tiny", "hub-cache", "c0ffee")
        assert [entry.path for entry in walk(root) if isinstance(entry, Entry)] == [".keep", "config.json"]


def test_a_single_file_is_a_root_of_its_own(tmp_path: Path) -> None:
    make.tree(tmp_path, {"model.gguf": "x", "other": "y"})
    root = open_root(tmp_path / "model.gguf")
    assert root.record.layout == "file"
    assert [entry.path for entry in walk(root) if isinstance(entry, Entry)] == ["model.gguf"]


def test_a_missing_path_says_so(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no such file or directory"):
        open_root(tmp_path / "nowhere")


def test_reading_past_the_end_is_malformed(tmp_path: Path) -> None:
    with make.open_file(tmp_path, "a", b"12345678") as file:
        assert file.read(2, 3) == b"345"
        for offset, length in ((4, 5), (9, 1), (-1, 2), (0, -1)):
            with pytest.raises(Malformed, match="truncated"):
                file.read(offset, length)


def test_a_text_above_the_limit_is_too_large(tmp_path: Path) -> None:
    with (tmp_path / "sparse").open("wb") as stream:
        stream.truncate(MAX_TEXT + 1)
    with make.entries(tmp_path)[0].open() as file, pytest.raises(TooLarge, match="the limit"):
        assert file.text


@pytest.mark.parametrize(
    ("data", "text", "remark"),
    [
        ("é".encode(), "é", None),
        (b"\xef\xbb\xbfa", "a", None),
        ("é".encode("utf-16"), "é", None),
        (b"caf\xe9", "café", "not valid UTF-8 at byte 3; read as Latin-1: its ASCII is certain, its other letters are a guess"),
        (b"it\x92s", "it\u2019s", "not valid UTF-8 at byte 2; read as Windows-1252: its ASCII is certain, its other letters are a guess"),
        (
            "文字列です".encode() + b"\xe6",
            "文字列です\ufffd",
            "not valid UTF-8 at byte 15; read as UTF-8 without 1 broken characters: all else is certain",
        ),
    ],
)
def test_text_is_decoded_by_its_mark_or_by_what_its_bytes_show(tmp_path: Path, data: bytes, text: str, remark: str | None) -> None:
    with make.open_file(tmp_path, "a", data) as file:
        assert file.text == text
        assert file.flaws == []
        assert file.remarks == ([remark] if remark else [])


@pytest.mark.parametrize(
    ("data", "flaw"),
    [
        (b"\xff\xfea", "not valid UTF-16 at byte 2; read as Latin-1"),
        (b"caf\xe9\0", "not valid UTF-8 at byte 3; read as Latin-1"),
        ("описание".encode("cp1251"), "not valid UTF-8 at byte 0; read as Latin-1"),
        ("说明".encode("gb18030"), "not valid UTF-8 at byte 2; read as Latin-1"),
    ],
)
def test_a_text_whose_encoding_cannot_be_told_has_a_flaw(tmp_path: Path, data: bytes, flaw: str) -> None:
    with make.open_file(tmp_path, "a", data) as file:
        assert file.text
        assert (file.flaws, file.remarks) == ([flaw], [])


def test_the_digest_is_the_files_digest(tmp_path: Path) -> None:
    with make.open_file(tmp_path, "a", b"abc") as file:
        assert file.sha256() == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://github.com/acme/tiny.git", "github.com/acme/tiny"),
        ("https://user:secret@GitHub.com/acme/tiny/", "github.com/acme/tiny"),
        ("ssh://git@host.example:2222/a/b/tiny.git", "host.example/a/b/tiny"),
        ("git@github.com:acme/tiny", "github.com/acme/tiny"),
    ],
)
def test_a_clone_tells_where_it_came_from_without_passwords(url: str, origin: str, tmp_path: Path) -> None:
    config = f'[core]\n\tbare = false\n[remote "origin"]\n\tfetch = +refs/heads/*:refs/remotes/origin/*\n\turl = {url}\n[branch "main"]\n'
    make.tree(tmp_path, {".git/HEAD": "abc\n", ".git/config": config, "a": "x"})
    assert open_root(tmp_path).record.origin == origin
