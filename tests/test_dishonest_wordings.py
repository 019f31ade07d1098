"""Ways in which publishers take back what an open licence grants: each alone, in a card that else conforms, costs the grade."""

from pathlib import Path

import pytest

from inspector.judgement import Grade, Verdict
from tests.dishonest_wordings import FRONT_MATTER, LANGUAGES, ROWS, SENTENCES
from tests.test_false_open import LICENSE, TERMS_W, Changes, W, add, judged, swap

README = (W, "README.md")
WRITTEN = (*ROWS.values(), *LANGUAGES.values(), *SENTENCES)
HONEST = (
    "| Field | Value |\n|---|---|\n| License | Apache-2.0 |",
    "| Part | License |\n|---|---|\n| Code | Apache-2.0 |\n| Weights | Apache-2.0 |\n| Documentation | CC-BY-4.0 |",
    "| Model | License |\n|---|---|\n| LLaMA 2 | Llama 2 Community License |\n| Pythia mini | Apache-2.0 |",
    "## Related models\n\n| Model | Commercial use |\n|---|---|\n| LLaMA | No |\n| Pythia | Yes |",
    "| Use | Allowed |\n|---|---|\n| Commercial use | ✅ |\n| Research | ✅ |",
    "### Do I need a license to use it in a product?\n\nNo, Apache 2.0 is all there is.",
    "An earlier version of this model was for research only; this one is under Apache 2.0.",
    "L'utilisation commerciale est autorisée.",
    "Das Modell darf auch kommerziell genutzt werden.",
    "模型权重对学术研究完全开放,并允许免费商用。",
    "本モデルは商用利用可能です。",
    "Se permite el uso comercial del modelo.",
    "If you use the model in academic research, please cite our paper.",
    "We are open to collaborations with academic and commercial partners.",
    "![The loss of the model over the steps](loss.png)",
)


def verdict_of(changes: Changes, top: Path) -> tuple[Grade | None, Verdict]:
    result = judged(changes, top)
    return result.grade, next(finding.verdict for finding in result.findings if finding.requirement == TERMS_W)


@pytest.mark.parametrize("text", WRITTEN)
def test_what_a_card_takes_back_is_not_granted(text: str, tmp_path: Path) -> None:
    assert verdict_of({README: add(text)}, tmp_path) == (Grade.TERMS_ONLY, Verdict.TERMS)


@pytest.mark.parametrize("text", FRONT_MATTER)
def test_what_front_matter_takes_back_is_not_granted(text: str, tmp_path: Path) -> None:
    assert verdict_of({README: swap(LICENSE, f"{LICENSE}\n{text}")}, tmp_path)[1] is Verdict.TERMS


@pytest.mark.parametrize("text", HONEST)
def test_words_that_take_nothing_back_do_not_cost_the_grade(text: str, tmp_path: Path) -> None:
    assert verdict_of({README: add(text)}, tmp_path) == (Grade.CONFORMS, Verdict.MET)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("tokenizer_config.json", '{"tokenizer_class": "GPTNeoXTokenizer", "license": "cc-by-nc-4.0"}'),
        ("model.safetensors.index.json", '{"metadata": {"license": "llama2"}, "weight_map": {}}'),
        ("configuration.json", '{"framework": "pytorch", "task": "text-generation", "license": "Research only"}'),
    ],
)
def test_what_settings_take_back_is_not_granted(path: str, text: str, tmp_path: Path) -> None:
    assert verdict_of({(W, path): text}, tmp_path) == (Grade.TERMS_ONLY, Verdict.TERMS)
