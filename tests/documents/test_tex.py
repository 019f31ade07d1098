"""LaTeX as a document: what is said stays with its lines, what is hidden or drawn is left out, and no source costs more than its length."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.documents.document import Block, Section
from inspector.documents.tex import TexDocument, read_tex


def body(text: str) -> TexDocument:
    return read_tex(f"\\begin{{document}}\n{text}\n\\end{{document}}\n")


def blocks(text: str) -> list[Block]:
    return [block for section in body(text).document.sections for block in section.blocks]


def texts(text: str) -> list[str]:
    return [block.text for block in blocks(text)]


def sections(text: str) -> list[Section]:
    return list(body(text).document.sections)


def test_sections_have_the_lines_of_the_file_and_the_headings_above_them() -> None:
    first, second, third = sections(
        "\\section{Data}\nOne.\n\\subsection[short]{Training \\emph{data}}\nTwo.\n\\paragraph{Filtering.} Three.\n"
    )
    assert (first.path, first.first, first.last) == (("Data",), 2, 3)
    assert (second.path, second.first, second.last) == (("Data", "Training data"), 4, 5)
    assert third.path == ("Data", "Training data", "Filtering")
    assert (third.blocks[0].text, third.blocks[0].first) == ("Three.", 6)


def test_a_title_names_the_document_and_is_no_section() -> None:
    read = read_tex("\\documentclass{article}\n\\title{A\n  Small Model}\n\\begin{document}\n\\maketitle\nx\n\\end{document}\n")
    assert read.document.title == "A Small Model"
    assert read.whole
    assert [section.path for section in read.document.sections] == [()]


def test_a_part_of_a_source_is_read_without_a_beginning_and_is_no_whole_document() -> None:
    read = read_tex("\\section{Data}\nWords.\n")
    assert not read.whole
    assert read.document.sections[0].blocks[0].text == "Words."


def test_what_stands_before_the_document_says_nothing() -> None:
    assert texts("") == []
    read = read_tex("\\documentclass{article}\nWikipedia\n\\begin{document}\nx\n\\end{document}")
    assert [block.text for section in read.document.sections for block in section.blocks] == ["x"]


def test_an_abstract_and_a_bibliography_are_sections() -> None:
    found = sections(
        "\\begin{abstract}\nWe train.\n\\end{abstract}\n\\section{A}\nx\n\\begin{thebibliography}{9}\n\\bibitem{a} Nobody.\n\\end{thebibliography}"
    )
    assert [section.heading for section in found] == ["Abstract", "A", "References"]


def test_items_keep_their_labels() -> None:
    found = blocks("\\begin{itemize}\n\\item One\n\\item[Web:] two\n\\end{itemize}\nAfter.")
    assert [(block.kind, block.text, block.first) for block in found] == [
        ("item", "One", 3),
        ("item", "Web: two", 4),
        ("text", "After.", 6),
    ]


def test_a_table_has_a_head_and_rows_with_cells() -> None:
    head_row = "Source & Tokens & \\multicolumn{1}{c}{Share} \\\\\n\\cmidrule(lr){1-2}\n"
    table = f"\\begin{{tabular}}{{l|rr}}\n\\toprule\n{head_row}Web & 5B & 90\\% \\\\[2pt]\nBooks & 1B & 10\\%\n\\end{{tabular}}"
    head, web, books = blocks(table)
    assert (head.kind, head.cells) == ("head", ("Source", "Tokens", "Share"))
    assert (web.kind, web.cells, web.first) == ("row", ("Web", "5B", "90%"), 6)
    assert books.cells == ("Books", "1B", "10%")


def test_a_table_inside_of_a_cell_is_text_of_that_cell() -> None:
    (row,) = blocks("\\begin{tabular}{ll}a & \\begin{tabular}{l}b \\\\ c\\end{tabular} \\\\ \\end{tabular}")
    assert row.cells == ("a", "b c")


def test_addresses_are_links_and_citations_lead_nowhere_else() -> None:
    (block,) = blocks("See \\url{https://a.org/x_y%20z} and \\href{https://b.org}{the set}~\\citep[p.~3]{one,two}.")
    assert block.text == "See https://a.org/x_y%20z and the set ."
    assert [(link.text, link.target) for link in block.links] == [
        ("", "https://a.org/x_y%20z"),
        ("the set", "https://b.org"),
        ("", "#one"),
        ("", "#two"),
    ]


def test_a_footnote_stands_in_parentheses_where_its_mark_is() -> None:
    (block,) = blocks("We use Wikipedia\\footnote{From \\url{https://dumps.wikimedia.org}.} only.")
    assert block.text == "We use Wikipedia (From https://dumps.wikimedia.org.) only."


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a % b \\% c\nd", ["a d"]),
        ("100\\% of \\$5", ["100% of $5"]),
        ("a $x^2 + y$ b", ["a b"]),
        ("$1.4$T tokens, $\\geq 0.7$, $\\sim 300$B", ["1.4T tokens, >= 0.7, ~ 300B"]),
        ("a \\begin{equation}E = mc^2\\end{equation} b", ["a b"]),
        ("a \\[ x \\] b", ["a b"]),
        ("a \\iffalse hidden \\ifx b \\fi too \\fi c", ["a c"]),
        ("a \\begin{comment}hidden\\end{comment} b", ["a b"]),
        ("\\textbf{bold} \\textit{it} \\textsc{Small}", ["bold it Small"]),
        ("\\label{x}\\vspace{2pt}\\includegraphics[width=1cm]{a.png}", []),
        ('fran\\c{c}ais, na\\"ive', ["francais, naive"]),
        ("``quoted'' --- yes~no", ['"quoted" - yes no']),
        ("\\verb|--a % b| c", ["--a % b c"]),
        ("\\newcommand{\\us}{Foo-LM\\xspace}\\us{} was trained", ["Foo-LM was trained"]),
        ("\\newcommand{\\two}[1]{#1 secret}\\two{shown}", ["shown"]),
        ("unclosed $ math\n\nnext", ["unclosed", "next"]),
    ],
)
def test_what_a_reader_of_the_page_would_see_is_kept(text: str, shown: list[str]) -> None:
    assert texts(text) == shown


def test_a_listing_is_code_as_it_stands() -> None:
    (block,) = blocks("\\begin{verbatim}\npython x.py % kept\n\\section{no}\n\\end{verbatim}")
    assert (block.kind, block.text, block.first, block.last) == ("code", "python x.py % kept\n\\section{no}", 2, 4)


def test_files_that_are_included_are_named_with_their_lines() -> None:
    assert body("\\input{sections/data}\n\\include{eval}").inputs == (("sections/data", 2), ("eval", 3))


def test_sources_by_other_systems_have_the_same_lines() -> None:
    read = read_tex("\\section{A}\r\nb\r\n\r\nc\r\n")
    assert [block.first for block in read.document.sections[0].blocks] == [2, 4]


PIECES = [*"\\{}[]$&%~ \nab", "\\begin{tabular}", "\\end{tabular}", "\\item", "\\section{", "\\verb|", "\\footnote{"]


@given(st.lists(st.sampled_from(PIECES), max_size=100))
def test_any_text_is_read_and_its_lines_lie_in_it(pieces: list[str]) -> None:
    text = "".join(pieces)
    last = text.replace("\r", "\n").count("\n") + 1
    for section in read_tex(text).document.sections:
        assert 1 <= section.first <= section.last <= last + 1
        assert all(1 <= block.first <= block.last <= last for block in section.blocks)


@pytest.mark.usefixtures("bounded")
@pytest.mark.parametrize(
    "piece",
    [
        "{",
        "\\section{",
        "\\section[",
        "\\iffalse ",
        "\\begin{tabular}{",
        "\\footnote{",
        "\\begin{equation}",
        "\\verb|",
        "\\url{",
        "\\item[x",
        "$a",
        "&",
    ],
)
def test_a_source_of_four_hundred_thousand_beginnings_costs_no_more_than_its_length(piece: str) -> None:
    read_tex(piece * 400_000)


def test_nesting_of_a_hundred_thousand_levels_is_read() -> None:
    assert read_tex("\\emph{" * 100_000 + "x" + "}" * 100_000).document.sections[0].blocks[0].text == "x"


def test_what_was_not_read_is_said() -> None:
    assert read_tex("a{}\n" * 200_000).document.broken == "longer than a paper is read: what follows line 75000 was not read"
