"""Training runs: how launch scripts, training code and settings belong together.

What it sees: what files use of each other by the names that stand in them, the roles of source files, and the sizes of settings and weights.
What it says: the chain from an entry point to the code that trains and the settings it reads, and whether these settings give the sizes of the
weights. That the settings of the run are missing, when settings give sizes and none gives those of the weights.
What it cannot know: whether settings of the right sizes are those of this run, and names that are put together while a program runs.
Source: the Open Source AI Definition 1.0: "code used for training ... including arguments and settings used".
"""

from collections.abc import Iterator

from inspector.detector import Found, Gathered, crosscheck
from inspector.model import Certainty, Claim, Component, Constructs, Count, Evidence, Fit, Issue, Severity
from inspector.sources.chains import RANK, join_runs, sizes_of_weights
from inspector.weights.sizes import compare_sizes

MOST = 60


@crosscheck("training-runs", emits={(Component.TRAINING, Claim.DESCRIBED), (Component.TRAINING, Claim.MISSING)})
def training_runs(gathered: Gathered) -> Iterator[Found | Issue]:
    """Join entry points to training code and settings, and hold the sizes in settings against those of the weights."""
    runs = sorted(join_runs(gathered), key=lambda run: (RANK[run.chain.fit], run.certainty is Certainty.MATCHED, -len(run.chain.steps)))
    for run in runs[:MOST]:
        yield Found(Component.TRAINING, Claim.DESCRIBED, "run", run.certainty, details=run.chain, at=run.start)
    yield from _compare(gathered)


def _compare(gathered: Gathered) -> Iterator[Found | Issue]:
    models = sizes_of_weights(gathered.evidence)
    settings = [item for item in gathered.evidence if _is_settings(item)]
    if not any(models) or not settings:
        return
    given = [
        *(_sizes(item) for item in settings),
        *(sizes for item in gathered.evidence if item.value == "launch" and (sizes := _sizes(item))),
    ]
    fits = {compare_sizes(sizes, models) for sizes in given}
    places = tuple(item.location for item in settings)
    if fits == {Fit.OTHER}:
        yield Found(Component.TRAINING, Claim.MISSING, "the settings of these sizes", settings[0].certainty, at=settings[0].location)
        yield Issue(
            rule="training.other-sizes",
            severity=Severity.MEDIUM,
            message="the training settings are for a model of other sizes than the weights have",
            locations=places,
            settle="Pass the settings of the run that made these weights.",
        )
    elif Fit.SAME not in fits:
        yield Issue(
            rule="training.sizes-not-compared",
            severity=Severity.NOTE,
            message="no training settings give the sizes of these weights, so nothing shows that they are those of the run",
            locations=places,
            settle="Read the settings; pass those of the run that made these weights if they are others.",
        )


def _is_settings(item: Evidence) -> bool:
    return item.component is Component.TRAINING and item.claim is Claim.PRESENT and item.value == "settings"


def _sizes(item: Evidence) -> tuple[Count, ...]:
    return item.details.sizes if item.component is Component.TRAINING and isinstance(item.details, Constructs) else ()
