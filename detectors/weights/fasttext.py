"""fastText: word vectors and classifiers of text.

What it sees: files that begin with the magic number of fastText, under any name (`.bin`, and `.ftz` where they are quantised).
What it says: parameters are present: the two matrices, or their codes; the settings of the training that the file keeps; how many words
and tokens the training data had; the dictionary; where a matrix does not fit.
What it cannot know: which texts the model was trained on. No number of a matrix is read.
Source: fastText's `fasttext.cc`, `args.cc`, `dictionary.cc`, version 12.
"""

from collections.abc import Iterator

from inspector.bundle import File
from inspector.detector import Format, Found, Magic, Said, Wants, detector
from inspector.model import Claim, Component, Count, Severity, Sizes, Span, Unit
from inspector.serialization.fields import Fields
from inspector.weights.fasttext_model import LOSSES, MAGIC, MODELS, FastText, read_fasttext
from inspector.weights.tally import TALLY_EMITS, Tally

ARGUMENTS_END = 64  # bytes
VECTORS = 3  # the kind of a model that classifies


@detector(
    "fasttext",
    wants=Wants(magic=(Magic(MAGIC),)),
    formats=("fasttext",),
    emits=TALLY_EMITS | {(Component.ARCHITECTURE, Claim.REFERENCED), (Component.TOKENIZER, Claim.PRESENT)},
)
def fasttext(file: File) -> Iterator[Said]:
    """Read the arguments and the records; words are passed over, numbers never read."""
    if not file.head.startswith(MAGIC):
        return
    yield Format("fasttext")
    model, fields = FastText(), Fields(file, len(MAGIC))
    tally = Tally(file, "fasttext", end=file.size)
    tally.take(lambda tally: _read(tally, fields, model))
    yield from _say_model(file, model)
    yield from tally.say()


def _read(tally: Tally, fields: Fields, model: FastText) -> None:
    try:
        read_fasttext(fields, model)
    finally:
        for matrix in model.matrices:
            shape = (matrix.codes,) if matrix.quantized else matrix.shape
            tally.add(matrix.name, "U8" if matrix.quantized else "F32", tuple(max(0, size) for size in shape))
        tally.header = model.dictionary[1]
    tally.end = fields.position
    _judge(tally, model)


def _judge(tally: Tally, model: FastText) -> None:
    dim = model.arguments.get("dim")
    for matrix in model.matrices:
        if matrix.shape[1] != dim:
            message = f"a matrix has {matrix.shape[1]} columns, the arguments say {dim}"
            tally.sightings.add("fasttext.columns", Severity.HIGH, message, matrix.name)


def _say_model(file: File, model: FastText) -> Iterator[Found]:
    if not model.arguments or file.size < ARGUMENTS_END:
        return
    span = Span(8, ARGUMENTS_END, Unit.BYTES)
    kind = MODELS.get(model.arguments["model"], "unknown")
    loss = LOSSES.get(model.arguments["loss"], "unknown")
    yield Found(Component.ARCHITECTURE, Claim.REFERENCED, f"fasttext {kind}", span=span)
    numbers = {key: number for key, number in model.arguments.items() if key not in {"loss", "model"}}
    numbers |= {"words": model.words, "labels": model.labels, "tokens": model.tokens}
    sizes = Sizes(sizes=tuple(Count(key, number) for key, number in sorted(numbers.items())))
    text = ", ".join(f"{key} {number}" for key, number in model.arguments.items() if key not in {"loss", "model"})
    excerpt = f"{kind}, loss {loss}, {text}"[:200]
    yield Found(Component.MODEL_METADATA, Claim.PRESENT, "training-arguments", span=span, details=sizes, excerpt=excerpt)
    begin, end = model.dictionary
    if begin < end:
        yield Found(Component.TOKENIZER, Claim.PRESENT, "fasttext", span=Span(begin, end, Unit.BYTES))
