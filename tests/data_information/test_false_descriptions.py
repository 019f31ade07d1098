"""What real cards say beside their data, and what never describes it: sizes of files, other models, news, tools, demands on a release."""

import pytest

from inspector.data_information.signals import read_signals
from inspector.documents.document import parse_document
from inspector.model import Claim


def described(text: str, *, about_data: bool = False, about_model: bool = True) -> set[str]:
    read = read_signals(parse_document(text), about_data=about_data, about_model=about_model)
    return {signal.aspect for signal in read if signal.claim is Claim.DESCRIBED}


@pytest.mark.parametrize(
    ("text", "aspect"),
    [
        # Sizes of files and figures of a model.
        ("# Wren\n\n## Variants\n\n- ~12 MB (PyTorch), 5.1 MB (safetensors)\n- 2.4 MB lightweight model", "scope"),
        ("# Wren\n\n## Variants\n\n1. Small\n   - 1.2 MB quantized ONNX for phones", "scope"),
        ("# Training data\n\nThe weights are 340 MB in fp16 and 85 MB as int8.", "scope"),
        ("# Wren\n\n## Variants\n\nThe total number of parameters ranges from 90M to 640M.", "scope"),
        ("# Wren\n\n## Details\n\nWe extended the context length, resulting in 64K from 4K.", "scope"),
        # Other models, and what happened to them.
        ("# Wren\n\n## Update\n\nWren2-7B was further pre-trained on 300B code tokens from GitHub.", "scope"),
        ("# Wren\n\n## Updates\n\n- 2023-05: Heron2 is trained on 900B tokens of Wikipedia.", "provenance"),
        ("# Wren\n\n## What's new\n\n- 2023-05: it is trained on 900B tokens of Wikipedia.", "scope"),
        ("# Wren\n\n## Applications\n\n- Heron3D generates images; the depth maps of its training data were taken from Wren.", "provenance"),
        ("# Wren\n\n## Demos\n\n- Answers: a system trained on the Spanish Wikipedia and its articles.", "provenance"),
        ("# Wren\n\n## Resources\n\n- [set](https://huggingface.co/datasets/a/b), a corpus from Wikipedia for training Heron.", "public-listing"),
        # The model that it was made from.
        ("# Wren\n\n## Base model\n\n- Source: Zenodo 10.5281/zenodo.123456, data from Wikipedia\n- Licence: CC BY 4.0", "provenance"),
        ("# Wren\n\n## Modèle de base\n\n- Source : data from Zenodo 10.5281/zenodo.123456", "public-listing"),
        # Names of methods, and what sets a method is.
        ("# Wren\n\n## Introduction\n\nTrained on a corpus of 5 trillion tokens, followed by Supervised Fine-Tuning (SFT).", "provenance"),
        ("# Wren\n\nPIPIT is a new method for self-supervised representation learning.", "self-supervised"),
        ("# Wren\n\n## Data\n\nA repository part of the Robin project.", "provenance"),
        # Capabilities.
        ("# Wren\n\n## Key Features\n\n- **Quantization**: 4-bit (3.1 MB), scaled to 97% of the accuracy\n- Filters: 2x faster", "processing"),
        ("# Wren\n\n## Summary\n\n- Languages supported: 3 languages - Hindi, Tamil and Telugu", "scope"),
        # Where a model can be had.
        ("# Training data\n\nYou obtain this model by the files of `org1/wren-2-large`.", "public-listing"),
        # What is asked of a release is no step, and a digest is none without copies that it finds.
        ("# Training data\n\nA valid release binds preprocessing, corpus and weights by their SHA-256.", "processing"),
        # Advice.
        ("# Wren\n\n## Training new models\n\nDownload SQuAD and train on its 87,599 questions.", "scope"),
        ("# Wren\n\n## Fine-tuning\n\nPrepare a data set of 1,000 examples from Wikipedia and run `train.py`.", "scope"),
        ("# Data preparation\n\nPlace your images below `data/` and resize them to 512x512 with ImageMagick.", "processing"),
        # Pages of makers and places of models are no places of data.
        ("# Wren\n\n## Download\n\nThe models are at https://wren.example.org/models .", "public-listing"),
        ("# Wren\n\n## Links\n\n- Website: https://wren.ai\n- Blog: https://blog.wren.ai/launch", "public-listing"),
        ("# Wren\n\n## Availability\n\nSee https://wren.ai for more.", "public-listing"),
        ("# Wren\n\n## Files\n\n- `org1/wren-2-large`\n- `org1/wren-2-small`", "public-listing"),
        ("# Wren\n\n## Repository\n\nhttps://wrenlab.ai/repo/wren-2", "public-listing"),
        # The model that it was made from, in half a sentence.
        ("# Wren\n\n## Overview\n\nIt is based on Heron, which was trained on 2T tokens of Common Crawl.", "provenance"),
        ("# Wren\n\n## Overview\n\nA fine-tune of Heron-7B, a model pretrained on 2T tokens of Common Crawl.", "scope"),
        ("# Wren\n\n## Merge\n\nIt was merged using Heron-7B (trained on 3M pairs from OpenHermes) as a base.", "provenance"),
        # Files of a model in a table, and languages that a model can be asked in.
        ("# Wren\n\n## Provided files\n\n| Name | Quant | Size | Use case |\n|---|---|---|---|\n| wren.Q4_K_M | Q4_K_M | 4.1 GB | any |", "scope"),
        ("# Training data\n\n- Languages supported: 10 Indic languages", "scope"),
        ("# Wren\n\n## Key Features\n\n- **Quantized**: 4-bit, 8-bit, filtered to 97% of 0.9 accuracy", "processing"),
        ("# Wren\n\n## Lessons\n\nWe saw it after 15 hours of training on the corpus.", "scope"),
        # Makers and hosts are no origins, nor is a title a heading of an aspect; an address holds no instrument.
        ("# Chats\n\n## Models\n\nModels launched by Robin Smart Technology. It was trained on a corpus with 2.6 trillion tokens.", "provenance"),
        ("# Training\n\n## Data\n\nDownload the 2,000 processed texts of the data set from Google Drive.", "provenance"),
        ("# Voice Conversion\n\nThe source and target speech are converted into extracted features using PipitLM.", "processing"),
        ("# Wren\n\nThe utterances are encoded into self-supervised features.", "self-supervised"),
        ("# Training data\n\n3 million faces were gathered: http://www.robots.example.org/ and the Heron data in 2019.", "collection"),
        ("# Wren\n\nIt was trained on a data set of 11 million images and 1.1 billion masks with WrenNet-2, and has zero-shot skill.", "collection"),
        # What goes into a model and comes out of it, and what becomes of it later.
        ("# Wren\n\n## Stages\n\n- Input: text tokens\n- Output: tokens from the first codebook of the PipitCodec", "provenance"),
        ("# Wren\n\n## Disclosure\n\nAll content in this repository including texts and code has been provided by Robin Labs.", "provenance"),
        ("# Wren\n\n## Model applications\n\nGaps in data from ERA5 are filled: 30 images of London in 2021.", "provenance"),
        ("# Training data\n\nIts vectors are trained to be truncated to 256 dimensions.", "processing"),
        ("# Chinese-LLaMA-Alpaca\n\n## Scripts\n\nThe data is used by https://example.org/wiki/Chinese-LLaMA-Alpaca/text .", "provenance"),
        ("# Wren\n\n## A guide to Pipit\n\n- Images from ImageNet are normalized with MTCNN in the data pipeline.", "processing"),
    ],
)  # fmt: skip
def test_what_stands_beside_the_data_does_not_describe_it(text: str, aspect: str) -> None:
    assert aspect not in described(text)


@pytest.mark.parametrize(
    ("text", "aspect"),
    [
        ("# Training data\n\n340 MB of text.", "scope"),
        ("# Training data\n\nIt is a corpus of 5 TB.", "scope"),
        ("# Wren\n\n## Introduction\n\nTrained on a corpus of 5 trillion tokens, followed by Supervised Fine-Tuning.", "scope"),
        ("# Training data\n\nExact duplicates were removed by their SHA-256.", "processing"),
        ("# Training data\n\nCopies were found with md5 and dropped.", "processing"),
        ("# Data preparation\n\nFeatures with fewer than 100 values were dropped.", "processing"),
        ("# Wren\n\n## Key features\n\n- It was trained on 900B tokens.", "scope"),
        ("# Training data\n\nThe languages are Hindi, Tamil and Telugu.", "scope"),
        ("# Wren\n\n## Training\n\nIt was trained by a self-supervised method on raw text.", "self-supervised"),
        ("# Training data\n\nThe data can be obtained from https://huggingface.co/datasets/a/b.", "public-listing"),
        ("# Wren\n\n## Download\n\nThe training data is at https://wren.example.org/data .", "public-listing"),
        ("# Wren\n\n## Availability\n\nAll recordings are at https://wren.example.org/audio .", "public-listing"),
        ("# Training data\n\n## Download\n\nhttps://wren.example.org/letters", "public-listing"),
        ("# Wren\n\n## Overview\n\nIt is based on BERT and has been pre-trained on Wikipedia.", "provenance"),
        ("# Wren\n\n## Conversion\n\nThe corpus was filtered with PipitLM 2.0 at a score of 0.8.", "processing"),
        ("# Training data\n\nThe texts were supplied by the Robin Library of Bremen: 3,000 pages.", "provenance"),
        ("# Training data\n\n3 million faces were gathered by robots of the Heron fair in 2019.", "collection"),
        ("# Training data\n\n11 million images were shot with two cameras in Bremen.", "collection"),
        ("# Training data\n\nIt was tuned on the Alpaca data.", "provenance"),
        ("# Training data\n\nTexts were truncated to 256 words.", "processing"),
        ("# Training data\n\nThe input texts are from the Robin Library: 3,000 pages.", "provenance"),
        ("# Training data\n\nThe letters are part of the Robin collection.", "provenance"),
    ],
)
def test_what_describes_the_data_in_like_words_still_does(text: str, aspect: str) -> None:
    assert aspect in described(text)
