"""Every command that README.md and docs/ show is run as it stands there, page by page; what is not run is listed here, with the reason."""

import os
import re
import shlex
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import typer.main
from typer.core import TyperCommand, TyperGroup

from inspector.cli import app
from tests.shown_commands import Shown, Written, fits, list_fences, list_shown, run_shown

TOP = Path(__file__).parent.parent
PAGES = [TOP / "README.md", *sorted((TOP / "docs").rglob("*.md"))]
EACH = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(TOP)))
NOT_RUN = {
    r"make ": "it makes an environment of its own from a package index; `.ci/run` runs audit, test, lint and docs",
    r"pip install ": "it needs a package index",
    r"(\.|source) \.venv/bin/activate$": "it changes the shell that is typed into, and there is no such environment in a test",
    r"podman ": "it needs a container engine and a network; tests/test_recipes.py reads the container file",
    r"dask ": "it starts a cluster that stays; tests/test_fleet_cluster.py runs one",
    r"inspector fleet .*--scheduler": "it needs that cluster",
    r"inspector fleet .*--shard": "it is one of several machines; tests/test_fleet.py runs shards",
    r"inspector fleet s3://": "it needs an object store; tests/test_fleet_remote.py runs one",
}
COMMAND = re.compile(r"(?m)^\s*(?:inspector|make|pip|python3?|git|\$) ")
WIDTH = "80"


def skip_reason(command: str) -> str | None:
    """Say why a command is not run; None where it is."""
    return next((reason for pattern, reason in NOT_RUN.items() if re.match(pattern, command)), None)


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Give what commands find around them: a home and a memo of their own, `inspector` on the path, and a terminal of a known width."""
    top = tmp_path_factory.mktemp("around")
    (top / "home").mkdir()
    (top / "bin").mkdir()
    (top / "bin" / "inspector").write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -P -m inspector "$@"\n')
    (top / "bin" / "inspector").chmod(0o755)
    paths = {"PATH": f"{top / 'bin'}:{os.environ['PATH']}", "HOME": str(top / "home"), "PYTHONPATH": str(TOP)}
    given = {**paths, "INSPECTOR_MEMO": str(top / "memo.sqlite"), "COLUMNS": WIDTH, "LC_ALL": "C.UTF-8"}
    with pytest.MonkeyPatch.context() as patch:
        for name, value in given.items():
            patch.setenv(name, value)
        yield {**os.environ}


@EACH
def test_every_command_of_a_page_does_what_the_page_says(
    page: Path, environment: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for item in list_shown(page.read_text()):
        if isinstance(item, Written):
            (tmp_path / item.path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / item.path).write_text(item.text)
        elif skip_reason(item.command) is None:
            code, output = run_shown(item.command, tmp_path, environment)
            told = f"{page.relative_to(TOP)}:{item.line}: $ {item.command}\n{output}"
            assert code == item.code, told
            assert item.output is None or fits(item.output, output), f"the page shows another output\n{told}"


def test_what_is_not_run_is_shown_somewhere() -> None:
    shown = [item.command for page in PAGES for item in list_shown(page.read_text()) if isinstance(item, Shown)]
    assert [pattern for pattern in NOT_RUN if not any(re.match(pattern, command) for command in shown)] == []


@EACH
def test_no_command_stands_in_a_block_that_is_not_run(page: Path) -> None:
    fences = [fence for fence in list_fences(page.read_text()) if fence.info.partition(" ")[0] in {"", "text"}]
    assert [f"{page.name}:{fence.line}" for fence in fences if COMMAND.search(fence.text)] == []


@cache
def command_tree() -> TyperGroup:
    group = typer.main.get_command(app)
    assert isinstance(group, TyperGroup)
    return group


@cache
def list_options() -> dict[str, set[str]]:
    """Give the options of each command by its words, those of groups among them."""
    found, left = dict[str, set[str]](), list[tuple[str, object]]([("", command_tree())])
    for name, command in left:
        if isinstance(command, TyperGroup):
            left += [(f"{name} {part}".strip(), below) for part, below in command.commands.items()]
        if isinstance(command, TyperGroup | TyperCommand):
            found[name] = {option for item in command.params for option in (*item.opts, *item.secondary_opts)} | {"--help", "-h"}
    return found


def is_known(words: list[str]) -> bool:
    """Say whether words begin with a command of the program, and every option among them is one of that command."""
    name = max((name for name in list_options() if words[: len(name.split())] == name.split()), key=len)
    given = {word.partition("=")[0].rstrip(".,:)") for word in words if re.match(r"--?[a-z]", word)}
    return (bool(name) or words[0].startswith("-")) and given <= list_options()[name]


@EACH
def test_every_command_that_a_page_speaks_of_exists_with_its_options(page: Path) -> None:
    text = page.read_text()
    spoken = set(re.findall(r"`(inspector [^`]+)`", text))
    fences = [fence for fence in list_fences(text) if not fence.info.startswith("python")]
    spoken |= {found for fence in fences for found in re.findall(r"(?m)\b(inspector [a-z][^#|;`\n]*)", fence.text)}
    wrong = [words for words in sorted(spoken) if re.match(r"inspector (?:-|[a-z]+\b(?!:))", words) and not is_known(words.split()[1:])]
    assert wrong == []


def test_every_command_stands_in_the_readme() -> None:
    readme = (TOP / "README.md").read_text()
    assert [name for name in command_tree().commands if f"`inspector {name}" not in readme] == []


@pytest.mark.parametrize(
    ("shown", "real", "fit"),
    [
        ("a\n…\nd", "a\nb\nc\nd\n", True),
        ("a\n…", "a\n", True),
        ("run … of 3", "run 2026 of 3", True),
        ("run … of 3", "run 2026\nof 3", False),
        ("a\nb", "a\nb\nc", False),
        ("a.c", "abc", False),
    ],
)
def test_an_ellipsis_stands_for_what_is_left_out_and_nothing_else_does(shown: str, real: str, fit: bool) -> None:
    assert fits(shown, real) is fit


def test_commands_files_and_codes_are_read_in_the_order_of_a_page() -> None:
    console = "- \n  ```console\n  $ a \\\n      b\n  c\n  $ d\n  e\n  $ echo $?\n  1\n  ```\n"
    page = f'```toml title="x.toml"\na = 1\n```\n\n{console}\n```sh\n# no\nf\n```\n'
    assert list(list_shown(page)) == [
        Written(2, "x.toml", "a = 1\n"),
        Shown(7, "a b", 0, "c"),
        Shown(10, "d", 1, "e"),
        Shown(18, "f", 0, None),
    ]
