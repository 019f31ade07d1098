"""Attestations: strict, shown as what they are, and never stronger than what was read."""

import datetime as dt
import hashlib
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from inspector import inspect, judge
from inspector.audit import Attestation
from inspector.errors import ExitCode, UsageError
from inspector.judgement import Grade, Report, Verdict
from inspector.render import Format, render
from inspector.scoring.attestation import load_attestation, write_questions
from sample_bundles.build import all_systems, build
from tests import make
from tests.test_cli import run

TODAY = dt.date(2026, 11, 23)
OPEN = "osaid.data.third-party-listing"
PYTHIA = next(system for system in all_systems() if system.name == "pythia")
ENTRY = f"""system = "pythia-weights"
[[attest]]
requirement = "{OPEN}"
verdict = "met"
reason = "The appendix of the report lists the agreements."
source = "https://example.org/report.pdf"
by = "An Auditor"
date = 2026-11-01
"""


@pytest.fixture
def roots(tmp_path: Path) -> list[Path]:
    place = build(PYTHIA, tmp_path / "samples")
    sheet = place / "pythia-data" / "DATASHEET.md"
    said = "All sources are publicly available; no training data was licensed or bought from third parties."
    sheet.write_text(sheet.read_text().replace(said, ""))
    return [place / root.name for root in PYTHIA.roots]


def attested(roots: list[Path], text: str, top: Path) -> Report:
    path = make.tree(top, {"system.toml": text}) / "system.toml"
    return judge(inspect(roots, digest=False), attested=Attestation(path, TODAY))


def test_an_attestation_answers_what_reading_left_open_and_is_shown_as_one(roots: list[Path], tmp_path: Path) -> None:
    assert judge(inspect(roots, digest=False)).standards[0].grade is Grade.INCOMPLETE
    report = attested(roots, ENTRY, tmp_path)
    (result,) = report.standards
    finding = next(item for item in result.findings if item.requirement == OPEN)
    assert (result.grade, finding.verdict, finding.attested) == (Grade.CONFORMS, Verdict.MET, True)
    assert finding.reason.startswith("attested by An Auditor on 2026-11-01: The appendix")
    assert "reading alone gives: review" in finding.reason
    assert result.reason == "16 of 17 requirements are answered by evidence, 1 attested"
    text = render(report, Format.TERMINAL)
    assert "met*" in text
    assert "* A person states it" in text


def test_what_was_read_is_never_overridden(roots: list[Path], tmp_path: Path) -> None:
    (roots[0] / "README.md").write_text("---\nlicense: cc-by-nc-4.0\nlibrary_name: transformers\n---\n# Pythia\n")
    report = attested(roots, ENTRY.replace(OPEN, "osaid.parameters.terms"), tmp_path)
    finding = next(item for item in report.standards[0].findings if item.requirement == "osaid.parameters.terms")
    assert (finding.verdict, finding.attested) == (Verdict.TERMS, False)


def test_a_file_is_held_against_its_digest(tmp_path: Path) -> None:
    digest = hashlib.sha256(b"the report").hexdigest()
    text = ENTRY.replace('source = "https://example.org/report.pdf"', f'file = "report.pdf"\nsha256 = "{digest}"')
    path = make.tree(tmp_path, {"system.toml": text, "report.pdf": b"the report"}) / "system.toml"
    assert OPEN in load_attestation(path, [OPEN], TODAY)
    (tmp_path / "report.pdf").write_bytes(b"another report")
    with pytest.raises(UsageError, match=r"report\.pdf has changed"):
        load_attestation(path, [OPEN], TODAY)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda text: text.replace("verdict", "verdikt"), "verdikt"),
        (lambda text: text.replace(OPEN, "osaid.data.nothing"), "there is no such requirement"),
        (lambda text: text + text.partition("\n")[2], "answered twice"),
        (lambda text: text.replace('"met"', '"terms"'), "`verdict` must be met or not_applicable"),
        (lambda text: text.replace("2026-11-01", "2026-12-01"), "in the future"),
        (lambda text: text.replace("An Auditor", " "), "must say something"),
        (lambda text: text.replace('source = "https://example.org/report.pdf"\n', ""), "give `source`"),
        (lambda text: text.replace("date = 2026-11-01", "date = yesterday"), ""),
        (lambda text: text.replace('source = "https://example.org/report.pdf"', 'file = "none.pdf"\nsha256 = "00"'), "cannot be read"),
    ],
)
def test_what_is_wrong_is_one_line_with_its_place(change: Callable[[str], str], told: str, tmp_path: Path) -> None:
    path = make.tree(tmp_path, {"system.toml": change(ENTRY)}) / "system.toml"
    with pytest.raises(UsageError) as raised:
        load_attestation(path, [OPEN], TODAY)
    assert str(path) in str(raised.value)
    assert told in str(raised.value)
    assert "\n" not in str(raised.value)


def test_the_questions_are_toml_with_one_entry_for_each_that_is_open(roots: list[Path]) -> None:
    text = write_questions('a "system"\n# [[attest]]', judge(inspect(roots, digest=False)).standards)
    assert tomllib.loads(text) == {"system": 'a "system"\n# [[attest]]'}
    filled = "\n".join(line.removeprefix("# ") if " = " in line or line == "# [[attest]]" else line for line in text.splitlines())
    assert [item["requirement"] for item in tomllib.loads(filled)["attest"]] == [OPEN]


def test_the_command_asks_and_takes_the_answers(roots: list[Path], tmp_path: Path) -> None:
    first, code, data = roots
    more = ("--with", f"code={code}", "--with", f"data={data}")
    assert OPEN in run("attest", first, *more).stdout
    answers = make.tree(tmp_path, {"system.toml": ENTRY}) / "system.toml"
    assert run("audit", first, *more, "--require", "osaid").returncode == ExitCode.REQUIREMENT_NOT_MET
    assert run("audit", first, *more, "--require", "osaid", "--attest", answers).returncode == ExitCode.DONE
    assert run("audit", first, "--attest", tmp_path / "none.toml").returncode == ExitCode.USAGE


def test_an_attestation_of_another_system_is_refused(roots: list[Path], tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="it is about the system 'other', and this one is called 'pythia-weights'"):
        attested(roots, ENTRY.replace("pythia-weights", "other"), tmp_path)
