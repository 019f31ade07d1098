"""`inspector samples`: builds, audits, compares, and leaves nothing behind unless it was told where."""

import datetime as dt
from pathlib import Path

from inspector.errors import ExitCode, UsageError
from inspector.judgement import ElementResult, Grade
from inspector.render.samples import render_samples
from inspector.samples import audit_sample, place_samples
from inspector.scoring.sample_answers import Answer
from sample_bundles.build import all_systems
from tests.test_cli import run

ELEMENTS = (ElementResult(id="data", title="Data information", verdict=Grade.INCOMPLETE),)
SYSTEMS = {system.name: system for system in all_systems()}


def answer(read: Grade, group: Grade, attested: Grade | None = None) -> Answer:
    return Answer("x", read, ELEMENTS, attested, group, Grade.INCOMPLETE)


def test_an_answer_agrees_by_reading_or_with_what_is_attested() -> None:
    assert answer(Grade.CONFORMS, Grade.CONFORMS).agrees
    assert answer(Grade.INCOMPLETE, Grade.TERMS_ONLY, Grade.TERMS_ONLY).agrees
    assert not answer(Grade.INCOMPLETE, Grade.TERMS_ONLY).agrees


def test_the_table_says_how_it_agrees() -> None:
    answers = (answer(Grade.CONFORMS, Grade.CONFORMS), answer(Grade.INCOMPLETE, Grade.TERMS_ONLY, Grade.TERMS_ONLY))
    text = render_samples((*answers, answer(Grade.INCOMPLETE, Grade.CONFORMS)), width=120, color=False)
    rows = [line.split() for line in text.splitlines()[1:4]]
    assert [row[4] for row in rows] == ["yes", "as", "no"]
    assert "2 of 3 systems agree" in text


def test_a_system_is_audited_whole_and_alone(tmp_path: Path) -> None:
    with place_samples(tmp_path) as top:
        found = audit_sample(SYSTEMS["mixtral"], top, dt.date(2026, 12, 1))
    assert (found.read, found.alone, found.group, found.agrees) == (Grade.INCOMPLETE, Grade.INCOMPLETE, Grade.INCOMPLETE, True)
    assert (tmp_path / "mixtral" / "mixtral-weights" / "config.json").is_file()


def test_without_a_directory_nothing_is_left_behind() -> None:
    with place_samples(None) as top:
        assert (top / "pythia").is_dir()
    assert not top.exists()


def test_a_place_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    try:
        with place_samples(tmp_path / "file"):
            raise AssertionError
    except UsageError as error:
        assert "it cannot be written" in str(error)


def test_the_command_prints_the_twelve_and_builds_them_where_it_is_told(tmp_path: Path) -> None:
    done = run("samples", tmp_path / "here", INSPECTOR_MEMO="off")
    assert (done.returncode, done.stderr) == (ExitCode.DONE, ""), done.stdout
    assert "12 of 12 systems agree" in done.stdout
    assert (tmp_path / "here" / "falcon" / "attestation.toml").is_file()


def test_the_samples_are_built_and_not_audited_where_nobody_wants_it(tmp_path: Path) -> None:
    done = run("samples", tmp_path / "here", "--no-audit")
    assert (done.returncode, done.stdout, done.stderr) == (ExitCode.DONE, "", "")
    assert (tmp_path / "here" / "pythia" / "pythia-weights" / "config.json").is_file()
    nowhere = run("samples", "--no-audit")
    assert (nowhere.returncode, "needs DIR" in nowhere.stderr) == (ExitCode.USAGE, True)
