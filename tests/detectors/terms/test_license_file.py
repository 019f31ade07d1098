"""Licence files by name: which they are, what they are limited to, and what is none."""

import pytest

from detectors.terms.license_file import license_file
from inspector.detector import Format, Passage, Said
from inspector.errors import TooLarge
from inspector.model import Component, Issue, Scope, Source
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


def test_an_empty_licence_file_is_an_issue_and_no_statement() -> None:
    form, issue = make.look(license_file, "LICENSE", " \n")
    assert isinstance(form, Format)
    assert isinstance(issue, Issue)
    assert issue.rule == "terms.empty-license"


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
