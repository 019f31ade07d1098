"""Document: prose that is no card, data sheets, and prose that must be left alone."""

from detectors.cards.document import document
from inspector.detector import Declared, Format, Found, Said
from inspector.model import Claim, Component
from tests import make

SHEET = "# Datasheets\n\n" + "".join(
    f"## {heading}\n\n{text}\n\n"
    for heading, text in [
        ("Motivation", "It was made to train language models."),
        ("Composition", "It has 3B tokens of English and French text."),
        ("Collection process", "It comes from Common Crawl."),
        ("Preprocessing/cleaning/labeling", "It was deduplicated with MinHash."),
        ("Uses", "Any."),
        ("Distribution", "Open."),
        ("Maintenance", "None."),
    ]
)


def data(said: list[Said]) -> dict[str, Claim]:
    return {
        item.value: item.claim
        for item in said
        if isinstance(item, Found) and item.component is Component.DATASETS and item.claim is not Claim.NAMED
    }


def test_a_data_sheet_is_a_data_card() -> None:
    said = make.look(document, "docs/sheet.md", SHEET)
    assert said[0] == Format("document")
    assert [item.component for item in said if isinstance(item, Found) and item.claim is Claim.PRESENT] == [Component.DATA_CARD]
    assert data(said)["scope"] is Claim.DESCRIBED


def test_a_readme_of_code_tells_of_the_data_only_where_it_speaks_of_it() -> None:
    said = make.look(
        document, "README.md", "# Tool\n\nFast on 3B tokens of Wikipedia.\n\n## Models\n\nThe model was trained on Wikipedia.\n"
    )
    assert data(said) == {"provenance": Claim.DESCRIBED}


def test_documents_of_evaluation_are_not_read_for_training_data() -> None:
    text = "# Foo\n\nThe model was trained on Wikipedia.\n"
    assert data(make.look(document, "evaluation/README.md", text)) == {}
    assert data(make.look(document, "train/README.md", text)) == {"provenance": Claim.DESCRIBED}


def test_restructured_text_is_read_too() -> None:
    said = make.look(
        document,
        "README.rst",
        "Foo\n===\n\nTraining data\n-------------\n\nIt has 3B tokens from Common Crawl.\n\nThe weights are under the MIT license.\n",
    )
    assert data(said)["scope"] is Claim.DESCRIBED
    assert [item.component for item in said if isinstance(item, Declared)] == [Component.PARAMETERS]


def test_house_rules_and_change_logs_are_documents_and_nothing_more() -> None:
    for path in ("CHANGELOG.md", "CONTRIBUTING.md", ".github/ISSUE_TEMPLATE/bug.md"):
        assert make.look(document, path, "# Foo\n\nThe model was trained on Wikipedia.\n") == [Format("document")]


def test_cards_and_licences_are_left_to_others() -> None:
    assert make.look(document, "README.md", "---\nlibrary_name: x\n---\n") == []
    assert make.look(document, "LICENSE.md", "MIT License\n") == []
    assert make.look(document, "datasheet.pdf", b"%PDF-1.7\n\0") == []
