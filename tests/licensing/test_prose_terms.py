"""Sentences that state terms: one statement per component that they name."""

import pytest

from inspector.documents.document import parse_document
from inspector.licensing.prose_terms import read_terms
from inspector.model import Component, Scope, Source

CODE = Component.TRAINING


def terms(text: str, subject: Component | None = None) -> set[tuple[str, Component]]:
    keep = {CODE, Component.PARAMETERS, Component.DATASETS, Component.TOKENIZER, Component.MODEL_CARD}
    return {(item.text, item.component) for item in read_terms(parse_document(text), subject) if item.component in keep and not item.hedged}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The weights are released under the Apache 2.0 license.", {("Apache 2.0 license", Component.PARAMETERS)}),
        ("The code is MIT licensed, the models are under OpenRAIL-M.", {("MIT", CODE), ("OpenRAIL-M", Component.PARAMETERS)}),
        ("The models are licensed under the same terms as the code.", {("LICENSE", Component.PARAMETERS)}),
        (
            "The code and weights are licensed under the Apache 2.0 license. The license only applies to the source files and the model weights.",
            {("Apache 2.0 license", CODE), ("Apache 2.0 license", Component.PARAMETERS)},
        ),
        ("This license only includes the model weights.", {("LICENSE", Component.PARAMETERS)}),
        ("The dataset is available under ODC-BY.", {("ODC-BY", Component.DATASETS)}),
        ("# Foo Dataset\n\nFoo is licensed under CC BY-NC 4.0.", {("CC BY-NC 4.0", Component.DATASETS)}),
    ],
)
def test_each_licence_goes_to_what_is_named_beside_it(text: str, expected: set[tuple[str, Component]]) -> None:
    assert terms(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "See LICENSE for details.",
        "The weights are not released under the MIT license.",
        "The weights were released under the MIT license.",
        "The model may be released under MIT.",
        "This repository is based off code by others that is licensed under the MIT license.",
        "[![License: MIT](https://img.shields.io/badge/MIT)](LICENSE)",
        "Our model and weights are licensed for researchers.",
        "# License\n\nApache 2.0",
    ],
)
def test_what_states_nothing_gives_nothing(text: str) -> None:
    assert terms(text) == set()


def test_the_licence_that_follows_is_the_one_that_is_meant() -> None:
    text = "# License\n\nThe following license applies to all code and the models.\n\n```\nLicensed under the Apache License, Version 2.0\n```\n"
    assert terms(text) == {("Apache License, Version 2.0", CODE), ("Apache License, Version 2.0", Component.PARAMETERS)}


def test_bare_words_in_a_card_are_the_terms_of_what_it_describes() -> None:
    (declared,) = read_terms(parse_document("# License\n\n[RAIL License v1.0](https://example.org/rail)"), Component.PARAMETERS)
    assert (declared.text, declared.component, declared.scope) == ("RAIL License v1.0", Component.PARAMETERS, Scope.ROOT)
    assert declared.link == "https://example.org/rail"


def test_a_statement_has_its_lines_its_sentence_and_its_reach() -> None:
    (declared,) = read_terms(parse_document("# A\n\nFirst. The weights are under the MIT license.\n"))
    assert declared.source is Source.PROSE
    assert declared.scope is Scope.SYSTEM
    assert declared.span is not None
    assert declared.span.start == 3
    assert declared.excerpt == "The weights are under the MIT license."
