"""Reports against each other and against the roots they were written of: what changed, and whether it still stands."""

import json
from pathlib import Path

import pytest

from inspector import inspect, judge
from inspector.comparison import Change, Kind, compare_reports
from inspector.errors import ExitCode, UsageError
from inspector.render import render
from inspector.render.changes import changes_json, render_changes
from inspector.saved import read_report, view_report
from sample_bundles.build import all_systems, build
from tests import make
from tests.test_cli import TOP, run

ONLY_CARD = 'id = "intake.weights"\nelement = "change"'

PYTHIA = next(system for system in all_systems() if system.name == "pythia")


@pytest.fixture
def roots(tmp_path: Path) -> list[Path]:
    place = build(PYTHIA, tmp_path / "samples")
    return [place / root.name for root in PYTHIA.roots]


def written(roots: list[Path], target: Path) -> Path:
    target.write_text(render(judge(inspect(roots))))
    return target


def changes(roots: list[Path], path: str, text: str | None) -> list[Change]:
    before = view_report(judge(inspect(roots)))
    target = roots[0] / path
    if text is None:
        target.unlink()
    else:
        target.write_text(text)
    return list(compare_reports(before, view_report(judge(inspect(roots)))))


def test_a_report_is_read_as_it_was_written(roots: list[Path]) -> None:
    report = judge(inspect(roots))
    assert read_report(render(report).encode(), "report") == view_report(report)
    assert compare_reports(view_report(report), view_report(report)) == ()


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b"\xff", b'{"schema": "other/1"}'])
def test_what_is_no_report_is_refused_in_one_line(data: bytes) -> None:
    with pytest.raises(UsageError, match="report"):
        read_report(data, "file.json")


def test_a_changed_card_changes_grade_verdict_terms_file_and_evidence(roots: list[Path]) -> None:
    card = (roots[0] / "README.md").read_text().replace("license: apache-2.0", "license: cc-by-nc-4.0")
    found = changes(roots, "README.md", card)
    assert {change.kind for change in found} >= {Kind.GRADE, Kind.VERDICT, Kind.TERMS, Kind.ISSUE, Kind.FILE, Kind.EVIDENCE}
    grade = next(change for change in found if change.kind is Kind.GRADE)
    assert (grade.subject, grade.before, grade.after, grade.worse) == ("osaid", "conforms", "terms-only", True)
    terms = next(change for change in found if change.kind is Kind.TERMS and change.subject == "parameters-final in pythia-weights")
    assert terms.worse
    assert "CC-BY-NC-4.0" in terms.after


def test_a_file_that_is_gone_is_worse_and_a_new_one_is_not(roots: list[Path]) -> None:
    gone = [change for change in changes(roots, "tokenizer.json", None) if change.kind is Kind.FILE]
    assert [(change.subject, change.worse) for change in gone] == [("pythia-weights/tokenizer.json", True)]
    new = [change for change in changes(roots, "notes.txt", "nothing") if change.kind is Kind.FILE]
    assert [(change.subject, change.before, change.worse) for change in new] == [("pythia-weights/notes.txt", "", False)]


def test_changes_are_written_for_people_and_for_machines(roots: list[Path]) -> None:
    found = tuple(changes(roots, "tokenizer.json", None))
    text = render_changes(found, width=100, color=False)
    assert "File (1 change)" in text
    assert "pythia-weights/tokenizer.json" in text
    assert json.loads(changes_json(found))["schema"] == "preferred-form/changes/1"
    assert render_changes((), width=100, color=False) == "Nothing changed.\n"


def test_diff_tells_by_its_exit_code(roots: list[Path], tmp_path: Path) -> None:
    old = written(roots, tmp_path / "old.json")
    assert run("diff", old, old).returncode == ExitCode.DONE
    (roots[0] / "README.md").write_text("---\nlicense: cc-by-nc-4.0\n---\n# Changed\n")
    done = run("diff", old, written(roots, tmp_path / "new.json"))
    assert done.returncode == ExitCode.REQUIREMENT_NOT_MET
    assert "was conforms" in done.stdout
    assert run("diff", old, tmp_path / "none.json").returncode == ExitCode.USAGE


def test_recheck_confirms_a_report_and_names_what_no_longer_stands(roots: list[Path], tmp_path: Path) -> None:
    report = written(roots, tmp_path / "report.json")
    done = run("recheck", report, *roots)
    assert (done.returncode, done.stdout, done.stderr) == (0, "Nothing changed.\n", "inspector: all of the report stands\n")
    data = bytearray((roots[0] / "model.safetensors").read_bytes())
    data[-1] ^= 1
    (roots[0] / "model.safetensors").write_bytes(bytes(data))
    done = run("recheck", report, *roots)
    assert done.returncode == ExitCode.REQUIREMENT_NOT_MET
    assert "pythia-weights/model.safetensors" in done.stdout


def test_recheck_under_other_directory_names_keeps_the_names_of_the_report(roots: list[Path], tmp_path: Path) -> None:
    report = written(roots, tmp_path / "report.json")
    moved = []
    for number, root in enumerate(roots):
        moved.append(root.rename(tmp_path / f"moved-{number}"))
    assert run("recheck", report, *moved).returncode == ExitCode.DONE


def test_recheck_needs_as_many_paths_as_the_report_has_roots(roots: list[Path], tmp_path: Path) -> None:
    done = run("recheck", written(roots, tmp_path / "report.json"), roots[0])
    assert (done.returncode, done.stderr.count("\n")) == (ExitCode.USAGE, 1)


def test_a_class_that_is_lost_is_a_change_for_the_worse(tmp_path: Path) -> None:
    card = "---\nlicense: apache-2.0\nlibrary_name: x\n---\n# Tiny\n"
    make.tree(tmp_path / "m", {"README.md": card})
    policy = tmp_path / "policy.toml"
    policy.write_text(
        (TOP / "docs" / "examples" / "intake-policy.toml").read_text().replace('id = "intake.weights"\nelement = "use"', ONLY_CARD)
    )
    before = view_report(judge(inspect([tmp_path / "m"]), (str(policy),)))
    (tmp_path / "m" / "README.md").write_text("nothing")
    after = view_report(judge(inspect([tmp_path / "m"]), (str(policy),)))
    (change,) = (change for change in compare_reports(before, after) if change.subject == "intake class")
    assert (change.before, change.after, change.worse) == ("May be used", "Not to be used", True)
    assert [change for change in compare_reports(before, before) if change.kind is Kind.GRADE] == []
