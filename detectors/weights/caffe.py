"""Caffe: networks with their weights (`.caffemodel`), and their descriptions (`.prototxt`).

What it sees: `.caffemodel` files that are a network on the wire, with layers of the newer or the older kind; `.prototxt` files with layers.
What it says: parameters are present: the blobs of every layer, by their sizes; layers in Python, whose module Caffe imports on loading.
What it cannot know: whether the description beside is the one of the weights; numbers are not read.
Source: Caffe's `caffe.proto` (NetParameter, LayerParameter, V1LayerParameter, BlobProto) and `python_layer.hpp`.
"""

import re
from collections.abc import Iterator
from math import prod

from inspector.bundle import File
from inspector.detector import Format, Found, Said, Wants, detector
from inspector.errors import Malformed
from inspector.model import Claim, Component, Severity, printable
from inspector.serialization.protobuf import BYTES, END, VARINT, Field, Window, read_numbers, walk_messages
from inspector.sightings import Sightings
from inspector.weights.tally import TALLY_EMITS, Tally

MOST_DIMENSIONS, MOST_ELEMENTS = 32, 2**48
LARGEST_TEXT = 4 * 2**20
HOLDS = {
    ("net", 2): "old-layer",
    ("net", 100): "layer",
    ("layer", 7): "blob",
    ("old-layer", 6): "blob",
    ("blob", 7): "shape",
}
NAMED, TYPE = {"layer": 1, "old-layer": 4}, 2
OLD_SIZES = (1, 2, 3, 4)
WIDTHS = {5: ("F32", 4), 8: ("F64", 8)}
BEGIN = re.compile(rb"\n[\x01-\x7f][\w .:/-]+(?:\xa2\x06|[\x12\x1a])")  # a name, and then a layer or an input
LAYER = re.compile(r"^\s*layers?\s*\{", re.MULTILINE)
PYTHON = re.compile(r"^\s*type:\s*[\"']Python[\"']", re.MULTILINE)
MESSAGE = "a layer in Python: Caffe imports its module when the network is loaded"
SETTLE = "Read that module before the network is loaded, and make sure that no other one of its name is found first."


@detector("caffe", wants=Wants(suffixes=(".caffemodel",)), formats=("caffe",), emits=TALLY_EMITS)
def caffe(file: File) -> Iterator[Said]:
    """Walk the layers, and pass over the numbers of their blobs."""
    tally = Tally(file, "caffe", end=file.size)
    blobs = Blobs(tally)
    tally.take(lambda _: blobs.read())
    if not blobs.layers and (tally.fault is None or BEGIN.match(file.head) is None):
        return
    yield Format("caffe")
    yield from tally.say(settle=SETTLE)


@detector(
    "caffe-network", wants=Wants(suffixes=(".prototxt",)), formats=("caffe-network",), emits={(Component.MODEL_METADATA, Claim.PRESENT)}
)
def caffe_network(file: File) -> Iterator[Said]:
    """Look for layers, and for those that are code."""
    if file.size > LARGEST_TEXT or b"\0" in file.head or LAYER.search(file.text) is None:
        return
    yield Format("caffe-network")
    yield Found(Component.MODEL_METADATA, Claim.PRESENT, "caffe-network")
    sightings = Sightings(file)
    for match in PYTHON.finditer(file.text):
        line = file.text.count("\n", 0, match.end()) + 1
        sightings.add("caffe.python-layer", Severity.MEDIUM, MESSAGE, f"line {line}")
    yield from sightings.issues(SETTLE)


class Blobs:
    """The blobs of a network while it is walked."""

    def __init__(self, tally: Tally) -> None:
        self.tally, self.window, self.layers, self.name = tally, Window(tally.file), 0, ""
        self._shape, self._sizes, self._dtype, self._count = list[int](), dict[int, int](), "F32", 0

    def read(self) -> None:
        """Walk to the end; raises Malformed for what is no network."""
        for kind, field in walk_messages(self.window, "net", HOLDS, 0, self.tally.file.size):
            if kind == "blob":
                self._of_blob(field)
            elif kind == "shape" and field.number == 1:
                self._shape += read_numbers(self.window, field, MOST_DIMENSIONS)
            elif kind in NAMED:
                self._of_layer(kind, field)

    def _of_layer(self, kind: str, field: Field) -> None:
        self.layers += field.number == END
        if field.wire == BYTES and field.number == NAMED[kind]:
            self.name = self.window.text(field, 200)
        elif kind == "layer" and field.number == TYPE and self.window.text(field, 20) == "Python":
            self.tally.sightings.add("caffe.python-layer", Severity.MEDIUM, MESSAGE, self.name)

    def _of_blob(self, field: Field) -> None:
        if field.number == END:
            self._add()
        elif field.number in OLD_SIZES and field.wire == VARINT:
            self._sizes[field.number] = field.value
        elif field.number in WIDTHS:
            self._dtype, width = WIDTHS[field.number]
            self._count += (field.end - field.start) // width

    def _add(self) -> None:
        sizes = tuple(self._shape) or tuple(self._sizes[place] for place in OLD_SIZES if place in self._sizes)
        if len(sizes) > MOST_DIMENSIONS or any(size >= MOST_ELEMENTS for size in sizes):
            raise Malformed(f"a blob of the layer {printable(self.name)!r} has sizes that none can have")
        if self._count and sizes and prod(sizes) != self._count:
            raise Malformed(f"a blob of the layer {printable(self.name)!r} has {self._count} numbers, its sizes ask for {prod(sizes)}")
        if self._count:
            self.tally.add(f"{self.name}.weight", self._dtype, sizes or (self._count,))
        self._shape, self._sizes, self._dtype, self._count = [], {}, "F32", 0
