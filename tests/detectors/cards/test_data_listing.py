"""Data listings: lists of addresses of data count, and lists of anything else do not."""

import json

import pytest

from detectors.cards.data_listing import data_listing
from inspector.detector import Format, Found
from inspector.model import Claim, Constructs, Count, Span
from sample_bundles.formats.data_listing import FILES, HASHED, LISTED, SPOKEN
from tests import make

PAGES = "".join(f"https://site{number}.example.org/\n" for number in range(30))


def claims(path: str, text: str) -> dict[str, Claim]:
    return {item.value: item.claim for item in make.look(data_listing, path, text) if isinstance(item, Found)}


def only(path: str, text: str) -> Found:
    (found,) = [item for item in make.look(data_listing, path, text) if isinstance(item, Found)]
    return found


def test_addresses_of_data_are_a_public_listing_with_count_lines_and_first_entries() -> None:
    found = only("urls.txt", LISTED)
    assert (found.value, found.claim, found.span) == ("public-listing", Claim.DESCRIBED, Span(1, 8))
    assert found.excerpt == "8 addresses of data, the first is https://example.org/corpus/part-00000.jsonl.gz"
    assert isinstance(found.details, Constructs)
    assert found.details.seen[1] == Count("https://example.org/corpus/part-00001.jsonl.gz", 2)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("paths/part.txt", "".join(f"s3://commoncrawl/crawl-data/CC-MAIN-2023-23/segments/{n}/warc/a.warc.gz\n" for n in range(6))),
        ("provenance.csv", "Dataset,Data Directory\n" + "".join(f"books,https://example.org/books/part-{n}.csv.gz\n" for n in range(6))),
        ("data_manifest.json", json.dumps([{"url": f"https://example.org/{n}.parquet", "sha256": "0" * 64} for n in range(6)], indent=1)),
        ("data/manifest.jsonl", "".join(json.dumps({"url": f"https://example.org/{n}.tar"}) + "\n" for n in range(6))),
        ("sources.yaml", "".join(f"- https://huggingface.co/datasets/example/set{n}\n" for n in range(6))),
    ],
)
def test_every_shape_of_a_list_is_read(path: str, text: str) -> None:
    assert claims(path, text)["public-listing"] is Claim.DESCRIBED


def test_buckets_of_somebody_and_checksums_are_only_mentioned() -> None:
    buckets = "key,size\n" + "".join(f"s3://owner/tokens/part-{n}.npy,{n + 1}\n" for n in range(6))
    assert claims("files.csv", buckets) == {"public-listing": Claim.MENTIONED, "scope": Claim.DESCRIBED}
    assert claims("shard_hashes.txt", HASHED) == {"public-listing": Claim.MENTIONED}


def test_sizes_in_a_list_are_added_up() -> None:
    text = "url,num_tokens\n" + "".join(f"https://example.org/{n}.jsonl,100\n" for n in range(6))
    told = {item.value: item.excerpt for item in make.look(data_listing, "a.csv", text) if isinstance(item, Found)}
    assert told["scope"] == "6 files, 600 tokens"


def test_a_manifest_of_speech_says_how_many_hours() -> None:
    assert only("train_manifest.jsonl", SPOKEN).excerpt == "10 clips, 0.02 hours of speech"
    assert only("manifest.jsonl", '{"shard": "00001", "num_sequences": 8}\n' * 6).excerpt == "6 shards, 48 sequences"


@pytest.mark.parametrize("path", ["data/seeds.csv", "corpus/urls.txt", "crawl/batch_1/urls_1.txt"])
def test_addresses_of_pages_count_where_path_and_name_say_that_they_are_data(path: str) -> None:
    assert claims(path, PAGES) == {"public-listing": Claim.DESCRIBED}


@pytest.mark.parametrize(
    "path", ["urls.txt", "data/notes.txt", "docs/links.txt", "data/blocklist/urls.txt", "data/eval/urls.txt", "data/urls_candidates.txt"]
)
def test_addresses_of_pages_count_nowhere_else(path: str) -> None:
    assert claims(path, PAGES) == {}


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("checkpoints.csv", "Step,Checkpoint Directory\n" + "".join(f"{n},https://example.org/step{n}-unsharded/\n" for n in range(20))),
        ("files.csv", "shard,md5sum\n" + "".join(f"model_part-{n}.pt,{n:032x}\n" for n in range(20))),
        ("data/urls.txt", "".join(f"https://example.org/model-{n}.safetensors\n" for n in range(20))),
        ("requirements.txt", "".join(f"https://example.org/p{n}-1.0.whl\n" for n in range(20))),
        ("tests/test_files/urls.txt", LISTED),
        ("benchmark/urls.txt", LISTED),
        ("examples/urls.txt", LISTED),
        ("notes.txt", f"Some words.\n\nMore of them.\n\n{LISTED[:60]}\n"),
        ("urls.txt", LISTED[:140]),
        ("words.txt", "one\ntwo\nthree\n"),
        ("manifest.json", '{"name": "extension", "version": "1.0"}'),
        ("test_manifest.jsonl", SPOKEN),
        ("train.jsonl", '{"text": "see https://example.org/a.jsonl"}\n' + '{"text": "no"}\n' * 9),
    ],
)
def test_lists_of_something_else_say_nothing(path: str, text: str) -> None:
    assert claims(path, text) == {}


def test_a_list_longer_than_is_read_is_counted_as_at_least() -> None:
    assert (only("urls.txt", LISTED * 30_000).excerpt or "").startswith("at least 200000 addresses of data")


def test_the_samples_have_formats() -> None:
    forms = [make.look(data_listing, path, text)[0] for path, text in FILES.items()]
    assert forms == [Format("address-list"), Format("checksums"), Format("manifest")]
