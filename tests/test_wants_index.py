"""The index of what detectors want: it says what each of them says alone."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.detector import Magic, Wants
from inspector.registry import load_registry
from inspector.wants_index import WantsIndex
from sample_bundles.build import all_systems
from tests import make

REGISTRY = load_registry()
WANTS = [item.wants for item in REGISTRY.detectors]
WORDS = sorted({word for want in WANTS for word in (*want.names, *want.suffixes, *(glob.replace("*", "x") for glob in want.globs))})


def expected(path: str, head: bytes) -> set[int]:
    return {number for number, want in enumerate(WANTS) if want.match_name(path) or want.match_head(head)}


def test_it_says_the_same_of_every_sample() -> None:
    files = {path: data for system in all_systems() for root in system.roots for path, data in root.files.items()}
    with tempfile.TemporaryDirectory() as top:
        for number, (path, data) in enumerate(files.items()):
            with make.open_file(Path(top) / str(number), path, data) as file:
                if not file.is_pointer:
                    assert REGISTRY.wanting(file) == tuple(REGISTRY.detectors[at] for at in sorted(expected(path, file.head))), path


@given(st.lists(st.sampled_from([*WORDS, "a", "License", ".", "/", "-", "É"]), max_size=4))
def test_any_name_of_wanted_parts_is_wanted_by_the_same(parts: list[str]) -> None:
    path = "".join(parts)
    assert REGISTRY.index.by_name(path) == {number for number, want in enumerate(WANTS) if want.match_name(path)}


@given(st.binary(max_size=300), st.sampled_from([magic for want in WANTS for magic in want.magic]))
def test_any_head_behind_a_magic_is_wanted_by_the_same(rest: bytes, magic: Magic) -> None:
    for head in (rest, rest[: magic.offset].ljust(magic.offset, b"\0") + magic.data + rest, magic.data[:-1]):
        assert REGISTRY.index.by_head(head) == {number for number, want in enumerate(WANTS) if want.match_head(head)}


@pytest.mark.parametrize("glob", ["*", "a*", "*a?", "[ab]*", "", "??", "a[*]b*", "abc", "*[!a]bcd"])
def test_patterns_without_a_long_literal_are_kept_too(glob: str) -> None:
    index = WantsIndex([Wants(globs=(glob,))])
    for name in ("", "a", "ab", "abc", "xa1", "a*b", "a*bc", "b", "xbcd", "abcd"):
        assert index.by_name(name) == ({0} if Wants(globs=(glob,)).match_name(name) else set())
