"""A policy in every format that a build reads: what stopped the build stands in the comment, in the findings and in the test report alike."""

import datetime as dt
import json
import pickle
from pathlib import Path

import pytest
from lxml import etree

from inspector import inspect, judge
from inspector.audit import hold_against
from inspector.judgement import Report
from inspector.policies.check import load_policy
from inspector.render import render
from sample_bundles.weights import Tensor, safetensors_bytes
from tests import make
from tests.test_report_formats import check

POLICY = """
title = "Intake <b>"

[[terms]]
components = ["parameters-final"]
allow = ["osi-approved"]

[formats]
forbid = ["@pickle"]

[[files]]
role = "weights"
require = ["SHA256SUMS"]
"""
EXCEPTION = '\n[[exception]]\nrule = "policy.format"\nreason = "Seen."\nowner = "legal"\nexpires = 2099-12-31\n'
BROKEN = {"policy.format", "policy.terms", "policy.file"}


def hold(top: Path, text: str) -> Report:
    """Hold a bundle of one pickle without terms, beside a card, against a policy."""
    weights = pickle.dumps({"layers.0.weight": [0.5] * 64})
    place = make.tree(
        top / "m",
        {"README.md": "# M\n", "model.safetensors": safetensors_bytes([Tensor("model.embed.weight", "F16", (16, 8))]), "data.pkl": weights},
    )
    (top / "policy.toml").write_text(text)
    return hold_against(judge(inspect([place])), load_policy(top / "policy.toml"), dt.date(2026, 1, 1))


@pytest.fixture
def violated(tmp_path: Path) -> Report:
    return hold(tmp_path, POLICY)


def results_of(report: Report) -> list[dict[str, object]]:
    text = render(report, "sarif")
    check("sarif", text)
    return [item for item in json.loads(text)["runs"][0]["results"] if str(item["ruleId"]).startswith("policy.")]


def test_findings_have_what_the_policy_does_not_allow_as_errors_in_a_file(violated: Report) -> None:
    assert violated.policy is not None
    results = results_of(violated)
    assert {item["ruleId"] for item in results} == BROKEN == {item.rule for item in violated.policy.violations}
    assert {item["level"] for item in results} == {"error"}
    for item in results:
        assert isinstance(item["locations"], list)
        assert [place for place in item["locations"] if place["physicalLocation"]["artifactLocation"]["uri"].endswith("/")] == []
        assert len(item["locations"]) == 1


def test_what_an_exception_covers_is_a_finding_that_is_suppressed(tmp_path: Path) -> None:
    told = {str(item["ruleId"]): item.get("suppressions") for item in results_of(hold(tmp_path, POLICY + EXCEPTION))}
    assert told.keys() == BROKEN
    assert told["policy.format"] == [
        {"kind": "external", "status": "accepted", "justification": "Seen. (until 2099-12-31, legal)"}
    ]  # fmt: skip
    assert not told["policy.terms"]


def test_a_test_report_has_a_case_for_each_rule_of_a_policy(violated: Report) -> None:
    suite = etree.fromstring(render(violated, "junit").encode())[0]
    assert suite.get("name") == "Policy Intake <b>"
    assert {case.get("name") for case in suite.iter("testcase") if case.find("failure") is not None} == BROKEN
    assert suite.get("failures") == "3"


def test_a_comment_begins_with_what_stopped_the_build(violated: Report) -> None:
    text = render(violated, "markdown")
    assert "**❌ Policy Intake &lt;b&gt;: 3 violations**" in text
    assert all(text.index(f"`{rule}`") < text.index("| Element |") for rule in BROKEN)


def test_a_page_says_it_too(violated: Report) -> None:
    page = render(violated, "html")
    assert "Intake &lt;b&gt;" in page
    assert all(f"<code>{rule}</code>" in page.partition('id="policy"')[2] for rule in BROKEN)


def test_a_policy_that_holds_is_told_and_passes(tmp_path: Path) -> None:
    report = hold(tmp_path, 'title = "Intake"\n[issues]\nworst = "high"\n')
    assert results_of(report) == []
    assert etree.fromstring(render(report, "junit").encode())[0].get("failures") == "0"
    assert "**✅ Policy Intake holds**" in render(report, "markdown")
    assert "Nothing violates it." in render(report, "html")
