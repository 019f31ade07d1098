"""Which members of a zip file a detector of its format follows itself, so that nothing is told twice."""

import re
from dataclasses import dataclass
from pathlib import PurePosixPath

from inspector.archives.directory import Directory, Member, read_directory
from inspector.bundle import File
from inspector.errors import Malformed

PROTOCOL = re.compile(rb"\x80[\x02-\x05]")
STORAGE = re.compile(r"\.?data/\w+|tensors/\w+|constants/\w+")
KERAS, SKOPS = "config.json", "schema.json"


@dataclass(frozen=True, slots=True)
class Followed:
    """The members whose pickles are followed elsewhere; `names` says that the names of all members are judged there."""

    members: frozenset[str] = frozenset()
    names: bool = False


def is_main(name: str) -> bool:
    """Say whether a member is a torch archive's pickle; torch itself compares without regard to case."""
    path = PurePosixPath(name)
    return len(path.parts) == 2 and path.name.casefold() == "data.pkl"


def is_torch_pickle(file: File, member: Member, root: str) -> bool:
    """Say whether a member of a torch archive is a pickle by its name or its first bytes; members that hold storages are none."""
    inner = member.name.removeprefix(f"{root}/")
    if STORAGE.fullmatch(inner):
        return False
    named = inner.casefold().endswith((".pkl", ".debug_pkl"))
    return named or (member.stored >= 2 and PROTOCOL.match(file.read(member.start, 2)) is not None)


def find_followed(file: File, *, stacked: bool = False) -> Followed:
    """Find the members that are followed; none where the directory is not sound, since every detector gives up there.

    Of archives that are `stacked` in one file the main pickle alone is followed.
    """
    try:
        directory = read_directory(file)
    except Malformed:
        return Followed()
    names = {member.name for member in directory.members}
    main = next((name for name in (member.name for member in directory.members) if is_main(name)), None)
    if main is not None and not stacked:
        root = main.partition("/")[0]
        return Followed(frozenset(member.name for member in directory.members if is_torch_pickle(file, member, root)), names=True)
    if main is not None:
        return Followed(frozenset({main}))
    if names and (file.suffix == ".npz" or all(name.endswith(".npy") for name in names)):
        return Followed(_arrays(directory), names=True)
    return Followed(names=KERAS in names or SKOPS in names)


def _arrays(directory: Directory) -> frozenset[str]:
    return frozenset(member.name for member in directory.members if member.name.endswith(".npy"))
