"""NeMo: a model of NeMo 1, as a tar file of its configuration, its weights and its tokenizer.

What it sees: tar files, plain or packed with gzip, that hold a `model_config.yaml`, under any name.
What it says: parameters are present: the tensors of the weights inside, from their pickles' opcodes; the classes that the configuration
names, and every one that is imported from elsewhere than the known frameworks; globals that weights do not need; the data and the tokenizer
that the configuration names; members that lead out of the directory they are unpacked in.
What it cannot know: what the named classes do. Nothing is unpacked, unpickled or imported. Of a packed file at most 512 MiB are read.
Source: NeMo's `SaveRestoreConnector`; POSIX for the tar; torch's `serialization` for the weights.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from inspector.archives.findings import judge_names
from inspector.archives.inflated import GZIP, Inflated
from inspector.archives.tar import BLOCK, MAGIC, MAGIC_OFFSET, TarMember, is_tar_head, read_members
from inspector.bundle import File
from inspector.contents.nested_weights import Nested, list_member
from inspector.detector import Format, Found, Magic, Said, Wants, detector
from inspector.errors import Malformed
from inspector.hazards.hydra import find_targets, judge_target
from inspector.model import Certainty, Claim, Component, Issue, Location, Reference, Severity, Span, Unit, printable
from inspector.serialization.stream import Stream
from inspector.serialization.yaml_values import YamlValue, read_yaml_values
from inspector.sightings import Sightings
from inspector.weights.pickled import count_tensors, judge_globals
from inspector.weights.role import role_of

CONFIG = "model_config.yaml"
LARGEST_CONFIG = 4 * 2**20  # bytes
FEW = 64  # members among which the configuration of a file of another name stands
SMALL = 64 * 2**20  # bytes that are inflated to find it
LARGEST_END = 1 << 17  # bytes of zeros that writers put at the end
MOST_SHOWN = 50
LINKS = frozenset({"hard link", "symbolic link", "special"})
DATA_KEYS = frozenset({"manifest_filepath", "data_prefix", "file_path", "file_names", "tarred_audio_filepaths", "input_cfg", "data_path"})
TRAINING = ("train_ds", "data")
SETTLE = "Read the configuration and the code that it names before the model is restored, and fetch the file from its origin."


@dataclass(slots=True)
class Bundle:
    """What was found in the archive so far."""

    names: list[str] = field(default_factory=list)
    links: list[TarMember] = field(default_factory=list)
    config: str | None = None
    nested: list[Nested] = field(default_factory=list)
    tokenizers: list[TarMember] = field(default_factory=list)
    has_rest: bool = False


@detector(
    "nemo",
    wants=Wants(suffixes=(".nemo",), magic=(Magic(MAGIC, MAGIC_OFFSET), Magic(GZIP))),
    formats=("nemo",),
    emits={
        (Component.PARAMETERS, Claim.PRESENT),
        (Component.PARAMETERS, Claim.MISSING),
        (Component.CHECKPOINTS, Claim.PRESENT),
        (Component.MODEL_METADATA, Claim.PRESENT),
        (Component.ARCHITECTURE, Claim.REFERENCED),
        (Component.DATASETS, Claim.REFERENCED),
        (Component.TOKENIZER, Claim.PRESENT),
    },
)
def nemo(file: File) -> Iterator[Said]:
    """Read the members forward: the configuration as YAML, the weights by their opcodes."""
    if not _is_bundle(file):
        return
    yield Format("nemo")
    bundle, fault = Bundle(), None
    try:
        _read(file, bundle)
    except Malformed as error:
        fault = error
    yield from _judge_members(file, bundle)
    yield from _say_weights(file, bundle)
    for member in bundle.tokenizers[:MOST_SHOWN]:
        yield Found(Component.TOKENIZER, Claim.PRESENT, "nemo", Certainty.NAMED, member=printable(_plain(member.name)))
    if fault is not None:
        yield Found(Component.PARAMETERS, Claim.MISSING, "damaged", span=Span(file.size, file.size, Unit.BYTES))
        raise fault
    if bundle.config is None:
        raise Malformed("it has no model_config.yaml")
    yield from _say_config(bundle.config, file)


def _is_bundle(file: File) -> bool:
    """Say whether the configuration is among the members; a packed file is only looked into so far."""
    packed = file.head.startswith(GZIP)
    stream = Inflated(file, SMALL) if packed else Stream(file.read, file.size)
    try:
        if not is_tar_head(stream.look(BLOCK)):
            return False
        if file.suffix == ".nemo":
            return True
        for number, member in enumerate(read_members(stream)):
            if _plain(member.name) == CONFIG:
                return True
            if number >= FEW:
                return False
    except Malformed:
        return False
    return False


def _plain(name: str) -> str:
    return name.removeprefix("./").rstrip("/")


def _read(file: File, bundle: Bundle) -> None:
    packed = file.head.startswith(GZIP)
    stream = Inflated(file) if packed else Stream(file.read, file.size)
    for member in read_members(stream):
        name = _plain(member.name)
        bundle.names.append(member.name.removeprefix("./"))
        if member.kind in LINKS:
            bundle.links.append(member)
        elif member.kind != "file":
            continue
        elif name == CONFIG and bundle.config is None:
            if member.size > LARGEST_CONFIG:
                raise Malformed(f"a configuration of {member.size} bytes, the limit is {LARGEST_CONFIG}")
            bundle.config = stream.take(member.size).decode("utf-8", "replace")
        elif name.endswith((".ckpt", ".pt")):
            bundle.nested.append(list_member(file, None if packed else member.start, stream, name, member.size))
        elif "tokenizer" in name.casefold() or name.casefold().endswith(("vocab.txt", "vocab.json", "merges.txt", ".spm")):
            bundle.tokenizers.append(member)
    rest = stream.look(LARGEST_END)
    stream.skip(len(rest))
    more = not stream.ended or stream.read_to < file.size if isinstance(stream, Inflated) else stream.left > 0
    bundle.has_rest = more or bool(rest.strip(b"\0"))


def _say_weights(file: File, bundle: Bundle) -> Iterator[Said]:
    yield from judge_globals(file, [(listing, f"{nested.name}{inner}") for nested in bundle.nested for listing, inner in nested.listings])
    for nested in bundle.nested:
        listings = [listing for listing, _ in nested.listings]
        census = count_tensors(listings)
        if census.parameters:
            role = role_of(nested.name, (name for listing in listings for name in listing.names), "nemo")
            span = None if nested.start is None else Span(nested.start, nested.start + nested.size, Unit.BYTES)
            yield Found(role.component, Claim.PRESENT, role.value, span=span, member=nested.name, details=census.weights("nemo"))
    for nested in bundle.nested:
        if nested.fault is not None:
            yield Found(Component.PARAMETERS, Claim.MISSING, "damaged", member=nested.name)
            message, place = f"the weights cannot be read: {nested.fault}"[:300], _place(file, nested.name)
            yield Issue(rule="nemo.broken-weights", severity=Severity.HIGH, message=message, locations=place, settle=SETTLE)
        elif nested.start is None:
            message, place = (
                "only the first pickle of packed weights was followed: unpack the file, and inspect again",
                _place(file, nested.name),
            )
            yield Issue(rule="nemo.packed-weights", severity=Severity.LOW, message=message, locations=place, settle=SETTLE)


def _place(file: File, member: str, line: int | None = None, pointer: str | None = None) -> tuple[Location]:
    span = None if line is None else Span(line, line)
    return (Location(root=file.root.name, path=f"{file.path}!/{printable(member)}", span=span, pointer=pointer),)


def _say_config(text: str, file: File) -> Iterator[Said]:
    yield Found(Component.MODEL_METADATA, Claim.PRESENT, "model-config", member=CONFIG)
    values = list(read_yaml_values(text))
    for value in list(find_targets(values))[: 4 * MOST_SHOWN]:
        pointer, name = printable(".".join(value.path)[:200]), printable(value.text[:200])
        details = Reference(kind="package", target=printable(value.text.partition(".")[0][:100]))
        yield Found(Component.ARCHITECTURE, Claim.REFERENCED, name, pointer=pointer, member=CONFIG, details=details)
        if (severity := judge_target(value.text)) is not None:
            message = f"restoring the model imports and calls what is none of the known frameworks: {name}"
            place = _place(file, CONFIG, value.line, pointer)
            yield Issue(rule="nemo.target", severity=severity, message=message, locations=place, settle=SETTLE)
    yield from _say_data(values)


def _say_data(values: list[YamlValue]) -> Iterator[Found]:
    """Name the files of training data, as far as the configuration does; `???` and `null` name none."""
    shown = 0
    for value in values:
        keys = set(value.path)
        named = keys & DATA_KEYS and keys & set(TRAINING) and value.text.strip() not in {"", "???", "null", "~"}
        if named and shown < MOST_SHOWN and not value.text.startswith("${"):
            shown += 1
            target, pointer = printable(value.text.strip()[:500]), printable(".".join(value.path)[:200])
            details = Reference(kind="file", target=target)
            yield Found(Component.DATASETS, Claim.REFERENCED, target[:200], pointer=pointer, member=CONFIG, details=details)


def _judge_members(file: File, bundle: Bundle) -> Iterator[Issue]:
    sightings = Sightings(file)
    judge_names((name for name in bundle.names if name not in {".", ""}), sightings)
    if bundle.has_rest:
        sightings.add("archive.trailing-bytes", Severity.MEDIUM, "bytes behind the end of the archive belong to no member")
    for member in bundle.links:
        message = f"a member is a {member.kind}: unpacking it can write or read outside of its directory"
        sightings.add("archive.link", Severity.HIGH, message, member.name)
    yield from sightings.issues(SETTLE)
