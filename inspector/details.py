"""The nouns below evidence: places, and what can be said in detail of what was read at one. Frozen values that know nothing else."""

from enum import StrEnum

import msgspec


class Frozen(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=False, forbid_unknown_fields=True):
    """What every noun is: immutable, named fields only, unknown fields refused."""


class Unit(StrEnum):
    """What a span counts."""

    BYTES = "bytes"
    LINES = "lines"


class Span(msgspec.Struct, frozen=True, order=True):
    """A part of a file: bytes from `start` up to, not including, `end`; or lines `start` to `end`, both counted from 1."""

    start: int
    end: int
    unit: Unit = Unit.LINES


class Location(Frozen, frozen=True):
    """Where something was read: a root, a POSIX path in it, and the part of the file.

    `path` is `.` for the root itself and `weights.pt!/data.pkl` for a member of an archive. `pointer` names a place in a structure: `/license`,
    `general.license`, a tensor's name.
    """

    root: str
    path: str
    span: Span | None = None
    pointer: str | None = None


class Count(msgspec.Struct, frozen=True, order=True):
    """How many of something: elements of a dtype, tensors of a shape."""

    name: str
    number: int


class Packed(msgspec.Struct, frozen=True):
    """Tensors that are words of small numbers, in one layout of `standards/quantization.toml`: how many, and the elements that are stored.

    `parameters` is what they stand for, where their own shapes tell; else an element has `width` bits. `auxiliary` are the elements of scales,
    zero points and tables beside them, which are no parameters.
    """

    layout: str
    tensors: int
    elements: int
    parameters: int | None = None
    auxiliary: int = 0
    width: int = 0


class Quantization(Frozen, frozen=True, tag="quantization"):
    """How settings say that weights are quantized: the method, the bits of a number, how many numbers share a scale."""

    method: str
    bits: int | None = None
    group: int | None = None


class Weights(Frozen, frozen=True, tag="weights"):
    """What a weights header says: tensors and parameters (elements) by dtype, the commonest shapes, the keys of its metadata.

    `packed` are tensors of which an element holds several parameters, or is one beside scales. `sizes` are those of the model, as the names and
    shapes of its tensors show them: `hidden_size`, `layers`, `last_layer`, `vocabulary`.
    """

    format: str
    tensors: int
    parameters: int | None = None
    dtypes: tuple[Count, ...] = ()
    shapes: tuple[Count, ...] = ()
    metadata: tuple[str, ...] = ()
    packed: tuple[Packed, ...] = ()
    sizes: tuple[Count, ...] = ()


class Scope(StrEnum):
    """What a statement of terms reaches: its own file, its directory and below, its whole root, or what it names wherever that is."""

    FILE = "file"
    TREE = "tree"
    ROOT = "root"
    SYSTEM = "system"


class Source(StrEnum):
    """What kind of text a statement of terms is."""

    TEXT = "text"  # a licence text in a file of its own
    HEADER = "header"  # a notice or SPDX tag at the top of a file
    DECLARED = "declared"  # an id in front matter or other metadata
    PROSE = "prose"  # a sentence that names what it covers
    POLICY = "policy"  # a use policy beside a licence: it restricts, it never grants
    NOTICE = "notice"  # a notice file: it names what others own, it never grants
    INHERITED = "inherited"  # the terms of what it was made from: they restrict, they never grant


class Terms(Frozen, frozen=True, tag="terms"):
    """A statement of terms: an SPDX expression (with `LicenseRef-` ids), what it reaches, and how it was recognised.

    `link` is the `license_link` of a declared id. `unexplained` are the lines of a licence file that no known text explains. `about` is the
    model that a sentence names, where that is another than the one its document is about. `full` says that a licence's whole text stands
    there, and `credit` is the first copyright line beside it.
    """

    expression: str
    scope: Scope
    source: Source
    rule: str = ""
    link: str | None = None
    unexplained: tuple[Span, ...] = ()
    about: str = ""
    full: bool = False
    credit: str = ""


class Constructs(Frozen, frozen=True, tag="constructs"):
    """What was seen in source, settings or prose: each with the line it was seen at, as `number`; and the sizes of a model in settings."""

    seen: tuple[Count, ...]
    sizes: tuple[Count, ...] = ()


class Reference(Frozen, frozen=True, tag="reference"):
    """Something that is named but is not in this file: `kind` is `model`, `dataset`, `repository`, `package`, `file`, `paper`, `url` or `name`."""

    kind: str
    target: str


class Pointer(Frozen, frozen=True, tag="pointer"):
    """A stand-in for content that was not downloaded: its SHA-256 and its size in bytes."""

    sha256: str
    size: int


class Stored(Frozen, frozen=True, tag="stored"):
    """Bytes that stand in other files: their paths in the same root, in order, and how many bytes (`size`) these have together, or at least.

    `whole` says that the files hold nothing else, so that every byte more belongs to nothing.
    """

    files: tuple[str, ...]
    size: int
    whole: bool = False


class Grid(Frozen, frozen=True, tag="grid"):
    """Chunks of an array, each a file below its directory: how many along each dimension (`counts`), how many bytes each has where that is known.

    A chunk's name are its numbers, joined by `joint` (`.` or `/`), behind `prefix` where there is one: `0.3`, `c/0/3`.
    """

    counts: tuple[int, ...]
    prefix: str
    joint: str
    size: int | None = None


class Sizes(Frozen, frozen=True, tag="sizes"):
    """The sizes that settings give a model: `hidden_size`, `layers`, `heads`, `vocabulary`, as far as they are there."""

    sizes: tuple[Count, ...]


class Vocabulary(Frozen, frozen=True, tag="vocabulary"):
    """The tokens of a tokenizer: how many, and a SHA-256 over each with its length before it (four bytes, little-endian), in the order of ids."""

    tokens: int
    sha256: str


class TemplateText(Frozen, frozen=True, tag="template"):
    """A chat template: the name it goes by (`default` where there is one only), and a SHA-256 over its text with all white space left out."""

    name: str
    sha256: str


class Step(Frozen, frozen=True):
    """One file of a chain: how it is used (`starts`, `runs`, `imports`, `sets` for settings in a file before, `reads`), where its part stands.

    `named` is where its name stands in the file that uses it.
    """

    verb: str
    location: Location
    named: Location | None = None


class Fit(StrEnum):
    """How the settings of a run stand to the weights that are here."""

    SAME = "same"  # they give the sizes of the weights
    OTHER = "other"  # they give other sizes
    UNKNOWN = "unknown"  # they, or the weights, give too few sizes to compare
    NONE = "none"  # there are no settings


class Chain(Frozen, frozen=True, tag="chain"):
    """A run from its entry point to the code that trains and the settings it reads, and how these stand to the weights."""

    steps: tuple[Step, ...]
    fit: Fit


class NamedSet(Frozen, frozen=True, tag="named-set"):
    """A data set that is named, with what stands beside its name, each as it is written: hub id, address, size, licence, share of a mixture, access.

    `card` says that the document at this place is the set's own card.
    """

    name: str
    id: str = ""
    url: str = ""
    size: str = ""
    license: str = ""
    share: str = ""
    access: str = ""
    card: bool = False


Details = (
    Weights | Quantization | Terms | Constructs | Reference | Pointer | Stored | Grid | Sizes | Vocabulary | TemplateText | Chain | NamedSet
)
