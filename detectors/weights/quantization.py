"""Quantization: what settings say of packed numbers against the tensors, and how many parameters these stand for.

What it sees: the method that configurations name, and in safetensors files which tensors are packed, by name, dtype and the scales beside them.
What it says: the number of parameters that packed tensors stand for, without scales and zero points; an issue where the settings say quantized and no
tensor is packed so, where tensors are packed and the configuration says nothing, or where they have other bits.
What it cannot know: how good the numbers still are; the count of layouts that no table describes. Files of other formats are not compared.
Source: the layouts in `standards/quantization.toml`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from inspector.detector import Found, Gathered, crosscheck
from inspector.model import Claim, Component, Count, Evidence, Issue, Location, Packed, Quantization, Severity, Sizes, Weights
from inspector.pure_paths import parent_of
from inspector.weights.packing import count_parameters, load_quantization

HELD = (Component.PARAMETERS, Component.CHECKPOINTS)
WORD = 32
MOST_LOCATIONS = 50
SETTLE = "Fetch configuration and weights again from the same revision; a loader that trusts the one misreads the other."


@dataclass(slots=True)
class Directory:
    """What lies in one directory: what settings say, whether a configuration is there, and the weights."""

    said: list[tuple[Evidence, Quantization]] = field(default_factory=list)
    configured: list[Location] = field(default_factory=list)
    weights: list[tuple[Evidence, Weights]] = field(default_factory=list)

    @property
    def packed(self) -> list[Packed]:
        """All packed tensors, by file."""
        return [packed for _, details in self.weights for packed in details.packed]

    @property
    def places(self) -> tuple[Location, ...]:
        """Where the weights are."""
        return tuple(item.location for item, _ in self.weights)[:MOST_LOCATIONS]


@crosscheck("quantization", emits={(Component.PARAMETERS, Claim.DESCRIBED)})
def quantization(gathered: Gathered) -> Iterator[Found | Issue]:
    """Hold settings and packed tensors of each directory against one another, and count what the tensors stand for."""
    directories: dict[tuple[str, str], Directory] = {}
    for item in gathered.evidence:
        here = (item.location.root, parent_of(item.location.path.partition("!/")[0]))
        if isinstance(item.details, Quantization) and item.detector != "gguf":
            directories.setdefault(here, Directory()).said.append((item, item.details))
        elif item.component in HELD and item.claim is Claim.PRESENT and isinstance(item.details, Weights):
            directories.setdefault(here, Directory()).weights.append((item, item.details))
        elif item.component is Component.MODEL_METADATA and item.value == "model-config":
            directories.setdefault(here, Directory()).configured.append(item.location)
    for directory in directories.values():
        if directory.packed:
            yield from _count(directory)
        yield from _compare(directory)


def _count(directory: Directory) -> Iterator[Found]:
    bits = next((details.bits for _, details in directory.said if details.bits), None)
    held = [(item, details) for item, details in directory.weights if details.format == "safetensors"]
    elements = sum(details.parameters or 0 for _, details in held)
    total = count_parameters(elements, directory.packed, bits)
    layouts = ", ".join(sorted({packed.layout for packed in directory.packed}))
    place = next(item.location for item, details in held if details.packed)
    if total is None:
        yield Found(Component.PARAMETERS, Claim.DESCRIBED, f"packed as {layouts}; the number of parameters is not known", at=place)
        return
    sizes = Sizes(sizes=(Count("parameters", total), Count("elements", elements)))
    yield Found(Component.PARAMETERS, Claim.DESCRIBED, f"{total:,} parameters, packed as {layouts}", at=place, details=sizes)


def _compare(directory: Directory) -> Iterator[Issue]:
    layouts = {packed.layout for packed in directory.packed}
    only = bool(directory.weights) and all(details.format == "safetensors" for _, details in directory.weights)
    whole = only and not all(item.value.endswith("-adapter") for item, _ in directory.weights)
    if not directory.said and directory.configured and layouts:
        message = f"tensors are packed as {', '.join(sorted(layouts))}, and the configuration does not say that the weights are quantized"
        yield _issue("quantization.not-in-configuration", Severity.MEDIUM, message, (*directory.configured, *directory.places))
    for item, details in directory.said if whole else ():
        known = {method.id: method.layouts for method in load_quantization().method}.get(details.method, ())
        if known and not layouts & set(known):
            there = f"they are packed as {', '.join(sorted(layouts))}" if layouts else "none is packed"
            message = f"the configuration says {item.value}, and no tensor is packed so: {there}"
            yield _issue("quantization.not-in-tensors", Severity.MEDIUM, message, (item.location, *directory.places))
        elif wrong := sorted({bits for bits in map(_bits, directory.packed) if bits and details.bits and bits != details.bits}):
            message = f"the configuration says {item.value}, and tensors are packed with {', '.join(map(str, wrong))} bits"
            yield _issue("quantization.other-bits", Severity.MEDIUM, message, (item.location, *directory.places))


def _bits(packed: Packed) -> int | None:
    """Give the bits of a number where words of 32 bits and their own parts tell, for all tensors alike."""
    if packed.layout not in ("gptq", "awq") or not packed.parameters or packed.elements * WORD % packed.parameters:
        return None
    return packed.elements * WORD // packed.parameters


def _issue(rule: str, severity: Severity, message: str, places: tuple[Location, ...]) -> Issue:
    return Issue(rule=rule, severity=severity, message=message, locations=places[:MOST_LOCATIONS], settle=SETTLE)
