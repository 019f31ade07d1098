"""What prose says of training data: specific text describes, vague text never does."""

import pytest

from inspector.data_information.signal_table import load_signals
from inspector.data_information.signals import read_signals
from inspector.data_information.specifics import kind_names, lexicon_names
from inspector.documents.document import parse_document
from inspector.model import Claim

ASPECTS = {
    "provenance",
    "scope",
    "collection",
    "labeling",
    "processing",
    "public-listing",
    "third-party-listing",
    "self-supervised",
    "no-third-party",
}


def claims(text: str, *, about_data: bool = False) -> dict[str, Claim]:
    return {signal.aspect: signal.claim for signal in read_signals(parse_document(text), about_data=about_data)}


def test_the_table_has_every_aspect_and_a_reason_for_every_rule() -> None:
    table = load_signals()
    assert {aspect.id for aspect in table.aspects} == ASPECTS
    phrases = (*table.mentions, *table.refusals, *table.anywhere, *table.commands)
    assert all(rule.why for rule in table.rules)
    assert all(phrase.why for phrase in phrases)
    assert all(rule.why for rule in table.tables)
    assert {rule.aspect for rule in table.rules} | {rule.aspect for rule in table.tables} <= ASPECTS
    assert {phrase.aspect for phrase in (*table.mentions, *table.commands)} <= ASPECTS
    assert {rule.aspect for rule in table.rules} == ASPECTS


def test_rules_name_lexicons_and_kinds_that_exist() -> None:
    links = {"data-link", "paper-link", "code-link", "web-link", "file-link"}
    for rule in load_signals().rules:
        assert {*rule.cue, *rule.also, *rule.unless} <= lexicon_names(), rule.id
        assert {*rule.needs, *rule.first} <= kind_names() | links, rule.id
        assert rule.find or rule.needs, f"{rule.id} would describe without an object"


def test_a_rule_is_named_once_in_its_aspect() -> None:
    names = [(rule.aspect, rule.id) for rule in load_signals().rules]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("text", "aspect"),
    [
        ("The model was trained on Wikipedia and BookCorpus.", "provenance"),
        ("We train on [our set](https://huggingface.co/datasets/a/b), a corpus of news text.", "provenance"),
        ("# Training Data\n\nThe data comes from Common Crawl.", "provenance"),
        ("# Training Data\n\n45 natural languages, 350B tokens.", "scope"),
        ("The training data has a cutoff of September 2022.", "scope"),
        ("# Training Data\n\n| Source | Tokens |\n|---|---|\n| Books | 3B |\n| Web | 5B |", "scope"),
        ("# Data collection\n\nPages were taken from CC-MAIN-2023-23.", "collection"),
        ("# Training Data\n\nLinks were selected by their score with at least 3 votes.", "collection"),
        ("# Annotation process\n\nIt was annotated by workers of Mechanical Turk.", "labeling"),
        ("# Annotations\n\n12 trained annotators labelled each item.", "labeling"),
        ("# Training Data\n\nWe deduplicated with MinHash at 0.7.", "processing"),
        ("# Data preprocessing\n\nDocuments with fewer than 100 words were removed.", "processing"),
        ("# Training Data\n\nThe data is at https://huggingface.co/datasets/a/b.", "public-listing"),
        ("# Training Data\n\nTo get it:\n\n```\ngit clone https://huggingface.co/datasets/a/b\n```", "public-listing"),
        ("# Training Data\n\nSpeech was licensed from the LDC.", "third-party-listing"),
        ("# Training Data\n\nThe corpus is not annotated.", "self-supervised"),
        ("The model was trained on text by next-token prediction.", "self-supervised"),
        ("# Training Data\n\nAll data used is publicly available.", "no-third-party"),
    ],
)
def test_what_names_an_object_is_described(text: str, aspect: str) -> None:
    assert claims(text).get(aspect) is Claim.DESCRIBED


@pytest.mark.parametrize(
    ("text", "aspect"),
    [
        ("It was trained on a new mix of publicly available online data.", "provenance"),
        ("# Training Data\n\nA large-scale, diverse corpus.", "scope"),
        ("# Training Data\n\nCarefully curated high-quality data.", "collection"),
        ("# Training Data\n\nThe data was filtered for quality.", "processing"),
        ("# Training Data\n\nIt includes human-annotated examples.", "labeling"),
        ("# Training Data\n\nSome third-party data was used.", "third-party-listing"),
        ("# Training Data\n\nThe dataset is publicly available.", "public-listing"),
    ],
)
def test_adjectives_and_promises_are_only_mentioned(text: str, aspect: str) -> None:
    found = claims(text)
    assert found.get(aspect) is Claim.MENTIONED
    assert Claim.DESCRIBED not in found.values()


@pytest.mark.parametrize(
    "text",
    [
        "We do not disclose the sources of our training data.",
        "The training data is not public.",
        "Details of the training data are undisclosed.",
        "The pretraining corpus remains proprietary.",
    ],
)
def test_a_refusal_withholds(text: str) -> None:
    assert claims(text) == {"all": Claim.WITHHELD}


@pytest.mark.parametrize(
    "text",
    [
        "# Evaluation\n\n## Datasets\n\nWe use Wikipedia, 3B tokens, deduplicated with MinHash.",
        "# Bias, Risks, and Limitations\n\nIt was trained on Wikipedia with 3B tokens.",
        "# Training Data\n\n[More Information Needed]",
        "# Training Data\n\n[More Information Needed](https://huggingface.co/datasets/a/b)",
        "# Model\n\nSentencePiece tokenizer with 131,072 tokens.",
        "# How training data determines model behavior\n\n- A. Smith. [Wikipedia](https://arxiv.org/abs/2301.00001), 2023.",
        "# Usage\n\nYou can train on your own data, for example Wikipedia with 3B tokens.",
        "# Hyperparameters\n\nWe train with batches of 4M tokens of data.",
        "GPT-2 was written about. Nothing else is here.",
    ],
)
def test_what_is_not_about_training_data_says_nothing(text: str) -> None:
    assert Claim.DESCRIBED not in claims(text).values()


def test_labels_and_annotations_that_there_are_not_are_no_labels() -> None:
    told = "# Training data\nThere are no labels or annotations in any of it."
    assert claims(told)["self-supervised"] is Claim.DESCRIBED
    assert "labeling" not in claims(told)
    assert claims("# Training data\nNo labels were published, annotators rated the rest.")["labeling"] is Claim.MENTIONED


def test_labels_contradict_that_none_were_used() -> None:
    text = "# Training Data\n\nThe corpus is not annotated. Then human feedback and RLHF annotations followed."
    assert claims(text)["self-supervised"] is Claim.MENTIONED


def test_a_summary_by_categories_is_never_a_description() -> None:
    text = "# Public summary of training content\n\n## Training data\n\nText from Wikipedia was collected from CC-MAIN-2023-23, 3B tokens."
    assert claims(text)
    assert set(claims(text).values()) == {Claim.MENTIONED}


def summary(section: str) -> set[tuple[str, Claim]]:
    text = f"# Public summary of training content\n\n## 2. List of data sources\n\n{section}\n"
    return {(signal.aspect, signal.claim) for signal in read_signals(parse_document(text))}


@pytest.mark.parametrize(
    ("section", "aspect"),
    [
        ("### 2.1 Publicly available datasets\n\n- [Books](https://huggingface.co/datasets/a/books)", "provenance"),
        ("### 2.1 Publicly available datasets\n\n- [Books](https://huggingface.co/datasets/a/books)", "public-listing"),
        (
            "### 2.1 Publicly available datasets\n\n| Name | Link |\n|---|---|\n| Books | https://huggingface.co/datasets/a/books |",
            "public-listing",
        ),
        ("### 2.1 Publicly available datasets\n\nWikipedia, arXiv and others", "provenance"),
        (
            "### 2.3 Data crawled and scraped from online sources\n\nThe domains are in [a list](https://example.org/domains.csv).",
            "public-listing",
        ),
        ("### 2.3 Data crawled and scraped from online sources\n\n" + "\n".join(f"- site{n}.org" for n in range(5)), "provenance"),
        ("### 2.3 Data crawled and scraped from online sources\n\nPeriod of collection: 01/2023 to 06/2024", "scope"),
        ("### 1.3 Modalities, overall training data size\n\nText: 350 billion tokens", "scope"),
        (
            "### 1.3 Modalities, overall training data size\n\n| Asked | Answered |\n|---|---|\n| Latest date of data acquisition | 03/2025 |",
            "scope",
        ),
    ],
)
def test_an_answer_of_a_summary_that_names_particulars_describes(section: str, aspect: str) -> None:
    assert (aspect, Claim.DESCRIBED) in summary(section)


@pytest.mark.parametrize(
    "section",
    [
        "### 2.1 Publicly available datasets\n\nYes, text in several languages from public sources.",
        "### 2.1 Publicly available datasets\n\nPlease list the main data sets, e.g. Wikipedia and Common Crawl.",
        "### 2.3 Data crawled and scraped from online sources\n\nBlogs, news sites and forums of site1.org and site2.org.",
        "### 1.3 Modalities, overall training data size\n\nText: 1 billion to 10 trillion tokens",
        "### 1.3 Modalities, overall training data size\n\nImages: less than 1 million images",
        "## 3. Data processing aspects\n\n### 3.2 Removal of illegal content\n\nFiltered with MinHash and KenLM at 0.7; 100 rules in filter.py.",
        "### 2.4 User data\n\n12 annotators labelled the data.",
    ],
)
def test_categories_ranges_and_processing_of_a_summary_are_mentioned_at_best(section: str) -> None:
    assert Claim.DESCRIBED not in {claim for _, claim in summary(section)}


def test_a_signal_has_the_lines_of_its_section_its_sentence_and_what_was_seen() -> None:
    (signal,) = (
        item for item in read_signals(parse_document("# A\n\n## Training data\n\nx\n\nIt has 350B tokens.\n")) if item.aspect == "scope"
    )
    assert (signal.first, signal.last) == (3, 8)
    assert signal.excerpt == "It has 350B tokens."
    assert [(count.name, count.number) for count in signal.seen] == [
        ("amount", 7),
        ("amount-first", 7),
        ("amount-held", 7),
        ("amount:350B tokens", 7),
    ]


def test_a_document_that_is_about_data_needs_no_heading_of_training() -> None:
    text = "# Overview\n\nThis repository contains the code to prepare the data for Amber.\n\n# Steps\n\nTokenize it with the `LLaMA` tokenizer.\n"
    assert claims(text)["processing"] is Claim.DESCRIBED
    assert claims(text.replace("code to prepare the data", "code to run the demo")) == {}


def test_a_sentence_said_four_thousand_times_is_no_more_specific_than_once() -> None:
    once = "# Training data\n\nIt was trained on text of the web and more. "
    assert claims(once + "It was trained on text of the web and more. " * 4_000) == claims(once)


@pytest.mark.parametrize(
    ("text", "aspect"),
    [
        ("# Sources\n\nAll sermons are from the diocesan archive of Bressanone: 4,120 of them, 1720 to 1811.", "provenance"),
        ("# Training data\n\nRadiographs of the University Hospital of Olomouc, 2012 to 2019, 41,338 images.", "provenance"),
        ("# Data\n\nMinutes of 88 meetings, 310 hours, 204 speakers.", "scope"),
        ("# Collection process\n\nTwo microphones on the roof recorded every fifteen minutes from May 2020 to June 2021.", "collection"),
        ("# Labels\n\nThree botanists sorted the pictures; a fourth decided 112 disagreements.", "labeling"),
        ("# Labels\n\nA night counts as frost if the bulb fell under -0.5 degrees.", "labeling"),
        ("# Data cleaning\n\nBorrowers with fewer than five loans were dropped.", "processing"),
        ("# Download the data\n\nThe recordings are on Zenodo under record 7391242.", "public-listing"),
        ("# Licensed data\n\nIt is sold by the Lexiteka catalogue for 250 euro.", "third-party-listing"),
        ("# Training data\n\nWe did not buy or license any text.", "no-third-party"),
    ],
)
def test_places_people_instruments_and_limits_describe_whatever_the_field(text: str, aspect: str) -> None:
    assert claims(text, about_data=True).get(aspect) is Claim.DESCRIBED


@pytest.mark.parametrize(
    ("text", "aspect"),
    [
        ("# Preprocessing and labeling\n\nNo labels were made; duplicates were removed with a threshold of 0.8.", "labeling"),
        ("# Labels\n\nDomain experts reviewed and rated the answers.", "labeling"),
        ("# Evaluation data\n\nWe collected 300 clips from Wikipedia for the evaluation.", "provenance"),
        ("# Data\n\nThe code for filtering Wikipedia is in `filter.py`.", "provenance"),
        ("# Training data\n\nIn 2021 the archive photographed pages.", "scope"),
        ("# Training data\n\nChunks of 512 tokens, 20 files per shard.", "scope"),
        ("# Heron 2\n\n## Training data\n\nGPT-3 is a language model trained on Common Crawl.", "provenance"),
        ("# Introduction\n\nThe models are trained based on `Alibaba-NLP/gte-large-en-v1.5` and `org/thing-2`.", "provenance"),
        ("# Introduction\n\nThe model is derived from `org/thing-2` and trained with a contrastive loss.", "provenance"),
        ("# Training data\n\nInitialized from `org/thing-2`, then trained with 8 GPUs.", "provenance"),
        ("# Training data\n\nThis is a merge of `org/thing-2` and `other/thing-3`.", "public-listing"),
        ("# Training data\n\nA fine-tuned version of [org/thing-2](https://huggingface.co/org/thing-2).", "public-listing"),
        ("# Training data\n\nA fine-tuned version of [org/thing-2](https://hf.co/org/thing-2) on the None dataset.", "provenance"),
        ("# Training\n\nOur tokenizer is trained from `meta-llama/Llama-2-7b-hf`.", "provenance"),
        ("# Data for evaluation\n\n## Clips\n\nWe used LibriSpeech from https://www.openslr.org/12.", "public-listing"),
        ("# Data\n\nWeights are at https://huggingface.co/datasets/a/b as checkpoints.", "public-listing"),
    ],
)
def test_what_speaks_of_something_else_does_not_describe(text: str, aspect: str) -> None:
    assert claims(text).get(aspect) is not Claim.DESCRIBED


@pytest.mark.parametrize(
    ("text", "aspect"),
    [
        ("# Introduction\n\nThe encoder is based on the RAVEN2 model and was trained with register tokens.", "provenance"),
        ("# Documents\n\nWe released one model based on the Vision Mixer architecture, trained with images.", "provenance"),
        ("# Introduction\n\nA speech engine, using a model trained by techniques based on Example's Deep Ear research paper.", "provenance"),
        ("# Heron\n\nHeron1.5 is the beta version of Heron2, a decoder-only language model pretrained on a large amount of data.", "provenance"),
        ("# Heron\n\nThey read text in 4K sequences and were trained from scratch by developers at 01.AI.", "provenance"),
        ("# Heron\n\n3 models trained from scratch and distilled from the HeR-g, without registers.", "provenance"),
        ("# Training data\n\nThe model was trained on 52K pairs, which we released in the GitHub repository.", "provenance"),
        ("# Introduction\n\nAll of these are the standard models, not the ones trained on the deduplicated Pile.", "provenance"),
        ("# Training data\n\nFor the rotation matrix we used 800 samples from the WikiText dataset.", "provenance"),
        ("# Training data\n\nFor GPTQ we used 128 samples from the C4 dataset.", "provenance"),
        ("# Heron\n\n## Model List\n\nAll models have been uploaded to the Hub, and you see them at https://huggingface.co/ORG.", "public-listing"),
        ("# Heron\n\n## Model List\n\nAll are at https://huggingface.co/ORG. Also download the models from https://example.org/a .", "provenance"),
        ("# Heron\n\n## Data\n\nHF refers to the format used by HuggingFace, and HF has the files to download.", "public-listing"),
        ("# Release\n\nUnconditional samples of a model trained on web data: [here](https://a.org/s.jsonl).", "public-listing"),
        ("# Training data\n\nIt was pretrained on data with 2048 context length, covering general fields.", "scope"),
        ("# Introduction\n\nImprovements over the model trained on old data:\n\n- 6 model sizes, including 0.5B, 1.8B and 4B", "scope"),
        ("# Training data\n\nBelow is a simple example list with 1 sample:", "scope"),
        ("# Training data\n\nPretraining takes around 20 hours on 8 cards.", "scope"),
        ("# Data\n\n| Label | Examples |\n|---|---|\n| visit | 'The vaccination on Tuesday at 11:00, 2 letters to sign, and 3 for you' |", "scope"),
        ("# Data\n\nBy default, this uses a guidance scale of --scale 7.5 and renders resized images of 512x512.", "processing"),
        ("# Data preprocessing\n\nWhen passing a PIL image to the pipeline it is resized.", "processing"),
        ("# Data preprocessing\n\nout = Generator(model, tokenizer, max_length=128)", "processing"),
        ("# Training data\n\nAfter tokenization, the data amounts to over 2.2 trillion tokens.", "processing"),
        ("# Heron\n\nHeron XL is a language model trained on text of 80B tokens by the BirdDevices team.", "provenance"),
        ("# Heron\n\nNest_tiny is a version of Heron1.5-X, fine-tuned on a synthetic dataset of 2000 texts.", "provenance"),
        ("# Training data\n\nAdvanced Stage (300k-600k steps): complex problems in text", "provenance"),
        ("# Training data\n\n```\nget('https://huggingface.co/datasets/huggingface/documentation-images/car.jpg')\n```", "public-listing"),
        ("# Data preparation\n\n```\npython convert.py --input_path x/model_states.pt --shards 8\n```", "processing"),
        ("# Heron\n\nA reward model trained with techniques from the Heron2 Report, open-sourced in XBirder.", "provenance"),
        ("# OpenHeron: models\n\nThe models are trained on 1T tokens. The v2 model is from OpenHeron and other than v1.", "provenance"),
        ("# Training data\n\nFor HeronDataR-12M there is a HeronData-12M with original captions, both captioned by people.", "labeling"),
    ],
)  # fmt: skip
def test_models_makers_hosts_and_use_are_no_description_of_data(text: str, aspect: str) -> None:
    read = read_signals(parse_document(text), about_model=True)
    assert (aspect, Claim.DESCRIBED) not in {(signal.aspect, signal.claim) for signal in read}


@pytest.mark.parametrize(
    ("text", "aspect"),
    [
        ("# Training data\n\nThe corpus is based on the Northern Records archive and has 4,000 letters.", "provenance"),
        ("# Training data\n\nThe data is a subset of RedPajama, from GitHub and Stack Exchange.", "provenance"),
        ("# Training data\n\nThe pairs were distilled from Wikipedia in 2021.", "provenance"),
        ("# Training data\n\nIt was trained on C4, and not on The Pile.", "provenance"),
        ("# Training data\n\nThe models and the data are available at https://huggingface.co/datasets/a/b.", "public-listing"),
        ("# Training data\n\nThe data can be downloaded from Zenodo as version 2.1 of the archive.", "public-listing"),
        ("# Training data\n\nThe letters are from 1890 to 2030 and 2,000 of them were scanned.", "scope"),
        ("# Training data\n\nAfter tokenization, the data amounts to over 2.2 trillion tokens.", "scope"),
        ("# Training data\n\nTraining took 20 hours on 3,000 recordings of 40 speakers.", "scope"),
        ("# Training data\n\n| Label | Examples |\n|---|---|\n| visit | 1,204 |", "scope"),
        ("# Data preprocessing\n\nDocuments over 512 tokens were removed.", "processing"),
        ("# Data preprocessing\n\nText was extracted with pdfplumber 0.9 at a threshold of 0.8.", "processing"),
    ],
)  # fmt: skip
def test_their_neighbours_that_do_describe_still_do(text: str, aspect: str) -> None:
    assert claims(text).get(aspect) is Claim.DESCRIBED


def test_what_is_only_mentioned_says_what_is_missing() -> None:
    (signal,) = (
        item for item in read_signals(parse_document("# Training data\n\nIt was carefully curated.\n")) if item.aspect == "collection"
    )
    assert signal.claim is Claim.MENTIONED
    assert [count.name for count in signal.seen] == ["adjectives", "no instrument, rule or time"]


@pytest.mark.usefixtures("bounded")
@pytest.mark.parametrize(
    "piece", ["a", "1,", "123 ", "Aa ", "a-", "a1/", "a.", "(A (B ", "x = 1 ", "of the ", "https://a.org/ ", "3 of the "]
)
def test_hostile_text_costs_no_more_than_its_length(piece: str) -> None:
    read_signals(parse_document("# Training data\n\n" + piece * (500_000 // len(piece))), about_data=True)


def test_every_lexicon_is_used_by_a_rule_or_by_the_recognisers() -> None:
    used = {name for rule in load_signals().rules for name in (*rule.cue, *rule.also, *rule.unless)}
    recognisers = {"unit", "other-unit", "person", "machinery", "tongue", "corpus", "source-noun", "method"}
    settings = {"evaluation", "trained", "train-word", "decontaminate", "negation", "past", "software", "data-word"}
    assert lexicon_names() <= used | recognisers | settings
