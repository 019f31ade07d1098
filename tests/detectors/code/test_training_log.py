"""Logs of trainings and results of evaluations."""

import struct

import pytest

from detectors.code.training_log import training_log
from inspector.detector import Format, Found, Said
from inspector.errors import Malformed
from inspector.model import Component, Constructs
from tests import make


def only(said: list[Said]) -> Found:
    (found,) = [item for item in said if isinstance(item, Found)]
    return found


def test_a_trainer_state_is_a_log() -> None:
    found = only(make.look(training_log, "checkpoint-1/trainer_state.json", '{"global_step": 1, "log_history": [{"loss": 1}]}'))
    assert (found.component, found.value, found.pointer) == (Component.MODEL_METADATA, "training-log", "/log_history")


def test_a_loss_that_is_no_number_is_a_log_too() -> None:
    text = '{"best_metric": -Infinity, "global_step": 1, "log_history": [{"loss": NaN}]}'
    assert only(make.look(training_log, "trainer_state.json", text)).value == "training-log"


def test_a_file_of_events_is_known_by_its_first_record() -> None:
    event = b"\x09\0\0\0\0\0\0\0\0\x1a\x0dbrain.Event:2"
    record = struct.pack("<Q", len(event)) + b"\0\0\0\0" + event + b"\0\0\0\0"
    assert make.look(training_log, "logs/events.out.tfevents.1.host", record)[0] == Format("tfevents")
    assert make.look(training_log, "logs/events.out.tfevents.1.host", b"nothing of the kind") == []


def test_a_summary_of_a_training_is_a_log() -> None:
    assert only(make.look(training_log, "train_results.json", '{"train_loss": 0.5}')).value == "training-log"
    assert make.look(training_log, "wandb-summary.json", '{"other": 1}') == []


def test_results_of_a_harness_name_their_tasks_under_any_name() -> None:
    found = only(make.look(training_log, "evals/70m.json", '{"results": {"piqa": {"acc": 0.5}, "arc": {}}, "versions": {}}'))
    assert found.component is Component.EVALUATION_RESULTS
    assert isinstance(found.details, Constructs)
    assert [item.name for item in found.details.seen] == ["arc", "piqa"]


def test_measures_in_a_file_of_results_are_results() -> None:
    assert only(make.look(training_log, "eval_results.json", '{"eval_loss": 1.5}')).component is Component.EVALUATION_RESULTS
    assert make.look(training_log, "eval_config.json", '{"max_new_tokens": 5, "task": "x"}') == []
    assert make.look(training_log, "tests/eval_results.json", '{"eval_loss": 1.5}') == []


def test_json_of_another_shape_says_nothing_and_broken_json_is_malformed() -> None:
    assert make.look(training_log, "results.json", "[1, 2]") == []
    assert make.look(training_log, "a.json", '{"results": 3, "versions": 1}') == []
    with pytest.raises(Malformed):
        make.look(training_log, "results.json", "{")
    with pytest.raises(Malformed):
        make.look(training_log, "trainer_state.json", '{"log_history": ' + "[" * 200_000)
