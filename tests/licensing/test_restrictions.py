"""Sentences that restrict, and their neighbours that do not."""

import pytest

from detectors.cards.model_card import model_card
from inspector.detector import Declared
from inspector.documents.document import parse_document
from inspector.licensing.restrictions import read_restrictions
from inspector.model import Source
from tests import make


def rules(text: str) -> list[str]:
    return [declared.text for declared in read_restrictions(parse_document(text))]


@pytest.mark.parametrize(
    ("sentence", "rule"),
    [
        ("The model may be used for non-commercial research purposes only.", "non-commercial"),
        ("This model is intended for non-commercial use only.", "non-commercial"),
        ("These weights are restricted to non-commercial applications.", "non-commercial"),
        ("Commercial use of the model is not permitted.", "no-commercial-use"),
        ("It must not be used for commercial purposes.", "no-commercial-use"),
        ("Commercial use is prohibited for this code.", "no-commercial-use"),
        ("The code is for research purposes only.", "research-only"),
        ("This checkpoint is released for academic research only.", "research-only"),
        ("The use of the weights of Heron needs to adhere to the Model License Agreement.", "another-agreement"),
        ("Community usage of Heron models requires adherence to Apache 2.0 and the Community License for Heron.", "another-agreement"),
        ("The code is Apache-2.0, while the Heron weights must comply with the Model License.", "another-agreement"),
        ("使用本仓库的源码需要遵循 Apache-2.0 协议，使用模型权重则需要遵循模型许可协议。", "another-agreement"),
        ("The use of the Heron weights must follow the 《Heron 许可协议》.", "must-follow-elsewhere"),
        ("This project uses checkpoints that are subject to their respective licenses.", "terms-of-others"),
        ("To apply for a commercial license for the model, fill in the form.", "commercial-application"),
        ("如需将模型用作商业用途，请向许可方申请书面授权。", "limits-zh"),
        ("The data set and models trained with it are for research purposes only.", "research-only"),
    ],
)
def test_a_sentence_that_limits_use_is_a_restriction(sentence: str, rule: str) -> None:
    assert rules(f"# A model\n\n{sentence}\n") == [rule]


@pytest.mark.parametrize(
    "sentence",
    [
        "The model can be used for any purpose, including commercial use.",
        "Unlike other models, it is not for research only.",
        "The data set includes books that may be used for non-commercial purposes only.",
        "We recommend that the model is not used for medical advice.",
        "The model is intended for research.",
        "Researchers only need a GPU to run this model.",
        "This model is free to use without restrictions.",
        "It is not only for research purposes.",
        "The use of the model must adhere to the Apache License 2.0.",
        "Use of the model must comply with applicable laws.",
        "The use of the model must follow the prompt format below.",
        "The use of these images must comply with the license of their photographers.",
        "模型支持商用，无需申请授权。",
        "The data set is for research purposes only.",
    ],
)
def test_advice_and_grants_are_none(sentence: str) -> None:
    assert rules(f"# A model\n\n{sentence}\n") == []


def test_a_sentence_in_a_cell_is_read() -> None:
    limits = "this model is for research purposes only"
    assert rules(f"# A\n\n| model |\n| --- |\n| {limits} |\n") == ["research-only"]


def test_what_a_gate_makes_people_agree_to_is_a_restriction() -> None:
    gated = "---\nlicense: mit\nextra_gated_prompt: You agree to not use the model for commercial purposes.\n---\n# A\n"
    assert rules(gated) == ["gate"]
    assert rules("---\nlicense: mit\nextra_gated_prompt: Please tell us your name.\n---\n# A\n") == []


def test_a_card_gives_it_as_a_policy_with_its_line_and_words() -> None:
    said = make.look(model_card, "README.md", "---\nlicense: mit\n---\n# A\n\nThis model is for research purposes only.\n")
    (found,) = [item for item in said if isinstance(item, Declared) and item.source is Source.POLICY]
    assert found.span is not None
    assert (found.span.start, found.excerpt) == (6, "This model is for research purposes only.")
