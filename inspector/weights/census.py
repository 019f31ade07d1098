"""Count what a weights file declares: tensors and their elements, by dtype and by shape."""

from collections import Counter
from collections.abc import Iterable
from math import prod

from inspector.errors import Malformed
from inspector.model import Count, Weights, printable
from inspector.weights.tensor_sizes import TensorSizes

COMMONEST = 8
LARGEST = 2**63
LONGEST_KEY = 120
MOST_KEYS = 200


class Census:
    """A running count of tensors; sizes are in elements."""

    def __init__(self) -> None:
        self.tensors = 0
        self.parameters = 0
        self.sizes = TensorSizes()
        self._dtypes: Counter[str] = Counter()
        self._shapes: Counter[str] = Counter()

    def add(self, dtype: str, shape: tuple[int, ...]) -> None:
        """Count one tensor of a shape whose numbers are not negative."""
        self.add_counted(dtype, "x".join(map(str, shape)) or "scalar", prod(shape))

    def add_counted(self, dtype: str, shape: str, elements: int) -> None:
        """Count one tensor whose shape is written out and multiplied already."""
        self.tensors += 1
        self.parameters += elements
        self._dtypes[dtype] += elements
        self._shapes[shape] += 1

    def weights(self, name: str, metadata: Iterable[str] = ()) -> Weights:
        """Sum up as the details of evidence: at most 8 shapes, the commonest first, and at most 200 metadata keys.

        Raises Malformed for 2^63 elements or more: no such file exists, and no reader of a report could count them.
        """
        if self.parameters >= LARGEST:
            raise Malformed(f"its tensors claim {self.parameters.bit_length()}-bit numbers of elements")
        shapes = sorted(self._shapes.items(), key=lambda item: (-item[1], item[0]))[:COMMONEST]
        return Weights(
            format=name,
            tensors=self.tensors,
            parameters=self.parameters,
            dtypes=tuple(Count(printable(dtype), number) for dtype, number in sorted(self._dtypes.items())),
            shapes=tuple(Count(shape[:LONGEST_KEY], number) for shape, number in shapes),
            metadata=tuple(sorted(printable(key[:LONGEST_KEY]) for key in metadata))[:MOST_KEYS],
            sizes=self.sizes.counts(),
        )
