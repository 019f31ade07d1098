"""A branch of a checkpoint of Amber: results of evaluations and weights, no card, no licence."""

from inspector.model import Role
from sample_bundles.build import SampleRoot, System, read_texts
from sample_bundles.systems.amber import MODEL

SYSTEM = System(
    "amber_checkpoint",
    "a checkpoint's branch without card or licence, its terms are not stated: incomplete",
    (SampleRoot("Amber-ckpt_349", Role.WEIGHTS, {**read_texts("amber", "Amber-ckpt_349"), **MODEL}),),
)
