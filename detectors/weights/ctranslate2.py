"""CTranslate2: the weights of a converted transformer, `model.bin`.

What it sees: files named `.bin` that begin with a small version and the name of a specification, which ends in `Spec`.
What it says: parameters are present, each variable by its record, with dtypes and elements; the specification by name; sizes that disagree
with shapes, names that stand twice, aliases of what is not there, bytes behind the last record.
What it cannot know: terms and origin of a model, since the format has no metadata. No variable is read.
Source: CTranslate2's `model_spec.py` and `model.cc`, versions 2 to 6 of the format.
"""

import re
from collections.abc import Iterator
from math import prod

from inspector.bundle import File
from inspector.detector import Format, Found, Said, Wants, detector
from inspector.errors import Malformed, TooLarge
from inspector.model import Claim, Component, Severity, Span, Unit, printable
from inspector.pickles.symbols import SIZES
from inspector.serialization.fields import Fields
from inspector.weights.tally import TALLY_EMITS, Tally

BEGIN = re.compile(rb"[\x02-\x10]\0\0\0([\x05-\x80])\0([A-Za-z]\w*)Spec\0")
TYPES = ("F32", "I8", "I16", "I32", "F16", "BF16")
OLD_TYPES = {1: "I8", 2: "I16", 4: "F32"}  # by the size of an item, in versions 2 and 3
MOST = 200_000
LONGEST = 1024
VARIABLES = 4  # bytes of their count


@detector(
    "ctranslate2",
    wants=Wants(suffixes=(".bin",)),
    formats=("ctranslate2",),
    emits=TALLY_EMITS | {(Component.ARCHITECTURE, Claim.REFERENCED)},
)
def ctranslate2(file: File) -> Iterator[Said]:
    """Read the records, never the variables."""
    begin = BEGIN.match(file.head)
    if begin is None or begin[1][0] != len(begin[2]) + 5:
        return
    yield Format("ctranslate2")
    version, name = file.head[0], begin[2].decode() + "Spec"
    span = Span(6, begin.end() - 1, Unit.BYTES)
    yield Found(Component.ARCHITECTURE, Claim.REFERENCED, printable(name), span=span)
    tally = Tally(file, "ctranslate2", keys=[f"version {version}"], header=begin.end())
    fields = Fields(file, begin.end())
    tally.take(lambda tally: _read(tally, fields, version))
    yield from tally.say()


def _read(tally: Tally, fields: Fields, version: int) -> None:
    fields.number("I")  # the revision of the specification
    count, names = fields.number("I"), set[str]()
    if count > MOST:
        raise TooLarge(f"{count} variables, the limit is {MOST}")
    for _ in range(count):
        name, rank = _text(fields), fields.number("B")
        shape = fields.numbers("I", rank)
        code, size = fields.number("B"), fields.number("I")
        dtype = (TYPES[code] if code < len(TYPES) else f"type {code}") if version >= 4 else OLD_TYPES.get(code, f"{8 * code} bits")
        size = size if version >= 4 else size * code
        tally.add(name, dtype, shape)
        if dtype in SIZES and (prod(shape) * SIZES[dtype]) % 2**32 != size % 2**32:
            message = "shape and dtype need another number of bytes than the record gives"
            tally.sightings.add("ctranslate2.size-mismatch", Severity.HIGH, message, name)
        if name in names:
            message = "two variables have the same name: which of them counts depends on the reader"
            tally.sightings.add("ctranslate2.duplicate-name", Severity.HIGH, message, name)
        names.add(name)
        fields.skip(size)
    _read_aliases(tally, fields, version, names)
    tally.end = fields.position


def _read_aliases(tally: Tally, fields: Fields, version: int, names: set[str]) -> None:
    if version < 3:
        return
    if (count := fields.number("I")) > MOST:
        raise TooLarge(f"{count} aliases, the limit is {MOST}")
    for _ in range(count):
        alias, name = _text(fields), _text(fields)
        if name not in names:
            tally.sightings.add("ctranslate2.alias", Severity.MEDIUM, "an alias of a variable that is not there", alias)


def _text(fields: Fields) -> str:
    length = fields.number("H")
    text = fields.text(length, LONGEST, "a name")
    if not text.endswith("\0") or "\0" in text[:-1]:
        raise Malformed(f"no name ends at byte {fields.position}")
    return text[:-1]
