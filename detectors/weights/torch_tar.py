"""torch tar files: what torch wrote before version 0.1.2, in 2016.

What it sees: tar files that hold the members `pickle`, `storages` and `tensors`, under any name.
What it says: parameters are present (or training state): the tensors, dtypes and elements, from the small pickles in `storages` and
`tensors`; every global in any of the pickles that weights do not need; tensors that reach beyond their storage; that readers which load
weights only refuse such a file.
What it cannot know: names of tensors, which are bound when the file is loaded. Nothing is unpickled, and no element is read.
Source: torch's `serialization`, `legacy_load`; POSIX for the tar.
"""

from collections.abc import Iterator

from inspector.archives.findings import judge_names
from inspector.archives.part import Part
from inspector.archives.tar import MAGIC, MAGIC_OFFSET, TarMember, is_tar_head, read_members
from inspector.bundle import File
from inspector.detector import Format, Magic, Said, Wants, detector
from inspector.errors import Malformed
from inspector.model import Severity
from inspector.pickles.opcodes import Listing, list_pickle
from inspector.serialization.stream import Stream
from inspector.weights.pickled import judge_globals, reach_of
from inspector.weights.role import role_by_name
from inspector.weights.tally import TALLY_EMITS, Tally
from inspector.weights.torch_tar_model import read_storages, read_tensors

PICKLE, STORAGES, TENSORS = "pickle", "storages", "tensors"
FEW = 16  # members among which the three stand
SETTLE = "Load the file with a torch of its time in a closed place, and save the model again as safetensors."


@detector("torch-tar", wants=Wants(magic=(Magic(MAGIC, MAGIC_OFFSET),)), formats=("torch-tar",), emits=TALLY_EMITS)
def torch_tar(file: File) -> Iterator[Said]:
    """Follow the pickles of the members."""
    members = _find_members(file)
    if not {PICKLE, STORAGES, TENSORS} <= members.keys():
        return
    yield Format("torch-tar")
    tally, listings = Tally(file, "torch-tar", end=file.size), list[tuple[Listing, str | None]]()
    judge_names(members, tally.sightings)
    message = "a tar file of torch: readers that load weights only refuse it, others unpickle what is in it"
    tally.sightings.add("torch-tar.old", Severity.LOW, message)
    tally.take(lambda tally: _read(tally, members, listings))
    yield from judge_globals(file, listings)
    yield from tally.say(role_by_name(file.path), SETTLE)


def _find_members(file: File) -> dict[str, TarMember]:
    if not is_tar_head(file.head):
        return {}
    found: dict[str, TarMember] = {}
    try:
        for number, member in enumerate(read_members(Stream(file.read, file.size))):
            if member.kind == "file":
                found.setdefault(member.name.removeprefix("./"), member)
            if number >= FEW:
                break
    except Malformed:
        return found
    return found


def _read(tally: Tally, members: dict[str, TarMember], listings: list[tuple[Listing, str | None]]) -> None:
    seen: set[tuple[str, int, tuple[int, ...]]] = set()
    listing = list_pickle(_open(tally.file, members[PICKLE]))
    listings.append((listing, PICKLE))
    inner: list[Listing] = []
    try:
        storages = read_storages(_open(tally.file, members[STORAGES]), inner)
        for tensor in read_tensors(_open(tally.file, members[TENSORS]), storages, inner):
            key = (tensor.storage.key, tensor.offset, tensor.shape)
            if key not in seen:
                seen.add(key)
                tally.add("", tensor.dtype, tensor.shape)
            if 0 <= tensor.storage.length < reach_of(tensor):
                tally.sightings.add("torch.tensor-outside", Severity.HIGH, "a tensor reaches beyond its storage", tensor.storage.key)
    finally:
        listings.extend((each, STORAGES) for each in inner)
    if listing.fault:
        raise Malformed(listing.fault)


def _open(file: File, member: TarMember) -> Stream:
    part = Part(file, member.name, member.start, member.size)
    return Stream(part.read, part.size)
