"""Sample systems as values, and how they are written to a directory."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.resources import files
from importlib.resources.abc import Traversable
from importlib.util import find_spec
from pathlib import Path
from pkgutil import iter_modules

from inspector.judgement import Grade
from inspector.model import Role

ATTESTATION = "attestation.toml"
MARK = ".sample"  # keeps tests and linters from taking a sample's sources for the project's own


@dataclass(frozen=True)
class SampleRoot:
    """One root of a system: its directory, the role it is passed with, and its files."""

    name: str
    role: Role
    files: Mapping[str, str | bytes]


@dataclass(frozen=True)
class System:
    """A system of roots, and what it is there to show.

    `group` is where the Open Source Initiative's own validation put the system of that name; `attestation` is what a person states of it.
    """

    name: str
    shows: str
    roots: tuple[SampleRoot, ...]
    group: Grade | None = None
    attestation: str = ""


def all_systems() -> tuple[System, ...]:
    """List all sample systems: every module of `sample_bundles.systems` holds one."""
    package = import_module("sample_bundles.systems")
    return tuple(import_module(f"{package.__name__}.{info.name}").SYSTEM for info in iter_modules(package.__path__))


def twelve_systems() -> tuple[System, ...]:
    """List the systems that stand for those of the Initiative's validation, those that conform first, each group by name."""
    order = tuple(Grade)
    found = [(order.index(system.group), system.name, system) for system in all_systems() if system.group is not None]
    return tuple(system for _, _, system in sorted(found, key=lambda item: item[:2]))


def build(system: System, top: Path) -> Path:
    """Write a system below a directory, one directory a root, and return its directory. The same system gives the same bytes."""
    place = top / system.name
    for root in system.roots:
        (place / root.name).mkdir(parents=True, exist_ok=True)
        for path, data in root.files.items():
            target = place / root.name / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data.encode() if isinstance(data, str) else data)
    if system.attestation:
        (place / ATTESTATION).write_text(system.attestation, encoding="utf-8")
    return place


def place_roots(system: System, top: Path) -> tuple[Path, tuple[tuple[Role, Path], ...]]:
    """Give the root that names a built system, and the further ones with their roles."""
    first, *others = ((root.role, top / system.name / root.name) for root in system.roots)
    return first[1], tuple(others)


def read_texts(system: str, root: str) -> dict[str, str]:
    """Read the texts of a root: everything below `texts/SYSTEM/ROOT`, without the mark at the end of the names."""
    return dict(_read_below(files("sample_bundles").joinpath("texts", system, root), ""))


def read_text(system: str, name: str) -> str:
    """Read one text of a system that is no file of a root as it stands: `texts/SYSTEM/NAME`, with the mark at its end."""
    return files("sample_bundles").joinpath("texts", system, name + MARK).read_text(encoding="utf-8")


def read_attestation(system: str) -> str:
    """Read what a person states of a system: `texts/SYSTEM/attestation.toml`."""
    return files("sample_bundles").joinpath("texts", system, ATTESTATION).read_text(encoding="utf-8")


def read_license(key: str) -> str:
    """Read a licence text out of the installed ScanCode data, without its front matter."""
    spec = find_spec("licensedcode")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("ScanCode's data is not installed")
    text = (Path(spec.origin).parent / "data" / "licenses" / f"{key}.LICENSE").read_text(encoding="utf-8")
    return text.split("---\n", 2)[2].strip("\n") + "\n"


def _read_below(place: Traversable, above: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for item in sorted(place.iterdir(), key=lambda item: item.name):
        if item.is_dir():
            found += _read_below(item, f"{above}{item.name}/")
        elif item.name.endswith(MARK):
            found.append((above + item.name.removesuffix(MARK), item.read_text(encoding="utf-8")))
    return found
