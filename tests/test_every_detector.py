"""What holds for every detector and crosscheck, also for those that are not yet written."""

import ast
import tempfile
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inspector.detector import Declared, Detector, Format, Found, Gathered, Passage, Said
from inspector.errors import Malformed
from inspector.model import Claim, Component, Issue, Unit
from inspector.registry import load_registry
from inspector.uses import Use
from sample_bundles.build import all_systems
from tests import make

REGISTRY = load_registry()
EACH = pytest.mark.parametrize("item", REGISTRY.detectors, ids=lambda item: item.id)
TESTS = Path(__file__).parent
SLOW = settings(deadline=None, max_examples=20, suppress_health_check=[HealthCheck.too_slow])


def name_for(item: Detector) -> str:
    """A name that the detector wants, or any."""
    wants = item.wants
    if wants.names:
        return wants.names[0]
    if wants.suffixes:
        return f"x{wants.suffixes[0]}"
    return wants.globs[0].replace("*", "x") if wants.globs else "x"


def samples() -> list[tuple[str, str | bytes]]:
    return [(path, data) for system in all_systems() for root in system.roots for path, data in root.files.items()]


@cache
def samples_by_detector() -> dict[str, list[tuple[str, str | bytes]]]:
    """Open every sample once, and give each detector those that it wants."""
    wanted: dict[str, list[tuple[str, str | bytes]]] = {item.id: [] for item in REGISTRY.detectors}
    with tempfile.TemporaryDirectory() as top:
        for number, (path, data) in enumerate(dict.fromkeys(samples())):
            with make.open_file(Path(top) / str(number), path, data) as file:
                for item in REGISTRY.wanting(file):
                    wanted[item.id].append((path, data))
    return wanted


def hold_the_contract(item: Detector, said: list[Said], size: int, lines: int) -> None:
    """Check what a detector said against what it promised and against the file."""
    for told in said:
        if isinstance(told, Format):
            assert told.name in item.formats
        if isinstance(told, Found):
            assert (told.component, told.claim) in item.emits
            assert "\n" not in (told.excerpt or "")
        elif isinstance(told, Passage | Declared):
            assert (told.component, Claim.LICENSED) in item.emits
        span = None if isinstance(told, Format | Passage | Issue | Use) else told.span
        if span is not None:
            assert 0 <= span.start <= span.end
            assert span.end <= (size if span.unit is Unit.BYTES else lines)


@EACH
@SLOW
@given(data=st.binary(max_size=2000))
def test_any_bytes_under_a_wanted_name_give_evidence_or_malformed(item: Detector, data: bytes) -> None:
    try:
        said = make.look(item, name_for(item), data)
    except Malformed as error:
        assert str(error)
        return
    hold_the_contract(item, said, len(data), len(data.decode("latin-1").splitlines()) + 1)


@EACH
@SLOW
@given(data=st.binary(max_size=500))
def test_any_bytes_after_a_wanted_magic_give_evidence_or_malformed(item: Detector, data: bytes) -> None:
    for magic in item.wants.magic[:3]:
        whole = b"\0" * magic.offset + magic.data + data
        try:
            said = make.look(item, "x", whole)
        except Malformed as error:
            assert str(error)
            continue
        hold_the_contract(item, said, len(whole), len(whole.decode("latin-1").splitlines()) + 1)


@EACH
def test_the_same_file_gives_the_same_answer_twice_and_spans_lie_in_it(item: Detector) -> None:
    with tempfile.TemporaryDirectory() as top:
        for number, (path, data) in enumerate(samples_by_detector()[item.id]):
            with make.open_file(Path(top) / str(number), path, data) as file:
                try:
                    first = list(item.look(file))
                except Malformed:
                    continue
                assert list(item.look(file)) == first
                raw = data if isinstance(data, bytes) else data.encode()
                hold_the_contract(item, first, len(raw), len(raw.decode("latin-1").splitlines()) + 1)


@EACH
def test_the_documentation_says_the_four_things(item: Detector) -> None:
    title = item.doc.splitlines()[0]
    assert ":" in title
    assert title.endswith(".")
    for heading in ("What it sees:", "What it says:", "What it cannot know:", "Source:"):
        assert f"\n{heading}" in item.doc, heading


@EACH
def test_there_is_a_test_file_for_it(item: Detector) -> None:
    module = Path(str(item.look.__globals__["__file__"]))
    mirror = TESTS / "detectors" / module.parent.name / f"test_{module.stem}.py"
    assert mirror.is_file(), mirror
    assert any(isinstance(node, ast.Assert) for node in ast.walk(ast.parse(mirror.read_text())))


@EACH
def test_what_it_wants_is_written_case_folded(item: Detector) -> None:
    for text in (*item.wants.names, *item.wants.suffixes, *item.wants.globs):
        assert text == text.casefold()
    assert all(magic.offset + len(magic.data) <= 4096 for magic in item.wants.magic)


def test_every_detector_has_a_sample_that_makes_it_speak() -> None:
    silent = {item.id for item in REGISTRY.detectors}
    with tempfile.TemporaryDirectory() as top:
        for number, (path, data) in enumerate(samples()):
            with make.open_file(Path(top) / str(number), path, data) as file:
                for item in REGISTRY.wanting(file):
                    try:
                        if list(item.look(file)):
                            silent.discard(item.id)
                    except Malformed:
                        continue
    assert silent == set()


@pytest.mark.parametrize("item", REGISTRY.crosschecks, ids=lambda item: item.id)
def test_a_crosscheck_of_nothing_says_nothing(item: object) -> None:
    check = next(check for check in REGISTRY.crosschecks if check is item)
    assert list(check.compare(Gathered((), ()))) == []
    assert check.doc


def test_ids_are_sorted_and_there_are_detectors() -> None:
    ids = [item.id for item in REGISTRY.detectors]
    assert ids == sorted(ids)
    assert {"safetensors", "gguf", "license-file"} <= set(ids)
    assert all(component in Component for item in REGISTRY.detectors for component, _ in item.emits)
