"""Documents: sections, lines, tables and links of Markdown, reStructuredText and plain text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.documents.document import parse_document

TEXT = """---
license: mit
---
# Title

Intro with [a link](https://example.org/x).

## Data

| Source | Size |
| ------ | ---- |
| [Wiki](https://example.org/w) | 3 GB |

- first
- second [ref][r]

```sh
git clone x
```

[r]: https://example.org/r
"""


def test_sections_keep_the_lines_of_the_file() -> None:
    document = parse_document(TEXT)
    assert [(section.path, section.level, section.first, section.last) for section in document.sections] == [
        (("Title",), 1, 4, 7),
        (("Title", "Data"), 2, 8, 22),
    ]
    assert document.title == "Title"


def test_blocks_have_kinds_lines_cells_and_links() -> None:
    section = parse_document(TEXT).sections[1]
    assert [(block.kind, block.first) for block in section.blocks] == [("head", 10), ("row", 12), ("item", 14), ("item", 15), ("code", 17)]
    assert section.rows[1].cells == ("Wiki", "3 GB")
    assert [(link.text, link.target, link.line) for link in section.links] == [
        ("Wiki", "https://example.org/w", 12),
        ("ref", "https://example.org/r", 15),
    ]


def test_two_titles_of_the_same_level_are_no_title() -> None:
    assert parse_document("# A\n\n# B\n").title == ""


def test_underlined_headings_of_restructured_text_are_found() -> None:
    document = parse_document("Title\n=====\n\nText `here <https://example.org/a>`_.\n\nPart\n----\n\nMore.\n", markdown=False)
    assert [(section.path, section.first, section.last) for section in document.sections] == [
        (("Title",), 1, 5),
        (("Title", "Part"), 6, 10),
    ]
    assert document.sections[0].links[0].target == "https://example.org/a"
    assert document.sections[1].blocks[0].text == "More."


def test_badges_and_comments_leave_nothing() -> None:
    section = parse_document("# A\n\n[![License: MIT](https://img.shields.io/x)](LICENSE) <!-- hidden --> words\n").sections[0]
    assert section.blocks[0].text == "words"


def test_lines_end_the_same_way_however_they_are_written() -> None:
    assert parse_document("# A\r\n\r\ntext\r\n") == parse_document("# A\n\ntext\n")


@pytest.mark.parametrize(
    "text",
    [
        ">" * 200_000,
        "[" * 200_000,
        "- " * 50_000,
        "[a](" * 50_000,
        "`a <" * 50_000,
        "<!--" * 50_000,
        "a|b\n-|-\n" * 5_000,
        "*a " * 60_000,
        "---\nb c\n" * 20_000,
    ],
    ids=range(9),
)
def test_hostile_text_is_read_and_stays_within_its_lines(text: str) -> None:
    lines = text.count("\n") + 1
    assert all(1 <= section.first <= section.last <= lines for section in parse_document(text).sections)


def test_more_lines_than_the_limit_are_said_not_to_be_read() -> None:
    assert "was not read" in (parse_document("\n" * 100_001).broken or "")


@given(st.text(max_size=300), st.booleans())
def test_any_text_gives_sections_whose_lines_lie_in_it(text: str, markdown: bool) -> None:
    for section in parse_document(text, markdown=markdown).sections:
        assert 1 <= section.first <= section.last <= text.count("\n") + text.count("\r") + 1
