"""Who licensed what to whom: situations as they are met, each with the terms that come out and the issues that say why."""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from inspector import inspect, judge
from inspector.judgement import Report
from inspector.model import Bucket, Component
from sample_bundles.build import read_license
from sample_bundles.weights import GgufValue, Tensor, gguf_bytes, safetensors_bytes
from tests import make

TENSORS = [Tensor("model.embed_tokens.weight", "F16", (16, 8))]
WEIGHTS = safetensors_bytes(TENSORS)
MIT, APACHE, NC, LLAMA2, BLOOM = (
    read_license(key) for key in ("mit", "apache-2.0", "cc-by-nc-4.0", "llama-2-license-2023", "bigscience-rail-1.0")
)
LLAMA2_ID, RAIL_ID, GEMMA_ID = "LicenseRef-scancode-llama-2-license-2023", "LicenseRef-scancode-bigscience-rail-1.0", "LicenseRef-gemma"
OSI, FREE, CLOSED, UNKNOWN, NONE = Bucket.OSI_APPROVED, Bucket.FREE, Bucket.RESTRICTED, Bucket.UNKNOWN, Bucket.UNSTATED
CONFLICT, LAUNDERING, DROPPED = "terms.conflict", "terms.laundering", "terms.upstream-dropped"
Files = Mapping[str, str | bytes]


def card(license_id: str | None = None, more: str = "", body: str = "") -> str:
    lines = [*([f"license: {license_id}"] if license_id else []), *more.splitlines(), "library_name: transformers"]
    return "---\n" + "\n".join(lines) + f"\n---\n# Tiny\n\n{body}\n"


def model(files: Files, name: str = "bundle") -> dict[str, Files]:
    return {name: {"model.safetensors": WEIGHTS, **files}}


def gguf(keys: Mapping[str, GgufValue]) -> bytes:
    return gguf_bytes(TENSORS, {"general.architecture": "llama", "llama.block_count": 0, **keys})


def config(**keys: object) -> str:
    import json

    return json.dumps({"architectures": ["LlamaForCausalLM"], "model_type": "llama", **keys})


class Situation(NamedTuple):
    """Roots and their files; the expression, the bucket and the issues of the parameters that come out."""

    roots: Mapping[str, Files]
    expression: str | None
    bucket: Bucket
    issues: tuple[str, ...] = ()


SITUATIONS: dict[str, Situation] = {
    # one statement
    "a card alone": Situation(model({"README.md": card("apache-2.0")}), "Apache-2.0", OSI),
    "a text alone": Situation(model({"LICENSE": MIT}), "MIT", OSI),
    "nothing at all": Situation(model({"README.md": card()}), None, NONE),
    "a community licence in the card": Situation(model({"README.md": card("llama2")}), LLAMA2_ID, CLOSED),
    "a licence for data on weights": Situation(model({"README.md": card("cc-by-4.0")}), "CC-BY-4.0", FREE),
    "an id that no list has": Situation(model({"README.md": card("lab-license-7")}), "LicenseRef-declared-lab-license-7", UNKNOWN),
    "other, with name and link": Situation(
        model({"README.md": card("other", "license_name: lab\nlicense_link: https://lab.example/terms")}),
        "LicenseRef-declared-lab AND LicenseRef-linked-elsewhere",
        UNKNOWN,
    ),
    "other, with a link to the text": Situation(model({"README.md": card("other", "license_link: LICENSE"), "LICENSE": MIT}), "MIT", OSI),
    "a text of one line that is an address": Situation(
        model({"README.md": card("mit"), "LICENSE": "https://lab.example/license\n"}), "LicenseRef-unknown AND MIT", UNKNOWN
    ),
    # statements that agree
    "card and text agree": Situation(model({"README.md": card("mit"), "LICENSE": MIT}), "MIT", OSI),
    "a hub id and its text agree": Situation(model({"README.md": card("bigscience-bloom-rail-1.0"), "LICENSE": BLOOM}), RAIL_ID, CLOSED),
    "a family and its edition agree": Situation(model({"README.md": card("apache"), "LICENSE": APACHE}), "Apache-2.0", OSI),
    "one of two in a composite file": Situation(
        model({"README.md": card("apache-2.0"), "LICENSE": f"{APACHE}\n\n{MIT}"}), "Apache-2.0 AND MIT", OSI
    ),
    "a list and two texts": Situation(
        model({"README.md": card(None, "license:\n- mit\n- apache-2.0"), "LICENSE-MIT": MIT, "LICENSE-APACHE": APACHE}),
        "Apache-2.0 AND MIT",
        OSI,
    ),
    "file metadata agrees": Situation(
        {"bundle": {"model.safetensors": safetensors_bytes(TENSORS, {"license": "mit"}), "README.md": card("mit")}}, "MIT", OSI
    ),
    # statements that contradict each other
    "card open, text restricted": Situation(
        model({"README.md": card("apache-2.0"), "LICENSE": LLAMA2}), f"Apache-2.0 AND {LLAMA2_ID}", CLOSED, (CONFLICT,)
    ),
    "card restricted, text open": Situation(
        model({"README.md": card("cc-by-nc-4.0"), "LICENSE": MIT}), "CC-BY-NC-4.0 AND MIT", CLOSED, (CONFLICT,)
    ),
    "two open licences": Situation(model({"README.md": card("mit"), "LICENSE": APACHE}), "Apache-2.0 AND MIT", OSI, (CONFLICT,)),
    "front matter and body": Situation(
        model({"README.md": card("mit", body="The weights are released under CC BY-NC 4.0.")}), "CC-BY-NC-4.0 AND MIT", CLOSED, (CONFLICT,)
    ),
    "two blocks of front matter": Situation(
        model({"README.md": "---\nlicense: mit\n---\n\n" + card("cc-by-nc-4.0")}), "CC-BY-NC-4.0 AND MIT", CLOSED, (CONFLICT,)
    ),
    "card and GGUF key": Situation(
        {"bundle": {"model.gguf": gguf({"general.license": "cc-by-nc-4.0"}), "README.md": card("mit")}},
        "CC-BY-NC-4.0 AND MIT",
        CLOSED,
        (CONFLICT,),
    ),
    "card and file metadata": Situation(
        {"bundle": {"model.safetensors": safetensors_bytes(TENSORS, {"license": "llama2"}), "README.md": card("mit")}},
        f"{LLAMA2_ID} AND MIT",
        CLOSED,
        (CONFLICT,),
    ),
    "card and config.json": Situation(
        model({"README.md": card("mit"), "config.json": config(license="cc-by-nc-4.0")}), "CC-BY-NC-4.0 AND MIT", CLOSED, (CONFLICT,)
    ),
    "card and the README of the code": Situation(
        {**model({"README.md": card("mit")}), "code": {"README.md": "# Code\n\nThe models are released under CC BY-NC 4.0.\n"}},
        "CC-BY-NC-4.0 AND MIT",
        CLOSED,
        (CONFLICT,),
    ),
    # what must not be taken for terms of the weights
    "the code's licence in another root": Situation({**model({"README.md": card()}), "code": {"LICENSE": MIT}}, None, NONE),
    "a licence for the code only": Situation(model({"README.md": card(), "LICENSE-CODE": MIT}), None, NONE),
    "a sentence on the code": Situation(model({"README.md": card(body="The code is released under the MIT License.")}), None, NONE),
    "a sentence on another model": Situation(
        {**model({"README.md": card()}), "code": {"README.md": "# Code\n\nThe Falcon-7B models are licensed under Apache 2.0.\n"}},
        None,
        NONE,
    ),
    "a licence of something vendored": Situation(model({"README.md": card("mit"), "third_party/x/LICENSE": NC}), "MIT", OSI),
    "a notice": Situation(
        model({"README.md": card("mit"), "NOTICE": "This product includes software under the GPL version 3.\n"}), "MIT", OSI
    ),
    "a badge": Situation(model({"README.md": card(body="[![MIT](https://img.shields.io/badge/license-MIT-blue)](LICENSE)")}), None, NONE),
    # what restricts beside an open licence
    "a use policy": Situation(
        model({"README.md": card("mit"), "USE_POLICY.md": "Not for weapons."}), "LicenseRef-use-policy AND MIT", CLOSED
    ),
    "a sentence that restricts": Situation(
        model({"README.md": card("mit", body="The model must not be used in commercial products.")}),
        "LicenseRef-stated-restriction AND MIT",
        CLOSED,
    ),
    "a gate": Situation(
        model({"README.md": card("mit", "extra_gated_prompt: You agree not to share the model.")}),
        "LicenseRef-stated-restriction AND MIT",
        CLOSED,
    ),
    "a clause added to the text": Situation(
        model({"LICENSE": f"{MIT}\nThe model may not be used for military purposes.\n"}), "LicenseRef-unexplained-text AND MIT", UNKNOWN
    ),
    "a licence for the model beside one for all": Situation(model({"LICENSE": MIT, "LICENSE-MODEL": LLAMA2}), LLAMA2_ID, CLOSED),
    "a text that cannot be read": Situation(
        model({"README.md": card("mit"), "LICENSE.pdf": b"%PDF-1.4"}), "LicenseRef-unknown AND MIT", UNKNOWN
    ),
    # laundering: what came down from upstream
    "a child of Llama 2 as MIT": Situation(
        model({"README.md": card("mit", "base_model: meta-llama/Llama-2-7b-hf")}), f"{LLAMA2_ID} AND MIT", CLOSED, (LAUNDERING,)
    ),
    "a child of Llama 2 under its licence": Situation(
        model({"README.md": card("llama2", "base_model: meta-llama/Llama-2-7b-hf")}), LLAMA2_ID, CLOSED
    ),
    "a child of Llama 2 under another restricted licence": Situation(
        model({"README.md": card("cc-by-nc-4.0", "base_model: meta-llama/Llama-2-7b-hf")}),
        f"CC-BY-NC-4.0 AND {LLAMA2_ID}",
        CLOSED,
        (DROPPED,),
    ),
    "a child of a child of Llama": Situation(
        model({"README.md": card("apache-2.0", "base_model: lmsys/vicuna-7b-v1.5")}), f"Apache-2.0 AND {LLAMA2_ID}", CLOSED, (LAUNDERING,)
    ),
    "a child of Gemma as Apache": Situation(
        model({"README.md": card("apache-2.0", "base_model: google/gemma-2-9b")}), f"Apache-2.0 AND {GEMMA_ID}", CLOSED, (LAUNDERING,)
    ),
    "a child of Gemma under an edition of its terms": Situation(
        model({"README.md": card("gemma", "base_model: google/gemma-2-9b")}), GEMMA_ID, CLOSED
    ),
    "a merge of an open and a restricted model": Situation(
        model({"README.md": card("apache-2.0", "base_model:\n- mistralai/Mistral-7B-v0.1\n- meta-llama/Llama-2-7b-hf")}),
        f"Apache-2.0 AND {LLAMA2_ID}",
        CLOSED,
        (LAUNDERING,),
    ),
    "a child of an open model": Situation(
        model({"README.md": card("apache-2.0", "base_model: mistralai/Mistral-7B-v0.1")}), "Apache-2.0", OSI
    ),
    "a child of a model that nobody knows": Situation(model({"README.md": card("mit", "base_model: lab/unheard-of")}), "MIT", OSI),
    "an adapter of Llama 2 as MIT": Situation(
        model(
            {
                "README.md": card("mit"),
                "adapter_config.json": '{"peft_type": "LORA", "base_model_name_or_path": "meta-llama/Llama-2-7b-hf", "r": 4}',
            }
        ),
        f"{LLAMA2_ID} AND MIT",
        CLOSED,
        (LAUNDERING,),
    ),
    "a GGUF file that names its base": Situation(
        {
            "bundle": {
                "model.gguf": gguf(
                    {"general.base_model.count": 1, "general.base_model.0.repo_url": "https://huggingface.co/bigscience/bloom"}
                ),
                "README.md": card("mit"),
            }
        },
        f"{RAIL_ID} AND MIT",
        CLOSED,
        (LAUNDERING,),
    ),
    "a GGUF file whose name gives it away": Situation(
        {"bundle": {"model.gguf": gguf({"general.name": "Llama 2 7B Chat"}), "README.md": card("mit")}},
        f"{LLAMA2_ID} AND MIT",
        CLOSED,
        (LAUNDERING,),
    ),
    "settings that keep the parent's name": Situation(
        model({"README.md": card("mit"), "config.json": config(_name_or_path="meta-llama/Llama-2-7b-hf")}),
        f"{LLAMA2_ID} AND MIT",
        CLOSED,
        (LAUNDERING,),
    ),
    "a directory that gives it away": Situation(
        model({"README.md": card("mit")}, "Llama-2-7b-chat"), f"{LLAMA2_ID} AND MIT", CLOSED, (LAUNDERING,)
    ),
    "a distillation whose parent is restricted": Situation(
        model({"README.md": card("mit", "base_model: deepseek-ai/DeepSeek-R1-Distill-Llama-70B")}),
        "LicenseRef-scancode-llama-3.3-license-2024 AND MIT",
        CLOSED,
        (LAUNDERING,),
    ),
    "a child of terms that nobody has read": Situation(
        model({"README.md": card("mit", "base_model: tiiuae/falcon-180B")}), "LicenseRef-falcon-180b AND MIT", UNKNOWN, (LAUNDERING,)
    ),
    "a parent that is here and restricted": Situation(
        {
            **model({"README.md": card("mit", "base_model: lab/parent")}),
            "parent": {"model.safetensors": WEIGHTS, "README.md": card("cc-by-nc-4.0")},
        },
        "CC-BY-NC-4.0 AND MIT",
        CLOSED,
        (LAUNDERING,),
    ),
    "a parent that is here and open": Situation(
        {
            **model({"README.md": card("apache-2.0", "base_model: lab/parent")}),
            "parent": {"model.safetensors": WEIGHTS, "README.md": card("apache-2.0")},
        },
        "Apache-2.0",
        OSI,
    ),
    "a parent that is here and asks for the same licence": Situation(
        {
            **model({"README.md": card("mit", "base_model: lab/parent")}),
            "parent": {"model.safetensors": WEIGHTS, "README.md": card("gpl-3.0")},
        },
        "GPL-3.0-only AND MIT",
        OSI,
        ("terms.copyleft-dropped",),
    ),
    # what looks like it and is not
    "trained from scratch with Llama's sizes": Situation(
        model(
            {
                "README.md": card("apache-2.0"),
                "config.json": config(hidden_size=4096, num_hidden_layers=32, num_attention_heads=32, vocab_size=32000),
            }
        ),
        "Apache-2.0",
        OSI,
        ("lineage.same-sizes",),
    ),
    "TinyLlama by its name": Situation(model({"README.md": card("apache-2.0")}, "TinyLlama-1.1B-Chat"), "Apache-2.0", OSI),
    "OpenLLaMA by its name": Situation(
        model({"README.md": card("apache-2.0", "base_model: openlm-research/open_llama_7b")}), "Apache-2.0", OSI
    ),
    "sizes of Llama, and named OpenLLaMA": Situation(
        model(
            {
                "README.md": card("apache-2.0"),
                "config.json": config(
                    _name_or_path="open_llama_7b", hidden_size=4096, num_hidden_layers=32, num_attention_heads=32, vocab_size=32000
                ),
            }
        ),
        "Apache-2.0",
        OSI,
    ),
}
TOLD = (
    "terms.missing-text",
    "lineage.parent-not-here",
    "terms.unexplained-text",
    "terms.unread-license",
    "parameters.too-few",
    "config.vocabulary",
    "pickle.",
)


def report_of(situation: Situation, top: Path) -> Report:
    roots = [make.tree(top / name, files) for name, files in situation.roots.items()]
    return judge(inspect(roots, digest=False), ())


@pytest.mark.parametrize("name", SITUATIONS)
def test_the_parameters_come_out_under_these_terms_and_the_issues_say_why(name: str, tmp_path: Path) -> None:
    situation = SITUATIONS[name]
    report = report_of(situation, tmp_path)
    (found,) = (item for item in report.terms if item.component is Component.PARAMETERS and item.root == next(iter(situation.roots)))
    issues = tuple(sorted({issue.rule for issue in report.inventory.issues if not issue.rule.startswith(TOLD)}))
    expression = situation.expression and " AND ".join(sorted(situation.expression.split(" AND ")))
    assert (found.expression, found.bucket, issues) == (expression, situation.bucket, situation.issues)


def test_there_are_at_least_forty_situations() -> None:
    assert len(SITUATIONS) >= 40


@pytest.mark.parametrize("name", [name for name, item in SITUATIONS.items() if LAUNDERING in item.issues])
def test_laundering_names_the_parent_the_child_and_how_to_settle_it(name: str, tmp_path: Path) -> None:
    issues = [issue for issue in report_of(SITUATIONS[name], tmp_path).inventory.issues if issue.rule == LAUNDERING]
    for issue in issues:
        assert len(issue.locations) >= 2
        assert issue.severity in ("high", "medium")
        assert issue.settle
