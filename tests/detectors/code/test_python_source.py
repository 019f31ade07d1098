"""Python source."""

from pathlib import Path

import pytest

from detectors.code.python_source import python_source
from inspector.detector import Declared, Format, Found
from inspector.errors import Malformed
from inspector.model import Certainty, Claim, Component, Constructs, Reference, Span
from inspector.uses import Use
from tests import make


def found(text: str, path: str = "src/run.py") -> list[Found]:
    return [said for said in make.look(python_source, path, text) if isinstance(said, Found)]


PRETRAIN = "import torch\nfrom megatron.training import pretrain\n\nif __name__ == '__main__':\n    pretrain(args)\n"


def test_an_entry_point_is_evidence_with_its_line_its_constructs_and_its_words() -> None:
    (role,) = found(PRETRAIN)
    assert (role.component, role.claim, role.value) == (Component.TRAINING, Claim.PRESENT, "pre-training")
    assert (role.certainty, role.span, role.excerpt) == (Certainty.READ, Span(5, 5), "pretrain(args)")
    assert isinstance(role.details, Constructs)
    assert [(item.name, item.number) for item in role.details.seen] == [("call:megatron.training.pretrain", 5)]


def test_rules_of_one_role_give_one_evidence() -> None:
    text = "import torch, deepspeed\ne, *_ = deepspeed.initialize()\nloss.backward()\noptimizer.step()\n"
    assert [role.value for role in found(text)] == ["training"]


@pytest.mark.parametrize("path", ["tests/run.py", "src/test_run.py", "setup.py"])
def test_tests_have_a_format_and_no_role(path: str) -> None:
    assert make.look(python_source, path, PRETRAIN) == [Format("python")]


def test_constants_can_be_the_settings_of_a_run() -> None:
    (settings,) = found("LEARNING_RATE = 3e-4\nWEIGHT_DECAY = 0.1\nBETA1 = 0.9\nMAX_STEPS = 10\n")
    assert (settings.component, settings.value, settings.span) == (Component.TRAINING, "settings", Span(1, 1))


def test_a_modeling_file_of_imports_refers_to_the_package() -> None:
    (reference,) = found("import torch\nfrom hf_olmo import OLMoConfig\n", "modeling_olmo.py")
    assert (reference.component, reference.claim) == (Component.ARCHITECTURE, Claim.REFERENCED)
    assert reference.details == Reference(kind="package", target="hf_olmo")
    assert found("from hf_olmo import OLMoConfig\n", "olmo.py") == []
    assert found("from .modeling import X\nimport json\n", "modeling_olmo.py") == []


def test_a_file_that_is_not_python_3_keeps_its_terms_and_names_the_line(tmp_path: Path) -> None:
    with make.open_file(tmp_path, "a.py", "# SPDX-License-Identifier: MIT\nprint 'two'\n") as file:
        said = python_source.look(file)
        assert next(said) == Format("python")
        assert isinstance(next(said), Declared)
        with pytest.raises(Malformed, match="line 2"):
            next(said)


def test_binary_content_and_empty_files_have_no_role() -> None:
    assert make.look(python_source, "a.py", b"\x00\x01PK") == []
    assert make.look(python_source, "__init__.py", b"") == [Format("python")]


PYTHON_2 = (
    "import torch\n\ndef main():\n    for batch in batches:\n        loss.backward()\n        optimizer.step()\n"
    "        optimizer.zero_grad()\n    print 'done'\n"
)


def test_what_single_lines_show_of_python_2_is_matched_and_the_problem_stays(tmp_path: Path) -> None:
    said: list[object] = []
    with make.open_file(tmp_path, "train.py", PYTHON_2) as file, pytest.raises(Malformed, match="line 8"):
        said.extend(item for item in python_source.look(file) if not isinstance(item, Use))
    assert said[0] == Format("python")
    (role,) = [item for item in said if isinstance(item, Found)]
    assert (role.component, role.value, role.certainty, role.span) == (Component.TRAINING, "training", Certainty.MATCHED, Span(5, 5))


def test_a_role_that_rests_on_names_of_the_file_alone_is_matched() -> None:
    (role,) = found("def wer(prediction, reference):\n  return prediction == reference\n")
    assert (role.component, role.value, role.certainty) == (Component.EVALUATION, "evaluation", Certainty.MATCHED)


def test_fields_that_a_function_gives_to_a_configuration_are_settings() -> None:
    text = (
        "def get_config():\n  config = D()\n  config.lr = 1e-3\n  config.wd = 0.1\n  config.total_epochs = 90\n"
        "  config.schedule = dict(warmup_steps=9)\n"
    )
    (settings,) = found(text, "configs/vit.py")
    assert (settings.component, settings.value, settings.span) == (Component.TRAINING, "settings", Span(3, 3))
    assert found(text.replace("90", "0"), "configs/eval.py") == []


def test_a_generated_file_of_many_megabytes_ends_in_a_problem(tmp_path: Path) -> None:
    with make.open_file(tmp_path, "big.py", "x = 1\n" * (9 * 2**20)) as file, pytest.raises(Malformed):
        list(python_source.look(file))


@pytest.mark.parametrize(
    "text", ["(" * 5_000, "print 'x'\n" + "f(" * 100_000, "print 'x'\nimport " + "a." * 50_000, "print 'x'\ndef f(" + "(" * 9_000]
)
def test_what_breaks_off_ends_in_a_problem(text: str, tmp_path: Path) -> None:
    with make.open_file(tmp_path, "a.py", text) as file, pytest.raises(Malformed):
        list(python_source.look(file))
