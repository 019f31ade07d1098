"""A policy over a fleet: every bundle is held against it as a single audit does, and the exit code, the tables and the summary say so."""

import json
from pathlib import Path

import pytest

from inspector.errors import ExitCode
from inspector.fleet.query import ask
from tests import fleets, make
from tests.test_cli import run

POLICY = """
title = "Intake"

[[terms]]
components = ["parameters-final"]
deny = ["restricted"]

[[exception]]
rule = "policy.terms"
component = "parameters-final"
path = "secret/*"
reason = "Nobody has it."
owner = "legal"
expires = 2099-12-31
"""
EXCEPTED = POLICY.replace('path = "secret/*"\n', "")


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Four bundles, two of them under restricted terms."""
    return fleets.write_store(tmp_path / "store", 4)


def audit(store: Path, results: Path, policy: Path, *more: str) -> tuple[int, dict[str, object], str]:
    """Audit a store against a policy: the exit code, the summary, what was said."""
    done = run("fleet", store, "--results", results, "--policy", policy, "--format", "json", "-j", "2", "--run", "one", *more)
    return done.returncode, json.loads(done.stdout or "{}"), fleets.without_pace(done.stderr)


def test_bundles_that_violate_a_policy_are_rows_and_the_exit_code(store: Path, tmp_path: Path) -> None:
    policy = make.tree(tmp_path, {"policy.toml": POLICY}) / "policy.toml"
    code, told, said = audit(store, tmp_path / "r", policy)
    assert code == ExitCode.REQUIREMENT_NOT_MET
    assert said == f"inspector: 2 bundles violate the policy; `inspector query {tmp_path / 'r'} --violations` names each cause\n"
    counts = told["policy"]
    assert isinstance(counts, dict)
    assert (counts["holds"], counts["violated"], counts["unjudged"], counts["rules"]) == (2, 2, 0, {"policy.terms": 2})
    rows = ask(tmp_path / "r", "SELECT place, policy, violations FROM bundles ORDER BY place").rows
    assert [(Path(str(place)).name, standing, count) for place, standing, count in rows] == [
        ("model00000", "holds", 0), ("model00003", "violated", 1), ("model00001", "holds", 0), ("model00002", "violated", 1),
    ]  # fmt: skip


def test_a_bundle_is_judged_as_a_single_audit_judges_it(store: Path, tmp_path: Path) -> None:
    policy = make.tree(tmp_path, {"policy.toml": POLICY}) / "policy.toml"
    audit(store, tmp_path / "r", policy)
    rows = ask(tmp_path / "r", "SELECT b.path, v.rule, v.message, v.path FROM violations v JOIN bundles b USING (bundle)").rows
    assert len(rows) == 2
    for place, rule, message, path in rows:
        alone = json.loads(run("audit", str(place), "--policy", policy, "--format", "json").stdout)["policy"]["violations"]
        assert [(item["rule"], item["message"], item["locations"][0]["path"]) for item in alone] == [(rule, message, path)]


def test_what_an_exception_covers_is_told_and_does_not_fail(store: Path, tmp_path: Path) -> None:
    policy = make.tree(tmp_path, {"policy.toml": EXCEPTED}) / "policy.toml"
    code, told, said = audit(store, tmp_path / "r", policy)
    assert (code, said) == (ExitCode.DONE, "")
    assert isinstance(told["policy"], dict)
    assert told["policy"]["rules"] == {}
    asked = json.loads(run("query", tmp_path / "r", "--violations", "--format", "json").stdout)
    assert {(row["standing"], row["owner"], row["expires"]) for row in asked} == {("excused", "legal", "2099-12-31")}
    assert len(asked) == 2


@pytest.mark.parametrize(
    ("unread", "code", "standing"), [("tell", ExitCode.UNREADABLE, "unjudged"), ("forbid", ExitCode.REQUIREMENT_NOT_MET, "violated")]
)
def test_a_bundle_without_a_report_is_never_said_to_hold(unread: str, code: int, standing: str, tmp_path: Path) -> None:
    make.tree(tmp_path / "store", {"a.tar": b"this is no archive"})
    policy = make.tree(tmp_path, {"policy.toml": f'unread = "{unread}"\n[formats]\nforbid = ["@pickle"]\n'}) / "policy.toml"
    given, told, _ = audit(tmp_path / "store", tmp_path / "r", policy)
    rows = ask(tmp_path / "r", "SELECT status, policy FROM bundles").rows
    assert rows == (("failed", standing),)
    assert given == code
    assert told["failed"] == 1


def test_a_run_is_not_continued_under_another_policy(store: Path, tmp_path: Path) -> None:
    make.tree(tmp_path, {"policy.toml": POLICY, "other.toml": EXCEPTED})
    audit(store, tmp_path / "r", tmp_path / "policy.toml")
    code, _, said = audit(store, tmp_path / "r", tmp_path / "other.toml")
    assert code == ExitCode.USAGE
    assert "was begun with other stores or options" in said


def test_a_policy_that_is_wrong_stops_before_anything_is_read(store: Path, tmp_path: Path) -> None:
    policy = make.tree(tmp_path, {"policy.toml": "[formats]\nforbid = ['pickles']\n"}) / "policy.toml"
    code, _, said = audit(store, tmp_path / "r", policy)
    assert code == ExitCode.USAGE
    assert "policy.toml:2: formats.forbid[1]: there is no format 'pickles'" in said
    assert not (tmp_path / "r").exists()


def test_the_standards_that_a_policy_asks_for_are_judged(store: Path, tmp_path: Path) -> None:
    policy = make.tree(tmp_path, {"policy.toml": '[require]\nmof = "III"\n'}) / "policy.toml"
    code, told, _ = audit(store, tmp_path / "r", policy)
    assert code == ExitCode.REQUIREMENT_NOT_MET
    assert list(told["grades"]) == ["mof"] if isinstance(told["grades"], dict) else False
    assert ask(tmp_path / "r", "SELECT count(DISTINCT bundle) FROM violations WHERE rule = 'policy.standard'").rows == ((4,),)
