"""MLflow models: flavors, and everything that loading one imports, runs or unpickles."""

import pytest

from detectors.cards.mlflow_model import mlflow_model
from inspector.detector import Format, Found, Said
from inspector.errors import Malformed
from inspector.model import Component, Issue, Reference
from sample_bundles.formats.mlflow_model import MLMODEL
from tests import make
from tests.detectors.weights.hearing import survive

PLAIN = (
    "flavors:\n  python_function:\n    loader_module: mlflow.sklearn\n    model_path: model.pkl\n  sklearn:\n    pickled_model: model.pkl\n"
)

OWN = MLMODEL.replace("    model_path: model.pkl\n", "    code: code\n    data: data\n").replace("mlflow.sklearn", "tiny_loader")


def references(said: list[Said]) -> list[tuple[str, str, str]]:
    return [
        (item.value, item.details.kind, item.details.target)
        for item in said
        if isinstance(item, Found) and item.component is Component.ARCHITECTURE and isinstance(item.details, Reference)
    ]


def messages(said: list[Said]) -> list[str]:
    return [item.message for item in said if isinstance(item, Issue)]


def test_a_flavor_of_mlflow_itself_is_a_library_and_no_issue() -> None:
    said = make.look(mlflow_model, "MLmodel", PLAIN)
    assert said[0] == Format("mlflow-model")
    assert references(said) == [("mlflow sklearn", "package", "sklearn")]
    assert messages(said) == []


def test_a_loader_of_the_bundle_is_code_that_runs_on_loading() -> None:
    said = make.look(mlflow_model, "model/MLmodel", OWN)
    assert references(said) == [("tiny_loader", "file", "code/tiny_loader.py"), ("mlflow sklearn", "package", "sklearn")]
    assert messages(said) == [
        "loading the model imports the module tiny_loader",
        "loading the model puts code of this bundle on Python's path: code",
    ]
    issue = next(item for item in said if isinstance(item, Issue))
    assert issue.locations[0].span is not None
    assert (issue.rule, issue.locations[0].span.start) == ("config.remote-code", 9)


def test_a_script_and_a_pickled_object_are_said() -> None:
    keys = "loader_module: mlflow.pyfunc.model\n    python_model: python_model.pkl\n    model_code_path: run.py\n"
    said = make.look(mlflow_model, "MLmodel", f"flavors:\n  python_function:\n    {keys}")
    assert messages(said) == [
        "loading the model runs a script of this bundle: run.py",
        "loading the model unpickles an object, which can be code of any kind: python_model.pkl",
    ]
    assert references(said) == [("run.py", "file", "run.py")]


def test_a_script_with_the_path_of_the_machine_that_logged_it_is_the_file_of_that_name() -> None:
    said = make.look(mlflow_model, "MLmodel", "flavors:\n  langchain:\n    code: null\n    model_code_path: /Users/me/lc_model.py\n")
    assert ("/Users/me/lc_model.py", "file", "lc_model.py") in references(said)


def test_a_list_of_directories_of_code_is_read() -> None:
    said = make.look(mlflow_model, "MLmodel", "flavors:\n  python_function:\n    loader_module: mine\n    code:\n    - a\n    - b\n")
    assert len(messages(said)) == 3


@pytest.mark.parametrize("text", ["flavors: 3\n", "flavors:\n- a\n", "flavors: !!python/object:os.system {}\n", "flavors: &a\n  x: *a\n"])
def test_what_is_no_map_of_flavors_is_malformed(text: str) -> None:
    with pytest.raises(Malformed):
        make.look(mlflow_model, "MLmodel", text)


def test_another_file_of_that_name_is_left_alone() -> None:
    assert make.look(mlflow_model, "MLmodel", "\x08\x01\x12") == []


def test_damaged_files_are_evidence_or_malformed() -> None:
    survive(mlflow_model, "MLmodel", MLMODEL.encode())
