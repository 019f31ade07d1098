"""A program of PaddlePaddle: which variables it keeps, in which dtypes and shapes, and which operators it calls.

Source: `framework.proto` of PaddlePaddle (ProgramDesc, BlockDesc, VarDesc, OpDesc, VarType).
"""

from dataclasses import dataclass, field

from inspector.errors import TooLarge
from inspector.serialization.protobuf import END, Field, Readable, Window, read_numbers, walk_messages

HOLDS = {
    ("program", 1): "block",
    ("block", 3): "variable",
    ("block", 4): "operator",
    ("variable", 2): "type",
    ("type", 3): "dense",
    ("dense", 1): "tensor",
}
TYPES = {
    0: "BOOL", 1: "I16", 2: "I32", 3: "I64", 4: "F16", 5: "F32", 6: "F64", 20: "U8", 21: "I8", 22: "BF16", 23: "C64", 24: "C128",
    32: "F8_E4M3", 33: "F8_E5M2", 36: "U16", 37: "U32", 38: "U64",
}  # fmt: skip
DENSE = 7  # the type of a variable that is a tensor
MOST = 200_000
MOST_DIMENSIONS = 32
LONGEST = 1000
NAME_OF_OPERATOR = 3


@dataclass(slots=True)
class Variable:
    """A variable: its name, its dtype and dimensions, the bytes of their description, whether it is kept and is a tensor."""

    name: str = ""
    dtype: str = ""
    dims: tuple[int, ...] = ()
    described: int = 0
    is_kept: bool = False
    kind: int = 0


@dataclass(slots=True)
class Program:
    """The variables that are kept, the operators with how often they are called and where first, and where the program ends (bytes)."""

    variables: list[Variable] = field(default_factory=list)
    operators: dict[str, tuple[int, int]] = field(default_factory=dict)
    blocks: int = 0


def read_type(code: int) -> str:
    """Name a dtype by its number."""
    return TYPES.get(code, f"type {code}")


def read_dims(window: Window, found: Field) -> tuple[int, ...]:
    """Read dimensions, which may be below zero where they are open."""
    return tuple(number - 2**64 if number >= 2**63 else number for number in read_numbers(window, found, MOST_DIMENSIONS))


def read_program(file: Readable, program: Program) -> None:
    """Walk the program; raises Malformed where it is none, TooLarge above 200,000 variables."""
    window, variable = Window(file), Variable()
    for kind, found in walk_messages(window, "program", HOLDS, 0, file.size):
        if kind == "variable" and found.number == END:
            if variable.is_kept and variable.kind == DENSE:
                program.variables.append(variable)
            variable = Variable()
            if len(program.variables) > MOST:
                raise TooLarge(f"more than {MOST} variables")
        elif kind == "block":
            program.blocks += found.number == END
        elif kind == "operator" and found.number == NAME_OF_OPERATOR:
            name = window.text(found, 100)
            count, place = program.operators.get(name, (0, found.start))
            program.operators[name] = (count + 1, place)
        else:
            _fill(window, kind, found, variable)


def _fill(window: Window, kind: str, found: Field, variable: Variable) -> None:
    match kind, found.number:
        case "variable", 1:
            variable.name = window.text(found, LONGEST)
        case "variable", 3:
            variable.is_kept = found.value == 1
        case "type", 1:
            variable.kind = found.value
        case "dense", 1:
            variable.described = found.end - found.start
        case "tensor", 1:
            variable.dtype = read_type(found.value)
        case "tensor", 2:
            variable.dims += read_dims(window, found)
