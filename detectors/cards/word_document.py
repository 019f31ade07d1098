"""Word document: a report, a data sheet or a public summary of training content as DOCX.

What it sees: `.docx` files, which are zip files with a part `word/document.xml`.
What it says: a paper, report, data sheet or public summary is there, by its title, its headings or its name; what it describes, only mentions or
withholds of training data, with the number of the paragraph as a pointer (`/paragraphs/12`); sentences of terms. Where nothing says what it is, only
the format is said.
What it cannot know: what stands in images, comments, footnotes and fields; which system it is about, if its title and first words share no name with
the root: then what is described counts as mentioned, unless the root was passed as data or documents.
Source: ECMA-376, part 1; the European Commission's template for the public summary of training content, July 2025.
"""

from collections.abc import Iterator

from inspector.archives.directory import MAGIC
from inspector.bundle import File
from inspector.cards.card import TELLS
from inspector.cards.papers import READ, at_place, has_heading, judge_paper, load_paper_words, present, tell_paper
from inspector.detector import Format, Said, Wants, detector
from inspector.documents.docx import read_docx
from inspector.model import Claim, Component


@detector(
    "word-document",
    wants=Wants(suffixes=(".docx",)),
    formats=("docx",),
    emits={*((component, Claim.PRESENT) for component in READ), (Component.DATA_CARD, Claim.MENTIONED), *TELLS},
)
def word_document(file: File) -> Iterator[Said]:
    """Read the main part of the document."""
    if not file.head.startswith(MAGIC):
        return
    document = read_docx(file)
    if document is None:
        return
    yield Format("docx")
    paper = judge_paper(file.name, document, abstract=has_heading(document, load_paper_words().words.abstract))
    if paper:
        told = tuple(tell_paper(file, document, paper))
        yield present(paper, told, "docx")
        for said in told:
            yield at_place(said, "/paragraphs")
