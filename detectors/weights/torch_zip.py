"""torch archives: the zip files of `torch.save` and of TorchScript.

What it sees: zip files that hold a `data.pkl` one directory deep, under any name.
What it says: parameters are present (or an adapter, or training state), their tensors, dtypes and elements, from the pickle's opcodes;
every global in any pickle inside that weights do not need; storages that are missing, of another size than the tensors need, or used by
none; that a TorchScript archive brings code, and which operators that calls; the architecture of RWKV, by the names of its tensors.
What it cannot know: what the code of a TorchScript archive computes. Nothing is unpickled, and no tensor is read.
Source: torch's `serialization` and `_utils` as they write; PKWARE's APPNOTE for the zip.
"""

from collections.abc import Iterator

from inspector.archives.directory import MAGIC, STORED, Directory, Member, read_directory, read_member
from inspector.archives.findings import judge_gaps, judge_names
from inspector.archives.part import Part
from inspector.bundle import File
from inspector.contents.followed_members import is_main, is_torch_pickle
from inspector.detector import Format, Found, Magic, Said, Wants, detector
from inspector.errors import Malformed
from inspector.model import Claim, Component, Severity, Span, Unit
from inspector.pickles.opcodes import Listing, list_pickle
from inspector.serialization.stream import Stream, stream_of
from inspector.sightings import Sightings
from inspector.weights.pickled import byte_size, count_tensors, judge_globals, reach_of
from inspector.weights.role import role_by_name, role_of
from inspector.weights.rwkv import name_rwkv
from inspector.weights.torchscript_code import forget_own_classes, has_code, judge_code

LARGEST_PICKLE = 32 * 2**20  # bytes that are read at once
MOST_PICKLES = 200
TORCH_SUFFIXES = frozenset({".bin", ".pt", ".pth", ".ckpt", ".ot"})
STACKED = ".distcp"  # several archives in one file, which have a detector of their own
SETTLE = "Save the model again as safetensors, or fetch the file again from its origin and compare digests."


@detector(
    "torch-zip",
    wants=Wants(magic=(Magic(MAGIC),)),
    formats=("torch-zip",),
    emits={
        (Component.PARAMETERS, Claim.PRESENT),
        (Component.CHECKPOINTS, Claim.PRESENT),
        (Component.MODEL_METADATA, Claim.PRESENT),
        (Component.ARCHITECTURE, Claim.REFERENCED),
    },
    version=2,
)
def torch_zip(file: File) -> Iterator[Said]:
    """Follow the pickles' opcodes, never a tensor."""
    if file.suffix == STACKED:
        return
    try:
        directory = read_directory(file)
    except Malformed:
        if _claims(file):
            yield Format("torch-zip")
            raise
        return
    pickles = [member for member in directory.members if is_main(member.name)]
    if not pickles:
        return
    yield Format("torch-zip")
    sightings, root = Sightings(file), pickles[0].name.partition("/")[0]
    _judge_directory(directory, pickles, sightings)
    judge_code(file, directory, root, sightings)
    listings = _list_pickles(file, directory, root, sightings)
    mains = [listing for listing, member in listings if member in {main.name for main in pickles}]
    yield from judge_globals(file, listings)
    yield from _say_weights(file, mains, directory)
    yield from name_rwkv(name for listing in mains for name in listing.names)
    _judge_storages(mains, directory, root, sightings)
    yield from sightings.issues(SETTLE)
    for listing, member in listings:
        if listing.fault:
            raise Malformed(f"{member}: {listing.fault}")


def _claims(file: File) -> bool:
    """Say whether a zip file whose directory cannot be read is called torch's by its own name or by that of its first member."""
    named = int.from_bytes(file.head[26:28], "little")
    return file.suffix in TORCH_SUFFIXES or is_main(file.head[30 : 30 + named].decode("latin-1"))


def _judge_directory(directory: Directory, pickles: list[Member], sightings: Sightings) -> None:
    judge_names((member.name for member in directory.members), sightings)
    judge_gaps(directory.gaps, sightings)
    if len(pickles) > 1:
        message = "more than one main pickle: which of them is loaded depends on the reader"
        sightings.add("torch.two-pickles", Severity.HIGH, message, pickles[-1].name)


def _list_pickles(file: File, directory: Directory, root: str, sightings: Sightings) -> list[tuple[Listing, str | None]]:
    """Follow every member that is a pickle by its name or its first bytes; members that hold storages are left alone."""
    listings: list[tuple[Listing, str | None]] = []
    for member in directory.members:
        if not is_torch_pickle(file, member, root):
            continue
        if len(listings) >= MOST_PICKLES:
            sightings.add(
                "torch.many-pickles", Severity.MEDIUM, f"more than {MOST_PICKLES} pickles: the rest was not followed", member.name
            )
            break
        stream, intact = _open_pickle(file, member)
        if not intact:
            sightings.add("archive.checksum", Severity.MEDIUM, "a pickle's checksum is wrong: torch loads it all the same", member.name)
        listings.append((list_pickle(stream), member.name))
        if has_code(directory, root):
            forget_own_classes(listings[-1][0])
    return listings


def _open_pickle(file: File, member: Member) -> tuple[Stream, bool]:
    """Open a pickle, and say whether its checksum fits; one that is stored and large is read where it stands."""
    if member.method == STORED and member.size > LARGEST_PICKLE:
        part = Part(file, member.name, member.start, member.stored)
        return Stream(part.read, part.size), True
    data, intact = read_member(file, member, LARGEST_PICKLE)
    return stream_of(data), intact


def _say_weights(file: File, mains: list[Listing], directory: Directory) -> Iterator[Found]:
    census = count_tensors(mains)
    named = role_by_name(file.path)
    if not census.parameters and not (named and named.component is not Component.PARAMETERS):
        return
    role = named or role_of(file.path, (name for listing in mains for name in listing.names), "torch-zip")
    kinds = ("torchscript",) if any("/code/" in member.name for member in directory.members) else ()
    main = next(member for member in directory.members if is_main(member.name))
    span = Span(main.start, main.start + main.stored, Unit.BYTES)
    yield Found(role.component, Claim.PRESENT, role.value, span=span, member=main.name, details=census.weights("torch-zip", kinds))


def _judge_storages(mains: list[Listing], directory: Directory, root: str, sightings: Sightings) -> None:
    """Hold the storages that pickles name against the members that hold them; sizes in bytes."""
    members = {member.name: member for member in directory.members}
    used: set[str] = set()
    for listing in mains:
        for key, storage in listing.storages.items():
            name, needed = f"{root}/data/{key}", byte_size(storage.dtype, storage.length)
            used.add(name)
            if (member := members.get(name)) is None:
                sightings.add("torch.storage-missing", Severity.HIGH, "the pickle names a storage that the archive does not hold", name)
            elif needed is not None and needed != member.size:
                sightings.add("torch.storage-size", Severity.HIGH, "a storage has another size than the pickle says", name)
        for tensor in listing.tensors.values():
            needed, count = reach_of(tensor), tensor.storage.length
            if tensor.storage.dtype != "BYTES" and needed > count:
                sightings.add(
                    "torch.tensor-outside", Severity.HIGH, "a tensor reaches beyond its storage", f"{root}/data/{tensor.storage.key}"
                )
    for name in members:
        if name.startswith(f"{root}/data/") and name not in used and mains and not any(listing.fault for listing in mains):
            sightings.add("torch.unused-storage", Severity.MEDIUM, "a storage belongs to no tensor of the pickle", name)
