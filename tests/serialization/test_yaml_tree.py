"""Small YAML trees: words as they are written, lines, and nothing that a record has no need of."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.errors import Malformed
from inspector.serialization.yaml_tree import Items, Keys, Words, read_yaml_tree


def test_words_stay_as_they_are_written_and_carry_their_lines() -> None:
    tree = read_yaml_tree(b"a: no\nb: 1.0\nc:\nd: ''\ne: [x, ~]\n")
    assert isinstance(tree, Keys)
    assert tree.items["a"] == Words("no", 1)
    assert tree.items["b"] == Words("1.0", 2)
    assert tree.items["c"] == Words(None, 3)
    assert tree.items["d"] == Words("", 4)
    assert tree.items["e"] == Items((Words("x", 5), Words(None, 5)), 5)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "there is nothing in it"),
        ("a: 1\na: 2\n", "line 2: the key 'a' stands there twice"),
        ("a: &x 1\n", "line 1: anchors and aliases"),
        ("a: 1\nb: *x\n", "line 2: anchors and aliases"),
        ("a: !!python/object/apply:os.system [ls]\n", "line 1: tags"),
        ("? [a]\n: 1\n", "line 1: a key has to be a word"),
        ("a: [1\n", "not YAML"),
        ("a: 1\n---\nb: 2\n", "more than one document"),
        ("[" * 40 + "]" * 40, "nested more than 20 deep"),
        ("a: 'x\n", "not YAML"),
        ("a: \xff", "not UTF-8"),
        ("- x\n" * 20_001, "more than 20000 YAML events"),
        ("a: " + "x" * 2**20, "larger than"),
    ],
)
def test_what_a_record_has_no_need_of_is_said_with_its_line(text: str, message: str) -> None:
    with pytest.raises(Malformed, match=message):
        read_yaml_tree(text.encode("latin-1"))


@given(st.binary(max_size=300) | st.text(alphabet="ab:-[]{}&*!'\"\n #?|>%@,~", max_size=60).map(str.encode))
def test_any_bytes_are_a_tree_or_malformed(data: bytes) -> None:
    try:
        tree = read_yaml_tree(data)
    except Malformed as error:
        assert str(error)
        return
    assert isinstance(tree, Words | Items | Keys)
