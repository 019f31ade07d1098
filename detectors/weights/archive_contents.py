"""Contents of archives: what stands in a file's members, by content and not by name.

What it sees: every file that is a zip or tar file or packed with gzip and its like, that ends as a zip file does whatever it begins with,
or that is an archive of another kind.
What it says: globals and calls of every pickle in a member that no other detector follows, up to three archives deep; what a directory
says against what is there; members that no directory names; archives behind one another; what could not be looked into.
What it cannot know: what encrypted members hold, and archives of kinds that are not read. Nothing is unpacked to disk or unpickled. At most
64 MiB of one packed member are looked at, and 512 MiB of all.
Source: PKWARE's APPNOTE; POSIX for tar; joblib's and NumPy's formats; Python's `pickletools`.
"""

from collections.abc import Iterator

from inspector.archives.part import Part
from inspector.archives.stacked import find_archives
from inspector.bundle import File
from inspector.contents.followed_members import Followed, find_followed
from inspector.contents.kinds import Kind, name_kind
from inspector.contents.members import Walk
from inspector.detector import Said, Wants, detector
from inspector.errors import Malformed
from inspector.pickles.issues import judge_globals
from inspector.serialization.stream import Stream
from inspector.sightings import Sightings

END = 22  # bytes of the record that a zip file without a comment ends with
SETTLE = "Unpack it in a closed place, look at what it holds, and ask for the weights as safetensors."


@detector("archive-contents", wants=Wants(globs=("*",)), formats=(), emits=())
def archive_contents(file: File) -> Iterator[Said]:
    """Walk the members of a file that has any."""
    kind = name_kind(file) if file.size else None
    if kind in {Kind.PICKLE, Kind.UNMARKED, Kind.ARRAY}:
        return
    if kind is None and not _ends_as_zip(file):
        return
    walk = Walk(file, Sightings(file))
    fault: Malformed | None = None
    try:
        _walk(walk, file, kind)
    except Malformed as error:
        fault = error
    yield from judge_globals(file, walk.listings)
    yield from walk.sightings.issues(SETTLE)
    if fault is not None:
        raise fault


def _ends_as_zip(file: File) -> bool:
    return file.size > END and file.read(file.size - END, 4) == b"PK\x05\x06"


def _walk(walk: Walk, file: File, kind: Kind | None) -> None:
    if kind is Kind.ZIP and file.suffix == ".distcp":
        for start, size in find_archives(file).archives:
            part = Part(file, f"at byte {start}", start, size)
            followed = find_followed(part, stacked=True)
            walk.walk_zip(part, f"(at byte {start})", 1, followed.members, names=True)
    elif kind is Kind.ZIP or kind is None:
        followed = find_followed(file) if kind else Followed()
        walk.walk_zip(file, "", 1, followed.members, names=not followed.names)
    elif kind is Kind.TAR:
        walk.walk_tar(Stream(file.read, file.size), "", 1, file)
    elif kind is Kind.PACKED:
        walk.walk_packed(file, "", 1)
    else:
        walk.enter(file, "", 0)
