"""Hear a detector out: what it said before it gave up, and why it did."""

import tempfile
from pathlib import Path

from inspector.detector import Detector, Found, Said
from inspector.errors import Malformed
from inspector.model import Claim, Component, Issue, Weights
from tests import make
from tests.detectors.weights.damage import cut, flipped


def hear(detector: Detector, path: str, data: bytes) -> tuple[list[Said], str | None]:
    """List what a detector says of a file, and the reason where it ends in Malformed."""
    said: list[Said] = []
    with tempfile.TemporaryDirectory() as top, make.open_file(Path(top) / "bundle", path, data) as file:
        try:
            for told in detector.look(file):
                said.append(told)  # noqa: PERF402 - what was said before an exception is kept
        except Malformed as error:
            return said, str(error)
    return said, None


def survive(detector: Detector, path: str, data: bytes, flips: int = 120, cuts: int = 40) -> None:
    """Hold that a file with one flipped bit, or cut off, is evidence or a problem: anything but `Malformed` is raised on."""
    for changed in flipped(data, flips):
        hear(detector, path, changed)
    for part in cut(data, cuts):
        hear(detector, path, part)


def rules(said: list[Said]) -> list[str]:
    """List the rules of the issues."""
    return [told.rule for told in said if isinstance(told, Issue)]


def found(said: list[Said], component: Component, claim: Claim) -> list[Found]:
    """List the evidence of one kind."""
    return [told for told in said if isinstance(told, Found) and (told.component, told.claim) == (component, claim)]


def weights(said: list[Said], component: Component = Component.PARAMETERS) -> Weights:
    """Take the details of the one piece of evidence that the component is present."""
    (only,) = found(said, component, Claim.PRESENT)
    assert isinstance(only.details, Weights)
    return only.details
