"""What a file holds, member by member and by content alone: archives in archives, and pickles under any name in them.

Nothing is unpacked to disk. Members are read where they stand, or from memory; depth, bytes and numbers are bounded, and where a bound is met
that is an issue. Source: PKWARE's APPNOTE, POSIX for tar, joblib and Python's `pickletools` for the pickles.
"""

from inspector.archives.findings import judge_names
from inspector.archives.held import Held
from inspector.archives.inflated import BZIP2, GZIP, PIECE, XZ, Inflated
from inspector.archives.part import Part
from inspector.archives.tar import TarMember, read_members
from inspector.archives.unpacking import READABLE, open_member, read_head
from inspector.archives.zip_entries import Entry, read_entries
from inspector.bundle import File
from inspector.contents.kinds import MODELS, Kind, name_kind
from inspector.errors import Malformed, TooLarge
from inspector.model import Severity, printable
from inspector.pickles.hidden import find_hidden, is_unmarked_pickle, list_stacked
from inspector.pickles.listing import Listing
from inspector.pickles.opcodes import list_pickle
from inspector.pickles.payloads import is_meant
from inspector.serialization.stream import Stream
from inspector.sightings import Sightings
from inspector.weights.array_header import LONGEST, read_array_header

DEEPEST = 3  # archives in archives
HEAD = 4096
LARGEST = 64 * 2**20  # bytes of one member that are unpacked
MOST_UNPACKED = 512 * 2**20  # bytes of all
MOST_PICKLES = 2_000
STACKED = 64
SURE = (GZIP, BZIP2, XZ)  # two bytes of zlib are no proof
CARRIERS = ((4, b"TFL3"),)  # formats that carry a zip file behind them: TFLite's labels
RATIO, BOMB = 200, 2**30
HIGH, MEDIUM, LOW = Severity.HIGH, Severity.MEDIUM, Severity.LOW


class Walk:
    """A walk through one file: the pickles that it finds, with the paths of the members they stand in, and what is wrong."""

    def __init__(self, file: File, sightings: Sightings) -> None:
        self.file, self.sightings = file, sightings
        self._carries = any(file.head[at : at + len(magic)] == magic for at, magic in CARRIERS)
        self.listings: list[tuple[Listing, str]] = []
        self._unpacked = 0

    def note(self, rule: str, severity: Severity, message: str, path: str, span: tuple[int, int] | None = None) -> None:
        """Note what is wrong with a member."""
        self.sightings.add(rule, severity, message, path or None, span)

    def enter(self, view: File, path: str, depth: int) -> None:
        """Look into one member, whatever it is called."""
        kind = name_kind(view)
        if kind is None:
            return
        if kind is Kind.OPAQUE:
            severity = MEDIUM if path or self.file.suffix not in MODELS else HIGH
            self.note("archive.opaque", severity, "an archive of a kind that is not read: nothing is known of what it holds", path)
        elif kind in {Kind.ZIP, Kind.TAR, Kind.PACKED} and depth >= DEEPEST:
            self.note("archive.too-deep", MEDIUM, f"archives in archives, more than {DEEPEST} deep, are not followed", path)
        elif kind is Kind.ZIP:
            self.walk_zip(view, path, depth + 1)
        elif kind is Kind.TAR:
            self.walk_tar(Stream(view.read, view.size), path, depth + 1, view)
        elif kind is Kind.PACKED:
            self.walk_packed(view, path, depth + 1)
        elif kind is Kind.ARRAY:
            self._list_array(view, path)
        else:
            self._list_pickles(view, path, marked=kind is Kind.PICKLE)

    def walk_zip(self, view: File, path: str, depth: int, skips: frozenset[str] = frozenset(), *, names: bool = True) -> None:
        """Walk a zip file; `skips` are members that a detector of its format follows, which may judge the names, too."""
        try:
            entries = read_entries(view)
        except Malformed as error:
            self.note("archive.unreadable", MEDIUM, f"an archive that cannot be read: {error}"[:300], path)
            return
        for flaw in entries.flaws:
            if flaw.rule == "archive.prefix" and self._carries and not path:
                continue
            inner = f"{path}!/{flaw.pointer}" if path and flaw.pointer else flaw.pointer or path
            self.note(flaw.rule, flaw.severity, flaw.message, inner, None if path else flaw.span)
        if names or entries.directory is None:
            judge_names((entry.name for entry in dict.fromkeys(entries.members)), self.sightings)
        self._judge_sizes(view, entries.members, path)
        for entry in entries.members:
            if entry.name not in skips or entries.directory is None:
                self._enter_entry(view, entry, f"{path}!/{entry.name}" if path else entry.name, depth)
        if entries.directory is None:
            self._search(view, path, entries.members)

    def _enter_entry(self, view: File, entry: Entry, path: str, depth: int) -> None:
        if not entry.stored:
            return
        head = Held(view, entry.name, read_head(view, entry, HEAD))
        kind = name_kind(head)
        if entry.sealed and kind is None:
            self.note("archive.encrypted", MEDIUM, "a member is encrypted: nothing is known of what it holds", path)
        elif entry.method not in READABLE:
            self.note("archive.opaque", MEDIUM, f"a member is packed in a way that is not read (method {entry.method})", path)
        elif kind is not None:
            member, whole, fits = open_member(view, entry, LARGEST)
            self._unpacked += member.size if entry.method else 0
            if not fits:
                self.note("archive.checksum", MEDIUM, "a member's checksum is wrong: some readers load it all the same", path)
            if not whole and member.size >= LARGEST:
                self.note("archive.partly-read", MEDIUM, f"only the first {LARGEST} bytes of a member were looked at", path)
            if self._unpacked > MOST_UNPACKED:
                raise TooLarge(f"its members unpack to more than {MOST_UNPACKED} bytes")
            self.enter(member, path, depth)

    def _judge_sizes(self, view: File, members: list[Entry], path: str) -> None:
        total = sum(entry.size for entry in members)
        if total > BOMB and total > RATIO * view.size:
            message = f"its members unpack to more than {RATIO} times its size and more than {BOMB} bytes"
            self.note("archive.bomb", MEDIUM, message, path)

    def _search(self, view: File, path: str, members: list[Entry]) -> None:
        """Look for pickles in what no member takes, of a file that readers disagree on."""
        at = 0
        for begin, end in [*sorted((entry.start, entry.start + entry.stored) for entry in members), (view.size, view.size)]:
            if begin > at:
                for listing in find_hidden(view, at, begin):
                    self.add(listing, path)
            at = max(at, end)

    def walk_tar(self, stream: Stream, path: str, depth: int, view: File | None, skips: frozenset[str] = frozenset()) -> None:
        """Walk a tar file forward; with a view of it, members are read where they stand, else from memory."""
        files, last = 0, ""
        try:
            for member in read_members(stream):
                files, last = files + (member.kind == "file"), member.name
                inner = f"{path}!/{member.name}" if path else member.name
                if member.kind != "file":
                    self._judge_link(member, inner)
                elif member.size and member.name.removeprefix("./") not in skips:
                    self._enter_member(stream, member, inner, depth, view)
        except Malformed as error:
            before = f"{files} members were met before, the last is {printable(last)[:80]}" if files else "no member was met before"
            self.note("archive.unreadable", MEDIUM, f"an archive that cannot be read any further: {str(error)[:200]}; {before}", path)

    def _enter_member(self, stream: Stream, member: TarMember, path: str, depth: int, view: File | None) -> None:
        judge_names([member.name], self.sightings)
        if view is not None:
            self.enter(Part(view, member.name, member.start, member.size), path, depth)
            return
        head = stream.look(min(HEAD, member.size))
        if name_kind(Held(self.file, member.name, head)) is not None:
            if member.size > LARGEST:
                self.note("archive.partly-read", MEDIUM, f"only the first {LARGEST} bytes of a member were looked at", path)
            self.enter(Held(self.file, member.name, stream.take(min(member.size, LARGEST))), path, depth)

    def _judge_link(self, member: TarMember, path: str) -> None:
        """Judge a member that is no file: a link that stays where it is unpacked is common in archives of sources."""
        parts = member.link.split("/")
        if member.kind == "special":
            self.note("archive.link", HIGH, "a member is a special file", path)
        elif "link" in member.kind and (member.link.startswith("/") or parts.count("..") >= len(member.name.strip("/").split("/"))):
            self.note("archive.link", HIGH, f"a member is a {member.kind} that leads out of the directory it is unpacked in", path)

    def walk_packed(self, view: File, path: str, depth: int) -> None:
        """Look into what is packed as a whole: a pickle or a tar file forward, anything else from memory."""
        stream = Inflated(view)
        try:
            kind = name_kind(Held(view, "", _look(stream)))
            if kind is None:
                self._drain(stream, view)
            elif kind is Kind.TAR:
                self.walk_tar(stream, path, depth, None)
            elif kind is Kind.PICKLE:
                self.add(list_pickle(stream), path)
            else:
                self.enter(Held(view, "", stream.look(LARGEST)), path, depth)
        except Malformed as error:
            before = f"{stream.inflated} bytes came out of the {view.size} that are here"
            self.note("archive.unreadable", LOW, f"what is packed cannot be read any further: {str(error)[:200]}; {before}", path)

    def _drain(self, stream: Inflated, view: File) -> None:
        """Read what holds nothing that is followed up to its end, where it is not too long: whether it is whole shows there alone."""
        if view.head.startswith(SURE):
            while not stream.ended and stream.inflated <= LARGEST:
                stream.take(len(stream.look(PIECE)))

    def _list_array(self, view: File, path: str) -> None:
        try:
            header = read_array_header(view.read(0, min(view.size, LONGEST + 12)))
        except Malformed as error:
            self.note("archive.opaque", MEDIUM, f"nothing is known of what an array holds: {error}"[:300], path)
            return
        if header.dtype == "objects":
            self.add(list_pickle(Stream(view.read, view.size, header.start)), path)

    def _list_pickles(self, view: File, path: str, *, marked: bool) -> None:
        listings = list_stacked(Stream(view.read, view.size), STACKED)
        first = listings[0]
        if not (is_meant(first) or first.opcodes > 16 if marked else is_unmarked_pickle(first, view.size)):
            return
        for listing in listings:
            self.add(listing, path)
        if first.fault is None and listings[-1].end < view.size:
            for listing in find_hidden(view, listings[-1].end, view.size):
                self.add(listing, path)

    def add(self, listing: Listing, path: str) -> None:
        """Keep a pickle; one that breaks is an issue, since what follows the break is not known."""
        if len(self.listings) >= MOST_PICKLES:
            raise TooLarge(f"more than {MOST_PICKLES} pickles in its members")
        self.listings.append((listing, path))
        if listing.fault is not None:
            self.note("pickle.broken-member", MEDIUM, f"a pickle in a member breaks: {listing.fault}"[:300], printable(path))


def _look(stream: Inflated) -> bytes:
    """Look at the first bytes of what is packed, as many as stand before a break."""
    for length in (HEAD, HEAD // 4, 64, 2):
        try:
            return stream.look(length)
        except Malformed:
            continue
    return b""
