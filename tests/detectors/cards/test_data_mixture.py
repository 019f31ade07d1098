"""Data mixtures: names with weights are the scope of the data, in every shape; other settings are none."""

import json

import pytest

from detectors.cards.data_mixture import data_mixture
from inspector.detector import Found
from inspector.model import Claim, Constructs, Count, Span
from sample_bundles.formats.data_mixture import LAUNCH, STAGES, TASKS
from tests import make


def found(path: str, text: str) -> dict[str, Found]:
    return {item.value: item for item in make.look(data_mixture, path, text) if isinstance(item, Found)}


def parts(path: str, text: str) -> list[Count]:
    details = found(path, text)["scope"].details
    assert isinstance(details, Constructs)
    return list(details.seen)


def test_names_and_weights_side_by_side_are_paired_with_lines() -> None:
    scope = found("run.yaml", STAGES)["scope"]
    assert (scope.claim, scope.span) == (Claim.DESCRIBED, Span(5, 7))
    assert parts("run.yaml", STAGES) == [Count("data/web: 0.6", 5), Count("data/books: 0.3", 6), Count("data/code: 0.1", 7)]
    assert scope.excerpt == "3 parts with weights under dataset_weights: data/web 0.6, data/books 0.3, data/code 0.1"


def test_data_sets_linked_beside_the_names_are_a_listing() -> None:
    said = found("run.yaml", STAGES)
    assert {aspect: item.claim for aspect, item in said.items()} == dict.fromkeys(
        ("scope", "public-listing", "provenance"), Claim.DESCRIBED
    )
    assert set(found("run.yaml", STAGES.replace("# https://huggingface.co", "# somewhere"))) == {"scope"}


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("run.yml", 'train-data-paths: ["/data/web", "/data/books"]\ntrain-data-weights: [2.0, 1.0]\n'),
        ("run.yaml", "data_path: [0.3, web, 0.7, books]\n"),
        ("run.yaml", 'data_path: "0.3 web 0.7 books"\n'),
        ("run.yaml", "data:\n  sources:\n    web: 0.3\n    books: 0.7\n"),
        ("run.json", json.dumps({"dataset_mixer": {"org/web": 0.3, "org/books": 1.0}})),
        ("run.yaml", "datasets:\n- {path: web, weight: 0.3}\n- weight: 0.7\n  path: books\n"),
        (
            "run.yaml",
            "train_loader:\n  dataset:\n    streams:\n      web: {local: a, proportion: 0.3}\n      books: {local: b, proportion: 0.7}\n",
        ),
        ("run.yaml", "data_param:\n  a: {dataset_name: WEB}\n  b: {dataset_name: BOOKS}\n  proba_interleaving_dataset: [0.3, 0.7]\n"),
        ("run.sh", LAUNCH),
        ("run.sh", 'DATA_PATH="0.3 web_text_document 0.7 books_text_document"\n'),
        ("tasks.py", TASKS),
    ],
)
def test_every_shape_of_a_mixture_is_read(path: str, text: str) -> None:
    assert len(parts(path, text)) == 2


def test_the_lines_of_a_command_that_goes_on_are_kept() -> None:
    assert parts("launch.sh", LAUNCH) == [Count("data/web_text_document: 0.7", 3), Count("data/books_text_document: 0.3", 4)]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("run.yaml", "datasets: [web]\nweights: [1.0]\n"),
        ("run.yaml", "data_path: [0.3, path/to/web, 0.7, path/to/books]\n"),
        ("run.yaml", "dataset_folder: [web, books]\ndataset_weights: [0, 0]\n"),
        ("run.yaml", "loss:\n  weights: [0.1, 0.9]\n  names: [a, b]\n"),
        ("run.yaml", "eval:\n  datasets:\n  - {path: a, weight: 0.5}\n  - {path: b, weight: 0.5}\n"),
        ("run.yaml", "sources: {width: 3, height: 4}\n"),
        ("run.yaml", "optimizer: {weight_decay: 0.1, betas: [0.9, 0.95]}\n"),
        ("tests/run.yaml", STAGES),
        ("configs/debug.yaml", STAGES),
        ("templates/run.yaml", STAGES),
        ("benchmarks/run.yaml", STAGES),
        ("config.json", json.dumps({"dataset_mixer": {"a": 0.3, "b": 0.7}})),
        ("run.sh", "python pretrain.py --data-path $DATA_PATH --seq-length 2048\n"),
        ("run.sh", "python pretrain.py --data-path data/web_text_document\n"),
        ("tasks.py", 'MixtureRegistry.add("a", tasks, default_rate=1.0)\n'),
        ("run.yaml", "data_mix: [unclosed\n"),
    ],
)
def test_settings_that_are_no_mixture_say_nothing(path: str, text: str) -> None:
    assert make.look(data_mixture, path, text) == []


@pytest.mark.parametrize(("scheme", "claim"), [("https://example.org", Claim.DESCRIBED), ("s3://owner", Claim.MENTIONED)])
def test_addresses_of_data_in_settings_are_a_listing(scheme: str, claim: Claim) -> None:
    text = "data:\n  paths:\n" + "".join(f"  - {scheme}/tokens/part-{n}.npy\n" for n in range(6))
    listing = found("run.yaml", text)["public-listing"]
    assert (listing.claim, listing.span) == (claim, Span(3, 8))
    assert found("run.yaml", text.replace("data:", "evaluators:")) == {}
