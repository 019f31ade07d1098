"""Source in other languages, and what shell scripts launch."""

import pytest

from detectors.code.source_text import source_text
from inspector.detector import Declared, Format, Found
from inspector.model import Component, Span
from tests import make

PYTORCH = "#!/bin/bash\n#SBATCH --nodes=4\ntorchrun --nproc_per_node 8 \\\n  scripts/train.py configs/7B.yaml\n"


def launches(text: str, path: str = "run.sh") -> list[tuple[Component, str]]:
    return [(said.component, said.value) for said in make.look(source_text, path, text) if isinstance(said, Found)]


def test_a_launch_of_a_training_script_is_evidence_at_the_line_of_its_command() -> None:
    said = [item for item in make.look(source_text, "run.sh", PYTORCH) if isinstance(item, Found)]
    assert [(item.component, item.value, item.span) for item in said] == [(Component.TRAINING, "launch", Span(3, 3))]


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("python deepy.py train.py conf.yml", (Component.TRAINING, "launch")),
        ("deepspeed pretrain_gpt.py", (Component.TRAINING, "launch")),
        ("accelerate launch train.py", (Component.TRAINING, "launch")),
        ("python -m olmo.train", (Component.TRAINING, "launch")),
        ("srun python finetune_lora.py", (Component.TRAINING, "fine-tuning")),
        ("llamafactory-cli train x.yaml", (Component.TRAINING, "fine-tuning")),
        ("python eval/evaluate.py", (Component.EVALUATION, "launch")),
        ("lm_eval --model hf", (Component.EVALUATION, "launch")),
        ("python tools/preprocess_data.py", (Component.PREPROCESSING, "launch")),
        ("dolma tokens --processes 8", (Component.PREPROCESSING, "launch")),
    ],
)
def test_commands_launch_scripts_of_a_role(command: str, expected: tuple[Component, str]) -> None:
    assert launches(command + "\n") == [expected]


@pytest.mark.parametrize(
    "command", ["pkill -f train.py", "# python train.py", "vim train.py", "git add train.py", "python setup.py train", "echo train"]
)
def test_a_name_alone_is_no_launch(command: str) -> None:
    assert launches(command + "\n") == []


def test_a_script_in_a_variable_counts_beside_a_runner_of_processes() -> None:
    text = (
        'export LAUNCHER="python -m torch.distributed.run --nnodes 2"\n'
        'export CMD=" \\\n  `pwd`/pretrain_gpt.py --lr 6e-5"\n'
        'srun bash -c "$LAUNCHER $CMD"\n'
    )
    assert launches(text, "tr11.slurm") == [(Component.TRAINING, "launch")]
    assert launches('CMD="train.py"\n') == []


def test_options_beside_a_launch_are_settings() -> None:
    options = 'ARGS="--lr 6e-5 --min-lr 6e-6 --weight-decay 0.1 --clip-grad 1.0 --train-samples=10 --bf16"\n'
    assert launches(options + "torchrun train.py $ARGS\n") == [(Component.TRAINING, "launch"), (Component.TRAINING, "settings")]
    assert launches(options) == []
    assert launches(options + "torchrun train.py --model_name_or_path m $ARGS\n") == [
        (Component.TRAINING, "fine-tuning"),
        (Component.TRAINING, "fine-tuning-settings"),
    ]


def test_scripts_of_tests_launch_nothing() -> None:
    assert launches(PYTORCH, "tests/run.sh") == []


def test_source_of_a_language_has_its_terms() -> None:
    said = make.look(source_text, "kernel.cu", "// SPDX-License-Identifier: BSD-3-Clause\nint x;\n")
    assert said[0] == Format("cuda")
    assert isinstance(said[1], Declared)
    assert make.look(source_text, "deploy.R", "x <- 1\n") == [Format("r")]


def test_content_that_is_no_text_is_left_alone() -> None:
    assert make.look(source_text, "video.ts", b"\x47\x40\x00\x10" * 50) == []


def test_values_of_variables_and_overrides_of_a_configuration_are_read() -> None:
    text = "SCRIPT=post/train.py\npython -u $SCRIPT loss=dpo lr=5e-7 n_epochs=3 \\\n  batch_size=32 gradient_accumulation_steps=4\n"
    assert launches(text) == [(Component.TRAINING, "fine-tuning"), (Component.TRAINING, "fine-tuning-settings")]
    assert launches("lr=5e-7 n_epochs=3 batch_size=32 weight_decay=0\n") == []


@pytest.mark.parametrize("command", ["python3 -u -m vllm.entrypoints.openai.api_server --model x", "vllm serve x", "python generate.py"])
def test_servers_and_generators_are_launched(command: str) -> None:
    assert launches(command + "\n") == [(Component.INFERENCE, "launch")]


def test_a_loop_over_a_setting_of_training_is_a_search_and_one_over_seeds_is_none() -> None:
    text = 'for {} in 1 2 3; do\n  python train.py --x "${}"\ndone\n'
    assert launches(text.format("lr", "lr")) == [(Component.TRAINING, "launch"), (Component.SUPPORTING, "hyperparameter-search")]
    assert launches(text.format("seed", "seed")) == [(Component.TRAINING, "launch")]
    assert launches(text.format("lr", "other")) == [(Component.TRAINING, "launch")]


def test_two_options_of_sampling_launch_an_inference_whatever_the_program_is_called() -> None:
    assert launches("./bin/cli -m x.gguf --temp 0.7 --top-k 40\n") == [(Component.INFERENCE, "launch")]
    assert launches("./bin/cli -m x.gguf --temp 0.7\n") == []
