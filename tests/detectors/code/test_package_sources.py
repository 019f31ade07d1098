"""Where requirements come from."""

import pytest

from detectors.code.package_sources import package_sources
from inspector.model import Issue
from tests import make


def found(text: str) -> set[tuple[str, str]]:
    said = make.look(package_sources, "requirements.txt", text)
    return {(item.rule.partition(".")[2], str(item.severity)) for item in said if isinstance(item, Issue)}


@pytest.mark.parametrize(
    ("line", "rule", "severity"),
    [
        ("https://nowhere.invalid/x.whl", "from-address", "medium"),
        ("x @ git+https://nowhere.invalid/a/x", "from-address", "medium"),
        ("git+http://github.com/a/x", "from-address", "medium"),
        ("git+https://user:word@github.com/a/x@v1", "from-address", "low"),
        ("x @ git+https://github.com/a/x@0a1b", "from-address", "low"),
        ("-e git+ssh://git@github.com/a/x#egg=x", "from-address", "low"),
        ("--extra-index-url https://nowhere.invalid/simple", "other-index", "medium"),
        ("-i http://nowhere.invalid/simple", "other-index", "medium"),
        ("--trusted-host nowhere.invalid", "unchecked-host", "medium"),
    ],
)
def test_what_comes_from_elsewhere_is_found(line: str, rule: str, severity: str) -> None:
    assert found(f"torch\n{line}\n") == {(rule, severity)}


@pytest.mark.parametrize(
    "line",
    [
        "torch==2.6.0",
        "# https://nowhere.invalid",
        "torch  # see https://nowhere.invalid",
        "--extra-index-url https://download.pytorch.org/whl/cu118",
    ],
)
def test_the_usual_is_none(line: str) -> None:
    assert found(f"{line}\n") == set()
