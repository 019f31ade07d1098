"""R's serialized objects: `saveRDS` (`.rds`) and `save` (`.RData`, `.rda`), plain or packed with gzip, bzip2 or xz.

What it sees: files that inflate to R's header of version 2 or 3, in its three ways of writing (XDR, native, text), under any name.
What it says: parameters are present where an object has the class of a model, or the file's name says so: vectors and arrays by their headers;
classes; what loading could do: expressions that wait to be evaluated, functions that R calls by itself, functions and bytecode; bytes behind.
What it cannot know: what a function does; whether vectors of a model are parameters or data it keeps. Data frames are no parameters. Places are bytes
of what was inflated. Nothing is loaded, numbers are not read.
Source: R's `serialize.c` and "R Internals", Serialization Formats; R's `Startup` help page; CVE-2024-27322.
"""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import PurePosixPath

from inspector.archives.inflated import METHODS, Inflated
from inspector.bundle import File
from inspector.detector import Format, Magic, Said, Wants, detector
from inspector.errors import Malformed
from inspector.model import Frozen, Severity
from inspector.serialization.stream import Stream
from inspector.sightings import Sightings
from inspector.tables import load_table
from inspector.weights.r_numbers import Reader
from inspector.weights.r_objects import Objects, Told
from inspector.weights.tally import TALLY_EMITS, Tally

TABLE = "r-classes.toml"
HEADER = re.compile(rb"(?:RD[XAB][23]\n)?(?:X\n\0\0\0[\x02\x03]|A\r?\n[23]\r?\n|B\n[\x02\x03]\0\0\0)")
PACKED = tuple(Magic(magic) for name, magics, _ in METHODS if name in {"gzip", "bzip2", "xz"} for magic in magics)
PLAIN = tuple(
    Magic(data) for data in (b"RDX2\n", b"RDX3\n", b"RDA2\n", b"RDA3\n", b"RDB2\n", b"RDB3\n", b"X\n\0\0\0", b"A\n", b"A\r\n", b"B\n")
)
BY_NAME = re.compile(r"model|weight|param|coef|(?:^|[_-])net(?:$|[_-])|classifier|regress", re.I)
BY_ITSELF = frozenset({".First", ".Last", ".First.sys", ".Last.sys", ".Rprofile", ".First.lib", ".Last.lib"})
SETTLE = "Read the file with a reader that builds no code (the Python package rdata), or load it with R 4.4.0 or newer in a place that may be lost."


class Classes(Frozen, frozen=True):
    """The table."""

    data: frozenset[str]


@cache
def load_classes() -> Classes:
    """Read the table."""
    return load_table(TABLE, Classes)


@detector("r-data", wants=Wants(magic=(*PACKED, *PLAIN)), formats=("rds", "rdata"), emits=TALLY_EMITS)
def r_data(file: File) -> Iterator[Said]:
    """Inflate forward, and follow the objects as they come."""
    stream = _open(file)
    if stream is None:
        return
    start = stream.look(64)
    workspace = start.startswith(b"RD")
    form = "rdata" if workspace else "rds"
    yield Format(form)
    tally = Tally(file, form, end=file.size, is_empty_fine=True)
    told = Told(lambda name, dtype, shape, _: tally.add(name, dtype, shape))
    if workspace:
        stream.line()
    tally.take(lambda _: _read(stream, told))
    _judge(tally.sightings, told, workspace=workspace)
    if tally.fault is None:
        _judge_end(file, stream, tally.sightings)
    models = sorted(set(told.classes) - load_classes().data)
    tally.keys = models[:100]
    if models or BY_NAME.search(PurePosixPath(file.path).stem):
        yield from tally.say(settle=SETTLE)
        return
    yield from tally.sightings.issues(SETTLE)
    if tally.fault is not None:
        raise tally.fault


def _open(file: File) -> Stream | None:
    packed = any(magic.stands_in(file.head) for magic in PACKED)
    stream = Inflated(file) if packed else Stream(file.read, file.size)
    try:
        return stream if HEADER.match(stream.look(64)) else None
    except Malformed:
        return None


def _read(stream: Stream, told: Told) -> None:
    form = stream.line()[:1]
    reader = Reader(stream, form)
    version = reader.number()
    reader.number()
    reader.number()
    if version == 3:
        reader.text(reader.number())
    try:
        Objects(reader, told).read()
    except RecursionError as error:
        raise Malformed("it is nested deeper than can be read") from error


def _judge(sightings: Sightings, told: Told, *, workspace: bool) -> None:
    """Say what R would or could run of it."""
    for place in told.promises:
        message = "an expression stands in place of a value, and is evaluated as soon as the object is touched"
        sightings.add("r.promise", Severity.HIGH, message, f"byte {place}")
    for name in told.names if workspace else ():
        if name in BY_ITSELF and told.functions:
            sightings.add("r.runs-by-itself", Severity.HIGH, f"R calls {name} by itself where it starts or ends with this workspace", name)
    for place in told.waiting:
        message = "an argument of a function that was not used yet: it is evaluated when somebody asks for it"
        sightings.add("r.waiting-argument", Severity.LOW, message, f"byte {place}")
    for place in told.functions:
        sightings.add("r.function", Severity.NOTE, "functions stand beside the numbers", f"byte {place}")
    for place in told.bytecode:
        message = "functions stand as bytecode, which R does not hold against their source"
        sightings.add("r.bytecode", Severity.LOW, message, f"byte {place}")


def _judge_end(file: File, stream: Stream, sightings: Sightings) -> None:
    if stream.look(1):
        sightings.add("r.trailing-bytes", Severity.MEDIUM, "bytes follow the object that belong to nothing")
    elif isinstance(stream, Inflated) and stream.read_to < file.size:
        message = f"{file.size - stream.read_to} bytes follow what is compressed"
        sightings.add("r.trailing-bytes", Severity.MEDIUM, message, span=(stream.read_to, file.size))
