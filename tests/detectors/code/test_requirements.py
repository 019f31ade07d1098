"""Packaging metadata."""

import pytest

from detectors.code.requirements import requirements
from inspector.detector import Declared, Format, Found
from inspector.errors import Malformed
from inspector.model import Component, Constructs, Scope, Source
from tests import make


def read(path: str, text: str) -> tuple[list[tuple[str, int]], list[tuple[str, int | None]]]:
    said = make.look(requirements, path, text)
    assert isinstance(said[0], Format)
    needs = [
        (item.name, item.number)
        for told in said
        if isinstance(told, Found) and isinstance(told.details, Constructs)
        for item in told.details.seen
    ]
    return needs, [(told.text, told.span.start if told.span else None) for told in said if isinstance(told, Declared)]


def test_a_list_of_requirements_is_evidence_with_its_lines() -> None:
    text = (
        "# comment\ntorch==2.1.0  # pinned\n-r other.txt\ngit+https://x/y.git@main\nflash_attn>=2; python_version>'3.8'\n./vendored/lib\n"
    )
    needs, _ = read("requirements-dev.txt", text)
    assert [line for _, line in needs] == [2, 3, 4, 5, 6]
    (found,) = [told for told in make.look(requirements, "requirements.txt", "torch\n") if isinstance(told, Found)]
    assert (found.component, found.value) == (Component.SUPPORTING, "requirements")


def test_prose_is_no_list_of_requirements() -> None:
    with pytest.raises(Malformed, match="line 1"):
        read("requirements.txt", "The system shall be fast.\n")


def test_pyproject_gives_dependencies_and_the_declared_licence() -> None:
    text = (
        '[project]\ndependencies = [\n  "torch>=2",\n]\nlicense = "Apache-2.0"\nclassifiers = ["License :: OSI Approved :: MIT License"]\n'
    )
    needs, licenses = read("pyproject.toml", text)
    assert needs == [("torch>=2", 3)]
    assert licenses == [("Apache-2.0", 5), ("MIT License", 6)]
    assert read("pyproject.toml", '[project]\nlicense = {text = "MIT"}\n')[1] == [("MIT", 2)]
    assert read("pyproject.toml", '[tool.poetry]\nlicense = "MIT"\n[tool.poetry.dependencies]\ntorch = "^2"\n') == (
        [("torch", 4)],
        [("MIT", 2)],
    )


def test_a_declared_licence_reaches_its_tree() -> None:
    (declared,) = [told for told in make.look(requirements, "package.json", '{"license": "MIT"}') if isinstance(told, Declared)]
    assert (declared.scope, declared.source, declared.component) == (Scope.TREE, Source.DECLARED, Component.UNSPECIFIED)


def test_setup_py_is_read_by_its_syntax() -> None:
    text = (
        "import os\nfrom setuptools import setup\nos.remove('x')\nsetup(\n  license='MIT',\n  install_requires=['torch', x],\n"
        "  classifiers=[\n    'License :: OSI Approved :: ISC License (ISCL)',\n    'License :: OSI Approved :: BSD License',\n  ],\n)\n"
    )
    assert read("setup.py", text) == ([("torch", 6)], [("MIT", 5), ("ISC License (ISCL)", 8)])


def test_setup_cfg_conda_npm_cargo_and_citation_are_read() -> None:
    assert read("setup.cfg", "[metadata]\nlicense = MIT\n[options]\ninstall_requires =\n    torch\n    %(x)s\n") == (
        [("torch", 5), ("%(x)s", 6)],
        [("MIT", 2)],
    )
    assert read("environment.yml", "name: x\ndependencies:\n  - python=3.9\n  - pip:\n    - torch\nother: 1\n")[0] == [
        ("python=3.9", 3),
        ("pip:", 4),
        ("torch", 5),
    ]
    assert read("package.json", '{\n"license": "ISC",\n"dependencies": {"react": "1"}}') == ([("react", 3)], [("ISC", 2)])
    assert read("Cargo.toml", '[package]\nlicense = "MIT"\n[dependencies]\nserde = "1"\n') == ([("serde", 4)], [("MIT", 2)])
    assert read("CITATION.cff", 'cff-version: 1.2.0\nlicense: "Apache-2.0"\n')[1] == [("Apache-2.0", 2)]


@pytest.mark.parametrize(
    ("path", "text"),
    [("pyproject.toml", "[project"), ("pyproject.toml", "project = 3"), ("package.json", "{"), ("setup.cfg", "x"), ("setup.py", "f(")],
)
def test_what_breaks_its_format_is_malformed(path: str, text: str) -> None:
    with pytest.raises(Malformed):
        read(path, text)


def test_the_word_of_npm_for_no_rights_is_no_empty_field() -> None:
    assert read("package.json", '{"name": "x", "license": "UNLICENSED"}')[1] == [("UNLICENSED: no rights are granted", 1)]
