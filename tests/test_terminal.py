"""The report at a terminal: what a person who has to act meets first, and what is folded."""

import re

import pytest

from inspector.audit import judge
from inspector.model import Claim, Component, Issue, Location, Scope, Severity, Source
from inspector.render import Format, render
from tests import make
from tests.pages import HOSTILE, large_report, report_saying


def issue(message: str, path: str, severity: Severity = Severity.LOW) -> Issue:
    return Issue(rule="gguf.name", severity=severity, message=message, locations=(Location(root="weights", path=path),), settle="Look.")


def report_with(*issues: Issue, color: bool = False) -> str:
    weights = make.evidence(Component.PARAMETERS, Claim.PRESENT, "safetensors")
    licensed = make.statement("Apache-2.0 AND LicenseRef-mine", scope=Scope.ROOT, source=Source.TEXT)
    return render(judge(make.inventory(weights, licensed, issues=issues)), Format.TERMINAL, color=color)


def test_issues_of_one_rule_are_in_one_row_and_say_once_how_to_settle_them() -> None:
    text = report_with(issue("one", "a"), issue("two", "b"), issue("two", "c"))
    assert text.count("gguf.name") == 1
    assert text.count("Look.") == 1
    assert "weights/b, weights/c" in text


def test_the_severest_issues_come_first_and_notes_last() -> None:
    text = report_with(issue("a note", "a", Severity.NOTE), issue("a danger", "b", Severity.HIGH), issue("a flaw", "c"))
    assert text.index("a danger") < text.index("a flaw") < text.index("a note")
    assert "1 high, 3 low, 1 note" in text[: text.index("Data information  incomplete ─")]


def test_long_bundles_fold_and_lines_stay_readable() -> None:
    lines = render(large_report("name", 2000), Format.TERMINAL, width=400).splitlines()
    assert len(lines) < 400
    assert max(map(len, lines)) <= 160


def test_where_a_terminal_can_ids_of_the_spdx_list_lead_to_their_texts_and_nothing_else_leads_anywhere() -> None:
    text = report_with(color=True)
    assert set(re.findall(r"\x1b]8;[^;]*;([^\x1b]+)", text)) == {"https://spdx.org/licenses/Apache-2.0.html"}
    assert "\x1b" not in report_with()


@pytest.mark.parametrize("text", HOSTILE)
def test_text_of_a_bundle_never_acts_on_a_terminal(text: str) -> None:
    report = report_saying(text)
    assert all(line.isprintable() for line in render(report, Format.TERMINAL, width=120).splitlines())
    colored = re.sub(r"\x1b\[[\d;]*m", "", render(report, Format.TERMINAL, width=120, color=True))
    assert all(line.isprintable() for line in colored.splitlines())
