"""Every malicious file is reported, none runs, and their honest neighbours have no issue."""

import subprocess
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest

from inspector import inspect
from inspector.model import Inventory, Severity
from tests import make
from tests.malicious import archives, pickles

GRAVE = {Severity.HIGH, Severity.MEDIUM}
ACTING = {**{f"{name}": ("x.pkl", data) for name, data in pickles.ACTING.items()}, **archives.ACTING}
SUSPICIOUS = {**{name: ("x.pkl", data) for name, data in pickles.UNKNOWN.items()}, **archives.SUSPICIOUS}
HONEST = {**{name: ("x.pkl", data) for name, data in pickles.HONEST.items()}, **archives.HONEST}
ALL = {**ACTING, **SUSPICIOUS, **HONEST}


def lay_out(top: Path, cases: Mapping[str, tuple[str, bytes]]) -> Path:
    """Write each case into a directory of its own, by its number."""
    return make.tree(top, {f"{number}/{path}": data for number, (path, data) in enumerate(cases.values())})


@pytest.fixture(scope="module")
def inventory(tmp_path_factory: pytest.TempPathFactory) -> Inventory:
    """What is said of all cases, inspected together."""
    return inspect([lay_out(tmp_path_factory.mktemp("cases"), ALL)])


@cache
def place_of(case: str) -> str:
    return f"{list(ALL).index(case)}/"


def worst(inventory: Inventory, case: str) -> set[tuple[str, Severity]]:
    place = place_of(case)
    return {(issue.rule, issue.severity) for issue in inventory.issues for at in issue.locations if at.path.startswith(place)}


@pytest.mark.parametrize("case", ACTING)
def test_what_would_act_is_a_grave_issue(inventory: Inventory, case: str) -> None:
    assert Severity.HIGH in {severity for _, severity in worst(inventory, case)}


@pytest.mark.parametrize("case", SUSPICIOUS)
def test_what_is_not_known_is_an_issue(inventory: Inventory, case: str) -> None:
    assert {severity for _, severity in worst(inventory, case)} & GRAVE


@pytest.mark.parametrize("case", HONEST)
def test_an_honest_file_has_no_issue(inventory: Inventory, case: str) -> None:
    assert worst(inventory, case) == set()
    place = place_of(case)
    assert [problem for problem in inventory.problems if problem.location.path.startswith(place)] == []


def test_the_cases_are_many_and_no_detector_fails(inventory: Inventory) -> None:
    assert len(ACTING) >= 60
    assert len(ALL) == len(ACTING) + len(SUSPICIOUS) + len(HONEST)
    assert [problem.reason for problem in inventory.problems if "bug of ours" in problem.reason or "too much" in problem.reason] == []


@pytest.mark.parametrize(
    "case", [case for case, (path, data) in ACTING.items() if path == "x.pkl" and b"true" in data and b"system" in data]
)
def test_what_it_would_call_is_shown_with_its_place(inventory: Inventory, case: str) -> None:
    place = place_of(case)
    shown = [at for issue in inventory.issues for at in issue.locations if at.path.startswith(place) and "(" in (at.pointer or "")]
    assert shown or "hidden" in case or "joblib" in case
    assert all(at.span is not None for at in shown)


def test_nothing_of_them_runs_in_any_process(tmp_path: Path) -> None:
    top = lay_out(tmp_path / "bundle-under-test", ALL)
    before = sorted(path for path in tmp_path.rglob("*"))
    command = [sys.executable, "-m", "tests.malicious.listening", str(top)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "nothing was heard\n"), done.stdout + done.stderr
    assert sorted(path for path in tmp_path.rglob("*")) == before


def test_the_hook_hears_what_is_forbidden() -> None:
    done = subprocess.run([sys.executable, "-m", "tests.malicious.listening", "--try"], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    for event in ("os.system", "exec", "pickle.find_class", "marshal.loads", "open"):
        assert event in done.stdout
