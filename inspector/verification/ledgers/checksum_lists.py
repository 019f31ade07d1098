"""Lists of checksums: `SHA256SUMS`, `*.sha256`, `MD5SUMS`, `checklist.chk` and their like, as GNU's and BSD's tools write them.

`DIGEST  NAME`, `DIGEST *NAME`, `SHA256 (NAME) = DIGEST`, or the digest alone in a file that has the other's name with a suffix. Names count from
the list's directory. Source: GNU coreutils, "sha2 utilities"; BSD's md5(1); the original releases of Llama.
"""

import re
from collections.abc import Iterator

from inspector.bundle import Entry, Survey
from inspector.errors import Malformed
from inspector.verification.integrity import ALGORITHMS, DIGITS, Expected, Note, Own, Said, Trust, join_path, ledger
from inspector.verification.record_reading import place, read_each, read_lines, refuse_path

ID = "checksum-list"
FUNCTION = r"(?:md5|sha1|sha224|sha256|sha384|sha512|b2|blake2b)"
LIST = re.compile(rf"(?:.*[-_.])?(?:{FUNCTION}-?sums?|checksums?|{FUNCTION})(?:\.txt)?|checklist\.chk", re.I)
BESIDE = re.compile(rf"(?P<name>.+)\.(?P<function>{FUNCTION})(?:sum)?", re.I)
GNU = re.compile(r"(?P<escaped>\\?)(?P<digest>[0-9a-fA-F]{32,128}) [ *]?(?P<name>.*\S.*)|(?P<alone>[0-9a-fA-F]{32,128})\s*")
BSD = re.compile(
    rf"(?P<escaped>\\?)(?P<function>{FUNCTION}|SHA2-\d+|BLAKE2b) ?\((?P<name>.+)\) ?= ?(?P<digest>[0-9a-fA-F]{{32,128}})\s*", re.I
)
SIGNATURES = (".asc", ".gpg", ".minisig")
LIMIT = 16 * 2**20
SPELLED = {r"\\": "\\", r"\n": "\n", r"\r": "\r"}


@ledger(ID, title="list of checksums", proves="the content is what the list says; whoever changed one could change the other")
def checksum_lists(survey: Survey, _: Trust) -> Iterator[Said]:
    """Read every list by its name."""
    yield from read_each((entry for path, entry in survey.entries.items() if LIST.fullmatch(path.rpartition("/")[2])), _read)
    for path in survey.entries:
        stem = path.removesuffix(next((end for end in SIGNATURES if path.endswith(end)), "/"))
        if stem != path and stem in survey.entries:
            yield Own(path=path, ledger=ID)
            yield Note(text=f"{path} is a detached signature of {stem}; it was not verified")


def _read(entry: Entry) -> Iterator[Said]:
    directory, _, own = entry.path.rpartition("/")
    base, read, lines = f"{directory}/" if directory else "", 0, read_lines(entry, LIMIT)
    for number, line in enumerate(lines, 1):
        if line.startswith("-----BEGIN PGP SIGNATURE"):
            yield Note(text=f"{entry.path} carries a signature of its own; it was not verified")
            break
        row = _read_row(line, own)
        if row is None:
            if line.strip() and not line.startswith("#") and read:
                raise Malformed(f"line {number} is no checksum and name")
            continue
        algorithm, digest, name = row
        path = join_path(base, name)
        if path is None:
            yield refuse_path(place(entry, number), name)
        elif algorithm and DIGITS[algorithm] != len(digest):
            raise Malformed(f"line {number}: a digest of {len(digest)} digits is none of {algorithm}")
        elif algorithm and path != entry.path:
            yield Expected(path=path, ledger=ID, record=place(entry, number), algorithm=algorithm, digest=digest)
        read += 1
    if read:
        yield Own(path=entry.path, ledger=ID)


def _read_row(line: str, own: str) -> tuple[str, str, str] | None:
    """Read the algorithm, digest and name of a line; none where it is no such line. An unknown algorithm is an empty one."""
    if match := BSD.fullmatch(line):
        function = match["function"].casefold().replace("sha2-", "sha")
        algorithm, digest, name = {"b2": "blake2b"}.get(function, function), match["digest"], match["name"]
    elif match := GNU.fullmatch(line):
        beside = BESIDE.fullmatch(own)
        name = match["name"] or (beside["name"] if beside else "")
        digest = match["digest"] or match["alone"]
        algorithm = "blake2b" if beside and beside["function"].casefold() in {"b2", "blake2b"} else ALGORITHMS.get(len(digest), "")
    else:
        return None
    if match["escaped"]:
        name = re.sub(r"\\[\\nr]", lambda found: SPELLED[found[0]], name)
    return (algorithm, digest.casefold(), name) if name else None
