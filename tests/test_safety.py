"""`inspector safety`: what was found, what could not be looked into, and the exit code of each."""

import json
from pathlib import Path

import jsonschema
import pytest

from inspector.audit import inspect_content
from inspector.errors import ExitCode
from inspector.judgement import Tool
from inspector.model import Inventory, Issue, Location, Role, Severity
from inspector.rule_catalogue import Subject
from inspector.safety import Answer, SafetyReport, judge_safety
from sample_bundles.build import System, all_systems, build
from sample_bundles.weights import Tensor, safetensors_bytes
from tests import make
from tests.test_cli import run

TOP = Path(__file__).parent.parent
WEIGHTS = safetensors_bytes([Tensor("model.embed_tokens.weight", "F16", (16, 8))])
PICKLE = b"\x80\x02cos\nsystem\nU\x02ls\x85R."
TRAPS = {"empty", "damaged", "traps"}
FIRED = {
    "code.declared-encoding",
    "archive.prefix",
    *("config.gin-import", "config.kernel-from-hub", "config.target", "config.trusts-remote-code", "config.xml-entity", "config.yaml-tag"),
    *("files.double-suffix", "files.program", "files.runs-by-itself", "files.script-as-data", "files.second-format"),
    *("metadata.carries-code", "notebook.active-output", "requirements.from-address", "requirements.unchecked-host", "secrets.credential"),
    *("safetensors.trailing-bytes", "template.copies-differ", "template.escape"),
}
POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:" + "a" * 64 + "\nsize 10000\n"


def judged(top: Path, files: dict[str, bytes | str], threshold: Severity = Severity.MEDIUM) -> SafetyReport:
    return judge_safety(inspect_content([make.tree(top / "bundle", files)]), threshold, Tool(name="inspector", version="0"))


def test_a_bundle_in_which_nothing_is_wrong_has_no_issue_and_is_0(tmp_path: Path) -> None:
    bundle = make.tree(tmp_path / "bundle", {"model.safetensors": WEIGHTS, "README.md": "# Tiny\n"})
    done = run("safety", bundle)
    assert (done.returncode, done.stderr) == (ExitCode.DONE, "")
    assert done.stdout.startswith(" NOTHING FOUND   bundle  2 files\n")


def test_an_honest_bundle_with_a_text_in_latin_1_and_an_ordinary_notebook_is_0(tmp_path: Path) -> None:
    cell = {"cell_type": "code", "source": ["%matplotlib inline\n", "!pip install -q safetensors\n", "import safetensors\n"]}
    notebook = json.dumps({"nbformat": 4, "metadata": {}, "cells": [cell]})
    readme = "# Modèle\n\nUn très petit modèle.\n".encode("latin-1")
    report = judged(tmp_path, {"model.safetensors": WEIGHTS, "README.md": readme, "use.ipynb": notebook})
    assert (report.answer, report.missed) == (Answer.NOTHING_FOUND, 0)
    assert {concern.issue.rule for concern in report.concerns} == {"files.other-encoding", "notebook.shell"}


def test_a_pickle_that_acts_is_1_and_is_explained(tmp_path: Path) -> None:
    bundle = make.tree(tmp_path / "bundle", {"model.pkl": PICKLE})
    done = run("safety", bundle)
    assert done.returncode == ExitCode.REQUIREMENT_NOT_MET
    assert "pickle.unexpected-global" in done.stdout
    assert "Loading a pickle imports what it names and calls it" in done.stdout


def test_what_could_not_be_read_is_3_and_never_called_clean(tmp_path: Path) -> None:
    bundle = make.tree(tmp_path / "bundle", {"model.safetensors": WEIGHTS, "other.safetensors": b"\xff" * 8})
    done = run("safety", bundle)
    assert done.returncode == ExitCode.UNREADABLE
    assert "not the same as clean" in " ".join(done.stdout.split())
    assert "1 thing could not be looked into" in done.stderr


def test_what_was_found_counts_more_than_what_was_not_read_and_both_are_told(tmp_path: Path) -> None:
    report = judged(tmp_path, {"model.pkl": PICKLE, "other.safetensors": b"\xff" * 8})
    assert report.answer is Answer.FOUND
    assert [problem.location.path for problem in report.unread] == ["other.safetensors"]


def test_a_file_that_was_not_downloaded_was_not_looked_into(tmp_path: Path) -> None:
    report = judged(tmp_path, {"model.safetensors": POINTER})
    assert report.answer is Answer.NOT_ALL_READ
    assert [place.path for place in report.not_here] == ["model.safetensors"]


def test_terms_and_documents_are_no_matter_of_safety(tmp_path: Path) -> None:
    report = judged(tmp_path, {"model.safetensors": WEIGHTS, "LICENSE": "", "README.md": "---\nlicense: mit\nbase_model: a/b\n---\n# x\n"})
    assert (report.answer, report.concerns) == (Answer.NOTHING_FOUND, ())


@pytest.mark.parametrize(("threshold", "answer"), [("high", Answer.NOTHING_FOUND), ("medium", Answer.FOUND), ("low", Answer.FOUND)])
def test_the_severity_that_counts_can_be_chosen(threshold: str, answer: Answer, tmp_path: Path) -> None:
    assert judged(tmp_path, {"model.safetensors": WEIGHTS + b"more"}, Severity(threshold)).answer is answer


def test_an_issue_of_a_rule_that_nobody_describes_counts_as_one_of_safety() -> None:
    issue = Issue(rule="a.b", severity=Severity.HIGH, message="x", locations=(Location(root="r", path="p"),))
    empty = Inventory(name="r", roots=(), files=(), evidence=(), issues=(issue,), problems=(), unclaimed=(), detectors=())
    report = judge_safety(empty, Severity.HIGH, Tool(name="inspector", version="0"))
    assert [concern.about for concern in report.concerns] == [Subject.SAFETY]
    assert report.answer is Answer.FOUND


def test_the_answer_as_json_is_valid_against_its_schema(tmp_path: Path) -> None:
    bundle = make.tree(tmp_path / "bundle", {"model.pkl": PICKLE, "x.safetensors": b"\xff" * 8})
    done = run("safety", bundle, "--format", "json", "-o", tmp_path / "answer.json")
    assert done.returncode == ExitCode.REQUIREMENT_NOT_MET
    answer = json.loads((tmp_path / "answer.json").read_text())
    jsonschema.validate(answer, json.loads((TOP / "docs" / "schema" / "safety-1.json").read_text()))
    assert answer["answer"] == "found"


def test_wrong_usage_is_2_and_nothing_to_inspect_is_4(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert run("safety", tmp_path / "nowhere").returncode == ExitCode.USAGE
    assert run("safety", tmp_path / "empty").returncode == ExitCode.NOTHING


def test_reading_for_safety_keeps_nothing_that_a_whole_audit_would_miss(tmp_path: Path) -> None:
    bundle = make.tree(tmp_path / "bundle", {"model.safetensors": WEIGHTS, "README.md": "---\nlicense: mit\n---\n# Tiny\n"})
    memo = str(tmp_path / "memo.sqlite")
    run("safety", bundle, INSPECTOR_MEMO=memo)
    assert "MIT" in run("licenses", bundle, INSPECTOR_MEMO=memo).stdout


@pytest.mark.parametrize("sample", [system for system in all_systems() if system.name not in TRAPS], ids=lambda system: str(system.name))
def test_no_sample_that_is_no_trap_has_a_high_issue_of_safety(sample: System, tmp_path: Path) -> None:
    top = build(sample, tmp_path)
    first, *others = sample.roots
    inventory = inspect_content(
        [top / first.name], supplements=[(root.role, top / root.name) for root in others if root.role], digest=False
    )
    report = judge_safety(inventory, Severity.HIGH, Tool(name="inspector", version="0"))
    assert [concern.issue for concern in report.concerns if concern.issue.severity is Severity.HIGH] == []


def test_every_trap_fires_and_its_neighbours_do_not(tmp_path: Path) -> None:
    (system,) = (system for system in all_systems() if system.name == "traps")
    top = build(system, tmp_path)
    inventory = inspect_content([top / "traps-weights"], supplements=[(Role.CODE, top / "traps-code")], digest=False)
    report = judge_safety(inventory, Severity.MEDIUM, Tool(name="inspector", version="0"))
    assert {concern.issue.rule for concern in report.concerns} == FIRED
    named = {place.path for concern in report.concerns for place in concern.issue.locations}
    assert named & {"conf/plain.yaml", "modeling_plain.py", "table.ipynb", "README.md"} == set()
