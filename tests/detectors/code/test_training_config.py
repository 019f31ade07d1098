"""Training settings in files."""

from pathlib import Path

import pytest

from detectors.code.training_config import training_config
from inspector.bundle import File
from inspector.detector import Format, Found, Said
from inspector.errors import Malformed
from inspector.model import Certainty, Component, Constructs, Span
from tests import make

NEOX = (
    '{\n  "seq-length": 2048,\n  "optimizer": {"type": "Adam", "params": {"lr": 0.001, "betas": [0.9, 0.95]}},\n  "weight-decay": 0.1,\n}\n'
)


def found(text: str, path: str) -> list[tuple[str, Span | None]]:
    return [(said.value, said.span) for said in make.look(training_config, path, text) if isinstance(said, Found)]


def test_settings_in_yaml_name_their_keys_with_lines() -> None:
    said = make.look(training_config, "configs/70M.yml", NEOX)
    assert said[0] == Format("yaml")
    assert isinstance(said[1], Found)
    assert (said[1].component, said[1].value, said[1].certainty) == (Component.TRAINING, "settings", Certainty.READ)
    assert isinstance(said[1].details, Constructs)
    assert ("weight-decay", 4) in [(item.name, item.number) for item in said[1].details.seen]


def test_settings_in_json_toml_and_gin_are_seen() -> None:
    assert found('{"optimizer": {"lr": 1}, "weight_decay": 0.1, "max_steps": 9, "seed": 1}', "a.json") == [("settings", Span(1, 1))]
    assert found("[train]\nlr = 1\nweight_decay = 0.1\nmax_steps = 9\nwarmup_steps = 1\n", "a.toml") == [("settings", Span(2, 2))]
    assert found("run.learning_rate_schedule = @rsqrt\n", "a.gin") == [("settings-fragment", Span(1, 1))]
    assert found("decoder.num_layers = 12\n", "a.gin") == []


def test_settings_of_adapters_are_those_of_fine_tuning() -> None:
    text = "base_model: m\nadapter: lora\nlearning_rate: 1\nnum_epochs: 2\nmicro_batch_size: 1\noptimizer: adamw\n"
    assert found(text, "axolotl.yml") == [("fine-tuning-settings", Span(1, 1))]


def test_a_file_that_breaks_its_format_is_matched_by_line_and_reported(tmp_path: Path) -> None:
    text = '{\n  "seq-length": [2048]\n  "lr": 0.1,\n  "weight-decay": 0.1,\n  "train-iters": 5,\n}\n'
    with make.open_file(tmp_path, "12b.yml", text) as file:
        said = list_until_malformed(file)
    assert [(item.value, item.certainty) for item in said if isinstance(item, Found)] == [("settings", Certainty.MATCHED)]


def list_until_malformed(file: File) -> list[Said]:
    said: list[Said] = []
    with pytest.raises(Malformed, match="line"):
        said.extend(iter(training_config.look(file)))
    return said


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("config.json", '{"architectures": ["A"], "learning_rate": 1, "weight_decay": 1, "max_steps": 1, "seed": 1}'),
        ("other.json", '{"architectures": ["A"], "model_type": "m", "learning_rate": 1, "weight_decay": 1, "max_steps": 1, "seed": 1}'),
        ("eval.json", '{"results": {}, "config": {"learning_rate": 1, "weight_decay": 1, "max_steps": 1, "seed": 1}}'),
        ("tests/a.yml", NEOX),
        ("generation.yml", "seed: 1\nbatch_size: 2\ntop_p: 0.9\nmax_seq_len: 10\nfp16: true\ndata_path: x\n"),
        (
            "vocabulary.json",
            "{" + ",".join(f'"w{n}": {n}' for n in range(3000)) + ', "lr": 1, "wd": 2, "gas": 3, "optimizer": 4, "seed": 5}',
        ),
        ("broken.yml", "a: [\n"),
    ],
)
def test_what_is_no_settings_file_says_nothing(path: str, text: str) -> None:
    assert make.look(training_config, path, text) == []
