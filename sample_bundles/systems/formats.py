"""One small file of every format that has a module in `sample_bundles/formats`."""

from inspector.model import Role
from sample_bundles.build import SampleRoot, System
from sample_bundles.formats import list_files

SYSTEM = System(
    "formats",
    "a small file of every format, no system at all: incomplete",
    (SampleRoot("formats-weights", Role.WEIGHTS, list_files()),),
)
