"""Hold what detectors say of files and sections against labels that people gave them: `make eval`.

Labels are in tests/evaluation/: of files and documents that were written for this project, and, as facts, of files in public repositories. The
latter are measured where their checkouts are at hand: `make eval REPOSITORIES=DIR`, each below DIR as `OWNER+NAME` at the commit that the label
names. Files of a repository are looked at together, since a script can have its role from what it starts.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from inspector.bundle import File
from inspector.detector import Found
from inspector.errors import Malformed
from inspector.model import Claim, Component, Role
from inspector.registry import load_registry
from inspector.sources.entry_points import load_entry_points
from tests import make
from tests.whole_trees import look_at_tree

LABELS = Path(__file__).parent / "evaluation"
MARK = ".sample"
ROLES: Mapping[tuple[Component, str], str] = {
    (Component.TRAINING, "training"): "training",
    (Component.TRAINING, "pre-training"): "training",
    (Component.TRAINING, "estimator-training"): "training",
    (Component.TRAINING, "fine-tuning"): "fine-tuning",
    (Component.TRAINING, "launch"): "launch-training",
    (Component.TRAINING, "settings"): "settings",
    (Component.TRAINING, "settings-fragment"): "settings",
    (Component.TRAINING, "fine-tuning-settings"): "fine-tuning-settings",
    (Component.PREPROCESSING, "processing"): "data-processing",
    (Component.PREPROCESSING, "collection"): "data-collection",
    (Component.PREPROCESSING, "launch"): "launch-data-processing",
    (Component.EVALUATION, "evaluation"): "evaluation",
    (Component.EVALUATION, "tasks"): "evaluation",
    (Component.EVALUATION, "launch"): "launch-evaluation",
    (Component.INFERENCE, "inference"): "inference",
    (Component.INFERENCE, "launch"): "launch-inference",
    (Component.ARCHITECTURE, "modeling"): "architecture",
    (Component.SUPPORTING, "tokenizer-training"): "tokenizer-training",
    (Component.SUPPORTING, "hyperparameter-search"): "hyperparameter-search",
    (Component.SUPPORTING, "conversion"): "conversion",
    (Component.SUPPORTING, "requirements"): "requirements",
}
ASPECTS = (
    "provenance",
    "scope",
    "collection",
    "labeling",
    "processing",
    "public-listing",
    "third-party-listing",
    "self-supervised",
    "no-third-party",
)


class FileLabel(msgspec.Struct, forbid_unknown_fields=True, rename={"given": "is"}):
    """The roles that a file has, those on which experts could differ, and why."""

    path: str
    given: tuple[str, ...]
    reason: str
    may: tuple[str, ...] = ()
    repository: str = ""
    commit: str = ""
    split: str = ""


class SectionLabel(msgspec.Struct, forbid_unknown_fields=True):
    """What a section says of training data, by aspect, and why."""

    path: str
    heading: str
    line: int
    reason: str
    role: Role = Role.DATA
    described: tuple[str, ...] = ()
    mentioned: tuple[str, ...] = ()
    withheld: tuple[str, ...] = ()
    may: tuple[str, ...] = ()
    repository: str = ""
    commit: str = ""
    split: str = ""


class FileLabels(msgspec.Struct):
    """A table of labels."""

    file: tuple[FileLabel, ...] = ()
    section: tuple[SectionLabel, ...] = ()


@dataclass
class Tally:
    """What was right and wrong, by role or aspect; what was wrong with its place and reason."""

    right: Counter[str] = field(default_factory=Counter)
    extra: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    confused: Counter[tuple[str, str]] = field(default_factory=Counter)
    places: int = 0

    def add(self, place: str, truth: set[str], may: set[str], said: set[str], reason: str) -> None:
        """Count one file or section."""
        self.places += 1
        extra, missed = said - truth - may, truth - said - may
        self.right.update((truth & said) - may)
        self.extra.update(extra)
        self.missed.update(missed)
        self.wrong += [f"extra  {name:22} {place}  ({', '.join(sorted(truth)) or 'none'}: {reason})" for name in sorted(extra)]
        self.wrong += [f"missed {name:22} {place}  ({reason})" for name in sorted(missed)]
        # What was missed was taken for what was said beside the truth, or for nothing; what was said without a truth was taken out of nothing.
        self.confused.update((name, other) for name in missed for other in (extra or {"none"}))
        self.confused.update(("none", other) for other in extra if not missed)

    def confusion(self) -> Iterator[str]:
        """Write which role or aspect was taken for which, `none` for nothing, where the two differ."""
        wrong = sorted((pair for pair in self.confused if pair[0] != pair[1]), key=lambda pair: (-self.confused[pair], pair))
        yield "| labelled | said | times |"
        yield "| --- | --- | --: |"
        yield from (f"| {truth} | {said} | {self.confused[truth, said]} |" for truth, said in wrong)

    def table(self, names: Iterable[str]) -> Iterator[str]:
        """Write precision and recall, a row a name."""
        yield f"| {'':22} | labelled | right | extra | missed | precision | recall |"
        yield "| --- | --: | --: | --: | --: | --: | --: |"
        for name in names:
            right, extra, missed = self.right[name], self.extra[name], self.missed[name]
            if right + extra + missed:
                yield (
                    f"| {name:22} | {right + missed:8} | {right:5} | {extra:5} | {missed:6} "
                    f"| {_ratio(right, right + extra)} | {_ratio(right, right + missed)} |"
                )


def _ratio(part: int, whole: int) -> str:
    return f"{part / whole:.2f}" if whole else "   -"


def role_name(component: Component, value: str, path: str) -> str | None:
    """Name a role as labels do; what a script says of a fine-tuning is that it launches one."""
    name = ROLES.get((component, value))
    return "launch-fine-tuning" if name == "fine-tuning" and path.casefold().endswith(load_entry_points().launchers) else name


def find_all(file: File) -> list[Found]:
    """List what all detectors find in a file."""
    said: list[Found] = []
    for detector in load_registry().wanting(file):
        try:
            said.extend(item for item in detector.look(file) if isinstance(item, Found))
        except Malformed:
            continue
    return said


def aspects_of(file: File) -> dict[tuple[int, str], Claim]:
    """List the aspects of the data that a document speaks of, by the line at which the section begins."""
    strongest: dict[tuple[int, str], Claim] = {}
    for found in find_all(file):
        if found.component is Component.DATASETS and found.value in ASPECTS and found.span is not None:
            key = (found.span.start, found.value)
            strongest[key] = Claim.DESCRIBED if Claim.DESCRIBED in (found.claim, strongest.get(key)) else found.claim
    return strongest


def measure_files(labels: Sequence[FileLabel], top: Path) -> Tally:
    """Measure the labels whose files are below a directory, each with all files of its repository or project, since scripts start each other."""
    tally = Tally()
    for label in labels:
        project, _, rest = label.path.partition("/")
        tree, path = (top / label.repository.replace("/", "+"), label.path) if label.repository else (top / project, rest)
        if (tree / path).is_file():
            said = roles_by_path(tree).get(path, set())
            tally.add(f"{label.repository}/{label.path}".strip("/"), set(label.given), set(label.may), said, label.reason)
    return tally


def measure_written(labels: Sequence[FileLabel]) -> Tally:
    """Measure the labels of files that were written for this project: their names end in a mark, so that no tool takes them for its own."""
    with TemporaryDirectory() as place:
        for path in (LABELS / "files").rglob(f"*{MARK}"):
            target = Path(place) / path.relative_to(LABELS / "files").with_name(path.name.removesuffix(MARK))
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
        return measure_files(labels, Path(place))


@cache
def roles_by_path(tree: Path) -> dict[str, set[str]]:
    """List the roles that the files of a tree have, by themselves or by what they start."""
    roles: dict[str, set[str]] = {}
    for item in look_at_tree(tree):
        name = role_name(item.component, item.value, item.location.path) if item.claim is Claim.PRESENT else None
        if name is not None:
            roles.setdefault(item.location.path, set()).add(name)
    return roles


def measure_sections(labels: Sequence[SectionLabel], top: Path) -> Tally:
    """Measure the labels whose documents are below a directory."""
    tally = Tally()
    documents: dict[tuple[str, str, Role], list[SectionLabel]] = {}
    for label in labels:
        documents.setdefault((label.repository, label.path, label.role), []).append(label)
    for (repository, path, role), sections in documents.items():
        source = top / repository.replace("/", "+") / path
        source = source if repository else source.with_name(source.name + MARK)
        if not source.is_file():
            continue
        with TemporaryDirectory() as place, make.open_file(Path(place) / "bundle", path, source.read_bytes(), role) as file:
            said = aspects_of(file)
        for label in sections:
            lines = {label.line, label.line + 1} if label.heading else set(range(label.line + 1))
            described = {aspect for (line, aspect), claim in said.items() if claim is Claim.DESCRIBED and line in lines}
            tally.add(f"{repository}/{path}:{label.line}".strip("/"), set(label.described), set(label.may), described, label.reason)
    return tally


def read_labels(*names: str) -> FileLabels:
    """Read tables of labels and join them."""
    tables = [msgspec.toml.decode((LABELS / name).read_bytes(), type=FileLabels) for name in names if (LABELS / name).is_file()]
    return FileLabels(tuple(item for table in tables for item in table.file), tuple(item for table in tables for item in table.section))


def reports(repositories: Path | None) -> Iterator[tuple[str, Tally, Sequence[str]]]:
    """Measure every set of labels that is at hand: its title, what came out, and the names of its rows."""
    roles = tuple(dict.fromkeys((*ROLES.values(), "launch-fine-tuning")))
    written = read_labels("files-written.toml", "sections-written.toml")
    public = read_labels("files-development.toml", "files-development-2.toml", "files-held-out.toml", "sections-public.toml")
    held_out = {(label.repository, label.path) for label in read_labels("files-held-out.toml").file}
    for split in ("development", "held-out"):
        files = [label for label in written.file if label.split == split]
        yield f"files written for this project, {split}", measure_written(files), roles
        sections = [label for label in written.section if label.split == split]
        yield f"sections written for this project, {split}", measure_sections(sections, LABELS / "cards"), ASPECTS
    for split in ("development", "held-out") if repositories else ():
        assert repositories is not None
        files = [label for label in public.file if ((label.repository, label.path) in held_out) == (split == "held-out")]
        yield f"files of public repositories, {split}", measure_files(files, repositories), roles
        sections = [label for label in public.section if label.split == split]
        yield f"sections of public repositories, {split}", measure_sections(sections, repositories), ASPECTS
        other = read_labels("files-languages.toml" if split == "development" else "files-languages-held-out.toml").file
        yield f"files in other languages than Python, {split}", measure_files(other, repositories), roles


def main() -> None:
    """Print the tables, and with --wrong every place that came out wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repositories", type=Path, help="a directory with checkouts of the public repositories")
    parser.add_argument("--wrong", default="", help="list what came out wrong in the sets whose title holds this text")
    parser.add_argument("--confusion", action="store_true", help="print which role or aspect was taken for which")
    asked = parser.parse_args()
    for title, tally, names in reports(asked.repositories):
        if not tally.places:
            continue
        sys.stdout.write(f"\n## {title} ({tally.places})\n\n" + "\n".join(tally.table(names)) + "\n")
        if asked.confusion:
            sys.stdout.write("\n" + "\n".join(tally.confusion()) + "\n")
        if asked.wrong and asked.wrong in title:
            sys.stdout.write("\n" + "\n".join(sorted(tally.wrong)) + "\n")


if __name__ == "__main__":
    main()
