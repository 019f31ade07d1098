"""Licence files by name: which they are, what they are limited to, and what is none."""

from pathlib import Path

import pytest

from detectors.terms.license_file import license_file
from inspector import inspect
from inspector.detector import Declared, Format, Passage, Said
from inspector.errors import TooLarge
from inspector.model import Claim, Component, Scope, Source
from tests import make


def passage(path: str, text: str | bytes = "Permission is hereby granted.\n") -> tuple[str, Passage]:
    form, said = make.look(license_file, path, text)
    assert isinstance(form, Format)
    assert isinstance(said, Passage)
    return form.name, said


@pytest.mark.parametrize(
    "path",
    [
        "LICENSE",
        "licence.txt",
        "COPYING",
        "COPYING.LESSER",
        "sub/dir/LICENSE.md",
        "LICENSE-MIT",
        "UNLICENSE",
        "LICENSE.Apache-2.0",
        "LICENSE-2.0",
        "TERMS_OF_USE.md",
        "llama_license_agreement.txt",
        "EULA.txt",
    ],
)
def test_a_licence_file_is_handed_over_whole_for_its_directory_and_below(path: str) -> None:
    form, said = passage(path)
    assert form == "license-text"
    assert (said.component, said.scope, said.source, said.whole) == (Component.UNSPECIFIED, Scope.TREE, Source.TEXT, True)


@pytest.mark.parametrize("path", ["LICENSE-MODEL", "MODEL_LICENSE", "MODEL_LICENSE.txt", "LICENSE_WEIGHTS"])
def test_a_name_that_holds_the_model_limits_it_to_parameters(path: str) -> None:
    assert passage(path)[1].component is Component.PARAMETERS


def unread(tmp_path: Path, path: str, data: bytes) -> list[tuple[str, str, Component]]:
    found = inspect([make.tree(tmp_path / "bundle", {path: data, "x.txt": "x"})], digest=False)
    terms = [(item.location.path, item.value, item.component) for item in found.evidence if item.claim is Claim.LICENSED]
    assert [issue.rule for issue in found.issues if issue.rule in ("terms.empty-license", "terms.unread-license")] != []
    return terms


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("LICENSE", b" \n"),
        ("LICENSE", b""),
        ("LICENSE", b"\x7fELF\0\0\0"),
        ("LICENSE", "Nur für die Forschung".encode("utf-16-le")),
        ("LICENSE.pdf", b"%PDF-1.4 nothing that is read here"),
        ("docs/LICENSE.rtf", b"{\\rtf1 research only}"),
        ("LICENSE.txt", b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"ab" * 32 + b"\nsize 12\n"),
    ],
)
def test_a_licence_file_that_cannot_be_read_states_unknown_terms_and_is_an_issue(path: str, data: bytes, tmp_path: Path) -> None:
    assert unread(tmp_path, path, data) == [(path, "LicenseRef-unknown", Component.UNSPECIFIED)]


def test_a_licence_file_that_is_a_link_out_of_the_root_states_unknown_terms(tmp_path: Path) -> None:
    top = make.tree(tmp_path / "bundle", {"x.txt": "x"})
    (tmp_path / "terms").write_text("MIT")
    (top / "LICENSE").symlink_to(tmp_path / "terms")
    found = inspect([top], digest=False)
    assert [(item.location.path, item.value) for item in found.evidence if item.claim is Claim.LICENSED] == [
        ("LICENSE", "LicenseRef-unknown")
    ]


def test_a_text_in_a_directory_of_licences_is_a_licence_file_and_its_readme_is_none() -> None:
    assert passage("licenses/model.txt")[1].component is Component.PARAMETERS
    assert nothing("licenses/README.md", "These are our licences.") == []


def test_a_licence_file_for_code_is_for_code() -> None:
    assert passage("LICENSE-CODE")[1].component is Component.SUPPORTING


def test_a_file_beside_a_file_states_its_terms() -> None:
    form, said = make.look(license_file, "train.py.license", "SPDX-License-Identifier: MIT\n")
    assert form == Format("license-text")
    assert isinstance(said, Declared)
    assert (said.text, said.scope) == ("MIT", Scope.FILE)


@pytest.mark.parametrize("path", ["CONTRIBUTOR_LICENSE_AGREEMENT.md", "license_header.txt"])
def test_what_contributors_sign_is_no_licence_of_the_files(path: str) -> None:
    assert nothing(path, "You grant us a licence.") == []


@pytest.mark.parametrize("path", ["AUP.txt", "USE_POLICY.md", "ACCEPTABLE_USE_POLICY.txt", "PROHIBITED_USES.md", "Acceptable-Use.md"])
def test_a_use_policy_is_a_policy_and_no_licence(path: str) -> None:
    assert passage(path)[1].source is Source.POLICY


@pytest.mark.parametrize("path", ["NOTICE", "NOTICE.txt", "THIRD_PARTY_NOTICES.md"])
def test_a_notice_credits_and_need_not_be_explained(path: str) -> None:
    form, said = passage(path)
    assert (form, said.source, said.whole) == ("notice", Source.NOTICE, False)


def nothing(path: str, data: str | bytes) -> list[Said]:
    return make.look(license_file, path, data)


@pytest.mark.parametrize(
    ("path", "data"), [("license.py", "import os\n"), ("licenses.json", "{}"), ("LICENSE", b"\x7fELF\0\0\0"), ("license.png", b"\x89PNG")]
)
def test_what_only_sounds_like_a_licence_is_left_alone(path: str, data: str | bytes) -> None:
    assert nothing(path, data) == []


def test_a_licence_of_megabytes_is_too_large() -> None:
    with pytest.raises(TooLarge):
        nothing("LICENSE", "x" * (5 * 2**20))
