"""Parts of pipelines: whether what model_index.json names is there.

What it sees: the parts that a pipeline of diffusers names, each a model with a directory of its own.
What it says: which of them have no directory here; of those that have weights, that parameters are missing.
What it cannot know: whether a loader is given the part from elsewhere. A part whose class is null is left out on purpose.
Source: the documentation of diffusers, DiffusionPipeline.
"""

from collections.abc import Iterator
from pathlib import PurePosixPath

from inspector.detector import Found, Gathered, crosscheck
from inspector.model import Claim, Component, Evidence, Issue, Reference, Severity
from inspector.weights.pipeline_parts import has_weights

INDEX = "model_index.json"


@crosscheck("pipeline-parts", emits={(Component.PARAMETERS, Claim.MISSING)})
def pipeline_parts(gathered: Gathered) -> Iterator[Found | Issue]:
    """Hold the parts that a pipeline names against the directories that are here."""
    named: dict[tuple[str, str], list[Evidence]] = {}
    for item in gathered.evidence:
        place = item.location
        if item.component is Component.ARCHITECTURE and PurePosixPath(place.path).name.casefold() == INDEX and place.pointer:
            named.setdefault((place.root, place.path), []).append(item)
    for (root, path), items in named.items():
        below = {str(parent) for file in gathered.paths(root) for parent in PurePosixPath(file).parents}
        top = PurePosixPath(path).parent
        absent = [item for item in items if (part := _part(item)) and str(top / part) not in below]
        for item in (item for item in absent if has_weights(item.value)):
            reference = Reference(kind="file", target=str(top / _part(item)))
            yield Found(Component.PARAMETERS, Claim.MISSING, _part(item), at=item.location, details=reference)
        if absent:
            names = ", ".join(_part(item) for item in absent[:8])
            yield Issue(
                rule="pipeline.part-missing",
                severity=Severity.HIGH if any(has_weights(item.value) for item in absent) else Severity.LOW,
                message=f"{len(absent)} parts that the pipeline names are not here: {names}",
                locations=tuple(item.location for item in absent),
                settle="Download the directories of these parts, and inspect again.",
            )


def _part(item: Evidence) -> str:
    """Give the name of a part, which is that of its directory; none for the class of the pipeline itself."""
    pointer = (item.location.pointer or "").removeprefix("/")
    return "" if pointer.startswith("_") or "/" in pointer or pointer in {"auto_map", ""} else pointer
