"""Lists of addresses: how many of the lines of a text hold one, and of what: data that anybody can get, data of somebody's own, pages."""

import re
from dataclasses import dataclass, field

from inspector.data_information.listing_words import compiled, load_listing_words

ADDRESS = re.compile(r"\b(?:https?|s3|gs|ftp|hdfs)://[^\s,\"'<>|;]{4,2000}")
DIGEST = re.compile(r"\b(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}|[0-9a-f]{128})\b", re.I)
MOST_LINES = 200_000
MOST_SEEN = 20
FEWEST = 5
FEWEST_PAGES = 20
SHARE = 0.8


@dataclass(slots=True)
class AddressList:
    """What was counted: lines with words, lines with an address, by kind; lines with a checksum of a data file; the first entries of each.

    `cut` says that there are more lines than were read.
    """

    lines: int = 0
    public: int = 0
    private: int = 0
    pages: int = 0
    others: int = 0
    hashed: int = 0
    cut: bool = False
    seen: dict[str, list[tuple[str, int]]] = field(default_factory=dict)

    @property
    def addresses(self) -> int:
        """The lines with an address."""
        return self.public + self.private + self.pages + self.others

    def note(self, kind: str, text: str, line: int) -> None:
        """Count an entry, and keep it if it is one of the first."""
        if kind == "public":
            self.public += 1
        elif kind == "private":
            self.private += 1
        elif kind == "page":
            self.pages += 1
        elif kind == "hashed":
            self.hashed += 1
        else:
            self.others += 1
        first = self.seen.setdefault(kind, [])
        if len(first) < MOST_SEEN:
            first.append((text, line))


def judge_address(address: str) -> str:
    """Say what an address leads to: `public` data, `private` data, a `page`, or `other`: a model, code, a picture of a badge."""
    words = load_listing_words().addresses
    placed = compiled(words.places).search(address) is not None
    if compiled(words.never).search(address) and not placed:
        return "other"
    if not placed and not compiled(words.files).search(address):
        return "page"
    return "public" if placed or compiled(words.public).search(address) else "private"


def read_addresses(text: str) -> AddressList:
    """Read a text line by line; the first address of a line counts."""
    lines = text.split("\n")
    found = AddressList(cut=len(lines) > MOST_LINES)
    for number, line in enumerate(lines[:MOST_LINES], 1):
        if not (stripped := line.strip()) or stripped.startswith("#"):
            continue
        found.lines += 1
        if match := ADDRESS.search(stripped):
            found.note(judge_address(match[0]), match[0], number)
        elif (digest := DIGEST.search(stripped)) and compiled(load_listing_words().paths.hashed).search(stripped):
            rest = (stripped[: digest.start()] + stripped[digest.end() :]).strip(" *,;\t\"'")
            if not compiled(load_listing_words().addresses.never).search(rest):
                found.note("hashed", rest, number)
    return found


def judge_list(found: AddressList, path: str, *, whole_lines: bool) -> str:
    """Say what a list is of: `public`, `private`, `page` or `hashed`; nothing where too few lines are of one kind, or the path names no data.

    `whole_lines` says that nearly every line must be an entry, as in a list; in JSON the lines between entries hold other things.
    """
    total = found.lines if whole_lines else found.addresses
    words = load_listing_words().paths
    for kind, count in (("public", found.public), ("private", found.private)):
        if count >= FEWEST and count >= SHARE * total:
            return kind
    if found.public + found.private >= FEWEST and found.public + found.private >= SHARE * total:
        return "private"
    named = compiled(words.pages).search(path.rpartition("/")[2]) and compiled(words.data).search(path)
    if named and whole_lines and found.pages >= FEWEST_PAGES and found.pages >= SHARE * total:
        return "page"
    return "hashed" if found.hashed >= FEWEST and found.hashed >= SHARE * max(found.lines, found.addresses) else ""
