"""Read what Python packaging files declare: dependencies and licences, from structure and never by running them."""

import ast
import configparser
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass

import msgspec

from inspector.decoding import convert
from inspector.errors import Malformed, TooLarge
from inspector.sources.source import dotted_name, parse_source, source_lines

REQUIREMENT = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]{0,80})\s*(?:\[[^\]]{0,200}\])?\s*(?:(?:[=<>!~]=?|===|@|;).{0,300})?")
LINK = re.compile(r"(?:-e\s+)?(?:git\+|https?://|-r |--requirement |-c |--)\S.*")
PATH = re.compile(r"(?:-e\s+)?[\w./-]*/[\w./-]*(?:\[[^\]]{0,200}\])?|\.{1,2}(?:\[[^\]]{0,200}\])?")
PREFIX = "License :: "
# Classifiers that name a family of licences and no version: beside a licence file they would look like a contradiction.
FAMILIES = frozenset(
    {
        "OSI Approved",
        "Apache Software License",
        "BSD License",
        "GNU General Public License (GPL)",
        "GNU Library or Lesser General Public License (LGPL)",
        "Academic Free License (AFL)",
        "Eclipse Public License",
        "Free For Educational Use",
    }
)
LONGEST = 200
LONGEST_LINE = 2_000
MOST = 500
LONGEST_TOML = 256 * 1024
MOST_DOTS = 100


@dataclass(frozen=True, slots=True)
class Declaration:
    """A requirement or a licence, with its line (1 where a structure gives none) and the key that it stands under."""

    text: str
    line: int
    pointer: str


@dataclass(frozen=True, slots=True)
class Package:
    """What a packaging file declares."""

    requirements: tuple[Declaration, ...] = ()
    licenses: tuple[Declaration, ...] = ()


class PyProject(msgspec.Struct):
    """The parts of pyproject.toml that are read. Source: PyPA, "pyproject.toml specification"; PEP 639; Poetry."""

    class Project(msgspec.Struct):
        """The table `project`."""

        dependencies: list[str] = []
        license: str | dict[str, str] | None = None
        classifiers: list[str] = []

    class Tool(msgspec.Struct):
        """The table `tool`, of which Poetry's is read."""

        class Poetry(msgspec.Struct):
            """The table `tool.poetry`."""

            dependencies: dict[str, object] = {}
            license: str | None = None

        poetry: Poetry | None = None

    project: Project | None = None
    tool: Tool | None = None


def parse_toml(text: str) -> dict[str, object]:
    """Parse TOML of at most 256 KiB.

    Raises TooLarge above it and for a line with over 100 dots, since the time for a dotted key grows with the square of its parts; TOMLDecodeError.
    """
    if len(text) > LONGEST_TOML or any(line.count(".") > MOST_DOTS for line in source_lines(text)):
        raise TooLarge(f"TOML is read up to {LONGEST_TOML} characters and {MOST_DOTS} dots in a line")
    return tomllib.loads(text)


def read_requirements(text: str) -> Package:
    """Read a list of requirements as pip does; Malformed when a line in it is neither a requirement, an option nor a link."""
    found: list[Declaration] = []
    for number, line in enumerate(source_lines(text), 1):
        words = " ".join(re.split(r"(?:^|\s)#", line[:LONGEST_LINE], maxsplit=1)[0].strip().rstrip("\\").split())
        if not words:
            continue
        if not (REQUIREMENT.fullmatch(words.split(" --hash")[0]) or LINK.fullmatch(words) or PATH.fullmatch(words)):
            raise Malformed(f"line {number} is no requirement")
        found.append(Declaration(words[:LONGEST], number, ""))
    return Package(tuple(found))


def read_environment(text: str) -> Package:
    """Read the list `dependencies` of a conda environment, by its lines."""
    found, inside = [], False
    for number, line in enumerate(source_lines(text), 1):
        if re.match(r"\S", line) and not line.startswith(("-", "#")):
            inside = line.startswith("dependencies:")
        elif inside and (match := re.match(r"\s*-\s+([^\s#].{0,200})", line)):
            found.append(Declaration(match[1].strip(), number, "/dependencies"))
    return Package(tuple(found))


def read_pyproject(text: str) -> Package:
    """Read `project` and `tool.poetry`.

    Raises Malformed for what is no TOML or has these tables in another shape.
    """
    try:
        document = convert(parse_toml(text), PyProject)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, RecursionError) as error:
        raise Malformed(f"not a pyproject.toml: {error}") from error
    lines = source_lines(text)
    project, poetry = document.project or PyProject.Project(), (document.tool.poetry if document.tool else None) or PyProject.Tool.Poetry()
    required = [*project.dependencies, *poetry.dependencies][:MOST]
    licenses = [(item, "/project/classifiers") for item in _classified(project.classifiers[:MOST])]
    if isinstance(project.license, str):
        licenses.insert(0, (project.license, "/project/license"))
    elif project.license and "text" in project.license:
        licenses.insert(0, (project.license["text"], "/project/license/text"))
    if poetry.license:
        licenses.append((poetry.license, "/tool/poetry/license"))
    return Package(
        tuple(Declaration(item[:LONGEST], _line_of(item, lines), "/project/dependencies") for item in required),
        tuple(Declaration(item[:LONGEST], _line_of(item.partition("\n")[0], lines), pointer) for item, pointer in licenses),
    )


def read_setup_cfg(text: str) -> Package:
    """Read `metadata` and `options` of setup.cfg.

    Raises Malformed for what is no such file.
    """
    parser = configparser.RawConfigParser(strict=False)
    try:
        parser.read_string(text)
    except configparser.Error as error:
        raise Malformed(f"not a setup.cfg: {str(error).splitlines()[0]}") from error
    lines = source_lines(text)
    required = parser.get("options", "install_requires", fallback="").split("\n")[:MOST]
    licenses = [
        parser.get("metadata", "license", fallback=""),
        *_classified(parser.get("metadata", "classifiers", fallback="").split("\n")),
    ]
    return Package(
        tuple(
            Declaration(item.strip()[:LONGEST], _line_of(item.strip(), lines), "options.install_requires")
            for item in required
            if item.strip()
        ),
        tuple(Declaration(item.strip()[:LONGEST], _line_of(item.strip(), lines), "metadata.license") for item in licenses if item.strip()),
    )


def read_setup_py(text: str) -> Package:
    """Read the literal keywords of the call of `setup` from its syntax.

    Raises Malformed for what is not Python 3.
    """
    required: list[Declaration] = []
    licenses: list[Declaration] = []
    for node in ast.walk(parse_source(text)):
        if not isinstance(node, ast.Call) or dotted_name(node.func)[-1:] != ("setup",):
            continue
        for keyword in node.keywords:
            values = list(_literals(keyword.value))
            if keyword.arg == "install_requires":
                required += [Declaration(text[:LONGEST], line, "install_requires") for text, line in values]
            elif keyword.arg == "license":
                licenses += [Declaration(text[:LONGEST], line, "license") for text, line in values]
            elif keyword.arg == "classifiers":
                licenses += [Declaration(item, line, "classifiers") for text, line in values for item in _classified([text])]
    return Package(tuple(required), tuple(licenses))


def _literals(node: ast.expr) -> Iterator[tuple[str, int]]:
    items = node.elts if isinstance(node, ast.List | ast.Tuple) else [node]
    for item in items:
        if isinstance(item, ast.Constant) and isinstance(item.value, str):
            yield item.value, item.lineno


def _classified(classifiers: list[str]) -> list[str]:
    named = (_license_of(item.strip()) for item in classifiers if item.strip().startswith(PREFIX))
    return [item for item in named if item not in FAMILIES]


def _license_of(classifier: str) -> str:
    """Give the licence that a trove classifier names: `License :: OSI Approved :: MIT License` is `MIT License`."""
    return classifier.rpartition(" :: ")[2]


def _line_of(text: str, lines: tuple[str, ...]) -> int:
    return next((number for number, line in enumerate(lines, 1) if text and text in line), 1)
