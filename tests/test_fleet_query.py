"""Questions to a fleet: answered from the tables of complete runs, and nothing but these can be read."""

import json
from pathlib import Path

import pytest

from inspector.errors import ExitCode, UsageError
from inspector.fleet.answers import answer_csv, answer_table
from inspector.fleet.order import Settings
from inspector.fleet.query import Answer, ask, load_questions
from inspector.fleet.rows import TABLES
from inspector.fleet.run import Request, run_fleet
from sample_bundles.weights import Tensor, safetensors_bytes
from tests import fleets, make
from tests.test_cli import run

BLOCKED = b"\x80\x02cos\nsystem\nX\x04\x00\x00\x00true\x85R."


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The results of a small store in which there is something to find."""
    top = tmp_path_factory.mktemp("fleet")
    store = fleets.write_store(top / "store", 5)
    weights = safetensors_bytes([Tensor("model.embed_tokens.weight", "F16", (5, 8))])
    card = "---\nlicense: apache-2.0\nbase_model: meta-llama/Llama-2-7b-hf\n---\n# Tuned\n"
    make.tree(store / "washed", {"config.json": "{}", "model.safetensors": weights, "README.md": card})
    make.tree(store / "acting", {"config.json": "{}", "pytorch_model.bin": BLOCKED, "cut.pkl": b"\x80\x04\x95\xff\xff"})
    run_fleet(Request((str(store),), top / "r", Settings(), "2026-01-31T00:00:00Z", "one", jobs=2), lambda _: None, lambda *_: None)
    return top / "r"


def test_every_table_can_be_read_alone_and_over_all_runs(results: Path) -> None:
    for table, kind in TABLES.items():
        answer = ask(results, f"SELECT * FROM {table}")  # noqa: S608  names of ours
        assert set(answer.columns) == {*kind.__struct_fields__, "run"}
        assert ask(results, f"SELECT * FROM every.{table}").rows == answer.rows  # noqa: S608  the same
    assert ask(results, "SELECT count(*) FROM files WHERE sha256 IS NULL").rows == ((0,),)


def test_the_questions_that_are_ready_tell_what_there_is_to_tell(results: Path) -> None:
    questions = load_questions()
    pickles = ask(results, questions["pickles"].sql).rows
    assert next(row[1] for row in pickles if row[0] == "store/acting") == "high"
    assert any(row[3] == "cut.pkl" and str(row[4]).startswith("not read whole: ") for row in pickles), pickles
    assert [(row[0], row[2]) for row in ask(results, questions["laundering"].sql).rows] == [("store/washed", "terms.laundering")]
    twice = ask(results, questions["duplicates"].sql).rows
    assert sorted(str(row[2]) for row in twice) == ["store/owner0/model00003", "store/owner2/model00002"], twice
    assert {row[4] for row in twice if row[2] == "store/owner0/model00003"} == {"LicenseRef-scancode-llama-2-license-2023"}
    terms = ask(results, questions["terms"].sql).rows
    assert ("parameters-final", "restricted", "CC-BY-NC-4.0", 1, 0, "store/owner2/model00002") in terms
    grades = ask(results, questions["grades"].sql)
    assert len(grades.rows) == 7
    assert {row[2] for row in grades.rows} == {"incomplete"}


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM '/etc/passwd'",
        "SELECT * FROM glob('/*')",
        "SELECT * FROM read_text('../store/washed/README.md')",
        "COPY bundles TO 'x.csv'",
        "COPY bundles TO '{results}/x.csv'",
        "ATTACH '{results}/x.db'",
        "SET enable_external_access = true",
        "INSTALL httpfs",
        "LOAD httpfs",
        "DROP VIEW bundles",
        "SELECT 1; SELECT 2",
        "SELECT * FROM query('COPY bundles TO ''{results}/x.csv''')",
        "EXPLAIN ANALYZE COPY bundles TO '{results}/x.csv'",
        "EXPLAIN ANALYZE CREATE TABLE x AS SELECT 1",
        "SELECT * FROM read_csv('http://127.0.0.1:1/x')",
        "SELEC 1",
        "",
    ],
)
def test_sql_that_does_more_than_read_the_tables_is_refused(results: Path, sql: str) -> None:
    with pytest.raises(UsageError):
        ask(results, sql.replace("{results}", str(results)))
    assert not list(results.glob("x.*"))


def test_a_run_or_a_directory_that_is_not_there_is_one_line(results: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no results of inspector fleet"):
        ask(tmp_path, "SELECT 1")
    with pytest.raises(UsageError, match=r"two: there is no complete run of this name in .*; there are one"):
        ask(results, "SELECT 1", run="two")
    done = run("query", results, "SELECT 1", "--terms")
    assert (done.returncode, done.stdout) == (ExitCode.USAGE, "")
    assert done.stderr.startswith("inspector: ask one question: ")


def test_answers_are_tables_json_and_csv(results: Path) -> None:
    sql = "SELECT name, files FROM bundles WHERE name LIKE 'model0000%' ORDER BY name LIMIT 2"
    assert run("query", results, sql).stdout == "name        files\nmodel00000      3\nmodel00001      3\n"
    assert json.loads(run("query", results, sql, "--format", "json").stdout) == [
        {"name": "model00000", "files": 3},
        {"name": "model00001", "files": 3},
    ]
    assert run("query", results, sql, "--format", "csv").stdout == "name,files\nmodel00000,3\nmodel00001,3\n"
    assert run("query", results, "SELECT name FROM bundles WHERE false").stdout == "no rows\n"


def test_what_a_bundle_wrote_acts_neither_on_a_terminal_nor_on_a_spreadsheet() -> None:
    answer = Answer(("a",), (("=HYPERLINK(1)",), ("\x1b[2J",), ("x" * 200,)), "one", ())
    assert "'=HYPERLINK(1)" in answer_csv(answer)
    page = answer_table(answer, width=None, color=False, whole=False)
    assert "\x1b" not in page
    assert "x" * 77 + "...\n" in page


ROW = ("store/a-model", "violated", 7, "a file of a forbidden format: " + "x" * 70, "", "Ask for the weights as safetensors.")
ANSWER = Answer(("place", "standing", "files", "message", "owner", "settle"), (ROW, ROW), "one", ())


def test_a_row_is_one_line_where_no_width_is_asked_for() -> None:
    assert [len(line.split("  ")) > 3 for line in answer_table(ANSWER, width=None, color=False, whole=False).splitlines()] == [True] * 3


def test_a_table_is_never_wider_than_the_terminal_and_nothing_of_it_is_cut() -> None:
    for width in (60, 80, 100, 120, 160, 200):
        page = answer_table(ANSWER, width=width, color=False, whole=False)
        assert max(map(len, page.splitlines())) <= width
        assert "..." not in page
        assert page.count("x") == 140


def test_rows_that_do_not_fit_are_blocks_without_what_is_empty() -> None:
    page = answer_table(ANSWER, width=80, color=False, whole=False)
    first, _, second = page.partition("\n\n")
    assert [line.split()[0] for line in first.splitlines() if line[:2].strip()] == ["place", "standing", "files", "message", "settle"]
    assert second == f"{first}\n"


def test_short_cells_stay_whole_in_a_table_whose_long_ones_are_broken() -> None:
    answer = Answer(("place", "note"), (("store/a-model", "word " * 15),), "one", ())
    assert answer_table(answer, width=40, color=False, whole=False).splitlines()[1].startswith("store/a-model  word word")


def test_the_width_of_the_answer_is_that_of_the_terminal(results: Path) -> None:
    sql = "SELECT path, name, layout, rule FROM bundles LIMIT 3"
    assert max(map(len, run("query", results, sql, COLUMNS="60").stdout.splitlines())) <= 60
