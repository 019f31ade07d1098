"""The header of an array says the same here as to numpy, or nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.errors import Malformed
from inspector.weights.array_header import ArrayHeader, read_array_header


def header(text: str) -> ArrayHeader:
    data = text.encode("latin-1")
    return read_array_header(b"\x93NUMPY\x02\x00" + len(data).to_bytes(4, "little") + data)


@pytest.mark.parametrize(
    ("descr", "dtype"),
    [
        ("'<f4'", "F32"),
        ("'|O'", "objects"),
        ("'O8'", "objects"),
        ("'object'", "objects"),
        ("'<f4,O'", "objects"),
        ("[('a', '<f4'), ('b', '<i8', (2,))]", "records"),
        ("[('Open', '<f4'), ('', '|V4')]", "records"),
        ("[('a', '<f4'), ('b', '|O')]", "objects"),
        ("[(('title', 'a'), [('b', '|O', (2, 2))])]", "objects"),
        ("('|O', (2,))", "objects"),
        ("'<f4', 'descr': '|O'", "objects"),
    ],
)
def test_objects_are_found_wherever_they_stand(descr: str, dtype: str) -> None:
    assert header(f"{{'descr': {descr}, 'fortran_order': False, 'shape': (3, 2), }}  \n")[:2] == (dtype, (3, 2))


def test_keys_in_another_order_and_numbers_of_python_2_are_read() -> None:
    assert header("{'shape': (3L,), \"fortran_order\": True, 'descr': \"<f8\"}")[:2] == ("F64", (3,))
    assert header("{'shape': (), 'fortran_order': True, 'descr': '<f8'}").shape == ()


@pytest.mark.parametrize(
    "text",
    [
        "{'descr': '<f4' ',O', 'shape': (1,)}",
        "{'descr': '<f4', '\\x64escr': '|O', 'shape': (1,)}",
        "{'descr': '<f4', # 'x': 1\n 'shape': (1,)}",
        "{'descr': b'<f4', 'shape': (1,)}",
        "{'descr': ['<f4'], 'shape': (1,)}",
        "{'descr': [('a',)], 'shape': (1,)}",
        "{'descr': '', 'shape': (1,)}",
        "{'descr': '<f4', 'shape': (True,)}",
        "{'descr': '<f4', 'shape': (-1,)}",
        "{'descr': '<f4', 'shape': (1e3,)}",
        "{'descr': '<f4', 'shape': 3}",
        "{'descr': '<f4'}",
        "[" * 30_000,
        "",
    ],
)
def test_what_no_writer_writes_is_refused(text: str) -> None:
    with pytest.raises(Malformed):
        header(text)


@given(st.text("{}()[],:' \"desrcshapO<f4TrueL0", max_size=80))
def test_no_text_does_anything_else(text: str) -> None:
    try:
        header(text)
    except Malformed:
        return
