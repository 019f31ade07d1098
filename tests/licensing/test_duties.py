"""What a licence asks to be kept: an issue where it is named and its text, copyright line or notice is not there."""

from pathlib import Path

import pytest

from inspector import inspect, judge
from inspector.licensing.duties import load_duties
from inspector.licensing.known_texts import find_credit
from inspector.licensing.licenses import load_licenses
from sample_bundles.build import read_license
from sample_bundles.weights import Tensor, safetensors_bytes
from tests import make

WEIGHTS = safetensors_bytes([Tensor("model.embed_tokens.weight", "F16", (16, 8))])
MIT, APACHE, LLAMA = (read_license(key) for key in ("mit", "apache-2.0", "llama-2-license-2023"))
CREDIT = "Copyright (c) 2026 The Lab\n\n"


def missing(tmp_path: Path, license_id: str, files: dict[str, str | bytes]) -> list[str]:
    card = f"---\nlicense: {license_id}\n---\n# Tiny\n"
    top = make.tree(tmp_path / "bundle", {"model.safetensors": WEIGHTS, "README.md": card, **files})
    return [issue.message for issue in judge(inspect([top], digest=False)).inventory.issues if issue.rule == "terms.missing-text"]


@pytest.mark.parametrize(
    ("license_id", "files", "lacks"),
    [
        ("mit", {}, "its text is not there and no copyright line"),
        ("mit", {"LICENSE": MIT}, "no copyright line names who grants it"),
        ("apache-2.0", {}, "its text is not there"),
        ("apache-2.0", {"LICENSE": "Apache License\nVersion 2.0, January 2004\n"}, "its text is not there"),
        ("llama2", {"LICENSE": LLAMA}, "the notice that it prescribes is not there"),
        ("deepseek", {}, "its text is not there"),
    ],
)
def test_what_is_not_kept_is_named(license_id: str, files: dict[str, str | bytes], lacks: str, tmp_path: Path) -> None:
    (message,) = missing(tmp_path, license_id, files)
    assert f", and {lacks}" in message


@pytest.mark.parametrize(
    ("license_id", "files"),
    [
        ("mit", {"LICENSE": CREDIT + MIT}),
        ("apache-2.0", {"LICENSE": APACHE}),
        ("apache-2.0", {"docs/LICENSE.txt": APACHE}),
        ("cc-by-4.0", {}),
        ("cc0-1.0", {}),
        ("llama2", {"LICENSE": LLAMA, "Notice.txt": "Llama 2 is licensed under the LLAMA 2 Community License."}),
        ("other", {}),
    ],
)
def test_what_is_kept_or_not_asked_for_is_no_issue(license_id: str, files: dict[str, str | bytes], tmp_path: Path) -> None:
    assert missing(tmp_path, license_id, files) == []


def test_every_id_of_the_table_is_a_licence_that_is_known() -> None:
    assert all(load_licenses().get(name) for name in load_duties())


@pytest.mark.parametrize(
    ("text", "credit"),
    [
        ("Copyright (c) 2026 The Lab\n", "Copyright (c) 2026 The Lab"),
        ("# © 2020-2026 Some People", "© 2020-2026 Some People"),
        ("Copyright <year> <holder>", ""),
        ("Copyright [yyyy] [name of copyright owner]", ""),
        ("This License does not grant permission to use the copyright.", ""),
        ("Copyright The Tiny Authors", "Copyright The Tiny Authors"),
    ],
)
def test_a_copyright_line_names_a_holder(text: str, credit: str) -> None:
    assert find_credit(text) == credit
