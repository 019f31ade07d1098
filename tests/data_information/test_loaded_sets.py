"""Data sets that code loads and settings name: training and processing only, ids and well-known names only."""

import pytest

from detectors.code.python_source import python_source
from detectors.code.training_config import training_config
from inspector.detector import Detector, Found
from inspector.model import Claim
from tests import make

TRAIN = """from datasets import load_dataset
from transformers import Trainer

data = load_dataset("{name}", split="train")
trainer = Trainer(model=model, args=args, train_dataset=data)
trainer.train()
"""
SETTINGS = """learning_rate: 0.0003
lr_scheduler_type: cosine
num_train_epochs: 3
per_device_train_batch_size: 8
gradient_accumulation_steps: 4
weight_decay: 0.1
warmup_steps: 100
dataset_name: {name}
model_name: larch/base
"""


def named(detector: Detector, path: str, text: str) -> list[str]:
    return [item.value for item in make.look(detector, path, text) if isinstance(item, Found) and item.claim is Claim.NAMED]


@pytest.mark.parametrize("name", ["larch/north-web", "wikitext", "HuggingFaceFW/fineweb"])
def test_code_that_trains_names_the_data_it_loads(name: str) -> None:
    assert named(python_source, "train.py", TRAIN.format(name=name)) == [name]


@pytest.mark.parametrize("name", ["json", "parquet", "data/train", "./corpus", "my/train.jsonl", "something"])
def test_files_formats_and_unknown_words_are_no_data_sets(name: str) -> None:
    assert named(python_source, "train.py", TRAIN.format(name=name)) == []


@pytest.mark.parametrize("path", ["eval/run.py", "benchmarks/run.py", "evaluate.py"])
def test_what_evaluates_names_no_training_data(path: str) -> None:
    assert named(python_source, path, TRAIN.format(name="larch/north-web")) == []


def test_code_that_neither_trains_nor_processes_names_none() -> None:
    assert named(python_source, "app.py", 'from datasets import load_dataset\nprint(load_dataset("larch/north-web"))\n') == []


def test_settings_of_a_training_name_their_data_by_id() -> None:
    assert named(training_config, "run.yaml", SETTINGS.format(name="larch/north-web")) == ["larch/north-web"]
    assert named(training_config, "run.yaml", SETTINGS.format(name="/data/north-web")) == []
