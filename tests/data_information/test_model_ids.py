"""Ids of models and ids of data sets: the same form, told apart by names, by the words before them and by the pages they lead to."""

import re

import pytest

from inspector.data_information.model_ids import is_model_named, list_model_ids


def models(text: str, *names: str, targets: tuple[str, ...] = ()) -> set[str]:
    ids = [(text.index(name), name) for name in names]
    return {re.split("[`\\]]", text[place:], maxsplit=1)[0] for place in list_model_ids(text, ids, targets)}


@pytest.mark.parametrize(
    "name",
    [
        "meta-llama/Llama-2-7b-hf", "mistralai/Mistral-7B-v0.1", "google/vit-base-patch16-224", "openai/clip-vit-large-patch14", "BAAI/bge-m3",
        "bert-base/bert-base-uncased", "EleutherAI/pythia-70m", "thenlper/gte-small", "facebook/wav2vec2-base-960h", "mistralai/Mixtral-8x7B-v0.1",
        "TheBloke/Thing-GPTQ", "openai/whisper-large-v3", "sentence-transformers/all-MiniLM-L6-v2", "google-t5/t5-base",
    ],
)  # fmt: skip
def test_names_of_models_are_told_from_their_sizes_and_families(name: str) -> None:
    assert is_model_named(name)


@pytest.mark.parametrize(
    "name",
    [
        "tiiuae/falcon-refinedweb", "HuggingFaceH4/ultrachat_200k", "liuhaotian/LLaVA-Instruct-150K", "tatsu-lab/alpaca", "allenai/c4",
        "Magpie-Align/Llama-3-Magpie-Pro-1M-v0.1", "nomic-ai/gpt4all-j-prompt-generations", "bigcode/the-stack-v2", "HuggingFaceFW/fineweb-edu",
        "Open-Orca/OpenOrca", "wikimedia/wikipedia", "openai/gsm8k", "mozilla-foundation/common_voice_11_0", "vicgalle/alpaca-gpt4",
        "teknium/OpenHermes-2.5", "sentence-transformers/embedding-training-data", "Intel/orca_dpo_pairs", "allenai/tulu-v2-sft-mixture",
    ],
)  # fmt: skip
def test_names_of_data_sets_are_not_those_of_models(name: str) -> None:
    assert not is_model_named(name)


@pytest.mark.parametrize(
    "text",
    [
        "A fine-tuned version of `a/b-1`.",
        "It was initialized from the `a/b-1`.",
        "The models are trained based on `a/b-1`.",
        "The encoder is built on `a/b-1`.",
        "Our model was derived from the `a/b-1`.",
        "The base model is `a/b-1`.",
        "The weights were downloaded from `a/b-1`.",
    ],
)
def test_words_before_an_id_make_it_one_of_a_model(text: str) -> None:
    assert models(text, "a/b-1") == {"a/b-1"}


@pytest.mark.parametrize(
    "text",
    [
        "The model was trained on `a/b-1`.",
        "The training data was derived from `a/b-1`.",
        "The corpus consists of `a/b-1`.",
        "A fine-tuned version of it on `a/b-1`.",
        "The data of the model was taken from `a/b-1`.",
        "We trained it using `a/b-1`.",
    ],
)
def test_an_id_that_something_was_trained_on_or_data_came_from_is_none(text: str) -> None:
    assert models(text, "a/b-1") == set()


def test_what_is_joined_to_a_model_by_and_is_one_too_and_what_follows_on_is_not() -> None:
    text = "The models are trained based on `a/b-1`, `c/d-2` and `e/f-3`, on `g/h-4`."
    assert models(text, "a/b-1", "c/d-2", "e/f-3", "g/h-4") == {"a/b-1", "c/d-2", "e/f-3"}


def test_a_page_of_the_hub_tells_a_model_from_a_data_set() -> None:
    assert models("See `a/b-1`.", "a/b-1", targets=("https://huggingface.co/a/b-1",)) == {"a/b-1"}
    assert models("See `a/b-1`.", "a/b-1", targets=("https://huggingface.co/datasets/a/b-1",)) == set()


def test_a_well_known_data_set_is_never_a_model() -> None:
    assert models("A merge of `allenai/c4`.", "allenai/c4") == set()
