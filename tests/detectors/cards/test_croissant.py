"""Croissant: each property as specific as its words, with its pointer; benchmarks say nothing of training data."""

import json

import pytest

from detectors.cards.croissant import croissant
from inspector.detector import Declared, Format, Found, Said
from inspector.errors import Malformed
from inspector.model import Claim, Component, Constructs, Count, Scope
from inspector.serialization.strict_json import Json
from sample_bundles.formats.croissant import FILES, RECORD
from tests import make

SCHEMA: dict[str, Json] = {"@context": "https://schema.org/", "@type": "Dataset", "name": "tiny"}


def hear(record: dict[str, Json], name: str = "croissant.json") -> list[Said]:
    return make.look(croissant, name, json.dumps(record))


def with_mark(**record: Json) -> dict[str, Json]:
    return {"conformsTo": "http://mlcommons.org/croissant/1.0", "name": "tiny", **record}


def data(said: list[Said]) -> set[tuple[str, Claim, str | None]]:
    return {
        (item.value, item.claim, item.pointer)
        for item in said
        if isinstance(item, Found) and item.component is Component.DATASETS and item.claim is not Claim.NAMED
    }


def test_the_sample_says_each_thing_at_its_place() -> None:
    said = make.look(croissant, "croissant.json", FILES["croissant.json"])
    assert said[0] == Format("croissant")
    assert data(said) >= {
        ("public-listing", Claim.DESCRIBED, "/distribution/0"),
        ("scope", Claim.DESCRIBED, "/distribution/0/contentSize"),
        ("scope", Claim.MENTIONED, "/recordSet"),
        ("provenance", Claim.DESCRIBED, "/rai:dataCollection"),
        ("scope", Claim.DESCRIBED, "/rai:dataCollectionTimeframe"),
        ("processing", Claim.MENTIONED, "/rai:dataPreprocessingProtocol"),
        ("labeling", Claim.DESCRIBED, "/rai:dataAnnotationProtocol"),
    }
    assert ("processing", Claim.DESCRIBED, "/rai:dataPreprocessingProtocol") not in data(said)


def test_files_are_listed_with_their_lines() -> None:
    (listing,) = [
        item
        for item in make.look(croissant, "croissant.json", FILES["croissant.json"])
        if isinstance(item, Found) and item.value == "public-listing"
    ]
    assert listing.details == Constructs(seen=(Count("https://example.org/tiny/sentences.jsonl.gz", 19),))
    assert listing.excerpt == "1 files with addresses, 1 with a SHA-256, 1 with a size"


def test_the_licence_is_that_of_the_data() -> None:
    (declared,) = [item for item in hear(dict(RECORD)) if isinstance(item, Declared)]
    assert (declared.component, declared.scope, declared.pointer) == (Component.DATASETS, Scope.TREE, "/license")


@pytest.mark.parametrize(
    ("value", "texts"),
    [
        ("cc-by-4.0", ["cc-by-4.0"]),
        (["MIT", {"@id": "odbl"}], ["MIT", "odbl"]),
        ({"@type": "CreativeWork", "name": "CC0"}, ["CC0"]),
        (7, []),
        ("", []),
    ],
)
def test_a_licence_is_read_in_every_shape(value: Json, texts: list[str]) -> None:
    for key in ("license", "sc:license"):
        assert [item.text for item in hear(with_mark(**{key: value}), "x-metadata.json") if isinstance(item, Declared)] == texts


def test_the_paper_it_asks_to_cite_is_referenced() -> None:
    papers = [item.value for item in hear(dict(RECORD)) if isinstance(item, Found) and item.claim is Claim.REFERENCED]
    assert papers == ["arXiv:2301.00001"]


@pytest.mark.parametrize("opening", ["Tiny is a benchmark for models.", "We introduce a set for evaluating models."])
def test_a_benchmark_says_nothing_of_training_data(opening: str) -> None:
    said = hear(with_mark(description=f"{opening} It has 3B tokens from Wikipedia.", distribution=RECORD["distribution"]))
    assert data(said) == set()
    assert [item.component for item in said if isinstance(item, Found)] == [Component.DATA_CARD]


def test_files_without_an_address_elsewhere_are_no_listing() -> None:
    said = hear(with_mark(distribution=[{"contentUrl": "data/a.csv", "contentSize": "10 B"}]))
    assert data(said) == set()


@pytest.mark.parametrize(
    ("url", "claim"),
    [("https://example.org/about", Claim.MENTIONED), ("https://huggingface.co/datasets/a/b", Claim.DESCRIBED)],
)
def test_the_page_of_a_data_set_counts_where_data_can_be_had_there(url: str, claim: Claim) -> None:
    assert data(hear(with_mark(url=url))) == {("public-listing", claim, "/url")}


@pytest.mark.parametrize(
    ("name", "record"),
    [("metadata.json", {"license": "mit"}), ("croissant.json", {}), ("x.jsonld", {"@context": "https://schema.org/", "@type": "Person"})],
)
def test_other_json_is_left_alone(name: str, record: dict[str, Json]) -> None:
    assert hear(record, name) == []


def test_a_data_set_of_schema_org_is_read_too() -> None:
    said = hear({**SCHEMA, "description": "It has 3B tokens of text."}, "tiny.jsonld")
    assert said[0] == Format("json-ld")
    assert data(said) == {("scope", Claim.DESCRIBED, "/description")}


def test_tests_of_a_library_are_no_data() -> None:
    assert hear(dict(RECORD), "tests/fixtures/croissant.json") == [Format("croissant")]


@pytest.mark.parametrize(
    "text", ['{"conformsTo": "http://mlcommons.org/croissant/1.0", "a": 1, "a": 2}', '{"a": "mlcommons.org/croissant"']
)
def test_json_that_breaks_its_rules_is_one_problem(text: str) -> None:
    with pytest.raises(Malformed):
        make.look(croissant, "croissant.json", text)
