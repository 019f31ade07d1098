"""Every kind of record against the same five ways to tamper: a bit, the end, two files exchanged, one gone, one more."""

from collections.abc import Callable
from pathlib import Path

import pytest

from inspector.verification.integrity import Answer
from tests import make
from tests.recorded import FIRST, SECOND, answer, checksums, clone, hub_cache, hub_download, one, real, reasons, rules, states


def packed(top: Path) -> Path:
    return clone(top, packed=True)


def listed(top: Path) -> Path:
    return hub_download(top, listed=True)


def long_names(top: Path) -> Path:
    return clone(top, form="sha256")


def signed(top: Path) -> Path:
    from tests.ledgers.test_signed_manifests import unverified

    return unverified(top)


KINDS: tuple[Callable[[Path], Path], ...] = (hub_download, listed, hub_cache, clone, packed, long_names, checksums, signed)
WHOLE = {listed, clone, packed, long_names, signed}  # these list all files
# A cache without a list of the commit's files records nothing of a link that is gone.
EACH_BUT_CACHE = pytest.mark.parametrize("kind", [kind for kind in KINDS if kind is not hub_cache], ids=lambda kind: str(kind.__name__))
EACH = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: str(kind.__name__))


def write(path: Path, data: bytes) -> None:
    path.chmod(0o644)
    path.write_bytes(data)


@EACH
def test_what_nobody_touched_is_intact(kind: Callable[[Path], Path], tmp_path: Path) -> None:
    found = answer(kind(tmp_path / "m"))
    assert found.answer in {Answer.INTACT, Answer.PARTLY}
    assert set(states(found).values()) <= {"not-recorded"}
    assert [one(found, path).state for path in ("a.bin", "sub/b.bin", "note.txt")] == ["intact"] * 3
    assert (found.issues, found.problems) == ((), ())


@EACH
def test_a_flipped_bit_is_a_changed_file(kind: Callable[[Path], Path], tmp_path: Path) -> None:
    top = kind(tmp_path / "m")
    write(real(top, "a.bin"), bytes([FIRST[0] ^ 1]) + FIRST[1:])
    found = answer(top)
    assert (found.answer, one(found, "a.bin").state) == (Answer.NOT_INTACT, "changed")
    assert "recorded is" in reasons(found, "a.bin")
    assert rules(found) == ["verify.changed"]


@EACH
def test_a_file_that_was_cut_is_truncated_where_its_size_is_known_or_nothing_is_left(kind: Callable[[Path], Path], tmp_path: Path) -> None:
    top = kind(tmp_path / "m")
    write(real(top, "sub/b.bin"), b"")
    found = answer(top)
    assert one(found, "sub/b.bin").state == "truncated"
    write(real(top, "sub/b.bin"), SECOND[:-1])
    knows_size = kind in {listed, clone, packed, long_names}
    assert one(answer(top), "sub/b.bin").state == ("truncated" if knows_size else "changed")


@EACH
def test_two_files_that_were_exchanged_are_swapped(kind: Callable[[Path], Path], tmp_path: Path) -> None:
    top = kind(tmp_path / "m")
    first, second = real(top, "a.bin"), real(top, "sub/b.bin")
    write(first, SECOND)
    write(second, FIRST)
    found = answer(top)
    assert {path: state for path, state in states(found).items() if state != "not-recorded"} == {"a.bin": "swapped", "sub/b.bin": "swapped"}
    assert "this is the content that sub/b.bin should have" in reasons(found, "a.bin")
    assert rules(found) == ["verify.swapped"]


@EACH_BUT_CACHE
def test_a_file_that_was_removed_is_missing(kind: Callable[[Path], Path], tmp_path: Path) -> None:
    top = kind(tmp_path / "m")
    real(top, "a.bin").unlink()
    found = answer(top)
    assert (one(found, "a.bin").state, one(found, "a.bin").size) == ("missing", None)
    assert found.answer is Answer.NOT_INTACT


@EACH
def test_a_file_that_was_added_is_extra_where_all_files_are_listed(kind: Callable[[Path], Path], tmp_path: Path) -> None:
    top = kind(tmp_path / "m")
    make.tree(top / "snapshots" / "0123456789abcdef0123456789abcdef01234567" if kind is hub_cache else top, {"loader.py": "import os\n"})
    found = answer(top)
    assert one(found, "loader.py").state == ("extra" if kind in WHOLE else "not-recorded")
    assert found.answer is (Answer.NOT_INTACT if kind in WHOLE else Answer.PARTLY)


@EACH_BUT_CACHE
def test_a_file_that_was_renamed_is_told_by_its_content(kind: Callable[[Path], Path], tmp_path: Path) -> None:
    top = kind(tmp_path / "m")
    real(top, "a.bin").rename(top / "renamed.bin")
    found = answer(top)
    assert one(found, "a.bin").state == "missing"
    assert "a.bin should have" in reasons(found, "renamed.bin")
