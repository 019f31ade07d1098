"""Archives as roots: tar (also compressed) and zip files, listed member by member and read in place.

Nothing is unpacked into the tree: members are parts of the archive. What is compressed is inflated once, within limits, into a file that has no name
a bundle could choose and that is gone with the process.
Source: POSIX.1-2001 (tar); PKWARE's APPNOTE (zip).
"""

import atexit
import os
import shutil
import tempfile
import zlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path, PurePosixPath

from inspector.archives.directory import DEFLATED, STORED, Member, read_directory
from inspector.archives.inflated import Inflated, name_method
from inspector.archives.tar import is_tar_head, read_members
from inspector.bundle import Entry, File, Mapped, Root
from inspector.errors import Malformed, TooLarge
from inspector.model import Role, RootRecord, printable
from inspector.serialization.stream import Stream

SUFFIXES = (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz", ".zip")
MOST_INFLATED = 64 * 2**30  # bytes of all that is compressed in one archive
RATIO, SMALL = 200, 64 * 2**20
PIECE = 2**20


def open_archive(path: Path, role: Role | None = None) -> Root | None:
    """Make a root of an archive by its name and content; None for anything else.

    An archive that breaks is a root with a problem, and with the members before the break.
    """
    if not path.is_file() or not path.name.casefold().endswith(SUFFIXES):
        return None
    record = RootRecord(name=printable(path.name), role=role, layout="archive")
    mapped, flaws, taken = list[Mapped](), list[tuple[str, str]](), set[str]()
    try:
        for member in list_zip(path) if path.suffix.casefold() == ".zip" else list_tar(path):
            reason = _refuse(member.path, taken)
            if reason is None:
                taken.add(member.path)
                mapped.append(member)
            else:
                flaws.append((printable(member.path)[:400] or ".", reason))
    except (OSError, Malformed) as error:
        flaws.append((".", f"the archive cannot be read any further: {error}"))
    return Root(record, path.parent, path.resolve().parent, mapped=tuple(mapped), flaws=tuple(flaws))


def _refuse(name: str, taken: set[str]) -> str | None:
    """Say why a member is not listed: its name leads out of the archive, or stands there twice."""
    pure = PurePosixPath(name)
    if pure.is_absolute() or ".." in pure.parts or "\\" in name:
        return "the name of the member leads out of the archive; it is not read"
    if printable(name) != name:
        return "the name of the member is not printable; it is not read"
    return "the archive holds two members of this name; the second is not read" if name in taken else None


def list_tar(path: Path) -> Iterator[Mapped]:
    """List the regular members of a tar file, compressed or not.

    Raises Malformed for what is no tar file or breaks, TooLarge for what inflates beyond the limits; OSError when it cannot be read.
    """
    with _open(path) as file:
        real = _inflate(file) if name_method(file.head) else path
    with _open(real) as file:
        if not is_tar_head(file.head):
            raise Malformed("no tar file")
        for member in read_members(Stream(file.read, file.size)):
            if member.kind == "file":
                yield Mapped(_name(member.name), real, (member.start, member.size))


def list_zip(path: Path) -> Iterator[Mapped]:
    """List the members of a zip file.

    Raises Malformed and OSError as `list_tar` does.
    """
    with _open(path) as file:
        held, total = read_directory(file).members, 0
        for member in held:
            if member.name.endswith("/"):
                continue
            if member.method == STORED:
                yield Mapped(_name(member.name), path, (member.start, member.stored))
            elif member.method == DEFLATED:
                total += member.size
                if total > MOST_INFLATED or member.size > max(SMALL, RATIO * member.stored):
                    raise TooLarge(
                        f"{member.name} inflates to {member.size} bytes from {member.stored}; more than {RATIO} times is not read"
                    )
                yield Mapped(_name(member.name), _inflate_member(file, member))
            else:
                raise Malformed(f"{member.name}: compression method {member.method}; stored and deflated are read")


def _name(name: str) -> str:
    return name.removeprefix("./")


def _open(path: Path) -> File:
    return Entry(RootRecord(name=path.name), path.name, os.fsencode(path), 0).open()


def _inflate(file: File) -> Path:
    """Inflate a compressed file into one of our own, within limits."""
    stream, most = Inflated(file, MOST_INFLATED), max(SMALL, RATIO * file.size)
    with tempfile.NamedTemporaryFile(dir=_room(), delete=False) as target:
        while piece := stream.look(PIECE):
            if stream.position + len(piece) > most:
                raise TooLarge(f"it inflates to more than {RATIO} times its size")
            target.write(stream.take(len(piece)))
        return Path(target.name)


def _inflate_member(file: File, member: Member) -> Path:
    """Inflate a member of a zip file into a file of our own, and hold it against its size and checksum."""
    decoder, crc, size = zlib.decompressobj(-15), 0, 0
    with tempfile.NamedTemporaryFile(dir=_room(), delete=False) as target:
        for place in range(0, member.stored, PIECE):
            data = file.read(member.start + place, min(PIECE, member.stored - place))
            while data and size <= member.size:
                try:
                    piece = decoder.decompress(data, PIECE)
                except zlib.error as error:
                    raise Malformed(f"{member.name}: it cannot be inflated: {error}") from error
                data, crc, size = decoder.unconsumed_tail, zlib.crc32(piece, crc), size + len(piece)
                target.write(piece)
        if size != member.size or crc != member.crc:
            raise Malformed(f"{member.name}: its size or checksum is not what the directory says")
        return Path(target.name)


@cache
def _room() -> Path:
    """Make a directory for what is inflated; it goes with the process."""
    place = Path(tempfile.mkdtemp(prefix="inspector-"))
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    return place
