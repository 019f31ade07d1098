"""Packaging metadata: what the code needs, and the licence that its metadata declares.

What it sees: requirements files, conda environments, pyproject.toml, setup.cfg, setup.py (by its syntax), package.json, Cargo.toml and CITATION.cff.
What it says: the requirements are listed, each with its line; the terms that the metadata declares for the tree below it.
What it cannot know: whether the declared licence is that of every file, and which versions were in fact used where none is pinned.
Source: PyPA specifications (requirements, core metadata, pyproject.toml), conda environment files, npm package.json, Cargo manifests, CFF 1.2.
"""

import re
import tomllib
from collections.abc import Iterator

import msgspec

from inspector.bundle import File, printable
from inspector.decoding import convert, decode_json
from inspector.detector import Declared, Format, Found, Said, Wants, detector
from inspector.errors import Malformed, TooLarge
from inspector.model import Claim, Component, Constructs, Count, Scope, Span
from inspector.sources.packaging import (
    Declaration,
    Package,
    parse_toml,
    read_environment,
    read_pyproject,
    read_requirements,
    read_setup_cfg,
    read_setup_py,
)
from inspector.sources.source import source_lines

APART = frozenset({"docs", "doc", "documentation", "website", "tests", "test", ".github"})
LARGEST = 4 * 2**20
MANIFESTS = ("environment.yml", "environment.yaml", "pyproject.toml", "setup.py", "setup.cfg", "package.json", "cargo.toml", "citation.cff")
MOST = 200
CFF_LICENSE = re.compile(r"^license:[ \t]*[\"']?([^\"'#\n]{1,200})")


class Manifest(msgspec.Struct):
    """The parts of package.json, and of the table `package` of Cargo.toml, that are read."""

    license: object = None
    dependencies: dict[str, object] = {}


class Cargo(msgspec.Struct):
    """The parts of Cargo.toml that are read."""

    package: Manifest | None = None
    dependencies: dict[str, object] = {}


@detector(
    "requirements",
    wants=Wants(
        names=MANIFESTS,
        globs=("requirements*.txt", "*requirements.txt", "pyproject*.toml"),
    ),
    formats=("requirements", *MANIFESTS),
    emits={(Component.SUPPORTING, Claim.PRESENT), (Component.UNSPECIFIED, Claim.LICENSED)},
)
def requirements(file: File) -> Iterator[Said]:
    """Read the declarations of a packaging file by its name."""
    if b"\0" in file.head:
        return
    if file.size > LARGEST:
        raise TooLarge(f"{file.size} bytes, the limit for packaging metadata is {LARGEST}")
    name, package = file.name.casefold(), _read(file.name.casefold(), file.text)
    yield Format(name if name in MANIFESTS else "requirements")
    if package.requirements:
        first = package.requirements[0]
        seen = tuple(Count(printable(item.text)[:120], item.line) for item in package.requirements[:MOST])
        value = "requirements-of-documentation" if APART & set(file.path.casefold().split("/")[:-1]) else "requirements"
        yield Found(Component.SUPPORTING, Claim.PRESENT, value, span=Span(first.line, first.line), details=Constructs(seen=seen))
    for item in package.licenses:
        yield Declared(
            item.text,
            Component.UNSPECIFIED,
            Scope.TREE,
            span=Span(item.line, item.line),
            pointer=item.pointer,
            excerpt=printable(item.text),
        )


def _read(name: str, text: str) -> Package:
    if name.endswith(".txt"):
        return read_requirements(text)
    if name.startswith("pyproject"):
        return read_pyproject(text)
    if name.startswith("environment"):
        return read_environment(text)
    if name == "citation.cff":
        return _citation(text)
    if name in {"package.json", "cargo.toml"}:
        return _manifest(name, text)
    return read_setup_py(text) if name == "setup.py" else read_setup_cfg(text)


def _citation(text: str) -> Package:
    """Read the top-level key `license` of a citation file."""
    found = ((number, match[1].strip()) for number, line in enumerate(source_lines(text), 1) if (match := CFF_LICENSE.match(line)))
    return Package((), tuple(Declaration(words, number, "/license") for number, words in found))


def _grant(text: str) -> str:
    """Give what a licence says; where npm's own word says that there is none, it must not be taken for a field that was left empty."""
    return "UNLICENSED: no rights are granted" if text == "UNLICENSED" else text


def _manifest(name: str, text: str) -> Package:
    try:
        if name == "package.json":
            manifest = decode_json(text.encode("utf-8", "surrogatepass"), Manifest)
        else:
            cargo = convert(parse_toml(text), Cargo)
            manifest = Manifest(license=cargo.package.license if cargo.package else None, dependencies=cargo.dependencies)
    except (msgspec.DecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise Malformed(f"not a {name}: {error}") from error
    lines = source_lines(text)
    line = next((number for number, line in enumerate(lines, 1) if re.match(r'\s*"?license"?\s*[:=]', line)), 1)
    licenses = (Declaration(_grant(manifest.license)[:200], line, "/license"),) if isinstance(manifest.license, str) else ()
    needs = tuple(
        Declaration(item[:200], next((number for number, text in enumerate(lines, 1) if item in text), 1), "/dependencies")
        for item in list(manifest.dependencies)[:MOST]
    )
    return Package(needs, licenses)
