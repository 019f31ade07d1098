"""Pickles followed with symbols: held against what Python and numpy really write, and never loaded."""

import _compat_pickle
import pickle
import pickletools
from collections import OrderedDict

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.pickles.actions import ACTIONS, STOP
from inspector.pickles.globals import is_acting
from inspector.pickles.opcodes import Listing, list_pickle
from inspector.pickles.symbols import Global
from inspector.serialization.stream import stream_of
from inspector.weights.pickled import count_tensors, judge_global

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(),
    lambda inner: st.lists(inner) | st.tuples(inner, inner) | st.dictionaries(st.text(), inner) | st.frozensets(st.integers()),
    max_leaves=20,
)


def listed(data: bytes) -> Listing:
    return list_pickle(stream_of(data))


@settings(deadline=None, max_examples=200)
@given(value=PLAIN, protocol=st.integers(0, 5))
def test_every_plain_value_is_followed_to_its_end(value: object, protocol: int) -> None:
    data = pickle.dumps(value, protocol)
    listing = listed(data)
    assert listing.fault is None
    assert listing.end == len(data)
    assert listing.opcodes == len(list(pickletools.genops(data)))


@pytest.mark.parametrize("protocol", range(6))
def test_globals_are_those_that_python_would_import(protocol: int) -> None:
    listing = listed(pickle.dumps({"a": OrderedDict(), "b": pickle.Pickler, "c": complex(1, 2)}, protocol))
    names = {known.name for known in listing.globals}
    assert {"OrderedDict", "Pickler", "complex"} <= names


@pytest.mark.parametrize("protocol", range(6))
@pytest.mark.parametrize("dtype", ["f2", "f4", "f8", "i1", "u1", "i4", "i8", "c8", "?"])
def test_arrays_are_described_as_numpy_writes_them(protocol: int, dtype: str) -> None:
    listing = listed(pickle.dumps({"w": np.zeros((3, 4), dtype=dtype)}, protocol))
    (array,) = listing.arrays
    assert array.shape == (3, 4)
    assert listing.names == ["w"]
    assert count_tensors([listing]).parameters == 12


def test_the_first_place_of_a_global_is_kept() -> None:
    listing = listed(b"\x80\x02cos\nsystem\ncos\nsystem\n\x86.")
    assert listing.globals == {Global("os", "system"): 2}


@pytest.mark.parametrize(
    ("module", "name", "severity"),
    [
        ("collections", "OrderedDict", None),
        ("torch._utils", "_rebuild_tensor_v2", None),
        ("os", "system", "high"),
        ("os.path", "join", "high"),
        ("builtins", "eval", "high"),
        ("builtins", "set", None),
        ("copyreg", "extension 7", "high"),
        ("(computed)", "(computed)", "high"),
        ("models", "Net", "medium"),
        ("osmium", "read", "medium"),
        ("torch", "load", "high"),
        ("", "", "medium"),
        ("pathlib", "PosixPath", None),
        ("pathlib", "PosixPath.unlink", "high"),
        ("numpy", "ndarray.tofile", "high"),
        ("torch.serialization", "_get_layout", None),
        ("torch.serialization", "_load", "high"),
        ("uuid", "UUID", None),
        ("uuid", "_ip_getter", "high"),
        ("CGIHTTPServer", "executable", "high"),
        ("joblib.numpy_pickle", "NDArrayWrapper", "low"),
        ("types", "SimpleNamespace", None),
    ],
)
def test_a_global_matters_by_what_it_does(module: str, name: str, severity: str | None) -> None:
    assert judge_global(module, name) == severity


@pytest.mark.parametrize(
    ("module", "name", "acts"), [("datasets", "load_dataset", False), ("os", "system", True), ("pathlib", "Path", False)]
)
def test_what_merely_opens_is_honest_in_settings(module: str, name: str, acts: bool) -> None:
    assert is_acting(module, name) is acts


def test_what_acts_under_a_name_of_python_2_acts_under_it_too() -> None:
    pairs = [*_compat_pickle.NAME_MAPPING.items(), *(((old, "x"), (new, "x")) for old, new in _compat_pickle.IMPORT_MAPPING.items())]
    harmless = {("_elementtree", "x"), ("__builtin__", "basestring")}
    assert {old for old, new in pairs if is_acting(*new) and not is_acting(*old)} - harmless == set()


def test_every_opcode_that_python_knows_is_known() -> None:
    unknown = ACTIONS[0]
    assert {chr(code) for code, action in enumerate(ACTIONS) if action is not unknown} | {chr(STOP)} == {
        info.code for info in pickletools.opcodes
    }


@settings(deadline=None, max_examples=300)
@given(data=st.binary(max_size=300))
def test_no_stream_raises(data: bytes) -> None:
    listing = listed(data)
    assert listing.fault is None or listing.fault
    assert listing.end <= len(data)
