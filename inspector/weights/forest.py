"""What a model of decision trees comes to, in whatever format it is written: its trees, the numbers they learned, what it says of itself.

Each tree counts as one tensor, of the numbers that training put into it: thresholds, and values of leaves.
"""

from dataclasses import dataclass, field

from inspector.weights.census import Census

MOST_KEPT = 200


@dataclass(slots=True)
class Forest:
    """A running description of a model; `announced` is the number of trees it says it has, `broken` how many trees contradict themselves."""

    census: Census = field(default_factory=Census)
    booster: str = ""
    objective: str = ""
    version: str = ""
    announced: int | None = None
    trees: int = 0
    broken: list[str] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)

    def add_tree(self, dtype: str, numbers: int) -> None:
        """Count a tree by the dtype and the number of what it learned."""
        self.trees += 1
        self.census.add(dtype, (numbers,))

    def blame(self, name: str) -> None:
        """Note a place that contradicts itself; at most 200 are kept."""
        if len(self.broken) < MOST_KEPT:
            self.broken.append(name)

    def note(self, key: str) -> None:
        """Keep a key that the model says something under; at most 200 are kept."""
        if len(self.keys) < MOST_KEPT:
            self.keys.add(key)
