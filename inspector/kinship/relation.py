"""The nouns of kinship: how one tensor stands to another, how a whole model does, and the numbers behind it."""

from enum import StrEnum

from inspector.model import Count, Frozen


class Relation(StrEnum):
    """How a tensor stands to one of the original, from the nearest to the farthest."""

    IDENTICAL = "identical"  # the same numbers in the same encoding
    CAST = "cast"  # the same numbers, as far as the coarser of the two dtypes can hold them
    QUANTIZED = "quantized"  # as near as the block type allows
    PRUNED = "pruned"  # the same numbers, but for some that were set to zero
    MERGED = "merged adapter"  # changed by a matrix of low rank
    TUNED = "fine-tuned"  # changed, and clearly from the same start
    UNRELATED = "unrelated"  # no more alike than chance


class Whole(StrEnum):
    """How a model stands to the original."""

    IDENTICAL = "identical"
    REPACKED = "repacked"  # the same tensors under other names, in another order, other shards or another container
    CAST = "cast"
    QUANTIZED = "quantized"
    EXTENDED = "vocabulary extended"
    PRUNED = "pruned"
    MERGED = "merged adapter"
    TUNED = "fine-tuned"
    SHARES = "shares layers"
    UNRELATED = "unrelated"


class Pair(Frozen, frozen=True):
    """A tensor of the suspect and the tensor of the original that it is nearest to (`original` is empty where none is near).

    `compared` counts the elements that were looked at; `equal` is the share of them that are the same after rounding to the coarser dtype, `cosine`
    that of the numbers less their means, `difference` the root mean square of the change over that of the original. `rank` is that of a change
    of low rank; a `trivial` tensor holds one value only, and says nothing.
    """

    name: str
    original: str
    relation: Relation
    encoding: str
    original_encoding: str
    shape: tuple[int, ...]
    original_shape: tuple[int, ...]
    compared: int
    equal: float
    cosine: float
    difference: float
    rank: int | None = None
    trivial: bool = False


class Kinship(Frozen, frozen=True):
    """What a comparison comes to: the relation of the whole, shares of the suspect's elements by relation (in thousandths), and every pair.

    `left_out` are tensors of the original that nothing here is near to; `notes` say what else the pairs show: layers dropped, repeated or moved.
    """

    whole: Whole
    suspect: str
    original: str
    elements: int
    original_elements: int
    shares: tuple[Count, ...]
    median_cosine: float
    pairs: tuple[Pair, ...]
    left_out: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    exact: bool = False
