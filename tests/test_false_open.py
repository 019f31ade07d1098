"""The worst mistake: a system that conforms, changed in one place so that it must not, and honest changes after which it still must."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from inspector import inspect, judge
from inspector.judgement import Grade, StandardResult, Verdict
from sample_bundles.build import SampleRoot, System, all_systems, build, read_license
from sample_bundles.systems.pythia import list_tensors
from sample_bundles.weights import lfs_pointer, safetensors_bytes

W, C, D = "weights", "code", "data"
PYTHIA = next(system for system in all_systems() if system.name == "pythia")
TERMS_W, TERMS_C, TERMS_D = "osaid.parameters.terms", "osaid.code.terms", "osaid.data.terms"
TRAINING, PROVENANCE, PARAMETERS = "osaid.code.training", "osaid.data.provenance", "osaid.parameters.present"
Change = str | bytes | None | Callable[[str], str]
Changes = Mapping[tuple[str, str], Change]
MODELS = "# Tools\n\nThe models are released under the Apache License 2.0.\n"
NC, LLAMA, APACHE, MIT = (read_license(key) for key in ("cc-by-nc-4.0", "llama-2-license-2023", "apache-2.0", "mit"))
TORCH = {
    (W, name): None for name in ("pytorch_model-00001-of-00002.bin", "pytorch_model-00002-of-00002.bin", "pytorch_model.bin.index.json")
}
UNREACHED = """import torch


def train():
    raise NotImplementedError
    loss.backward()
    optimizer.zero_grad()
    optimizer.step()
"""
SFT = """from peft import LoraConfig, get_peft_model
from transformers import AutoModelForCausalLM, Trainer

model = get_peft_model(AutoModelForCausalLM.from_pretrained("x"), LoraConfig())
Trainer(model=model).train()
"""


def source(role: str, path: str) -> str:
    data = next(root.files[path] for root in PYTHIA.roots if root.role == role)
    return data if isinstance(data, str) else data.decode("latin-1")


def add(text: str) -> Callable[[str], str]:
    return lambda old: f"{old}\n{text}\n"


def put(text: str) -> Callable[[str], str]:
    return lambda old: f"{text}\n{old}"


def swap(old: str, new: str) -> Callable[[str], str]:
    return lambda text: text.replace(old, new)


def swaps(*pairs: str) -> Callable[[str], str]:
    """Replace the first text by the second, the third by the fourth."""
    return lambda text: swap(pairs[2], pairs[3])(swap(pairs[0], pairs[1])(text))


def sheet(text: str) -> str:
    """A data sheet of one sentence."""
    return f"# Datasheet\n\n## Composition\n\n{text}\n"


def cut(text: str, begin: str, end: str) -> str:
    """Leave out a part of a text."""
    return text[: text.index(begin)] + text[text.index(end) :]


def judged(changes: Changes, top: Path) -> StandardResult:
    roots = []
    for root in PYTHIA.roots:
        files = dict(root.files)
        for (role, path), change in changes.items():
            if root.role == role and change is None:
                files.pop(path)
            elif root.role == role and change is not None:
                files[path] = change(source(role, path)) if callable(change) else change
        roots.append(SampleRoot(root.name, root.role, files))
    place = build(System("changed", "", tuple(roots)), top)
    first, *others = roots
    report = judge(inspect([place / first.name], supplements=[(root.role, place / root.name) for root in others], digest=False))
    return report.standards[0]


LICENSE = "license: apache-2.0"
DISHONEST: dict[str, tuple[Changes, str]] = {
    "the card says non-commercial": ({(W, "README.md"): swap(LICENSE, "license: cc-by-nc-4.0")}, TERMS_W),
    "the card links elsewhere": ({(W, "README.md"): swap(LICENSE, "license: other\nlicense_link: https://example.com/terms")}, TERMS_W),
    "the card lists two licences": ({(W, "README.md"): swap(LICENSE, "license:\n- apache-2.0\n- cc-by-nc-4.0")}, TERMS_W),
    "a second block of front matter": ({(W, "README.md"): put("---\nlicense: cc-by-nc-4.0\n---")}, TERMS_W),
    "a sentence names another licence": ({(W, "README.md"): add("The weights are released under CC BY-NC 4.0.")}, TERMS_W),
    "a sentence restricts use": ({(W, "README.md"): add("The model may be used for non-commercial purposes only.")}, TERMS_W),
    "a sentence restricts use by the model's name": ({(W, "README.md"): add("Pythia is for non-commercial use only.")}, TERMS_W),
    "a sentence without a subject restricts use": ({(W, "README.md"): add("For non-commercial purposes only.")}, TERMS_W),
    "a sentence forbids a use": ({(W, "README.md"): add("You may not use this model to make images of real people.")}, TERMS_W),
    "a sentence forbids a use by the model's name": ({(W, "README.md"): add("Pythia may not be used to impersonate people.")}, TERMS_W),
    "a gate restricts use": (
        {(W, "README.md"): swap(LICENSE, f"{LICENSE}\nextra_gated_prompt: You agree not to use it commercially.")},
        TERMS_W,
    ),
    "the licence file is another": ({(W, "LICENSE"): LLAMA}, TERMS_W),
    "the licence file in UTF-16 is another": ({(W, "LICENSE"): NC.encode("utf-16")}, TERMS_W),
    "the licence file has a clause added": ({(W, "LICENSE"): f"{APACHE}\nYou may not use the model for military purposes.\n"}, TERMS_W),
    "the licence file lacks its grant": ({(W, "LICENSE"): cut(APACHE, "2. Grant", "3. Grant")}, TERMS_W),
    "the licence file lacks a right": ({(W, "LICENSE"): APACHE.replace("prepare Derivative Works of,", "")}, TERMS_W),
    "the licence file can be revoked": ({(W, "LICENSE"): APACHE.replace("irrevocable", "revocable")}, TERMS_W),
    "the licence file has a clause in another language": ({(W, "LICENSE"): f"{APACHE}\n本模型仅供非商业用途使用。\n"}, TERMS_W),
    "the licence file is empty": ({(W, "LICENSE"): ""}, TERMS_W),
    "the licence file is a PDF": ({(W, "LICENSE.pdf"): b"%PDF-1.4 (Non-commercial)"}, TERMS_W),
    "the licence file was not downloaded": ({(W, "LICENSE"): lfs_pointer("ab" * 32, 1000)}, TERMS_W),
    "the licence file lies in docs": ({(W, "docs/LICENSE"): NC}, TERMS_W),
    "the licence file lies in a directory of licences": ({(W, "licenses/model.txt"): "You may use the model for research only."}, TERMS_W),
    "the code root has a licence for the model": (
        {(C, "LICENSE-MODEL"): "The model may be used for research only, and never sold."},
        TERMS_W,
    ),
    "the licence file is for the code only": (
        {(W, "README.md"): swap(LICENSE, ""), (W, "LICENSE-CODE"): APACHE, (C, "README.md"): swap("and the released models are", "is")},
        TERMS_W,
    ),
    "the code's sentence is taken for the weights": (
        {(W, "README.md"): swap(LICENSE, ""), (C, "README.md"): swap("and the released models are", "is"), (C, "x/README.md"): MODELS},
        TERMS_W,
    ),
    "the sentence is on another model": (
        {(W, "README.md"): swap(LICENSE, ""), (C, "README.md"): swap("and the released models are", "is, the LLaMA-2 models are")},
        TERMS_W,
    ),
    "the sentence is on code for models": (
        {(W, "README.md"): swap(LICENSE, "\n"), (C, "README.md"): swap("and the released models are", "for the models is")},
        TERMS_W,
    ),
    "the card's key is spelled otherwise": ({(W, "README.md"): swap(LICENSE, f"{LICENSE}\nLicence: cc-by-nc-4.0")}, TERMS_W),
    "the card has a tag": ({(W, "README.md"): swap(LICENSE, f"{LICENSE}\ntags:\n- license:cc-by-nc-4.0")}, TERMS_W),
    "the card has a map of licences": ({(W, "README.md"): swap(LICENSE, "license:\n  code: apache-2.0\n  weights: cc-by-nc-4.0")}, TERMS_W),
    "the card's link leads elsewhere": ({(W, "README.md"): swap(LICENSE, f"{LICENSE}\nlicense_link: https://example.com/nc")}, TERMS_W),
    "a gate has a box to tick": (
        {(W, "README.md"): swap(LICENSE, f"{LICENSE}\nextra_gated_fields:\n  I agree to non-commercial use ONLY: checkbox")},
        TERMS_W,
    ),
    "a gate has terms": (
        {(W, "README.md"): swap(LICENSE, f"{LICENSE}\nextra_gated_heading: Accept the licence to get access")},
        TERMS_W,
    ),
    "commercial users must ask": ({(W, "README.md"): add("For commercial use please contact us to obtain a license.")}, TERMS_W),
    "using it is agreeing": ({(W, "README.md"): add("By downloading the weights you agree to the Lab License.")}, TERMS_W),
    "a section names no licence": ({(W, "README.md"): add("\n## License\n\nPlease read https://example.com/terms.")}, TERMS_W),
    "an exception": ({(W, "README.md"): add("Everything here is under Apache 2.0, except the weights, which are CC BY-NC 4.0.")}, TERMS_W),
    "a sentence in another language": ({(W, "README_zh.md"): "# Pythia\n\n模型权重仅供学术研究,禁止商用。\n"}, TERMS_W),
    "another text restricts": ({(W, "IMPORTANT.txt"): "You may use these weights for non-commercial research only.\n"}, TERMS_W),
    "metadata restricts": (
        {(W, "model.safetensors"): safetensors_bytes(list_tensors(), {"usage_restrictions": "non-commercial only"})},
        TERMS_W,
    ),
    "a header restricts": ({(C, "model.py"): put("# This file may be used for non-commercial purposes only.")}, TERMS_C),
    "a header names terms that nobody knows": ({(C, "model.py"): put("# Licensed under the LAB LICENSE, see LICENSE.lab")}, TERMS_C),
    "a constant names the licence": ({(C, "model.py"): put('__license__ = "CC BY-NC 4.0"')}, TERMS_C),
    "two tags": ({(C, "model.py"): put("# SPDX-License-Identifier: Apache-2.0\n# SPDX-License-Identifier: CC-BY-NC-4.0")}, TERMS_C),
    "a tag beside the file": ({(C, "model.py.license"): "SPDX-License-Identifier: CC-BY-NC-4.0\n"}, TERMS_C),
    "a helper without a role": ({(C, "vendor/x/LICENSE"): NC, (C, "vendor/x/util.py"): "def add(a, b):\n    return a + b\n"}, TERMS_C),
    "a sentence on the code": ({(C, "README.md"): add("The code is released under CC BY-NC 4.0.")}, TERMS_C),
    "package metadata says proprietary": (
        {(C, "setup.cfg"): "[metadata]\nname = mini\nclassifiers =\n    License :: Other/Proprietary License\n"},
        TERMS_C,
    ),
    "the licence file is an address": ({(W, "LICENSE"): "https://example.com/license\n"}, TERMS_W),
    "the licence file is a web page": ({(W, "LICENSE"): "<html><body>Not found</body></html>\n"}, TERMS_W),
    "a licence for the model alone": ({(W, "LICENSE-MODEL"): NC}, TERMS_W),
    "a use policy": ({(W, "USE_POLICY.md"): "Not for weapons.\n"}, TERMS_W),
    "a use policy in docs": ({(W, "docs/ACCEPTABLE_USE.md"): "Not for weapons.\n"}, TERMS_W),
    "terms of use": ({(W, "TERMS_OF_USE.md"): "You must not use the model for commercial purposes.\n"}, TERMS_W),
    "the file's own metadata": ({(W, "model.safetensors"): safetensors_bytes(list_tensors(), {"license": "cc-by-nc-4.0"})}, TERMS_W),
    "no statement with the weights": (
        {(W, "README.md"): swap(LICENSE, ""), (C, "README.md"): swap("The code in this repository and the released models are", "It is")},
        TERMS_W,
    ),
    "the code's licence is cut": ({(C, "LICENSE"): APACHE[:3000]}, TERMS_C),
    "the code's licence is empty": ({(C, "LICENSE"): ""}, TERMS_C),
    "the code's licence is missing": ({(C, "LICENSE"): None}, TERMS_C),
    "the code's licence has a commercial clause": ({(C, "LICENSE"): f"{APACHE}\nSelling the software is prohibited.\n"}, TERMS_C),
    "the code's README restricts": ({(C, "README.md"): add("The code is for research purposes only.")}, TERMS_C),
    "a proprietary header": (
        {(C, "train.py"): put("# Proprietary and confidential. Unauthorized copying of this file is prohibited.")},
        TERMS_C,
    ),
    "a non-commercial tag": ({(C, "train.py"): put("# SPDX-License-Identifier: CC-BY-NC-4.0 AND MIT")}, TERMS_C),
    "a vendored tree": ({(C, "vendor/x/LICENSE"): NC, (C, "vendor/x/model.py"): source(C, "model.py")}, TERMS_C),
    "the data documents are non-commercial": (
        {(D, "LICENSE"): NC, (D, "DATASHEET.md"): swap("The scripts and this datasheet are under the MIT License, see LICENSE.", "")},
        TERMS_D,
    ),
    "training is fine-tuning": ({(C, "train.py"): SFT}, TRAINING),
    "training is a test": ({(C, "train.py"): None, (C, "tests/test_train.py"): source(C, "train.py")}, TRAINING),
    "training is a comment": ({(C, "train.py"): lambda text: "".join(f"# {line}\n" for line in text.splitlines())}, TRAINING),
    "training is a string": ({(C, "train.py"): lambda text: f"TEXT = {text!r}\n"}, TRAINING),
    "training is below if False": (
        {(C, "train.py"): lambda text: "if False:\n" + "".join(f"    {line}\n" for line in text.splitlines())},
        TRAINING,
    ),
    "training stands behind a raise": (
        {
            (
                C,
                "train.py",
            ): UNREACHED
        },
        TRAINING,
    ),
    "training starts from a model": (
        {
            (C, "train.py"): lambda text: text.replace("Decoder(settings)", 'LlamaModel.from_pretrained("x")').replace(
                "from model import Decoder", "from transformers import LlamaModel"
            )
        },
        TRAINING,
    ),
    "settings start from a model": ({(C, "configs/mini.yml"): add("pretrained: meta-llama/Llama-2-7b")}, TRAINING),
    "settings are for other sizes": (
        {(C, "configs/mini.yml"): swaps("num_layers: 2", "num_layers: 96", "hidden_size: 32", "hidden_size: 999")},
        TRAINING,
    ),
    "the architecture is a stub": (
        {
            (
                C,
                "model.py",
            ): "from torch import nn\n\n\nclass Decoder(nn.Module):\n    def forward(self, x):\n        raise NotImplementedError\n"
        },
        "osaid.code.architecture",
    ),
    "requirements are those of the documentation": (
        {
            (C, "requirements.txt"): None,
            (D, "requirements.txt"): None,
            (D, "tokenize_shards.py"): None,
            (C, "docs/requirements.txt"): "sphinx\n",
        },
        "osaid.code.supporting",
    ),
    "some data was bought": (
        {(D, "DATASHEET.md"): swap("no training data was licensed", "apart from the news archive, no training data was licensed")},
        "osaid.data.third-party-listing",
    ),
    "people judged later on": (
        {(W, "README.md"): add("## Alignment\n\nAfter pre-training, the model was tuned on preference judgements of human raters.")},
        "osaid.data.labeling",
    ),
    "internal data was used too": (
        {(D, "DATASHEET.md"): swap("All sources are publicly available; no", "In addition the model saw 500 GB of internal chat logs. No")},
        PROVENANCE,
    ),
    "the data is that of another model": (
        {
            (D, "DATASHEET.md"): sheet("GPT-3 was trained on Common Crawl and Wikipedia."),
            (W, "README.md"): swap("on the Pile", "on text"),
        },
        PROVENANCE,
    ),
    "the data is that of an evaluation": (
        {
            (D, "DATASHEET.md"): sheet("The test set was collected from Wikipedia."),
            (W, "README.md"): swap("on the Pile", "on text"),
        },
        PROVENANCE,
    ),
    "the parameters are too few": ({**TORCH, (W, "model.safetensors"): safetensors_bytes(list_tensors()[:1])}, PARAMETERS),
    "settings are missing": ({(C, "configs/mini.yml"): None}, TRAINING),
    "weights come from others": ({(W, "README.md"): swap(LICENSE, f"{LICENSE}\nbase_model: example/parent")}, TRAINING),
    "the data is not disclosed": ({(D, "DATASHEET.md"): add("We do not disclose the sources of the training data.")}, PROVENANCE),
    "the data is described vaguely": (
        {
            (
                D,
                "DATASHEET.md",
            ): "# Datasheet\n\n## Training data\n\nDiverse, high-quality, publicly available data, filtered for quality.\n",
            (W, "README.md"): swap("on the Pile", "on text"),
        },
        PROVENANCE,
    ),
    "a shard is missing": ({(W, "pytorch_model-00002-of-00002.bin"): None, (W, "model.safetensors"): None}, PARAMETERS),
    "the weights are cut": ({**TORCH, (W, "model.safetensors"): safetensors_bytes(list_tensors())[:-10]}, PARAMETERS),
    "the weights are empty": ({**TORCH, (W, "model.safetensors"): b""}, PARAMETERS),
    "the weights are text": ({**TORCH, (W, "model.safetensors"): "weights"}, PARAMETERS),
}
HONEST: dict[str, Changes] = {
    "nothing": {},
    "a notice": {(C, "NOTICE"): "This product includes software developed by others.\n"},
    "the licence is called COPYING": {(C, "LICENSE"): None, (C, "COPYING"): APACHE},
    "two licences to choose from": {(C, "LICENSE"): None, (C, "LICENSE-MIT"): MIT, (C, "LICENSE-APACHE"): APACHE},
    "two licences in the card": {
        (W, "README.md"): swap(LICENSE, "license:\n- mit\n- apache-2.0"),
        (W, "LICENSE-MIT"): MIT,
        (W, "LICENSE-APACHE"): APACHE,
    },
    "one of two licences in the card": {(W, "LICENSE-MIT"): MIT, (W, "LICENSE-APACHE"): APACHE},
    "a link to the licence at the hub": {
        (W, "README.md"): swap(LICENSE, f"{LICENSE}\nlicense_link: https://huggingface.co/example/x/blob/main/LICENSE")
    },
    "a gate that asks for a name": {(W, "README.md"): swap(LICENSE, f"{LICENSE}\nextra_gated_fields:\n  Name: text")},
    "a datasheet under terms of its own": {
        (D, "DATASHEET.md"): swap(
            "The scripts and this datasheet are under the MIT License", "This datasheet is under CC BY 4.0, the scripts under MIT"
        )
    },
    "another model's terms": {(C, "README.md"): add("We compare with LLaMA 2, whose weights are under the Llama 2 Community License.")},
    "a copyright line": {(C, "LICENSE"): f"Copyright (c) 2026 The Authors and the Research Team\n\n{APACHE}"},
    "a tag": {(C, "train.py"): put("# Copyright 2026 The Authors\n# SPDX-License-Identifier: Apache-2.0")},
    "a pointer to the licence": {(C, "README.md"): add("See LICENSE.")},
    "the licence beside the weights too": {(W, "LICENSE"): APACHE},
    "advice on use": {(W, "README.md"): add("We recommend that the model is not used for medical advice.")},
    "package metadata that names the family": {(C, "setup.cfg"): "[metadata]\nname = mini\nlicense = Apache\n"},
    "a note on commercial use": {(W, "README.md"): add("The model can be used for any purpose, including commercial use.")},
}


@pytest.mark.parametrize("case", DISHONEST)
def test_it_does_not_conform_and_the_right_requirement_says_so(case: str, tmp_path: Path) -> None:
    changes, requirement = DISHONEST[case]
    result = judged(changes, tmp_path)
    verdict = next(finding.verdict for finding in result.findings if finding.requirement == requirement)
    assert result.grade is not Grade.CONFORMS
    assert verdict not in (Verdict.MET, Verdict.NOT_APPLICABLE)


@pytest.mark.parametrize("case", HONEST)
def test_an_honest_change_does_not_cost_the_grade(case: str, tmp_path: Path) -> None:
    result = judged(HONEST[case], tmp_path)
    unmet = [(item.requirement, item.reason) for item in result.findings if item.verdict not in (Verdict.MET, Verdict.NOT_APPLICABLE)]
    assert (result.grade, [item for item in unmet if "intermediate" not in item[0]]) == (Grade.CONFORMS, [])
