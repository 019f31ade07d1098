"""Model card: front matter, prose and what is neither."""

import tempfile
from pathlib import Path

import pytest

from detectors.cards.model_card import model_card
from inspector.detector import Declared, Format, Found, Said
from inspector.errors import Malformed
from inspector.model import Certainty, Claim, Component, Reference, Scope, Span
from tests import make

CARD = """---
license: other
license_name: falcon-180b
license_link: LICENSE.txt
library_name: transformers
datasets:
- tiiuae/falcon-refinedweb
base_model: tiiuae/falcon-7b
tags:
- arxiv:2306.01116
---

---
license: apache-2.0
---
# Falcon

## Training Data

The model was trained on 1,500B tokens of RefinedWeb.

Trained with [this code](https://github.com/example/trainer), see the [paper](https://arxiv.org/abs/2311.16867).

## Evaluation

| Task | Score |
|---|---|
| MMLU | 70.4 |
"""


def found(said: list[Said], component: Component, claim: Claim) -> list[Found]:
    return [item for item in said if isinstance(item, Found) and (item.component, item.claim) == (component, claim)]


def test_every_front_matter_block_declares_its_own_terms_at_its_line() -> None:
    first, second = (item for item in make.look(model_card, "README.md", CARD) if isinstance(item, Declared))
    assert (first.text, first.name, first.link, first.pointer, first.span) == (
        "other",
        "falcon-180b",
        "LICENSE.txt",
        "/license",
        Span(2, 2),
    )
    assert (second.text, second.name, second.span) == ("apache-2.0", None, Span(14, 14))
    assert {first.component, second.component} == {Component.PARAMETERS}
    assert {first.scope, second.scope} == {Scope.ROOT}


def test_names_in_front_matter_are_references() -> None:
    said = make.look(model_card, "README.md", CARD)
    assert said[0] == Format("model-card")
    (data,) = found(said, Component.DATASETS, Claim.REFERENCED)
    (parent,) = found(said, Component.PARAMETERS, Claim.DERIVED)
    assert data.details == Reference(kind="dataset", target="tiiuae/falcon-refinedweb")
    assert (data.span, data.pointer) == (Span(7, 7), "/datasets/0")
    assert parent.details == Reference(kind="model", target="tiiuae/falcon-7b")
    assert {item.value for item in found(said, Component.RESEARCH_PAPER, Claim.REFERENCED)} == {"arXiv:2306.01116", "arXiv:2311.16867"}


def test_data_results_and_repositories_are_found_in_the_text() -> None:
    said = make.look(model_card, "README.md", CARD)
    assert {item.value for item in found(said, Component.DATASETS, Claim.DESCRIBED)} == {"provenance", "scope"}
    assert [item.value for item in found(said, Component.EVALUATION_RESULTS, Claim.PRESENT)] == ["table"]
    assert [item.value for item in found(said, Component.TRAINING, Claim.REFERENCED)] == ["github.com/example/trainer"]


def test_lists_of_licences_are_declared_item_by_item() -> None:
    said = make.look(model_card, "README.md", "---\nlibrary_name: x\nlicense:\n- mit\n- apache-2.0\n---\n")
    assert [item.pointer for item in said if isinstance(item, Declared)] == ["/license/0", "/license/1"]


def test_a_card_without_front_matter_is_known_by_its_title() -> None:
    said = make.look(model_card, "docs/card.md", "# Model Card for Foo\n\ntext\n")
    assert found(said, Component.MODEL_CARD, Claim.PRESENT)[0].certainty is Certainty.MATCHED


def test_broken_front_matter_is_malformed_after_what_could_be_read() -> None:
    text = "---\nlibrary_name: x\nlicense: mit\nbase_model: [a\n---\ntext\n"
    heard: list[Said] = []
    with tempfile.TemporaryDirectory() as top, make.open_file(Path(top) / "b", "README.md", text) as file:
        said = model_card.look(file)
        with pytest.raises(Malformed, match=r"^line \d+: "):
            heard.extend(said)
    assert heard[0] == Format("model-card")
    assert [item.text for item in heard if isinstance(item, Declared)] == ["mit"]


def test_other_documents_are_left_to_others() -> None:
    assert make.look(model_card, "README.md", "# A tool\n\ntext\n") == []
    assert make.look(model_card, "README.md", "---\ntask_categories: [x]\nlicense: mit\n---\n") == []
    assert make.look(model_card, "LICENSE.md", CARD) == []


def test_outputs_in_the_widget_are_samples_and_inputs_alone_are_none() -> None:
    card = "---\nlibrary_name: x\nwidget:\n- text: a cat\n{}---\n# X\n"
    shown = found(
        make.look(model_card, "README.md", card.format("  output:\n    url: images/1.png\n")), Component.SAMPLE_OUTPUTS, Claim.PRESENT
    )
    assert [(item.value, item.certainty, item.pointer, item.span) for item in shown] == [
        ("widget", Certainty.READ, "/widget/0/output/url", Span(6, 6))
    ]
    assert found(make.look(model_card, "README.md", card.format("")), Component.SAMPLE_OUTPUTS, Claim.PRESENT) == []


@pytest.mark.parametrize(
    ("section", "shown"),
    [
        ("## Sample outputs\n\n> The cat sat on the mat and looked at the moon.\n", True),
        ("## Example Output\n\n```\nOnce upon a time there was a small robot.\n```\n", True),
        ("## Generated samples\n\n| prompt | answer |\n|---|---|\n| a | b |\n", True),
        ("## Sample outputs\n\nSoon.\n", False),
        ("## Sample outputs\n\n## Next\n\nThe cat sat on the mat and looked at the moon.\n", False),
        ("## Output format\n\nThe model gives JSON with two keys, label and score.\n", False),
        ("## Output\n\nModels generate text and code only.\n", False),
        ("## Generation\n\n```\nfrom transformers import pipeline\n```\n", False),
        ("## Example usage\n\n```\nfrom transformers import pipeline\n```\n", False),
    ],
)
def test_a_section_of_outputs_is_one_by_its_heading_and_by_holding_some(section: str, shown: bool) -> None:
    said = make.look(model_card, "README.md", f"---\nlibrary_name: x\n---\n# X\n\n{section}")
    assert [item.value for item in found(said, Component.SAMPLE_OUTPUTS, Claim.PRESENT)] == (["section"] if shown else [])


def test_the_data_that_metrics_were_measured_on_is_named_and_not_here() -> None:
    result = "    dataset:\n      type: {}\n      name: x\n    metrics:\n    - type: acc\n      value: 0.5\n"
    results = "".join(f"  - task:\n      type: y\n{result.format(name)}" for name in ("mmlu", "hellaswag", "mmlu"))
    said = make.look(model_card, "README.md", f"---\nmodel-index:\n- name: m\n  results:\n{results}---\n# X\n")
    named = found(said, Component.EVALUATION_DATA, Claim.REFERENCED)
    assert [(item.value, item.details) for item in named] == [
        ("mmlu", Reference(kind="dataset", target="mmlu")),
        ("hellaswag", Reference(kind="dataset", target="hellaswag")),
    ]
    assert found(said, Component.EVALUATION_DATA, Claim.PRESENT) == []


@pytest.mark.parametrize(
    "sentence",
    [
        (
            "This model was developed as part of a project intending to boost the maximum input sequence length of sentence embedding models by "
            "leveraging advances such as the incorporation of FlashAttention, Attention with Linear Biases, and Gated Linear Units (GLU)."
        ),
        "The models are trained based on `Alibaba-NLP/gte-large-en-v1.5` and `org/thing-2`.",
        "The model is derived from `org/thing-2` and trained with a contrastive loss.",
    ],
)
def test_parts_of_a_model_and_what_it_was_made_from_are_no_origin_of_data(sentence: str) -> None:
    said = make.look(model_card, "README.md", f"---\nlicense: mit\n---\n# M\n\n## Abstract\n\n{sentence}\n")
    assert [item for item in said if isinstance(item, Found) and item.claim is Claim.DESCRIBED] == []
