"""Recipes for other programs: each is valid, and what it runs is run here on a made repository. A container is only read: nothing here builds one."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from inspector.errors import ExitCode
from sample_bundles.build import all_systems, build
from sample_bundles.weights import Tensor, safetensors_bytes
from tests import make

TOP = Path(__file__).parent.parent
WEIGHTS = safetensors_bytes([Tensor("model.embed_tokens.weight", "F16", (16, 8))])
PICKLE = b"\x80\x02cos\nsystem\nU\x02ls\x85R."
POLICY = '[formats]\nforbid = ["@pickle"]\n'
HOSTILE = b"---\nlicense: mit\n---\n::set-output name=x::y\n::error::<b>no</b>\n"


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    files: dict[str, str | bytes] = {"models/model.safetensors": WEIGHTS, "models/README.md": HOSTILE, "policy.toml": POLICY}
    top = make.tree(tmp_path / "repository", files)
    subprocess.run(["git", "init", "--quiet"], cwd=top, check=True)
    return top


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    """Make a directory with `inspector`, and with stand-ins for what installs, which note what they were asked for."""
    ours = f'#!/bin/sh\nPYTHONPATH={TOP} exec {sys.executable} -m inspector "$@"\n'
    noting = f'#!/bin/sh\necho "$(basename "$0") $*" >> {tmp_path}/installed\n'
    top = make.tree(tmp_path / "bin", {"inspector": ours, "pip": noting, "python": noting, "apt-get": noting})
    for path in top.iterdir():
        path.chmod(0o755)
    return top


def shell(script: str, cwd: Path, programs: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    path = f"{programs}:{os.environ['PATH']}"
    return subprocess.run(
        ["bash", "-c", script], cwd=cwd, capture_output=True, text=True, check=False, env={**os.environ, "PATH": path, **environment}
    )


def hook(name: str, repository: Path, programs: Path, *files: str) -> subprocess.CompletedProcess[str]:
    """Run a hook as pre-commit does: its entry, its arguments, and file names where it wants them."""
    hooks = {item["id"]: item for item in yaml.safe_load((TOP / ".pre-commit-hooks.yaml").read_text())}
    found = hooks[name]
    assert {"id", "name", "entry", "language"} <= set(found)
    command = [*shlex.split(found["entry"]), *found.get("args", []), *(files if found.get("pass_filenames", True) else ())]
    return shell(shlex.join(command), repository, programs)


def test_the_hook_passes_a_repository_that_holds_and_stops_one_that_does_not(repository: Path, programs: Path) -> None:
    assert hook("inspector-audit", repository, programs).returncode == ExitCode.DONE
    make.tree(repository, {"models/x.pkl": PICKLE})
    done = hook("inspector-audit", repository, programs)
    assert done.returncode == ExitCode.REQUIREMENT_NOT_MET
    assert "models/x.pkl: policy.format: a file of a forbidden format: pickle" in done.stderr


def test_the_hook_for_policies_checks_those_that_changed(repository: Path, programs: Path) -> None:
    hooks = {item["id"]: item for item in yaml.safe_load((TOP / ".pre-commit-hooks.yaml").read_text())}
    wanted = re.compile(hooks["inspector-policy"]["files"])
    assert [bool(wanted.search(name)) for name in ("policy.toml", "ci/policy-x.toml", "pyproject.toml")] == [True, True, False]
    assert hook("inspector-policy", repository, programs, "policy.toml", "policy.toml").returncode == ExitCode.DONE
    make.tree(repository, {"policy-2.toml": "[format]\n"})
    done = hook("inspector-policy", repository, programs, "policy.toml", "policy-2.toml")
    assert (done.returncode, "policy-2.toml:1: format: there is no such key" in done.stderr) == (ExitCode.USAGE, True)


def action_steps() -> tuple[dict[str, str], dict[str, dict[str, object]]]:
    action = yaml.safe_load((TOP / "action.yml").read_text())
    assert action["runs"]["using"] == "composite"
    inputs = {name: str(item["default"]) for name, item in action["inputs"].items()}
    return inputs, {item["name"]: item for item in action["runs"]["steps"] if "run" in item}


def run_step(name: str, repository: Path, programs: Path, **given: str) -> subprocess.CompletedProcess[str]:
    """Run a step of the action: its variables with what is given or the inputs' defaults."""
    inputs, steps = action_steps()
    step = steps[name]
    assert step["shell"] == "bash"
    variables = step.get("env", {})
    assert isinstance(variables, dict)
    temporary = repository.parent / "runner"
    make.tree(temporary, {"summary": "", "output": ""})
    values = {**inputs, **given}
    environment = {key: re.sub(r"\$\{\{ inputs\.([\w-]+) \}\}", lambda found: values[found[1]], text) for key, text in variables.items()}
    bins = temporary / "inspector" / "bin"
    if not bins.exists():
        bins.parent.mkdir(parents=True, exist_ok=True)
        bins.symlink_to(programs)
    return shell(
        str(step["run"]),
        repository,
        programs,
        RUNNER_TEMP=str(temporary),
        GITHUB_ACTION_PATH=str(TOP),
        GITHUB_STEP_SUMMARY=str(temporary / "summary"),
        GITHUB_OUTPUT=str(temporary / "output"),
        **environment,
    )


def test_no_input_of_the_action_stands_in_a_script() -> None:
    _, steps = action_steps()
    assert [name for name, step in steps.items() if "${{" in str(step["run"])] == []


def test_the_action_installs_what_is_pinned(repository: Path, programs: Path, tmp_path: Path) -> None:
    assert run_step("Install", repository, programs).returncode == 0
    asked = (tmp_path / "installed").read_text()
    assert f"--require-hashes --no-deps -r {TOP}/requirements.lock" in asked
    assert (TOP / "requirements.lock").exists()


def test_the_action_audits_keeps_a_report_and_tells_its_exit_code(repository: Path, programs: Path, tmp_path: Path) -> None:
    code = make.tree(repository / "training code", {"train.py": "import torch\n"})
    done = run_step("Audit", repository, programs, paths="models\n", policy="policy.toml", **{"with": f"code={code.name}\n"})
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert (tmp_path / "runner" / "output").read_text() == "exit-code=0\n"
    assert '"role": "code"' in (repository / "inspector-report.json").read_text()
    assert (tmp_path / "runner" / "inspector-memo").is_dir() or os.environ.get("INSPECTOR_MEMO") == "off"


def test_the_action_fails_with_the_places_in_log_and_summary_and_lets_no_bundle_speak_to_the_runner(
    repository: Path, programs: Path, tmp_path: Path
) -> None:
    make.tree(repository, {"models/<img src=x>::error::.pkl": PICKLE})
    done = run_step("Audit", repository, programs, paths="models", policy="policy.toml")
    assert done.returncode == ExitCode.REQUIREMENT_NOT_MET
    assert "policy.format: a file of a forbidden format: pickle" in done.stdout
    assert [line for line in done.stdout.splitlines() if line.lstrip().startswith("::")] == []
    summary = (tmp_path / "runner" / "summary").read_text()
    assert "exit code 1" in summary
    assert "<img" not in summary


@pytest.mark.parametrize("hostile", ["$(touch owned)", "`touch owned`", "; touch owned", "--help", "-o owned"])
def test_an_input_is_a_path_and_nothing_else(hostile: str, repository: Path, programs: Path) -> None:
    done = run_step("Audit", repository, programs, paths=hostile)
    assert done.returncode == ExitCode.USAGE
    assert not (repository / "owned").exists()


def test_the_action_fails_only_on_what_is_new_where_there_is_a_baseline(repository: Path, programs: Path) -> None:
    make.tree(repository, {"models/x.pkl": PICKLE})
    given = {"paths": "models", "policy": "policy.toml"}
    assert run_step("Audit", repository, programs, **given, report="base.json").returncode == ExitCode.REQUIREMENT_NOT_MET
    assert run_step("Audit", repository, programs, **given, baseline="base.json").returncode == ExitCode.DONE
    assert run_step("Audit", repository, programs, paths="models", require="osaid\n").returncode == ExitCode.REQUIREMENT_NOT_MET


def gitlab(repository: Path, programs: Path, part: str) -> subprocess.CompletedProcess[str]:
    """Run a part of the job, with the file's variables, as GitLab does: one script that ends at the first line that fails."""
    content = yaml.safe_load((TOP / "docs" / "examples" / "gitlab-ci.yml").read_text())
    return shell("set -e\n" + "\n".join(content["model-audit"][part]), repository, programs, **content["variables"])


def test_the_job_for_gitlab_installs_audits_and_takes_the_baseline_that_is_there(repository: Path, programs: Path, tmp_path: Path) -> None:
    assert gitlab(repository, programs, "before_script").returncode == 0
    assert "pip install --quiet --disable-pip-version-check preferred-form" in (tmp_path / "installed").read_text()
    assert gitlab(repository, programs, "script").returncode == ExitCode.DONE
    make.tree(repository, {"models/x.pkl": PICKLE})
    assert gitlab(repository, programs, "script").returncode == ExitCode.REQUIREMENT_NOT_MET
    (repository / "inspector-report.json").rename(repository / "inspector-baseline.json")
    assert gitlab(repository, programs, "script").returncode == ExitCode.DONE
    content = yaml.safe_load((TOP / "docs" / "examples" / "gitlab-ci.yml").read_text())
    assert content["model-audit"]["artifacts"]["paths"] == ["inspector-report.json"]


def instructions() -> list[tuple[str, str]]:
    """Read the container file: an instruction a line, lines that end with a backslash go on."""
    text = re.sub(r"(?m)^\s*#.*\n", "", (TOP / "Containerfile").read_text()).replace("\\\n", " ")
    lines = [line.split(maxsplit=1) for line in text.splitlines() if line.strip()]
    return [(name, " ".join(rest.split())) for name, rest in lines]


def test_the_container_file_is_made_of_known_instructions_and_copies_what_is_there() -> None:
    found = instructions()
    assert found[0][0] == "FROM"
    assert {name for name, _ in found} <= {"FROM", "RUN", "WORKDIR", "COPY", "ENV", "USER", "ENTRYPOINT", "CMD"}
    sources = [source for name, rest in found if name == "COPY" for source in rest.split()[:-1]]
    assert {"inspector", "detectors", "sample_bundles", "requirements.lock", "pyproject.toml"} <= set(sources)
    assert [source for source in sources if not (TOP / source).exists()] == []
    assert dict(found)["ENTRYPOINT"] == '["inspector"]'


def test_the_container_does_not_run_as_root() -> None:
    assert dict(instructions())["USER"].split(":")[0] not in {"root", "0"}


def test_the_container_gets_all_that_the_package_is_built_of() -> None:
    import tomllib

    project = tomllib.loads((TOP / "pyproject.toml").read_text())
    copied = {source for name, rest in instructions() if name == "COPY" for source in rest.split()[:-1]}
    assert set(project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]) <= copied
    assert {project["project"]["readme"], *project["project"]["license-files"]} <= copied


def test_every_example_of_the_python_page_runs(tmp_path: Path) -> None:
    (system,) = (item for item in all_systems() if item.name == "pythia")
    top = build(system, tmp_path / "samples")
    work = tmp_path / "work"
    work.mkdir()
    (work / "model").symlink_to(top / "pythia-weights")
    (work / "code").symlink_to(top / "pythia-code")
    blocks = re.findall(r"```python\n(.*?)```", (TOP / "docs" / "api.md").read_text(), re.DOTALL)
    assert len(blocks) >= 8
    program = "\n".join(f"{block}\nprint('block {number}')" for number, block in enumerate(blocks))
    environment = {**os.environ, "PYTHONPATH": str(TOP)}
    done = subprocess.run([sys.executable, "-c", program], cwd=work, capture_output=True, text=True, check=False, env=environment)
    assert (done.returncode, done.stderr) == (0, "")
    assert [line for line in done.stdout.splitlines() if line.startswith("block ")] == [f"block {number}" for number in range(len(blocks))]
