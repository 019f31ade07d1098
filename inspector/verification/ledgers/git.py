"""What a clone's own repository says: the tree of the commit at HEAD, read from its objects, and the index.

The commit's id names its tree, the tree the content of each file, and all of them are held against their names: whoever knows the id from elsewhere
has all files proven. Of files that git-lfs keeps, the commit has a pointer with the SHA-256 and size of the content. Source: git, "gitformat-index",
"gitformat-pack", "gitrepository-layout"; git-lfs, docs/spec.md.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from inspector.bundle import Entry, Survey
from inspector.errors import Damaged, Malformed
from inspector.git.index import DIRECTORY, GITLINK, LINK, Row, read_index
from inspector.git.lfs import LONGEST, MARKS, read_pointer
from inspector.git.objects import GitObjects
from inspector.git.trees import TreeEntry, find_head, list_tree, read_tree_name
from inspector.model import Issue, Location, Pointer, Problem, Severity, printable
from inspector.verification.integrity import GIT, Complete, Expected, Note, Said, Strength, Trust, join_path, ledger
from inspector.verification.record_reading import place, read_bytes, read_each, refuse_path

COMMIT, INDEX = "git-commit", "git-index"
LARGEST_INDEX = 128 * 2**20
FILTER = re.compile(rb"filter=lfs")


@dataclass(frozen=True, slots=True)
class Clone:
    """A working tree: where it stands in the root (with a slash behind it, or empty), and what its index has, if that could be read."""

    base: str
    rows: tuple[Row, ...]

    @property
    def submodules(self) -> tuple[str, ...]:
        """The paths of other repositories in it, of which it names the commit alone."""
        return tuple(path for row in self.rows if row.mode == GITLINK and (path := spell(self.base, row.path)))


def spell(base: str, path: bytes) -> str | None:
    """Spell a path of git as the survey does; none where it leads out or into `.git`."""
    joined = join_path(base, path.decode("utf-8", "surrogateescape"))
    return None if joined is None or ".git" in joined.casefold().split("/") else joined


@ledger(
    COMMIT,
    title="commit of the clone",
    proves="the files are those of the commit, all of them and no others; if its id is the publisher's, so are the files",
    strength=Strength.CHAINED,
)
def git_commit(survey: Survey, _: Trust) -> Iterator[Said]:
    """Read the tree of the commit at HEAD."""
    for base in survey.find_bases(".git/HEAD"):
        clone = Clone(base, tuple(_rows(survey, base)))
        yield from read_each((survey.records[f"{base}.git/HEAD"],), CommitReader(survey, clone).read)
    for path in survey.records:
        if path == ".git" or path.endswith("/.git"):
            yield Note(text=f"{path} says that the repository lies elsewhere; it was not looked into")


@ledger(INDEX, title="index of the clone", proves="the content is what git checked out, or what was staged since")
def git_index(survey: Survey, _: Trust) -> Iterator[Said]:
    """Read what is checked out."""
    for base in survey.find_bases(".git/index"):
        yield from read_each((survey.records[f"{base}.git/index"],), IndexReader(base, links=survey.root.mapped is None).read)


def _rows(survey: Survey, base: str) -> Iterator[Row]:
    entry = survey.records.get(f"{base}.git/index")
    if entry is not None:
        try:
            yield from read_index(read_bytes(entry, LARGEST_INDEX))
        except (Malformed, OSError):
            return  # it is told by the ledger of the index


@dataclass(frozen=True, slots=True)
class IndexReader:
    """Reads the index of the clone at `base`; links cannot be seen in an archive."""

    base: str
    links: bool

    def read(self, entry: Entry) -> Iterator[Said]:
        """Give what each path should hold."""
        for row in read_index(read_bytes(entry, LARGEST_INDEX)):
            if row.mode in {GITLINK, DIRECTORY} or row.skipped or (row.mode == LINK and not self.links):
                continue
            path, record = spell(self.base, row.path), place(entry, pointer=row.path.decode("utf-8", "replace"))
            if path is None:
                yield refuse_path(record, row.path.decode("utf-8", "replace"))
            else:
                yield Expected(
                    path=path, ledger=INDEX, record=record, algorithm=GIT[len(row.name)], digest=row.name,
                    size=row.size or None, hint=True, link=row.mode == LINK,
                )  # fmt: skip


class CommitReader:
    """Reads the commit at HEAD of a clone."""

    def __init__(self, survey: Survey, clone: Clone) -> None:
        self._survey = survey
        self._clone = clone
        self._left_out = {row.path for row in clone.rows if row.skipped}
        self._sparse = tuple(row.path for row in clone.rows if row.mode == DIRECTORY)
        self._sizes = {row.path: row.size for row in clone.rows}
        self._record = Location(root=survey.root.record.name, path=f"{clone.base}.git/HEAD")

    def read(self, entry: Entry) -> Iterator[Said]:
        """Give what each path of the commit's tree should hold; where objects are damaged or not here, the index has to do."""
        git = entry.path.removesuffix("HEAD")
        head = find_head(self._survey.records, git)
        if head is None:
            yield Note(text=f"{git}HEAD names no commit that can be read; the index alone was used")
            return
        if f"{git}objects/info/alternates" in self._survey.records:
            yield Note(text=f"{git} keeps objects elsewhere; they were not looked at")
        self._record = Location(root=self._survey.root.record.name, path=f"{git}HEAD", pointer=head)
        with GitObjects(self._survey.records, git) as objects:
            try:
                tree = read_tree_name(objects.read(head, "commit"))
                entries = tuple(list_tree(objects, tree))
            except (Malformed, OSError) as error:
                yield self._damaged(error)
                return
            submodules = tuple(path for item in entries if item.mode == GITLINK and (path := spell(self._clone.base, item.path)))
            yield Complete(ledger=COMMIT, record=self._record, base=self._clone.base, except_for=submodules)
            if submodules:
                yield Note(text=f"{len(submodules)} other repositories belong to the commit and were not verified: {submodules[0]}")
            links = sum(item.mode == LINK for item in entries)
            if links and self._survey.root.mapped is not None:
                yield Note(text=f"{links} link{'s' if links > 1 else ''} of the commit cannot be seen in an archive")
            stored = self._uses_lfs()
            for item in entries:
                yield from self._expect(item, _read_lfs(objects, item) if stored else None)

    def _expect(self, item: TreeEntry, pointer: Pointer | None) -> Iterator[Said]:
        if item.mode == GITLINK or (item.mode == LINK and self._survey.root.mapped is not None):
            return
        path, shown = spell(self._clone.base, item.path), item.path.decode("utf-8", "replace")
        record = Location(root=self._record.root, path=self._record.path, pointer=printable(f"{self._record.pointer}:{shown}"[:1000]))
        if path is None:
            yield refuse_path(record, shown)
            return
        listed = item.path in self._left_out or item.path.startswith(self._sparse or (b"\0",))
        digest = (GIT[len(item.name)], item.name) if pointer is None else ("sha256", pointer.sha256)
        size = pointer.size if pointer else self._sizes.get(item.path) or None
        yield Expected(
            path=path, ledger=COMMIT, record=record, algorithm=digest[0], digest=digest[1], size=size, hint=pointer is None,
            link=item.mode == LINK, listed=listed,
        )  # fmt: skip

    def _uses_lfs(self) -> bool:
        """Say whether git-lfs has to do with this clone, so that small objects can be pointers."""
        if any("/lfs/" in path for path in self._survey.records):
            return True
        for path, entry in self._survey.entries.items():
            if path.rpartition("/")[2] == ".gitattributes":
                try:
                    if FILTER.search(read_bytes(entry)):
                        return True
                except (Malformed, OSError):
                    continue
        return False

    def _damaged(self, error: Exception) -> Said:
        if not isinstance(error, Damaged):
            return Problem(location=self._record, reason=f"{error}: the files were held against the index alone, not against the commit")
        return Issue(
            rule="verify.damaged-record",
            severity=Severity.HIGH,
            message=f"the commit cannot be read: {error}",
            locations=(self._record,),
            settle="Clone the repository again, and compare the id of the commit with the publisher's.",
        )


def _read_lfs(objects: GitObjects, item: TreeEntry) -> Pointer | None:
    """Read an object as a pointer; none where it is none, or not here."""
    if item.mode == LINK:
        return None
    try:
        size = objects.measure(item.name)
        if size is None or size >= LONGEST:
            return None
        data = objects.read(item.name, "blob", LONGEST)
        return read_pointer(data) if data.startswith(MARKS) else None
    except (Malformed, OSError):
        return None
