"""Paper: an article, report or data sheet as PDF beside the model.

What it sees: PDF by its magic; its text, page by page, where the file holds text.
What it says: a research paper, technical report or data sheet is there, by its title, its abstract or its name; what it describes, only mentions or
withholds of training data, with the number of the page as a pointer (`/pages/4`); its own papers and repositories; sentences of terms. Where none of
the three says what it is (slides, an invoice, a plot) only the format is said.
What it cannot know: what stands in images and in tables, whose cells have no order; where columns are read across; which system it is about, if
its title and abstract share no name with the root: then what is described counts as mentioned, unless the root was passed as data or documents.
Source: ISO 32000-2, sections 7.5.2 (the header) and 9.10 (extraction of text); Gebru et al., Datasheets for Datasets, arXiv:1803.09010.
"""

from collections.abc import Iterator

from inspector.bundle import File
from inspector.cards.card import TELLS
from inspector.cards.pages import read_page_document
from inspector.cards.papers import READ, at_place, has_heading, judge_paper, load_paper_words, present, tell_paper
from inspector.detector import Format, Found, Magic, Said, Wants, detector
from inspector.documents.document import Document
from inspector.documents.pdf_text import MOST_PAGES, PdfText, read_pdf
from inspector.errors import Malformed
from inspector.isolation import run_bounded
from inspector.model import Claim, Component

LARGEST = 64 * 2**20
FEWEST_CHARACTERS = 20


@detector(
    "paper",
    wants=Wants(magic=(Magic(b"%PDF-"),)),
    formats=("pdf",),
    emits={*((component, Claim.PRESENT) for component in READ), (Component.DATA_CARD, Claim.MENTIONED), *TELLS},
)
def paper(file: File) -> Iterator[Said]:
    """Say what the name says before the text is read, so that a file that cannot be read is still known by it."""
    yield Format("pdf")
    named = judge_paper(file.name, Document((), ()), abstract=False)
    try:
        text = run_bounded(read_pdf, file.whole(LARGEST), PdfText)
    except Malformed:
        if named:
            yield Found(named.component, Claim.PRESENT, "pdf", named.certainty)
        raise
    document = read_page_document(text.pages, text.title)
    judged = judge_paper(file.name, document, abstract=_has_abstract(document))
    if judged:
        told = tuple(tell_paper(file, document, judged))
        yield present(judged, told, "pdf")
        for said in told:
            yield at_place(said, "/pages")
        if problem := _unread(text):
            raise Malformed(problem)


def _has_abstract(document: Document) -> bool:
    words = load_paper_words().words
    return has_heading(document, words.abstract) and has_heading(document, (*words.introduction, *words.references))


def _unread(text: PdfText) -> str:
    """Say in one line what of a paper was not read."""
    if text.unread:
        return f"{len(text.unread)} of its {text.count} pages could not be read, the first of them page {text.unread[0]}"
    if sum(len(page.strip()) for page in text.pages) < FEWEST_CHARACTERS:
        return f"its {text.count} pages hold images and no text: what they say was not read"
    if text.count > len(text.pages):
        return f"its pages after page {len(text.pages)} were not read; the limit is {MOST_PAGES} pages"
    return ""
