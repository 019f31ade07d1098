"""Data-set card: structured keys, prose, and the README of a root of data."""

from detectors.cards.dataset_card import dataset_card
from inspector.detector import Declared, Format, Found, Said
from inspector.model import Certainty, Claim, Component, Reference, Role, Span
from tests import make

CARD = """---
annotations_creators:
- no-annotation
license:
- odc-by
source_datasets:
- original
- extended|wikipedia
size_categories:
- n<1K
task_categories:
- text-generation
dataset_info:
- config_name: en
  splits:
  - name: train
    num_examples: 364868892
---
# Dataset Card for C4

## Source Data

The text comes from Common Crawl, from the snapshot CC-MAIN-2019-18.

### Annotation process

[More Information Needed]
"""


def claims(said: list[Said]) -> set[tuple[str, str, Certainty]]:
    return {
        (item.value, item.claim.value, item.certainty)
        for item in said
        if isinstance(item, Found) and item.component is Component.DATASETS and item.claim not in {Claim.REFERENCED, Claim.NAMED}
    }


def test_structured_keys_are_read_as_such() -> None:
    said = make.look(dataset_card, "README.md", CARD)
    assert said[0] == Format("dataset-card")
    assert ("self-supervised", "described", Certainty.READ) in claims(said)
    assert ("scope", "described", Certainty.READ) in claims(said)
    (declared,) = (item for item in said if isinstance(item, Declared))
    assert (declared.text, declared.component, declared.pointer, declared.span) == ("odc-by", Component.DATASETS, "/license/0", Span(5, 5))


def test_sources_are_references_and_original_is_none() -> None:
    said = make.look(dataset_card, "README.md", CARD)
    targets = [item.details for item in said if isinstance(item, Found) and item.claim is Claim.REFERENCED]
    assert targets == [Reference(kind="dataset", target="wikipedia")]


def test_prose_describes_and_placeholders_do_not() -> None:
    said = make.look(dataset_card, "README.md", CARD)
    assert ("provenance", "described", Certainty.MATCHED) in claims(said)
    assert ("collection", "described", Certainty.MATCHED) in claims(said)
    assert not {value for value, _, _ in claims(said)} & {"labeling"}


def test_annotation_by_people_is_only_mentioned_by_its_key() -> None:
    said = make.look(dataset_card, "README.md", "---\nannotations_creators:\n- crowdsourced\nsize_categories: n<1K\n---\n")
    assert {("labeling", "mentioned", Certainty.READ), ("scope", "mentioned", Certainty.READ)} == claims(said)


def test_a_readme_in_a_root_of_data_is_the_data_card_if_it_describes_data() -> None:
    text = "# The Foo corpus\n\nText from Wikipedia: the data comes from Wikipedia, 3B tokens.\n"
    said = make.look(dataset_card, "README.md", text, role=Role.DATA)
    assert [item.claim for item in said if isinstance(item, Found) and item.component is Component.DATA_CARD] == [Claim.PRESENT]
    assert make.look(dataset_card, "README.md", text, role=Role.CODE) == []
    assert make.look(dataset_card, "README.md", "# Foo\n\nnothing\n", role=Role.DATA) == []


def test_a_card_that_only_points_elsewhere_is_mentioned() -> None:
    said = make.look(
        dataset_card,
        "data_card.md",
        "# Data card for the OPT models\n\nPlease see Appendix C in our [paper](https://arxiv.org/abs/2205.01068).\n",
    )
    assert [item.claim for item in said if isinstance(item, Found) and item.component is Component.DATA_CARD] == [Claim.MENTIONED]
