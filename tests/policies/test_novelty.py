"""A baseline: what is new against an earlier report fails, what was known does not, and moved lines are nothing new."""

import datetime as dt
import json
from pathlib import Path

import msgspec
import pytest

from inspector import inspect, judge
from inspector.audit import hold_against
from inspector.errors import ExitCode
from inspector.gate import BaselineResult
from inspector.judgement import Report
from inspector.licensing.licenses import load_licenses
from inspector.model import Issue, Location, Severity, Span
from inspector.policies.check import load_policy
from inspector.policies.novelty import Earlier, find_new, fingerprint_issue
from inspector.policies.policy import Policy
from inspector.render import Format, render
from inspector.saved import ReportView, view_report
from sample_bundles.weights import Tensor, safetensors_bytes
from tests import make
from tests.test_cli import run

TODAY = dt.date(2026, 3, 1)
WEIGHTS = safetensors_bytes([Tensor("model.embed_tokens.weight", "F16", (16, 8))])
PICKLE = b"\x80\x02cos\nsystem\nU\x02ls\x85R."
CARD = "---\nlicense: {}\n---\n# Tiny\n"
TRUSTING = '{"model_type": "llama",\n"trust_remote_code": true}'


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    return make.tree(tmp_path / "m", {"model.safetensors": WEIGHTS, "README.md": CARD.format("apache-2.0"), "x.pkl": PICKLE})


def report(*paths: Path) -> Report:
    return judge(inspect(paths, digest=False))


def against(before: Report, now: Report, policy: Policy | None = None, today: dt.date = TODAY) -> BaselineResult:
    found = hold_against(now, policy, today, Earlier(view_report(before), "base.json", "0" * 64)).baseline
    assert found is not None
    return found


def issue(message: str = "m", *lines: int, severity: Severity = Severity.MEDIUM, rule: str = "a.b", path: str = "f") -> Issue:
    places = tuple(Location(root="r", path=path, span=Span(line, line)) for line in lines or (1,))
    return Issue(rule=rule, severity=severity, message=message, locations=places)


def new_of(before: tuple[Issue, ...], now: tuple[Issue, ...]) -> int:
    """Count the issues that are new."""
    empty = view_report(judge(make.inventory(), ()))
    old, new = (msgspec.structs.replace(empty, issues=issues) for issues in (before, now))
    return len(find_new(new, Earlier(old, "base.json", ""), None, TODAY, load_licenses()).issues)


def test_nothing_is_new_in_the_same_bundle(bundle: Path) -> None:
    found = against(report(bundle), report(bundle))
    assert found.holds
    assert (found.issues, found.worse, found.problems, found.gone) == ((), (), (), 0)
    assert found.known > 0


@pytest.mark.parametrize(
    ("before", "now", "count"),
    [
        ((issue(),), (issue("m", 9),), 0),
        ((issue("at line 3 of it"),), (issue("at line 14 of it", 14),), 0),
        ((issue("at byte 3"),), (issue("at byte 99"),), 0),
        ((issue("a.py calls os.system"),), (issue("a.py calls os.execv"),), 1),
        ((issue("port 80"),), (issue("port 81"),), 1),
        ((issue(),), (issue(path="g"),), 1),
        ((issue(),), (issue(), issue("m", 5)), 1),
        ((issue("m", 1, 2),), (issue("m", 2),), 0),
        ((issue("m", 1),), (issue("m", 1, 2),), 1),
        ((issue("m (60 times)"),), (issue("m (61 times)"),), 1),
        ((issue("m (61 times)"),), (issue("m (60 times)"),), 0),
        ((issue(severity=Severity.LOW),), (issue(severity=Severity.HIGH),), 1),
        ((issue(severity=Severity.HIGH),), (issue(severity=Severity.LOW),), 0),
        ((issue(severity=Severity.HIGH),), (issue(severity=Severity.LOW), issue("m", 4, severity=Severity.HIGH)), 1),
        ((), (issue(),), 1),
        ((issue(),), (), 0),
    ],
)
def test_an_issue_is_known_by_what_it_says_and_in_which_file(before: tuple[Issue, ...], now: tuple[Issue, ...], count: int) -> None:
    assert new_of(before, now) == count


def test_a_fingerprint_does_not_change_with_the_line() -> None:
    assert fingerprint_issue(issue("m", 3)) == fingerprint_issue(issue("m", 77))
    assert fingerprint_issue(issue("m", 3)) != fingerprint_issue(issue("n", 3))
    assert len(fingerprint_issue(issue())) == 16


def test_moved_lines_are_nothing_new_and_another_finding_in_the_same_file_is(bundle: Path) -> None:
    make.tree(bundle, {"config.json": TRUSTING})
    before = report(bundle)
    make.tree(bundle, {"config.json": "\n\n" + TRUSTING})
    assert against(before, report(bundle)).holds
    make.tree(bundle, {"x.pkl": b"\x80\x02cos\nexecv\nU\x02ls\x85R."})
    assert [item.issue.locations[0].path for item in against(before, report(bundle)).issues] == ["x.pkl"]


def test_a_worse_verdict_and_worse_terms_are_told(bundle: Path) -> None:
    before = report(bundle)
    make.tree(bundle, {"README.md": CARD.format("cc-by-nc-4.0")})
    found = against(before, report(bundle))
    assert {(item.kind, item.subject) for item in found.worse} == {
        ("verdict", "osaid.parameters.terms"),
        ("terms", "parameters-final in m"),
    }
    assert against(report(bundle), before).worse == ()


def test_a_bundle_under_another_name_is_the_same(bundle: Path, tmp_path: Path) -> None:
    before = report(bundle)
    assert against(before, report(bundle.rename(tmp_path / "elsewhere"))).holds
    assert not against(before, report(make.tree(tmp_path / "elsewhere", {"y.pkl": PICKLE}))).holds


def policy(tmp_path: Path, text: str) -> Policy:
    (tmp_path / "policy.toml").write_text(text)
    return load_policy(tmp_path / "policy.toml")


def test_violations_that_were_there_are_known_and_new_ones_fail(bundle: Path, tmp_path: Path) -> None:
    rules = policy(tmp_path, '[formats]\nforbid = ["@pickle"]\n[issues]\nworst = "low"\n')
    before = report(bundle)
    found = against(before, report(bundle), rules)
    assert (found.holds, found.violations) == (True, ())
    make.tree(bundle, {"y.pkl": PICKLE})
    fresh = against(before, report(bundle), rules)
    assert {item.violation.locations[0].path for item in fresh.violations} == {"y.pkl"}
    assert not fresh.holds


def test_where_the_policy_limits_issues_it_decides_which_new_ones_fail(bundle: Path, tmp_path: Path) -> None:
    before = report(bundle)
    make.tree(bundle, {"y.pkl": PICKLE})
    now = report(bundle)
    assert not against(before, now).holds
    assert against(before, now, policy(tmp_path, '[issues.about]\nsafety = "high"\n')).holds
    entry = '[[exception]]\npath = "y.pkl"\nreason = "r"\nowner = "o"\nexpires = 2030-01-01\n'
    assert against(before, now, policy(tmp_path, f'[formats]\nforbid = ["gguf"]\n{entry}')).holds


def test_what_an_expired_exception_covered_is_new_whatever_the_earlier_report_says(bundle: Path, tmp_path: Path) -> None:
    entry = '[[exception]]\npath = "x.pkl"\nreason = "r"\nowner = "o"\nexpires = 2026-03-01\n'
    rules = policy(tmp_path, f'[formats]\nforbid = ["@pickle"]\n{entry}')
    assert against(report(bundle), report(bundle), rules).holds
    late = against(report(bundle), report(bundle), rules, TODAY + dt.timedelta(days=1))
    assert [(item.violation.rule, item.violation.lapsed) for item in late.violations] == [("policy.format", True)]


def test_the_command_fails_only_on_what_is_new(bundle: Path, tmp_path: Path) -> None:
    make.tree(bundle, {"broken.safetensors": b"\xff" * 8})
    base = tmp_path / "base.json"
    assert run("audit", bundle, "--format", "json", "-o", base).returncode == ExitCode.UNREADABLE
    done = run("audit", bundle, "--baseline", base)
    assert (done.returncode, done.stderr) == (ExitCode.DONE, "")
    assert done.stdout.startswith(" NOTHING WORSE   against base.json")
    make.tree(bundle, {"worse.safetensors": b"\xff" * 8})
    assert run("audit", bundle, "--baseline", base).returncode == ExitCode.UNREADABLE
    make.tree(bundle, {"y.pkl": PICKLE})
    done = run("audit", bundle, "--baseline", base, "--format", "json", "-o", tmp_path / "new.json")
    assert done.returncode == ExitCode.REQUIREMENT_NOT_MET
    assert done.stderr.startswith("inspector: new: m/y.pkl@2 (os.system): pickle.unexpected-global: high: ")
    told = json.loads((tmp_path / "new.json").read_text())["baseline"]
    assert [len(item["fingerprint"]) for item in told["issues"]] == [16]


def test_a_report_with_answers_of_its_own_is_a_baseline_too(bundle: Path, tmp_path: Path) -> None:
    held = hold_against(report(bundle), policy(tmp_path, '[formats]\nforbid = ["@pickle"]\n'), TODAY)
    written = render(held, Format.JSON)
    view = msgspec.json.decode(written, type=ReportView)
    assert view.policy == held.policy
    assert find_new(view, Earlier(view, "base.json", ""), None, TODAY, load_licenses()).holds


def test_a_baseline_that_is_none_is_2(bundle: Path, tmp_path: Path) -> None:
    (tmp_path / "base.json").write_text("{}")
    assert run("audit", bundle, "--baseline", tmp_path / "base.json").returncode == ExitCode.USAGE
