"""TeX paper: the source of an article or report about the model or its data.

What it sees: `.tex` files that begin a LaTeX document, and parts of one: files with sections that another includes.
What it says: a research paper, technical report or data sheet is there, by its title, its abstract or its name, and which files it is made up of;
what it describes, only mentions or withholds of training data, with lines; its own papers and repositories; sentences of terms.
What it cannot know: what macros with arguments or packages would print; which system a part without a title is about. Where neither title nor
abstract shares a name with the root, what is described counts as mentioned, unless the root was passed as data or documents.
Source: the LaTeX reference manual; Gebru et al., Datasheets for Datasets, arXiv:1803.09010.
"""

import re
from collections.abc import Iterator

from inspector.bundle import File, printable
from inspector.cards.card import TELLS
from inspector.cards.papers import READ, Paper, has_heading, judge_paper, load_paper_words, tell_paper
from inspector.detector import Format, Found, Said, Wants, detector
from inspector.documents.tex import TexDocument, read_tex
from inspector.errors import Malformed
from inspector.model import Certainty, Claim, Component, Constructs, Count

BEGIN = re.compile(r"^[^%\n]{0,200}\\(documentclass|documentstyle|begin\s{0,3}\{document\})", re.M)
PART = re.compile(r"^[^%\n]{0,200}\\((sub)*section|chapter|paragraph)\s{0,3}\*?\s{0,3}[\[{]", re.M)

# What a file without a title is read as: nothing says that it is a paper.
PART_OF_ONE = Paper(Component.RESEARCH_PAPER, Certainty.NAMED, "part")


@detector(
    "tex-paper",
    wants=Wants(suffixes=(".tex",)),
    formats=("tex",),
    emits={*((component, Claim.PRESENT) for component in READ), *TELLS},
)
def tex_paper(file: File) -> Iterator[Said]:
    """Read the whole source; a part of one has no title, and so no kind but that of its name."""
    if b"\0" in file.head:
        return
    text = file.text
    if not BEGIN.search(text) and not PART.search(text):
        return
    yield Format("tex")
    source = read_tex(text)
    paper = judge_paper(file.name, source.document, abstract=_has_abstract(source))
    if paper:
        yield _present(paper, source)
    if paper or not source.whole:
        yield from tell_paper(file, source.document, paper or PART_OF_ONE)
    if source.document.broken:
        raise Malformed(source.document.broken)


def _has_abstract(source: TexDocument) -> bool:
    """Say whether there is an abstract, or a file for one."""
    inside = has_heading(source.document, load_paper_words().words.abstract)
    return source.whole and (inside or any("abstract" in path.casefold() for path, _ in source.inputs))


def _present(paper: Paper, source: TexDocument) -> Found:
    """Say that a paper is there, and name the files that it includes, with their lines."""
    seen = tuple(Count(printable(f"input:{path}"[:120]), line) for path, line in source.inputs)
    return Found(paper.component, Claim.PRESENT, "tex", paper.certainty, details=Constructs(seen=seen) if seen else None)
