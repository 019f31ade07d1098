"""What a card says of the number of parameters, against what the headers add up to."""

from pathlib import Path

import pytest

from inspector import inspect
from inspector.cards.parameter_claims import tell_parameters
from inspector.documents.document import parse_document
from sample_bundles.weights import Tensor, safetensors_bytes
from tests import make


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("It has 6.9 billion parameters.", 6_900_000_000),
        ("A 7B-parameter model.", 7_000_000_000),
        ("| Parameters | 6,857,302,016 |\n|---|---|\n| a | b |", 6_857_302_016),
        ("- **Params:** 350M", 350_000_000),
        ("It has 2.7 Billion parameters and 32 layers.", 2_700_000_000),
    ],
)
def test_a_number_of_parameters_is_read_however_it_is_written(text: str, number: int) -> None:
    assert [found.value for found in tell_parameters(parse_document(text))] == [f"{number} parameters"]


@pytest.mark.parametrize(
    "text",
    [
        "Better than models of 70B parameters.",
        "12B active parameters per token.",
        "The function has 3 parameters.",
        "We train on 300B tokens.",
        "Set the parameters 5 and 6.",
    ],
)
def test_comparisons_parts_and_other_numbers_are_no_claim(text: str) -> None:
    assert list(tell_parameters(parse_document(text))) == []


def rules(top: Path, card: str, shape: tuple[int, ...], dtype: str = "F32") -> list[str]:
    files: dict[str, str | bytes] = {
        "README.md": f"---\nlibrary_name: x\n---\n# Model\n{card}\n",
        "m.safetensors": safetensors_bytes([Tensor("w", dtype, shape)]),
    }
    return [
        issue.rule for issue in inspect([make.tree(top / "bundle", files)], digest=False).issues if issue.rule.startswith("parameters.")
    ]


def test_weights_of_another_size_than_the_card_states_are_reported(tmp_path: Path) -> None:
    assert rules(tmp_path, "It has 1M parameters.", (100, 100)) == ["parameters.other-than-claimed"]


def test_a_quarter_more_or_less_is_the_same_size_and_any_one_of_several_numbers_is_enough(tmp_path: Path) -> None:
    assert rules(tmp_path / "a", "It has 110K parameters.", (1000, 100)) == []
    assert rules(tmp_path / "b", "It has 100K parameters. The large one has 7B parameters.", (1000, 100)) == []


def test_packed_integers_are_not_compared(tmp_path: Path) -> None:
    assert rules(tmp_path, "It has 1M parameters.", (100, 100), "I32") == []
