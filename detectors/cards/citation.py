"""Citation: the paper that a project asks to be cited.

What it sees: CITATION.cff; CITATION.bib; paper.bib where it has one or two entries, since a longer one is a list of other people's work.
What it says: a paper is named, by its arXiv id or DOI, else by its title, with its line.
What it cannot know: whether the paper says anything of the training data; it is not here.
Source: the Citation File Format 1.2.0; the BibTeX documentation.
"""

from collections.abc import Iterator

from inspector.bundle import File, printable
from inspector.cards.citations import count_entries, read_bibtex, read_cff
from inspector.detector import Format, Found, Said, Wants, detector
from inspector.documents.prose import excerpt
from inspector.errors import Malformed, TooLarge
from inspector.model import Claim, Component, Reference, Span

LARGEST = 2**20
MOST_OWN = 2


@detector(
    "citation",
    wants=Wants(names=("citation.cff", "citation.bib", "citations.bib", "paper.bib")),
    formats=("cff", "bibtex"),
    emits={(Component.RESEARCH_PAPER, Claim.REFERENCED)},
)
def citation(file: File) -> Iterator[Said]:
    """Name each paper once."""
    if file.size > LARGEST:
        raise TooLarge(f"{file.size} bytes, the limit for a list of citations is {LARGEST}")
    is_cff = file.suffix == ".cff"
    entries = 0 if is_cff else count_entries(file.text)
    if is_cff and "cff-version" not in file.text:
        raise Malformed("CITATION.cff without cff-version")
    if not is_cff and not entries:
        return
    yield Format("cff" if is_cff else "bibtex")
    if file.name.casefold() == "paper.bib" and entries > MOST_OWN:
        return
    seen: set[str] = set()
    for paper in read_cff(file.text) if is_cff else read_bibtex(file.text):
        name = printable(paper.name)[:200]
        if name not in seen:
            seen.add(name)
            yield Found(
                Component.RESEARCH_PAPER,
                Claim.REFERENCED,
                name,
                span=Span(paper.line, paper.line),
                pointer=printable(paper.pointer)[:200],
                details=Reference(kind="paper", target=name),
                excerpt=excerpt(paper.title),
            )
