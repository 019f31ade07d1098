"""Names that say another format: pickles that look like something else, and weights under another suffix."""

import pytest

from detectors.weights.misnamed import misnamed
from inspector.detector import Gathered
from inspector.model import FileRecord, Issue, Severity


def told(path: str, name: str | None) -> list[tuple[str, Severity]]:
    records = (FileRecord(root="weights", path=path, size=1, format=name),)
    return [(item.rule, item.severity) for item in misnamed.compare(Gathered(records, ())) if isinstance(item, Issue)]


@pytest.mark.parametrize(
    ("path", "name", "severity"),
    [
        ("model.safetensors", "torch-zip", Severity.HIGH),
        ("a/vocab.json", "pickle", Severity.HIGH),
        ("README.md", "compressed-pickle", Severity.HIGH),
        ("model.gguf", "ggml", Severity.MEDIUM),
        ("MODEL.NPZ", "skops", Severity.MEDIUM),
    ],
)
def test_a_name_that_promises_another_format_is_an_issue(path: str, name: str, severity: Severity) -> None:
    assert told(path, name) == [("weights.misnamed", severity)]


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("m.safetensors", "safetensors"),
        ("m.bin", "pickle"),
        ("a.json", "xgboost-json"),
        ("m.npz", None),
        ("m.gguf", "git-lfs-pointer"),
        ("model", "pickle"),
    ],
)
def test_other_names_promise_nothing(path: str, name: str | None) -> None:
    assert told(path, name) == []
