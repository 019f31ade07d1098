"""The samples, audited: what each system comes out as, and whole reports against golden files.

`UPDATE_GOLDEN=1 make test` writes the golden files again; look at the difference before you accept it.
"""

import os
from functools import cache
from pathlib import Path

import pytest

from inspector import inspect, judge
from inspector.bundle import printable
from inspector.judgement import Report, Verdict
from inspector.render import Format, render
from sample_bundles.build import all_systems, build

GOLDEN = Path(__file__).parent / "golden"
SYSTEMS = {system.name: system for system in all_systems()}
# The formats are too many to read in one report: each has a test of its own instead. tests/test_twelve_systems.py holds the systems.
GOLDEN_SYSTEMS = ("bloom", "damaged", "gallery", "llama2", "mixtral", "pythia")
WIDTHS = (80, 120, 200)


@cache
def report_of(name: str, top: Path, standard: str = "osaid") -> Report:
    system = SYSTEMS[name]
    place = build(system, top)
    first, *others = system.roots
    supplements = [(root.role, place / root.name) for root in others if root.role]
    return judge(inspect([place / first.name], supplements=supplements, jobs=2), (standard,))


@pytest.fixture(scope="module")
def top(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("samples")


def verdicts(report: Report) -> dict[str, Verdict]:
    return {finding.requirement: finding.verdict for finding in report.standards[0].findings}


@pytest.mark.parametrize(
    ("name", "grade", "elements"),
    [
        ("pythia", "conforms", ["conforms", "conforms", "conforms"]),
        ("bloom", "terms-only", ["conforms", "conforms", "terms-only"]),
        ("mixtral", "incomplete", ["incomplete", "incomplete", "conforms"]),
        ("llama2", "incomplete", ["incomplete", "incomplete", "terms-only"]),
        ("damaged", "incomplete", ["incomplete", "incomplete", "incomplete"]),
    ],
)
def test_a_system_comes_out_as_the_initiative_grouped_it(name: str, grade: str, elements: list[str], top: Path) -> None:
    (result,) = report_of(name, top).standards
    told = [(finding.requirement, finding.verdict, finding.reason) for finding in result.findings]
    assert (result.grade, [element.verdict for element in result.elements]) == (grade, elements), told


def test_weights_alone_never_conform(top: Path) -> None:
    for name in ("pythia", "bloom", "mixtral", "llama2"):
        place = build(SYSTEMS[name], top)
        assert judge(inspect([place / SYSTEMS[name].roots[0].name])).standards[0].grade == "incomplete"


def test_no_root_of_a_conforming_system_can_be_left_out(top: Path) -> None:
    place = build(SYSTEMS["pythia"], top)
    names = [root.name for root in SYSTEMS["pythia"].roots]
    for left_out in names:
        kept = [place / name for name in names if name != left_out]
        assert judge(inspect(kept)).standards[0].grade == "incomplete", left_out


def test_the_same_roots_without_roles_come_out_the_same(top: Path) -> None:
    place = build(SYSTEMS["pythia"], top)
    assert judge(inspect([place / root.name for root in SYSTEMS["pythia"].roots])).standards[0].grade == "conforms"


def test_healthy_samples_have_no_problem_and_no_issue_above_low(top: Path) -> None:
    for name in ("pythia", "bloom", "mixtral", "llama2"):
        inventory = report_of(name, top).inventory
        assert inventory.problems == (), name
        assert [issue for issue in inventory.issues if issue.severity in ("high", "medium")] == [], name
        assert inventory.unclaimed == (), name


def test_damaged_files_are_reported_each_and_the_healthy_one_is_read(top: Path) -> None:
    report = report_of("damaged", top)
    assert len(report.inventory.problems) >= 6
    assert {issue.rule for issue in report.inventory.issues} >= {"pickle.unexpected-global", "shards.missing"}
    assert "safetensors" in {item.value for item in report.inventory.evidence}
    assert verdicts(report)["osaid.parameters.present"] is Verdict.PARTIAL


def test_every_sample_of_a_format_is_recognised_and_raises_nothing(top: Path) -> None:
    inventory = report_of("formats", top).inventory
    assert (inventory.problems, inventory.unclaimed) == ((), ())
    assert [issue for issue in inventory.issues if issue.severity in ("high", "medium")] == []


@pytest.mark.parametrize("name", GOLDEN_SYSTEMS)
@pytest.mark.parametrize("width", WIDTHS)
def test_the_terminal_report_is_the_golden_one_and_fits(name: str, width: int, top: Path) -> None:
    text = render(report_of(name, top), Format.TERMINAL, width=width)
    assert max(len(line) for line in text.splitlines()) <= width
    assert all(line == printable(line) for line in text.splitlines())
    golden = GOLDEN / f"{name}-{width}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(text)
    assert text == golden.read_text()


@pytest.mark.parametrize("width", WIDTHS)
def test_the_report_by_classes_is_the_golden_one_and_fits(width: int, top: Path) -> None:
    text = render(report_of("pythia", top, "mof"), Format.TERMINAL, width=width)
    assert max(len(line) for line in text.splitlines()) <= width
    golden = GOLDEN / f"pythia-mof-{width}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        golden.write_text(text)
    assert text == golden.read_text()


@pytest.mark.parametrize("name", ["pythia", "mixtral"])
def test_the_json_report_is_the_golden_one(name: str, top: Path) -> None:
    text = render(report_of(name, top), Format.JSON)
    golden = GOLDEN / f"{name}.json"
    if os.environ.get("UPDATE_GOLDEN"):
        golden.write_text(text)
    assert text == golden.read_text()


def test_color_adds_no_text(top: Path) -> None:
    report = report_of("bloom", top)
    plain = render(report, Format.TERMINAL, width=100)
    colored = render(report, Format.TERMINAL, width=100, color=True)
    assert "\x1b[" in colored
    assert "\x1b" not in plain
