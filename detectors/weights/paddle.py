"""PaddlePaddle: programs and the parameters beside them.

What it sees: files named `.pdiparams` (or `__params__`), which are tensors behind one another without a magic number; and programs, named
`.pdmodel` (or `__model__`). Files named `.pdparams` are pickles, and are read as such.
What it says: parameters are present: tensors, dtypes and elements, by the description before each; of a program, which variables it keeps
and which operators it calls, how many bytes its parameters have, and that it calls Python; where a description does not fit.
What it cannot know: the names of tensors in a file of parameters, which only the program knows. No element is read.
Source: PaddlePaddle's `framework.proto`, and `lod_tensor.cc` and `tensor_util.cc` for the stream of tensors.
"""

from collections.abc import Iterator
from math import prod
from pathlib import PurePosixPath

from inspector.archives.part import Part
from inspector.bundle import File
from inspector.detector import Format, Found, Said, Wants, detector
from inspector.errors import Malformed, TooLarge
from inspector.git.lfs import is_pointer
from inspector.model import Claim, Component, Count, Reference, Severity, Sizes, Span, Stored, Unit, printable
from inspector.pickles.symbols import SIZES
from inspector.serialization.fields import Fields
from inspector.serialization.protobuf import Window, read_fields
from inspector.sightings import Sightings
from inspector.weights.paddle_program import Program, Variable, read_dims, read_program, read_type
from inspector.weights.tally import TALLY_EMITS, Tally

PARAMETERS, PROGRAM = ".pdiparams", ".pdmodel"
LONGEST_DESCRIPTION = 1024
MOST = 200_000
MOST_LEVELS = 64
HEAD = 20  # bytes before a description: two versions, the levels of detail, its length
CALLS_PYTHON = ("py_func", "py_layer", "run_program")
SETTLE = "Read the program's source before it is run, and fetch both files again from one revision of their origin."


@detector("paddle-params", wants=Wants(suffixes=(PARAMETERS,), names=("__params__",)), formats=("paddle-params",), emits=TALLY_EMITS)
def paddle_params(file: File) -> Iterator[Said]:
    """Read the description of each tensor, never its elements."""
    head = file.head
    if is_pointer(file) or len(head) < HEAD + 2 or head[:4] != bytes(4) or head[8:12] != bytes(4):
        return
    yield Format("paddle-params")
    tally, fields = Tally(file, "paddle-params"), Fields(file)
    tally.take(lambda tally: _read_tensors(tally, fields))
    yield from tally.say()


def _read_tensors(tally: Tally, fields: Fields) -> None:
    while fields.left:
        dtype, shape = _read_tensor(tally.file, fields)
        tally.add("", dtype, shape)
        if tally.census.tensors > MOST:
            raise TooLarge(f"more than {MOST} tensors")
        if dtype not in SIZES:
            raise Malformed(f"a tensor of the unknown dtype {dtype} before byte {fields.position}: where it ends cannot be told")
        fields.skip(prod(shape) * SIZES[dtype])
        tally.end = fields.position


def _read_tensor(file: File, fields: Fields) -> tuple[str, tuple[int, ...]]:
    place = fields.position
    if fields.number("I"):
        raise Malformed(f"no tensor begins at byte {place}: another version than 0")
    levels = fields.number("Q")
    if levels > MOST_LEVELS:
        raise Malformed(f"a tensor of {levels} levels of detail at byte {place}")
    for _ in range(levels):
        fields.pass_over(fields.number("Q"))
    version, length = fields.numbers("i", 2)
    if version or not 0 < length <= LONGEST_DESCRIPTION:
        raise Malformed(f"no tensor begins at byte {place}: its description has {length} bytes")
    start, dtype, dims = fields.position, "", tuple[int, ...]()
    fields.skip(length)
    window = Window(Part(file, "description", start, length))
    for field in read_fields(window, 0, length):
        if field.number == 1:
            dtype = read_type(field.value)
        elif field.number == 2:
            dims += read_dims(window, field)
    if min(dims, default=0) < 0:
        raise Malformed(f"a tensor of negative sizes at byte {place}")
    return dtype, dims


@detector(
    "paddle-program",
    wants=Wants(suffixes=(PROGRAM,), names=("__model__",)),
    formats=("paddle-program",),
    emits={
        (Component.MODEL_METADATA, Claim.PRESENT),
        (Component.ARCHITECTURE, Claim.REFERENCED),
        (Component.PARAMETERS, Claim.REFERENCED),
    },
)
def paddle_program(file: File) -> Iterator[Said]:
    """Walk the program's blocks; attributes are passed over."""
    if is_pointer(file) or not file.head.startswith(b"\n"):
        return
    program, fault = Program(), None
    try:
        read_program(file, program)
    except Malformed as error:
        fault = error
    if not program.operators and not program.variables and (fault or not program.blocks):
        return
    yield Format("paddle-program")
    yield from _say_program(file, program)
    if fault is not None:
        raise fault


def _say_program(file: File, program: Program) -> Iterator[Said]:
    sightings, span = Sightings(file), Span(0, file.size, Unit.BYTES)
    elements = [prod(variable.dims) for variable in program.variables if min(variable.dims, default=0) >= 0]
    numbers = (Count("operators", sum(count for count, _ in program.operators.values())), Count("parameters", sum(elements)))
    yield Found(Component.MODEL_METADATA, Claim.PRESENT, "paddle-program", span=span, details=Sizes(sizes=numbers))
    yield Found(Component.ARCHITECTURE, Claim.REFERENCED, "paddle", details=Reference(kind="package", target="paddlepaddle"))
    for name in CALLS_PYTHON:
        if name in program.operators:
            place = program.operators[name][1]
            message = "the program calls Python functions that are not in it"
            sightings.add("paddle.calls-python", Severity.HIGH, message, printable(name), (place, place + len(name)))
    yield from sightings.issues(SETTLE)
    if program.variables:
        beside = _beside(file)
        sizes = [_stored(variable) for variable in program.variables]
        known = [size for size in sizes if size is not None]
        details = Stored(files=(beside,), size=sum(known), whole=len(known) == len(sizes))
        yield Found(Component.PARAMETERS, Claim.REFERENCED, PurePosixPath(beside).name, span=span, details=details)


def _beside(file: File) -> str:
    """Name the file that holds the parameters of a program."""
    path = PurePosixPath(file.path)
    return str(path.with_name("__params__") if path.name == "__model__" else path.with_suffix(PARAMETERS))


def _stored(variable: Variable) -> int | None:
    """Compute how many bytes a variable takes in the file of parameters; `None` where that is open."""
    if min(variable.dims, default=0) < 0 or variable.dtype not in SIZES:
        return None
    return HEAD + variable.described + prod(variable.dims) * SIZES[variable.dtype]
