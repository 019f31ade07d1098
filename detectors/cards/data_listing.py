"""Data listing: files that list where training data is, or which files it is made of.

What it sees: text, CSV, TSV and JSON lines whose lines are addresses of data, or file names with checksums; `*manifest*.json`, `sources.*`; manifests
of speech with a path and a duration on each line.
What it says: public data is listed, with the number of entries and the first of them by line; addresses in buckets of somebody's own, and checksums
without addresses, are only mentioned; sizes and durations that a list gives are the scope of the data.
What it cannot know: whether the list is whole, whether the addresses still lead to the data, and whether it was used for training. Lists for tests,
measuring, blocking, and of models are passed over; addresses of pages count only where the path says that they are data.
Source: the documentation of img2dataset (lists of addresses), NeMo and fairseq (manifests), GNU coreutils (checksums).
"""

from collections.abc import Iterator

from inspector.bundle import File, decode_text, printable
from inspector.data_information.address_lists import ADDRESS, AddressList, judge_address, judge_list, read_addresses
from inspector.data_information.listing_words import compiled, is_for_something_else, load_listing_words
from inspector.data_information.manifests import Manifest, read_manifest, read_sizes
from inspector.detector import Format, Found, Said, Wants, detector
from inspector.documents.prose import excerpt
from inspector.model import Claim, Component, Constructs, Count, Span
from inspector.sources.signals import has_role

LARGEST = 16 * 2**20
HEAD_LINES = 20
LISTS = (".txt", ".csv", ".tsv", ".jsonl", ".urls")
WORDS = {
    "public": ("addresses of data", Claim.DESCRIBED),
    "page": ("addresses of pages", Claim.DESCRIBED),
    "private": ("addresses of data in buckets of somebody's own", Claim.MENTIONED),
    "hashed": ("checksums of data files, without addresses", Claim.MENTIONED),
}


@detector(
    "data-listing",
    wants=Wants(suffixes=LISTS, globs=("*manifest*.json", "sources.json", "sources.yaml", "sources.yml", "*sha256sum*", "*md5sum*")),
    formats=("address-list", "checksums", "manifest"),
    emits={(Component.DATASETS, Claim.DESCRIBED), (Component.DATASETS, Claim.MENTIONED)},
)
def data_listing(file: File) -> Iterator[Said]:
    """Look at the first lines, then read at most 16 MiB."""
    if b"\0" in file.head or is_for_something_else(file.path, addresses=True) or not has_role(file.path) or not _looks_like_one(file):
        return
    size = min(file.size, LARGEST)
    text = decode_text(file.read(0, size), [])
    if size < file.size:
        text = text.rpartition("\n")[0]
    if (manifest := read_manifest(text)) is not None:
        yield Format("manifest")
        yield _scope(manifest, cut=size < file.size)
        return
    whole_lines = file.name.casefold().endswith(LISTS)
    found = read_addresses(text)
    kind = judge_list(found, file.path, whole_lines=whole_lines)
    if not kind:
        return
    yield Format("checksums" if kind == "hashed" else "address-list")
    yield _listing(kind, found, cut=found.cut or size < file.size)
    if whole_lines and kind != "hashed" and (sizes := read_sizes(text)) is not None:
        yield _scope(sizes, cut=size < file.size)


def _looks_like_one(file: File) -> bool:
    """Say whether the first lines can be those of a list: addresses, checksums or records; and no column speaks of something else."""
    lines = [line for line in file.head.decode("latin-1").splitlines() if line.strip()][:HEAD_LINES]
    if not lines or (len(lines) > 1 and not ADDRESS.search(lines[0]) and compiled(load_listing_words().paths.columns).search(lines[0])):
        return False
    addressed = [match[0] for line in lines if (match := ADDRESS.search(line))]
    if addressed:
        return any(judge_address(address) != "other" for address in addressed)
    return (
        any(compiled(load_listing_words().paths.hashed).search(line) for line in lines) or read_manifest("\n".join(lines[:-1])) is not None
    )


def _listing(kind: str, found: AddressList, *, cut: bool) -> Found:
    words, claim = WORDS[kind]
    first = (
        found.seen[kind]
        if kind != "private"
        else sorted([*found.seen.get("private", ()), *found.seen.get("public", ())], key=lambda item: item[1])
    )
    count = {"public": found.public, "page": found.pages, "private": found.private + found.public, "hashed": found.hashed}[kind]
    seen = tuple(Count(printable(text)[:120], line) for text, line in first)
    told = f"{'at least ' if cut else ''}{count} {words}, the first is {first[0][0]}"
    return Found(Component.DATASETS, claim, "public-listing", span=_span(first), details=Constructs(seen=seen), excerpt=excerpt(told))


def _scope(manifest: Manifest, *, cut: bool) -> Found:
    told = f"{'at least ' if cut or manifest.cut else ''}{manifest.count} {manifest.words}"
    seen = tuple(Count(printable(text)[:120], line) for text, line in manifest.first)
    return Found(
        Component.DATASETS, Claim.DESCRIBED, "scope", span=_span(manifest.first), details=Constructs(seen=seen), excerpt=excerpt(told)
    )


def _span(first: "list[tuple[str, int]] | tuple[tuple[str, int], ...]") -> Span:
    return Span(first[0][1], first[-1][1])
