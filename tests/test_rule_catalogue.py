"""The catalogue of rules: it describes what sources can say, nothing else, and no issue is worse than it says."""

import pytest

from inspector.audit import inspect, judge
from inspector.errors import DataError, UsageError
from inspector.explain import explain, list_rules
from inspector.rule_catalogue import ID, SEVEREST_FIRST, RuleEntry, RuleFile, check_entry, load_rules
from inspector.tables import parse_table
from sample_bundles.build import System, all_systems, build
from tests.emitted_rules import find_emitted


def test_every_rule_that_sources_can_give_is_described() -> None:
    emitted = find_emitted()
    assert len(emitted.rules) > 150
    assert {rule: place for rule, place in emitted.rules.items() if load_rules().get(rule) is None} == {}


def test_every_rule_in_sources_can_be_told_from_their_syntax() -> None:
    assert find_emitted().untraced == []


def test_every_rule_that_is_described_can_be_given() -> None:
    assert sorted({entry.id for entry in load_rules().entries} - find_emitted().rules.keys()) == []


def test_the_ids_in_sources_are_written_as_ids() -> None:
    assert [rule for rule in find_emitted().rules if not ID.fullmatch(rule)] == []


@pytest.mark.parametrize("sample", [system for system in all_systems() if system.name != "empty"], ids=lambda system: str(system.name))
def test_no_issue_of_a_sample_is_unknown_or_worse_than_its_rule(sample: System, tmp_path_factory: pytest.TempPathFactory) -> None:
    top = build(sample, tmp_path_factory.mktemp("samples"))
    first, *others = sample.roots
    report = judge(inspect([top / first.name], supplements=[(root.role, top / root.name) for root in others if root.role], digest=False))
    for issue in report.inventory.issues:
        entry = load_rules().get(issue.rule)
        assert entry is not None, issue.rule
        assert SEVEREST_FIRST.index(issue.severity) >= SEVEREST_FIRST.index(entry.severity), issue


def test_a_rule_is_explained_and_listed() -> None:
    assert "CVE-2025-23304" in explain("nemo.target")
    assert "kaldi.no-tensors" in explain("kaldi.no-tensors")
    assert "keras.code (safety, up to high)\n" in list_rules()
    with pytest.raises(UsageError):
        explain("keras.nothing")


ENTRY = '[[rule]]\nid = "{}"\ntitle = "A."\nseverity = "high"\nabout = "safety"\nwhy = "B."\n'


@pytest.mark.parametrize(
    "text", [ENTRY.format("a.b") + "more = 1\n", ENTRY.format("a.b").replace("high", "critical"), '[[rule]]\nid = "a.b"\n']
)
def test_a_table_that_is_written_otherwise_is_refused(text: str) -> None:
    with pytest.raises(DataError):
        parse_table(text.encode(), "a.toml", RuleFile)


@pytest.mark.parametrize(
    ("name", "rule"), [("a.toml", "A.b"), ("b.toml", "a.b"), ("a.toml", "a.b"), ("any.toml", "a.b"), ("a.toml", "*.b")]
)
def test_a_rule_in_the_wrong_file_or_twice_is_refused(name: str, rule: str) -> None:
    (entry,) = parse_table(ENTRY.format(rule).encode(), name, RuleFile).rule
    known: dict[str, RuleEntry] = {"a.b": entry} if name == "a.toml" else {}
    with pytest.raises(DataError):
        check_entry(entry, name, known)
