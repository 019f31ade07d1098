"""Torch7: objects that Lua's Torch serialized, binary or as text (`.t7`, `.th`, `.net`).

What it sees: files that begin with a serialized object of a Torch class, under any name, and files of its suffixes that begin with any object.
What it says: parameters are present: tensors by their headers, without gradients and outputs of layers; the classes of the package it needs;
functions that are stored as bytecode, which loading hands to Lua; bytes behind the object.
What it cannot know: what a function does; classes that write themselves in their own way end the reading there. Nothing is loaded, numbers are not
read.
Source: torch7's `File.lua`, `generic/Tensor.c`, `generic/Storage.c`; the Lua 5.1 manual on `string.dump` and `loadstring`.
"""

import re
from collections.abc import Iterator

from inspector.bundle import File
from inspector.detector import Format, Found, Magic, Said, Wants, detector
from inspector.errors import Malformed
from inspector.model import Claim, Component, Reference, Severity
from inspector.weights.tally import TALLY_EMITS, Tally
from inspector.weights.torch7_objects import Objects, Told

BINARY, TEXT = b"\x04\0\0\0\x01\0\0\0", b"4\n1\n"
CLASS = re.compile(
    rb"\x04\0\0\0\x01\0\0\0.\0\0\0(?:V [0-9]{1,3}.\0\0\0)?[A-Za-z_][\w.]+|4\s1\s\d+\s(?:V [0-9]{1,3}\s\d+\s)?[A-Za-z_][\w.]+", re.DOTALL
)
ANY = re.compile(rb"[\x01-\x08]\0\0\0.|[1-8]\s\d", re.DOTALL)
SUFFIXES = (".t7", ".t7b", ".th", ".net")
# What layers keep of the last batch that went through them.
PASSING = re.compile(r"(?:^|\.)(?:_?grad\w*|_?output\w*|_?input\w*|buffer\w*|finput|fgradInput|noise|indices)(?:\.\d+)*$")
SETTLE = "Load it only in a place that may be lost, or take the weights from a format that holds numbers only."
MESSAGE = "functions stand in it as bytecode: loading hands them to Lua, which does not check it"


@detector(
    "torch7",
    wants=Wants(suffixes=SUFFIXES, magic=(Magic(BINARY), Magic(TEXT))),
    formats=("torch7",),
    emits=TALLY_EMITS | {(Component.ARCHITECTURE, Claim.REFERENCED)},
)
def torch7(file: File) -> Iterator[Said]:
    """Read the object forward, and pass over numbers."""
    known = CLASS.match(file.head) is not None
    if not known and not (file.suffix in SUFFIXES and ANY.match(file.head)):
        return
    tally = Tally(file, "torch7", end=file.size, is_empty_fine=True)

    def add(name: str, dtype: str, shape: tuple[int, ...]) -> None:
        if not PASSING.search(name):
            tally.add(name, dtype, shape)

    told = Told(add)
    objects = Objects(file, text=file.head[:1] in b"12345678", told=told)
    tally.take(lambda _: _read(objects))
    if not known and tally.fault is not None and objects.count < 3:
        return
    yield Format("torch7")
    if tally.fault is None and (file.size - told.end > 2 or file.read(told.end, file.size - told.end).strip()):
        tally.end = told.end
    tally.keys = sorted(told.classes)[:100]
    for place, is_bytecode in told.functions:
        message = MESSAGE if is_bytecode else "functions stand in it: loading hands them to Lua"
        tally.sightings.add("torch7.function", Severity.MEDIUM, message, span=(place, min(file.size, place + 8)))
    package = next((name.partition(".")[0] for name in sorted(told.classes) if not name.startswith(("torch.", "tds."))), None)
    if package is not None and re.fullmatch(r"\w{1,40}", package):
        details = Reference(kind="package", target=package)
        yield Found(Component.ARCHITECTURE, Claim.REFERENCED, "torch7", details=details)
    yield from tally.say(settle=SETTLE)


def _read(objects: Objects) -> None:
    try:
        objects.read()
    except RecursionError as error:
        raise Malformed("it is nested deeper than can be read") from error
