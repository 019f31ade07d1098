"""Darknet: the weights of YOLO and its kin, and the settings that describe the network.

What it sees: files named `.weights` with Darknet's version numbers at their head and whole floats behind them; files named `.cfg` that begin
with the section of a network; both under one name, over all files.
What it says: parameters are present, as one row of floats, and how many images they were trained on; how many numbers a network of the
settings has; an issue where the two beside each other do not agree.
What it cannot know: which layer a number belongs to, where no settings are here. Networks with recurrent or local layers are not counted.
Source: Darknet's `parser.c` (`load_weights_upto`, `save_weights`) and its sections of layers.
"""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from inspector.bundle import File
from inspector.detector import Format, Found, Gathered, Said, Wants, crosscheck, detector
from inspector.git.lfs import is_pointer
from inspector.model import Certainty, Claim, Component, Count, Evidence, Issue, Severity, Sizes, Span, Unit, Weights
from inspector.weights.darknet_settings import count_weights, read_sections
from inspector.weights.tally import TALLY_EMITS, Tally

NETWORK = re.compile(r"(?:\s*(?:[#;].*)?\n)*\s*\[(?:net|network)\]", re.IGNORECASE)
LARGEST_SETTINGS = 2**20  # bytes
NEWEST = (0, 2, 5)
MOST_SEEN = 2**48
WEIGHTS = "darknet"
GRAPH = "darknet-settings"
SETTLE = "Fetch settings and weights again from one release of their origin."


@detector(
    "darknet", wants=Wants(suffixes=(".weights",)), formats=(WEIGHTS,), emits=TALLY_EMITS | {(Component.ARCHITECTURE, Claim.REFERENCED)}
)
def darknet(file: File) -> Iterator[Said]:
    """Read the version and the count of images; no magic number stands there, so all of it has to fit."""
    head = file.head
    if is_pointer(file) or len(head) < 20:
        return
    version = tuple(int.from_bytes(head[at : at + 4], "little") for at in (0, 4, 8))
    wide = version[0] * 10 + version[1] >= 2
    start = 20 if wide else 16
    seen = int.from_bytes(head[12:start], "little")
    if version > NEWEST or version[2] > 9 or seen > MOST_SEEN or (file.size - start) % 4:
        return
    yield Format(WEIGHTS)
    tally = Tally(file, WEIGHTS, header=start, end=file.size, keys=[".".join(map(str, version)), f"images seen: {seen}"])
    tally.add("", "F32", ((file.size - start) // 4,))
    yield from tally.say()


@detector(
    "darknet-settings",
    wants=Wants(suffixes=(".cfg",)),
    formats=(GRAPH,),
    emits={(Component.MODEL_METADATA, Claim.PRESENT), (Component.ARCHITECTURE, Claim.REFERENCED)},
)
def darknet_settings(file: File) -> Iterator[Said]:
    """Count the numbers of a network by its layers."""
    if file.size > LARGEST_SETTINGS or NETWORK.match(file.text) is None:
        return
    sections = read_sections(file.text)
    if len(sections) < 2:
        return
    yield Format(GRAPH)
    count = count_weights(sections)
    numbers = (Count("layers", len(sections) - 1), *([] if count is None else [Count("parameters", count)]))
    span = Span(sections[0].line, sections[0].line, Unit.LINES)
    yield Found(Component.MODEL_METADATA, Claim.PRESENT, GRAPH, span=span, details=Sizes(sizes=numbers))
    yield Found(Component.ARCHITECTURE, Claim.REFERENCED, "darknet", span=span)


@crosscheck("darknet-pairs", emits={(Component.PARAMETERS, Claim.MISSING)})
def darknet_pairs(gathered: Gathered) -> Iterator[Found | Issue]:
    """Hold weights against the settings of the same name in the same root."""
    weights = {_key(item): item for item in gathered.evidence if item.detector == "darknet" and isinstance(item.details, Weights)}
    for item in gathered.evidence:
        if item.value != GRAPH or not isinstance(item.details, Sizes) or (held := weights.get(_key(item))) is None:
            continue
        expected = next((size.number for size in item.details.sizes if size.name == "parameters"), None)
        counted = held.details.parameters if isinstance(held.details, Weights) else None
        if expected is None or counted is None or expected == counted:
            continue
        message = f"the settings describe a network of {expected:,} numbers, the weights of that name hold {counted:,}"
        if counted < expected:
            yield Found(Component.PARAMETERS, Claim.MISSING, "truncated", Certainty.READ, at=held.location)
        places = (held.location, item.location)
        yield Issue(rule="darknet.count", severity=Severity.HIGH, message=message, locations=places, settle=SETTLE)


def _key(item: Evidence) -> tuple[str, str]:
    return item.location.root, PurePosixPath(item.location.path).stem
