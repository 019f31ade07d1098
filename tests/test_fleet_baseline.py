"""A fleet against an earlier run: only what is new fails, bundles that were added count as a whole, and nothing that was known is told again."""

import json
from pathlib import Path

import pytest

from inspector.errors import ExitCode, UsageError
from inspector.fleet.journal import list_runs
from inspector.fleet.order import Settings
from inspector.fleet.query import ask
from inspector.fleet.run import Request, run_fleet
from inspector.fleet.summary import fleet_json
from inspector.policies.check import load_policy
from tests import fleets, make
from tests.test_cli import run

POLICY = """
title = "Intake"

[[terms]]
components = ["parameters-final"]
deny = ["restricted"]
"""


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Four bundles, two of them under restricted terms, with a run over them named `first`."""
    top = fleets.write_store(tmp_path / "store", 4)
    make.tree(tmp_path, {"policy.toml": POLICY})
    audit(top, "first")
    return top


def audit(store: Path, name: str, baseline: str | None = None, *, policy: bool = False) -> tuple[int, dict[str, object], str]:
    """Audit a store: the exit code, what the summary says of the earlier run, what was said."""
    said = list[str]()
    rules = load_policy(store.parent / "policy.toml") if policy else None
    started = f"2026-01-{len(list_runs(store.parent / 'r')) + 1:02}T00:00:00Z"
    request = Request((str(store),), store.parent / "r", Settings(), started, name, jobs=1, policy=rules, baseline=baseline)
    result = run_fleet(request, said.append, lambda *_: None)
    told = json.loads(fleet_json(result, "r")).get("baseline", {})
    code = ExitCode.REQUIREMENT_NOT_MET if result.is_violated else ExitCode.UNREADABLE if result.is_unread else ExitCode.DONE
    return code, told, "".join(said)


def news(
    store: Path, sql: str = "SELECT b.place, n.kind, n.fails FROM news n JOIN bundles b USING (bundle)"
) -> tuple[tuple[object, ...], ...]:
    """Give the rows of what is new in the last run."""
    return ask(store.parent / "r", sql).rows


def bundle(store: Path, number: int) -> Path:
    """Give the place of a bundle."""
    return store / f"owner{number % 3}" / f"model{number:05d}"


def test_what_was_so_before_does_not_fail(store: Path) -> None:
    assert audit(store, "alone", policy=True)[0] == ExitCode.REQUIREMENT_NOT_MET
    code, told, said = audit(store, "second", "first", policy=True)
    assert (code, said) == (ExitCode.DONE, "")
    assert told == {"run": "first", "worse": 0, "added": 0, "without_report": 0, "news": {}}
    assert news(store) == ()
    assert ask(store.parent / "r", "SELECT DISTINCT known, news FROM bundles").rows == (("known", 0),)


def test_terms_that_got_worse_fail_and_are_told_with_what_they_were(store: Path) -> None:
    make.tree(bundle(store, 0), {"README.md": fleets.CARD.format(license="cc-by-nc-4.0", number=0)})
    code, told, said = audit(store, "second", "last")
    assert code == ExitCode.REQUIREMENT_NOT_MET
    assert said == ""
    assert (told["run"], told["worse"], told["added"]) == ("first", 1, 0)
    rows = news(store, "SELECT b.place, n.fails, n.before, n.after FROM news n JOIN bundles b USING (bundle)")
    assert ("store/owner0/model00000", True, "Apache-2.0 (osi-approved)", "CC-BY-NC-4.0 (restricted)") in rows


def test_a_violation_that_the_policy_did_not_find_before_is_named_with_its_rule(store: Path) -> None:
    make.tree(bundle(store, 1), {"README.md": fleets.CARD.format(license="cc-by-nc-4.0", number=1)})
    code, told, _ = audit(store, "second", "first", policy=True)
    assert code == ExitCode.REQUIREMENT_NOT_MET
    assert told["worse"] == 1
    rows = json.loads(run("query", store.parent / "r", "--news", "--format", "json").stdout)
    assert [(row["place"], row["rule"], row["fails"]) for row in rows if row["kind"] == "violation"] == [
        ("store/owner1/model00001", "policy.terms", True)
    ]


def test_a_bundle_that_was_added_is_new_as_a_whole(store: Path) -> None:
    fleets.write_store(store, 2, first=6)
    code, told, _ = audit(store, "second", "first", policy=True)
    assert code == ExitCode.REQUIREMENT_NOT_MET
    assert (told["added"], told["worse"]) == (2, 2)
    assert {(place, kind) for place, kind, fails in news(store) if fails} == {
        ("store/owner0/model00006", "violation"), ("store/owner1/model00007", "violation"),
    }  # fmt: skip


def test_a_bundle_that_newly_has_no_report_is_told_once(store: Path) -> None:
    make.tree(store, {"a.tar": b"this is no archive"})
    code, told, _ = audit(store, "second", "last")
    assert code == ExitCode.UNREADABLE
    assert (told["without_report"], told["added"], told["worse"]) == (1, 1, 0)
    assert [kind for _, kind, _ in news(store) if kind == "no-report"] == ["no-report"]
    code, told, _ = audit(store, "third", "last")
    assert (code, told["run"], told["without_report"]) == (ExitCode.DONE, "second", 0)


def test_the_last_run_is_none_at_first_and_a_name_that_is_none_is_wrong_usage(tmp_path: Path) -> None:
    top = fleets.write_store(tmp_path / "store", 2)
    with pytest.raises(UsageError, match=r"--baseline first: no complete run of this name before this one in .*; there is none$"):
        audit(top, "second", "first")
    code, told, said = audit(top, "first", "last")
    assert (code, told) == (ExitCode.DONE, {})
    assert "there is no complete run yet to hold this one against" in said


def test_a_run_is_never_held_against_itself_or_a_later_one(store: Path) -> None:
    assert audit(store, "second", "last")[1]["run"] == "first"
    assert audit(store, "second", "last")[1]["run"] == "first"
    with pytest.raises(UsageError, match="there is none"):
        audit(store, "first", "second")


def test_the_command_says_what_is_new_and_fails(store: Path) -> None:
    make.tree(bundle(store, 0), {"README.md": fleets.CARD.format(license="cc-by-nc-4.0", number=0)})
    done = run("fleet", store, "--results", store.parent / "r", "-j", "2", "--baseline", "last")
    assert done.returncode == ExitCode.REQUIREMENT_NOT_MET
    asked = f"`inspector query {store.parent / 'r'} --news`"
    assert done.stderr == f"inspector: 1 bundle has something new that fails; {asked} names each cause\n"
    assert "against first" in done.stdout
    assert "1 bundle with something new that fails" in done.stdout
