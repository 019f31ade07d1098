"""The sizes of a model as its tensors show them: layers by their numbers, the width by the norms, the vocabulary by the embedding's rows."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from inspector.model import Count
from inspector.weights.tensor_names import find_layer, place_tensor

WIDTHS = frozenset({"norm", "attention.norm", "mlp.norm"})


@dataclass(slots=True)
class TensorSizes:
    """A running view of what names and shapes say; only the largest number of a layer and a few shapes are kept."""

    _layers: set[int] = field(default_factory=set)
    _found: dict[str, int] = field(default_factory=dict)

    def add(self, name: str, shape: Sequence[int]) -> None:
        """Look at one tensor by its name and its shape (slowest dimension first)."""
        if (layer := find_layer(name)) is not None:
            self._layers.add(layer)
        if len(shape) in {1, 2}:
            self._look_at_sizes(name, shape)

    def _look_at_sizes(self, name: str, shape: Sequence[int]) -> None:
        if len(shape) == 1 and "hidden_size" in self._found:
            return
        place = place_tensor(name)
        if place is None or place.part != "weight":
            return
        if len(shape) == 1 and place.role in WIDTHS:
            self._found["hidden_size"] = shape[0]
        elif len(shape) == 2 and place.role == "embedding":
            self._found["vocabulary"] = shape[0]

    def counts(self) -> tuple[Count, ...]:
        """Give what was found: `hidden_size`, `layers` (how many have tensors here), `last_layer` (the highest number) and `vocabulary`."""
        layers = {"layers": len(self._layers), "last_layer": max(self._layers)} if self._layers else {}
        found = {**self._found, **layers}
        return tuple(Count(name, found[name]) for name in ("hidden_size", "layers", "last_layer", "vocabulary") if name in found)
