"""The samples under ScanCode's own file scanner: the same expressions on every file that holds a licence, and a reason for every difference."""

from pathlib import Path

import pytest

from inspector import inspect
from inspector.licensing.expressions import join_expressions
from inspector.licensing.license_texts import load_index
from inspector.model import Claim, Source, Terms
from sample_bundles.build import all_systems, build

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
LARGEST = 200_000
NOTHING = ""
REFERENCE = "LicenseRef-scancode-unknown-license-reference"
# Where the two differ: what ScanCode says, what we say, and why.
EXPLAINED = {
    "pythia-data/DATASHEET.md": (
        "LicenseRef-scancode-unknown-license-reference AND MIT",
        "MIT",
        "the reference is to the LICENSE beside it",
    ),
    "bloom-weights/README.md": (
        NOTHING,
        "LicenseRef-scancode-bigscience-rail-1.0 AND LicenseRef-stated-restriction",
        "an id of the hub that ScanCode has no rule for, and a sentence that forbids uses",
    ),
    "bloom-data/DATA_CARD.md": ("CC-BY-SA-3.0 AND CC0-1.0", NOTHING, "the licences of sources in a table, not those of the card"),
    "llama2-weights/README.md": (
        NOTHING,
        "LicenseRef-scancode-llama-2-license-2023 AND LicenseRef-stated-restriction",
        "an id of the hub, and a sentence that restricts",
    ),
    "llama2-weights/USE_POLICY.md": (NOTHING, "LicenseRef-use-policy", "a policy restricts and is no licence"),
    "llama2-code/USE_POLICY.md": (NOTHING, "LicenseRef-use-policy", "a policy restricts and is no licence"),
    "llama2-code/README.md": ("LicenseRef-scancode-unknown-license-reference", NOTHING, "it only leads to the LICENSE beside it"),
    "formats-weights/core_ml/small.mlmodel": (NOTHING, "MIT", "a field of the model's description, which ScanCode does not read"),
    "formats-weights/tensorrt/yolo.engine": (
        "AGPL-3.0-only",
        "LicenseRef-declared-agpl-3.0-license-https-ultralytics.com-license",
        "an address beside the name can lead to other terms",
    ),
    "formats-weights/litert_lm/model.litertlm": ("Apache-2.0", NOTHING, "metadata of a model inside of the file, which are not read there"),
    "gallery-data/README.md": (NOTHING, "ODC-By-1.0", "an id of the hub that ScanCode has no rule for"),
    "amber-train/README.md": (f"Apache-2.0 AND {REFERENCE}", NOTHING, "it leads to the LICENSE beside it"),
    "AmberDatasets/README.md": (
        "Apache-2.0",
        "Apache-2.0 AND ODC-By-1.0",
        "an id of the hub that ScanCode has no rule for, beside a label",
    ),
    "crystalcoder-train/finetune/Megatron-LM/README.md": (REFERENCE, NOTHING, "it only leads to the LICENSE beside it"),
    "falcon-180B/ACCEPTABLE_USE_POLICY.txt": (NOTHING, "LicenseRef-use-policy", "a policy restricts, also where it is an address only"),
    "falcon-180B/LICENSE.txt": (NOTHING, "LicenseRef-unknown", "a licence file that is an address only: its terms are unknown"),
    "falcon-180B/README.md": (NOTHING, "LicenseRef-stated-restriction AND LicenseRef-unknown", "an id that names nothing, and a gate"),
    "falcon-refinedweb/README.md": (NOTHING, "ODC-By-1.0", "an id of the hub that ScanCode has no rule for"),
    "OLMo/pyproject.toml": (
        f"Apache-2.0 AND {REFERENCE}",
        NOTHING,
        "the classifier names no version, the key leads to the LICENSE beside it",
    ),
    "dolma-dataset/README.md": (REFERENCE, "ODC-By-1.0", "an id of the hub, and a sentence that names the same"),
    "phi-2-december/README.md": (REFERENCE, "LicenseRef-scancode-ms-research-license-terms", "the name that stands beside the id `other`"),
    "starcoder2-15b/README.md": (
        REFERENCE,
        "LicenseRef-scancode-bigcode-open-rail-m-v1",
        "an id of the hub, and a sentence that names the same",
    ),
    "NeMo/README.rst": ("Apache-2.0", NOTHING, "a line of a README is no licence of code; the text is beside it"),
    "the-stack-v2/README.md": (
        f"CC-BY-4.0 AND {REFERENCE}",
        "CC-BY-4.0 AND LicenseRef-stated-restriction AND LicenseRef-unknown",
        "an id that names nothing, and a gate",
    ),
    "c4/README.md": (NOTHING, "ODC-By-1.0", "an id of the hub that ScanCode has no rule for"),
    "raffel20a/paper.tex": ("CC-BY-4.0", NOTHING, "without a role nothing says that the paper is about this system"),
}


ANSWERS: dict[bytes, str] = {}


def ask_scancode(path: Path) -> str:
    """Ask ScanCode for the expression of a file, once for each content: many systems hold the same licence."""
    from scancode.api import get_licenses

    data = path.read_bytes()
    if data not in ANSWERS:
        ANSWERS[data] = get_licenses(str(path))["detected_license_expression_spdx"] or NOTHING
    return ANSWERS[data]


@pytest.mark.parametrize("name", [system.name for system in all_systems() if system.name != "empty"])
def test_the_expressions_are_those_of_scancode_but_where_the_table_says_why(name: str, tmp_path: Path) -> None:
    load_index()
    system = next(system for system in all_systems() if system.name == name)
    place = build(system, tmp_path)
    ours: dict[str, list[str]] = {}
    for item in inspect([place / root.name for root in system.roots], digest=False).evidence:
        if item.claim is Claim.LICENSED and isinstance(item.details, Terms) and item.details.source is not Source.INHERITED:
            ours.setdefault(f"{item.location.root}/{item.location.path.split('!/')[0]}", []).append(item.value)
    for path in (f"{root.name}/{file}" for root in system.roots for file in root.files):
        if (place / path).stat().st_size > LARGEST:
            continue
        theirs = ask_scancode(place / path)
        told = join_expressions(*ours[path]) if path in ours else NOTHING
        expected = EXPLAINED.get(path, (told, told))[:2]
        assert (join_expressions(theirs) if theirs else NOTHING, told) == expected, path
