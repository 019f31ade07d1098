"""The table of well-known data sets: names, ids and addresses stand for one set each, and a name that looks like one is none."""

import pytest

from inspector.data_information.corpora import Corpora, Corpus, Table, fold, hub_id, load_corpora
from inspector.errors import DataError
from inspector.judgement import Access


def sighted(text: str) -> list[tuple[str, str]]:
    return [(found.corpus.id, found.written) for found in load_corpora().sight(text)]


def test_the_table_has_at_least_150_sets_of_every_kind_and_says_where_each_fact_stands() -> None:
    corpora = load_corpora().by_id.values()
    assert len(corpora) >= 150
    assert {"text", "code", "speech", "vision", "multimodal", "instructions"} <= {corpus.kind for corpus in corpora}
    assert [corpus.id for corpus in corpora if not corpus.source] == []


def test_what_is_open_has_a_licence_or_is_in_the_public_domain() -> None:
    silent = [corpus for corpus in load_corpora().by_id.values() if corpus.access is Access.OPEN and not corpus.license]
    assert {corpus.id for corpus in silent} <= {"enwik8", "librivox", "ljspeech", "musan"}


def test_the_longest_name_counts_and_a_version_belongs_to_it() -> None:
    text = "We use the Pile, FineWeb-Edu, The Stack v2, Common Voice 7.0 and Dolma v1.6."
    assert sighted(text) == [
        ("pile", "the Pile"),
        ("fineweb-edu", "FineWeb-Edu"),
        ("the-stack-v2", "The Stack v2"),
        ("common-voice", "Common Voice 7.0"),
        ("dolma", "Dolma v1.6"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "ImageNet-trained weights",
        "see en.wikipedia.org/wiki/Wikipedia_",
        "data/wikipedia/train.bin",
        "The Alpaca model is small",
        "the roots of the tree",
        "a pile of books",
    ],
)
def test_a_word_that_only_looks_like_a_name_is_none(text: str) -> None:
    assert sighted(text) == []


def test_a_word_of_its_own_counts_before_a_word_for_data() -> None:
    assert sighted("tuned on the Alpaca dataset") == [("alpaca", "Alpaca")]


def test_whole_names_are_compared_without_case_and_article() -> None:
    known = load_corpora()
    assert [known.named(name) and name for name in ("the pile", "C4 dataset", "Book Corpus")] == ["the pile", "C4 dataset", "Book Corpus"]
    assert known.named("Book") is None
    assert known.named("Common Voice 7.0") is None


def test_addresses_below_a_place_count_and_others_do_not() -> None:
    known = load_corpora()
    found = known.at("https://www.openslr.org/12/")
    assert found is not None
    assert found.id == "librispeech"
    assert known.at("https://www.openslr.org/120/") is None
    assert known.at("https://example.org/openslr.org/12") is None


def test_an_id_is_read_from_pages_of_the_hub_only() -> None:
    assert hub_id("https://huggingface.co/datasets/allenai/dolma/tree/main") == "allenai/dolma"
    assert hub_id("https://huggingface.co/allenai/OLMo-7B") == ""
    assert fold("The OpenWebText Corpus") == "openwebtext"


def test_a_spelling_that_stands_for_two_sets_is_an_error() -> None:
    one, other = (Corpus(id=name, name="Twin", kind="text", access=Access.UNKNOWN, source="a test") for name in ("a", "b"))
    with pytest.raises(DataError, match="stands for a and for b"):
        Corpora(Table(corpus=(one, other)))
