"""Sample systems as values, and how they are written to a directory."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.resources import files
from importlib.resources.abc import Traversable
from importlib.util import find_spec
from pathlib import Path

from inspector.model import Role

MODULES = ("pythia", "bloom", "mixtral", "llama2", "gallery", "formats", "damaged")
MARK = ".sample"  # keeps tests and linters from taking a sample's sources for the project's own


@dataclass(frozen=True)
class SampleRoot:
    """One root of a system: its directory, the role it is passed with, and its files."""

    name: str
    role: Role
    files: Mapping[str, str | bytes]


@dataclass(frozen=True)
class System:
    """A system of roots, and what it is there to show."""

    name: str
    shows: str
    roots: tuple[SampleRoot, ...]


def all_systems() -> tuple[System, ...]:
    """List all sample systems."""
    systems = [import_module(f"sample_bundles.{name}").SYSTEM for name in MODULES]
    return (
        *systems,
        System("empty", "a directory with nothing in it: nothing to inspect", (SampleRoot("empty-weights", Role.WEIGHTS, {}),)),
    )


def build(system: System, top: Path) -> Path:
    """Write a system below a directory, one directory a root, and return its directory. The same system gives the same bytes."""
    place = top / system.name
    for root in system.roots:
        (place / root.name).mkdir(parents=True, exist_ok=True)
        for path, data in root.files.items():
            target = place / root.name / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data.encode() if isinstance(data, str) else data)
    return place


def read_texts(system: str, root: str) -> dict[str, str]:
    """Read the texts of a root: everything below `texts/SYSTEM/ROOT`, without the mark at the end of the names."""
    return dict(_read_below(files("sample_bundles").joinpath("texts", system, root), ""))


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
