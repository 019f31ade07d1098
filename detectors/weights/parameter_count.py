"""Parameter count: whether weights can be those of the configuration beside them.

What it sees: the hidden size and the vocabulary in a configuration, and the elements in the headers of the weights in the same directory.
What it says: that parameters are missing, when there are fewer than one layer and an eighth of an embedding would need.
What it cannot know: whether the numbers in the tensors are those of a trained model. Packed integers are not counted.
Source: the shapes of the projections of a transformer layer, at least three of hidden size by hidden size.
"""

from collections.abc import Iterator

from inspector.detector import Found, Gathered, crosscheck
from inspector.model import Claim, Component, Evidence, Issue, Severity, Sizes, Weights
from inspector.pure_paths import parent_of

PACKED = frozenset({"I8", "U8", "I16", "U16", "I32", "U32", "I64", "U64", "BOOL"})
PROJECTIONS, SHARE = 3, 8


@crosscheck("parameter-count", emits={(Component.PARAMETERS, Claim.MISSING)})
def parameter_count(gathered: Gathered) -> Iterator[Found | Issue]:
    """Hold the elements of the weights against the least that their configuration asks for."""
    counted: dict[tuple[str, str], dict[str, list[Evidence]]] = {}
    for item in gathered.evidence:
        if item.component is Component.PARAMETERS and item.claim is Claim.PRESENT and isinstance(item.details, Weights):
            place = (item.location.root, _directory(item))
            counted.setdefault(place, {}).setdefault(item.details.format, []).append(item)
    for item in gathered.evidence:
        formats = counted.get((item.location.root, _directory(item)))
        if not isinstance(item.details, Sizes) or not formats:
            continue
        least, most = _least(item.details), _most(formats)
        if least is not None and most is not None and most < least:
            yield Found(Component.PARAMETERS, Claim.MISSING, "what the configuration needs", item.certainty, at=item.location)
            yield Issue(
                rule="parameters.too-few",
                severity=Severity.HIGH,
                message=f"the weights hold {most:,} parameters, and a model of these sizes has more than {least:,}",
                locations=(item.location, *(found.location for group in formats.values() for found in group)),
                settle="Fetch the weights again from their origin: these are a part of them, or others.",
            )


def _directory(item: Evidence) -> str:
    return parent_of(item.location.path.split("!/")[0])


def _least(sizes: Sizes) -> int | None:
    found = {size.name: size.number for size in sizes.sizes}
    if "hidden_size" not in found or "vocabulary" not in found:
        return None
    return PROJECTIONS * found["hidden_size"] ** 2 + found["hidden_size"] * found["vocabulary"] // SHARE


def _most(formats: dict[str, list[Evidence]]) -> int | None:
    """Give the elements of the format that holds most; None where some are packed, not counted, or belong to an adapter."""
    weights = [(item.value, item.details) for group in formats.values() for item in group if isinstance(item.details, Weights)]
    if any(_is_unsure(value, details) for value, details in weights):
        return None
    return max(sum(item.details.parameters or 0 for item in group if isinstance(item.details, Weights)) for group in formats.values())


def _is_unsure(value: str, details: Weights) -> bool:
    return details.parameters is None or value.endswith("-adapter") or bool({count.name for count in details.dtypes} & PACKED)
