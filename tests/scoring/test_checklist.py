"""The Initiative's checklist: what terms allow, freedom by freedom, and never more than the strictest of them."""

from pathlib import Path

import pytest

from inspector import inspect, judge
from inspector.judgement import Allowance, ChecklistRow
from inspector.licensing.licenses import Kind
from inspector.scoring.checklist import load_checklist
from sample_bundles.weights import Tensor, safetensors_bytes
from tests import make

WEIGHTS = safetensors_bytes([Tensor("a.weight", "F16", (4, 4))])
YES, NO, UNKNOWN, UNSTATED, NOTHING = (
    Allowance.ALLOWED,
    Allowance.RESTRICTED,
    Allowance.UNKNOWN,
    Allowance.UNSTATED,
    Allowance.NOTHING,
)


def parameters(tmp_path: Path, card: str) -> ChecklistRow:
    report = judge(inspect([make.tree(tmp_path / "m", {"model.safetensors": WEIGHTS, "README.md": card})], digest=False))
    return next(row for row in report.checklist if row.title == "Model parameters")


@pytest.mark.parametrize(
    ("license_id", "expected"),
    [
        ("apache-2.0", (YES, YES, YES, YES)),
        ("cc-by-4.0", (YES, YES, YES, YES)),
        ("cc-by-nc-4.0", (NO, YES, NO, NO)),
        ("cc-by-nd-4.0", (YES, YES, NO, NO)),
        ("bigscience-bloom-rail-1.0", (NO, YES, NO, NO)),
        ("nobody-has-read-this", (UNKNOWN,) * 4),
    ],
)
def test_each_freedom_is_what_the_licence_restricts(license_id: str, expected: tuple[Allowance, ...], tmp_path: Path) -> None:
    row = parameters(tmp_path, f"---\nlicense: {license_id}\n---\n# M\n")
    assert (row.use, row.study, row.modify, row.share) == expected


def test_what_is_not_stated_allows_nothing_and_what_is_not_here_has_no_terms(tmp_path: Path) -> None:
    row = parameters(tmp_path, "# M\n")
    assert (row.terms, row.use, row.share) == ((), UNSTATED, UNSTATED)
    report = judge(inspect([make.tree(tmp_path / "n", {"a.txt": "x"})], digest=False))
    assert {row.use for row in report.checklist} == {NOTHING}


def test_every_kind_of_restriction_takes_a_freedom_away() -> None:
    table, _ = load_checklist()
    held = {*table.freedoms.use, *table.freedoms.study, *table.freedoms.modify, *table.freedoms.share}
    assert held == set(Kind)
