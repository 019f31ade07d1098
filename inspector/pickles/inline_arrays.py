"""Arrays whose elements stand in a pickle between two opcodes, as joblib writes them. Source: joblib's `numpy_pickle`."""

from collections.abc import Mapping
from math import prod

from inspector.errors import Malformed
from inspector.pickles.symbols import SOMETHING, Dtype, Global, Inline, Symbol, describe_array
from inspector.serialization.stream import Stream

# scikit-learn before 0.23 brought a joblib of its own.
WRAPPERS = tuple(Global(module, "NumpyArrayWrapper") for module in ("joblib.numpy_pickle", "sklearn.externals.joblib.numpy_pickle"))
MOST_FIELDS = 16


def name_fields(items: list[Symbol]) -> dict[str, Symbol]:
    """Keep the fields of a small state by their names; a large one is none of an array's."""
    pairs = zip(items[::2], items[1::2], strict=False) if len(items) <= 2 * MOST_FIELDS else ()
    return {key: value for key, value in pairs if isinstance(key, str)}


def measure(array: Inline, fields: Mapping[str, Symbol], place: int) -> int | None:
    """Complete an array from its wrapper's fields and say how many bytes its elements take; `None` for objects, which are a pickle.

    Raises Malformed when that cannot be told.
    """
    shape, dtype = fields.get("shape", SOMETHING), fields.get("dtype", SOMETHING)
    known = describe_array(shape, dtype)
    if known is None or not isinstance(dtype, Dtype) or dtype.size is None:
        raise Malformed(f"an array whose size is not known follows at byte {place}")
    array.dtype, array.shape = known.dtype, known.shape
    return prod(array.shape) * dtype.size if dtype.size else None


def skip_elements(stream: Stream, fields: Mapping[str, Symbol], size: int) -> None:
    """Move behind an array's elements; where they are aligned, a length of padding and the padding stand before them."""
    if isinstance(fields.get("numpy_array_alignment_bytes"), int):
        stream.skip(stream.take(1)[0])
    stream.skip(size)
