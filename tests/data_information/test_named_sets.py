"""Names of data sets in documents: what counts as one, what stands beside it, and what is none."""

import pytest

from inspector.data_information.named_sets import MOST, tell_named_sets
from inspector.documents.document import parse_document
from inspector.model import Issue, NamedSet


def told(text: str, *, about_data: bool = False) -> list[NamedSet]:
    said = tell_named_sets(parse_document(text), "root", "README.md", about_data=about_data)
    return [item.details for item in said if not isinstance(item, Issue) and isinstance(item.details, NamedSet)]


def names(text: str) -> list[str]:
    return [named.name for named in told(text)]


def gaps(text: str) -> list[str]:
    said = tell_named_sets(parse_document(text), "root", "README.md")
    return [item.message for item in said if isinstance(item, Issue) and item.rule == "data.unnamed-sources"]


TABLE = """# Larch

## Training data

| Source | Tokens (B) | Share | Licence | Link |
|---|---|---|---|---|
| Norwegian web 2021 | 12.5 | 70 % | CC0 | [page](https://huggingface.co/datasets/larch/norweb) |
| [Parish records](https://example.org/parish) | 3 | 29.5 % | on request | |
| **Total** | 15.5 | 99.5 % | | |
"""


def test_a_table_of_sources_gives_a_set_a_row_with_what_stands_beside_it() -> None:
    assert told(TABLE) == [
        NamedSet(
            name="Norwegian web 2021",
            id="larch/norweb",
            url="https://huggingface.co/datasets/larch/norweb",
            size="12.5 (Tokens (B))",
            share="70 %",
            license="CC0",
        ),
        NamedSet(name="Parish records", url="https://example.org/parish", size="3 (Tokens (B))", share="29.5 %", license="on request"),
    ]
    assert gaps(TABLE) == []


@pytest.mark.parametrize(
    "table",
    [
        "| Model | Size | Tokens |\n|---|---|---|\n| Larch-7B | 7B | 2T |\n",
        "| Dataset | Accuracy |\n|---|---|\n| SQuAD | 81 |\n",
        "| Language | Tokens |\n|---|---|\n| Norwegian | 2T |\n",
        "| Name | Default | Description |\n|---|---|---|\n| batch | 8 | size of a batch |\n",
        "| Split | Size |\n|---|---|\n| train | 2 GB |\n| test | 1 GB |\n",
    ],
)
def test_tables_of_models_results_languages_settings_and_splits_name_no_set(table: str) -> None:
    assert names(f"# Larch\n\n## Training data\n\n{table}") == []


def test_shares_that_leave_a_part_out_and_rows_for_the_rest_are_said() -> None:
    head = "# Larch\n\n## Training data\n\n| Source | Share |\n|---|---|\n"
    assert gaps(head + "| C4 | 60 % |\n| Wikipedia | 20 % |\n")[0].endswith('"Share: the shares add up to 80 %"')
    assert gaps(head + "| C4 | 60 % |\n| Other sources | 40 % |\n")[0].endswith('"Other sources | 40 %"')
    assert gaps(head + "| C4 | 60.1 % |\n| Wikipedia | 39.8 % |\n") == []
    assert gaps("# Larch\n\n## Training data\n\n| Source | Weight |\n|---|---|\n| C4 | 2 |\n| Wikipedia | 3 |\n") == []


def test_items_of_a_list_of_sources_are_sets_with_their_amounts() -> None:
    text = """# Larch

The model was trained on the following datasets:

- English Wikipedia, without tables (12GB)
- [Birch crawl](https://zenodo.org/records/123): 30B tokens, CC BY 4.0
- Harbour logs: 4 GB
- Something else entirely
"""
    found = {named.name: (named.size, named.license) for named in told(text)}
    assert found == {"English Wikipedia": ("12GB", ""), "Birch crawl": ("30B tokens", "CC BY 4.0"), "Harbour logs": ("4 GB", "")}


def test_sentences_on_training_name_well_known_sets_and_pages_of_sets() -> None:
    text = "# Larch\n\nLarch was trained on the Pile (825 GiB), C4 and [our crawl](https://huggingface.co/datasets/larch/crawl-23).\n"
    assert [(named.name, named.id, named.size) for named in told(text)] == [
        ("larch/crawl-23", "larch/crawl-23", ""),
        ("the Pile", "", "825 GiB"),
        ("C4", "", ""),
    ]


def test_a_suite_of_models_has_training_data_like_one_model() -> None:
    assert names("# Larch\n\nWe train a suite of 8 models on the Pile and on the deduplicated Pile.\n") == [
        "the Pile",
        "the deduplicated Pile",
    ]


@pytest.mark.parametrize(
    "sentence",
    [
        "Larch was not trained on Wikipedia.",
        "Larch was trained on two crawls and evaluated on ImageNet.",
        "The classifier was trained on Wikipedia.",
        "Larch was trained on text in the style of Wikipedia.",
        "The Dolma toolkit was used to filter the training data.",
        "MADLAD-400 is a series of translation models trained on 250 billion tokens.",
        "We removed all documents that overlap with C4 from the training data.",
        "You can fine-tune it on the Alpaca dataset.",
        "GPT-3 was trained on Common Crawl.",
        "Documents in the suite are sampled from C4 and the Pile.",
        "Training used [a library](https://github.com/larch/trainer) and [a model](https://huggingface.co/larch/base).",
    ],
)
def test_what_is_compared_left_out_or_a_tool_is_no_training_set(sentence: str) -> None:
    assert names(f"# Larch\n\n## Training data\n\n{sentence}\n") == []


def test_documents_and_sections_on_evaluation_name_no_training_set() -> None:
    assert names("# Data\n\nHow we prepared the data for evaluation.\n\n## Datasets\n\nWe used LibriSpeech.\n") == []
    assert names("# Larch\n\n## Evaluation\n\nWe used the LibriSpeech dataset.\n") == []


def test_commands_in_a_section_on_training_data_name_what_they_fetch() -> None:
    text = '# Larch\n\n## Training data\n\n```\nload_dataset("larch/crawl", split="train")\nload_dataset("data/local")\nload_dataset("json")\n```\n'
    assert names(text) == ["larch/crawl"]


def test_what_is_called_internal_keeps_the_word() -> None:
    (named,) = told("# Larch\n\n## Training data\n\nIt was trained on an internal RefinedWeb (5T tokens).\n")
    assert (named.name, named.access, named.size) == ("RefinedWeb", "internal", "5T tokens")


@pytest.mark.parametrize(
    "sentence",
    [
        "Larch was trained on public data including Wikipedia and C4.",
        "Larch was trained on sources such as Wikipedia.",
        "Larch was trained on Wikipedia, C4 and other web sources.",
        "Larch was trained on C4 and Wikipedia, among others.",
        "Larch was trained on RefinedWeb enhanced with curated corpora.",
        "Larch was trained on C4 and a proprietary dataset.",
    ],
)
def test_a_sentence_that_names_some_sources_and_leaves_the_rest_open_is_said(sentence: str) -> None:
    (message,) = gaps(f"# Larch\n\n{sentence}\n")
    assert sentence in message


@pytest.mark.parametrize(
    "sentence",
    [
        "Larch was trained on Wikipedia and C4.",
        "Larch was trained on Wikipedia pages (of people, places, etc.) and C4.",
        "To download the data, e.g. to train on C4, run the script.",
        "Larch was trained on diverse sources, among others.",
    ],
)
def test_a_list_that_ends_is_not_called_open(sentence: str) -> None:
    assert gaps(f"# Larch\n\n{sentence}\n") == []


def test_a_table_of_many_rows_is_cut_and_says_so() -> None:
    rows = "".join(f"| Parcel {number} | {number} GB |\n" for number in range(1, 3 * MOST))
    said = list(
        tell_named_sets(parse_document(f"# Larch\n\n## Training data\n\n| Source | Size |\n|---|---|\n{rows}"), "root", "README.md")
    )
    assert len(said) == MOST + 1
    assert isinstance(said[-1], Issue)
    assert said[-1].rule == "data.sets-not-listed"
