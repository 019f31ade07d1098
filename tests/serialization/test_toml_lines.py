"""Lines of keys in TOML, and patterns of paths."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.policies.path_patterns import matches_path
from inspector.serialization.toml_lines import find_line, index_lines

TEXT = '''# a comment with [brackets] and = signs
title = "a # b"
[a."b.c"]
many = [ "x", # [ not this ]
  "y",

  ["z", "w"], { k = 1 } ]
text = """
[no] = table
"""
[[list]]
one = 1
[[list]]
two.three = 'it''s' if False else 0
'''.replace("'it''s' if False else 0", "'[x]'")


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("title",), 2),
        (("a", "b.c"), 3),
        (("a", "b.c", "many", 0), 4),
        (("a", "b.c", "many", 1), 5),
        (("a", "b.c", "many", 2), 7),
        (("a", "b.c", "many", 3), 7),
        (("a", "b.c", "many", 9), 4),
        (("a", "b.c", "text"), 8),
        (("list", 0, "one"), 12),
        (("list", 1, "two", "three"), 14),
        (("list", 1, "none"), 13),
        (("none",), None),
    ],
)
def test_a_key_stands_at_its_line_or_at_that_of_what_is_around_it(path: tuple[str | int, ...], line: int | None) -> None:
    tomllib.loads(TEXT)
    assert find_line(index_lines(TEXT), path) == line


@given(st.text(alphabet="ab[]{}=\"'#,.\n \\1", max_size=60))
def test_any_text_comes_to_an_end(text: str) -> None:
    try:
        tomllib.loads(text)
    except ValueError:
        return
    assert all(1 <= line <= text.count("\n") + 1 for line in index_lines(text).values())


@pytest.mark.parametrize(
    ("path", "pattern", "matches"),
    [
        ("LICENSE.md", "license*", True),
        ("a/LICENSE", "LICENSE*", False),
        ("a/LICENSE", "**/LICENSE", True),
        ("LICENSE", "**/LICENSE", True),
        ("a/b/c.pt", "a/**", True),
        ("ab/c.pt", "a/**", False),
        ("a.b", "a?b", True),
        ("a/b", "a?b", False),
        ("axb", "a.b", False),
        ("w.pt!/data.pkl", "w.pt", True),
        ("w.pt!/data.pkl", "*.pkl", False),
        ("a[1].txt", "a[1].txt", True),
    ],
)
def test_a_pattern_matches_paths_as_people_mean_it(path: str, pattern: str, matches: bool) -> None:
    assert matches_path(path, pattern) is matches
