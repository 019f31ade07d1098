"""Recognising licence texts: what is known is named, and what was added to it is never passed over."""

from importlib.util import find_spec
from pathlib import Path

import pytest

from inspector import inspect
from inspector.licensing.license_texts import can_hold_terms, identify_text
from inspector.model import Claim, Span
from tests import make

SPEC = find_spec("licensedcode")
TEXTS = Path(str(SPEC.origin if SPEC else "")).parent / "data" / "licenses"


def licence(key: str) -> str:
    """A licence text out of ScanCode's own data, without its front matter."""
    return (TEXTS / f"{key}.LICENSE").read_text().split("---\n", 2)[2].strip() + "\n"


@pytest.mark.parametrize(
    ("key", "expression"),
    [
        ("apache-2.0", "Apache-2.0"),
        ("mit", "MIT"),
        ("llama-2-license-2023", "LicenseRef-scancode-llama-2-license-2023"),
        ("bigscience-rail-1.0", "LicenseRef-scancode-bigscience-rail-1.0"),
        ("gemma-tou-2024-04-01", "LicenseRef-scancode-gemma-tou-2024-04-01"),
        ("cc-by-nc-4.0", "CC-BY-NC-4.0"),
    ],
)
def test_a_known_text_is_named_and_explained_to_its_last_line(key: str, expression: str) -> None:
    answer = identify_text(licence(key), whole=True)
    assert (answer.expression, answer.unexplained) == (expression, ())


@pytest.mark.parametrize(
    "addition",
    [
        "The Software may not be used for commercial purposes.",
        "Use by companies with more than 100 million users requires a separate agreement, and you must ask the authors first.",
        "For academic use only.",
        "You agree not to use the model for any unlawful purpose.",
    ],
)
def test_a_restriction_added_to_an_open_licence_is_reported(addition: str) -> None:
    text = licence("mit")
    answer = identify_text(f"{text}\n{addition}\n", whole=True)
    line = len(text.splitlines()) + 2
    assert (answer.expression, answer.unexplained) == ("MIT", (Span(line, line),))


def test_a_word_changed_inside_an_open_licence_is_reported() -> None:
    changed = licence("mit").replace("without restriction", "for noncommercial use only")
    assert changed != licence("mit")
    assert identify_text(changed, whole=True).unexplained


def test_a_copyright_line_is_no_restriction() -> None:
    text = "MIT License\n\nCopyright (c) 2026 the authors of the Tiny Research Project\n\n" + licence("mit")
    assert identify_text(text, whole=True).unexplained == ()


def test_several_licences_in_one_file_all_apply() -> None:
    answer = identify_text(licence("apache-2.0") + "\n\n---\n\n" + licence("bsd-new"), whole=True)
    assert answer.expression == "Apache-2.0 AND BSD-3-Clause"


def test_a_text_of_ones_own_is_unexplained_and_names_nothing() -> None:
    answer = identify_text("This licence is for research only. You may not use these weights for anything else.", whole=True)
    assert answer.expression is None
    assert answer.unexplained == (Span(1, 1),)


def test_a_notice_in_a_source_header_is_matched_exactly() -> None:
    header = '# Licensed under the Apache License, Version 2.0 (the "License");\n# you may not use this file except in compliance with the License.\n'
    answer = identify_text(header, whole=False)
    assert answer.expression == "Apache-2.0"


def test_most_texts_are_dismissed_without_an_index() -> None:
    assert not can_hold_terms("import torch\n\nmodel = torch.nn.Linear(2, 2)\n")
    assert can_hold_terms("# SPDX-License-Identifier: MIT")
    assert can_hold_terms("Released under the MIT licence")


@pytest.mark.parametrize(
    ("title", "expression"),
    [
        ("# Databricks Open Model License", "LicenseRef-databricks-open-model"),
        ("MINIMAX MODEL LICENSE AGREEMENT", "LicenseRef-minimax"),
        ("The Apache License, Version 2.0", "Apache-2.0 AND LicenseRef-unexplained-text"),
        ("MIT License", "LicenseRef-unexplained-text AND MIT"),
        ("Creative Commons Attribution 4.0 International", "LicenseRef-unknown"),
    ],
)
def test_a_title_alone_can_restrict_and_never_grants(title: str, expression: str, tmp_path: Path) -> None:
    text = f"{title}\n\nBy using this model you agree to whatever we shall write here, and to nothing else in particular.\n"
    found = inspect([make.tree(tmp_path / "bundle", {"LICENSE": text})], digest=False)
    assert [item.value for item in found.evidence if item.claim is Claim.LICENSED] == [expression]
