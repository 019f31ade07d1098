"""A directory with nothing in it."""

from inspector.model import Role
from sample_bundles.build import SampleRoot, System

SYSTEM = System("empty", "a directory with nothing in it: nothing to inspect", (SampleRoot("empty-weights", Role.WEIGHTS, {}),))
