"""Phi-2 as it first came: the same weights under terms for research only, behind an id that names none."""

from inspector.model import Role
from sample_bundles.build import SampleRoot, System, read_license, read_texts
from sample_bundles.systems.phi2 import MODEL, TEXTS

CODE = {name: TEXTS[name] for name in ("configuration_phi.py", "modeling_phi.py")}
SYSTEM = System(
    "phi2_first",
    "a first revision for research only, which later terms do not change: incomplete",
    (
        SampleRoot(
            "phi-2-december",
            Role.WEIGHTS,
            {**read_texts("phi2", "phi-2-december"), "LICENSE": read_license("ms-research-license-terms"), **CODE, **MODEL},
        ),
    ),
)
