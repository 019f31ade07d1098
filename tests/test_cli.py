"""The command as a user runs it: streams apart, every exit code, one line for what goes wrong."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from inspector.errors import ExitCode
from inspector.registry import load_registry
from sample_bundles.weights import Tensor, safetensors_bytes
from tests import make

TOP = Path(__file__).parent.parent


def run(*arguments: str | Path, cwd: Path | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "inspector", *map(str, arguments)]
    return subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=cwd or TOP, env={**os.environ, "COLUMNS": "100", **environment}
    )


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    weights = safetensors_bytes([Tensor("model.embed_tokens.weight", "F16", (16, 8))])
    return make.tree(tmp_path / "bundle", {"model.safetensors": weights, "README.md": "---\nlicense: apache-2.0\n---\n# Tiny\n"})


def test_an_audit_prints_its_report_on_stdout_and_nothing_else(bundle: Path) -> None:
    done = run("audit", bundle)
    assert (done.returncode, done.stderr) == (ExitCode.DONE, "")
    assert done.stdout.startswith(" INCOMPLETE   bundle  Open Source AI Definition 1.0\n")
    assert "\x1b" not in done.stdout


def test_the_report_is_written_as_json_to_a_file(bundle: Path, tmp_path: Path) -> None:
    done = run("audit", bundle, "--format", "json", "-o", tmp_path / "report.json")
    assert (done.returncode, done.stdout, done.stderr) == (ExitCode.DONE, "", "")
    report = json.loads((tmp_path / "report.json").read_text())
    assert report["standards"][0]["grade"] == "incomplete"
    assert report["files"][1]["parameters"] == 128


def test_several_formats_are_written_into_a_directory_under_their_usual_names(bundle: Path, tmp_path: Path) -> None:
    done = run("audit", bundle, "--format", "sarif", "--format", "cyclonedx", "--format", "markdown", "-o", tmp_path / "reports")
    assert (done.returncode, done.stdout, done.stderr) == (ExitCode.DONE, "", "")
    assert sorted(path.name for path in (tmp_path / "reports").iterdir()) == ["bom.cdx.json", "report.md", "report.sarif"]
    again = run("audit", bundle, "--format", "spdx", "-o", tmp_path / "reports", "--created", "2026-01-31T12:00:00Z")
    assert (again.returncode, again.stderr) == (ExitCode.DONE, "")
    assert '"created": "2026-01-31T12:00:00Z"' in (tmp_path / "reports" / "bom.spdx.json").read_text()


def test_the_time_of_a_bill_is_that_of_the_environment_where_none_is_given(bundle: Path) -> None:
    done = run("audit", bundle, "--format", "cyclonedx", SOURCE_DATE_EPOCH="1000000000")
    assert json.loads(done.stdout)["metadata"]["timestamp"] == "2001-09-09T01:46:40Z"


def test_the_report_is_written_as_a_page_to_a_file(bundle: Path, tmp_path: Path) -> None:
    done = run("audit", bundle, "--format", "html", "-o", tmp_path / "report.html")
    assert (done.returncode, done.stdout, done.stderr) == (ExitCode.DONE, "", "")
    page = (tmp_path / "report.html").read_text()
    assert page.startswith("<!DOCTYPE html>")
    assert "model.safetensors" in page


def test_a_required_standard_that_is_not_met_is_1(bundle: Path) -> None:
    done = run("audit", bundle, "--require", "osaid")
    assert done.returncode == ExitCode.REQUIREMENT_NOT_MET
    assert done.stderr == "inspector: osaid is required, and the system does not conform to it\n"


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (("audit", "/nowhere/at/all"), "inspector: /nowhere/at/all: there is no such file or directory\n"),
        (("audit", ".", "--with", "wheels=x"), "inspector: --with wheels=x: write ROLE=PATH, where ROLE is weights, code, data, docs\n"),
        (("audit", ".", "--with", "code"), "inspector: --with code: write ROLE=PATH, where ROLE is weights, code, data, docs\n"),
        (("audit", ".", "--format", "pdf"), "inspector: --format pdf: there is no such format; there are components-csv, cyclonedx,"),
        (("audit", ".", "--format", "sarif", "--format", "json"), "inspector: --format sarif, --format json: several formats need -o DIR"),
        (("audit", ".", "--created", "today"), "inspector: --created today: write a time as 2026-01-31T12:00:00Z"),
        (("explain", "nothing.of.this.name"), "inspector: nothing.of.this.name: nothing has this id;"),
    ],
)
def test_wrong_usage_is_2_and_one_line(arguments: tuple[str, ...], line: str, tmp_path: Path) -> None:
    make.tree(tmp_path, {"a": "x"})
    done = run(*arguments, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (ExitCode.USAGE, "")
    assert done.stderr.startswith(line)
    assert done.stderr.count("\n") == 1


def test_an_unknown_standard_is_2(bundle: Path) -> None:
    done = run("audit", bundle, "--standard", "openness")
    assert done.returncode == ExitCode.USAGE
    assert done.stderr.startswith("inspector: openness: there is no such standard; there are mof, osaid")


def test_something_that_could_not_be_read_is_3_and_the_report_is_complete(bundle: Path) -> None:
    make.tree(bundle, {"model-2.safetensors": b"\xff" * 8})
    done = run("audit", bundle)
    assert done.returncode == ExitCode.UNREADABLE
    assert "bundle/model-2.safetensors: " in done.stdout
    assert "Apache-2.0" in done.stdout
    assert done.stderr == "inspector: 1 thing could not be read; the report names each\n"


def test_nothing_to_inspect_is_4(tmp_path: Path) -> None:
    done = run("audit", tmp_path)
    assert (done.returncode, done.stdout) == (ExitCode.NOTHING, "")
    assert "no file to inspect" in done.stderr


def test_an_output_that_cannot_be_written_leaves_nothing(bundle: Path, tmp_path: Path) -> None:
    done = run("audit", bundle, "-o", tmp_path / "no" / "report.txt")
    assert done.returncode == ExitCode.USAGE
    assert "it cannot be written" in done.stderr


def test_a_single_file_is_audited(bundle: Path) -> None:
    done = run("audit", bundle / "model.safetensors", "--format", "json")
    report = json.loads(done.stdout)
    assert [record["path"] for record in report["files"]] == ["model.safetensors"]


def test_hostile_names_do_not_reach_the_terminal(tmp_path: Path) -> None:
    make.tree(tmp_path / "b", {"a\x1b[2Jb": "x", "README.md": '---\nlicense: "[red]mit\x1b"\n---\n'})
    done = run("audit", tmp_path / "b", "--verbose")
    assert "\x1b" not in done.stdout
    assert "a\\x1b[2Jb" in done.stdout


def test_the_version_is_printed() -> None:
    done = run("--version")
    assert (done.returncode, done.stdout) == (ExitCode.DONE, "inspector 0.1.0\n")


def test_lists_and_explanations_come_from_the_code_and_the_tables() -> None:
    assert "\nsafetensors\n    " in run("list", "detectors").stdout
    assert "osaid.code.training\n    Training code and settings\n" in run("list", "requirements").stdout
    assert "Source: OSAID 1.0, Code" in run("explain", "osaid.code.training").stdout
    assert "restricted" in run("explain", "bigcode-openrail-m").stdout
    assert "What it sees:" in run("explain", "gguf").stdout


def test_a_reader_that_goes_away_is_no_error(bundle: Path) -> None:
    command = f"{sys.executable} -m inspector audit {bundle} --verbose | head -n 1"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False, cwd=TOP)
    assert done.stderr == ""


def test_every_exit_code_is_in_the_readme() -> None:
    readme = (TOP / "README.md").read_text()
    for code in ExitCode:
        assert f"| {int(code)} |" in readme, code


def test_every_format_is_listed_with_how_it_is_recognised_and_what_cannot_be_known() -> None:
    names = {name for item in load_registry().detectors for name in item.formats}
    text = run("list", "formats").stdout
    assert {line.split(" (")[0] for line in text.splitlines() if line and not line.startswith(" ")} == names
    assert text.count("\n    recognised: ") == text.count("\n    read: ") == text.count("\n    cannot be known: ") >= len(names)
    assert "    cannot be known: \n" not in text


def test_licenses_prints_the_terms_the_statements_and_what_they_restrict(tmp_path: Path) -> None:
    card = "---\nlicense: llama2\n---\n# Tiny\n\nThe weights must not be used in commercial products.\n"
    weights = safetensors_bytes([Tensor("model.embed_tokens.weight", "F16", (16, 8))])
    top = make.tree(tmp_path / "bundle", {"model.safetensors": weights, "README.md": card})
    done = run("licenses", top)
    assert (done.returncode, done.stderr) == (ExitCode.DONE, "")
    for told in ("restricts: ", "user-limit (2)", "Statements (2)", "The weights must not be used in commercial products."):
        assert told in done.stdout
    assert "absent" not in done.stdout


def test_licenses_are_written_as_json_too(bundle: Path) -> None:
    report = json.loads(run("licenses", bundle, "--format", "json").stdout)
    assert [item["expression"] for item in report["terms"]] == ["Apache-2.0"]
    assert report["standards"] == []


def test_questions_are_written_answered_and_left_out_again(tmp_path: Path) -> None:
    top = make.tree(tmp_path / "m", {"README.md": "# M\n\n## Training data\n\nIt was trained on the Pile, 800 GB of text.\n"})
    answers = tmp_path / "a.toml"
    assert run("attest", "--init", top, "--standard", "osaid", "-o", answers).returncode == ExitCode.DONE
    text = answers.read_text()
    assert 'requirement = "osaid.code.training"' in text
    entry = 'requirement = "osaid.code.training"\nverdict = "met"\nreason = "seen"\nsource = "https://example.org"\nby = "A"\ndate = 2020-01-01\n'
    answers.write_text(f"{text}\n[[attest]]\n{entry}")
    assert "met*" in run("audit", top, "--attest", answers).stdout
    assert "met*" not in run("audit", top, "--attest", answers, "--no-attested").stdout


MISUSED = {
    ("audti", "x"): "inspector: No such command 'audti'. Did you mean 'audit'? `inspector -h` lists the commands",
    ("audit",): "inspector: Missing argument 'PATH...'. `inspector audit -h` shows how",
    ("audit", "x", "--formt", "html"): "inspector: No such option: --formt (Possible options: --format). `inspector audit -h` shows how",
    ("policy", "chek", "x"): "inspector: No such command 'chek'. Did you mean 'check'? `inspector policy -h` shows how",
    ("tests",): "inspector: tests: say what to do with it: `inspector audit tests`; `inspector -h` lists the commands",
}


@pytest.mark.parametrize("words", MISUSED)
def test_wrong_words_are_one_line_that_says_what_to_do(words: tuple[str, ...]) -> None:
    done = run(*words)
    assert (done.returncode, done.stdout, done.stderr) == (ExitCode.USAGE, "", f"{MISUSED[words]}\n")


def test_a_line_of_usage_reads_as_people_write_it() -> None:
    for words, told in {("fleet",): "STORE...", ("query",): "DIR [SQL]", ("policy", "check"): "FILE...", ("list",): "TOPIC"}.items():
        assert f"Usage: inspector {' '.join(words)} [OPTIONS] {told} " in run(*words, "--help").stdout
