"""Darknet: weights without a magic number, settings that count them, and pairs that do not agree."""

import struct
from pathlib import Path

import pytest

from detectors.weights.darknet import darknet, darknet_pairs, darknet_settings
from inspector.detector import Format, Found, Gathered
from inspector.model import Claim, Component, Evidence, Issue, Location, Sizes
from inspector.weights.darknet_settings import count_weights, read_sections
from sample_bundles.formats.darknet import COUNT, SETTINGS, weights_bytes
from tests.detectors.weights.hearing import found, hear, rules, survive, weights


@pytest.mark.parametrize("minor", [1, 2])
def test_the_floats_are_counted(minor: int) -> None:
    said, fault = hear(darknet, "tiny.weights", weights_bytes(minor=minor))
    assert (fault, rules(said), said[0]) == (None, [], Format("darknet"))
    assert weights(said).parameters == COUNT
    assert "images seen: 32013312" in weights(said).metadata


@pytest.mark.parametrize(
    "data", [b"", weights_bytes()[:-1], struct.pack("<3i", 9, 9, 9) + bytes(40), b"\xff" * 64, b"espresso weights file"]
)
def test_other_files_of_that_name_are_left_alone(data: bytes) -> None:
    assert hear(darknet, "x.weights", data) == ([], None)


def test_settings_count_the_numbers_of_their_layers() -> None:
    said, fault = hear(darknet_settings, "tiny.cfg", SETTINGS.encode())
    assert (fault, said[0]) == (None, Format("darknet-settings"))
    (kept,) = found(said, Component.MODEL_METADATA, Claim.PRESENT)
    assert isinstance(kept.details, Sizes)
    assert {size.name: size.number for size in kept.details.sizes} == {"layers": 6, "parameters": COUNT}
    assert hear(darknet_settings, "setup.cfg", b"[metadata]\nname = x\n") == ([], None)
    assert hear(darknet_settings, "a.cfg", b"[net]\n") == ([], None)


@pytest.mark.parametrize(
    ("layer", "count"),
    [
        ("[convolutional]\nfilters=4\nsize=3\ngroups=3", 4 + 4 * 9),
        ("[batchnorm]", 9),
        ("[reorg]\nstride=2\n[convolutional]\nfilters=1", 1 + 12),
        ("[upsample]\nstride=2\n[avgpool]\n[connected]\noutput=2\nbatch_normalize=1", 2 * 3 + 2 + 6),
        ("[shortcut]\nfrom=-1", 0),
        ("[route]\nlayers=9", None),
        ("[route]", None),
        ("[lstm]", None),
        ("[shortcut]\nweights_type=per_channel", None),
    ],
)
def test_every_kind_of_layer_is_counted_or_not(layer: str, count: int | None) -> None:
    assert count_weights(read_sections(f"[net]\nwidth=4\nheight=4\n{layer}\n")) == count


def pair(top: Path, data: bytes) -> list[Found | Issue]:
    evidence: list[Evidence] = []
    for item, name, content in ((darknet, "tiny.weights", data), (darknet_settings, "cfg/tiny.cfg", SETTINGS.encode())):
        for told in hear(item, str(top / name).strip("/"), content)[0]:
            if isinstance(told, Found):
                place = Location(root="weights", path=name)
                evidence.append(
                    Evidence(
                        component=told.component, claim=told.claim, value=told.value, location=place,
                        certainty=told.certainty, detector=item.id, details=told.details,
                    )
                )  # fmt: skip
    return list(darknet_pairs.compare(Gathered((), tuple(evidence))))


def test_a_pair_agrees_or_is_an_issue() -> None:
    assert pair(Path(), weights_bytes()) == []
    fewer = pair(Path(), weights_bytes(COUNT - 3))
    assert [told.value for told in fewer if isinstance(told, Found)] == ["truncated"]
    assert [told.rule for told in fewer if isinstance(told, Issue)] == ["darknet.count"]
    assert [type(told) for told in pair(Path(), weights_bytes(COUNT + 3))] == [Issue]


def test_a_damaged_file_is_no_crash() -> None:
    survive(darknet, "tiny.weights", weights_bytes())
    survive(darknet_settings, "tiny.cfg", SETTINGS.encode())
