"""Contents of archives: members by content, what is told twice by nobody, and files that are no archives."""

import bz2
import gzip
import io
import zipfile
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

from detectors.weights.archive_contents import archive_contents
from detectors.weights.torch_zip import torch_zip
from inspector.detector import Said
from inspector.model import Issue, Severity
from sample_bundles.weights import Tensor, safetensors_bytes, torch_zip_bytes
from tests.detectors.weights.hearing import hear, rules, survive
from tests.malicious.archives import PICKLED, TORCH, hidden_member, patched, replaced, tarred, zipped
from tests.malicious.opcodes import ACTS

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

NOISE = b"".join(sha256(bytes([place // 256, place % 256])).digest() for place in range(700))


def places(said: list[Said]) -> set[str]:
    return {at.path for told in said if isinstance(told, Issue) for at in told.locations}


def test_a_member_is_named_with_the_archives_it_stands_in() -> None:
    data = zipped({"inner.dat": tarred({"deep/file.txt": ACTS})}, zipfile.ZIP_DEFLATED)
    said, fault = hear(archive_contents, "m.zip", data)
    assert fault is None
    assert rules(said) == ["pickle.unexpected-global"]
    assert places(said) == {"m.zip!/inner.dat!/deep/file.txt"}


def test_what_the_detector_of_a_format_follows_is_not_told_twice() -> None:
    hostile = replaced("archive/data.pkl", ACTS)
    assert rules(hear(torch_zip, "m.pt", hostile)[0])[0] == "pickle.unexpected-global"
    assert hear(archive_contents, "m.pt", hostile) == ([], None)


def test_a_member_where_storages_stand_is_left_to_nobody() -> None:
    assert places(hear(archive_contents, "m.pt", replaced("archive/data/9", ACTS))[0]) == {"m.pt!/archive/data/9"}


def test_each_way_a_directory_lies_is_named() -> None:
    said, _ = hear(archive_contents, "m.pt", patched(PICKLED, b"PK\x01\x02", 10, b"\x08\x00"))
    assert rules(said) == ["pickle.unexpected-global", "archive.directory-mismatch"]
    assert "method" in next(told.message for told in said if isinstance(told, Issue) and told.rule == "archive.directory-mismatch")
    assert "archive.unlisted-member" in rules(hear(archive_contents, "m.zip", hidden_member(ACTS))[0])
    assert "archive.concatenated" in rules(hear(archive_contents, "m.pt", TORCH + TORCH)[0])


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("a.bin", b""),
        ("model.pt", TORCH),
        ("large.pt", torch_zip_bytes([Tensor(f"layer.{number}", "F16", (8, 8)) for number in range(50)])),
        ("docs.zip", zipped({"a.txt": b"text"})),
        ("empty.zip", zipped({})),
        ("log.gz", gzip.compress(b"text\n" * 1000, mtime=0)),
        ("model.safetensors", b"\x78\x20" + bytes(6) + b"{" + b" " * 8311),
        ("other.safetensors", safetensors_bytes([Tensor("a.weight", "F32", (2, 2))], {"pad": "x" * 8200})),
        ("notes.txt", b"PK is how zip files begin\n"),
    ],
)
def test_files_in_order_have_nothing_to_say(path: str, data: bytes) -> None:
    assert hear(archive_contents, path, data) == ([], None)


def test_a_budget_that_is_met_is_a_problem_and_what_was_seen_is_kept() -> None:
    members = {"first": ACTS} | {f"{number}": b"\x80\x02](K\x01e." for number in range(2_100)}
    said, fault = hear(archive_contents, "m.zip", zipped(members))
    assert fault is not None
    assert "more than 2000 pickles" in fault
    assert [told.severity for told in said if isinstance(told, Issue)] == [Severity.HIGH]


def test_a_flipped_bit_or_a_cut_is_never_more_than_an_issue_or_a_problem() -> None:
    survive(archive_contents, "m.zip", zipped({"a": tarred({"b": ACTS}), "c": gzip.compress(ACTS, mtime=0)}))
    survive(archive_contents, "m.tar", tarred({"a": PICKLED}))


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("m.tgz", gzip.compress(tarred({"a.txt": NOISE[:500], "b.bin": NOISE}))[:-9_000], "2 members were met before, the last is b.bin"),
        ("m.tar", tarred({"a.txt": b"text", "b.bin": NOISE})[:9_000], "2 members were met before, the last is b.bin"),
        ("notes.txt.gz", gzip.compress(NOISE)[:8_000], "bytes came out of the 8000 that are here"),
        ("m.tar.bz2", bz2.compress(tarred({"b.bin": NOISE}))[:9_000], "0 bytes came out of the 9000 that are here"),
    ],
)
def test_what_is_cut_says_how_far_it_was_read(name: str, data: bytes, words: str) -> None:
    (issue,) = [told for told in hear(archive_contents, name, data)[0] if isinstance(told, Issue)]
    assert issue.rule == "archive.unreadable"
    assert words in issue.message


def test_what_is_packed_and_whole_is_no_issue() -> None:
    assert hear(archive_contents, "notes.txt.gz", gzip.compress(NOISE)) == ([], None)


class Piped(io.RawIOBase):
    """A stream that cannot go back, so that sizes are written behind the data."""

    def __init__(self) -> None:
        self.data = b""

    def writable(self) -> bool:
        return True

    def write(self, data: "ReadableBuffer", /) -> int:
        self.data += bytes(data)
        return len(bytes(data))


@pytest.mark.parametrize(("size", "issues"), [(0, []), (5_000, []), (4_999, ["archive.directory-mismatch"])])
def test_a_size_that_is_given_before_data_whose_checksum_stands_behind_it_has_to_be_right(size: int, issues: list[str]) -> None:
    stream = Piped()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", NOISE[:5_000])
    changed = patched(stream.data, b"PK\x03\x04", 22, size.to_bytes(4, "little"))
    assert rules(hear(archive_contents, "m.zip", changed)[0]) == issues
