"""Settings of the run: whether the training settings that are here are those of the weights that are here.

What it sees: the sizes (hidden size, layers, heads) in training settings and in the model's own configuration.
What it says: that the settings of the run are missing, when all settings give sizes and none gives those of the weights.
What it cannot know: whether settings of the right sizes are those of this run, and what settings without sizes are for.
Source: the Open Source AI Definition 1.0: "code used for training ... including arguments and settings used".
"""

from collections.abc import Iterator

from inspector.detector import Found, Gathered, crosscheck
from inspector.model import Claim, Component, Constructs, Count, Evidence, Issue, Severity, Sizes

COMPARED = ("hidden_size", "layers", "heads")
FEWEST = 2


@crosscheck("run-settings", emits={(Component.TRAINING, Claim.MISSING)})
def run_settings(gathered: Gathered) -> Iterator[Found | Issue]:
    """Hold the sizes in training settings against those of the weights."""
    held = {item.location.root for item in gathered.evidence if item.component is Component.PARAMETERS and item.claim is Claim.PRESENT}
    models = [_sizes(item.details.sizes) for item in gathered.evidence if isinstance(item.details, Sizes) and item.location.root in held]
    settings = [item for item in gathered.evidence if _is_settings(item)]
    if not any(models) or not settings:
        return
    verdicts = [_compare(_sizes(item.details.sizes), models) for item in settings if isinstance(item.details, Constructs)]
    if verdicts and all(verdict is False for verdict in verdicts):
        yield Found(Component.TRAINING, Claim.MISSING, "the settings of these sizes", settings[0].certainty, at=settings[0].location)
        yield Issue(
            rule="training.other-sizes",
            severity=Severity.MEDIUM,
            message="the training settings are for a model of other sizes than the weights have",
            locations=tuple(item.location for item in settings),
            settle="Pass the settings of the run that made these weights.",
        )


def _is_settings(item: Evidence) -> bool:
    return item.component is Component.TRAINING and item.claim is Claim.PRESENT and item.value == "settings"


def _sizes(counts: tuple[Count, ...]) -> dict[str, int]:
    return {count.name: count.number for count in counts if count.name in COMPARED}


def _compare(sizes: dict[str, int], models: list[dict[str, int]]) -> bool | None:
    """Say whether sizes are those of one of the models; None when too few can be compared."""
    shared = [(sizes.keys() & model.keys(), model) for model in models]
    if not any(len(names) >= FEWEST for names, _ in shared):
        return None
    return any(len(names) >= FEWEST and all(sizes[name] == model[name] for name in names) for names, model in shared)
