"""Settings that list the tasks of an evaluation."""

from detectors.code.evaluation_config import evaluation_config
from inspector.detector import Format, Found
from inspector.model import Component, Span
from tests import make

TASKS = "icl_tasks:\n- label: piqa\n  dataset_uri: eval/piqa.jsonl\n  num_fewshot: [10]\n"


def test_tasks_are_listed_with_the_lines_of_their_settings() -> None:
    form, found = make.look(evaluation_config, "eval/tasks.yaml", TASKS)
    assert form == Format("yaml")
    assert isinstance(found, Found)
    assert (found.component, found.value, found.span) == (Component.EVALUATION, "tasks", Span(1, 1))


def test_one_setting_a_result_and_a_test_list_no_tasks() -> None:
    assert make.look(evaluation_config, "a.yaml", "num_fewshot: 5\nmodel: x\n") == []
    assert make.look(evaluation_config, "a.json", '{"results": {}, "num_fewshot": 5, "output_type": "x"}') == []
    assert make.look(evaluation_config, "tests/a.yaml", TASKS) == []
