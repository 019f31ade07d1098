"""A model of fastText: its arguments, its dictionary, its two matrices. Source: fastText's `fasttext.cc`, `dictionary.cc`, `matrix`, version 12."""

from dataclasses import dataclass, field

from inspector.errors import Malformed, TooLarge
from inspector.serialization.fields import Fields

MAGIC = (793712314).to_bytes(4, "little")
ARGUMENTS = ("dim", "ws", "epoch", "minCount", "neg", "wordNgrams", "loss", "model", "bucket", "minn", "maxn", "lrUpdateRate")
LOSSES = {1: "hs", 2: "ns", 3: "softmax", 4: "ova"}
MODELS = {1: "cbow", 2: "skipgram", 3: "supervised"}
MOST_WORDS = 20_000_000
LONGEST_WORD = 65_536
ENTRY = 9  # bytes behind a word: its count, its kind
CENTROIDS = 256
NOT_PRUNED = -1


@dataclass(frozen=True, slots=True)
class Matrix:
    """A matrix: its rows and columns; in a quantised one also the bytes of its codes."""

    name: str
    shape: tuple[int, int]
    quantized: bool = False
    codes: int = 0


@dataclass(slots=True)
class FastText:
    """What was read so far."""

    arguments: dict[str, int] = field(default_factory=dict)
    words: int = 0
    labels: int = 0
    tokens: int = 0
    dictionary: tuple[int, int] = (0, 0)
    matrices: list[Matrix] = field(default_factory=list)


def read_fasttext(fields: Fields, model: FastText) -> None:
    """Read behind the magic number and up to the end of the second matrix.

    Raises Malformed for other versions than 11 and 12 and for sizes that do not fit, TooLarge above 20 million words.
    """
    version = fields.number("i")
    if version not in {11, 12}:
        raise Malformed(f"fastText of version {version}; 11 and 12 are known")
    model.arguments |= dict(zip(ARGUMENTS, fields.numbers("i", len(ARGUMENTS)), strict=True))
    fields.skip(8)  # the sampling threshold
    _read_dictionary(fields, model)
    _read_matrix(fields, model, "input", quantized=_flag(fields))
    _read_matrix(fields, model, "output", quantized=_flag(fields))


def _flag(fields: Fields) -> bool:
    byte = fields.number("B")
    if byte > 1:
        raise Malformed(f"no flag stands at byte {fields.position - 1}")
    return byte == 1


def _read_dictionary(fields: Fields, model: FastText) -> None:
    size, model.words, model.labels = fields.numbers("i", 3)
    model.tokens, pruned = fields.numbers("q", 2)
    if size < 0 or size != model.words + model.labels or min(model.words, model.labels) < 0:
        raise Malformed(f"a dictionary of {size} entries, {model.words} words and {model.labels} labels")
    if size > MOST_WORDS:
        raise TooLarge(f"a dictionary of {size} entries, the limit is {MOST_WORDS}")
    begin, left = fields.position, size
    while left:
        left -= _pass_words(fields, left)
    if pruned != NOT_PRUNED:
        fields.pass_over(8 * pruned)
    model.dictionary = (begin, fields.position)


def _pass_words(fields: Fields, most: int) -> int:
    """Move over words that stand whole in the next block: each ends with a zero byte, its count and its kind follow."""
    block = fields.look(LONGEST_WORD)
    at = passed = 0
    while passed < most:
        end = block.find(b"\0", at)
        if end < 0 or end + 1 + ENTRY > len(block):
            break
        at = end + 1 + ENTRY
        passed += 1
    if not passed:
        cut = "truncated: " if len(block) < LONGEST_WORD else ""
        raise Malformed(f"{cut}no word ends near byte {fields.position}")
    fields.skip(at)
    return passed


def _read_matrix(fields: Fields, model: FastText, name: str, *, quantized: bool) -> None:
    if not quantized:
        rows, columns = fields.numbers("q", 2)
        model.matrices.append(Matrix(name, _sound(rows, columns, fields)))
        fields.pass_over(4 * rows * columns)
        return
    normed = _flag(fields)
    rows, columns = fields.numbers("q", 2)
    size = fields.number("i")
    model.matrices.append(Matrix(name, _sound(rows, columns, fields), quantized=True, codes=size))
    fields.pass_over(size)
    _pass_quantizer(fields, columns)
    if normed:
        fields.pass_over(rows)
        _pass_quantizer(fields, 1)


def _sound(rows: int, columns: int, fields: Fields) -> tuple[int, int]:
    if not (0 <= rows < 2**40 and 0 <= columns < 2**24):
        raise Malformed(f"a matrix of {rows} by {columns} before byte {fields.position}")
    return rows, columns


def _pass_quantizer(fields: Fields, columns: int) -> None:
    dim, parts, width, last = fields.numbers("i", 4)
    if dim != columns or min(parts, width, last) < 0:
        raise Malformed(f"a quantiser of {dim} columns for a matrix of {columns} before byte {fields.position}")
    fields.pass_over(4 * dim * CENTROIDS)
