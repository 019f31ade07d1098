"""llama2.c: the weights of a small Llama for a program in C.

What it sees: files of versions 1 and 2, which begin with `ak42` as a number; files named `.bin` of version 0, which have no magic number:
seven numbers, and exactly as many bytes as a model of these sizes needs.
What it says: parameters are present, each tensor by the sizes in the header; its sizes, for comparison with a configuration; where a file
of version 1 or 2 has fewer or more bytes than it needs.
What it cannot know: a file of version 0 that is cut, since nothing but its size tells it. Data is never read.
Source: llama2.c, `export.py` and `run.c`.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from math import prod

from inspector.bundle import File
from inspector.detector import Format, Found, Magic, Said, Wants, detector
from inspector.errors import Malformed
from inspector.model import Claim, Component, Count, Severity, Sizes, Span, Unit
from inspector.weights.tally import TALLY_EMITS, Tally

MAGIC = b"24ka"
HEADER, SMALL_HEADER = 256, 28  # bytes
LARGEST = 1 << 24
Tensors = tuple[tuple[str, tuple[int, ...]], ...]


@dataclass(frozen=True, slots=True)
class Config:
    """The sizes of a model, whether its classifier is its embedding, and how many weights share a scale (version 2)."""

    dim: int
    hidden: int
    layers: int
    heads: int
    kv_heads: int
    vocabulary: int
    length: int
    shared: bool
    group: int = 0

    @property
    def is_sound(self) -> bool:
        """Say whether a model can have these sizes."""
        sizes = (self.dim, self.hidden, self.layers, self.heads, self.kv_heads, self.vocabulary, self.length)
        return all(0 < size < LARGEST for size in sizes) and self.dim % self.heads == 0 == self.heads % self.kv_heads

    @property
    def norms(self) -> Tensors:
        """The tensors that are never quantised."""
        return (("attention_norm", (self.layers, self.dim)), ("ffn_norm", (self.layers, self.dim)), ("norm", (self.dim,)))

    @property
    def matrices(self) -> Tensors:
        """The tensors that version 2 quantises; those of all layers stand together."""
        narrow = self.kv_heads * (self.dim // self.heads)
        layer = (("wq", self.dim), ("wk", narrow), ("wv", narrow), ("wo", self.dim), ("w1", self.hidden), ("w3", self.hidden))
        stacked = tuple((name, (self.layers, rows, self.dim)) for name, rows in layer)
        down = ("w2", (self.layers, self.dim, self.hidden))
        output = () if self.shared else (("output", (self.vocabulary, self.dim)),)
        return (("tok_embeddings", (self.vocabulary, self.dim)), *stacked, down, *output)


@detector(
    "llama2-c",
    wants=Wants(suffixes=(".bin",), magic=(Magic(MAGIC),)),
    formats=("llama2.c",),
    emits=TALLY_EMITS | {(Component.MODEL_METADATA, Claim.PRESENT), (Component.ARCHITECTURE, Claim.REFERENCED)},
)
def llama2_c(file: File) -> Iterator[Said]:
    """Compute the tensors from the header."""
    if file.head.startswith(MAGIC):
        yield Format("llama2.c")
        version, config = _read_header(file)
        start = HEADER
    else:
        version, start, old = 0, SMALL_HEADER, _read_old(file)
        if old is None:
            return
        yield Format("llama2.c")
        config = old
    tally = Tally(file, "llama2.c", header=start, keys=[f"version {version}"])
    tally.end = start + _count(tally, config, version)
    if version and file.read(49 + 4 * (version - 1), HEADER - 49 - 4 * (version - 1)).strip(b"\0"):
        tally.sightings.add("llama2-c.padding", Severity.LOW, "bytes of the header that should be zero hold something", span=(49, HEADER))
    span = Span(0, start, Unit.BYTES)
    sizes = {"hidden_size": config.dim, "layers": config.layers, "heads": config.heads, "vocabulary": config.vocabulary}
    details = Sizes(sizes=tuple(Count(name, number) for name, number in sorted(sizes.items())))
    yield Found(Component.MODEL_METADATA, Claim.PRESENT, "sizes", span=span, details=details)
    yield Found(Component.ARCHITECTURE, Claim.REFERENCED, "llama", span=span)
    yield from tally.say()


def _read_header(file: File) -> tuple[int, Config]:
    head = file.read(0, HEADER)
    version, *sizes = struct.unpack_from("<8i", head, 4)
    if version not in {1, 2}:
        raise Malformed(f"llama2.c of version {version}; 0 to 2 are known")
    group = int.from_bytes(head[37:41], "little") if version == 2 else 0
    dim, hidden, layers, heads, kv_heads, vocabulary, length = sizes
    config = Config(dim, hidden, layers, heads, kv_heads, vocabulary, length, shared=head[36] != 0, group=group)
    if not config.is_sound or (version == 2 and not 0 < group < LARGEST):
        raise Malformed(f"no model has these sizes: {', '.join(map(str, sizes))}")
    return version, config


def _read_old(file: File) -> Config | None:
    """Read a header of version 0; `None` unless the file has exactly the bytes that it asks for."""
    if file.size <= SMALL_HEADER or file.size % 4:
        return None
    dim, hidden, layers, heads, kv_heads, vocabulary, length = struct.unpack_from("<7i", file.head)
    config = Config(dim, hidden, layers, heads, kv_heads, abs(vocabulary), length, shared=vocabulary > 0)
    if not config.is_sound:
        return None
    elements = sum(prod(shape) for _, shape in (*config.norms, *config.matrices, *_frequencies(config)))
    return config if SMALL_HEADER + 4 * elements == file.size else None


def _frequencies(config: Config) -> Tensors:
    shape = (config.length, config.dim // config.heads // 2)
    return (("freq_cis_real", shape), ("freq_cis_imag", shape))


def _count(tally: Tally, config: Config, version: int) -> int:
    """Count the tensors, and say how many bytes they take."""
    size = 0
    for name, shape in config.norms + (_frequencies(config) if version == 0 else ()):
        tally.add(name, "F32", shape)
        size += 4 * prod(shape)
    for name, shape in config.matrices:
        tally.add(name, "I8" if version == 2 else "F32", shape)
        size += prod(shape) + 4 * (prod(shape) // config.group) if version == 2 else 4 * prod(shape)
    return size
